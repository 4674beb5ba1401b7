//! `vm-not-running`: the machine is off, paused, or saved.

use super::super::prelude::*;

rule!("vm-not-running", Hypervisor, Hypervisor, Stops, follows_from: ["stp-forward-delay", "hypervisor-kernel-module-not-loaded", "hypervisors-conflict", "hypervisor-helper-misinstalled", "hypervisor-not-running", "virtual-network-missing", "hostonly-needs-vmnet-network"], look_alikes: ["virtual-cable-disconnected", "stale-address", "guest-nic-not-started"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() {
        return None;
    }
    if let Some(machine) = s.machine {
        let source = s.product.map_or("", |product| product.machines.source());
        let answers = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
        return (machine.state.is_down() && !answers).then(|| {
            Found::new(Confidence::Confirmed)
                .fact(
                    "fact-vm-state",
                    said::named(&machine.name, said::power(machine.state)),
                    source,
                )
                .facts(probe_facts(s))
        });
    }
    // No product tells. Nobody answers on the right segment: this is the first thing to look at.
    let guest = s.guest_ip?;
    let on_segment = s
        .host_adapter
        .is_some_and(|adapter| adapter.on_segment_of(guest).is_some());
    // A remembered neighbor is no sign of life.
    let silent = s.guest_seen().is_some_and(|seen| match seen.link() {
        Link::Silent => true,
        Link::Cached => seen.echo_is_silent() && seen.tcp_is_silent(),
        Link::Answered | Link::Unknown => false,
    });
    let entry = s
        .host()
        .neighbors
        .rows()
        .iter()
        .rev()
        .find(|entry| entry.address == guest);
    let entry = entry.map(|entry| {
        let state = format!("{guest} {:?}", entry.state).to_uppercase();
        evidence("fact-neighbor", state, s.host().neighbors.source())
    });
    (on_segment && silent && s.guest().is_empty()).then(|| {
        Found::new(Confidence::Possible)
            .from_silence()
            .facts(probe_facts(s))
            .facts(entry)
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let paused = s
        .machine
        .is_some_and(|machine| machine.state == PowerState::Paused);
    with_product(
        s,
        |product| if paused { product.resume() } else { product.start() },
    )
}
