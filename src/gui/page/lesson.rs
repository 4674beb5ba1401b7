//! The lessons of the *Learn* page: their order, the picture of each, and which one belongs to a finding.
//!
//! A picture is data: boxes on a grid with wires between them, labelled with this machine's own addresses where
//! they are known and with usual ones where they are not.

use std::net::IpAddr;

use egui::{Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use ipnet::{IpNet, Ipv4Net};

use crate::diagnose::Station;
use crate::gui::theme::{Tokens, font, tokens};
use crate::gui::widget::text::line;
use crate::model::{Adapter, Case, segment_of};

/// The lessons, in order; the ends of their text keys.
pub const LESSONS: [&str; 17] = [
    "segment",
    "mask",
    "same",
    "gateway",
    "route",
    "nat",
    "bridged",
    "host-only",
    "internal",
    "routed",
    "macvtap",
    "neighbor",
    "firewall",
    "dhcp",
    "mtu",
    "vpn",
    "dns",
];

/// The place of the lesson that explains a finding: by its cause where that has one of its own, else by the
/// station at which it sits.
pub fn lesson_of(cause: &str, station: Station) -> usize {
    let by_cause = [
        ("vpn", "vpn"),
        ("macvtap", "macvtap"),
        ("apipa", "dhcp"),
        ("dhcp", "dhcp"),
        ("mask", "mask"),
        ("nat", "nat"),
        ("forward", "nat"),
        ("internal", "internal"),
        ("host-only", "host-only"),
        ("hostonly", "host-only"),
        ("gateway", "gateway"),
        ("duplicate", "neighbor"),
        ("mtu", "mtu"),
        ("bridge", "bridged"),
        ("overlap", "same"),
        ("wrong-subnet", "same"),
        ("route", "route"),
    ];
    let word = by_cause.iter().find(|(part, _)| {
        cause.split('-').any(|word| word == *part) || cause.contains(part) && part.contains('-')
    });
    let name = word.map(|(_, lesson)| *lesson).unwrap_or(match station {
        Station::HostFirewall | Station::GuestFirewall => "firewall",
        Station::HostRoute | Station::GuestRoute | Station::Forwarding => "route",
        Station::Link | Station::VmNic => "neighbor",
        Station::NatEngine => "nat",
        Station::Dns | Station::Internet => "dns",
        Station::GuestAddress => "dhcp",
        Station::Uplink => "bridged",
        _ => "segment",
    });
    LESSONS.iter().position(|lesson| *lesson == name).unwrap_or(0)
}

/// The addresses that the pictures speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// This PC on the physical network.
    pub host: String,
    /// Its segment.
    pub lan: String,
    /// The router of that.
    pub gateway: String,
    /// The virtual machine.
    pub guest: String,
    /// Its segment.
    pub segment: String,
    /// This PC's address there.
    pub inner: String,
    /// This PC's address with its prefix.
    pub masked: String,
    /// An address of the same segment that takes it for another one, because its prefix is one longer.
    pub misread: String,
    /// The address that the machine gave itself, where it got none.
    pub given_up: String,
    /// What goes into the tunnel.
    pub tunnelled: String,
    /// The largest packet of this PC's adapter, and of the tunnel.
    pub mtu: (String, String),
}

