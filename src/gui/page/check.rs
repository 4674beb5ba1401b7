//! The path, station by station, with the probes that show it and their live latency.

use std::sync::Arc;
use std::time::Instant;

use egui::{Id, Ui};

use super::common::{
    capitalized, ends_subtitle, ends_title, milliseconds, more_rights, note, seconds, station_state,
    two_columns, verdict, verdict_word,
};
use super::{Header, Primary, Scene, header, second};
use crate::diagnose::{Diagnosis, Leg, Station, StationVerdict, Step};
use crate::diagram::plain;
use crate::gui::icon::Icon;
use crate::gui::theme::space;
use crate::gui::widget::{
    Evidence, KeptPicture, LatencyRow, Sample, State, StationRow, card, empty_state, evidence_list, heading,
    heading_row, latency_row, link_button, progress_row, segmented, small_button, station_row, time_axis,
    verdict_chip,
};
use crate::wizard::state::{CheckStatus, LineState, Page, ProbeKind, ProbeLine};
use crate::wizard::{self, Command};

/// What leads on from here.
pub fn primary(state: &wizard::State) -> Option<Primary> {
    match (&state.check, &state.diagnosis) {
        (CheckStatus::Running { .. }, _) => None,
        (_, Some(diagnosis)) if diagnosis.causes.is_empty() && diagnosis.next.is_none() => {
            Some(Primary::new("window-check-to-report", Command::Go(Page::Verify)))
        }
        (_, Some(_)) => Some(Primary::new("window-check-see-fix", Command::Go(Page::Fix))),
        (_, None) => Some(Primary::new("window-check-start", Command::StartCheck)),
    }
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let state = scene.state;
    let title = ends_title(scene);
    let subtitle = ends_subtitle(scene);
    let running = state.check.is_running();
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: true,
    };
    header(ui, scene, shown, |ui, scene| {
        if running {
            second(ui, scene, "window-cancel", Command::Cancel);
        }
        if let Some(diagnosis) = state.diagnosis.as_ref().filter(|_| !running) {
            let (state, word) = verdict(scene, diagnosis);
            let said = diagnosis.causes.first().map_or(word, |cause| {
                capitalized(&super::common::cause_title(scene, cause.id))
            });
            verdict_chip(ui, state, &said);
        }
    });
    if running {
        progress(ui, scene);
    }
    if state.diagnosis.is_none() && state.lines.is_empty() && !running {
        card(ui, |ui| {
            empty_state(
                ui,
                Icon::Empty,
                &scene.text(match state.check {
                    CheckStatus::Cancelled => "window-check-cancelled",
                    _ => "window-check-empty",
                }),
                &scene.text(match state.check {
                    CheckStatus::Cancelled => "window-check-cancelled-text",
                    _ => "window-check-empty-text",
                }),
                |_| {},
            );
        });
        return;
    }
    ui.horizontal(|ui| {
        let names = [
            scene.text("window-check-as-list"),
            scene.text("window-check-as-diagram"),
        ];
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let name = scene.text("window-check-shown-as");
        let mut chosen = usize::from(scene.view.on_diagram);
        if segmented(ui, &name, &names, &mut chosen) {
            scene.view.on_diagram = chosen == 1;
        }
        if !running {
            more_rights(ui, scene);
        }
    });
    ui.add_space(space::STEP);
    if scene.view.on_diagram {
        super::overview::picture_card(ui, scene);
        return;
    }
    two_columns(
        ui,
        0.36,
        scene,
        |ui, scene| {
            card(ui, |ui| way(ui, scene));
        },
        |ui, scene| {
            card(ui, |ui| latency(ui, scene));
            other_probes(ui, scene);
        },
    );
}

fn progress(ui: &mut Ui, scene: &mut Scene<'_>) {
    let CheckStatus::Running { waiting_for_scan, .. } = &scene.state.check else {
        return;
    };
    let lines = &scene.state.lines;
    let ended = lines.iter().filter(|line| is_ended(line)).count();
    let (text, share) = if *waiting_for_scan {
        (scene.text("window-check-waiting-for-scan"), None)
    } else if lines.is_empty() {
        (scene.text("window-check-planning"), None)
    } else {
        let (done, all) = (ended.to_string(), lines.len().to_string());
        (
            scene.with("window-check-probing", &[("done", &done), ("all", &all)]),
            Some(ended as f32 / lines.len() as f32),
        )
    };
    progress_row(ui, &text, share, None);
    ui.add_space(space::GAP);
}

