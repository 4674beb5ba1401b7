//! Files that are no cases: told in the window in one sentence, however they came, and nothing of what was entered
//! is lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use vmnet_doctor::gui::dialog::Dialog;
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::MAX_CASE_BYTES;
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::state::{Draft, Page};
use vmnet_doctor::wizard::{Command, Theme};

use super::painted::Frame;
use super::{Walk, on_example, plain_window};

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody asks".to_owned())
    }
}

/// How a file comes into the window.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Its path is typed into the dialog.
    Dialog,
    /// It is dragged onto the window.
    Dropped,
    /// By the command line, and by a double click on it.
    CommandLine,
}

fn open(walk: &mut Walk<'_>, path: &Path, way: Way) {
    match way {
        Way::Dialog => {
            walk.window
                .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::O);
            walk.window.run_ok();
            let dialogs = &mut walk.window.state_mut().view_mut().dialogs;
            assert_eq!(dialogs.shown, Some(Dialog::Open));
            dialogs.path = path.to_string_lossy().into_owned();
            walk.window.run_ok();
            walk.click("window-open-do");
        }
        Way::Dropped => {
            let file: egui::DroppedFileHandle = Arc::new(Dropped(path.to_owned()));
            walk.window.input_mut().dropped_files.push(file);
            walk.window.run_ok();
        }
        Way::CommandLine => walk.send(Command::OpenFile(path.to_owned())),
    }
}

/// Each file with the end of the key of its sentence.
fn bad_files(folder: &Path) -> Vec<(PathBuf, &'static str, &'static str)> {
    let write = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("written");
        path
    };
    let large = folder.join("large.json");
    let file = std::fs::File::create(&large).expect("created");
    file.set_len(MAX_CASE_BYTES as u64 + 1).expect("sparse");
    vec![
        (
            write("cut.json", br#"{"schema":1,"intake":{"host_os":"lin"#),
            "shape",
            "",
        ),
        (
            write("picture.json", &[0x89, b'P', b'N', b'G', 0, 1, 2, 255]),
            "shape",
            "",
        ),
        (write("empty.json", b""), "shape", ""),
        (
            write("newer.json", br#"{"schema":7,"kind":"case"}"#),
            "schema",
            "7",
        ),
        (
            write("ping.json", br#"{"schema":1,"kind":"ping","targets":[]}"#),
            "kind",
            "ping",
        ),
        (large, "large", "64 MiB"),
        (folder.join("missing.json"), "read", ""),
        (folder.to_owned(), "read", ""),
    ]
}

#[test]
fn a_bad_file_is_told_in_the_window_and_nothing_entered_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    for language in Language::ALL {
        for way in [Way::Dialog, Way::Dropped, Way::CommandLine] {
            for (path, key, value) in bad_files(folder.path()) {
                let mut walk = plain_window(language, Theme::Light, [900.0, 600.0], 1.0);
                walk.send(Command::OpenExample(Example::LibvirtEchoFiltered));
                walk.send(Command::StartCheck);
                walk.send(Command::Type(Draft::GuestAddress, "192.168.122.4".to_owned()));
                walk.send(Command::Go(Page::Symptom));
                walk.dismiss_toasts();
                let before = walk.window.state().wizard().state().clone();
                open(&mut walk, &path, way);
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let sentence = language.text_with(
                    &format!("problem-not-opened-{key}"),
                    &[("name", &name), ("value", value)],
                );
                assert!(
                    walk.window.query_by_label(&sentence).is_some(),
                    "{language:?} {way:?} {}: {sentence}",
                    path.display()
                );
                assert_eq!(Frame::of(&walk.window).faults(), Vec::<String>::new(), "{way:?}");
                let after = walk.window.state().wizard().state();
                assert_eq!(after.page, before.page);
                assert_eq!(after.case, before.case);
                assert_eq!(after.drafts, before.drafts);
                assert!(after.diagnosis.is_some());
                assert!(after.settings.recent.is_empty());
                if matches!(way, Way::Dialog) {
                    // A slip in a long path is mended, not typed anew.
                    walk.window
                        .key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::O);
                    walk.window.run_ok();
                    let typed = &walk.window.state_mut().view_mut().dialogs.path;
                    assert_eq!(Path::new(typed), path);
                }
            }
        }
    }
}

