//! "Which way would a packet to this address go?": the walk through the tables, hop by hop.

use std::net::IpAddr;
use std::sync::Arc;

use egui::{RichText, Ui};

use super::Scene;
use super::common::{capitalized, draft_box, end_title, mono};
use crate::diagnose::Leg;
use crate::diagnose::filter::Content;
use crate::diagnose::walk::{Hop, Judgment, Question, Walk, starts, walk};
use crate::diagram::plain;
use crate::gui::icon;
use crate::gui::icon::Icon;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{InputField, State, empty_state, heading, segmented, verdict_chip};
use crate::model::{Case, Endpoint};
use crate::wizard::state::Draft;

/// A walk that was worked out, kept while case and question stay the same.
#[derive(Debug)]
pub struct Walked {
    facts: Arc<Case>,
    question: Question,
    walk: Arc<Walk>,
}

/// What is asked on this tab.
#[derive(Debug, Default)]
pub struct WayView {
    /// The machine that sends, by its place among those that are known.
    from: usize,
    walked: Option<Walked>,
}

/// Draws the question and its answer.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let facts = Arc::clone(&scene.state.facts);
    let ends = starts(&facts);
    let from = choose(ui, scene, &ends);
    let typed = scene.draft(Draft::LookUp).trim().to_owned();
    let (label, error) = (
        scene.text("walk-ask-to"),
        scene.text("window-symptom-address-wrong"),
    );
    let to = typed.parse::<IpAddr>().ok();
    let field = InputField {
        label: &label,
        hint: "192.168.56.10",
        error: (to.is_none() && !typed.is_empty()).then_some(error.as_str()),
        mono: true,
        rows: 1,
    };
    ui.scope(|ui| {
        ui.set_width(ui.available_width().min(320.0));
        draft_box(ui, scene, Draft::LookUp, &field);
    });
    ui.add_space(space::STEP);
    let Some(to) = to else {
        let (title, text) = (scene.text("window-tables-look-up"), scene.text("walk-ask-empty"));
        empty_state(ui, Icon::Question, &title, &text, |_| {});
        return;
    };
    let content = facts.intake.port.map_or(Content::EchoRequest, Content::Tcp);
    let walk = walked(scene, facts, Question { from, to, content });
    answer(ui, scene, &walk);
}

fn choose(ui: &mut Ui, scene: &mut Scene<'_>, ends: &[Endpoint]) -> Endpoint {
    let mut chosen = scene.view.way.from.min(ends.len().saturating_sub(1));
    if ends.len() > 1 {
        let names: Vec<String> = ends.iter().map(|end| end_title(scene, *end)).collect();
        let shown: Vec<&str> = names.iter().map(String::as_str).collect();
        let name = scene.text("walk-ask-from");
        if segmented(ui, &name, &shown, &mut chosen) {
            scene.view.way.from = chosen;
        }
        ui.add_space(space::STEP);
    }
    ends.get(chosen).copied().unwrap_or(Endpoint::Host)
}

fn walked(scene: &mut Scene<'_>, facts: Arc<Case>, question: Question) -> Arc<Walk> {
    if let Some(known) = &scene.view.way.walked
        && known.question == question
        && Arc::ptr_eq(&known.facts, &facts)
    {
        return Arc::clone(&known.walk);
    }
    let walk = Arc::new(walk(&facts, question));
    scene.view.way.walked = Some(Walked {
        facts,
        question,
        walk: Arc::clone(&walk),
    });
    walk
}

fn state(judgment: Judgment) -> State {
    match judgment {
        Judgment::Passes => State::Ok,
        Judgment::Unknown => State::Unknown,
        Judgment::Stops => State::Broken,
    }
}

fn answer(ui: &mut Ui, scene: &Scene<'_>, walk: &Walk) {
    let hop = walk.stop().map(|(_, hop)| plain(&scene.say(&hop.text)));
    let text = scene.with(walk.end_key(), &[("hop", hop.as_deref().unwrap_or_default())]);
    verdict_chip(ui, state(walk.end), &text);
    ui.add_space(space::STEP);
    let height = (ui.ctx().content_rect().height() - 380.0).max(220.0);
    egui::ScrollArea::vertical()
        .id_salt("way")
        .max_height(height)
        .show(ui, |ui| {
            for leg in [Leg::Out, Leg::Back] {
                let hops = walk.hops().filter(|(own, _)| *own == leg).map(|(_, hop)| hop);
                let hops: Vec<&Hop> = hops.collect();
                if hops.is_empty() {
                    continue;
                }
                let key = if leg == Leg::Out { "leg-out" } else { "leg-back" };
                heading(ui, &capitalized(&scene.text(key)));
                for hop in hops {
                    row(ui, scene, hop);
                }
                ui.add_space(space::STEP);
            }
        });
}

fn row(ui: &mut Ui, scene: &Scene<'_>, hop: &Hop) {
    let tokens = tokens(ui);
    let state = state(hop.judgment);
    ui.horizontal_top(|ui| {
        icon::show(ui, state.icon().unwrap_or(Icon::Dash), 12.0, state.color(tokens));
        ui.scope(|ui| {
            ui.set_width(130.0);
            let place = RichText::new(capitalized(&scene.text(hop.at.key()))).font(font::small());
            ui.add(egui::Label::new(place.color(tokens.text2)).truncate());
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            let text = RichText::new(plain(&scene.say(&hop.text))).color(tokens.text);
            ui.add(egui::Label::new(text).wrap());
            if !hop.row.is_empty() {
                mono(ui, &plain(&hop.row));
            }
        });
    });
}
