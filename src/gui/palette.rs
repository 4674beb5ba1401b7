//! Every command by its name: typed a few letters of, chosen with the arrow keys, done with *Enter*.

use egui::{Key, Ui};

use super::command::{UserCommand, next_theme, shortcuts};
use super::dialog::Dialog;
use super::page::{self, Scene};
use super::theme::space;
use super::widget::{InputField, heading, labelled_input, radio_card, secondary};
use crate::locale::Language;
use crate::wizard::Command;
use crate::wizard::state::Page;

/// What is typed into the list of commands, and which one is chosen.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is looked for.
    pub query: String,
    /// The chosen one among those that are shown.
    pub chosen: usize,
}

/// Everything that can be asked for now, with its name.
pub fn entries(scene: &Scene<'_>) -> Vec<(String, UserCommand)> {
    let state = scene.state;
    let mut list = Vec::new();
    if let Some(primary) = page::primary(state) {
        list.push((scene.text(primary.text), primary.command));
    }
    for page in Page::STEPS.into_iter().chain(Page::BESIDE) {
        let answered = state.diagnosis.is_some() || !matches!(page, Page::Fix | Page::Verify);
        if page != state.page && answered {
            list.push((
                scene.text(&format!("page-{}", page.name())),
                Command::Go(page).into(),
            ));
        }
    }
    let own = [Dialog::Palette, Dialog::SaveReport];
    for shortcut in shortcuts() {
        let shown = match &shortcut.command {
            UserCommand::Primary | UserCommand::Escape => false,
            UserCommand::Show(dialog) => !own.contains(dialog),
            UserCommand::Do(Command::Undo) => state.undo.is_some(),
            _ => true,
        };
        if shown {
            list.push((scene.text(shortcut.text), shortcut.command));
        }
    }
    if state.diagnosis.is_some() {
        list.push((
            scene.text("window-save-report"),
            UserCommand::Show(Dialog::SaveReport),
        ));
        list.push((scene.text("window-fix-test-again"), Command::TestAgain.into()));
    }
    list.push((
        scene.text("window-save-case"),
        UserCommand::Show(Dialog::SaveCase),
    ));
    list.push((
        scene.text("window-save-diagram"),
        UserCommand::Show(Dialog::SaveDiagram),
    ));
    list.push((
        scene.text("window-examples-title"),
        UserCommand::Show(Dialog::Examples),
    ));
    list.push((scene.text("window-palette-clear"), Command::ClearAll.into()));
    if state.is_busy() {
        list.push((scene.text("window-cancel"), Command::Cancel.into()));
    }
    let next = match scene.language {
        Language::English => Language::Chinese,
        Language::Chinese => Language::English,
    };
    list.push((
        scene.text("window-switch-language"),
        Command::SetLanguage(Some(next)).into(),
    ));
    let theme = Command::SetTheme(next_theme(state.settings.theme));
    list.push((scene.text("window-palette-theme"), theme.into()));
    list
}

/// Those whose names hold every word that was typed, in their order.
fn found(list: Vec<(String, UserCommand)>, query: &str) -> Vec<(String, UserCommand)> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let holds = |name: &str| {
        let name = name.to_lowercase();
        words.iter().all(|word| name.contains(word.as_str()))
    };
    list.into_iter().filter(|(name, _)| holds(name)).collect()
}

/// Draws the list into its dialog, `height` points of it: the box stays, the commands scroll under it.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>, height: f32) {
    let top = ui.cursor().top();
    heading(ui, &scene.text("window-palette-title"));
    // Before the box, which would take them for itself.
    let (down, up) = ui.input_mut(|input| {
        (
            input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowDown),
            input.count_and_consume_key(egui::Modifiers::NONE, Key::ArrowUp),
        )
    });
    let label = scene.text("window-palette-hint");
    let field = InputField {
        label: &label,
        ..InputField::default()
    };
    let response = labelled_input(ui, &mut scene.view.palette.query, &field);
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if response.changed() {
        scene.view.palette.chosen = 0;
    } else if !response.has_focus() && !entered {
        response.request_focus();
    }
    // The box takes *Escape* to give the keyboard back, and gets it again.
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        scene.wish(UserCommand::Close);
    }
    ui.add_space(space::STEP);
    let list = found(entries(scene), &scene.view.palette.query);
    if list.is_empty() {
        secondary(ui, &scene.text("window-palette-none"));
        return;
    }
    let last = list.len() - 1;
    let chosen = (scene.view.palette.chosen + down).saturating_sub(up).min(last);
    scene.view.palette.chosen = chosen;
    let moved = down > 0 || up > 0 || response.changed() || response.gained_focus();
    let mut done = entered.then_some(chosen);
    let room = (height - (ui.cursor().top() - top)).max(space::CONTROL_HEIGHT);
    egui::ScrollArea::vertical()
        .max_height(room)
        .min_scrolled_height(space::CONTROL_HEIGHT)
        .show(ui, |ui| {
            for (index, (name, _)) in list.iter().enumerate() {
                let row = radio_card(ui, index == chosen, name, "");
                if moved && index == chosen {
                    row.scroll_to_me_animation(None, egui::style::ScrollAnimation::none());
                }
                if row.clicked() {
                    done = Some(index);
                }
            }
        });
    if let Some((_, command)) = done.and_then(|index| list.into_iter().nth(index)) {
        scene.wish(UserCommand::Close);
        scene.wish(command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_in_the_name() {
        let list = || {
            ["Scan again", "Save report…", "Save case…"]
                .into_iter()
                .map(|name| (name.to_owned(), UserCommand::Close))
                .collect::<Vec<_>>()
        };
        let names =
            |query: &str| -> Vec<String> { found(list(), query).into_iter().map(|(name, _)| name).collect() };
        assert_eq!(names("").len(), 3);
        assert_eq!(names("case SAVE"), ["Save case…"]);
        assert_eq!(names("scan report"), Vec::<String>::new());
    }
}
