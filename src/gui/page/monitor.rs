//! Live latency of any addresses, with loss, jitter and percentiles.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use egui::{Id, Ui};
use egui_extras::{Column, TableBuilder};

use super::common::{draft_box, is_entered, milliseconds, note};
use super::monitor_samples::{KeptSamples, Span, whole_points};
use super::{Header, Primary, Scene, header, second};
use crate::diagram::plain;
use crate::gui::command::UserCommand;
use crate::gui::dialog::Dialog;
use crate::gui::icon::Icon;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{
    InputField, KeptPicture, LatencyRow, State, beside_name, card, empty_state, heading, icon_button,
    latency_row, link_button, secondary_button, segmented, small_button, time_axis,
};
use crate::locale::Language;
use crate::probe::History;
use crate::wizard::long_watch::Mark;
use crate::wizard::state::{Draft, MonitorRun, MonitorTarget};
use crate::wizard::{self, Command};

/// Seconds that the plots can show.
const SPANS: [(u64, &str); 4] = [
    (60, "window-monitor-minute"),
    (300, "window-monitor-five-minutes"),
    (3600, "window-monitor-hour"),
    (86_400, "window-monitor-day"),
];

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// The shortest time that the plots show, in seconds.
const CLOSEST: f64 = 2.0;

/// Room for the button beside each plot.
const BESIDE: f32 = 40.0;

/// What is kept of each target from frame to frame, by the target's number.
pub type Kept = BTreeMap<u64, KeptTarget>;

/// What is kept of a target, each made anew only when something came that it does not show.
#[derive(Debug, Default)]
pub struct KeptTarget {
    samples: KeptSamples,
    picture: KeptPicture,
    /// The figures in words: how many requests and replies they were made of.
    figures: Option<((u64, u64), [String; 8])>,
}

/// The event marks in words, and what they were made of: the language, how many, the first one's time and the last one's.
#[derive(Clone, Debug, Default)]
pub struct SaidMarks {
    made_of: Option<(Language, usize, u64, u64)>,
    said: Arc<Vec<(f64, String)>>,
}

/// Times between two requests, in milliseconds.
const INTERVALS: [u64; 4] = [200, 500, 1000, 5000];

/// Times between two requests to one address of many, in milliseconds.
const OWN_INTERVALS: [u64; 7] = [100, 200, 500, 1000, 5000, 30_000, 60_000];

/// What leads on from here.
pub fn primary(state: &wizard::State) -> Option<Primary> {
    let monitor = &state.monitor;
    if monitor.targets.is_empty() {
        return None;
    }
    Some(match monitor.run {
        MonitorRun::Running => Primary::new("window-monitor-pause", Command::MonitorPause),
        MonitorRun::Paused => Primary::new("window-monitor-resume", Command::MonitorStart),
        MonitorRun::Stopped => Primary::new("window-monitor-start", Command::MonitorStart),
    })
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let title = scene.text("page-monitor");
    let subtitle = scene.text(match scene.state.monitor.run {
        MonitorRun::Running => "window-monitor-running",
        MonitorRun::Paused => "window-monitor-paused",
        MonitorRun::Stopped => "window-monitor-stopped",
    });
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    let measured = scene
        .state
        .monitor
        .targets
        .iter()
        .any(|target| !target.history.is_empty());
    header(ui, scene, shown, |ui, scene| {
        if measured {
            second(
                ui,
                scene,
                "window-monitor-csv",
                UserCommand::Show(Dialog::ExportCsv),
            );
            second(ui, scene, "window-monitor-clear", Command::MonitorClear);
        }
        if !scene.state.monitor.targets.is_empty() && scene.state.monitor.append_to.is_none() {
            second(
                ui,
                scene,
                "window-monitor-append",
                UserCommand::Show(Dialog::AppendTo),
            );
        }
    });
    card(ui, |ui| add(ui, scene));
    ui.add_space(space::GAP);
    appending(ui, scene);
    if scene.state.monitor.targets.is_empty() {
        card(ui, |ui| {
            let (title, text) = (
                scene.text("window-monitor-empty"),
                scene.text("window-monitor-empty-text"),
            );
            empty_state(ui, Icon::Empty, &title, &text, |_| {});
        });
        return;
    }
    card(ui, |ui| plots(ui, scene));
    ui.add_space(space::GAP);
    card(ui, |ui| figures(ui, scene));
}

