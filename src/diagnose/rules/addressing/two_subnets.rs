//! `host-two-subnets-one-nic`: one card of the host has addresses in two segments, and what goes to the guest leaves
//! with the address of the other one.

use super::super::prelude::*;
use crate::model::LookUp;
use ipnet::IpNet;

rule!("host-two-subnets-one-nic", Addressing, Host, Stops, follows_from: ["host-route-wrong", "host-ip-not-on-bridge"], look_alikes: ["missing-return-route", "guest-firewall-blocks-inbound", "host-two-nics-same-subnet", "host-route-wrong"]);

/// The address that packets to the guest leave with, and the one that they should have.
struct Chosen<'a> {
    adapter: &'a Adapter,
    own: IpNet,
    wrong: IpAddr,
    told: String,
}

fn check(s: &Situation<'_>) -> Option<Found> {
    let guest = s.guest_ip?;
    let chosen = chosen(s).filter(|_| s.asked() == Asked::Fails)?;
    let from_own = s
        .guest_seen()
        .and_then(|seen| seen.echo_from(chosen.own.addr()).map(|echo| echo.received > 0));
    let confidence = match from_own {
        Some(true) => Confidence::Confirmed,
        // With the right address nothing comes back either: the address is not what stops it.
        Some(false) => return None,
        None => Confidence::Likely,
    };
    let mut found = Found::new(confidence)
        .arg("nic", &chosen.adapter.name)
        .arg("wrong", chosen.wrong)
        .arg("own", chosen.own.addr())
        .facts([adapter_fact(s, chosen.adapter)])
        .fact(
            "fact-route",
            format!("{guest} dev {} src {}", chosen.adapter.name, chosen.wrong),
            chosen.told,
        )
        .facts(probe_facts(s));
    if from_own == Some(true) {
        found = found.fact("fact-echo", format!("{} → {guest}", chosen.own.addr()), "probe");
    }
    Some(found)
}

fn chosen<'a>(s: &Situation<'a>) -> Option<Chosen<'a>> {
    let guest = s
        .guest_ip
        .filter(|guest| guest.is_ipv4() && s.from == Endpoint::Host && s.to == Endpoint::Guest)?;
    let host = s.host();
    let (name, source, told) = match host.system_look_up(guest) {
        Some(answer) if answer.via.is_none() => (
            answer.adapter.as_deref()?,
            answer.source?,
            "route look-up".to_owned(),
        ),
        Some(_) => return None,
        None => match host.look_up(guest, None) {
            LookUp::Row(row) if row.via.is_none() && !row.discards() => (
                row.adapter.as_deref()?,
                row.source?,
                host.routes.source().to_owned(),
            ),
            _ => return None,
        },
    };
    let adapter = host.adapter(name).filter(|adapter| !adapter.is_tunnel())?;
    let own = adapter.on_segment_of(guest)?;
    // Both are addresses of this one card, in segments of their own.
    let other = adapter.nets().find(|net| net.addr() == source)?;
    (!other.contains(&guest) && other.trunc() != own.trunc()).then_some(Chosen {
        adapter,
        own,
        wrong: source,
        told,
    })
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let mut ways = Vec::new();
    let known = chosen(s);
    if let Some(chosen) = &known {
        let segment = chosen.own.trunc();
        let metric = s
            .host()
            .routes
            .rows()
            .iter()
            .find(|row| {
                row.destination == segment && row.adapter.as_deref() == Some(chosen.adapter.name.as_str())
            })
            .and_then(|row| row.metric);
        ways.extend(remedy::prefer_source(
            s.host_os,
            segment,
            &chosen.adapter.name,
            chosen.own.addr(),
            chosen.wrong,
            metric,
        ));
    } else if without_case(s) {
        let (own, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([198, 51, 100, 1]));
        let segment = segment_or_example(s);
        ways.extend(remedy::prefer_source(
            s.host_os,
            segment,
            &s.adapter_name(),
            own,
            other,
            None,
        ));
    }
    let adapter = known.map_or_else(|| s.adapter_name(), |chosen| chosen.adapter.name.clone());
    ways.push(remedy::ask(
        Where::Host,
        Message::new("remedy-two-subnets-ask")
            .with("adapter", adapter)
            .with("segment", segment_or_example(s)),
    ));
    ways
}