impl Addresses {
    /// Those of this machine, completed by usual ones.
    pub fn of(case: &Case, guest: Option<IpAddr>) -> Self {
        let route = case.host.default_routes().into_iter().next();
        let own = route
            .and_then(|route| case.host.adapter(route.adapter.as_deref()?))
            .and_then(|adapter| adapter.main_ipv4());
        let gateway = route.and_then(|route| route.via);
        let shared = guest.and_then(|guest| {
            let adapters = case.host.adapters.rows().iter();
            adapters
                .filter_map(|adapter| adapter.nets().find(|net| net.contains(&guest)))
                .next()
        });
        let adapters = || case.host.adapters.rows().iter();
        let tunnel = adapters().find(|adapter| adapter.is_tunnel() && adapter.enabled != Some(false));
        // The prefix that would take the machine's packets, else the first that is no single address.
        let mut tunnelled: Vec<IpNet> = case
            .host
            .routes
            .rows()
            .iter()
            .filter(|row| row.adapter.is_some() && row.adapter.as_ref() == tunnel.map(|tunnel| &tunnel.name))
            .map(|row| row.destination)
            .filter(|net| net.prefix_len() < net.max_prefix_len() && net.addr().is_ipv4())
            .collect();
        tunnelled.sort_by_key(|net| !guest.is_some_and(|guest| net.contains(&guest)));
        let given_up = case
            .guest
            .adapters
            .rows()
            .iter()
            .flat_map(|adapter| adapter.nets());
        let given_up = given_up
            .map(|net| net.addr())
            .find(|address| matches!(address, IpAddr::V4(address) if address.is_link_local()));
        let own_adapter = route.and_then(|route| case.host.adapter(route.adapter.as_deref()?));
        let mtu =
            |adapter: Option<&Adapter>| adapter.and_then(|adapter| adapter.mtu).map(|mtu| mtu.to_string());
        let or = |known: Option<String>, usual: &str| known.unwrap_or_else(|| usual.to_owned());
        Self {
            masked: or(own.map(|net| net.to_string()), "10.0.0.5/24"),
            misread: or(own.and_then(misread).map(|net| net.to_string()), "10.0.0.200/25"),
            given_up: or(given_up.map(|address| address.to_string()), "169.254.17.3"),
            tunnelled: or(tunnelled.first().map(|net| net.to_string()), "192.168.0.0/16"),
            mtu: (or(mtu(own_adapter), "1500"), or(mtu(tunnel), "1380")),
            host: or(own.map(|net| net.addr().to_string()), "192.168.1.23"),
            lan: or(own.map(|net| net.trunc().to_string()), "192.168.1.0/24"),
            gateway: or(gateway.map(|via| via.to_string()), "192.168.1.1"),
            guest: or(guest.map(|guest| guest.to_string()), "192.168.122.50"),
            segment: or(shared.map(|net| segment_of(net).to_string()), "192.168.122.0/24"),
            inner: or(shared.map(|net| net.addr().to_string()), "192.168.122.1"),
        }
    }
}

/// An address of the same segment, in its other half, with a prefix that is one longer; `None` where there is none.
fn misread(own: Ipv4Net) -> Option<Ipv4Net> {
    let longer = own.prefix_len() + 1;
    let bit = 1u32.checked_shl(32u32.checked_sub(u32::from(longer))?)?;
    // With two addresses or less nothing is left to be misread.
    if longer > 30 {
        return None;
    }
    Ipv4Net::new((u32::from(own.addr()) ^ bit).into(), longer).ok()
}

/// The color of a box or a wire.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    Plain,
    Lan,
    Nat,
    Host,
    Broken,
}

