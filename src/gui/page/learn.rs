//! Short lessons, each with the user's own addresses, and a calculator for segments.

use std::net::IpAddr;

use egui::Ui;
use ipnet::IpNet;

use super::common::{is_narrow, note, two_columns};
pub use super::lesson::LESSONS;
use super::lesson::{Addresses, paint};
use super::{Header, Scene, header};
use crate::gui::theme::space;
use crate::gui::widget::{
    InputField, State, card, chip, heading, labelled_input, paragraph, radio_card, secondary, select,
};
use crate::model::{same_segment, segment_of};

/// The lesson in front, and what is tried out in it.
#[derive(Clone, Debug, Default)]
pub struct Learning {
    /// The lesson, by its place.
    pub lesson: usize,
    /// One address with its prefix.
    pub one: Option<String>,
    /// Another address with its prefix.
    pub other: Option<String>,
}

/// Draws the page.
pub fn draw(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (title, subtitle) = (scene.text("page-learn"), scene.text("window-learn-text"));
    let shown = Header {
        title: &title,
        subtitle: &subtitle,
        mono: false,
    };
    header(ui, scene, shown, |_, _| {});
    if is_narrow(ui) {
        // A list of all of them would push the lesson itself out of the window.
        let titles = LESSONS.map(|lesson| scene.text(&format!("learn-{lesson}")));
        let titles = titles.each_ref().map(String::as_str);
        let mut chosen = scene.view.learning.lesson;
        if select(ui, &scene.text("learn-choose"), &titles, &mut chosen) {
            scene.view.learning.lesson = chosen;
        }
        ui.add_space(space::GAP);
        lesson(ui, scene);
        return;
    }
    two_columns(
        ui,
        0.32,
        scene,
        |ui, scene| {
            card(ui, |ui| {
                for (index, lesson) in LESSONS.into_iter().enumerate() {
                    let title = scene.text(&format!("learn-{lesson}"));
                    if radio_card(ui, scene.view.learning.lesson == index, &title, "").clicked() {
                        scene.view.learning.lesson = index;
                    }
                }
            });
        },
        lesson,
    );
}

/// The lesson in front, and the calculator where it is about segments.
fn lesson(ui: &mut Ui, scene: &mut Scene<'_>) {
    let lesson = LESSONS
        .get(scene.view.learning.lesson)
        .copied()
        .unwrap_or(LESSONS[0]);
    card(ui, |ui| text_of(ui, scene, lesson));
    if ["segment", "mask", "same"].contains(&lesson) {
        ui.add_space(space::STEP);
        card(ui, |ui| calculator(ui, scene));
    }
}

fn text_of(ui: &mut Ui, scene: &mut Scene<'_>, lesson: &str) {
    heading(ui, &scene.text(&format!("learn-{lesson}")));
    for part in ["what", "why", "see"] {
        let key = format!("learn-{lesson}-{part}");
        if scene.language.has(&key) {
            paragraph(ui, &scene.text(&key));
        }
    }
    let own = Addresses::of(&scene.state.facts, scene.state.detection.guest_ip);
    ui.add_space(space::STEP);
    paint(ui, lesson, &own, |name| scene.text(&format!("learn-part-{name}")));
    if let Some(own) = own_example(scene, lesson) {
        ui.add_space(space::STEP);
        secondary(ui, &own);
    }
}

/// The lesson said with this machine's own addresses, where they are known.
fn own_example(scene: &Scene<'_>, lesson: &str) -> Option<String> {
    let host = &scene.state.facts.host;
    let route = host.default_routes().into_iter().next();
    let own = route
        .and_then(|route| host.adapter(route.adapter.as_deref()?))
        .and_then(|adapter| adapter.main_ipv4())?;
    let address = own.to_string();
    match lesson {
        "segment" | "mask" => {
            let net = own.trunc().to_string();
            Some(scene.with("learn-own-segment", &[("address", &address), ("net", &net)]))
        }
        "gateway" => {
            let via = route?.via?.to_string();
            Some(scene.with("learn-own-gateway", &[("address", &address), ("gateway", &via)]))
        }
        _ => {
            let guest = scene.state.detection.guest_ip?;
            let same = own.contains(&match guest {
                IpAddr::V4(guest) => guest,
                IpAddr::V6(_) => return None,
            });
            let key = if same {
                "learn-own-guest-same"
            } else {
                "learn-own-guest-other"
            };
            Some(scene.with(key, &[("address", &address), ("guest", &guest.to_string())]))
        }
    }
}

