//! Everything that the window can show, one after the other: each page with its tabs, each lesson, each dialog.

use std::time::Duration;

use vmnet_doctor::gui::dialog::Dialog;
use vmnet_doctor::gui::page::tables::Table;
use vmnet_doctor::probe::{Outcome, Sample, Told};
use vmnet_doctor::wizard::state::Page;
use vmnet_doctor::wizard::{Command, Event};

use super::{EVERY_PAGE, Walk};

/// Lessons of the page *Learn*.
pub const LESSONS: usize = 17;

/// Goals of the page *Plan*.
const GOALS: usize = 6;

const DIALOGS: [Dialog; 10] = [
    Dialog::Open,
    Dialog::SaveReport,
    Dialog::SaveCase,
    Dialog::SaveDiagram,
    Dialog::ExportCsv,
    Dialog::AppendTo,
    Dialog::Shortcuts,
    Dialog::Examples,
    Dialog::Palette,
    Dialog::Leave,
];

/// Shows everything there is for what is open now, and hands out each view by its name.
pub fn every_view<'a>(walk: &mut Walk<'a>, mut look: impl FnMut(&mut Walk<'a>, &str)) {
    for page in EVERY_PAGE {
        walk.send(Command::Go(page));
        look(walk, page.name());
    }
    walk.send(Command::Go(Page::Check));
    for on_diagram in [true, false] {
        let view = walk.window.state_mut().view_mut();
        view.on_diagram = on_diagram;
        view.stations = (0..20).collect();
        walk.window.run_ok();
        look(walk, "check with everything unfolded");
    }
    walk.send(Command::Go(Page::Tables));
    for (table, name) in Table::ALL {
        walk.window.state_mut().view_mut().table = table;
        walk.window.run_ok();
        look(walk, name);
    }
    walk.send(Command::Go(Page::Learn));
    for lesson in 0..LESSONS {
        walk.window.state_mut().view_mut().learning.lesson = lesson;
        walk.window.run_ok();
        look(walk, &format!("lesson {lesson}"));
    }
    walk.send(Command::Go(Page::Plan));
    for goal in 0..GOALS {
        walk.window.state_mut().view_mut().planning.goal = goal;
        walk.window.run_ok();
        look(walk, &format!("goal {goal}"));
    }
    walk.send(Command::SetRedact(true));
    walk.window.state_mut().view_mut().hidden_shown = true;
    for dialog in DIALOGS {
        walk.window.state_mut().view_mut().dialogs.show(dialog);
        walk.window.run_ok();
        look(walk, &format!("{dialog:?}"));
        walk.window.state_mut().view_mut().dialogs.close();
    }
    walk.send(Command::SetRedact(false));
    watch(walk);
    look(walk, "monitor with targets");
    walk.send(Command::MonitorPause);
    walk.send(Command::MonitorAppend(Some("/VM/monitor.csv".into())));
    look(walk, "monitor held, with a file");
    walk.send(Command::MonitorAppend(None));
    walk.send(Command::MonitorStop);
    let targets = &walk.window.state().wizard().state().monitor.targets;
    for id in targets.iter().map(|target| target.id).collect::<Vec<_>>() {
        walk.send(Command::MonitorRemove(id));
    }
    walk.dismiss_toasts();
}

/// The monitor with four addresses after a minute: one that always answers, one that was away for a while, one
/// that never answered, and one of which nothing is known yet.
pub fn watch(walk: &mut Walk<'_>) {
    walk.send(Command::Go(Page::Monitor));
    walk.send(Command::MonitorInterval(Duration::from_secs(1)));
    let labels = [
        "VMnet8 · NAT",
        "",
        "Windows · VMware Workstation · VirtualBox",
        "",
    ];
    for (index, label) in labels.into_iter().enumerate() {
        walk.send(Command::MonitorAdd {
            address: [192, 168, 122, index as u8 + 1].into(),
            label: label.to_owned(),
        });
    }
    walk.send(Command::MonitorStart);
    let targets = &walk.window.state().wizard().state().monitor.targets;
    let ids: Vec<u64> = targets.iter().map(|target| target.id).collect();
    walk.send(Command::MonitorTargetInterval {
        id: ids[2],
        interval: Some(Duration::from_secs(5)),
    });
    for second in 0..61_u64 {
        let mut samples = Vec::new();
        for (index, id) in ids.iter().enumerate().take(3) {
            let away = index == 1 && (20..32).contains(&second);
            let time_us = 180 + (second * 7_919 + index as u64 * 131) % 240;
            let time_us = (index != 2 && !away).then_some(time_us as u32 * (index as u32 + 1));
            let outcome = if time_us.is_some() {
                Outcome::Reply
            } else {
                Outcome::Lost
            };
            let at_ms = second * 1_000 + index as u64;
            samples.push((
                *id,
                Sample {
                    at_ms,
                    time_us,
                    outcome,
                },
                Told::default(),
            ));
        }
        walk.window
            .state_mut()
            .wizard_mut()
            .tell(Event::Monitored { samples });
    }
    walk.window.run_ok();
}