/// Which of the addresses stands in a box.
#[derive(Clone, Copy)]
enum Detail {
    None,
    Host,
    Gateway,
    Guest,
    Inner,
    Lan,
    Segment,
    Masked,
    Misread,
    GivenUp,
    Tunnelled,
    Mtu,
    TunnelMtu,
    Fixed(&'static str),
}

/// Columns and rows of the grid.
const GRID: (f32, f32) = (12.0, 4.0);

/// Height of a picture, in points.
const HEIGHT: f32 = 150.0;

/// Size of a box, in points.
const BOX: (f32, f32) = (124.0, 40.0);

/// A box in the middle of a place: name (the end of a text key), detail, color.
struct Part(f32, f32, &'static str, Detail, Ink);

/// A wire between two places.
struct Wire(f32, f32, f32, f32, Ink);

/// The boxes and wires of a lesson.
fn picture(lesson: &str) -> (&'static [Part], &'static [Wire]) {
    use Detail::{
        Fixed, Gateway, GivenUp, Guest, Host, Inner, Lan, Masked, Misread, Mtu, None as Nothing, Segment,
        TunnelMtu, Tunnelled,
    };
    match lesson {
        "segment" => (
            &[
                Part(2.0, 0.8, "pc", Host, Ink::Lan),
                Part(2.0, 3.2, "lan", Lan, Ink::Plain),
                Part(9.5, 0.8, "vm", Guest, Ink::Nat),
                Part(9.5, 3.2, "virtual", Segment, Ink::Plain),
            ],
            &[
                Wire(2.0, 0.8, 2.0, 3.2, Ink::Lan),
                Wire(9.5, 0.8, 9.5, 3.2, Ink::Nat),
            ],
        ),
        "mask" => (
            &[
                Part(2.0, 2.0, "one", Masked, Ink::Lan),
                Part(9.5, 2.0, "other", Misread, Ink::Broken),
            ],
            &[Wire(2.0, 2.0, 9.5, 2.0, Ink::Broken)],
        ),
        "same" => (
            &[
                Part(1.8, 2.0, "pc", Host, Ink::Lan),
                Part(6.0, 2.0, "router", Gateway, Ink::Lan),
                Part(10.2, 2.0, "outside", Nothing, Ink::Plain),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Lan),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Plain),
            ],
        ),
        "gateway" => (
            &[
                Part(1.8, 2.0, "vm", Guest, Ink::Nat),
                Part(6.0, 2.0, "gateway", Inner, Ink::Nat),
                Part(10.2, 2.0, "outside", Nothing, Ink::Plain),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Nat),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Plain),
            ],
        ),
        "route" => (
            &[
                Part(1.8, 2.0, "pc", Host, Ink::Lan),
                Part(9.0, 0.8, "longest", Segment, Ink::Nat),
                Part(9.0, 3.2, "default", Fixed("0.0.0.0/0"), Ink::Plain),
            ],
            &[
                Wire(1.8, 2.0, 9.0, 0.8, Ink::Nat),
                Wire(1.8, 2.0, 9.0, 3.2, Ink::Plain),
            ],
        ),
        "nat" => (
            &[
                Part(1.8, 2.0, "vm", Guest, Ink::Nat),
                Part(6.0, 2.0, "translation", Host, Ink::Nat),
                Part(10.2, 2.0, "outside", Nothing, Ink::Plain),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Nat),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Lan),
            ],
        ),
        "bridged" => (
            &[
                Part(1.8, 0.8, "pc", Host, Ink::Lan),
                Part(6.0, 0.8, "vm", Lan, Ink::Lan),
                Part(10.2, 0.8, "router", Gateway, Ink::Lan),
            ],
            &[
                Wire(1.0, 3.2, 11.0, 3.2, Ink::Lan),
                Wire(1.8, 0.8, 1.8, 3.2, Ink::Lan),
                Wire(6.0, 0.8, 6.0, 3.2, Ink::Lan),
                Wire(10.2, 0.8, 10.2, 3.2, Ink::Lan),
            ],
        ),
        "host-only" => (
            &[
                Part(1.8, 2.0, "vm", Guest, Ink::Host),
                Part(6.0, 2.0, "pc", Inner, Ink::Host),
                Part(10.2, 2.0, "outside", Nothing, Ink::Broken),
            ],
            &[Wire(1.8, 2.0, 6.0, 2.0, Ink::Host)],
        ),
        "internal" => (
            &[
                Part(1.8, 2.0, "vm", Nothing, Ink::Host),
                Part(6.0, 2.0, "vm", Nothing, Ink::Host),
                Part(10.2, 2.0, "pc", Host, Ink::Broken),
            ],
            &[Wire(1.8, 2.0, 6.0, 2.0, Ink::Host)],
        ),
        "routed" => (
            &[
                Part(1.8, 2.0, "vm", Guest, Ink::Host),
                Part(6.0, 2.0, "pc", Host, Ink::Lan),
                Part(10.2, 2.0, "router", Gateway, Ink::Lan),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Host),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Lan),
            ],
        ),
        "macvtap" => (
            &[
                Part(1.8, 0.8, "vm", Lan, Ink::Lan),
                Part(1.8, 3.2, "pc", Host, Ink::Broken),
                Part(6.0, 2.0, "card", Nothing, Ink::Lan),
                Part(10.2, 2.0, "lan", Lan, Ink::Plain),
            ],
            &[
                Wire(1.8, 0.8, 6.0, 2.0, Ink::Lan),
                Wire(1.8, 3.2, 6.0, 2.0, Ink::Lan),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Lan),
                Wire(1.8, 0.8, 1.8, 3.2, Ink::Broken),
            ],
        ),
        "neighbor" => (
            &[
                Part(2.5, 2.0, "pc", Inner, Ink::Host),
                Part(9.5, 2.0, "vm", Guest, Ink::Host),
            ],
            &[Wire(2.5, 2.0, 9.5, 2.0, Ink::Host)],
        ),
        "firewall" => (
            &[
                Part(1.8, 2.0, "pc", Inner, Ink::Host),
                Part(6.0, 2.0, "filter", Nothing, Ink::Broken),
                Part(10.2, 2.0, "vm", Guest, Ink::Host),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Host),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Host),
            ],
        ),
        "dhcp" => (
            &[
                Part(2.0, 2.0, "vm", GivenUp, Ink::Broken),
                Part(9.5, 2.0, "dhcp", Inner, Ink::Host),
            ],
            &[Wire(2.0, 2.0, 9.5, 2.0, Ink::Broken)],
        ),
        "mtu" => (
            &[
                Part(1.8, 2.0, "one", Mtu, Ink::Lan),
                Part(6.0, 2.0, "tunnel", TunnelMtu, Ink::Broken),
                Part(10.2, 2.0, "other", Mtu, Ink::Lan),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 2.0, Ink::Lan),
                Wire(6.0, 2.0, 10.2, 2.0, Ink::Lan),
            ],
        ),
        "vpn" => (
            &[
                Part(1.8, 2.0, "pc", Host, Ink::Lan),
                Part(9.0, 0.8, "tunnel", Tunnelled, Ink::Broken),
                Part(9.0, 3.2, "vm", Guest, Ink::Nat),
            ],
            &[
                Wire(1.8, 2.0, 9.0, 0.8, Ink::Broken),
                Wire(1.8, 2.0, 9.0, 3.2, Ink::Nat),
            ],
        ),
        "dns" => (
            &[
                Part(1.8, 2.0, "vm", Guest, Ink::Nat),
                Part(6.0, 0.8, "resolver", Inner, Ink::Broken),
                Part(10.2, 2.0, "outside", Nothing, Ink::Plain),
            ],
            &[
                Wire(1.8, 2.0, 6.0, 0.8, Ink::Broken),
                Wire(1.8, 2.0, 10.2, 2.0, Ink::Nat),
            ],
        ),
        _ => (&[], &[]),
    }
}