fn is_ended(line: &ProbeLine) -> bool {
    !matches!(line.state, LineState::Waiting | LineState::Running)
}

/// The stations: judged once there is an answer, before that as far as the probes have come.
fn way(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let running = scene.state.check.is_running();
    let Some(diagnosis) = scene.state.diagnosis.clone().filter(|_| !running) else {
        heading(ui, &scene.text("window-check-way"));
        ui.add_space(space::GAP);
        stations_so_far(ui, scene);
        return;
    };
    for (leg, title) in [
        (Leg::Out, "window-check-way"),
        (Leg::Back, "window-check-way-back"),
    ] {
        let mut steps = diagnosis
            .path
            .iter()
            .enumerate()
            .filter(|(_, step)| step.leg == leg)
            .peekable();
        if steps.peek().is_none() {
            continue;
        }
        if leg == Leg::Back {
            ui.add_space(space::CARD_GAP);
        }
        heading(ui, &scene.text(title));
        ui.add_space(space::STEP);
        for (index, step) in steps {
            station(ui, scene, index, step);
        }
    }
    ui.add_space(space::GAP);
    summary(ui, scene, &diagnosis);
}

fn station(ui: &mut Ui, scene: &mut Scene<'_>, index: usize, step: &Step) {
    let name = scene.text(&format!("station-{}", step.station.name()));
    let word = verdict_word(scene, step.verdict);
    let open = scene.view.stations.contains(&index);
    let row = StationRow {
        state: station_state(step.verdict),
        state_word: &word,
        name: &name,
        facts: &facts_line(scene, step, &word),
        open,
        expandable: !step.evidence.is_empty(),
    };
    let clicked = ui
        .push_id(("station", index), |ui| station_row(ui, &row))
        .inner
        .clicked();
    if clicked {
        if open {
            scene.view.stations.remove(&index);
        } else {
            scene.view.stations.insert(index);
        }
    }
    if open && !step.evidence.is_empty() {
        ui.add_space(space::GAP);
        evidence(ui, scene, &step.evidence);
        ui.add_space(space::GAP);
    }
}

/// The facts of a station on one line: what was read, else the verdict in a word.
fn facts_line(scene: &Scene<'_>, step: &Step, word: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for evidence in step.evidence.iter().take(2) {
        let value = plain(&scene.language.words(&evidence.value));
        let said = if value.is_empty() {
            scene.say(&evidence.fact)
        } else {
            value
        };
        let cut: String = said.chars().take(90).collect();
        if !cut.is_empty() && !parts.contains(&cut) {
            parts.push(cut);
        }
    }
    if parts.is_empty() {
        word.to_owned()
    } else {
        parts.join(" · ")
    }
}

/// Facts with their values and sources.
pub fn evidence(ui: &mut Ui, scene: &Scene<'_>, facts: &[crate::diagnose::Evidence]) {
    let language = scene.language;
    let texts: Vec<(String, String, String)> = facts
        .iter()
        .map(|one| {
            (
                scene.say(&one.fact),
                plain(&language.words(&one.value)),
                plain(&language.source(&one.source)),
            )
        })
        .collect();
    let rows: Vec<Evidence<'_>> = texts
        .iter()
        .map(|(fact, value, source)| Evidence { fact, value, source })
        .collect();
    evidence_list(ui, &rows);
}

fn summary(ui: &mut Ui, scene: &mut Scene<'_>, diagnosis: &Diagnosis) {
    let mut count = diagnosis.path.len().to_string();
    count = scene.with("window-check-stations", &[("n", &count)]);
    let mut parts = vec![count];
    if let CheckStatus::Done { took } = scene.state.check
        && scene.state.origin.is_live()
    {
        parts.push(seconds(took));
    }
    if let Some(cause) = diagnosis.causes.first() {
        parts.push(super::common::confidence_word(scene, cause.confidence));
    }
    ui.spacing_mut().item_spacing.y = 4.0;
    note(ui, &parts.join(" · "));
    let broken = diagnosis
        .path
        .iter()
        .any(|step| step.verdict == StationVerdict::Broken);
    let has_causes = !diagnosis.causes.is_empty();
    if has_causes && link_button(ui, &scene.text("window-check-how-sure")).clicked() {
        scene.wish(Command::Go(Page::Fix));
    } else if !has_causes && !broken {
        note(ui, &scene.text("window-check-nothing-broken"));
    }
}

