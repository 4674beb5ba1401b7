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
    let allowed = set("firewall-allows").map(|list| list.split(' ').any(|rule| lets_in(rule, port)));
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
    // Rules of Windows' own firewall are merged in by policy, and which of them are cannot be read.
    let merged = set("firewall-merges") != Some("false") && windows_lets_in(s, port);
    let confidence = if serves && allowed == Some(false) && !merged {
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

/// The packet asked for. The Hyper-V firewall tells no profiles, and its rules none but everybody's addresses.
fn packet(port: Option<u16>) -> FirewallPacket<'static> {
    FirewallPacket {
        inbound: true,
        profile: None,
        protocol: port.map_or("icmpv4", |_| "tcp"),
        port,
        remote: None,
        beside: false,
        program: None,
    }
}

/// Whether a rule such as `tcp/8000-8100`, `6/any` or `any/any` lets the port in, or echo where no port is asked for.
fn lets_in(rule: &str, port: Option<u16>) -> bool {
    let Some((protocol, ports)) = rule.split_once('/').filter(|(_, ports)| !ports.is_empty()) else {
        return false;
    };
    let rule = FirewallRule {
        enabled: Some(true),
        inbound: Some(true),
        protocol: Some(protocol.to_owned()),
        local_port: Some(ports.to_owned()),
        ..FirewallRule::default()
    };
    rule.fits(&packet(port)) == Fit::Whole
}

/// Whether a rule of Windows' own firewall may let it in.
fn windows_lets_in(s: &Situation<'_>, port: Option<u16>) -> bool {
    let rules = s.host().firewall.value().map(|firewall| &firewall.rules);
    rules
        .into_iter()
        .flatten()
        .any(|rule| rule.allows == Some(true) && rule.fits(&packet(port)) != Fit::No)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    vec![remedy::allow_into_wsl(s.case.intake.port)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_and_a_number_of_a_protocol_count() {
        for rule in ["tcp/8080", "tcp/8000-8100", "6/any", "any/any"] {
            assert!(lets_in(rule, Some(8080)), "{rule}");
        }
        for rule in ["tcp/80", "tcp/8081-8100", "udp/8080", "tcp/x-y", "tcp/", ""] {
            assert!(!lets_in(rule, Some(8080)), "{rule}");
        }
        assert!(lets_in("icmpv4/any", None) && lets_in("1/8", None) && !lets_in("tcp/any", None));
    }
}
