//! `macvtap-host-isolation`: the kernel passes no frames between a macvtap and the adapter it sits on.

use super::super::prelude::*;

rule!("macvtap-host-isolation", VirtualNetwork, Hypervisor, ByDesign, follows_from: [], look_alikes: ["host-ip-not-on-bridge", "nic-offload-breaks-bridging"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    // A switch that sends frames back where they came from makes `vepa` work; few do.
    let vepa = s.nic.and_then(|nic| nic.submode.as_deref()) == Some("vepa");
    let fails = vepa && s.mode == Some(Mode::Macvtap) && meets_host(s) && s.asked() == Asked::Fails;
    if !table_names(s, RULE.id) && !fails {
        return None;
    }
    // A guest that answers for its address sits elsewhere on the LAN: the macvtap seen here is another's.
    let answers = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    if !s.mode_is_certain && answers {
        return None;
    }
    let confidence = if vepa { Confidence::Likely } else { by_mode(s) };
    let mut found = Found::new(confidence).facts([mode_fact(s)]);
    if let Some(nic) = s.nic {
        let uplink = nic.uplink.as_deref().unwrap_or("?");
        found = found.fact(
            "fact-nic",
            format!("direct, on {uplink}"),
            s.product.map_or("", |product| product.machines.source()),
        );
    }
    Some(found.facts(probe_facts(s)))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = with_product(s, |product| {
        if product.id == HypervisorId::Libvirt {
            product.add_host_only_card()
        } else {
            Vec::new()
        }
    });
    let lower = s
        .nic
        .and_then(|nic| nic.uplink.clone())
        .or_else(|| s.host_adapter.map(|adapter| adapter.name.clone()))
        .unwrap_or_else(|| "ADAPTER".to_owned());
    // Without a case it is shown with stand-ins; these guests exist on Linux alone.
    let example = || without_case(s).then(|| IpAddr::from([192, 0, 2, 250]));
    if let (Some(guest), Some(own)) = (guest_or_example(s), free_neighbor(s).or_else(example)) {
        ways.push(remedy::add_macvlan(&lower, own, guest));
    }
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-real-bridge-ask").with("adapter", lower),
    ));
    ways
}

/// An address of the guest's segment that nobody is known to hold, from its end.
fn free_neighbor(s: &Situation<'_>) -> Option<IpAddr> {
    let ipnet::IpNet::V4(segment) = s.segment? else {
        return None;
    };
    let last = u32::from(segment.broadcast()).checked_sub(5)?;
    let taken = |address: IpAddr| {
        s.host().holds(address) == Some(true)
            || s.guest_ip == Some(address)
            || s.host()
                .neighbors
                .rows()
                .iter()
                .any(|entry| entry.address == address)
    };
    (0..64)
        .filter_map(|back| last.checked_sub(back))
        .map(|bits| IpAddr::V4(bits.into()))
        .find(|address| {
            segment.contains(&match address {
                IpAddr::V4(address) => *address,
                IpAddr::V6(_) => return false,
            }) && !taken(*address)
        })
}
