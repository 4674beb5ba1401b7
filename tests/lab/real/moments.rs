//! What happens to a real guest, its network or its daemon in the middle of a run.

use std::time::Duration;

use super::catalog::NAT;
use crate::entry::{Entry, Node, Step};
use crate::moments::{Moment, PAUSED, then};

/// A run asked of a guest that is silent, so that probes are still out when it happens.
const SILENT: Entry = Entry {
    topology: NAT,
    tell: &["--vm", "web01"],
    steps: &[Step::Run {
        at: Node::Guest,
        apply: "iptables -A INPUT -j DROP",
        undo: "iptables -F INPUT",
    }],
    verdicts: &["blocked", "inconclusive"],
    ..Entry::FAULT
};

/// All of them.
pub const MOMENTS: &[Moment] = &[
    Moment {
        entry: Entry {
            name: "real-machine-paused",
            also: &["vm-not-running"],
            verdicts: PAUSED,
            steps: &[],
            ..SILENT
        },
        after: Duration::from_millis(150),
        then: &[then(Node::Pc, "virsh -q suspend web01")],
    },
    Moment {
        entry: Entry {
            name: "real-machine-destroyed",
            also: &["vm-not-running", "guest-firewall-blocks-inbound"],
            ..SILENT
        },
        after: Duration::from_millis(400),
        then: &[then(Node::Pc, "virsh -q destroy web01")],
    },
    Moment {
        entry: Entry {
            name: "real-network-stopped",
            also: &["virtual-network-not-started", "guest-firewall-blocks-inbound"],
            ..SILENT
        },
        after: Duration::from_millis(400),
        then: &[then(Node::Pc, "virsh -q net-destroy default")],
    },
    Moment {
        entry: Entry {
            name: "real-daemon-stopped",
            also: &["hypervisor-not-running", "guest-firewall-blocks-inbound"],
            ..SILENT
        },
        after: Duration::from_millis(50),
        then: &[then(Node::Pc, "/run/bin/systemctl stop libvirtd")],
    },
];
