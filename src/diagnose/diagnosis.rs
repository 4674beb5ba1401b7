//! What a diagnosis says.

use std::net::IpAddr;

use serde::Serialize;

use crate::model::{Endpoint, HypervisorId, Message, Mode, Os, Unread, Words};
use crate::remedy::Remedy;

/// The answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What is said of the traffic asked for.
    pub verdict: Verdict,
    /// What the diagnosis took for given: told by the user, else detected.
    pub resolved: Resolved,
    /// The causes, best first; the first is *the* answer. Empty for a healthy path.
    pub causes: Vec<Finding>,
    /// What else a person should know.
    pub notes: Vec<Message>,
    /// The stations that the traffic passes, out and back.
    pub path: Vec<Step>,
    /// What could not be read.
    pub unread: Vec<Unread>,
    /// Causes that a fact excludes, by id.
    pub excluded: Vec<&'static str>,
    /// The one question, command or paste that would tell most.
    pub next: Option<Next>,
}

/// What is said of the traffic asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It passes.
    Reachable,
    /// It does not pass.
    Blocked,
    /// The mode has no way for it.
    ImpossibleByDesign,
    /// Not known to pass, and not known not to.
    Inconclusive,
}

/// What the diagnosis took for given: told by the user, else detected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// The host's operating system.
    pub host_os: Os,
    /// The product.
    pub hypervisor: Option<HypervisorId>,
    /// How the machine's card is connected.
    pub mode: Option<Mode>,
    /// Where the traffic starts.
    pub from: Endpoint,
    /// Where it should arrive.
    pub to: Endpoint,
    /// The virtual machine.
    pub vm: Option<String>,
    /// The slot of its card.
    pub nic: Option<u32>,
    /// The virtual network it is on.
    pub network: Option<String>,
    /// The guest's address.
    pub guest_ip: Option<IpAddr>,
    /// The guest's operating system.
    pub guest_os: Option<Os>,
    /// The address or name at the other end, where that is neither host nor guest.
    pub target: Option<String>,
    /// The service that should answer.
    pub port: Option<u16>,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Facts show it and exclude its look-alikes.
    Confirmed,
    /// Facts point to it; a look-alike is not excluded.
    Likely,
    /// Nothing speaks against it.
    Possible,
}

/// The side on which a cause sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// The physical machine.
    Host,
    /// The virtual machine.
    Guest,
    /// The product between them.
    Hypervisor,
    /// The network outside.
    Network,
}

/// A place that traffic passes, in the order of the way there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Station {
    /// The product and its services.
    Hypervisor,
    /// The virtual network or switch.
    VirtualNetwork,
    /// The virtual machine's card and cable.
    VmNic,
    /// The host's adapter on the segment.
    HostAdapter,
    /// Segments and addresses: overlap, duplicates.
    Addressing,
    /// The host's route look-up.
    HostRoute,
    /// The host's packet filter.
    HostFirewall,
    /// Neighbor resolution and the wire.
    Link,
    /// The guest's own address.
    GuestAddress,
    /// The guest's packet filter and services.
    GuestFirewall,
    /// The guest's routes.
    GuestRoute,
    /// The address translation.
    NatEngine,
    /// The host as a router.
    Forwarding,
    /// The physical adapter and its segment.
    Uplink,
    /// The world outside.
    Internet,
    /// Name resolution.
    Dns,
}

impl Station {
    /// Every station.
    pub const ALL: [Self; 16] = [
        Self::Hypervisor,
        Self::VirtualNetwork,
        Self::VmNic,
        Self::HostAdapter,
        Self::Addressing,
        Self::HostRoute,
        Self::HostFirewall,
        Self::Link,
        Self::GuestAddress,
        Self::GuestFirewall,
        Self::GuestRoute,
        Self::NatEngine,
        Self::Forwarding,
        Self::Uplink,
        Self::Internet,
        Self::Dns,
    ];

    /// The name in JSON, which is also the end of its text keys (`station-host-route`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Hypervisor => "hypervisor",
            Self::VirtualNetwork => "virtual-network",
            Self::VmNic => "vm-nic",
            Self::HostAdapter => "host-adapter",
            Self::Addressing => "addressing",
            Self::HostRoute => "host-route",
            Self::HostFirewall => "host-firewall",
            Self::Link => "link",
            Self::GuestAddress => "guest-address",
            Self::GuestFirewall => "guest-firewall",
            Self::GuestRoute => "guest-route",
            Self::NatEngine => "nat-engine",
            Self::Forwarding => "forwarding",
            Self::Uplink => "uplink",
            Self::Internet => "internet",
            Self::Dns => "dns",
        }
    }
}

/// A named cause with the facts it stood on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// How sure it is.
    pub confidence: Confidence,
    /// The station it sits at.
    pub station: Station,
    /// The side it sits on.
    pub at: At,
    /// The cause in one sentence, with this case's names.
    pub summary: Message,
    /// The facts that speak for it.
    pub evidence: Vec<Evidence>,
    /// What to do about it, best first.
    pub remedy: Vec<Remedy>,
}

/// One fact that speaks for or against something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// What was looked at: `fact-…`.
    pub fact: Message,
    /// What it said: as it was read, with words of ours between.
    pub value: Words,
    /// The command, file or probe that said it.
    pub source: String,
}

/// The direction in which a station is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Leg {
    /// The way there.
    Out,
    /// The way back.
    Back,
}

/// What is said of one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StationVerdict {
    /// Traffic passes, or would.
    Ok,
    /// Traffic stops here.
    Broken,
    /// Not known.
    Unknown,
    /// Traffic did not get this far.
    NotReached,
}

/// One station of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The place.
    pub station: Station,
    /// The direction.
    pub leg: Leg,
    /// What is said of it.
    pub verdict: StationVerdict,
    /// The facts behind the verdict.
    pub evidence: Vec<Evidence>,
}

/// What would tell most next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Next {
    /// What the user is asked for.
    pub kind: NextKind,
    /// The question, or what the command is for.
    pub text: Message,
    /// The line to run, for a command or a paste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Where to run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<crate::remedy::Where>,
    /// The option of the command line that takes the answer, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub option: Option<&'static str>,
    /// The same line run from the host by the product's own tools, where they reach into this guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
}

/// A line that does from the host what another does inside a guest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Through {
    /// The product whose tools it uses.
    pub product: HypervisorId,
    /// The line for the host's shell.
    pub command: String,
    /// What it needs, and who may see the password.
    pub needs: Message,
}

/// What the user is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NextKind {
    /// An answer.
    Question,
    /// To run a command here.
    Command,
    /// To run a command elsewhere and paste what it prints.
    Paste,
}
