//! Inputs with their label above and what is wrong with them below.

use egui::{ComboBox, Label, Margin, Response, RichText, TextEdit, Ui};

use crate::gui::icon::{self, Icon};
use crate::gui::theme::{font, tokens};

/// What surrounds a text input.
#[derive(Clone, Copy, Debug, Default)]
pub struct InputField<'a> {
    /// What is asked for.
    pub label: &'a str,
    /// An example, shown while it is empty.
    pub hint: &'a str,
    /// What is wrong with what was entered.
    pub error: Option<&'a str>,
    /// Whether it is an address, a command or an output.
    pub mono: bool,
    /// Lines that are seen at once; 0 and 1 are a single line.
    pub rows: usize,
}

/// A text input with its label; the response is that of the input. What was entered is never thrown away.
pub fn labelled_input(ui: &mut Ui, text: &mut String, field: &InputField<'_>) -> Response {
    let tokens = tokens(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let label = ui.label(RichText::new(field.label).font(font::small()).color(tokens.text2));
        let font = if field.mono { font::command() } else { font::body() };
        let edit = if field.rows > 1 {
            TextEdit::multiline(text).desired_rows(field.rows)
        } else {
            TextEdit::singleline(text)
        };
        let response = ui
            .add(
                edit.font(font)
                    .hint_text(field.hint)
                    .desired_width(ui.available_width().min(560.0))
                    .margin(Margin::symmetric(10, 8)),
            )
            .labelled_by(label.id);
        if let Some(error) = field.error {
            ui.spacing_mut().interact_size.y = 16.0;
            ui.horizontal(|ui| {
                icon::show(ui, Icon::Warning, 12.0, tokens.broken);
                ui.add(Label::new(RichText::new(error).font(font::small()).color(tokens.broken)).wrap());
            });
        }
        response
    })
    .inner
}

/// A list to choose one from, with its label; true when the user chose another.
pub fn select(ui: &mut Ui, label: &str, choices: &[&str], chosen: &mut usize) -> bool {
    let tokens = tokens(ui);
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let name = ui.label(RichText::new(label).font(font::small()).color(tokens.text2));
        let before = *chosen;
        let shown = choices.get(before).copied().unwrap_or_default();
        let list = ComboBox::from_id_salt(label)
            .width(ui.available_width().min(320.0))
            .selected_text(shown)
            .show_ui(ui, |ui| {
                for (index, text) in choices.iter().enumerate() {
                    ui.selectable_value(chosen, index, *text);
                }
            });
        list.response.labelled_by(name.id);
        *chosen != before
    })
    .inner
}
