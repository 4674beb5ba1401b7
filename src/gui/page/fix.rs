//! The named cause in a plain sentence, the commands that cure it, and why we say so.

use egui::{Align, Layout, Ui};

use super::check::evidence;
use super::common::{
    capitalized, cause_title, confidence_state, confidence_word, draft_box, ends_title, learn, mono,
    more_rights, note, two_columns, verdict,
};
use super::lesson::{LESSONS, lesson_of};
use super::{Header, Primary, Scene, header};
use crate::diagnose::{Diagnosis, Finding, Next, NextKind, Through};
use crate::diagram::plain;
use crate::gui::command::UserCommand;
use crate::gui::dialog::Dialog;
use crate::gui::icon::Icon;
use crate::gui::widget::{
    CommandCard, Extra, InputField, State, card, command_box, command_card, empty_state, heading,
    link_button, paragraph, primary_button, radio_card, secondary, secondary_button, select, small_button,
    tag, verdict_chip,
};
use crate::knowledge::hypervisor_script;
use crate::model::{HypervisorId, Place};
use crate::remedy::{CommandRemedy, Remedy, Risk, Shell, Where};
use crate::wizard::state::{Draft, Page};
use crate::wizard::{self, Command};

/// What leads on from here.
pub fn primary(state: &wizard::State) -> Option<Primary> {
    let diagnosis = state.diagnosis.as_ref()?;
    Some(if diagnosis.causes.is_empty() {
        Primary::new("window-fix-report", Command::Go(Page::Verify))
    } else {
        Primary::new("window-fix-test-again", Command::TestAgain)
    })
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(diagnosis) = scene.state.diagnosis.clone() else {
        let title = scene.text("page-fix");
        header(
            ui,
            scene,
            Header {
                title: &title,
                ..Header::default()
            },
            |_, _| {},
        );
        card(ui, |ui| {
            let (title, text) = (
                scene.text("window-fix-empty"),
                scene.text("window-fix-empty-text"),
            );
            empty_state(ui, Icon::Empty, &title, &text, |ui| {
                if secondary_button(ui, &scene.text("window-check-start")).clicked() {
                    scene.wish(Command::StartCheck);
                }
            });
        });
        return;
    };
    let chosen = scene.view.cause.min(diagnosis.causes.len().saturating_sub(1));
    match diagnosis.causes.get(chosen) {
        Some(cause) => named(ui, scene, &diagnosis, cause, chosen),
        None => unnamed(ui, scene, &diagnosis),
    }
}

/// The buttons at the lower edge, always in sight.
pub fn footer(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if let Some(primary) = primary(scene.state)
            && primary_button(ui, &scene.text(primary.text)).clicked()
        {
            scene.wish(primary.command);
        }
        if secondary_button(ui, &scene.text("window-save-report")).clicked() {
            scene.wish(UserCommand::Show(Dialog::SaveReport));
        }
    });
}

fn title_row(ui: &mut Ui, title: &str, subtitle: &str, chip: (State, &str)) {
    let narrow = ui.available_width() < 480.0;
    crate::gui::widget::page_header(ui, title, subtitle, false, |ui| {
        if !narrow {
            verdict_chip(ui, chip.0, chip.1);
        }
    });
    if narrow {
        verdict_chip(ui, chip.0, chip.1);
    }
}

