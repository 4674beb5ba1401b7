//! Facts that exclude each other: shown, and nothing that rests on one of them is certain.

use std::net::IpAddr;

use super::rules::{Effect, Found, Rule};
use super::{At, Link, Situation, Station};
use crate::model::{Message, Mode, Place};

/// Two facts that exclude each other.
#[derive(Clone, Debug)]
pub(super) struct Contradiction {
    /// Both of them, in words.
    pub note: Message,
    kind: Kind,
}

/// What the two facts are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The product has the machine switched off, and its address answers.
    OffButAnswers,
    /// Two sources give the guest's card different addresses.
    Sources,
    /// The guest's own lists give a card different addresses.
    Addresses,
    /// The same echo came back once and not the next time.
    Echo,
    /// The user and the product tell different modes.
    Mode,
}

impl Contradiction {
    /// Whether a finding rests on one of the two facts.
    pub fn doubts(&self, rule: &Rule, hit: &Found) -> bool {
        match self.kind {
            // Whoever answers may be another machine.
            Kind::OffButAnswers => rule.at == At::Guest || rule.station == Station::Hypervisor,
            // The rules that look at both have weighed them: what lies between a lease and a living address is a cause.
            Kind::Sources => false,
            Kind::Addresses => matches!(rule.station, Station::GuestAddress | Station::Addressing),
            Kind::Echo => hit.from_silence,
            Kind::Mode => rule.effect == Effect::ByDesign,
        }
    }
}

/// Every contradiction that bears on what was asked.
pub(super) fn all(s: &Situation<'_>) -> Vec<Contradiction> {
    if !s.involves_guest() {
        return Vec::new();
    }
    let all = [
        told_elsewhere(s),
        off_but_answers(s),
        addresses(s),
        echo_came_and_went(s),
        modes(s),
    ];
    all.into_iter().flatten().collect()
}

/// Two sources that give the guest's card different addresses: shown, never chosen from in silence. A source that
/// knows the address among others does not contradict.
fn told_elsewhere(s: &Situation<'_>) -> Option<Contradiction> {
    let guest = s.guest_ip?;
    let known = s.known_addresses();
    let of_family = |(address, _): &&(IpAddr, String)| address.is_ipv4() == guest.is_ipv4();
    let others: Vec<&(IpAddr, String)> = known.iter().filter(of_family).collect();
    let confirms = |source: &str| {
        others
            .iter()
            .any(|(address, own)| own == source && *address == guest)
    };
    let (other, source) = others.iter().find(|(_, source)| !confirms(source))?;
    Some(Contradiction {
        note: Message::new("note-address-contradicted")
            .with("told", format!("{guest} ({})", s.guest_ip_source))
            .with("other", format!("{other} ({source})")),
        kind: Kind::Sources,
    })
}

fn off_but_answers(s: &Situation<'_>) -> Option<Contradiction> {
    let machine = s.machine.filter(|machine| machine.state.is_down())?;
    let answers = s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered);
    answers.then(|| Contradiction {
        note: Message::new("note-off-but-answers")
            .with("vm", &machine.name)
            .with(
                "source",
                s.product.map_or("", |product| product.machines.source()),
            )
            .with("guest", s.guest_text()),
        kind: Kind::OffButAnswers,
    })
}

fn addresses(s: &Situation<'_>) -> Option<Contradiction> {
    let told = s.case.retold.iter().find(|told| told.on == Place::Guest)?;
    Some(Contradiction {
        note: Message::new("note-addresses-retold")
            .with("adapter", &told.adapter)
            .with("before", &told.before)
            .with("after", &told.after),
        kind: Kind::Addresses,
    })
}

