//! A run inside the guest: what this machine says is the guest's word, and its probes are the guest's.

use crate::collect::{Inside, of_card};
use crate::model::{Case, Endpoint, HypervisorId, Intake, Place, System};

/// What is asked while probes are planned: this machine's own way to the other end.
pub fn as_seen_from_here(told: &Intake) -> Intake {
    Intake {
        from: Some(Endpoint::Host),
        to: Some(Endpoint::Internet),
        guest_ip: None,
        vm: None,
        nic: None,
        mode: None,
        hypervisor: None,
        ..told.clone()
    }
}

/// Makes a case that was taken on this machine one of the guest, with what the user `told`. `betrayed` is what firmware and
/// processor say of the product; else the card's vendor part does.
pub fn turn(case: &mut Case, told: Intake, betrayed: Option<Inside>) {
    case.guest = std::mem::take(&mut case.host);
    case.host = System::default();
    // What runs inside the guest is not what runs the guest.
    case.hypervisors.clear();
    for probe in &mut case.probes {
        if probe.from == Place::Host {
            probe.from = Place::Guest;
        }
    }
    for capture in &mut case.captures {
        if capture.on == Place::Host {
            capture.on = Place::Guest;
        }
    }
    let by_firmware = betrayed
        .map(|inside| inside.hypervisor)
        .filter(|id| *id != HypervisorId::Other);
    let by_card = || {
        let mut cards = case.guest.adapters.rows().iter().filter_map(|card| card.mac);
        cards.find_map(of_card)
    };
    let hypervisor = told.hypervisor.or(by_firmware).or_else(by_card);
    case.intake = Intake {
        hypervisor,
        from: Some(told.from.unwrap_or(Endpoint::Guest)),
        to: Some(told.to.unwrap_or(Endpoint::Internet)),
        guest_os: told.guest_os.or(case.guest.os),
        ..told
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::diagnose;
    use crate::parse::{absorb, resolve};

    fn taken_inside() -> Case {
        let json = r#"{ "schema": 1, "intake": { "from": "host", "to": "internet" },
          "host": { "os": "linux",
            "adapters": [ { "name": "eth0", "kind": "ethernet", "enabled": true, "carrier": true, "mac": "52:54:00:aa:bb:01", "addresses": [{ "net": "192.168.122.11/24" }] },
                          { "name": "docker0", "kind": "bridge", "enabled": true, "carrier": false, "mac": "02:42:00:00:00:01", "addresses": [{ "net": "172.17.0.1/16" }] } ],
            "routes": [ { "destination": "192.168.122.0/24", "adapter": "eth0" } ], "rules": [] },
          "probes": [ { "to": "1.1.1.1", "result": { "echo": { "sent": 3, "received": 0, "errors": [{ "kind": "no-route", "count": 3 }] } }, "source": "live" } ] }"#;
        Case::from_json(json).expect("a case")
    }

    #[test]
    fn the_card_betrays_the_product_where_the_firmware_does_not() {
        let mut case = taken_inside();
        turn(&mut case, Intake::default(), None);
        assert_eq!(case.intake.hypervisor, Some(HypervisorId::Libvirt));
        let firmware = Inside {
            hypervisor: HypervisorId::VirtualBox,
            evidence: "DMI VirtualBox".to_owned(),
        };
        let mut case = taken_inside();
        turn(&mut case, Intake::default(), Some(firmware));
        assert_eq!(case.intake.hypervisor, Some(HypervisorId::VirtualBox));
        assert!(case.guest.adapters.is_known() && !case.host.adapters.is_known());
    }

    /// From the run inside the guest to the run on its host: the guest's file names what the host alone cannot see.
    #[test]
    fn the_hosts_run_takes_the_guests_case_in() {
        let mut inside = taken_inside();
        turn(&mut inside, Intake::default(), None);
        // From the guest's end alone it is told already.
        let own = diagnose(&resolve(&inside));
        assert_eq!(
            own.causes.first().map(|cause| cause.id),
            Some("guest-missing-gateway")
        );
        let host = r#"{ "schema": 1, "intake": { "hypervisor": "libvirt", "mode": "nat", "guest_ip": "192.168.122.11", "from": "guest", "to": "internet", "target": "1.1.1.1" },
          "host": { "os": "linux", "adapters": [ { "name": "enp3s0", "kind": "ethernet", "enabled": true, "carrier": true, "addresses": [{ "net": "192.168.1.23/24" }] },
              { "name": "virbr0", "kind": "bridge", "enabled": true, "carrier": true, "addresses": [{ "net": "192.168.122.1/24" }] } ],
            "routes": [ { "destination": "0.0.0.0/0", "via": "192.168.1.1", "adapter": "enp3s0" }, { "destination": "192.168.122.0/24", "adapter": "virbr0" } ], "rules": [] },
          "probes": [ { "to": "1.1.1.1", "result": { "echo": { "sent": 3, "received": 3 } }, "source": "live" } ] }"#;
        let mut host = Case::from_json(host).expect("a case");
        let before = diagnose(&resolve(&host));
        assert!(
            before
                .causes
                .iter()
                .all(|cause| cause.id != "guest-missing-gateway")
        );
        absorb(
            &mut host,
            &crate::model::Output {
                on: Place::Guest,
                command: String::new(),
                text: inside.to_json(),
            },
        );
        let after = diagnose(&resolve(&host));
        let named: Vec<&str> = after.causes.iter().map(|cause| cause.id).collect();
        assert_eq!(named, ["guest-missing-gateway"]);
        let remedy = serde_json::to_string(&after.causes[0].remedy).expect("JSON");
        assert!(
            remedy.contains("ip route replace default via 192.168.122.1"),
            "{remedy}"
        );
    }
}
