//! `duplicate-mac`: two machines on one network have one hardware address.

use super::super::prelude::*;
use crate::model::Mac;

rule!("duplicate-mac", VmNic, Hypervisor, Degrades, follows_from: [], look_alikes: ["duplicate-dhcp-client-id", "duplicate-ip", "nat-per-vm-isolation"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    by_product(s).or_else(|| by_guests(s)).or_else(|| by_neighbors(s))
}

/// Two machines of the product with one address on one network.
fn by_product(s: &Situation<'_>) -> Option<Found> {
    let nic = s.nic?;
    let (own, mac) = (s.machine?, nic.mac?);
    let mut others = s.case.hypervisors.iter().flat_map(|product| {
        product
            .machines
            .rows()
            .iter()
            .flat_map(move |machine| machine.nics.iter().map(move |other| (product, machine, other)))
    });
    let (product, machine, _) = others.find(|(_, machine, other)| {
        machine.name != own.name
            && other.mac == Some(mac)
            && !machine.state.is_down()
            && (other.network == nic.network || nic.network.is_none() || other.network.is_none())
    })?;
    let confidence = if machine.state == PowerState::Running && s.machine_runs() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("mac", mac)
            .arg("other", &machine.name)
            .fact(
                "fact-mac",
                format!("{}: {mac}", own.name),
                product.machines.source(),
            )
            .fact(
                "fact-mac",
                format!("{}: {mac}", machine.name),
                product.machines.source(),
            ),
    )
}

/// Both guests show it themselves.
fn by_guests(s: &Situation<'_>) -> Option<Found> {
    let cards = |place: Place| {
        let system = s.case.system(place);
        system
            .into_iter()
            .flat_map(|system| system.adapters.rows())
            .filter(|adapter| adapter.kind != AdapterKind::Loopback && !role::is_container(&adapter.name))
            .filter_map(|adapter| adapter.mac)
            .filter(|mac| !mac.is_zero())
            .collect::<Vec<Mac>>()
    };
    let second = cards(Place::Guest2);
    let mac = cards(Place::Guest).into_iter().find(|mac| second.contains(mac))?;
    Some(
        Found::new(Confidence::Confirmed)
            .arg("mac", mac)
            .arg("other", "guest2")
            .fact("fact-mac", mac, s.case.guest.adapters.source())
            .fact("fact-mac", mac, s.case.guest2.adapters.source()),
    )
}

/// The neighbor table holds one hardware address for two addresses of the segment, while one of them is not
/// answered, or hardly ever: a single machine with two addresses would answer for both.
fn by_neighbors(s: &Situation<'_>) -> Option<Found> {
    let (guest, segment) = (s.guest_ip?, s.segment?);
    let adapter = s.host_adapter?;
    let of_segment = || {
        s.host().neighbors.rows().iter().filter(move |entry| {
            segment.contains(&entry.address)
                && entry.adapter.as_deref().is_none_or(|name| name == adapter.name)
        })
    };
    let checked = s
        .guest_seen()
        .and_then(|seen| seen.neighbor())
        .and_then(|check| check.after.as_ref())
        .and_then(|entry| entry.mac);
    let own = of_segment()
        .find(|entry| entry.address == guest)
        .and_then(|entry| entry.mac)
        .or(checked)
        .filter(|mac| !mac.is_zero())?;
    let other = of_segment().find(|entry| {
        entry.address != guest && entry.mac == Some(own) && s.gateway() != Some(entry.address)
    })?;
    // The switch sends what is for one to whoever spoke last: some requests come through, most do not.
    let mostly_lost =
        |seen: &Seen<'_>| seen.echo_fails() || seen.echo().is_some_and(|echo| echo.received * 2 < echo.sent);
    let one_is_silent = s.guest_seen().is_some_and(|seen| mostly_lost(&seen))
        || mostly_lost(&s.seen(Place::Host, other.address));
    // A router answers for many addresses; on the LAN that is normal.
    let virtual_segment = role::serves_machines(s.host(), adapter);
    (one_is_silent && virtual_segment).then(|| {
        Found::new(Confidence::Likely)
            .arg("mac", own)
            .arg("other", other.address)
            .fact(
                "fact-neighbor",
                format!("{guest} {own}"),
                s.host().neighbors.source(),
            )
            .fact(
                "fact-neighbor",
                format!("{} {own}", other.address),
                s.host().neighbors.source(),
            )
            .facts(probe_facts(s))
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = with_product(s, |product| product.new_mac());
    let entry = || {
        let rows = s.host().neighbors.rows().iter();
        let own = rows.rev().find(|entry| Some(entry.address) == s.guest_ip);
        own.and_then(|entry| entry.mac).filter(|mac| !mac.is_zero())
    };
    if guest_os(s) == Os::Linux {
        if let Some(mac) = s.nic.and_then(|nic| nic.mac).or_else(entry) {
            ways.push(remedy::set_mac(&guest_adapter_name(s), mac, s.host_address()));
        }
        ways.push(remedy::new_machine_id());
    }
    ways
}
