//! What happens in the middle of a run, and networks of unusual size: the program ends in time with what it knows.

use std::time::Duration;

use crate::bench;
use crate::entry::{Entry, Node, Run, Step};
use crate::judge;
use crate::network::Network;
use crate::program;
use crate::score::{Row, Score, Tier};
use crate::topology::Topology;

const GUEST: &str = "192.168.122.11";

/// What happens, and when.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The network and the question; its steps come before the run. `also` holds what is true before or after, `verdicts`
    /// what may be said: that it passes, only where nothing stops it at the end.
    pub entry: Entry,
    /// How long after the program was started.
    pub after: Duration,
    /// What happens then.
    pub then: &'static [Step],
}

const NAT: Entry = Entry {
    tell: &["--guest-ip", GUEST],
    verdicts: &["blocked", "inconclusive"],
    ..Entry::FAULT
};

/// A run asked of a guest that is silent, so that probes are still out when it happens.
const SILENT: &[Step] = &[Step::Run {
    at: Node::Guest,
    apply: "nft add table ip f
        nft 'add chain ip f input { type filter hook input priority 0; policy drop; }'",
    undo: "nft delete table ip f",
}];

/// True once the segment's bridge is gone, if it is read only then.
const GONE: &[&str] = &[
    "host-vnic-missing",
    "host-route-missing",
    "tap-detached-from-bridge",
    "virtual-network-not-started",
];

/// The same where the guest is silent before.
const SILENT_THEN_GONE: &[&str] = &[
    "guest-firewall-blocks-inbound",
    "host-vnic-missing",
    "host-route-missing",
    "tap-detached-from-bridge",
    "virtual-network-not-started",
];

/// No table of the host shows that a guest was paused, and it may have answered before.
pub const PAUSED: &[&str] = &["blocked", "inconclusive", "reachable"];

/// A step of the middle of a run: nobody takes it back.
pub const fn then(at: Node, apply: &'static str) -> Step {
    Step::Run {
        at,
        apply,
        undo: "true",
    }
}

/// All of them.
pub const MOMENTS: &[Moment] = &[
    Moment {
        entry: Entry { name: "adapter-removed", steps: SILENT, also: SILENT_THEN_GONE, ..NAT },
        after: Duration::from_millis(300),
        then: &[then(Node::Pc, "ip link del virbr0")],
    },
    Moment {
        entry: Entry { name: "adapter-removed-at-once", steps: SILENT, also: SILENT_THEN_GONE, ..NAT },
        after: Duration::from_millis(40),
        then: &[then(Node::Pc, "ip link del virbr0")],
    },
    Moment {
        entry: Entry { name: "cable-of-the-guest-removed", steps: SILENT, also: &["virtual-cable-disconnected", "vm-not-running", "guest-firewall-blocks-inbound"], ..NAT },
        after: Duration::from_millis(200),
        then: &[then(Node::Pc, "ip link del vnet0")],
    },
    Moment {
        entry: Entry { name: "network-stopped", steps: SILENT, also: SILENT_THEN_GONE, ..NAT },
        after: Duration::from_millis(200),
        then: &[then(
            Node::Pc,
            "ip link set vnet0 nomaster
            ip link del virbr0
            nft delete table ip lab_nat",
        )],
    },
    Moment {
        entry: Entry { name: "network-stopped-while-it-answers", also: GONE, ..NAT },
        after: Duration::from_millis(100),
        then: &[then(Node::Pc, "ip link del virbr0")],
    },
    Moment {
        entry: Entry { name: "guest-paused", also: &["vm-not-running"], topology: Topology::NatTap, verdicts: PAUSED, ..NAT },
        after: Duration::from_millis(100),
        then: &[Step::Pause],
    },
    Moment {
        entry: Entry { name: "host-loses-its-uplink", also: &["host-no-uplink"], tell: &["--from", "host", "--to", "internet"], ..NAT },
        after: Duration::from_millis(100),
        then: &[then(Node::Pc, "ip link set eth0 down")],
    },
    Moment {
        entry: Entry {
            name: "no-route-at-all",
            steps: &[Step::Run {
                at: Node::Pc,
                apply: "ip link del virbr0
                    ip link set eth0 down
                    ip link set lo down",
                undo: "true",
            }],
            ..NAT
        },
        after: Duration::ZERO,
        then: &[],
    },
    Moment {
        entry: Entry {
            name: "four-thousand-neighbors",
            steps: &[Step::Run {
                at: Node::Pc,
                // More than the kernel keeps by default.
                apply: "sysctl -qw net.ipv4.neigh.default.gc_thresh3=8192 2>/dev/null || true
                    ip addr add 10.77.0.1/16 dev virbr0
                    for net in $(seq 16); do for host in $(seq 250); do
                        echo neigh add 10.77.$net.$host lladdr 52:54:00:00:$(printf %02x $net):$(printf %02x $host) dev virbr0 nud permanent
                    done; done | ip -force -batch - 2>/dev/null || true
                    test $(ip neigh show | wc -l) -ge 4000",
                undo: "true",
            }],
            verdicts: &["reachable"],
            ..NAT
        },
        after: Duration::ZERO,
        then: &[],
    },
    Moment {
        entry: Entry {
            name: "three-hundred-adapters",
            steps: &[Step::Run {
                at: Node::Pc,
                apply: "for number in $(seq 150); do
                        echo link add many$number type veth peer name peer$number
                        echo link set many$number up
                        echo addr add 10.88.$number.1/24 dev many$number
                    done | ip -batch -",
                undo: "true",
            }],
            verdicts: &["reachable"],
            ..NAT
        },
        after: Duration::ZERO,
        then: &[],
    },
];

/// Starts the program, lets it happen, and holds the answer against both moments.
pub fn carry_out(moment: &Moment, score: &Score) -> Result<(), String> {
    let entry = &moment.entry;
    let mut network = Network::build(entry.topology)?;
    for (place, step) in entry.steps.iter().enumerate() {
        network.apply(place, step)?;
    }
    let mut happened = Ok(());
    let answer = program::diagnose_while(&network, entry, Run::Root, |network| {
        std::thread::sleep(moment.after);
        happened = moment.then.iter().try_for_each(|step| network.happen(step));
    })?;
    happened?;
    let wrongs = judge::moment_wrongs(entry, &answer);
    score.add(Row::new(Tier::Moment, entry, Run::Root, &answer, &wrongs));
    if wrongs.is_empty() {
        return Ok(());
    }
    let kept = bench::keep(entry, Run::Root, &network, &answer)?;
    Err(format!("{}\n{kept}", wrongs.join("\n")))
}
