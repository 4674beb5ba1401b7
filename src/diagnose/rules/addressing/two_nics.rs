//! `host-two-nics-same-subnet`: two cards of the host are in the segment of a bridged guest, and the host looks for it
//! through the one that it is not bridged to.

use super::super::prelude::*;
use crate::model::Adapter;

rule!("host-two-nics-same-subnet", Addressing, Host, Stops, follows_from: ["host-ip-not-on-bridge"], look_alikes: ["host-route-wrong", "bridged-wrong-nic", "wifi-client-isolation", "macvtap-host-isolation"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s
        .guest_ip
        .filter(|_| meets_host(s) && is_bridged(s) && s.mode != Some(Mode::Macvtap))?;
    let Way::Adapter { name, via: None, .. } = s.way_to(guest) else {
        return None;
    };
    let host = s.host();
    let used = host.adapter(&name).filter(|adapter| takes_part(adapter, guest))?;
    let bridged_to = uplink(s).filter(|adapter| adapter.name != used.name && takes_part(adapter, guest));
    let answered = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    if answered {
        return None;
    }
    let (own, confidence) = match bridged_to {
        Some(own) if s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent) => {
            (own, Confidence::Confirmed)
        }
        Some(own) => (own, Confidence::Likely),
        // To which of the two the guest is bridged is not known.
        None if uplink(s).is_none() && s.asked() == Asked::Fails => {
            let other = host
                .adapters
                .rows()
                .iter()
                .find(|adapter| adapter.name != used.name && takes_part(adapter, guest))?;
            (other, Confidence::Possible)
        }
        None => return None,
    };
    Some(
        Found::new(confidence)
            .arg("used", &used.name)
            .arg("own", &own.name)
            .facts([adapter_fact(s, used), adapter_fact(s, own)])
            .facts(way_fact(s, guest))
            .facts(probe_facts(s)),
    )
}

fn takes_part(adapter: &Adapter, guest: IpAddr) -> bool {
    adapter.on_segment_of(guest).is_some()
        && adapter.enabled != Some(false)
        && adapter.carrier != Some(false)
        && adapter.master.is_none()
        && !adapter.is_tunnel()
}

/// The adapter that the guest is bridged to, where the product or the bridge's ports tell.
pub fn uplink<'a>(s: &Situation<'a>) -> Option<&'a Adapter> {
    let host = s.host();
    let told = s
        .nic
        .and_then(|nic| nic.uplink.as_deref())
        .or_else(|| s.network.and_then(|network| network.uplink.as_deref()))
        .and_then(|name| host.adapter(name));
    match told {
        Some(adapter) => adapter
            .master
            .as_deref()
            .and_then(|master| host.adapter(master))
            .or(Some(adapter)),
        None => host.adapters.rows().iter().find(|bridge| {
            bridge.kind == AdapterKind::Bridge
                && role::ports(host, bridge).any(role::is_machine_port)
                && s.guest_ip
                    .is_some_and(|guest| bridge.on_segment_of(guest).is_some())
        }),
    }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let adapter = uplink(s).map_or_else(|| s.adapter_name(), |adapter| adapter.name.clone());
    let mut ways = Vec::new();
    if let Some(guest) = guest_or_example(s) {
        let source = uplink(s)
            .and_then(|own| own.on_segment_of(guest))
            .map(|net| net.addr());
        ways.extend(remedy::route_to_segment(
            s.host_os,
            ipnet::IpNet::from(guest),
            &adapter,
            source,
        ));
    }
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-one-nic-ask")
            .with("adapter", adapter)
            .with("segment", segment_or_example(s)),
    ));
    ways
}
