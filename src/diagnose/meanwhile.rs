//! Whether the facts are of one moment: what stands on a table that became another meanwhile is not certain.

use std::net::IpAddr;

use super::{Situation, role};
use crate::model::TableChange;

/// What became another during the check on the way that was asked about.
pub(super) fn on_the_way<'a>(s: &Situation<'a>) -> Vec<&'a TableChange> {
    if s.case.changed.is_empty() {
        return Vec::new();
    }
    let host = s.host();
    let mut adapters: Vec<&str> = Vec::new();
    if let Some(own) = s.host_adapter {
        adapters.push(&own.name);
        adapters.extend(role::ports(host, own).map(|port| port.name.as_str()));
    }
    adapters.extend(s.nic.and_then(|nic| nic.host_port.as_deref()));
    if s.crosses_uplink() {
        adapters.extend(
            host.default_routes()
                .iter()
                .filter_map(|row| row.adapter.as_deref()),
        );
    }
    let ends: Vec<IpAddr> = [s.guest_ip, s.target].into_iter().flatten().collect();
    let leads_there = |change: &TableChange| {
        change.destination.is_some_and(|covered| {
            covered.prefix_len() > 0 && ends.iter().any(|address| covered.contains(address))
        })
    };
    s.case
        .changed
        .iter()
        .filter(|change| adapters.contains(&change.adapter.as_str()) || leads_there(change))
        .collect()
}

/// Whether an adapter that all of the traffic passes was lost during the check: what passed before passes no more, and a
/// look-up made since leads elsewhere for that reason alone.
pub(super) fn way_is_gone(s: &Situation<'_>) -> bool {
    let mut adapters: Vec<&str> = Vec::new();
    if s.involves_guest() {
        adapters.extend(s.host_adapter.map(|own| own.name.as_str()));
        adapters.extend(s.nic.and_then(|nic| nic.host_port.as_deref()));
    }
    if s.crosses_uplink() {
        let routes = s.host().default_routes();
        adapters.extend(routes.first().and_then(|row| row.adapter.as_deref()));
    }
    s.case
        .changed
        .iter()
        .any(|change| change.is_adapter_lost() && adapters.contains(&change.adapter.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::diagnose::{Confidence, Verdict, diagnose};
    use crate::model::{Case, TableChange};

    /// The way that the kernel told leads elsewhere than the adapters and routes say.
    fn told(changed: Vec<TableChange>) -> (Confidence, bool) {
        let json = r#"{ "schema": 1, "intake": { "hypervisor": "libvirt", "mode": "nat", "guest_ip": "192.168.122.11" },
          "host": { "os": "linux", "rules": [],
            "adapters": [ { "name": "enp3s0", "kind": "ethernet", "enabled": true, "carrier": true, "addresses": [{ "net": "192.168.1.23/24" }] },
                          { "name": "virbr0", "kind": "bridge", "enabled": true, "carrier": true, "addresses": [{ "net": "192.168.122.1/24" }] } ],
            "routes": [ { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "enp3s0" },
                        { "destination": "192.168.122.0/24", "adapter": "virbr0" } ],
            "look_ups": [ { "destination": "192.168.122.11", "via": "192.168.1.1", "adapter": "enp3s0" } ] },
          "probes": [ { "to": "192.168.122.11", "result": { "echo": { "sent": 3, "received": 0 } }, "source": "live" } ] }"#;
        let mut case = Case::from_json(json).expect("a case");
        case.changed = changed;
        let diagnosis = diagnose(&case);
        let noted = diagnosis
            .notes
            .iter()
            .any(|note| note.key == "note-changed-meanwhile");
        (diagnosis.causes.first().expect("a cause").confidence, noted)
    }

    fn change(adapter: &str) -> Vec<TableChange> {
        vec![TableChange {
            adapter: adapter.to_owned(),
            what: format!("{adapter}: gone"),
            ..TableChange::default()
        }]
    }

    #[test]
    fn facts_of_two_moments_prove_nothing_and_are_told_apart() {
        assert_eq!(told(Vec::new()), (Confidence::Confirmed, false));
        assert_eq!(told(change("virbr0")), (Confidence::Likely, true));
        assert_eq!(
            told(change("docker0")),
            (Confidence::Confirmed, false),
            "nothing of the way"
        );
    }
    #[test]
    fn what_passed_over_an_adapter_that_is_lost_since_is_not_called_reachable() {
        let json = r#"{ "schema": 1, "intake": { "hypervisor": "libvirt", "mode": "nat", "guest_ip": "192.168.122.11" },
          "host": { "os": "linux", "adapters": [ { "name": "virbr0", "kind": "bridge", "enabled": true, "carrier": true,
            "addresses": [{ "net": "192.168.122.1/24" }] } ] },
          "probes": [ { "to": "192.168.122.11", "result": { "echo": { "sent": 3, "received": 3 } }, "source": "live" } ] }"#;
        let mut case = Case::from_json(json).expect("a case");
        assert_eq!(diagnose(&case).verdict, Verdict::Reachable);
        for (adapter, word, verdict) in [
            ("virbr0", "—", Verdict::Inconclusive),
            ("virbr0", "DOWN", Verdict::Inconclusive),
            ("docker0", "—", Verdict::Reachable),
        ] {
            case.changed = vec![TableChange {
                adapter: adapter.to_owned(),
                what: format!("{adapter}: {word}"),
                ..TableChange::default()
            }];
            assert_eq!(diagnose(&case).verdict, verdict, "{adapter}: {word}");
        }
    }
}