/// Two addresses with their masks: does one reach the other without a router?
fn calculator(ui: &mut Ui, scene: &mut Scene<'_>) {
    heading(ui, &scene.text("learn-calculator"));
    let host = &scene.state.facts.host;
    let usual = || {
        let route = host.default_routes().into_iter().next()?;
        host.adapter(route.adapter.as_deref()?)?.main_ipv4()
    };
    let learning = &scene.view.learning;
    let mut one = learning
        .one
        .clone()
        .or_else(|| usual().map(|net| net.to_string()))
        .unwrap_or_else(|| "192.168.1.23/24".to_owned());
    let mut other = learning.other.clone().unwrap_or_else(|| {
        let guest = scene.state.detection.guest_ip;
        guest.map_or_else(|| "192.168.220.131/24".to_owned(), |guest| format!("{guest}/24"))
    });
    let labels = [
        scene.text("learn-calculator-one"),
        scene.text("learn-calculator-other"),
    ];
    let error = scene.text("learn-calculator-wrong");
    let mut nets = Vec::new();
    ui.horizontal_wrapped(|ui| {
        let half = ((ui.available_width() - space::GAP) / 2.0).clamp(130.0, 280.0);
        for (label, text) in labels.iter().zip([&mut one, &mut other]) {
            ui.vertical(|ui| {
                ui.set_width(half);
                let net = parse(text);
                let field = InputField {
                    label,
                    hint: "192.168.1.23/24",
                    error: net.is_none().then_some(error.as_str()),
                    mono: true,
                    rows: 1,
                };
                labelled_input(ui, text, &field);
                if let Some(net) = net {
                    note(ui, &describe(scene, net));
                    nets.push(net);
                }
            });
        }
    });
    scene.view.learning.one = Some(one);
    scene.view.learning.other = Some(other);
    if let [one, other] = nets[..] {
        let (state, key) = if one.addr().is_ipv4() != other.addr().is_ipv4() {
            (State::Unknown, "learn-calculator-families")
        } else if same_segment(one, other) {
            (State::Ok, "learn-calculator-same")
        } else if segment_of(one).contains(&other.addr()) || segment_of(other).contains(&one.addr()) {
            (State::Warn, "learn-calculator-half")
        } else {
            (State::Info, "learn-calculator-different")
        };
        ui.add_space(space::STEP);
        chip(ui, state, &scene.text(key));
        secondary(ui, &scene.text(&format!("{key}-text")));
    }
}

/// `ADDR/PREFIX`, or `ADDR MASK` as Windows prints it.
fn parse(text: &str) -> Option<IpNet> {
    let text = text.trim();
    if let Ok(net) = text.parse() {
        return Some(net);
    }
    let mut words = text.split([' ', '/']).filter(|word| !word.is_empty());
    let (address, mask) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    if words.next().is_some() {
        return None;
    }
    IpNet::with_netmask(address, mask).ok()
}

/// Network, mask, broadcast and range of a segment.
fn describe(scene: &Scene<'_>, net: IpNet) -> String {
    let segment = segment_of(net);
    let (network, mask, last) = (
        segment.to_string(),
        segment.netmask().to_string(),
        segment.broadcast().to_string(),
    );
    let mut hosts = segment.hosts();
    let first = hosts
        .next()
        .map(|address| address.to_string())
        .unwrap_or_default();
    let end = match segment {
        IpNet::V4(segment) if segment.prefix_len() < 31 => {
            std::net::Ipv4Addr::from(u32::from(segment.broadcast()).wrapping_sub(1)).to_string()
        }
        segment => segment.broadcast().to_string(),
    };
    scene.with(
        "learn-calculator-facts",
        &[
            ("network", &network),
            ("mask", &mask),
            ("broadcast", &last),
            ("first", &first),
            ("last", &end),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_taken_with_prefix_or_mask_and_nothing_else() {
        let net = |text: &str| parse(text).map(|net| net.to_string());
        assert_eq!(net(" 192.168.1.23/24 "), Some("192.168.1.23/24".to_owned()));
        assert_eq!(
            net("192.168.1.23 255.255.255.0"),
            Some("192.168.1.23/24".to_owned())
        );
        assert_eq!(net("10.0.0.1/255.255.0.0"), Some("10.0.0.1/16".to_owned()));
        for text in [
            "",
            "10.0.0.1",
            "10.0.0.1/33",
            "10.0.0.1 255.0.255.0",
            "x/24",
            "10.0.0.1 255.0.0.0 x",
        ] {
            assert_eq!(net(text), None, "{text}");
        }
    }
}
