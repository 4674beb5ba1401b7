//! A command to copy: where it runs, what it needs, what it changes, how to check and how to undo it.

use egui::{Align, Label, Layout, Response, RichText, Role, Ui, WidgetInfo};

use super::button::{small_button, small_link};
use super::text::{block, heading};
use super::{State, card, tag, well};
use crate::gui::theme::{font, space, tokens};

/// What a command card shows.
#[derive(Clone, Copy, Debug)]
pub struct CommandCard<'a> {
    /// What the command is for.
    pub title: &'a str,
    /// Where it runs, system and shell, rights, risk.
    pub tags: &'a [(State, &'a str)],
    /// The command, as it is copied.
    pub command: &'a str,
    /// The word on the button: `Copy`.
    pub copy: &'a str,
    /// What the command changes; may be empty.
    pub effect: &'a str,
    /// How to see that it worked.
    pub verify: Option<Extra<'a>>,
    /// How to take it back.
    pub undo: Option<Extra<'a>>,
}

/// A further command that opens under the first.
#[derive(Clone, Copy, Debug)]
pub struct Extra<'a> {
    /// The word that opens it: `Verify`.
    pub word: &'a str,
    /// The command.
    pub command: &'a str,
}

/// Which command the user copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Copied {
    /// The card's own.
    Command,
    /// The one that checks.
    Verify,
    /// The one that takes back.
    Undo,
}

/// Shows the card, puts a copied command on the clipboard, and tells which one.
pub fn command_card(ui: &mut Ui, id_salt: impl egui::AsIdSalt, shown: &CommandCard<'_>) -> Option<Copied> {
    ui.push_id(id_salt, |ui| {
        card(ui, |ui| {
            // Rows are as high as what stands in them.
            ui.spacing_mut().interact_size.y = space::CHIP_HEIGHT;
            let mut copied = None;
            title_and_tags(ui, shown);
            ui.add_space(space::STEP);
            if command_box(ui, shown.command, shown.copy) {
                copied = Some(Copied::Command);
            }
            let extras = [(Copied::Verify, shown.verify), (Copied::Undo, shown.undo)];
            let mut open: [bool; 2] = [false; 2];
            let effect = RichText::new(shown.effect).size(13.0).color(tokens(ui).text2);
            let links = |font: egui::FontId| -> f32 {
                let words = extras.iter().filter_map(|(_, extra)| extra.as_ref());
                let widths = words.map(|extra| {
                    let word =
                        super::text::line(ui, extra.word, font.clone(), tokens(ui).text, f32::INFINITY);
                    word.size().x + 12.0
                });
                widths.sum()
            };
            let font = egui::FontId::proportional(13.0);
            let said = super::text::line(ui, shown.effect, font.clone(), tokens(ui).text2, f32::INFINITY);
            // Level with each other on one line, else what it changes first and the links under it.
            let beside = said.size().x + links(font) <= ui.available_width();
            if !beside {
                ui.add(Label::new(effect.clone()).wrap());
            }
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                if beside && !shown.effect.is_empty() {
                    ui.add(Label::new(effect).extend());
                }
                for ((_, extra), open) in extras.iter().zip(&mut open) {
                    let Some(extra) = extra else { continue };
                    let id = ui.make_persistent_id(extra.word);
                    *open = ui.data(|data| data.get_temp(id).unwrap_or(false));
                    if small_link(ui, extra.word).clicked() {
                        *open = !*open;
                        ui.data_mut(|data| data.insert_temp(id, *open));
                    }
                }
            });
            for ((which, extra), open) in extras.iter().zip(open) {
                if let Some(extra) = extra.filter(|_| open) {
                    ui.label(
                        RichText::new(extra.word)
                            .font(font::small())
                            .color(tokens(ui).text2),
                    );
                    if ui
                        .push_id(which, |ui| command_box(ui, extra.command, shown.copy))
                        .inner
                    {
                        copied = Some(*which);
                    }
                }
            }
            copied
        })
        .inner
    })
    .inner
}

fn title_and_tags(ui: &mut Ui, shown: &CommandCard<'_>) {
    // Beside each other where there is room for both, else under each other.
    let tag_width = |ui: &Ui, text: &str| {
        super::text::line(ui, text, font::chip(), tokens(ui).text, f32::INFINITY)
            .size()
            .x
            + 26.0
    };
    let tags: f32 = shown.tags.iter().map(|(_, text)| tag_width(ui, text)).sum();
    let title = super::text::line(ui, shown.title, font::strong(), tokens(ui).text, f32::INFINITY)
        .size()
        .x;
    if title + tags + space::CARD_GAP <= ui.available_width() {
        ui.horizontal(|ui| {
            heading(ui, shown.title);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for (state, text) in shown.tags.iter().rev() {
                    tag(ui, *state, text);
                }
            });
        });
    } else {
        heading(ui, shown.title);
        ui.horizontal_wrapped(|ui| {
            for (state, text) in shown.tags {
                // A tag cuts its text to what is left of the row: it has a row of its own before that.
                if tag_width(ui, text) > ui.available_size_before_wrap().x + ui.spacing().item_spacing.x {
                    ui.end_row();
                }
                tag(ui, *state, text);
            }
        });
    }
}

/// A command in a well with a button that copies it; true when it was copied.
pub fn command_box(ui: &mut Ui, command: &str, copy: &str) -> bool {
    well(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            let button = super::text::line(ui, copy, font::button(), tokens(ui).text, 200.0)
                .size()
                .x
                + 2.0 * space::BUTTON_PADDING;
            let room = (ui.available_width() - button - 12.0).max(80.0);
            let color = tokens(ui).text;
            let galley = block(ui, command, font::command(), color, room);
            let height = galley.size().y.max(space::SMALL_CONTROL_HEIGHT);
            let (_, rect) = ui.allocate_space(egui::vec2(room, height));
            let at = egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
            let text_rect = egui::Rect::from_min_size(at, galley.size());
            let response = ui.interact(text_rect, ui.scope_id().with("command"), egui::Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Code, true, command));
            ui.painter().galley(at.round(), galley, color);
            let pressed = copy_button(ui, copy, command).clicked();
            if pressed {
                ui.copy_text(command.to_owned());
            }
            pressed
        })
        .inner
    })
    .inner
}

fn copy_button(ui: &mut Ui, copy: &str, command: &str) -> Response {
    // Several of them stand on a page: a screen reader also hears what is copied.
    let start: String = command.chars().take(60).collect();
    let response = small_button(ui, copy).accessible_name(format!("{copy}: {start}"));
    if response.has_focus() {
        let focused = (response.id, command.to_owned());
        ui.data_mut(|data| data.insert_temp(focused_id(), focused));
    }
    response
}

fn focused_id() -> egui::Id {
    egui::Id::unique("command with the keyboard")
}

/// The command whose button has the keyboard.
pub fn focused_command(context: &egui::Context) -> Option<String> {
    let focused = context.memory(|memory| memory.focused())?;
    let (id, command) = context.data(|data| data.get_temp::<(egui::Id, String)>(focused_id()))?;
    (id == focused).then_some(command)
}