/// The sentence stands above the page, wherever that is scrolled to, until it is closed or the next file opens.
#[test]
fn the_sentence_stays_until_it_is_closed_or_another_file_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, "{").expect("written");
    let good = folder.path().join("good.json");
    let case = Example::VirtualBoxNat.case().expect("a case");
    std::fs::write(&good, case.to_json()).expect("written");
    let mut walk = on_example(Language::English, Theme::Light, Example::LibvirtEchoFiltered);
    open(&mut walk, &bad, Way::Dropped);
    assert!(walk.window.state().wizard().state().problem.is_some());
    walk.click("window-close");
    assert!(walk.window.state().wizard().state().problem.is_none());
    open(&mut walk, &bad, Way::Dropped);
    open(&mut walk, &good, Way::Dropped);
    let state = walk.window.state().wizard().state();
    assert!(state.problem.is_none());
    assert_eq!(*state.case, case);
}

/// The diagram is saved from the overview and from the list of commands, and a file that cannot be written is told.
#[test]
fn the_diagram_is_saved_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut walk = on_example(Language::English, Theme::Light, Example::LibvirtEchoFiltered);
    walk.send(Command::Go(Page::Overview));
    walk.click("window-save-diagram");
    let path = folder.path().join("network.svg");
    walk.window.state_mut().view_mut().dialogs.path = path.to_string_lossy().into_owned();
    walk.window.run_ok();
    walk.click("window-save-do");
    let text = std::fs::read_to_string(&path).expect("the file");
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>"), "{text}");
    assert!(text.contains("192.168.122.0/24"), "{text}");
    let toasts = &walk.window.state().wizard().state().toasts;
    assert!(
        toasts.iter().any(|toast| toast.text.key == "toast-saved"),
        "{toasts:?}"
    );
    // Hidden as in a report.
    let hidden = folder.path().join("hidden.svg");
    walk.send(Command::SaveDiagram {
        path: hidden.clone(),
        redact: true,
    });
    let host = walk.window.state().wizard().state().facts.host.host_name.clone();
    let text = std::fs::read_to_string(&hidden).expect("the file");
    assert!(host.is_none_or(|host| !text.contains(&host)), "{text}");
    walk.send(Command::SaveDiagram {
        path: folder.path().join("nowhere").join("network.svg"),
        redact: false,
    });
    let problem = walk.window.state().wizard().state().problem.clone();
    assert_eq!(problem.expect("a problem").text.key, "problem-not-saved");
}

/// A window that looks as if it was new says where the settings went, and says it once.
#[test]
fn settings_that_were_set_aside_are_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("settings.json");
    std::fs::write(&path, "{ half").expect("written");
    for language in Language::ALL {
        std::fs::write(&path, "{ half").expect("written");
        let settings = vmnet_doctor::wizard::Settings {
            language: Some(language),
            ..vmnet_doctor::wizard::Settings::load_from(&path)
        };
        let wizard = vmnet_doctor::wizard::Wizard::replaying(settings);
        let [toast] = wizard.state().toasts.as_slice() else {
            panic!("{:?}", wizard.state().toasts);
        };
        let said = language.say(&toast.text);
        assert!(said.contains("settings.json.broken"), "{said}");
        assert!(wizard.state().settings.set_aside.is_none());
    }
    let again = vmnet_doctor::wizard::Settings::load_from(&path);
    assert!(
        vmnet_doctor::wizard::Wizard::replaying(again)
            .state()
            .toasts
            .is_empty()
    );
}
