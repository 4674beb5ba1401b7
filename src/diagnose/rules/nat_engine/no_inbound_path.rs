//! `nat-no-inbound-path`: address translation has no way in, except forwarded ports.

use super::super::prelude::*;

rule!("nat-no-inbound-path", NatEngine, Hypervisor, ByDesign, follows_from: ["port-forward-wrong", "portproxy-stale"], look_alikes: ["guest-firewall-blocks-inbound", "guest-firewall-blocks-icmp"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if !table_names(s, RULE.id) {
        return None;
    }
    let guest_port = s.case.intake.port;
    let forwards = s
        .nic
        .iter()
        .flat_map(|nic| &nic.forwards)
        .chain(s.network.iter().flat_map(|network| &network.forwards))
        .filter(|forward| guest_port.is_none_or(|port| forward.guest_port == port));
    let mut forwards = forwards.peekable();
    // A forward is a way in, though not to the guest's own address: where one stands for the port that was asked, or may
    // stand unseen, something else may keep that from working.
    let by_its_own_address = s.case.intake.guest_ip.is_some();
    let may_lead_in =
        guest_port.is_some() && (forwards.peek().is_some() && !by_its_own_address || may_forward_unseen(s));
    let confidence = if may_lead_in {
        by_mode(s).max(Confidence::Likely)
    } else {
        by_mode(s)
    };
    let mut found = Found::new(confidence).facts([mode_fact(s)]).facts(probe_facts(s));
    for forward in forwards.take(4) {
        let host = forward
            .host_address
            .map_or_else(|| "*".to_owned(), |address| address.to_string());
        let value = format!("{host}:{} → :{}", forward.host_port, forward.guest_port);
        found = found.fact("fact-forward", value, "port forwards");
    }
    Some(found)
}

/// Whether the host itself may hand ports on to the guest by what nobody read: Windows by a port proxy, Linux by its
/// filter. Only who comes from outside is led that way.
fn may_forward_unseen(s: &Situation<'_>) -> bool {
    let outside = matches!(s.from, Endpoint::Lan | Endpoint::Internet);
    let host = s.host();
    outside
        && match s.host_os {
            Os::Windows => !host.port_proxies.is_known(),
            Os::Linux => host.filter.value().is_none_or(|rules| !rules.complete),
            Os::Macos | Os::Bsd | Os::Other => false,
        }
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let port = s.case.intake.port.unwrap_or(22);
    let outside = matches!(s.from, Endpoint::Lan | Endpoint::Internet);
    with_product(s, |product| {
        let mut ways = product.forward_port(s.guest_ip, port, outside);
        if outside {
            ways.push(remedy::ask(
                Where::Host,
                Message::new("remedy-bridge-instead-ask").with("vm", s.machine_name()),
            ));
        } else {
            ways.extend(product.add_host_only_card());
        }
        ways
    })
}