/// Which file grows, and how to end that.
fn appending(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(path) = &scene.state.monitor.append_to else {
        return;
    };
    let name = plain(&path.to_string_lossy());
    ui.horizontal_wrapped(|ui| {
        note(ui, &scene.with("window-monitor-appending", &[("name", &name)]));
        if link_button(ui, &scene.text("window-monitor-append-stop")).clicked() {
            scene.wish(Command::MonitorAppend(None));
        }
    });
    ui.add_space(space::GAP);
}

fn add(ui: &mut Ui, scene: &mut Scene<'_>) {
    let typed = scene.draft(Draft::MonitorAddress);
    let parsed: Option<IpAddr> = typed.trim().parse().ok();
    let wrong = !typed.trim().is_empty() && parsed.is_none();
    let (label, error) = (
        scene.text("window-monitor-address"),
        scene.text("window-symptom-address-wrong"),
    );
    ui.horizontal_wrapped(|ui| {
        let entered = ui
            .vertical(|ui| {
                ui.set_width((ui.available_width() - 120.0).clamp(120.0, 320.0));
                let field = InputField {
                    label: &label,
                    hint: "192.168.122.1",
                    error: wrong.then_some(error.as_str()),
                    mono: true,
                    rows: 1,
                };
                let response = draft_box(ui, scene, Draft::MonitorAddress, &field);
                is_entered(ui, &response)
            })
            .inner;
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            note(ui, " ");
            let clicked = ui
                .add_enabled_ui(parsed.is_some(), |ui| {
                    secondary_button(ui, &scene.text("window-monitor-add")).clicked()
                })
                .inner;
            if let Some(address) = parsed.filter(|_| clicked || entered) {
                watch(scene, address, String::new());
                scene.wish(Command::Type(Draft::MonitorAddress, String::new()));
            }
        });
    });
    let suggestions = suggestions(scene);
    if !suggestions.is_empty() {
        ui.horizontal_wrapped(|ui| {
            for (address, label) in suggestions {
                let text = format!("+ {label} {address}");
                if small_button(ui, &text).clicked() {
                    watch(scene, address, label);
                }
            }
        });
    }
}

/// Adds an address and, with the first one, starts.
fn watch(scene: &mut Scene<'_>, address: IpAddr, label: String) {
    let first = scene.state.monitor.targets.is_empty();
    scene.wish(Command::MonitorAdd { address, label });
    if first {
        scene.wish(Command::MonitorStart);
    }
}

/// Addresses that a person here would want to watch and that are not watched yet.
fn suggestions(scene: &Scene<'_>) -> Vec<(IpAddr, String)> {
    let mut found: Vec<(IpAddr, String)> = Vec::new();
    let state = scene.state;
    if !state.origin.is_live() {
        return found;
    }
    let mut offer = |address: IpAddr, label: String| {
        let known = found.iter().any(|(known, _)| *known == address)
            || state
                .monitor
                .targets
                .iter()
                .any(|target| target.address == address);
        if !known && !address.is_unspecified() {
            found.push((address, label));
        }
    };
    if let Some(address) = state.detection.guest_ip {
        offer(
            address,
            super::common::end_name(scene, crate::model::Endpoint::Guest),
        );
    }
    for machine in state.detection.machines.iter().take(6) {
        if let Some(address) = machine.address {
            offer(address, plain(&machine.name));
        }
    }
    for route in state.facts.host.default_routes().into_iter().take(2) {
        if let Some(via) = route.via {
            offer(via, scene.text("window-monitor-router"));
        }
    }
    for network in state
        .facts
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows())
        .take(6)
    {
        if let Some(address) = network.nat_address.or(network.host_address) {
            offer(address, plain(&network.name));
        }
    }
    offer(IpAddr::from([1, 1, 1, 1]), scene.text("station-internet"));
    found.truncate(6);
    found
}