fn named(ui: &mut Ui, scene: &mut Scene<'_>, diagnosis: &Diagnosis, cause: &Finding, chosen: usize) {
    let title = capitalized(&cause_title(scene, cause.id));
    let summary = scene.say(&cause.summary);
    let word = capitalized(&confidence_word(scene, cause.confidence));
    let subtitle = if summary == title { String::new() } else { summary };
    title_row(ui, &title, &subtitle, (confidence_state(cause.confidence), &word));
    two_columns(
        ui,
        0.66,
        scene,
        |ui, scene| {
            for (index, remedy) in cause.remedy.iter().enumerate() {
                match remedy {
                    Remedy::Command(command) => command_remedy(ui, scene, index, command),
                    Remedy::Ask { on, ask } => ask_remedy(ui, scene, *on, &scene.say(ask)),
                }
                ui.add_space(4.0);
            }
            if cause.remedy.is_empty() {
                card(ui, |ui| paragraph(ui, &scene.text("window-fix-no-remedy")));
                ui.add_space(4.0);
            }
            if let Some(next) = &diagnosis.next {
                next_step(ui, scene, next);
            }
        },
        |ui, scene| {
            card(ui, |ui| {
                heading(ui, &scene.text("window-fix-why"));
                ui.add_space(2.0);
                evidence(ui, scene, &cause.evidence);
                if cause.evidence.is_empty() {
                    note(ui, &scene.text("window-fix-no-evidence"));
                }
                let lesson = lesson_of(cause.id, cause.station);
                let name = LESSONS.get(lesson).copied().unwrap_or(LESSONS[0]);
                let title = scene.text(&format!("learn-{name}"));
                if link_button(ui, &scene.with("learn-more", &[("lesson", &title)])).clicked() {
                    learn(scene, lesson);
                }
            });
            ui.add_space(4.0);
            others(ui, scene, diagnosis, chosen);
            beside(ui, scene, diagnosis);
        },
    );
}

fn unnamed(ui: &mut Ui, scene: &mut Scene<'_>, diagnosis: &Diagnosis) {
    let (state, word) = verdict(scene, diagnosis);
    let title = ends_title(scene);
    title_row(ui, &title, &scene.text("window-fix-no-cause"), (state, &word));
    two_columns(
        ui,
        0.66,
        scene,
        |ui, scene| match &diagnosis.next {
            Some(next) => next_step(ui, scene, next),
            None => {
                card(ui, |ui| {
                    let (title, text) = (
                        scene.text("window-fix-nothing"),
                        scene.text("window-fix-nothing-text"),
                    );
                    empty_state(ui, Icon::Check, &title, &text, |_| {});
                });
            }
        },
        |ui, scene| beside(ui, scene, diagnosis),
    );
}

/// The card of a command to copy; `index` tells it from the others of the page.
pub(super) fn command_remedy(ui: &mut Ui, scene: &mut Scene<'_>, index: usize, remedy: &CommandRemedy) {
    let place = scene.text(where_key(remedy.on));
    let shell = match remedy.shell {
        Shell::Sh => scene.text(&format!("os-{}", remedy.os.name())),
        shell => scene.text(shell_key(shell)),
    };
    let admin = scene.text(if remedy.admin {
        "window-fix-admin"
    } else {
        "window-fix-no-admin"
    });
    let risk = scene.text(risk_key(remedy.risk));
    let tags = [
        (State::Info, place.as_str()),
        (State::NotReached, shell.as_str()),
        (
            if remedy.admin {
                State::Warn
            } else {
                State::NotReached
            },
            admin.as_str(),
        ),
        (risk_state(remedy.risk), risk.as_str()),
    ];
    let (verify, undo, copy) = (
        scene.text("window-fix-verify"),
        scene.text("window-fix-undo"),
        scene.text("window-copy"),
    );
    if scene.view.command.is_none() {
        scene.view.command = Some(remedy.command.as_str().to_owned());
    }
    let shown = CommandCard {
        title: &capitalized(&scene.say(&remedy.title)),
        tags: &tags,
        command: &remedy.command,
        copy: &copy,
        effect: &scene.say(&remedy.effect),
        verify: extra(&verify, &remedy.verify),
        undo: extra(&undo, &remedy.undo),
    };
    if command_card(ui, ("remedy", index), &shown).is_some() {
        scene.wish(Command::Copied);
    }
}

fn extra<'a>(word: &'a str, command: &'a str) -> Option<Extra<'a>> {
    (!command.is_empty()).then_some(Extra { word, command })
}

