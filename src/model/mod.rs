//! The nouns of the program: plain data with small pure methods, and nothing else.
//!
//! Everything the program knows is one [`Case`]. Collecting and probing fill it in, diagnosing is a pure
//! function of it, and the window, the terminal and the report show it. Every type here is serialized in
//! the case file, whose fields are described in `tests/scenarios/README.md`: a missing field means
//! *unknown*, an unknown field is ignored, so that a case can be written by hand.

mod adapter;
mod capture;
mod case;
mod fact;
mod filter;
mod hypervisor;
mod intake;
mod mac;
mod message;
mod neighbor;
mod probe;
mod route;
mod segment;
mod settings;
mod system;
mod table_change;
mod words;

pub use adapter::{Adapter, AdapterAddress, AdapterKind, AddressOrigin, Sharing};
pub use capture::{Capture, Exchange};
pub use case::{Case, CaseError, Cut, Doubt, MAX_CASE_BYTES, Output, Place, Retold, SCHEMA, Unread};
pub use fact::{Fact, Gap, Why};
pub use filter::{
    Chain, ConnectionState, FilterAction, FilterBackend, FilterFamily, FilterManager, FilterMatch,
    FilterRule, FirewallPacket, FirewallProfile, FirewallRule, Fit, Hook, MacFirewall, MatchOn, PacketFilter,
    SystemFirewall,
};
pub use hypervisor::{
    DhcpServer, GuestAddress, Hypervisor, HypervisorId, Lease, Machine, Mode, Nic, PortForward, PowerState,
    VirtualNetwork,
};
pub use intake::{Endpoint, Intake, parse_address_or_net};
pub use mac::{Mac, MacError};
pub use message::Message;
pub use neighbor::{Neighbor, NeighborState};
pub use probe::{
    EchoError, EchoErrorKind, EchoResult, NameOutcome, NameResult, NeighborCheck, PathMtu, Probe,
    ProbeResult, TcpOutcome, TraceHop, shown_time,
};
pub use route::{
    LookUp, PolicyAction, PolicyRule, Route, RouteKind, SystemLookUp, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN,
    look_up,
};
pub use segment::{is_link_local, is_private, overlap, same_segment, segment_of};
pub use settings::{CardSettings, Device, Refusal, WebProxy};
pub use system::{Listener, Os, Process, Protocol, Service, ServiceState, StartMode, System};
pub use table_change::{TableChange, changes};
pub use words::{Word, Words};
