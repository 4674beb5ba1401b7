//! What one machine does with a packet, as far as its own tables tell.

use std::net::IpAddr;

use super::super::filter::Content;
use super::super::{Situation, Way};
use crate::model::{LookUp, Os, Place, Protocol, RouteKind, System};

/// The machine that holds an address, where the case tells.
pub(super) fn holder(s: &Situation<'_>, address: IpAddr) -> Option<Place> {
    let places = [Place::Host, Place::Guest, Place::Guest2, Place::Lan];
    let known = places.into_iter().find(|place| {
        s.case
            .system(*place)
            .is_some_and(|system| system.holds(address) == Some(true))
    });
    known.or_else(|| {
        use crate::model::Endpoint::{Guest2, Lan};
        // An address that was only told belongs to whom it was told for.
        let told = s.target == Some(address);
        if s.guest_ip == Some(address) && s.case.guest.holds(address) != Some(false) {
            Some(Place::Guest)
        } else if told && (s.to == Guest2 || s.from == Guest2) {
            Some(Place::Guest2)
        } else if told && (s.to == Lan || s.from == Lan) {
            Some(Place::Lan)
        } else {
            None
        }
    })
}

/// Which way a machine sends a packet: its own one, or one that came in by `input`.
pub(super) fn way(
    s: &Situation<'_>,
    place: Place,
    to: IpAddr,
    source: Option<IpAddr>,
    input: Option<&str>,
) -> Way {
    let Some(system) = s.case.system(place) else {
        return Way::Unknown;
    };
    if place == Place::Host && source.is_none() && input.is_none() {
        return s.way_to(to);
    }
    if source.is_none()
        && input.is_none()
        && let Some(answer) = system.system_look_up(to)
        && let Some(name) = &answer.adapter
        && answer.kind == RouteKind::Unicast
    {
        let via = answer.via.map(|via| format!(" via {via}")).unwrap_or_default();
        return Way::Adapter {
            name: name.clone(),
            via: answer.via,
            row: format!("{to}{via} dev {name}"),
            source: "route look-up".to_owned(),
        };
    }
    let told = system.routes.source().to_owned();
    match system.look_up_from(to, source, input) {
        LookUp::Unknown => Way::Unknown,
        LookUp::NoRoute => Way::NoRoute { source: told },
        LookUp::Policy(rule) => Way::Discarded {
            row: format!("rule {} {:?}", rule.priority, rule.action).to_lowercase(),
            source: told,
        },
        LookUp::Row(row) if row.discards() => Way::Discarded {
            row: row.describe(),
            source: told,
        },
        LookUp::Row(row) if row.kind == RouteKind::Local => Way::Local { source: told },
        LookUp::Row(row) => match &row.adapter {
            Some(name) => Way::Adapter {
                name: name.clone(),
                via: row.via,
                row: row.describe(),
                source: told,
            },
            None => Way::Unknown,
        },
    }
}

/// The address that a machine sends from, when nothing fixes it: its own in the segment of the next machine, else
/// the adapter's first of that family.
pub(super) fn source_address(system: &System, adapter: &str, next: IpAddr) -> Option<IpAddr> {
    let adapter = system.adapter(adapter)?;
    let own = adapter.on_segment_of(next).map(|net| net.addr());
    own.or_else(|| {
        let mut nets = adapter.nets().map(|net| net.addr());
        nets.find(|address| {
            address.is_ipv4() == next.is_ipv4()
                && crate::model::is_link_local(*address) == crate::model::is_link_local(next)
        })
    })
}

/// What the reverse-path check of Linux says of a packet that came in by `input`: the setting that throws it away.
pub(super) fn reverse_path_drop(system: &System, input: &str, from: IpAddr) -> Option<String> {
    if from.is_ipv6() {
        return None;
    }
    let level = |name: &str| -> u32 {
        let value = system.switch(&format!("net.ipv4.conf.{name}.rp_filter"));
        value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
    };
    // The kernel takes the larger of the two.
    let (all, own) = (level("all"), level(input));
    let name = if own >= all { input } else { "all" };
    let setting = format!("net.ipv4.conf.{name}.rp_filter = {}", own.max(all));
    let dropped = match (own.max(all), system.look_up(from, None)) {
        (1, LookUp::Row(row)) => row.adapter.as_deref().is_some_and(|adapter| adapter != input),
        (1 | 2, LookUp::NoRoute) => true,
        _ => false,
    };
    dropped.then_some(setting)
}