/// Paints the picture of a lesson over the width that is there; `word` says the name of a part.
pub fn paint(ui: &mut Ui, lesson: &str, own: &Addresses, word: impl Fn(&str) -> String) {
    let (parts, wires) = picture(lesson);
    if parts.is_empty() {
        return;
    }
    let width = ui.available_width().min(560.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), egui::Sense::hover());
    let spoken: Vec<String> = parts
        .iter()
        .map(|part| {
            format!("{} {}", word(part.2), detail(part.3, own))
                .trim()
                .to_owned()
        })
        .collect();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Figure, true, spoken.join(", ")));
    let tokens = *tokens(ui);
    let painter = ui.painter_at(rect);
    // Boxes stay whole at the edges.
    let inner = rect.shrink2(vec2(4.0, 6.0));
    let at = |x: f32, y: f32| -> Pos2 {
        pos2(
            egui::lerp(inner.x_range(), x / GRID.0),
            egui::lerp(inner.y_range(), y / GRID.1),
        )
    };
    for wire in wires {
        let stroke = Stroke::new(2.0, color(wire.4, &tokens));
        let ends = [at(wire.0, wire.1), at(wire.2, wire.3)];
        if wire.4 == Ink::Broken {
            painter.extend(egui::Shape::dashed_line(&ends, stroke, 5.0, 4.0));
        } else {
            painter.line_segment(ends, stroke);
        }
    }
    let size = vec2(BOX.0.min(width / 3.3), BOX.1);
    for part in parts {
        let place = Rect::from_center_size(at(part.0, part.1), size);
        let clamped = place.translate(vec2(
            (inner.left() - place.left()).max(0.0) - (place.right() - inner.right()).max(0.0),
            (inner.top() - place.top()).max(0.0) - (place.bottom() - inner.bottom()).max(0.0),
        ));
        let (name, address) = (word(part.2), detail(part.3, own));
        boxed(ui, clamped, &name, &address, color(part.4, &tokens));
    }
}

fn boxed(ui: &Ui, place: Rect, name: &str, detail: &str, color: egui::Color32) {
    let tokens = tokens(ui);
    let painter = ui.painter();
    painter.rect(
        place,
        6.0,
        tokens.surface,
        Stroke::new(1.5, color),
        StrokeKind::Inside,
    );
    let said = format!("{name} {detail}");
    // Two machines of a picture may be called alike.
    let at = place.min.round();
    let id = ui.scope_id().with(("part", &said, at.x as i32, at.y as i32));
    let response = ui.interact(place, id, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, said.trim()));
    let room = place.width() - 8.0;
    let up = if detail.is_empty() { 0.0 } else { 8.0 };
    let mut cut = false;
    for (text, font, color, down) in [
        (name, font::small(), tokens.text, -up),
        (detail, font::fact(), tokens.text2, 9.0),
    ] {
        let galley = line(ui, text, font, color, room);
        cut |= galley.elided;
        let at = place.center() + vec2(0.0, down) - galley.size() / 2.0;
        painter.galley(at.round(), galley, color);
    }
    if cut {
        response.on_hover_text(said.trim());
    }
}