fn where_key(on: Where) -> &'static str {
    match on {
        Where::Host => "where-host",
        Where::Guest => "where-guest",
        Where::Guest2 => "where-guest2",
        Where::Hypervisor => "where-hypervisor",
        Where::Lan => "where-lan",
        Where::Network => "where-network",
    }
}

fn shell_key(shell: Shell) -> &'static str {
    match shell {
        Shell::Sh => "shell-sh",
        Shell::Powershell => "shell-powershell",
        Shell::Cmd => "shell-cmd",
    }
}

fn risk_key(risk: Risk) -> &'static str {
    match risk {
        Risk::None => "risk-none",
        Risk::Low => "risk-low",
        Risk::Medium => "risk-medium",
        Risk::High => "risk-high",
    }
}

fn risk_state(risk: Risk) -> State {
    match risk {
        Risk::None | Risk::Low => State::Ok,
        Risk::Medium => State::Warn,
        Risk::High => State::Broken,
    }
}

/// Something to be done by hand, or by somebody else: words to hand over.
fn ask_remedy(ui: &mut Ui, scene: &mut Scene<'_>, on: Where, ask: &str) {
    card(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            heading(ui, &scene.text("window-fix-by-hand"));
            tag(ui, State::Info, &scene.text(where_key(on)));
        });
        paragraph(ui, ask);
        let copy = scene.text("window-copy-words");
        if small_button(ui, &copy).clicked() {
            scene.wish(UserCommand::Copy(ask.to_owned()));
        }
    });
}

/// The one question or command that would tell most, with the box for its answer.
fn next_step(ui: &mut Ui, scene: &mut Scene<'_>, next: &Next) {
    card(ui, |ui| {
        heading(
            ui,
            &scene.text(match next.kind {
                NextKind::Question => "window-next-question",
                NextKind::Command => "window-next-command",
                NextKind::Paste => "window-next-paste",
            }),
        );
        paragraph(ui, &scene.say(&next.text));
        if let Some(on) = next.on {
            tag(ui, State::Info, &scene.text(where_key(on)));
        }
        if let Some(command) = &next.command {
            if scene.view.command.is_none() {
                scene.view.command = Some(command.as_str().to_owned());
            }
            if command_box(ui, command, &scene.text("window-copy")) {
                scene.wish(Command::Copied);
            }
        }
        if let Some(through) = &next.through {
            run_from_host(ui, scene, through);
        }
        let is_question = next.kind == NextKind::Question;
        let label = scene.text(if is_question {
            "window-next-answer"
        } else {
            "window-next-output"
        });
        let field = InputField {
            label: &label,
            mono: !is_question,
            rows: if is_question { 1 } else { 4 },
            ..InputField::default()
        };
        draft_box(ui, scene, Draft::Answer, &field);
        let answer = scene.draft(Draft::Answer);
        ui.add_enabled_ui(!answer.trim().is_empty(), |ui| {
            if secondary_button(ui, &scene.text("window-next-use")).clicked() {
                scene.wish(Command::AnswerNext(answer));
            }
        });
    });
}

/// The line that runs the guest's script from the host, folded: it is long, and most take the one above.
fn run_from_host(ui: &mut Ui, scene: &mut Scene<'_>, through: &Through) {
    let product = scene.text(&format!("hypervisor-{}", through.product));
    if link_button(ui, &scene.with("window-next-through", &[("product", &product)])).clicked() {
        scene.view.from_host = !scene.view.from_host;
    }
    if !scene.view.from_host {
        return;
    }
    note(ui, &scene.say(&through.needs));
    // A second box of the same kind beside the one above.
    let copied = ui.push_id("through", |ui| {
        command_box(ui, &through.command, &scene.text("window-copy"))
    });
    if copied.inner {
        scene.wish(Command::Copied);
    }
}

