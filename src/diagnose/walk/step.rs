//! The packet on its way from machine to machine.

use std::net::IpAddr;

use super::super::filter::{self, Content};
use super::super::{Link, Seen, Situation, Station, Way};
use super::hop::{Hop, Judgment, Spot};
use super::machine;
use crate::knowledge::{Direction, Reach};
use crate::model::{ConnectionState, Endpoint, Hook, HypervisorId, Message, Mode, Place, ServiceState};

/// Most machines that a packet passes.
const MAX_MACHINES: usize = 8;

/// A packet on a machine.
#[derive(Clone, Debug)]
pub(super) struct Packet {
    /// The machine that it is on.
    pub at: Place,
    /// The adapter that it came in by; `None` for the machine's own.
    pub input: Option<String>,
    /// Who sent it; `None` as long as the machine has not chosen.
    pub source: Option<IpAddr>,
    /// Whom it is for.
    pub to: IpAddr,
    /// What it carries.
    pub content: Content,
    /// Where connection tracking places it.
    pub state: ConnectionState,
}

/// Where a packet came to.
#[derive(Clone, Debug)]
pub(super) enum Arrival {
    /// To a machine of the case.
    At(Packet),
    /// Beyond the case: it left the last machine by this adapter.
    Beyond {
        /// As it was when it left.
        packet: Packet,
        /// The adapter.
        output: String,
    },
    /// It was thrown away, or lost from sight.
    Ended,
}

/// An address that was changed on the way out, to be changed back.
struct Translation {
    at: Place,
    /// The address that the other side sees.
    seen: IpAddr,
    /// The address that it stands for, and whether the packet's destination was changed.
    meant: IpAddr,
}

/// Follows packets through a case and keeps the account.
pub(super) struct Walker<'a> {
    pub s: &'a Situation<'a>,
    hops: Vec<Hop>,
    sources: Vec<Translation>,
    destinations: Vec<Translation>,
    /// The ends of the question, for the mode's table; it starts at `None` where it comes from outside.
    from: Option<Place>,
    to: Option<Place>,
    /// The product's translation was passed on behalf of this machine, with its address.
    engine: Option<(Place, Option<IpAddr>)>,
}

use Judgment::{Passes, Stops, Unknown};

impl<'a> Walker<'a> {
    pub fn new(s: &'a Situation<'a>, from: Option<Place>, to: IpAddr) -> Self {
        Self {
            s,
            hops: Vec::new(),
            sources: Vec::new(),
            destinations: Vec::new(),
            from,
            to: machine::holder(s, to),
            engine: None,
        }
    }

    pub fn take_hops(&mut self) -> Vec<Hop> {
        std::mem::take(&mut self.hops)
    }

    pub fn note(&mut self, hop: Hop) -> Judgment {
        let judgment = hop.judgment;
        self.hops.push(hop);
        judgment
    }

    /// Follows a packet from the machine it is on to its end.
    pub fn follow(&mut self, mut packet: Packet) -> Arrival {
        for _ in 0..MAX_MACHINES {
            self.translate_destination(&mut packet);
            let holds = |system: &crate::model::System| system.holds(packet.to) == Some(true);
            let here = self.s.case.system(packet.at).is_some_and(holds)
                || machine::holder(self.s, packet.to) == Some(packet.at);
            if here {
                return self.arrive(packet);
            }
            match self.leave(&mut packet) {
                Ok(next) => packet = next,
                Err(arrival) => return arrival,
            }
        }
        let loop_hop = Hop::new(
            Spot::of(packet.at),
            Station::HostRoute,
            Stops,
            Message::new("walk-circle"),
        );
        self.note(loop_hop);
        Arrival::Ended
    }

    /// Sends the answer from where a packet came to.
    pub fn follow_back(&mut self, arrival: Arrival, content: Content) {
        let state = ConnectionState::Established;
        match arrival {
            Arrival::Ended => {}
            Arrival::At(packet) => {
                let Some(source) = packet.source else { return };
                let came_in = packet.input.clone();
                let at = packet.at;
                let answer = Packet {
                    at,
                    input: None,
                    source: Some(packet.to),
                    to: source,
                    content,
                    state,
                };
                let first = self.hops.len();
                self.follow(answer);
                self.compare_sides(first, at, came_in);
            }
            Arrival::Beyond { packet, output } => {
                let Some(source) = packet.source else { return };
                let came = self.from.is_some_and(|from| {
                    let answers = Seen::of(self.s.case, from, packet.to);
                    answers.echo_replies() || answers.tcp_proof().is_some()
                });
                let key = if came {
                    "walk-beyond-answers"
                } else {
                    "walk-beyond"
                };
                let text = Message::new(key).with("address", packet.to);
                let judgment = if came { Passes } else { Unknown };
                self.note(Hop::new(Spot::Outside, Station::Internet, judgment, text));
                let back = self.follow(Packet {
                    input: Some(output),
                    source: Some(packet.to),
                    to: source,
                    content,
                    state,
                    ..packet
                });
                self.back_through_engine(back);
            }
        }
    }

