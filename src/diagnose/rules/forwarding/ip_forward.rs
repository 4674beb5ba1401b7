//! `ip-forward-disabled`: the host does not pass packets on between its adapters.

use super::super::prelude::*;
use super::routes_here;

rule!("ip-forward-disabled", Forwarding, Host, Stops, follows_from: [], look_alikes: ["docker-forward-drop", "host-forward-policy-drop", "host-no-uplink"]);

const SWITCH: &str = "net.ipv4.ip_forward";

fn check(s: &Situation<'_>) -> Option<Found> {
    if !routes_here(s) {
        return None;
    }
    let host = s.host();
    let adapter_switch = |name: &str| host.switch(&format!("net.ipv4.conf.{name}.forwarding"));
    let adapter = s.host_adapter?;
    let global = host.switch(SWITCH);
    let own = adapter_switch(&adapter.name).or(adapter.forwarding.map(|on| if on { "1" } else { "0" }));
    // The switch of the adapter that a packet comes in by decides; the global one sets all of them.
    let (name, value) = match (own, global) {
        (Some(own), _) => (format!("net.ipv4.conf.{}.forwarding", adapter.name), own),
        (None, Some(global)) => (SWITCH.to_owned(), global),
        (None, None) => return None,
    };
    let name = if global == Some("0") {
        SWITCH.to_owned()
    } else {
        name
    };
    (value == "0").then(|| {
        Found::new(Confidence::Confirmed)
            .fact("fact-kernel-switch", format!("{name} = 0"), host.kernel.source())
            .facts([adapter_fact(s, adapter)])
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let host = s.host();
    if let Some(adapter) = s.host_adapter
        && host.switch(SWITCH) == Some("1")
    {
        return vec![remedy::kernel_switch(
            Where::Host,
            "remedy-forwarding-title",
            Message::new("remedy-forwarding-effect"),
            remedy::Risk::Medium,
            &format!("net.ipv4.conf.{}.forwarding", adapter.name),
            "1",
            "0",
        )];
    }
    remedy::enable_forwarding(Where::Host, s.host_os, &s.adapter_name())
}
