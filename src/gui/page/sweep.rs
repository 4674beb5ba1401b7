//! The search for the machine's address on its segment, where nothing on this machine tells it.

use egui::Ui;
use ipnet::IpNet;

use super::Scene;
use super::common::{milliseconds, mono, note, seconds};
use crate::diagnose::role;
use crate::diagram::plain;
use crate::gui::theme::space;
use crate::gui::widget::{progress_row, secondary_button, small_button};
use crate::model::{Case, Mode, segment_of};
use crate::probe::sweep::addresses;
use crate::wizard::state::{FoundHost, SweepStatus};
use crate::wizard::{self, Command, Detection};

/// Most segments that are offered, so that the buttons stay a choice.
const MAX_OFFERED: usize = 3;

/// Most machines that are listed; a longer list helps nobody to find one.
const MAX_LISTED: usize = 64;

/// Draws the offer while the machine's address is not told, the progress, and then who is there.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    match scene.state.sweep.clone() {
        SweepStatus::Idle => offer(ui, scene),
        SweepStatus::Running {
            net, asked, total, ..
        } => {
            let (net, done, all) = (net.to_string(), asked.to_string(), total.to_string());
            let text = if total == 0 {
                scene.with("window-sweep-begins", &[("net", &net)])
            } else {
                scene.with(
                    "window-sweep-running",
                    &[("net", &net), ("done", &done), ("all", &all)],
                )
            };
            let share = (total > 0).then(|| asked as f32 / total as f32);
            if progress_row(ui, &text, share, Some(&scene.text("window-cancel"))) {
                scene.wish(Command::Cancel);
            }
        }
        SweepStatus::Done { net, hosts, took } => {
            let (net, count, took) = (net.to_string(), hosts.len().to_string(), seconds(took));
            let key = if hosts.is_empty() {
                "window-sweep-nobody"
            } else {
                "window-sweep-found"
            };
            note(
                ui,
                &scene.with(key, &[("net", &net), ("n", &count), ("seconds", &took)]),
            );
            for found in hosts.iter().take(MAX_LISTED) {
                host(ui, scene, found);
            }
            offer(ui, scene);
        }
    }
}

fn offer(ui: &mut Ui, scene: &mut Scene<'_>) {
    // Packets are sent for this machine's own case alone.
    if !scene.state.origin.is_live() || scene.state.detection.guest_ip.is_some() {
        return;
    }
    let segments = segments(scene.state);
    if segments.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for net in &segments {
            let shown = net.to_string();
            if secondary_button(ui, &scene.with("window-sweep-look", &[("net", &shown)])).clicked() {
                scene.wish(Command::Sweep { net: *net });
            }
        }
    });
    note(ui, &scene.text("window-sweep-sends"));
}

fn host(ui: &mut Ui, scene: &mut Scene<'_>, found: &FoundHost) {
    let mut facts = Vec::new();
    facts.extend(found.mac.map(|mac| mac.to_string()));
    let own = scene.state.facts.host.holds(found.address) == Some(true);
    let who = match (&found.vm, own) {
        (Some(vm), _) => Some(plain(vm)),
        (None, true) => Some(scene.text("window-sweep-this-pc")),
        (None, false) => found.vendor.as_deref().map(plain),
    };
    facts.extend(who);
    facts.extend(found.rtt_us.map(|us| milliseconds(us, 1)));
    let address = found.address.to_string();
    let button = scene.with("window-sweep-use-name", &[("address", &address)]);
    ui.push_id(found.address, |ui| {
        ui.horizontal(|ui| {
            let room = (ui.available_width() - 130.0).max(120.0);
            ui.vertical(|ui| {
                ui.set_width(room);
                ui.spacing_mut().item_spacing.y = space::LINE;
                ui.label(
                    egui::RichText::new(&address)
                        .font(crate::gui::theme::font::command())
                        .color(crate::gui::theme::tokens(ui).text),
                );
                if !facts.is_empty() {
                    mono(ui, &facts.join(" · "));
                }
            });
            if !own
                && small_button(ui, &scene.text("window-sweep-use"))
                    .accessible_name(button)
                    .clicked()
            {
                scene.wish(Command::UseAsGuest(found.address));
            }
        });
    });
}

/// The segments that the machine may be on, the likeliest first: those of its network, else of every adapter that
/// serves machines; for a machine on the physical network that of the uplink.
fn segments(state: &wizard::State) -> Vec<IpNet> {
    let mut nets = likely(&state.facts, &state.detection);
    // A segment too large to ask through is none to look on.
    nets.retain(|net| net.prefix_len() < 31 && addresses(*net, false).is_ok());
    let mut distinct = Vec::new();
    for net in nets {
        if !distinct.contains(&net) {
            distinct.push(net);
        }
    }
    distinct.truncate(MAX_OFFERED);
    distinct
}

fn likely(facts: &Case, detection: &Detection) -> Vec<IpNet> {
    let host = &facts.host;
    let segment_of_adapter = |name: &str| {
        let adapter = host.adapters.rows().iter().find(|adapter| adapter.name == name)?;
        adapter.main_ipv4().map(|net| segment_of(net.into()))
    };
    if matches!(
        detection.mode,
        Some(Mode::Bridged | Mode::Macvtap | Mode::External | Mode::Mirrored)
    ) {
        return host
            .default_routes()
            .iter()
            .filter_map(|row| segment_of_adapter(row.adapter.as_deref()?))
            .collect();
    }
    let product = facts
        .hypervisors
        .iter()
        .find(|known| Some(known.id) == detection.hypervisor);
    let network = detection
        .network
        .as_deref()
        .and_then(|name| product.and_then(|product| product.network(name)));
    let own = network.and_then(|network| {
        let by_adapter = network.host_adapter.as_deref().and_then(segment_of_adapter);
        by_adapter.or(network.segment.map(|segment| segment.trunc()))
    });
    match own {
        Some(net) => vec![net],
        None => host
            .adapters
            .rows()
            .iter()
            .filter(|adapter| role::serves_machines(host, adapter))
            .filter_map(|adapter| adapter.main_ipv4())
            .map(|net| segment_of(net.into()))
            .collect(),
    }
}