    /// What came back to the host for the product's translation goes on to the machine that it stands for.
    fn back_through_engine(&mut self, back: Arrival) {
        let (Arrival::At(packet), Some((inner, Some(meant)))) = (back, self.engine) else {
            return;
        };
        if packet.at != Place::Host {
            return;
        }
        self.note(Hop::new(
            Spot::Engine,
            Station::NatEngine,
            Passes,
            Message::new("walk-engine-back"),
        ));
        self.follow(Packet {
            at: inner,
            input: Some(self.adapter_of(inner, meant)),
            to: meant,
            ..packet
        });
    }

    /// The adapter of a machine that holds an address, or a stand-in.
    pub fn adapter_of(&self, place: Place, address: IpAddr) -> String {
        let mut all = self
            .system(place)
            .into_iter()
            .flat_map(|system| system.adapters.rows());
        let found = all.find(|adapter| adapter.holds(address));
        found.map_or_else(|| "?".to_owned(), |adapter| adapter.name.clone())
    }

    /// An answer that leaves by another adapter than the request came in by may be right, and is often the fault.
    fn compare_sides(&mut self, first: usize, at: Place, came_in: Option<String>) {
        let Some(came_in) = came_in else { return };
        let left = self.hops.get(first..).into_iter().flatten().find_map(|hop| {
            let is_route = hop.text.key.starts_with("walk-route") && hop.at == Spot::of(at);
            is_route.then(|| hop.text.args.get("adapter").cloned()).flatten()
        });
        if let Some(left) = left.filter(|left| *left != came_in) {
            let text = Message::new("walk-other-side")
                .with("input", came_in)
                .with("output", left);
            let hop = Hop::new(Spot::of(at), route_station(at), Unknown, text);
            let place = (first + 1).min(self.hops.len());
            self.hops.insert(place, hop);
        }
    }

