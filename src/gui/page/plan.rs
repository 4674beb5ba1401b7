//! Which mode would do for what one wants, segments for it that collide with nothing here, and what makes them.

use std::sync::Arc;

use egui::{RichText, Ui};
use ipnet::Ipv4Net;

use super::common::{explained, is_narrow, lesson_button, mode_name, mono, note, product_name, two_columns};
use super::hypervisor_mode::ways;
use super::{Header, Scene, header};
use crate::diagram::{self, plain};
use crate::gui::command::UserCommand;
use crate::gui::theme::{font, space, tokens};
use crate::gui::widget::diagram::{DiagramWords, diagram as diagram_widget};
use crate::gui::widget::{
    InputField, State, card, chip, heading, heading_row, labelled_input, paragraph, radio_card, secondary,
    select, small_button,
};
use crate::knowledge::{
    Goal, MOST_SEGMENTS, NetworkPlan, Objection, PlannedSegment, Purpose, RouteOn, has_own_segment,
    modes_for, objections, plan, planned_case, taken,
};
use crate::model::{Case, HypervisorId, Os};
use crate::remedy::{
    NewNetwork, Remedy, Where, create_network, enable_forwarding, forward_into, forward_on_router, route_via,
    set_gateway,
};

/// What is wished for.
#[derive(Clone, Debug)]
pub struct Planning {
    /// The goal, by its place in [`Goal::ALL`].
    pub goal: usize,
    /// The product, when it is not the recognized one.
    pub product: Option<HypervisorId>,
    /// How many segments, where the goal leaves it open.
    pub count: usize,
    /// The segment that the user would like to use, as typed.
    pub typed: String,
}

impl Default for Planning {
    fn default() -> Self {
        Self {
            goal: 0,
            product: None,
            count: 2,
            typed: String::new(),
        }
    }
}

/// Width of the names before the numbers of a segment, in points.
const LABELS: f32 = 150.0;

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (title, subtitle) = (scene.text("page-plan"), scene.text("window-plan-text"));
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    header(ui, scene, shown, |_, _| {});
    let narrow = is_narrow(ui);
    two_columns(
        ui,
        0.42,
        scene,
        |ui, scene| {
            card(ui, |ui| wishes(ui, scene, narrow));
        },
        |ui, scene| {
            let goal = Goal::ALL
                .get(scene.view.planning.goal)
                .copied()
                .unwrap_or(Goal::HostAndInternet);
            let product = scene.view.planning.product.or(scene.state.detection.hypervisor);
            card(ui, |ui| recommendation(ui, scene, goal, product));
            ui.add_space(space::STEP);
            segments(ui, scene, goal, product);
            own_wish(ui, scene);
        },
    );
}

