//! `proxy-required`: the web is reached only through a proxy, or programs are told to use one that is not there.

use super::super::prelude::*;
use crate::model::{ProbeResult, System, WebProxy};

rule!("proxy-required", Internet, Network, Degrades, follows_from: ["host-no-uplink", "hypervisor-nat-service-stopped", "ip-forward-disabled", "guest-missing-gateway", "guest-wrong-gateway", "docker-forward-drop", "host-forward-policy-drop"], look_alikes: ["guest-dns-only", "host-no-uplink", "third-party-or-managed-firewall"]);

fn check(s: &Situation<'_>) -> Option<Found> {
    if s.to != Endpoint::Internet {
        return None;
    }
    let place = s.start_place()?;
    let system = s.case.system(place)?;
    dead_proxy(s, place, system).or_else(|| behind_proxy(s, place, system))
}

/// Programs are told to use a proxy that does not answer.
fn dead_proxy(s: &Situation<'_>, place: Place, system: &System) -> Option<Found> {
    system.proxies.rows().iter().find_map(|proxy| {
        let (outcome, source) = answer_of(s, place, proxy)?;
        (outcome != TcpOutcome::Connected).then(|| {
            Found::new(Confidence::Confirmed)
                .arg("proxy", text(proxy))
                .arg("how", "dead")
                .fact(
                    "fact-proxy",
                    format!("{} {}", proxy.holder, text(proxy)),
                    system.proxies.source(),
                )
                .fact("fact-tcp", said::then(text(proxy), said::tcp(outcome)), source)
        })
    })
}

/// What came of connecting to the proxy, latest first: by its address, or by its name where that does not resolve.
fn answer_of(s: &Situation<'_>, place: Place, proxy: &WebProxy) -> Option<(TcpOutcome, String)> {
    let address = proxy
        .host
        .parse()
        .ok()
        .or_else(|| seen::resolved(s.case, &proxy.host));
    s.case
        .probes
        .iter()
        .rev()
        .filter(|probe| probe.from == place)
        .find_map(|probe| match &probe.result {
            ProbeResult::Tcp { port, outcome, .. } if *port == proxy.port => {
                let by_address = address.is_some() && probe.to == address;
                let by_name = probe
                    .name
                    .as_deref()
                    .is_some_and(|name| name.eq_ignore_ascii_case(&proxy.host));
                (by_address || by_name).then(|| (*outcome, probe.source.clone()))
            }
            ProbeResult::Name(result)
                if result.name.eq_ignore_ascii_case(&proxy.host)
                    && result.outcome != crate::model::NameOutcome::Resolved =>
            {
                Some((TcpOutcome::Other, probe.source.clone()))
            }
            _ => None,
        })
}

/// The host itself goes through a proxy, the guest does not, and its way to the web is shut while other ways are
/// open.
fn behind_proxy(s: &Situation<'_>, place: Place, system: &System) -> Option<Found> {
    if place == Place::Host || !system.proxies.rows().is_empty() {
        return None;
    }
    let proxy = s.host().proxies.rows().first()?;
    let web: Vec<_> = s
        .case
        .probes
        .iter()
        .filter(|probe| probe.from == place)
        .filter_map(|probe| match &probe.result {
            ProbeResult::Tcp {
                port: port @ (80 | 443),
                outcome,
                ..
            } => {
                let outside = probe
                    .to
                    .is_none_or(|to| !s.segment.is_some_and(|own| own.contains(&to)));
                outside.then_some((*port, *outcome, probe))
            }
            _ => None,
        })
        .collect();
    let (port, outcome, probe) = *web.last()?;
    if web
        .iter()
        .any(|(_, outcome, _)| *outcome == TcpOutcome::Connected)
    {
        return None;
    }
    let proxy_answers =
        answer_of(s, place, proxy).is_some_and(|(outcome, _)| outcome == TcpOutcome::Connected);
    let others_pass = seen::name_outcomes(s.case, place)
        .any(|(_, outcome)| outcome == crate::model::NameOutcome::Resolved)
        || s.gateway()
            .is_some_and(|gateway| s.seen(place, gateway).echo_replies());
    if !(proxy_answers || others_pass) {
        return None;
    }
    let confidence = if proxy_answers && system.proxies.is_known() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    Some(
        Found::new(confidence)
            .arg("proxy", text(proxy))
            .arg("how", "needed")
            .fact(
                "fact-proxy",
                format!("{} {}", proxy.holder, text(proxy)),
                s.host().proxies.source(),
            )
            .fact("fact-tcp", said::then(port, said::tcp(outcome)), &probe.source),
    )
}

fn text(proxy: &WebProxy) -> String {
    format!("{}:{}", proxy.host, proxy.port)
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let in_guest = matches!(s.from, Endpoint::Guest | Endpoint::Guest2);
    let on = if in_guest { Where::Guest } else { Where::Host };
    let os = if in_guest { guest_os(s) } else { s.host_os };
    let own = s
        .start_place()
        .and_then(|place| s.case.system(place))
        .and_then(|system| system.proxies.rows().first());
    let hosts = s.host().proxies.rows().first().filter(|_| in_guest);
    let mut ways = Vec::new();
    if let Some(own) = own {
        ways.extend(remedy::drop_proxy(on, os, &text(own)));
    }
    match hosts {
        Some(proxy) if own != Some(proxy) => ways.extend(remedy::use_proxy(on, os, &proxy.host, proxy.port)),
        None if own.is_none() => ways.extend(remedy::use_proxy(on, os, "PROXY", 3128)),
        _ => {}
    }
    ways.push(remedy::ask(Where::Network, Message::new("remedy-proxy-ask")));
    ways
}
