//! `hyperv-firewall-blocks`: the Hyper-V firewall keeps what comes from outside away from WSL in mirrored mode.

use super::super::prelude::*;

rule!("hyperv-firewall-blocks", HostFirewall, Host, Stops, follows_from: [], look_alikes: ["service-not-listening", "service-bound-to-loopback", "wsl-mirrored-fell-back", "guest-firewall-blocks-inbound", "nat-no-inbound-path"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    // Inside one computer the loopback is used, which this firewall lets through.
    if s.mode != Some(Mode::Mirrored) || s.from != Endpoint::Lan || s.to != Endpoint::Guest {
        return None;
    }
    let product = s
        .case
        .hypervisors
        .iter()
        .find(|product| product.id == HypervisorId::Wsl2)?;
    let set = |name: &str| product.settings.get(name).map(String::as_str);
    let blocks = set("firewall-inbound") == Some("block") && set("firewall-enabled") != Some("false");
    if !blocks || s.asked() != Asked::Fails {
        return None;
    }
    let to = s.destination()?;
    let seen = s.asked_seen()?;
    let port = s.case.intake.port;
    // Who refuses was reached: a firewall of Windows is silent.
    let silent = match port {
        Some(port) => seen.tcp(port) == Some(TcpOutcome::TimedOut),
        None => seen.echo_is_silent(),
    };
    let wanted = port.map_or_else(|| "icmpv4/any".to_owned(), |port| format!("tcp/{port}"));
    let general = if port.is_some() { "tcp/any" } else { "icmpv4/any" };
    let allowed = set("firewall-allows").map(|list| {
        list.split(' ')
            .any(|rule| rule == wanted || rule == general || rule == "any/any")
    });
    if !silent || allowed == Some(true) {
        return None;
    }
    // The service answers on this computer, so that it is there.
    let loopback = IpAddr::from([127, 0, 0, 1]);
    let serves = port.is_some_and(|port| {
        [loopback, to]
            .into_iter()
            .any(|address| s.seen(Place::Host, address).tcp(port) == Some(TcpOutcome::Connected))
    });
    let confidence = if serves && allowed == Some(false) {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    let mut found = Found::new(confidence).arg("wanted", &wanted).fact(
        "fact-filter-rule",
        "DefaultInboundAction: Block",
        "Get-NetFirewallHyperVVMSetting",
    );
    if allowed == Some(false) {
        found = found.fact(
            "fact-filter-rule",
            format!("{wanted}: —"),
            "Get-NetFirewallHyperVRule",
        );
    }
    Some(found.facts(seen_facts(&seen)))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::allow_into_wsl(s.case.intake.port)]
}