/// While probes run: each station that is being asked, with what came so far.
fn stations_so_far(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut stations: Vec<Station> = Vec::new();
    for line in scene.state.lines.iter() {
        if !stations.contains(&line.station) {
            stations.push(line.station);
        }
    }
    if stations.is_empty() {
        note(ui, &scene.text("window-check-planning"));
    }
    if scene.state.check.is_running() {
        // The seconds of what is still waited for go on, also when nothing comes.
        ui.request_repaint_after(std::time::Duration::from_secs(1));
    }
    for station in stations {
        let lines: Vec<&ProbeLine> = scene
            .state
            .lines
            .iter()
            .filter(|line| line.station == station)
            .collect();
        let state = joint_state(&lines);
        let mut said: Vec<String> = lines.iter().take(3).map(|line| line_text(scene, line)).collect();
        said.extend(elapsed(scene, &lines));
        let row = StationRow {
            state,
            state_word: &scene.text(state_key(state)),
            name: &scene.text(&format!("station-{}", station.name())),
            facts: &said.join(" · "),
            open: false,
            expandable: false,
        };
        station_row(ui, &row);
    }
}

/// How long a station took, or takes so far: whole seconds while somebody is still waited for.
fn elapsed(scene: &Scene<'_>, lines: &[&ProbeLine]) -> Option<String> {
    if let Some(took) = lines.iter().map(|line| line.took).collect::<Option<Vec<_>>>() {
        return took.into_iter().max().map(seconds);
    }
    match scene.state.check {
        CheckStatus::Running { since, .. } => Some(format!("{} s", since.elapsed().as_secs())),
        _ => None,
    }
}

/// What the probes of one station say together.
fn joint_state(lines: &[&ProbeLine]) -> State {
    let any = |wanted: LineState| lines.iter().any(|line| line.state == wanted);
    if any(LineState::Answered) {
        State::Ok
    } else if any(LineState::Running) || any(LineState::Waiting) {
        State::Running
    } else if any(LineState::Refused) {
        State::Warn
    } else if any(LineState::Silent) {
        State::Broken
    } else {
        State::Unknown
    }
}

fn state_key(state: State) -> &'static str {
    match state {
        State::Ok => "window-line-answered",
        State::Broken => "window-line-silent",
        State::Warn => "window-line-refused",
        State::Running => "window-line-running",
        State::Unknown | State::NotReached | State::Info => "window-line-unknown",
    }
}

fn line_state(line: &ProbeLine) -> State {
    joint_state(&[line])
}

/// One probe in words: what was asked of whom, and what came.
fn line_text(scene: &Scene<'_>, line: &ProbeLine) -> String {
    let what = match line.kind {
        ProbeKind::Tcp(port) => format!("TCP {port}"),
        kind => scene.text(&format!("probe-{}", kind.name())),
    };
    let came = now_text(scene, line);
    format!("{what} {}: {came}", plain(&line.target))
}

/// What holds now for a probe: the last round-trip time, or why there is none.
fn now_text(scene: &Scene<'_>, line: &ProbeLine) -> String {
    let last = line.samples.last().copied();
    match (line.state, last) {
        (LineState::Waiting, _) => scene.text("window-line-waiting"),
        (_, Some(Some(time))) => milliseconds(time, line.step_us),
        (LineState::Running | LineState::Silent, Some(None)) => scene.text("window-line-silent"),
        _ => scene.text(state_key(line_state(line))),
    }
}

/// Seconds between two requests of the check, for the plots' time axis.
const PACE: f64 = 0.2;

/// The plots as they were when they were paused, so that they can be read while the check goes on.
#[derive(Debug)]
pub struct Frozen {
    lines: Arc<Vec<ProbeLine>>,
    /// When the check that they belong to began; `None` when it had ended.
    since: Option<Instant>,
}

impl Frozen {
    /// Whether another check began since.
    fn is_over(&self, check: &CheckStatus) -> bool {
        matches!(check, CheckStatus::Running { since, .. } if self.since != Some(*since))
    }
}

/// The lines to plot: those of now, or those that were held. A button holds them and lets them go.
fn held(ui: &mut Ui, scene: &mut Scene<'_>) -> Arc<Vec<ProbeLine>> {
    let (check, lines) = (&scene.state.check, &scene.state.lines);
    if !scene.state.origin.is_live()
        || lines.is_empty()
        || scene.view.frozen.as_ref().is_some_and(|held| held.is_over(check))
    {
        scene.view.frozen = None;
    }
    if scene.view.frozen.is_none() && !(scene.state.origin.is_live() && check.is_running()) {
        return Arc::clone(lines);
    }
    let key = match scene.view.frozen {
        Some(_) => "window-check-resume",
        None => "window-check-pause",
    };
    if small_button(ui, &scene.text(key)).clicked() {
        scene.view.frozen = match (&scene.view.frozen, check) {
            (None, CheckStatus::Running { since, .. }) => Some(Frozen {
                lines: Arc::clone(lines),
                since: Some(*since),
            }),
            _ => None,
        };
    }
    scene
        .view
        .frozen
        .as_ref()
        .map_or_else(|| Arc::clone(lines), |held| Arc::clone(&held.lines))
}