fn detail(detail: Detail, own: &Addresses) -> String {
    match detail {
        Detail::None => "",
        Detail::Host => &own.host,
        Detail::Gateway => &own.gateway,
        Detail::Guest => &own.guest,
        Detail::Inner => &own.inner,
        Detail::Lan => &own.lan,
        Detail::Segment => &own.segment,
        Detail::Masked => &own.masked,
        Detail::Misread => &own.misread,
        Detail::GivenUp => &own.given_up,
        Detail::Tunnelled => &own.tunnelled,
        Detail::Mtu => &own.mtu.0,
        Detail::TunnelMtu => &own.mtu.1,
        Detail::Fixed(text) => text,
    }
    .to_owned()
}

fn color(ink: Ink, tokens: &Tokens) -> egui::Color32 {
    match ink {
        Ink::Plain => tokens.text2,
        Ink::Lan => tokens.lan,
        Ink::Nat => tokens.nat,
        Ink::Host => tokens.host,
        Ink::Broken => tokens.broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::rules;
    use crate::locale::Language;

    #[test]
    fn every_lesson_has_words_and_a_picture_on_the_grid() {
        for lesson in LESSONS {
            let (parts, wires) = picture(lesson);
            assert!(!parts.is_empty() && !wires.is_empty(), "{lesson}");
            for Part(x, y, name, ..) in parts {
                assert!(
                    (0.0..=GRID.0).contains(x) && (0.0..=GRID.1).contains(y),
                    "{lesson}"
                );
                for language in Language::ALL {
                    assert!(language.has(&format!("learn-part-{name}")), "{lesson}: {name}");
                }
            }
            for language in Language::ALL {
                for part in ["", "-what", "-why", "-see"] {
                    assert!(language.has(&format!("learn-{lesson}{part}")), "{lesson}{part}");
                }
            }
        }
    }

    #[test]
    fn pictures_speak_of_the_addresses_that_are_known() {
        let usual = Addresses::of(&Case::default(), None);
        assert_eq!(
            (usual.masked.as_str(), usual.misread.as_str()),
            ("10.0.0.5/24", "10.0.0.200/25")
        );
        let case = Case::from_json(
            r#"{ "host": {
                "adapters": [
                    { "name": "eth0", "kind": "ethernet", "mtu": 9000, "addresses": [{ "net": "192.168.178.36/24" }] },
                    { "name": "tun0", "kind": "tunnel", "enabled": true, "mtu": 1420, "addresses": [{ "net": "10.8.0.6/24" }] }
                ],
                "routes": [
                    { "destination": "0.0.0.0/0", "via": "192.168.178.1", "adapter": "eth0" },
                    { "destination": "10.8.0.0/24", "adapter": "tun0" },
                    { "destination": "192.168.128.0/17", "adapter": "tun0" }
                ] },
              "guest": { "adapters": [{ "name": "ens3", "addresses": [{ "net": "169.254.9.9/16" }] }] } }"#,
        )
        .expect("a case");
        let own = Addresses::of(&case, Some([192, 168, 220, 131].into()));
        assert_eq!(
            (own.masked.as_str(), own.misread.as_str()),
            ("192.168.178.36/24", "192.168.178.164/25")
        );
        assert_eq!(own.given_up, "169.254.9.9");
        assert_eq!(own.tunnelled, "192.168.128.0/17");
        assert_eq!(own.mtu, ("9000".to_owned(), "1420".to_owned()));
        for odd in ["10.0.0.1/32", "10.0.0.0/31", "10.0.0.1/30"] {
            assert_eq!(misread(odd.parse().expect("a net")), None, "{odd}");
        }
        assert!(misread("0.0.0.1/0".parse().expect("a net")).is_some());
    }

    #[test]
    fn findings_lead_to_the_lesson_that_explains_them() {
        let lesson = |id: &str| {
            let rule = rules::find(id).expect("a rule");
            LESSONS[lesson_of(rule.id, rule.station)]
        };
        assert_eq!(lesson("nat-no-inbound-path"), "nat");
        assert_eq!(lesson("macvtap-host-isolation"), "macvtap");
        assert_eq!(lesson("vpn-route-hijack"), "vpn");
        assert_eq!(lesson("host-only-no-internet"), "host-only");
        assert_eq!(lesson("guest-firewall-blocks-icmp"), "firewall");
        assert_eq!(lesson("host-vnic-apipa"), "dhcp");
        assert_eq!(lesson("guest-dns-only"), "dns");
    }
}
