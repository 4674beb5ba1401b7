//! `bridged-wrong-nic`: the machine is bridged to an adapter that is not there, not connected, or not the one that
//! leads out.

use super::super::prelude::*;
use super::bridge::{self, Uplink};

rule!("bridged-wrong-nic", Uplink, Host, Stops, follows_from: ["hyperv-switch-stale", "vm-not-running", "virtual-cable-disconnected", "host-no-uplink"], look_alikes: ["lan-dhcp-refuses", "bridge-without-uplink", "bridge-filter-driver-unbound", "port-security-blocks-guest"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !bridge::is_bridged(s) || !s.involves_guest() || !s.host().adapters.is_known() {
        return None;
    }
    let uplink = bridge::uplink(s)?;
    let wanted = bridge::hosts_own(s);
    let confidence = how_wrong(s, &uplink)?;
    Some(
        Found::new(confidence)
            .arg("uplink", &uplink.name)
            .arg("wanted", wanted.map_or("—", |adapter| adapter.name.as_str()))
            .facts([bridge::uplink_fact(&uplink)])
            .facts(wanted.map(|adapter| adapter_fact(s, adapter)))
            .facts(bridge::no_lease(s)),
    )
}

/// How sure it is that the card leaves by the wrong adapter; `None` when nothing says so.
fn how_wrong(s: &Situation<'_>, uplink: &Uplink<'_>) -> Option<Confidence> {
    if s.hypervisor.is_some_and(HypervisorId::runs_elsewhere) {
        return None;
    }
    let Some(adapter) = uplink.adapter else {
        // Products name adapters in their own words; only a list without any likeness says that it is gone.
        let alike = s.host().adapters.rows().iter().any(|adapter| {
            let text = format!(
                "{} {}",
                adapter.name,
                adapter.description.as_deref().unwrap_or_default()
            );
            let text = text.to_lowercase();
            let name = uplink.name.to_lowercase();
            text.contains(&name)
                || name
                    .split([' ', ':', '('])
                    .next()
                    .is_some_and(|word| adapter.name.eq_ignore_ascii_case(word))
        });
        // Cards without addresses of their own are not listed everywhere.
        return (!alike && role::lists_all(s.host())).then_some(Confidence::Confirmed);
    };
    let own = bridge::hosts_own(s);
    let is_own = own.is_some_and(|own| own.name == adapter.name);
    if is_own {
        return None;
    }
    if adapter.enabled == Some(false)
        || adapter.carrier == Some(false)
        || adapter.is_tunnel()
        || role::is_virtual(adapter)
    {
        return Some(Confidence::Confirmed);
    }
    // Two wires, both alive: only a guest that gets nothing there says that it is the wrong one.
    let own = own?;
    let expected = s.guest_ip.is_some_and(|guest| {
        adapter.on_segment_of(guest).is_some()
            || uplink
                .bridge
                .is_some_and(|bridge| bridge.on_segment_of(guest).is_some())
    });
    let of_the_other = s.guest_ip.is_some_and(|guest| {
        own.on_segment_of(guest).is_some()
            || own
                .master
                .as_deref()
                .and_then(|name| s.host().adapter(name))
                .is_some_and(|bridge| bridge.on_segment_of(guest).is_some())
    });
    let nothing = bridge::no_lease(s).is_some() || bridge::cut_off(s);
    let silent = s.guest_seen().is_some_and(|seen| seen.link() == Link::Silent);
    (!expected && (nothing || (of_the_other && (silent || s.asked() == Asked::Fails))))
        .then_some(Confidence::Likely)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let uplink = bridge::uplink(s);
    let wanted = bridge::hosts_own(s);
    let name = |adapter: &crate::model::Adapter| {
        // VirtualBox on Windows takes the driver's name.
        if s.hypervisor == Some(HypervisorId::VirtualBox) && s.host_os == Os::Windows {
            adapter
                .description
                .clone()
                .unwrap_or_else(|| adapter.name.clone())
        } else {
            adapter.name.clone()
        }
    };
    let wanted = wanted.map_or_else(|| "ADAPTER".to_owned(), name);
    let old = uplink.as_ref().map(|uplink| uplink.name.clone());
    let network = uplink
        .as_ref()
        .and_then(|uplink| uplink.bridge)
        .map(|bridge| bridge.name.clone())
        .or_else(|| s.network.map(|network| network.name.clone()));
    with_product(s, |product| {
        product.rebridge(&wanted, old.as_deref(), network.as_deref())
    })
}