fn wishes(ui: &mut Ui, scene: &mut Scene<'_>, narrow: bool) {
    if narrow {
        // Six cards would push the answer out of the window.
        let titles = Goal::ALL.map(|goal| scene.text(&format!("window-goal-{}", goal.name())));
        let titles = titles.each_ref().map(String::as_str);
        let mut chosen = scene.view.planning.goal;
        if select(ui, &scene.text("window-plan-goal"), &titles, &mut chosen) {
            scene.view.planning.goal = chosen;
        }
        if let Some(goal) = Goal::ALL.get(chosen) {
            secondary(ui, &scene.text(&format!("window-goal-{}-text", goal.name())));
        }
    } else {
        heading(ui, &scene.text("window-plan-goal"));
        for (index, goal) in Goal::ALL.into_iter().enumerate() {
            let title = scene.text(&format!("window-goal-{}", goal.name()));
            let detail = scene.text(&format!("window-goal-{}-text", goal.name()));
            if radio_card(ui, scene.view.planning.goal == index, &title, &detail).clicked() {
                scene.view.planning.goal = index;
            }
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

/// The segments of the plan with all that is to be set up, or why there are none.
fn segments(ui: &mut Ui, scene: &mut Scene<'_>, goal: Goal, product: Option<HypervisorId>) {
    let facts = Arc::clone(&scene.state.facts);
    if goal == Goal::Routed {
        how_many(ui, scene);
    }
    let count = scene.view.planning.count.clamp(1, MOST_SEGMENTS);
    let Some(made) = plan(&facts, goal, product, count) else {
        let best = modes_for(goal, product).into_iter().next();
        let key = match best {
            Some(mode) if !has_own_segment(mode) => "window-plan-segment-of-lan",
            Some(_) => "window-plan-no-segment",
            None => return,
        };
        card(ui, |ui| secondary(ui, &scene.text(key)));
        ui.add_space(space::STEP);
        return;
    };
    preview(ui, scene, &facts, &made, product);
    for segment in &made.segments {
        ui.add_space(space::STEP);
        card(ui, |ui| addresses(ui, scene, segment));
    }
    let os = facts.host.os.unwrap_or(Os::Other);
    if let Some(id) = product {
        for (index, segment) in made.segments.iter().enumerate() {
            ui.add_space(space::STEP);
            to_make(ui, scene, index, os, id, segment);
        }
    }
    ui.add_space(space::STEP);
    beside(ui, scene, &made, os, product);
}

fn how_many(ui: &mut Ui, scene: &mut Scene<'_>) {
    let names: Vec<String> = (1..=MOST_SEGMENTS).map(|count| count.to_string()).collect();
    let shown: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut index = scene.view.planning.count.clamp(1, MOST_SEGMENTS) - 1;
    card(ui, |ui| {
        if select(ui, &scene.text("plan-count"), &shown, &mut index) {
            scene.view.planning.count = index + 1;
        }
    });
    ui.add_space(space::STEP);
}

/// The plan on the same diagram as what is there.
fn preview(ui: &mut Ui, scene: &Scene<'_>, facts: &Case, made: &NetworkPlan, product: Option<HypervisorId>) {
    let label = |purpose: Purpose| scene.text(&format!("plan-machine-{}", purpose.key()));
    let router = scene.text("plan-machine-router");
    let after = planned_case(facts, made, product.unwrap_or_default(), label, &router);
    let picture = diagram::Scene::from_case(&after, scene.language);
    let name = scene.text("plan-preview");
    let zoom = [
        scene.text("window-shortcut-zoom-in"),
        scene.text("window-shortcut-zoom-out"),
        scene.text("window-picture-fit"),
    ];
    let [larger, smaller, fit] = zoom.each_ref().map(String::as_str);
    let words = DiagramWords {
        name: &name,
        from: "",
        to: "",
        larger,
        smaller,
        fit,
    };
    card(ui, |ui| {
        heading(ui, &name);
        diagram_widget(ui, &picture, None, &words, false);
    });
}

/// The numbers of one segment.
fn addresses(ui: &mut Ui, scene: &mut Scene<'_>, segment: &PlannedSegment) {
    let name = segment.purpose.network_name();
    let mode = mode_name(scene, segment.mode);
    heading_row(ui, &name, |ui| chip(ui, State::Info, &mode));
    secondary(
        ui,
        &scene.text(&format!("plan-purpose-{}", segment.purpose.key())),
    );
    let none = scene.text("plan-none");
    let or_none = |address: Option<std::net::Ipv4Addr>| {
        address.map_or_else(|| none.as_str().to_owned(), |address| address.to_string())
    };
    let lends = segment.dhcp.map_or_else(
        || none.as_str().to_owned(),
        |(first, last)| format!("{first} – {last}"),
    );
    let rows = [
        ("plan-segment", segment.net.to_string(), true, Some("segment")),
        ("plan-host", or_none(segment.host), segment.host.is_some(), None),
        (
            "plan-gateway",
            or_none(segment.gateway),
            segment.gateway.is_some(),
            Some("gateway"),
        ),
        ("plan-dhcp", lends, false, Some("dhcp")),
        ("plan-first", segment.first_machine.to_string(), true, None),
    ];
    for (key, value, copyable, lesson) in rows {
        fact_row(ui, scene, &scene.text(key), &value, copyable, lesson);
    }
}

/// A name, a value, a button that copies it, and a sign that leads to the lesson about it.
fn fact_row(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    name: &str,
    value: &str,
    copyable: bool,
    lesson: Option<&str>,
) {
    // A row that is too long would make the whole column wider than the window.
    ui.horizontal_wrapped(|ui| {
        let tokens = tokens(ui);
        let column = egui::vec2(LABELS, ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(column, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_size(column);
            ui.add(egui::Label::new(RichText::new(name).font(font::small()).color(tokens.text2)).truncate());
        });
        ui.label(RichText::new(value).font(font::command()).color(tokens.text));
        if copyable {
            let word = scene.text("window-copy");
            let copy = small_button(ui, &word);
            if copy.accessible_name(format!("{word}: {value}")).clicked() {
                scene.wish(UserCommand::Copy(value.to_owned()));
            }
        }
        if let Some(lesson) = lesson {
            lesson_button(ui, scene, lesson);
        }
    });
}

/// What makes the network of a segment: a command, or what to enter by hand.
fn to_make(
    ui: &mut Ui,
    scene: &mut Scene<'_>,
    index: usize,
    os: Os,
    id: HypervisorId,
    segment: &PlannedSegment,
) {
    let name = segment.purpose.network_name();
    for remedy in create_network(os, id, &new_network(segment, &name)) {
        show_remedy(ui, scene, index, &remedy);
    }
}

/// One thing to be set beside the networks: a sentence, and the commands that do it.
type Step = (String, Vec<Remedy>);

/// Routes, forwards and the router machine: what no product sets by itself, each with its commands.
fn beside(ui: &mut Ui, scene: &mut Scene<'_>, made: &NetworkPlan, os: Os, product: Option<HypervisorId>) {
    let mut steps = routes(scene, made, os);
    steps.extend(forwards(scene, made, os, product));
    if steps.is_empty() && !made.router_machine {
        return;
    }
    card(ui, |ui| {
        heading(ui, &scene.text("plan-beside"));
        if made.router_machine {
            paragraph(ui, &scene.text("plan-router-text"));
        }
    });
    if made.router_machine {
        for remedy in enable_forwarding(Where::Guest, Os::Linux, "") {
            show_remedy(ui, scene, FIRST_BESIDE, &remedy);
        }
    }
    for (index, (sentence, remedies)) in steps.iter().enumerate() {
        ui.add_space(space::STEP);
        paragraph(ui, sentence);
        for (place, remedy) in remedies.iter().enumerate() {
            show_remedy(ui, scene, FIRST_BESIDE + 1 + index * 8 + place, remedy);
        }
    }
    ui.add_space(space::STEP);
}

/// The first number of a command here: those that make the segments are counted before.
const FIRST_BESIDE: usize = 100;

fn show_remedy(ui: &mut Ui, scene: &mut Scene<'_>, index: usize, remedy: &Remedy) {
    match remedy {
        Remedy::Command(command) => super::fix::command_remedy(ui, scene, index, command),
        Remedy::Ask { ask, .. } => {
            card(ui, |ui| paragraph(ui, &scene.say(ask)));
        }
    }
}

/// The routes that the LAN's router, this PC and the machines need.
fn routes(scene: &Scene<'_>, made: &NetworkPlan, os: Os) -> Vec<Step> {
    let mut steps = Vec::new();
    for route in &made.routes {
        let (key, on, os) = match route.on {
            // Many routers run Linux; the others have a page for what the line says.
            RouteOn::LanRouter => ("plan-route-lan-router", Where::Network, Os::Linux),
            RouteOn::Host => ("plan-route-host", Where::Host, os),
        };
        let via = route
            .via
            .map_or_else(|| scene.text("plan-this-pc"), |via| via.to_string());
        let line = scene.with(key, &[("segment", &route.destination.to_string()), ("via", &via)]);
        let commands = route
            .via
            .map(|via| route_via(on, os, route.destination.into(), via.into()));
        steps.push((line, commands.unwrap_or_default()));
    }
    let guest = scene.state.case.intake.guest_os.unwrap_or(Os::Linux);
    for segment in &made.segments {
        if let Some(gateway) = segment.gateway.filter(|_| segment.dhcp.is_none()) {
            let (net, shown) = (segment.net.to_string(), gateway.to_string());
            let line = scene.with("plan-route-machines", &[("segment", &net), ("gateway", &shown)]);
            steps.push((line, set_gateway(guest, None, gateway.into(), None)));
        }
    }
    steps
}

/// The ports to forward: on the router machine, and before it where the outer segment is translated.
fn forwards(scene: &Scene<'_>, made: &NetworkPlan, os: Os, product: Option<HypervisorId>) -> Vec<Step> {
    let mut steps = Vec::new();
    let outside = made
        .segments
        .iter()
        .find(|segment| segment.purpose == Purpose::Outside);
    for forward in &made.forwards {
        let (port, to) = (
            forward.outside.to_string(),
            format!("{}:{}", forward.address, forward.port),
        );
        let line = scene.with("plan-forward", &[("outside", &port), ("to", &to)]);
        let command = forward_on_router(forward.outside, forward.address, forward.port);
        steps.push((line, vec![command]));
        let (Some(outside), Some(id)) = (outside, product) else {
            continue;
        };
        let name = outside.purpose.network_name();
        let commands = forward_into(
            os,
            id,
            &new_network(outside, &name),
            outside.first_machine,
            forward.outside,
        );
        if !commands.is_empty() {
            let router = outside.first_machine.to_string();
            let line = scene.with("plan-forward-host", &[("port", &port), ("address", &router)]);
            steps.push((line, commands));
        }
    }
    steps
}

fn new_network<'a>(segment: &PlannedSegment, name: &'a str) -> NewNetwork<'a> {
    NewNetwork {
        name,
        mode: segment.mode,
        net: segment.net,
        host: segment.host,
        dhcp: segment.dhcp,
    }
}

/// A segment that the user has in mind, held against all that is known here.
fn own_wish(ui: &mut Ui, scene: &mut Scene<'_>) {
    let facts = Arc::clone(&scene.state.facts);
    card(ui, |ui| {
        heading(ui, &scene.text("plan-check"));
        let mut text = scene.view.planning.typed.clone();
        let net = text.trim().parse::<Ipv4Net>().ok();
        let (label, wrong) = (scene.text("plan-check-label"), scene.text("plan-check-wrong"));
        let field = InputField {
            label: &label,
            hint: "192.168.60.0/24",
            error: (net.is_none() && !text.trim().is_empty()).then_some(wrong.as_str()),
            mono: true,
            rows: 1,
        };
        explained(ui, scene, "mask", |ui, _| labelled_input(ui, &mut text, &field));
        scene.view.planning.typed = text.chars().take(64).collect();
        let Some(net) = net else { return };
        let found = objections(&facts, net);
        if found.is_empty() {
            chip(ui, State::Ok, &scene.text("plan-check-free"));
        }
        for objection in &found {
            let (state, line) = objected(scene, net, objection);
            chip(ui, state, &line);
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

fn objected(scene: &Scene<'_>, wanted: Ipv4Net, objection: &Objection) -> (State, String) {
    let wanted = wanted.trunc().to_string();
    match objection {
        Objection::Taken { by, net, tunnel } => {
            let key = if *tunnel {
                "plan-taken-tunnel"
            } else {
                "plan-taken"
            };
            let (by, net) = (plain(by), net.to_string());
            let line = scene.with(key, &[("wanted", &wanted), ("by", &by), ("net", &net)]);
            (State::Broken, line)
        }
        Objection::NotPrivate => (
            State::Broken,
            scene.with("plan-not-private", &[("wanted", &wanted)]),
        ),
        Objection::TooSmall => (
            State::Broken,
            scene.with("plan-too-small", &[("wanted", &wanted)]),
        ),
        Objection::Common => (State::Warn, scene.with("plan-common", &[("wanted", &wanted)])),
    }
}