fn echo_came_and_went(s: &Situation<'_>) -> Option<Contradiction> {
    let seen = s.asked_seen()?;
    let mut series = seen
        .ordinary_echoes()
        .filter(|(echo, _)| echo.source.is_none() && echo.sent > 0);
    let (last, _) = series.next().filter(|_| seen.echo_is_silent())?;
    let (earlier, _) = series.find(|(echo, _)| echo.received > 0)?;
    Some(Contradiction {
        note: Message::new("note-echo-came-and-went")
            .with("target", s.destination()?)
            .with("received", earlier.received)
            .with("sent", earlier.sent)
            .with("lost", last.sent),
        kind: Kind::Echo,
    })
}

/// The mode that was told is the mode of none of the machine's cards. What products call by several names is one.
fn modes(s: &Situation<'_>) -> Option<Contradiction> {
    let told = s.case.intake.mode.filter(|mode| *mode != Mode::Other)?;
    let (machine, own) = s.machine.zip(s.nic)?;
    // A network of its own may make more of a card's mode: routed, translated, alone.
    let by_network = s
        .network
        .is_some_and(|network| network.mode == told || network.mode == Mode::Other);
    let alike = |mode: Mode| {
        let kin: &[Mode] = match told {
            Mode::Bridged | Mode::External => &[Mode::Bridged, Mode::External],
            // People call all of them NAT.
            Mode::Nat => &[Mode::NatNetwork, Mode::User, Mode::DefaultSwitch, Mode::Internal],
            _ => &[],
        };
        mode == told || mode == Mode::Other || kin.contains(&mode)
    };
    let none_fits = !by_network && !machine.nics.iter().any(|nic| alike(nic.mode));
    none_fits.then(|| Contradiction {
        note: Message::new("note-mode-told-otherwise")
            .with("told", told.name())
            .with("vm", &machine.name)
            .with("mode", own.mode.name())
            .with(
                "source",
                s.product.map_or("", |product| product.machines.source()),
            ),
        kind: Kind::Mode,
    })
}

#[cfg(test)]
mod tests {
    use crate::diagnose::{Confidence, diagnose};
    use crate::model::Case;

