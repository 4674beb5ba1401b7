//! Which mode would do for what one wants, and a segment for it that collides with nothing here.

use egui::{RichText, Ui};

use super::common::{mode_name, mono, note, product_name, two_columns};
use super::hypervisor_mode::ways;
use super::{Header, Scene, header};
use crate::diagram::plain;
use crate::gui::command::UserCommand;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::{
    State, card, chip, heading, paragraph, radio_card, secondary, select, small_button,
};
use crate::knowledge::{Goal, free_segments, has_own_segment, modes_for, taken};
use crate::model::HypervisorId;

/// What is wished for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Planning {
    /// The goal, by its place in [`Goal::ALL`].
    pub goal: usize,
    /// The product, when it is not the recognized one.
    pub product: Option<HypervisorId>,
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (title, subtitle) = (scene.text("page-plan"), scene.text("window-plan-text"));
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    header(ui, scene, shown, |_, _| {});
    two_columns(
        ui,
        0.42,
        scene,
        |ui, scene| {
            card(ui, |ui| wishes(ui, scene));
        },
        |ui, scene| {
            let goal = Goal::ALL
                .get(scene.view.planning.goal)
                .copied()
                .unwrap_or(Goal::HostAndInternet);
            let product = scene.view.planning.product.or(scene.state.detection.hypervisor);
            card(ui, |ui| recommendation(ui, scene, goal, product));
            ui.add_space(space::STEP);
            segment(ui, scene, goal, product);
        },
    );
}

fn wishes(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("window-plan-goal"));
    for (index, goal) in Goal::ALL.into_iter().enumerate() {
        let title = scene.text(&format!("window-goal-{}", goal.name()));
        let detail = scene.text(&format!("window-goal-{}-text", goal.name()));
        if radio_card(ui, scene.view.planning.goal == index, &title, &detail).clicked() {
            scene.view.planning.goal = index;
        }
    }
    let recognized = scene.state.detection.hypervisor;
    let chosen = scene.view.planning.product.or(recognized);
    let mut names = vec![scene.text("window-plan-any-product")];
    names.extend(HypervisorId::ALL.iter().map(|id| product_name(scene, *id)));
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut index = chosen
        .and_then(|id| HypervisorId::ALL.iter().position(|known| *known == id))
        .map_or(0, |index| index + 1);
    let label = scene.text("window-mode-product");
    if select(ui, &label, &shown, &mut index) {
        scene.view.planning.product = index
            .checked_sub(1)
            .and_then(|index| HypervisorId::ALL.get(index))
            .copied();
    }
}

fn recommendation(ui: &mut Ui, scene: &mut Scene<'_>, goal: Goal, product: Option<HypervisorId>) {
    heading(ui, &scene.text("window-plan-mode"));
    let modes = modes_for(goal, product);
    let Some(best) = modes.first().copied() else {
        paragraph(ui, &scene.text("window-plan-no-mode"));
        let anyone = modes_for(goal, None);
        if let Some(mode) = anyone.first() {
            let name = mode_name(scene, *mode);
            secondary(ui, &scene.with("window-plan-elsewhere", &[("mode", &name)]));
        }
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(
            RichText::new(mode_name(scene, best))
                .font(font::title())
                .color(tokens(ui).text),
        );
        if let Some(id) = product {
            chip(ui, State::Info, &product_name(scene, id));
        }
    });
    paragraph(ui, &scene.text(&format!("window-mode-{}-text", best.name())));
    ways(ui, scene, product, best);
    let others: Vec<String> = modes
        .iter()
        .skip(1)
        .take(4)
        .map(|mode| mode_name(scene, *mode))
        .collect();
    if !others.is_empty() {
        secondary(
            ui,
            &scene.with("window-plan-also", &[("modes", &others.join(", "))]),
        );
    }
    note(ui, &scene.text(&format!("window-goal-{}-care", goal.name())));
}

fn segment(ui: &mut Ui, scene: &mut Scene<'_>, goal: Goal, product: Option<HypervisorId>) {
    let needs = modes_for(goal, product)
        .first()
        .is_none_or(|mode| has_own_segment(*mode));
    card(ui, |ui| {
        heading(ui, &scene.text("window-plan-segment"));
        if !needs {
            secondary(ui, &scene.text("window-plan-segment-of-lan"));
            return;
        }
        let facts = std::sync::Arc::clone(&scene.state.facts);
        let free = free_segments(&facts, product, 4);
        if free.is_empty() {
            secondary(ui, &scene.text("window-plan-no-segment"));
        }
        for (index, net) in free.iter().enumerate() {
            ui.horizontal(|ui| {
                let text = RichText::new(net.to_string())
                    .font(font::command())
                    .color(tokens(ui).text);
                ui.label(text);
                if index == 0 {
                    chip(ui, State::Ok, &scene.text("window-plan-best"));
                }
                let name = scene.text("window-copy");
                let copy = small_button(ui, &name);
                if copy.accessible_name(format!("{name}: {net}")).clicked() {
                    scene.wish(UserCommand::Copy(net.to_string()));
                }
            });
        }
        let taken = taken(&facts);
        if taken.is_empty() {
            note(ui, &scene.text("window-plan-nothing-read"));
        } else {
            note(ui, &scene.text("window-plan-taken"));
            let list: Vec<String> = taken.iter().take(24).map(|net| plain(&net.to_string())).collect();
            mono(ui, &list.join("  "));
        }
    });
}
