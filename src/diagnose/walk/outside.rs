//! A packet that comes in from outside: from the internet, or from a machine of the LAN that nothing is known of.
//! What stands between that machine and this PC is not ours to read and is said to be unknown.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::filter::Content;
use super::super::rules::nat_engine::forward::{self, Known};
use super::super::{Station, role};
use super::hop::{Hop, Judgment, Spot};
use super::machine;
use super::step::{Arrival, Packet, Walker};
use crate::knowledge::{Cell, Direction, Reach};
use crate::model::{Adapter, ConnectionState, Endpoint, Message, Mode, Place, Protocol, is_private};

/// Stands for a sender on the internet (RFC 5737, RFC 3849).
const SENDER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 7);
const SENDER6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 7);

use Judgment::{Passes, Stops, Unknown};

impl<'a> Walker<'a> {
    /// Follows a packet from outside to `to`, as far as this PC and its products tell.
    pub fn enter(&mut self, from: Endpoint, to: IpAddr, content: Content) -> Arrival {
        let uplink = self.uplink();
        let sender = self.sender(from, to, uplink);
        let key = if from == Endpoint::Internet {
            "walk-outside-internet"
        } else {
            "walk-outside-lan"
        };
        let text = Message::new(key).with("sender", sender);
        self.note(Hop::new(Spot::Outside, Station::Internet, Passes, text));
        self.past_the_router(from, to, uplink);
        let target = machine::holder(self.s, to).or_else(|| {
            let inside = self.s.segment.is_some_and(|segment| segment.contains(&to));
            inside.then_some(Place::Guest)
        });
        let packet = Packet {
            at: Place::Host,
            input: uplink.map(|adapter| adapter.name.clone()),
            source: Some(sender),
            to,
            content,
            state: ConnectionState::New,
        };
        match target {
            Some(Place::Host) => self.follow(packet),
            Some(Place::Guest | Place::Guest2) => self.reach_guest(packet, target.unwrap_or(Place::Guest)),
            _ => {
                let text = Message::new("walk-outside-nobody").with("address", to);
                self.note(Hop::new(Spot::Outside, Station::Internet, Unknown, text));
                Arrival::Ended
            }
        }
    }