fn plots(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal_wrapped(|ui| {
        let names: Vec<String> = SPANS.iter().map(|(_, key)| scene.text(key)).collect();
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let name = scene.text("window-monitor-span");
        note(ui, &name);
        let mut chosen = match scene.view.monitor_zoom {
            Some(_) => usize::MAX,
            None => scene.view.monitor_span.min(SPANS.len() - 1),
        };
        if segmented(ui, &name, &shown, &mut chosen) {
            scene.view.monitor_span = chosen;
            scene.view.monitor_zoom = None;
        }
        let names: Vec<String> = INTERVALS.iter().map(|ms| interval_text(*ms)).collect();
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let name = scene.text("window-monitor-interval");
        ui.add_space(space::GAP);
        note(ui, &name);
        let interval = scene.state.monitor.interval.0.as_millis();
        let mut chosen = INTERVALS
            .iter()
            .position(|ms| u128::from(*ms) == interval)
            .unwrap_or(usize::MAX);
        if segmented(ui, &name, &shown, &mut chosen)
            && let Some(ms) = INTERVALS.get(chosen)
        {
            scene.wish(Command::MonitorInterval(Duration::from_millis(*ms)));
        }
        let mut rests = scene.state.settings.monitor_rests;
        if ui
            .checkbox(&mut rests, scene.text("window-monitor-rests"))
            .changed()
        {
            scene.wish(Command::MonitorRests(rests));
        }
    });
    ui.add_space(space::STEP);
    let targets = &scene.state.monitor.targets;
    let end = targets
        .iter()
        .filter_map(|target| target.history.last())
        .map(|sample| sample.at_ms as f64 / 1000.0)
        .fold(0.0, f64::max);
    let first = targets
        .iter()
        .filter_map(|target| target.history.samples().next())
        .map(|sample| sample.at_ms as f64 / 1000.0)
        .fold(f64::INFINITY, f64::min);
    let chosen = SPANS
        .get(scene.view.monitor_span)
        .map_or(60.0, |(seconds, _)| *seconds as f64);
    let span = scene.view.monitor_zoom.unwrap_or(chosen);
    // What is no longer held reply by reply is kept in minutes for a day.
    let whole = targets.iter().all(|target| target.history.is_whole());
    let first = if whole { first } else { end - DAY };
    let least = (first.max(0.0) + span).min(end);
    let until = scene.view.monitor_until.filter(|until| *until < end);
    scene.view.monitor_until = until.map(|until| until.max(least));
    move_in_time(ui, scene, span, (least, end));
    let name_width = (ui.available_width() * 0.22).clamp(80.0, 170.0);
    let width = beside_name(ui.available_width() - BESIDE, name_width);
    let point = span / f64::from(width);
    // Where one went back, it stands still anyway.
    let to = scene
        .view
        .monitor_until
        .unwrap_or_else(|| whole_points(end, point));
    let shown = Span {
        from: to - span,
        to,
        point,
    };
    let kept = &mut scene.view.monitor_kept;
    kept.retain(|id, _| targets.iter().any(|target| target.id == *id));
    let marks = said_marks(scene);
    for target in targets.clone() {
        ui.push_id(target.id, |ui| {
            ui.horizontal(|ui| {
                let room = ui.available_width() - BESIDE;
                ui.vertical(|ui| {
                    ui.set_width(room);
                    plot(ui, scene, &target, shown, name_width, &marks);
                });
                let name = scene.with("window-monitor-remove", &[("name", &name_of(&target))]);
                if icon_button(ui, Icon::Cross, &name).clicked() {
                    scene.wish(Command::MonitorRemove(target.id));
                }
            });
        });
        ui.add_space(space::STEP);
    }
    ui.horizontal(|ui| {
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - BESIDE);
            let words = |before: f64| ago(scene, before);
            time_axis(ui, name_width, (shown.from, shown.to), end, words);
        });
    });
    note(ui, &scene.text("window-monitor-hint"));
    // On the clock of the axis above, so that each can be found there.
    for (at, what) in marks.iter().rev().take(8) {
        note(ui, &format!("{} · {what}", ago(scene, (end - at).max(0.0))));
    }
}

/// The event marks with their seconds, put into words once for each set of them.
fn said_marks(scene: &mut Scene<'_>) -> Arc<Vec<(f64, String)>> {
    let marks = &scene.state.monitor.marks;
    let at = |mark: Option<&Mark>| mark.map_or(0, |mark| mark.at_ms);
    let made_of = (scene.language, marks.len(), at(marks.front()), at(marks.back()));
    if scene.view.monitor_marks.made_of != Some(made_of) {
        let said = marks
            .iter()
            .map(|mark| (mark.at_ms as f64 / 1000.0, scene.language.say(&mark.text)));
        scene.view.monitor_marks = SaidMarks {
            made_of: Some(made_of),
            said: Arc::new(said.collect()),
        };
    }
    Arc::clone(&scene.view.monitor_marks.said)
}