/// Other causes that are possible: choosing one shows its evidence and commands.
fn others(ui: &mut Ui, scene: &mut Scene<'_>, diagnosis: &Diagnosis, chosen: usize) {
    if diagnosis.causes.len() < 2 {
        return;
    }
    card(ui, |ui| {
        heading(ui, &scene.text("window-fix-candidates"));
        for (index, cause) in diagnosis.causes.iter().enumerate().take(8) {
            let title = capitalized(&cause_title(scene, cause.id));
            let word = confidence_word(scene, cause.confidence);
            if radio_card(ui, index == chosen, &title, &word).clicked() {
                scene.view.cause = index;
            }
        }
    });
    ui.add_space(4.0);
}

/// What was excluded, what else to know, and what could not be read.
fn beside(ui: &mut Ui, scene: &mut Scene<'_>, diagnosis: &Diagnosis) {
    if !diagnosis.excluded.is_empty() {
        card(ui, |ui| {
            heading(ui, &scene.text("window-fix-excluded"));
            let names: Vec<String> = diagnosis
                .excluded
                .iter()
                .take(12)
                .map(|id| capitalized(&cause_title(scene, id)))
                .collect();
            secondary(ui, &names.join(" · "));
        });
        ui.add_space(4.0);
    }
    if !diagnosis.notes.is_empty() {
        card(ui, |ui| {
            heading(ui, &scene.text("window-fix-notes"));
            for message in &diagnosis.notes {
                secondary(ui, &scene.say(message));
            }
        });
        ui.add_space(4.0);
    }
    if !diagnosis.unread.is_empty() {
        card(ui, |ui| {
            heading(ui, &scene.text("window-fix-unread"));
            for unread in diagnosis.unread.iter().take(6) {
                let (what, why) = scene.language.unread(unread);
                secondary(ui, &format!("{}: {}", plain(&what), plain(&why)));
                if !unread.how.is_empty() {
                    mono(ui, &plain(&unread.how));
                }
            }
            ui.horizontal_wrapped(|ui| more_rights(ui, scene));
        });
        ui.add_space(4.0);
    }
    paste(ui, scene);
}

/// The machines whose output may be pasted, with the keys of their names.
const PASTED_FROM: [(Place, &str); 4] = [
    (Place::Guest, "where-guest"),
    (Place::Guest2, "where-guest2"),
    (Place::Esxi, "where-hypervisor"),
    (Place::Host, "where-host"),
];

/// Output from another machine, the guest first of all, makes the answer surer.
fn paste(ui: &mut Ui, scene: &mut Scene<'_>) {
    card(ui, |ui| {
        heading(ui, &scene.text("window-paste-title"));
        note(ui, &scene.text("window-paste-text"));
        if !scene.view.paste {
            if small_button(ui, &scene.text("window-paste-open")).clicked() {
                scene.view.paste = true;
            }
            return;
        }
        let names: Vec<String> = PASTED_FROM
            .iter()
            .map(|(_, key)| capitalized(&scene.text(key)))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let from = scene.text("window-paste-from");
        select(ui, &from, &names, &mut scene.view.paste_from);
        let (place, _) = *PASTED_FROM.get(scene.view.paste_from).unwrap_or(&PASTED_FROM[0]);
        if place == Place::Esxi
            && let Some(line) = hypervisor_script(HypervisorId::Esxi)
        {
            note(ui, &scene.text("window-paste-hypervisor"));
            if command_box(ui, &line, &scene.text("window-copy")) {
                scene.wish(Command::Copied);
            }
        }
        let draft = Draft::Paste(place);
        let label = scene.text("window-paste-label");
        let field = InputField {
            label: &label,
            mono: true,
            rows: 5,
            ..InputField::default()
        };
        draft_box(ui, scene, draft, &field);
        let text = scene.draft(draft);
        ui.add_enabled_ui(!text.trim().is_empty(), |ui| {
            if small_button(ui, &scene.text("window-next-use")).clicked() {
                scene.wish(Command::Paste { place, text });
            }
        });
    });
}