    fn system(&self, place: Place) -> Option<&'a crate::model::System> {
        self.s.case.system(place)
    }

    // On a machine.

    fn translate_destination(&mut self, packet: &mut Packet) {
        // What was changed on the way out is changed back first.
        if packet.state == ConnectionState::Established {
            if let Some(known) = self
                .sources
                .iter()
                .find(|known| known.at == packet.at && known.seen == packet.to)
            {
                let text = Message::new("walk-translated-back")
                    .with("from", known.seen)
                    .with("to", known.meant);
                packet.to = known.meant;
                let hop = Hop::new(Spot::of(packet.at), Station::NatEngine, Passes, text);
                self.note(hop);
            }
            return;
        }
        let Some(system) = self.system(packet.at) else {
            return;
        };
        let (Some(rules), Some(source)) = (system.filter.value(), packet.source) else {
            return;
        };
        let hook = if packet.input.is_some() {
            Hook::Prerouting
        } else {
            Hook::Output
        };
        let looked_at = filter::Packet {
            input: packet.input.as_deref(),
            // A packet for one of the machine's own addresses is told by having no way out.
            output: (system.holds(packet.to) != Some(true)).then_some(""),
            source,
            destination: packet.to,
            content: packet.content,
            state: packet.state,
            bridged: false,
        };
        let Some(found) = filter::new_destination(rules, hook, &looked_at) else {
            return;
        };
        let text = Message::new("walk-forwarded-port")
            .with("from", packet.to)
            .with("to", found.address);
        let hop = Hop::new(Spot::of(packet.at), Station::NatEngine, Passes, text)
            .row(&found.rule.text, system.filter.source());
        self.note(hop);
        self.destinations.push(Translation {
            at: packet.at,
            seen: packet.to,
            meant: found.address,
        });
        packet.to = found.address;
        if let (Some(port), Content::Tcp(_)) = (found.port, packet.content) {
            packet.content = Content::Tcp(port);
        }
    }

    fn arrive(&mut self, packet: Packet) -> Arrival {
        let spot = Spot::of(packet.at);
        let station = firewall_station(packet.at);
        let Some(system) = self.system(packet.at).filter(|system| !system.is_empty()) else {
            let text = Message::new("walk-arrives-unread").with("address", packet.to);
            self.note(Hop::new(spot, station, Unknown, text));
            return Arrival::At(packet);
        };
        let Some(input) = packet.input.clone() else {
            let text = Message::new("walk-local").with("address", packet.to);
            self.note(Hop::new(spot, route_station(packet.at), Passes, text));
            return Arrival::At(packet);
        };
        if self.reverse_path(&packet, system, &input) == Stops {
            return Arrival::Ended;
        }
        if self.filtered(&packet, system, Hook::Input, Some(&input), None) == Stops {
            return Arrival::Ended;
        }
        if packet.state == ConnectionState::New {
            if let Some(setting) = machine::ignores_echo(system, packet.content) {
                let hop = Hop::new(spot, station, Stops, Message::new("walk-echo-ignored"));
                self.note(hop.row(setting, system.kernel.source()));
                return Arrival::Ended;
            }
            let told = system.listeners.source();
            match machine::listener(system, packet.to, packet.content) {
                Some(Ok(bound)) => {
                    let hop = Hop::new(spot, station, Passes, Message::new("walk-listener"));
                    self.note(hop.row(bound, told));
                }
                Some(Err(bound)) => {
                    let hop = Hop::new(spot, station, Stops, Message::new("walk-no-listener"));
                    self.note(hop.row(bound, told));
                    return Arrival::Ended;
                }
                None => {}
            }
        }
        let text = Message::new("walk-arrives").with("address", packet.to);
        self.note(Hop::new(spot, station, Passes, text));
        Arrival::At(packet)
    }

    fn reverse_path(&mut self, packet: &Packet, system: &crate::model::System, input: &str) -> Judgment {
        let setting = packet
            .source
            .and_then(|source| machine::reverse_path_drop(system, input, source));
        let Some(setting) = setting else { return Passes };
        let text = Message::new("walk-rp-filter").with("adapter", input);
        let station = if packet.at == Place::Host {
            Station::Forwarding
        } else {
            Station::GuestRoute
        };
        self.note(Hop::new(Spot::of(packet.at), station, Stops, text).row(setting, system.kernel.source()))
    }

    /// What the machine's own packet filter does.
    fn filtered(
        &mut self,
        packet: &Packet,
        system: &crate::model::System,
        hook: Hook,
        input: Option<&str>,
        output: Option<&str>,
    ) -> Judgment {
        let spot = Spot::of(packet.at);
        let station = if hook == Hook::Forward {
            Station::Forwarding
        } else {
            firewall_station(packet.at)
        };
        if !machine::has_chains(self.s, packet.at) {
            let decided = input
                .filter(|_| hook == Hook::Input && packet.state == ConnectionState::New)
                .and_then(|input| machine::other_firewall(system, input));
            let (judgment, key, row) = match decided {
                Some((row, true)) => (Passes, "walk-filter-passes", row),
                Some((row, false)) => (Stops, "walk-filter-drops", row),
                // Profiles and application firewalls let out what the machine starts, and let in the answers.
                None if hook != Hook::Input || packet.state != ConnectionState::New => return Passes,
                None => (Unknown, "walk-filter-unknown", String::new()),
            };
            let told = format!("{}{}", system.firewall.source(), system.mac_firewall.source());
            return self.note(Hop::new(spot, station, judgment, Message::new(key)).row(row, &told));
        }
        let told = system.filter.source();
        let (Some(rules), Some(source)) = (system.filter.value(), packet.source) else {
            return self.note(Hop::new(
                spot,
                station,
                Unknown,
                Message::new("walk-filter-unread"),
            ));
        };
        let looked_at = filter::Packet {
            input,
            output,
            source,
            destination: packet.to,
            content: packet.content,
            state: packet.state,
            bridged: false,
        };
        let hop = match filter::walk(rules, hook, &looked_at) {
            filter::Walk::Passes => Hop::new(spot, station, Passes, Message::new("walk-filter-passes")),
            filter::Walk::Stopped(stop) => {
                let key = if stop.rejects {
                    "walk-filter-rejects"
                } else {
                    "walk-filter-drops"
                };
                Hop::new(spot, station, Stops, Message::new(key)).row(stop.describe(), told)
            }
            filter::Walk::Unknown => Hop::new(spot, station, Unknown, Message::new("walk-filter-unknown")),
        };
        self.note(hop)
    }

    // From a machine to the next.

    fn leave(&mut self, packet: &mut Packet) -> Result<Packet, Arrival> {
        let at = packet.at;
        let spot = Spot::of(at);
        let Some(system) = self.system(at) else {
            return Err(Arrival::Ended);
        };
        if let Some(input) = packet.input.clone()
            && (self.reverse_path(packet, system, &input) == Stops
                || self.may_forward(packet, system, &input) == Stops)
        {
            return Err(Arrival::Ended);
        }
        let (output, via) = self.looked_up(packet, system)?;
        let next = via.unwrap_or(packet.to);
        if packet.source.is_none() {
            packet.source = machine::source_address(system, &output, next).or_else(|| {
                // The guest's address is known without its own tables.
                (at == Place::Guest).then_some(self.s.guest_ip).flatten()
            });
        }
        let adapter = system.adapter(&output);
        if adapter.is_some_and(|adapter| adapter.enabled == Some(false)) {
            let text = Message::new("walk-adapter-down").with("adapter", &output);
            let station = if at == Place::Host {
                Station::HostAdapter
            } else {
                Station::GuestAddress
            };
            self.note(Hop::new(spot, station, Stops, text).row("", system.adapters.source()));
            return Err(Arrival::Ended);
        }
        let hook = if packet.input.is_some() {
            Hook::Forward
        } else {
            Hook::Output
        };
        let input = packet.input.clone();
        if self.filtered(packet, system, hook, input.as_deref(), Some(&output)) == Stops {
            return Err(Arrival::Ended);
        }
        self.translate_source(packet, system, &output, next);
        if self.no_way_by_design(packet) == Stops {
            return Err(Arrival::Ended);
        }
        if adapter.is_some_and(crate::model::Adapter::is_tunnel) {
            let text = Message::new("walk-tunnel").with("adapter", &output);
            self.note(Hop::new(spot, route_station(at), Unknown, text));
            return Err(Arrival::Beyond {
                packet: packet.clone(),
                output,
            });
        }
        self.over_the_wire(packet, output, next, via.is_some())
    }

    fn may_forward(&mut self, packet: &Packet, system: &crate::model::System, input: &str) -> Judgment {
        let (judgment, key, row) = match machine::forwarding(system, Some(input), packet.to) {
            Some((row, true)) => (Passes, "walk-forwarding-on", row),
            Some((row, false)) => (Stops, "walk-forwarding-off", row),
            None => (Unknown, "walk-forwarding-unknown", String::new()),
        };
        let hop = Hop::new(
            Spot::of(packet.at),
            Station::Forwarding,
            judgment,
            Message::new(key),
        );
        self.note(hop.row(row, system.kernel.source()))
    }

    /// The adapter and the router of the row that wins.
    fn looked_up(
        &mut self,
        packet: &Packet,
        system: &crate::model::System,
    ) -> Result<(String, Option<IpAddr>), Arrival> {
        let (at, to) = (packet.at, packet.to);
        let (spot, station) = (Spot::of(at), route_station(at));
        let way = machine::way(self.s, at, to, packet.source, packet.input.as_deref());
        let ended = |walker: &mut Self, key: &'static str, row: &str, source: &str| {
            let text = Message::new(key).with("address", to);
            walker.note(Hop::new(spot, station, Stops, text).row(row, source));
            Err(Arrival::Ended)
        };
        match way {
            Way::Adapter {
                name,
                via,
                row,
                source,
            } => {
                let text = match via {
                    Some(via) => Message::new("walk-route-via").with("via", via),
                    None => Message::new("walk-route-direct"),
                };
                let text = text.with("adapter", &name).with("address", to);
                self.note(Hop::new(spot, station, Passes, text).row(row, &source));
                Ok((name, via))
            }
            Way::Local { .. } => {
                let text = Message::new("walk-local").with("address", to);
                self.note(Hop::new(spot, station, Passes, text));
                Err(Arrival::At(packet.clone()))
            }
            Way::Discarded { row, source } => ended(self, "walk-discarded", &row, &source),
            Way::NoRoute { source } => ended(self, "walk-no-route", "", &source),
            Way::Unknown => self.assumed(packet, system),
        }
    }

    /// The way that a machine must take whose routes were not read: straight in its own segment, else by the
    /// gateway that the mode has.
    fn assumed(
        &mut self,
        packet: &Packet,
        system: &crate::model::System,
    ) -> Result<(String, Option<IpAddr>), Arrival> {
        let (spot, station) = (Spot::of(packet.at), route_station(packet.at));
        let to = packet.to;
        let own = system.adapter_on_segment(to);
        let is_guest = matches!(packet.at, Place::Guest | Place::Guest2);
        let in_segment = own.is_some() || (is_guest && self.s.segment.is_some_and(|net| net.contains(&to)));
        let name = own
            .map(|(adapter, _)| adapter.name.clone())
            .or_else(|| {
                let mut all = system.adapters.rows().iter();
                all.find(|adapter| adapter.main_ipv4().is_some_and(|net| !net.addr().is_loopback()))
                    .map(|adapter| adapter.name.clone())
            })
            .unwrap_or_else(|| "?".to_owned());
        let via = self.s.gateway().filter(|_| is_guest && !in_segment);
        let (key, goes_on) = match (in_segment, via) {
            (true, _) => ("walk-assumed-direct", true),
            (false, Some(_)) => ("walk-assumed-via", true),
            (false, None) => ("walk-routes-unread", false),
        };
        let mut text = Message::new(key).with("address", to);
        if let Some(via) = via {
            text = text.with("via", via);
        }
        self.note(Hop::new(spot, station, Unknown, text));
        if goes_on {
            Ok((name, via))
        } else {
            Err(Arrival::Ended)
        }
    }

    fn translate_source(
        &mut self,
        packet: &mut Packet,
        system: &crate::model::System,
        output: &str,
        next: IpAddr,
    ) {
        let (Some(rules), Some(source)) = (system.filter.value(), packet.source) else {
            return;
        };
        if packet.state == ConnectionState::Established {
            // The answer to a forwarded port leaves under the address that was asked.
            if let Some(known) = self
                .destinations
                .iter()
                .find(|known| known.at == packet.at && known.meant == source)
            {
                packet.source = Some(known.seen);
            }
            return;
        }
        if filter::translates_source(rules, source, packet.to, output) != Some(true) {
            return;
        }
        let Some(own) = machine::source_address(system, output, next).filter(|own| *own != source) else {
            return;
        };
        let text = Message::new("walk-translated")
            .with("from", source)
            .with("to", own);
        self.note(
            Hop::new(Spot::of(packet.at), Station::NatEngine, Passes, text).row("", system.filter.source()),
        );
        self.sources.push(Translation {
            at: packet.at,
            seen: own,
            meant: source,
        });
        packet.source = Some(own);
    }

    /// What the mode has no way for is lost on the wire, whatever the tables say.
    fn no_way_by_design(&mut self, packet: &Packet) -> Judgment {
        let Some(from) = self
            .from
            .filter(|from| packet.at == *from && packet.state == ConnectionState::New)
        else {
            return Passes;
        };
        let end = |place: Option<Place>| match place {
            Some(Place::Host) => Endpoint::Host,
            Some(Place::Guest) => Endpoint::Guest,
            Some(Place::Guest2) => Endpoint::Guest2,
            Some(Place::Lan) => Endpoint::Lan,
            _ => Endpoint::Internet,
        };
        let (start, to) = (end(Some(from)), end(self.to));
        let closed = Direction::between(start, to)
            .and_then(|direction| self.s.allowed_in(direction))
            .filter(|(_, cell)| matches!(cell.reach, Reach::Impossible | Reach::PortForward));
        let Some((mode, cell)) = closed else { return Passes };
        // A port that is forwarded is asked at the host's own address, and that is another question.
        let echo_over_tcp_only = cell.cause.as_deref() == Some("usermode-nat-no-icmp");
        if echo_over_tcp_only && matches!(packet.content, Content::Tcp(_)) {
            return Passes;
        }
        let seen = packet.source.is_some() && {
            let seen = Seen::of(self.s.case, from, packet.to);
            seen.echo_replies() || seen.tcp_proof().is_some()
        };
        let judgment = if self.s.mode_is_certain && !seen {
            Stops
        } else {
            Unknown
        };
        let text = Message::new("walk-by-design").with("mode", mode.name());
        self.note(Hop::new(Spot::Engine, Station::NatEngine, judgment, text))
    }

    /// Over the segment to the next machine.
    fn over_the_wire(
        &mut self,
        packet: &Packet,
        output: String,
        next: IpAddr,
        routed: bool,
    ) -> Result<Packet, Arrival> {
        let beyond = |output: String| Arrival::Beyond {
            packet: packet.clone(),
            output,
        };
        let owner = machine::holder(self.s, next);
        let translates = matches!(
            self.s.mode,
            Some(Mode::Nat | Mode::NatNetwork | Mode::User | Mode::DefaultSwitch)
        );
        if owner.is_none() && routed && translates && packet.at == Place::Guest {
            return self.through_engine(packet, next);
        }
        let link = Seen::of(self.s.case, packet.at, next).link();
        let (judgment, key) = match link {
            Link::Answered => (Passes, "walk-wire-answered"),
            Link::Cached => (Passes, "walk-wire-cached"),
            Link::Silent => (Stops, "walk-wire-silent"),
            Link::Unknown => (Unknown, "walk-wire-unknown"),
        };
        let text = Message::new(key).with("address", next).with("adapter", &output);
        let station = if owner.is_none() && packet.at == Place::Host {
            Station::Uplink
        } else {
            Station::Link
        };
        // A machine whose adapters were not read says nothing of its wire.
        let silent = output == "?" && link == Link::Unknown;
        if !silent && self.note(Hop::new(Spot::of(packet.at), station, judgment, text)) == Stops {
            return Err(Arrival::Ended);
        }
        let Some(place) = owner else {
            return Err(beyond(output));
        };
        if self.bridged(packet, place) == Stops {
            return Err(Arrival::Ended);
        }
        Ok(Packet {
            at: place,
            input: Some(self.adapter_of(place, next)),
            ..packet.clone()
        })
    }

    /// Frames between two machines of one bridge pass the host's filter when bridge netfilter is on.
    fn bridged(&mut self, packet: &Packet, next: Place) -> Judgment {
        let host = self.s.host();
        let name = if packet.to.is_ipv4() {
            "net.bridge.bridge-nf-call-iptables"
        } else {
            "net.bridge.bridge-nf-call-ip6tables"
        };
        let apart = packet.at != Place::Host && next != Place::Host && host.switch(name) == Some("1");
        let (true, Some(bridge), Some(rules), Some(source)) =
            (apart, self.s.host_adapter, host.filter.value(), packet.source)
        else {
            return Passes;
        };
        let looked_at = filter::Packet {
            input: Some(&bridge.name),
            output: Some(&bridge.name),
            source,
            destination: packet.to,
            content: packet.content,
            state: packet.state,
            bridged: true,
        };
        match filter::walk(rules, Hook::Forward, &looked_at) {
            filter::Walk::Passes => Passes,
            filter::Walk::Stopped(stop) => {
                let text = Message::new("walk-bridge-filter").with("setting", format!("{name} = 1"));
                let hop = Hop::new(Spot::Host, Station::Forwarding, Stops, text);
                self.note(hop.row(stop.describe(), host.filter.source()))
            }
            filter::Walk::Unknown => {
                let text = Message::new("walk-bridge-filter").with("setting", format!("{name} = 1"));
                self.note(Hop::new(Spot::Host, Station::Forwarding, Unknown, text))
            }
        }
    }

    /// Through the program of the product that translates for its guests: outside it is the host's own packet.
    fn through_engine(&mut self, packet: &Packet, gateway: IpAddr) -> Result<Packet, Arrival> {
        let s = self.s;
        let service = s.host().service("VMware NAT Service");
        let vmware = matches!(
            s.hypervisor,
            Some(HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion)
        );
        let stopped = service.filter(|service| {
            vmware && matches!(service.state, ServiceState::Stopped | ServiceState::Failed)
        });
        let key = if stopped.is_some() {
            "walk-engine-stopped"
        } else {
            "walk-engine"
        };
        let judgment = match Seen::of(s.case, packet.at, gateway).link() {
            _ if stopped.is_some() => Stops,
            Link::Silent => Unknown,
            _ => Passes,
        };
        let text = Message::new(key).with("address", gateway);
        let row = stopped.map(|service| format!("{}: {:?}", service.name, service.state));
        let hop = Hop::new(Spot::Engine, Station::NatEngine, judgment, text);
        if self.note(hop.row(row.unwrap_or_default(), s.host().services.source())) == Stops {
            return Err(Arrival::Ended);
        }
        self.engine = Some((packet.at, packet.source));
        Ok(Packet {
            at: Place::Host,
            input: None,
            source: None,
            ..packet.clone()
        })
    }
}

fn route_station(place: Place) -> Station {
    if place == Place::Host {
        Station::HostRoute
    } else {
        Station::GuestRoute
    }
}

fn firewall_station(place: Place) -> Station {
    if place == Place::Host {
        Station::HostFirewall
    } else {
        Station::GuestFirewall
    }
}