fn name_of(target: &MonitorTarget) -> String {
    if target.label.is_empty() {
        target.address.to_string()
    } else {
        plain(&target.label)
    }
}

/// Buttons that go back in time and forth again, as dragging a plot does.
fn move_in_time(ui: &mut Ui, scene: &mut Scene<'_>, span: f64, (least, end): (f64, f64)) {
    if least >= end {
        return;
    }
    let to = scene.view.monitor_until.unwrap_or(end);
    ui.horizontal(|ui| {
        if icon_button(ui, Icon::ChevronLeft, &scene.text("window-monitor-earlier")).clicked() {
            scene.view.monitor_until = Some((to - span / 2.0).max(least));
        }
        if icon_button(ui, Icon::ChevronRight, &scene.text("window-monitor-later")).clicked() {
            scene.view.monitor_until = Some(to + span / 2.0).filter(|to| *to < end);
        }
        if scene.view.monitor_until.is_some() && link_button(ui, &scene.text("window-monitor-now")).clicked()
        {
            scene.view.monitor_until = None;
        }
    });
}

/// How long before the latest reply, as it stands under the plots.
fn ago(scene: &Scene<'_>, seconds: f64) -> String {
    if seconds < 0.5 {
        scene.text("window-monitor-now")
    } else if seconds < 120.0 {
        format!("−{seconds:.0} s")
    } else if seconds < 7200.0 {
        format!("−{:.0} min", seconds / 60.0)
    } else {
        format!("−{:.1} h", seconds / 3600.0)
    }
}

fn plot(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    target: &MonitorTarget,
    shown: Span,
    name_width: f32,
    marks: &Arc<Vec<(f64, String)>>,
) {
    let step_us = u64::from(target.history.resolution_us());
    let (state, now) = match target.history.last() {
        None => (State::Running, scene.text("window-line-waiting")),
        Some(last) => match last.time_us {
            Some(us) => (State::Ok, milliseconds(u64::from(us), step_us)),
            None => (State::Broken, scene.text("window-line-silent")),
        },
    };
    let lost = scene.text("window-line-silent");
    let kept = scene.view.monitor_kept.entry(target.id).or_default();
    let row = LatencyRow {
        name: &name_of(target),
        state,
        now: &now,
        samples: kept.samples.of(&target.history, shown),
        from: shown.from,
        to: shown.to,
        name_width,
        group: Id::unique("monitor"),
        marks,
        lost: &lost,
        step_us,
    };
    let moved = latency_row(ui, &row, &mut kept.picture);
    if moved.is_some() {
        let Span { from, to, .. } = shown;
        let span = ((to - from) / moved.zoom).clamp(CLOSEST, DAY);
        if moved.zoom != 1.0 {
            scene.view.monitor_zoom = Some(span);
        }
        // What is under the pointer stays there.
        let share = (to - moved.at) / (to - from);
        scene.view.monitor_until = Some(moved.at + share * span - moved.back);
    }
}

/// A time between two requests, in words.
fn interval_text(ms: u64) -> String {
    match ms {
        _ if ms < 1000 => format!("{ms} ms"),
        _ if ms.is_multiple_of(60_000) => format!("{} min", ms / 60_000),
        _ => format!("{} s", ms / 1000),
    }
}

/// How often this address is asked: like all, or in its own time.
fn own_interval(ui: &mut Ui, scene: &mut Scene<'_>, target: &MonitorTarget) {
    let as_all = scene.text("window-monitor-as-all");
    let name = scene.with("window-monitor-every-name", &[("name", &name_of(target))]);
    let now = target
        .interval
        .map(|own| u64::try_from(own.as_millis()).unwrap_or(u64::MAX));
    let shown = now.map_or_else(|| as_all.clone(), interval_text);
    let choice = egui::ComboBox::from_id_salt(("every", target.id))
        .width(84.0)
        .selected_text(egui::RichText::new(&shown).font(font::small()))
        .show_ui(ui, |ui| {
            if ui.selectable_label(now.is_none(), &as_all).clicked() {
                scene.wish(Command::MonitorTargetInterval {
                    id: target.id,
                    interval: None,
                });
            }
            for ms in OWN_INTERVALS {
                if ui.selectable_label(now == Some(ms), interval_text(ms)).clicked() {
                    scene.wish(Command::MonitorTargetInterval {
                        id: target.id,
                        interval: Some(Duration::from_millis(ms)),
                    });
                }
            }
        });
    choice
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("{name} {shown}")));
}