    /// The adapter by which this PC has the rest of the world.
    fn uplink(&self) -> Option<&'a Adapter> {
        let host = self.s.host();
        let by_default = host
            .default_routes()
            .first()
            .and_then(|row| row.adapter.as_deref());
        let named = by_default.and_then(|name| host.adapter(name));
        named.or_else(|| {
            let mut cards = host.adapters.rows().iter();
            cards.find(|card| role::is_uplink(host, card))
        })
    }

    /// An address that stands for the sender's: of the LAN, or of the internet.
    fn sender(&self, from: Endpoint, to: IpAddr, uplink: Option<&Adapter>) -> IpAddr {
        let outside = || match to {
            IpAddr::V4(_) => IpAddr::V4(SENDER),
            IpAddr::V6(_) => IpAddr::V6(SENDER6),
        };
        if from == Endpoint::Internet || to.is_ipv6() {
            return outside();
        }
        let host = self.s.host();
        let taken = |address: &Ipv4Addr| {
            let address = IpAddr::V4(*address);
            address == to
                || host.holds(address) == Some(true)
                || host.routes.rows().iter().any(|row| row.via == Some(address))
        };
        let free = uplink.and_then(Adapter::main_ipv4).and_then(|net| {
            let hosts = net.hosts().take(250);
            hosts.filter(|address| !taken(address)).last()
        });
        free.map_or_else(outside, IpAddr::V4)
    }

    /// What stands between the sender and this PC.
    fn past_the_router(&mut self, from: Endpoint, to: IpAddr, uplink: Option<&Adapter>) {
        let beside = uplink.is_some_and(|adapter| adapter.on_segment_of(to).is_some());
        if from == Endpoint::Lan && beside {
            return;
        }
        let public = uplink
            .and_then(Adapter::main_address)
            .is_some_and(|own| !is_private(IpAddr::V4(own)));
        if from == Endpoint::Internet && public && !is_private(to) {
            return;
        }
        let router = self.s.host().default_routes().first().and_then(|row| row.via);
        let key = match (from, is_private(to)) {
            (Endpoint::Internet, true) => "walk-outside-router-private",
            (Endpoint::Internet, false) => "walk-outside-router",
            _ => "walk-outside-lan-router",
        };
        let name = router.map_or_else(|| "?".to_owned(), |router| router.to_string());
        let text = Message::new(key).with("router", name).with("address", to);
        self.note(Hop::new(Spot::Outside, Station::Uplink, Unknown, text));
    }

    /// By the mode of the guest's card: straight over the LAN, routed by this PC, by a forward, or not at all.
    fn reach_guest(&mut self, packet: Packet, target: Place) -> Arrival {
        let s = self.s;
        let cell = Direction::between(Endpoint::Internet, Endpoint::Guest)
            .and_then(|direction| s.allowed_in(direction));
        let Some((mode, cell)) = cell else {
            let text = Message::new("walk-outside-mode").with("vm", s.machine_name());
            self.note(Hop::new(Spot::Engine, Station::VirtualNetwork, Unknown, text));
            return Arrival::Ended;
        };
        match cell.reach {
            Reach::Works | Reach::Depends => self.by_segment(packet, target, mode, cell),
            Reach::PortForward | Reach::Impossible => self.by_forward(packet, target, mode, cell.reach),
        }
    }

    /// What the mode alone decides is certain only where the mode is.
    fn sure(&self) -> Judgment {
        if self.s.mode_is_certain { Stops } else { Unknown }
    }

    fn by_segment(&mut self, packet: Packet, target: Place, mode: Mode, cell: &'static Cell) -> Arrival {
        if cell.reach == Reach::Depends {
            self.note(Hop::new(
                Spot::Engine,
                Station::VirtualNetwork,
                Unknown,
                Message::new(&cell.why),
            ));
        }
        let on_lan = matches!(mode, Mode::Bridged | Mode::External | Mode::Macvtap);
        if !on_lan {
            return self.follow(packet);
        }
        let text = Message::new("walk-outside-bridged").with("address", packet.to);
        self.note(Hop::new(Spot::Engine, Station::VirtualNetwork, Passes, text));
        let input = self.adapter_of(target, packet.to);
        self.follow(Packet {
            at: target,
            input: Some(input),
            ..packet
        })
    }

    /// Where a mode has no way of its own in, only what a forward names comes in.
    fn by_forward(&mut self, packet: Packet, target: Place, mode: Mode, way: Reach) -> Arrival {
        let port = match packet.content {
            Content::Tcp(port) | Content::Udp(port) => Some(port),
            Content::EchoRequest | Content::EchoReply => None,
        };
        let protocol = match packet.content {
            Content::Udp(_) => Protocol::Udp,
            _ => Protocol::Tcp,
        };
        let leads_there = |known: &Known| {
            let row = &known.forward;
            row.protocol == protocol
                && row.guest_address.is_none_or(|address| address == packet.to)
                && !row.host_address.is_some_and(|address| address.is_loopback())
        };
        let found = port.and_then(|port| {
            let mut all = forward::to_port(self.s, Some(port)).into_iter();
            all.find(leads_there)
        });
        let Some(found) = found else {
            let (judgment, key) = match way {
                Reach::Impossible => (self.sure(), "walk-by-design"),
                _ if self.forwards_are_known() => (self.sure(), "walk-outside-no-forward"),
                _ => (Unknown, "walk-outside-forward-unread"),
            };
            let text = Message::new(key)
                .with("address", packet.to)
                .with("mode", mode.name());
            self.note(Hop::new(Spot::Engine, Station::NatEngine, judgment, text));
            return Arrival::Ended;
        };
        let text = Message::new("walk-outside-forward")
            .with("port", found.forward.host_port)
            .with("address", packet.to);
        let hop = Hop::new(Spot::Engine, Station::NatEngine, Passes, text);
        self.note(hop.row(found.describe(), &found.source));
        let content = match packet.content {
            Content::Tcp(_) => Content::Tcp(found.forward.guest_port),
            other => other,
        };
        let packet = Packet { content, ..packet };
        match found.kind {
            // The kernel hands it on as it is: the filter of what passes through has its say.
            forward::Kind::Rule => self.follow(packet),
            // A program takes the connection and makes one of its own.
            forward::Kind::PortProxy => self.follow(Packet {
                input: None,
                source: None,
                ..packet
            }),
            forward::Kind::Engine => {
                let input = self.adapter_of(target, packet.to);
                self.follow(Packet {
                    at: target,
                    input: Some(input),
                    source: self.s.gateway(),
                    ..packet
                })
            }
        }
    }

    /// Whether every place was read in which a forward to the guest can stand.
    fn forwards_are_known(&self) -> bool {
        let s = self.s;
        if s.host_forwards() {
            return s.host().is_filter_read();
        }
        s.nic.is_some() && s.product.is_some_and(|product| product.networks.is_known())
    }
}
