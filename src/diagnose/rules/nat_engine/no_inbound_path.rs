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
    let mut found = Found::new(by_mode(s)).facts([mode_fact(s)]).facts(probe_facts(s));
    for forward in forwards.take(4) {
        let host = forward
            .host_address
            .map_or_else(|| "*".to_owned(), |address| address.to_string());
        let value = format!("{host}:{} → :{}", forward.host_port, forward.guest_port);
        found = found.fact("fact-forward", value, "port forwards");
    }
    Some(found)
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