/// The switch that lets a machine pass packets on, and whether it is on.
pub(super) fn forwarding(system: &System, input: Option<&str>, to: IpAddr) -> Option<(String, bool)> {
    let version = if to.is_ipv4() { "ipv4" } else { "ipv6" };
    let global = if to.is_ipv4() {
        "net.ipv4.ip_forward".to_owned()
    } else {
        "net.ipv6.conf.all.forwarding".to_owned()
    };
    let own = input.map(|input| format!("net.{version}.conf.{input}.forwarding"));
    for name in own.into_iter().chain([global]) {
        if let Some(value) = system.switch(&name) {
            return Some((format!("{name} = {value}"), value.trim() != "0"));
        }
    }
    let adapter = system.adapter(input?)?;
    let on = adapter.forwarding?;
    Some((format!("{} forwarding = {on}", adapter.name), on))
}

/// The open port that takes the packet. `None` when the ports are not known or it is no connection.
pub(super) fn listener(system: &System, to: IpAddr, content: Content) -> Option<Result<String, String>> {
    let (protocol, port) = match content {
        Content::Tcp(port) => (Protocol::Tcp, port),
        Content::Udp(port) => (Protocol::Udp, port),
        Content::EchoRequest | Content::EchoReply => return None,
    };
    let listeners = system.listeners.value()?;
    let on_port = || {
        listeners
            .iter()
            .filter(|own| own.protocol == protocol && own.port == port)
    };
    let takes = |bound: IpAddr| bound == to || (bound.is_unspecified() && (bound.is_ipv6() || to.is_ipv4()));
    Some(match on_port().find(|own| takes(own.address)) {
        Some(own) => Ok(format!("{}:{port}", own.address)),
        None => Err(on_port()
            .next()
            .map(|own| format!("{}:{port}", own.address))
            .unwrap_or_default()),
    })
}

/// What a machine without Linux' chains says of a packet that starts something towards it: the profile or switch
/// that decides, and whether it lets it in; `None` where that cannot be told.
pub(super) fn other_firewall(system: &System, input: &str) -> Option<(String, bool)> {
    if let Some(firewall) = system.firewall.value() {
        let name = system.adapter(input)?.profile.as_deref()?;
        let profile = firewall
            .profiles
            .iter()
            .find(|profile| profile.name.eq_ignore_ascii_case(name))?;
        return match (profile.enabled, profile.blocks_all_inbound) {
            (Some(false), _) => Some((format!("{name}: off"), true)),
            (Some(true), Some(true)) => Some((format!("{name}: on, all inbound blocked"), false)),
            _ => None,
        };
    }
    let firewall = system.mac_firewall.value()?;
    match (firewall.enabled, firewall.blocks_all) {
        (Some(false), _) if firewall.pf_blocks.is_empty() => Some(("off".to_owned(), true)),
        (Some(true), Some(true)) => Some(("block all".to_owned(), false)),
        _ => None,
    }
}

/// Whether a machine leaves echo requests unanswered by a switch of its kernel.
pub(super) fn ignores_echo(system: &System, content: Content) -> Option<String> {
    let name = "net.ipv4.icmp_echo_ignore_all";
    let ignores = content == Content::EchoRequest && system.switch(name) == Some("1");
    ignores.then(|| format!("{name} = 1"))
}

/// Whether a system keeps its packet filter in Linux' chains.
pub(super) fn has_chains(s: &Situation<'_>, place: Place) -> bool {
    let os = match place {
        Place::Host => Some(s.host_os),
        Place::Guest => s.guest_os(),
        _ => s.case.system(place).and_then(|system| system.os),
    };
    os == Some(Os::Linux)
}
