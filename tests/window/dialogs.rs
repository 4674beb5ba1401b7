//! What must be in sight: the buttons of a dialog, the command that is chosen, the lesson that was asked for.

use egui_kittest::kittest::NodeT as _;
use vmnet_doctor::gui::dialog::Dialog;
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::{Case, Place};
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::state::Page;
use vmnet_doctor::wizard::{Command, Theme};

use super::painted::Frame;
use super::{Walk, close, plain_window};

/// Every dialog with the key of the button that leads on from it.
const BUTTONS: [(Dialog, &str); 9] = [
    (Dialog::Open, "window-open-do"),
    (Dialog::SaveReport, "window-save-do"),
    (Dialog::SaveCase, "window-save-do"),
    (Dialog::SaveDiagram, "window-save-do"),
    (Dialog::ExportCsv, "window-save-do"),
    (Dialog::AppendTo, "window-append-do"),
    (Dialog::Shortcuts, "window-close"),
    (Dialog::Examples, "window-cancel"),
    (Dialog::Leave, "window-save-case"),
];

const SMALL: [[f32; 2]; 2] = [[900.0, 600.0], [480.0, 320.0]];

fn show(walk: &mut Walk<'_>, dialog: Dialog) {
    walk.window.state_mut().view_mut().dialogs.show(dialog);
    walk.window.run_ok();
}

#[test]
fn every_dialog_shows_its_buttons_whatever_was_open_before() {
    for size in SMALL {
        for language in Language::ALL {
            let mut walk = plain_window(language, Theme::Light, size, 1.0);
            walk.send(Command::OpenExample(Example::LibvirtEchoFiltered));
            walk.send(Command::StartCheck);
            walk.dismiss_toasts();
            walk.send(Command::SetRedact(true));
            walk.window.state_mut().view_mut().hidden_shown = true;
            for (dialog, button) in BUTTONS {
                // A small one first: a list of commands of which none is left.
                show(&mut walk, Dialog::Palette);
                walk.window.state_mut().view_mut().palette.query = "qqq".to_owned();
                walk.window.run_ok();
                walk.window.state_mut().view_mut().dialogs.close();
                walk.window.run_ok();
                show(&mut walk, dialog);
                let frame = Frame::of(&walk.window);
                let name = language.text(button);
                assert!(
                    frame.shows_whole(&name),
                    "{dialog:?}: no {name:?} in sight at {size:?}"
                );
                if size == SMALL[0] && button == "window-save-do" {
                    let label = language.text("window-save-path");
                    assert!(frame.shows_whole(&label), "{dialog:?}: no {label:?} in sight");
                }
                walk.window.state_mut().view_mut().dialogs.close();
            }
        }
    }
}

/// The command that *Enter* would do is in sight, however far the arrow keys went.
#[test]
fn the_chosen_command_stays_in_sight() {
    for size in SMALL {
        let mut walk = plain_window(Language::English, Theme::Light, size, 1.0);
        walk.window
            .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
        walk.window.run_ok();
        let chosen = |walk: &Walk<'_>| -> String {
            let row = walk.window.root().children_recursive().find(|node| {
                let told = node.accesskit_node();
                told.role() == egui::accesskit::Role::RadioButton
                    && told.toggled() == Some(egui::accesskit::Toggled::True)
            });
            row.and_then(|row| row.accesskit_node().label())
                .expect("a chosen command")
        };
        let first = chosen(&walk);
        for step in 1..24 {
            walk.window.key_press(egui::Key::ArrowDown);
            walk.window.run_ok();
            let name = chosen(&walk);
            assert!(
                Frame::of(&walk.window).shows_whole(&name),
                "{name:?} after {step} steps at {size:?}"
            );
        }
        assert_ne!(chosen(&walk), first);
        for _ in 0..40 {
            walk.window.key_press(egui::Key::ArrowUp);
        }
        walk.window.run_ok();
        assert_eq!(chosen(&walk), first);
        assert!(Frame::of(&walk.window).shows_whole(&first));
        // Opened again it begins at its top.
        walk.window.state_mut().view_mut().palette.chosen = 20;
        walk.window.key_press(egui::Key::Escape);
        walk.window.run_ok();
        walk.window
            .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
        walk.window.run_ok();
        assert!(Frame::of(&walk.window).shows_whole(&first));
    }
}

/// "Learn: …" leads to the lesson itself, not to a list above it; and a plan shows its answer.
#[test]
fn a_lesson_and_a_plan_are_in_sight_in_a_small_window() {
    for language in Language::ALL {
        let mut walk = plain_window(language, Theme::Light, SMALL[0], 1.0);
        walk.send(Command::OpenExample(Example::VmwareNatService));
        walk.dismiss_toasts();
        walk.send(Command::Go(Page::Learn));
        let mut missing = Vec::new();
        for lesson in 0..super::views::LESSONS {
            walk.window.state_mut().view_mut().learning.lesson = lesson;
            walk.window.run_ok();
            let frame = Frame::of(&walk.window);
            let name = vmnet_doctor::gui::page::learn::LESSONS[lesson];
            for part in ["", "-what", "-why", "-see"] {
                let key = format!("learn-{name}{part}");
                if language.has(&key) && !frame.shows_whole(&language.text(&key)) {
                    missing.push(key);
                }
            }
        }
        assert_eq!(missing, Vec::<String>::new(), "{language:?}");
        walk.send(Command::Go(Page::Plan));
        let frame = Frame::of(&walk.window);
        assert!(
            frame.shows_whole(&language.text("window-plan-mode")),
            "{language:?}"
        );
    }
}

/// What was added to an opened case is asked for as what was found here is.
#[test]
fn closing_asks_while_an_opened_case_was_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("case.json");
    let case = Example::VmwareNatService.case().expect("a case");
    std::fs::write(&path, case.to_json()).expect("a file");
    let mut walk = plain_window(Language::English, Theme::Light, SMALL[0], 1.0);
    walk.send(Command::OpenFile(path.clone()));
    walk.send(Command::StartCheck);
    assert_eq!(close(&mut walk), None);
    walk.send(Command::Paste {
        place: Place::Guest,
        text: "$ ip route\ndefault via 192.168.220.2 dev ens33\n".to_owned(),
    });
    assert_eq!(close(&mut walk), Some(Dialog::Leave));
    walk.click("window-save-case");
    walk.window.state_mut().view_mut().dialogs.path = path.to_string_lossy().into_owned();
    walk.window.run_ok();
    walk.click("window-save-do");
    let saved = Case::from_json(&std::fs::read_to_string(&path).expect("a file")).expect("a case");
    assert_eq!(saved.outputs.len(), case.outputs.len() + 1);
    assert_eq!(close(&mut walk), None);
}