/// Where a station stands on the way: as judged, else in the general order of the way there.
fn place_of(diagnosis: Option<&Diagnosis>, station: Station) -> (usize, Station) {
    let judged =
        diagnosis.and_then(|diagnosis| diagnosis.path.iter().position(|step| step.station == station));
    (judged.unwrap_or(usize::MAX), station)
}

fn latency(ui: &mut Ui, scene: &mut Scene<'_>) {
    let live = scene.state.origin.is_live();
    let title = scene.text(if live {
        "window-check-latency"
    } else {
        "window-check-latency-recorded"
    });
    let lines = heading_row(ui, &title, |ui| {
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.with_layout(layout, |ui| held(ui, scene)).inner
    });
    if scene.view.frozen.is_some() {
        note(ui, &scene.text("window-check-paused"));
    }
    ui.add_space(space::GAP);
    let mut plotted: Vec<&ProbeLine> = lines
        .iter()
        .filter(|line| line.kind == ProbeKind::Echo && !line.samples.is_empty())
        .collect();
    let judged = scene
        .state
        .diagnosis
        .as_deref()
        .filter(|_| !scene.state.check.is_running());
    plotted.sort_by_key(|line| place_of(judged, line.station));
    if plotted.is_empty() {
        let key = match scene.state.check.is_running() {
            true => "window-check-latency-waiting",
            false => "window-check-no-latency",
        };
        note(ui, &scene.text(key));
        return;
    }
    let longest = plotted
        .iter()
        .map(|line| line.samples.len())
        .max()
        .unwrap_or(1)
        .max(8);
    let name_width = (ui.available_width() * 0.24).clamp(70.0, 150.0);
    let lost = scene.text("window-line-silent");
    for line in plotted {
        let samples: Vec<Sample> = line
            .samples
            .iter()
            .enumerate()
            .map(|(index, time)| Sample {
                at: index as f64 * PACE,
                ms: time.map(|us| us as f64 / 1000.0),
            })
            .collect();
        let name = scene.text(&format!("station-{}", line.station.name()));
        let now = format!("{}  {}", plain(&line.target), now_text(scene, line));
        let row = LatencyRow {
            name: &name,
            state: line_state(line),
            now: &now,
            samples: &Arc::new(samples),
            from: 0.0,
            to: longest as f64 * PACE,
            name_width,
            group: Id::unique("check latency"),
            marks: &Arc::default(),
            lost: &lost,
            step_us: line.step_us,
        };
        // A check asks a few times: it is not worth keeping anything of it.
        ui.push_id(line.id, |ui| latency_row(ui, &row, &mut KeptPicture::default()));
        ui.add_space(space::STEP);
    }
    if live {
        let to = longest as f64 * PACE;
        time_axis(ui, name_width, (0.0, to), to, |before| {
            format!("{:.1} s", to - before)
        });
    } else {
        // The record does not say when each was sent.
        note(ui, &scene.text("window-check-in-order"));
    }
}

/// Probes that have no times to plot.
fn other_probes(ui: &mut Ui, scene: &mut Scene<'_>) {
    let others: Vec<ProbeLine> = scene
        .state
        .lines
        .iter()
        .filter(|line| line.kind != ProbeKind::Echo || line.samples.is_empty())
        .take(40)
        .cloned()
        .collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(space::GAP);
    card(ui, |ui| {
        heading(ui, &scene.text("window-check-probes"));
        ui.spacing_mut().item_spacing.y = 0.0;
        for line in others {
            let state = line_state(&line);
            let what = match line.kind {
                ProbeKind::Tcp(port) => format!("TCP {port}"),
                kind => capitalized(&scene.text(&format!("probe-{}", kind.name()))),
            };
            let facts = format!("{}: {}", plain(&line.target), now_text(scene, &line));
            let row = StationRow {
                state,
                state_word: &scene.text(state_key(state)),
                name: &what,
                facts: &facts,
                open: false,
                expandable: false,
            };
            ui.push_id(("probe", line.id), |ui| station_row(ui, &row));
        }
    });
}