/// Average difference between two replies that follow each other, in microseconds (RFC 3550 without smoothing).
pub fn jitter_us(history: &History) -> Option<u64> {
    let mut last: Option<u32> = None;
    let (mut sum, mut count) = (0u64, 0u64);
    for time in history.samples().filter_map(|sample| sample.time_us) {
        if let Some(before) = last {
            sum += u64::from(before.abs_diff(time));
            count += 1;
        }
        last = Some(time);
    }
    sum.checked_div(count)
}

/// The figures as a table: what the plots show, for those who cannot see them.
fn figures(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-monitor-figures"));
    let titles = [
        "window-monitor-who",
        "window-monitor-sent",
        "window-monitor-loss",
        "window-monitor-min",
        "window-monitor-median",
        "window-monitor-p95",
        "window-monitor-p99",
        "window-monitor-max",
        "window-monitor-jitter",
        "window-monitor-every",
    ];
    let titles: Vec<String> = titles.iter().map(|key| scene.text(key)).collect();
    let targets = scene.state.monitor.targets.clone();
    egui::ScrollArea::horizontal().show(ui, |ui| {
        ui.set_min_width(760.0);
        let colors = tokens(ui);
        TableBuilder::new(ui)
            .id_salt("figures")
            .vscroll(false)
            .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
            .column(Column::initial(170.0).at_least(90.0).clip(true))
            .columns(Column::remainder().at_least(48.0).clip(true), titles.len() - 2)
            .column(Column::exact(110.0))
            .header(24.0, |mut row| {
                for title in &titles {
                    row.col(|ui| {
                        ui.label(egui::RichText::new(title).font(font::small()).color(colors.text2));
                    });
                }
            })
            .body(|body| {
                body.rows(40.0, targets.len(), |mut row| {
                    let Some(target) = targets.get(row.index()) else {
                        return;
                    };
                    let words = figures_of(scene, target);
                    row.col(|ui| {
                        let name = name_of(target);
                        ui.add(egui::Label::new(egui::RichText::new(name).color(colors.text)).truncate());
                    });
                    for text in words {
                        row.col(|ui| {
                            ui.label(egui::RichText::new(text).font(font::fact()).color(colors.text));
                        });
                    }
                    row.col(|ui| own_interval(ui, scene, target));
                });
            });
    });
}

/// The figures of a target, made anew when something came.
fn figures_of(scene: &mut Scene<'_>, target: &MonitorTarget) -> [String; 8] {
    let made_of = target.history.counts();
    let kept = scene.view.monitor_kept.entry(target.id).or_default();
    if let Some((_, words)) = kept.figures.as_ref().filter(|(of, _)| *of == made_of) {
        return words.clone();
    }
    let words = cells(&target.history);
    kept.figures = Some((made_of, words.clone()));
    words
}

fn cells(history: &History) -> [String; 8] {
    let figures = history.statistics();
    let step_us = u64::from(history.resolution_us());
    let shown = |us: u64| milliseconds(us, step_us);
    let time = |us: Option<u32>| us.map_or_else(|| "–".to_owned(), |us| shown(u64::from(us)));
    [
        figures.sent.to_string(),
        if figures.sent == 0 {
            "–".to_owned()
        } else {
            format!("{:.1} %", figures.loss * 100.0)
        },
        time(figures.min_us),
        time(figures.median_us),
        time(figures.p95_us),
        time(figures.p99_us),
        time(figures.max_us),
        jitter_us(history).map_or_else(|| "–".to_owned(), shown),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{Outcome, Sample};

    #[test]
    fn jitter_is_the_average_step_between_replies() {
        let mut history = History::new();
        assert_eq!(jitter_us(&history), None);
        for (index, time) in [Some(100), Some(300), None, Some(200)].into_iter().enumerate() {
            history.push(Sample {
                at_ms: index as u64,
                time_us: time,
                outcome: if time.is_some() {
                    Outcome::Reply
                } else {
                    Outcome::Lost
                },
            });
        }
        assert_eq!(jitter_us(&history), Some(150));
    }
}