    fn told(json: &str) -> (Vec<&'static str>, Vec<(&'static str, Confidence)>) {
        let case = crate::parse::resolve(&Case::from_json(json).expect("a case"));
        let diagnosis = diagnose(&case);
        let notes = diagnosis.notes.iter().map(|note| note.key).collect();
        let causes = diagnosis.causes.iter();
        (notes, causes.map(|cause| (cause.id, cause.confidence)).collect())
    }

    fn case(mode: &str, nic: &str, state: &str, probes: &str) -> String {
        format!(
            r#"{{ "schema": 1, "intake": {{ "hypervisor": "libvirt", "mode": "{mode}", "vm": "web01", "guest_ip": "192.168.122.11" }},
              "host": {{ "os": "linux", "rules": [],
                "adapters": [ {{ "name": "virbr0", "kind": "bridge", "enabled": true, "carrier": true, "addresses": [{{ "net": "192.168.122.1/24" }}] }} ],
                "routes": [ {{ "destination": "192.168.122.0/24", "adapter": "virbr0" }} ] }},
              "hypervisors": [ {{ "id": "libvirt", "machines": [ {{ "name": "web01", "state": "{state}",
                "nics": [ {{ "mode": "{nic}", "mac": "52:54:00:aa:bb:01" }} ] }} ] }} ],
              "probes": [ {probes} ] }}"#
        )
    }

    fn echo(received: u32) -> String {
        format!(
            r#"{{ "to": "192.168.122.11", "result": {{ "echo": {{ "sent": 3, "received": {received} }} }}, "source": "ping" }}"#
        )
    }

    #[test]
    fn a_machine_that_is_off_and_answers_is_told() {
        let (notes, causes) = told(&case("nat", "nat", "off", &echo(3)));
        assert!(notes.contains(&"note-off-but-answers"), "{notes:?}");
        assert_eq!(causes, []);
        let (notes, _) = told(&case("nat", "nat", "running", &echo(3)));
        assert!(!notes.contains(&"note-off-but-answers"), "{notes:?}");
    }

    #[test]
    fn an_echo_that_came_and_went_is_told_and_one_that_came_at_last_is_not() {
        let key = "note-echo-came-and-went";
        let lost_last = format!("{}, {}", echo(3), echo(0));
        let came_last = format!("{}, {}", echo(0), echo(3));
        assert!(told(&case("nat", "nat", "running", &lost_last)).0.contains(&key));
        assert!(!told(&case("nat", "nat", "running", &came_last)).0.contains(&key));
        assert!(!told(&case("nat", "nat", "running", &echo(0))).0.contains(&key));
    }

    #[test]
    fn a_mode_that_the_product_denies_makes_nothing_certain() {
        let key = "note-mode-told-otherwise";
        let (notes, causes) = told(&case("macvtap", "nat", "running", &echo(0)));
        assert!(notes.contains(&key), "{notes:?}");
        assert_eq!(causes, [("macvtap-host-isolation", Confidence::Likely)]);
        let (notes, causes) = told(&case("macvtap", "macvtap", "running", &echo(0)));
        assert!(!notes.contains(&key), "{notes:?}");
        assert_eq!(causes, [("macvtap-host-isolation", Confidence::Confirmed)]);
    }

    #[test]
    fn two_lists_of_the_guest_with_different_addresses_are_both_told() {
        let listed = |address: &str| {
            format!(
                r#"{{ "on": "guest", "command": "ip -4 addr", "text": "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n    inet {address}/24 brd 192.168.122.255 scope global eth0\n       valid_lft forever preferred_lft forever\n" }}"#
            )
        };
        let with = |first: &str, second: &str| {
            format!(
                r#"{{ "schema": 1, "intake": {{ "from": "guest", "to": "host" }}, "outputs": [ {}, {} ] }}"#,
                listed(first),
                listed(second)
            )
        };
        let key = "note-addresses-retold";
        assert!(told(&with("192.168.122.11", "192.168.122.50")).0.contains(&key));
        assert!(!told(&with("192.168.122.11", "192.168.122.11")).0.contains(&key));
    }

    #[test]
    fn a_lease_and_a_living_neighbor_that_disagree_are_both_shown() {
        let json = r#"{ "schema": 1,
          "intake": { "hypervisor": "libvirt", "vm": "web01" },
          "host": { "os": "linux",
            "adapters": [ { "name": "virbr0", "kind": "bridge", "enabled": true, "addresses": [{ "net": "192.168.122.1/24" }] } ],
            "neighbors": { "value": [ { "address": "192.168.122.50", "mac": "52:54:00:aa:bb:01", "adapter": "virbr0", "state": "reachable" } ], "source": "ip neigh" } },
          "hypervisors": [ { "id": "libvirt",
            "networks": [ { "name": "default", "mode": "nat", "segment": "192.168.122.0/24", "host_adapter": "virbr0",
                            "leases": [ { "address": "192.168.122.11", "mac": "52:54:00:aa:bb:01" } ] } ],
            "machines": [ { "name": "web01", "state": "running", "nics": [ { "mode": "nat", "network": "default", "mac": "52:54:00:aa:bb:01" } ] } ] } ] }"#;
        let note = |json: &str| {
            let case = crate::parse::resolve(&Case::from_json(json).expect("a case"));
            let notes = crate::diagnose::diagnose(&case).notes;
            notes
                .into_iter()
                .find(|note| note.key == "note-address-contradicted")
        };
        let told = note(json).expect("a note");
        let words: Vec<&str> = told.args.values().map(String::as_str).collect();
        assert!(
            words.iter().any(|word| word.contains("192.168.122.11")),
            "{words:?}"
        );
        assert!(
            words.iter().any(|word| word.contains("192.168.122.50")),
            "{words:?}"
        );
        // An entry that has grown old says nothing against a lease.
        assert_eq!(note(&json.replace("reachable", "stale")), None);
        assert_eq!(note(&json.replace("192.168.122.50", "192.168.122.11")), None);
    }
}
