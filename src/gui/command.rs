//! Everything a person can ask of the window. Buttons, shortcuts and menus all speak in these.

use egui::{Key, KeyboardShortcut, Modifiers};

use super::dialog::Dialog;
use crate::wizard::{self, Theme};

/// One wish of the user, applied after the frame was drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum UserCommand {
    /// Something for the application behind the window.
    Do(wizard::Command),
    /// Several of them, in order.
    All(Vec<wizard::Command>),
    /// What the page's one primary button does.
    Primary,
    /// Takes what is in front away: a dialog, else the page.
    Escape,
    /// Puts a text on the clipboard, and says so.
    Copy(String),
    /// Copies the first command of the page, or the one that has the keyboard.
    CopyCommand,
    /// Shows a dialog.
    Show(Dialog),
    /// Takes the dialog away.
    Close,
    /// Lets the system's own dialog find a file for the one that is shown.
    Browse,
    /// Shows everything larger.
    ZoomIn,
    /// Shows everything smaller.
    ZoomOut,
    /// Shows everything in the usual size.
    ZoomReset,
    /// Takes the next theme.
    NextTheme,
    /// Closes the window, although something in it was not saved.
    Leave,
    /// Shows the folder of a file in the system's file manager.
    OpenFolder(std::path::PathBuf),
}

impl UserCommand {
    /// Whether it hands over what was typed into a box.
    pub fn is_entry(&self) -> bool {
        use wizard::Command::{SetGuestAddress, SetPort, SetTarget};
        matches!(self, Self::Do(SetGuestAddress(_) | SetTarget(_) | SetPort(_)))
    }
}

impl From<wizard::Command> for UserCommand {
    fn from(command: wizard::Command) -> Self {
        Self::Do(command)
    }
}

/// One line of the list of shortcuts.
#[derive(Clone, Debug)]
pub struct Shortcut {
    /// The keys.
    pub keys: KeyboardShortcut,
    /// What they ask for.
    pub command: UserCommand,
    /// The key of its text in the list.
    pub text: &'static str,
}

/// Every shortcut that holds on every page, in the order of the list.
pub fn shortcuts() -> Vec<Shortcut> {
    let plain = |key, command, text| Shortcut {
        keys: KeyboardShortcut::new(Modifiers::NONE, key),
        command,
        text,
    };
    let with_control = |key, command, text| Shortcut {
        keys: KeyboardShortcut::new(Modifiers::COMMAND, key),
        command,
        text,
    };
    vec![
        plain(Key::Enter, UserCommand::Primary, "window-shortcut-primary"),
        plain(Key::Escape, UserCommand::Escape, "window-shortcut-back"),
        plain(
            Key::F5,
            UserCommand::Do(wizard::Command::Scan),
            "window-shortcut-scan",
        ),
        with_control(
            Key::K,
            UserCommand::Show(Dialog::Palette),
            "window-shortcut-palette",
        ),
        with_control(Key::O, UserCommand::Show(Dialog::Open), "window-shortcut-open"),
        with_control(
            Key::S,
            UserCommand::Show(Dialog::SaveReport),
            "window-shortcut-save",
        ),
        with_control(Key::C, UserCommand::CopyCommand, "window-shortcut-copy"),
        with_control(
            Key::Z,
            UserCommand::Do(wizard::Command::Undo),
            "window-shortcut-undo",
        ),
        with_control(Key::Plus, UserCommand::ZoomIn, "window-shortcut-zoom-in"),
        with_control(Key::Minus, UserCommand::ZoomOut, "window-shortcut-zoom-out"),
        with_control(Key::Num0, UserCommand::ZoomReset, "window-shortcut-zoom-reset"),
        plain(
            Key::Questionmark,
            UserCommand::Show(Dialog::Shortcuts),
            "window-shortcut-list",
        ),
    ]
}

/// The theme that the switch goes to next.
pub fn next_theme(theme: Theme) -> Theme {
    match theme {
        Theme::System => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::System,
    }
}

/// The wishes of this frame's keys. A box that is being typed into keeps its own keys, and whatever has the
/// keyboard keeps *Enter*.
pub fn pressed(context: &egui::Context, list: &[Shortcut]) -> Vec<UserCommand> {
    let typing = context.text_edit_focused();
    let focused = context.memory(|memory| memory.focused().is_some());
    let mut wishes = Vec::new();
    context.input_mut(|input| {
        for shortcut in list {
            let keys = shortcut.keys;
            let bare = keys.modifiers.is_none();
            let kept = match keys.logical_key {
                Key::Enter => focused,
                // A box first gives the keyboard back; the next press goes back.
                Key::Escape | Key::Questionmark => typing,
                Key::Z | Key::C => typing,
                _ => false,
            };
            if kept {
                continue;
            }
            let hit = match keys.logical_key {
                // The system turns the keys of *copy* into an event of its own.
                Key::C => input
                    .events
                    .iter()
                    .any(|event| matches!(event, egui::Event::Copy)),
                // The question mark is shifted on most keyboards, and so is plus.
                Key::Questionmark => {
                    input.consume_key(Modifiers::SHIFT, keys.logical_key)
                        || input.consume_key(Modifiers::NONE, keys.logical_key)
                }
                Key::Plus => {
                    input.consume_key(Modifiers::COMMAND, Key::Plus)
                        || input.consume_key(Modifiers::COMMAND, Key::Equals)
                        || input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Plus)
                }
                _ if bare => {
                    input.modifiers.is_none() && input.consume_key(Modifiers::NONE, keys.logical_key)
                }
                _ => input.consume_shortcut(&keys),
            };
            if hit {
                wishes.push(shortcut.command.clone());
            }
        }
    });
    wishes
}
