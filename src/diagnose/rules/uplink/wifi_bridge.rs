//! `bridged-wifi-unsupported`: the machine is bridged to a wireless adapter, which speaks for one hardware address
//! only.

use super::super::prelude::*;
use super::bridge;

rule!("bridged-wifi-unsupported", Uplink, Network, Stops, follows_from: ["vm-not-running", "virtual-cable-disconnected", "host-no-uplink", "bridged-wrong-nic", "macvtap-host-isolation"], look_alikes: ["lan-dhcp-refuses", "wifi-client-isolation", "port-security-blocks-guest"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !bridge::is_bridged(s) || !s.involves_guest() {
        return None;
    }
    let uplink = bridge::uplink(s)?;
    let adapter = uplink.adapter?;
    if adapter.kind != AdapterKind::WiFi {
        return None;
    }
    // A kernel bridge and a macvtap send frames with the guest's own hardware address, which an access point throws
    // away (IEEE 802.11: a station is one address). Products for desktops rewrite it, and mostly get through.
    let plain = uplink.bridge.is_some() || s.mode == Some(Mode::Macvtap);
    let nothing = bridge::no_lease(s);
    let fails = s.asked() == Asked::Fails;
    let guest_gets_out = s
        .gateway()
        .is_some_and(|router| s.seen(Place::Guest, router).link() == Link::Answered);
    if guest_gets_out || (nothing.is_none() && !fails) {
        return None;
    }
    let confidence = match (plain, &nothing) {
        (true, _) => Confidence::Confirmed,
        (false, Some(_)) => Confidence::Likely,
        (false, None) if bridge::cut_off(s) => Confidence::Likely,
        (false, None) => Confidence::Possible,
    };
    Some(
        Found::new(confidence)
            .arg("uplink", &adapter.name)
            .facts([bridge::uplink_fact(&uplink), mode_fact(s)])
            .facts(nothing),
    )
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let wired = s.host().adapters.rows().iter().find(|adapter| {
        adapter.kind == AdapterKind::Ethernet && adapter.carrier == Some(true) && !role::is_virtual(adapter)
    });
    let mut ways = Vec::new();
    if let Some(wired) = wired {
        let old = bridge::uplink(s).map(|uplink| uplink.name);
        ways.extend(with_product(s, |product| {
            product.rebridge(&wired.name, old.as_deref(), None)
        }));
    }
    ways.extend(with_product(s, |product| product.add_nat_card()));
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-wire-ask").with("vm", s.machine_name()),
    ));
    ways
}
