//! Every page while it waits, with a part of what it will show, when something failed, and when it is done.

use std::time::Duration;

use egui_kittest::SnapshotResults;
use egui_kittest::kittest::NodeT as _;
use vmnet_doctor::diagnose::Station;
use vmnet_doctor::gui::dialog::Dialog;
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::{Case, Message, Place};
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::state::{LineState, Page, ProbeKind, ProbeLine, Problem, ScanSource, SourceState};
use vmnet_doctor::wizard::{Command, Event, Theme};

use super::painted::Frame;
use super::{Walk, on_example, on_stand_in, views, window};

fn line(id: usize, station: Station, kind: ProbeKind, state: LineState, took: Option<u64>) -> ProbeLine {
    let samples = match state {
        LineState::Answered => vec![Some(310), Some(295), Some(330)],
        LineState::Silent => vec![None, None, None],
        _ => Vec::new(),
    };
    ProbeLine {
        id,
        station,
        kind,
        from: Place::Host,
        target: format!("192.168.199.{}", id + 1),
        address: None,
        state,
        samples,
        step_us: 1,
        took: took.map(Duration::from_millis),
    }
}

/// Takes a picture, and holds it to what an eye would mind. What still counts seconds is left out.
fn picture(results: &mut SnapshotResults, walk: &mut Walk<'_>, name: &str) {
    walk.window.run_ok();
    assert_eq!(Frame::of(&walk.window).faults(), Vec::<String>::new(), "{name}");
    let counting: Vec<egui::Rect> = walk
        .window
        .root()
        .children_recursive()
        .filter(|node| {
            let said = node.accesskit_node().value().unwrap_or_default();
            said.ends_with("· 0 s") || said.ends_with("· 1 s")
        })
        .map(|node| node.rect())
        .collect();
    for rect in counting {
        walk.window.mask(rect);
    }
    results.add(walk.window.try_snapshot(format!("state-{name}")));
}

#[test]
fn every_state_of_the_pages_looks_as_it_did() {
    let mut results = SnapshotResults::new();
    let mut walk = window(Language::English, Theme::Light, [900.0, 600.0]);
    // Reading: begun, with a part of the facts, and with nothing found in the end.
    walk.send(Command::Scan);
    let job = walk.window.state().wizard().state().jobs.scan.expect("a scan");
    picture(&mut results, &mut walk, "overview-loading");
    for (name, state) in [
        ("adapters", SourceState::Done),
        ("libvirt", SourceState::Running),
        ("virtualbox", SourceState::Unread),
    ] {
        walk.tell(Event::ScanSource {
            job,
            source: ScanSource {
                name: name.to_owned(),
                state,
                elapsed: Duration::from_millis(40),
            },
        });
    }
    let part = r#"{ "host": { "adapters": [{ "name": "enp3s0", "kind": "ethernet", "enabled": true,
        "addresses": [{ "net": "192.168.1.23/24" }] }] } }"#;
    walk.tell(Event::ScanFacts {
        job,
        facts: Box::new(Case::from_json(part).expect("a case")),
    });
    picture(&mut results, &mut walk, "overview-partial");
    walk.tell(Event::Scanned {
        job,
        facts: Box::new(Case::from_json(part).expect("a case")),
        took: Duration::from_millis(300),
    });
    picture(&mut results, &mut walk, "overview-nothing-found");
    walk.send(Command::Go(Page::Check));
    picture(&mut results, &mut walk, "check-empty");
    walk.send(Command::Go(Page::Fix));
    picture(&mut results, &mut walk, "fix-empty");
    walk.send(Command::Go(Page::Verify));
    picture(&mut results, &mut walk, "verify-empty");

    // A check: under way, with its first answers, called off.
    let mut walk = on_stand_in(Language::English, "[]");
    walk.window.set_size(egui::vec2(900.0, 600.0));
    walk.send(Command::SetGuestAddress("192.168.199.10".to_owned()));
    walk.send(Command::StartCheck);
    let job = walk.window.state().wizard().state().jobs.check.expect("a check");
    picture(&mut results, &mut walk, "check-loading");
    let lines = vec![
        line(
            0,
            Station::HostAdapter,
            ProbeKind::Echo,
            LineState::Answered,
            Some(120),
        ),
        line(
            1,
            Station::GuestAddress,
            ProbeKind::Echo,
            LineState::Silent,
            Some(2_000),
        ),
        line(
            2,
            Station::GuestAddress,
            ProbeKind::Tcp(22),
            LineState::Answered,
            Some(140),
        ),
        line(3, Station::Internet, ProbeKind::Echo, LineState::Running, None),
    ];
    walk.tell(Event::Lines { job, lines });
    picture(&mut results, &mut walk, "check-partial");
    walk.send(Command::Cancel);
    picture(&mut results, &mut walk, "check-cancelled");
    let state = walk.window.state().wizard().state();
    assert!(state.problem.is_none());
    // Something failed inside: said in a sentence, with what was entered still there.
    walk.send(Command::StartCheck);
    let job = walk.window.state().wizard().state().jobs.check.expect("a check");
    walk.tell(Event::Failed {
        job,
        problem: Problem {
            text: Message::new("problem-internal"),
            detail: "task 7 panicked".to_owned(),
        },
    });
    picture(&mut results, &mut walk, "check-failed");

    // The last page: while it tests again, and with before and after.
    let mut walk = on_example(Language::English, Theme::Light, Example::VmwareNatService);
    walk.window.set_size(egui::vec2(900.0, 600.0));
    walk.send(Command::StartCheck);
    walk.send(Command::Go(Page::Verify));
    walk.send(Command::TestAgain);
    walk.dismiss_toasts();
    picture(&mut results, &mut walk, "verify-compared");
    walk.send(Command::SetRedact(true));
    walk.window.state_mut().view_mut().hidden_shown = true;
    walk.window.state_mut().view_mut().dialogs.folder = "/home/ada".into();
    walk.window
        .state_mut()
        .view_mut()
        .dialogs
        .show(Dialog::SaveReport);
    picture(&mut results, &mut walk, "report-preview");
    walk.window.state_mut().view_mut().dialogs.close();
    walk.send(Command::SetRedact(false));

    // The monitor: waiting for its first answers, held, cleared with a way back.
    let mut walk = window(Language::English, Theme::Light, [900.0, 600.0]);
    walk.send(Command::Go(Page::Monitor));
    walk.send(Command::MonitorAdd {
        address: [192, 168, 122, 45].into(),
        label: "web01".to_owned(),
    });
    walk.send(Command::MonitorStart);
    picture(&mut results, &mut walk, "monitor-loading");
    views::watch(&mut walk);
    walk.send(Command::MonitorPause);
    walk.send(Command::MonitorAppend(Some("/home/ada/watch.csv".into())));
    picture(&mut results, &mut walk, "monitor-held");
    walk.send(Command::MonitorClear);
    picture(&mut results, &mut walk, "monitor-cleared");
    walk.click("window-undo");
    let targets = &walk.window.state().wizard().state().monitor.targets;
    assert!(targets.iter().any(|target| target.history.len() == 61));
}
