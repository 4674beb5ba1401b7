//! Any value of every type of the model. Fields and variants are listed in full, so that a new one that is
//! missing here does not compile (fields) or is seen when the list is read (variants).
//!
//! Addresses, names and hardware addresses come from small sets, so that parts of a case speak of the same things.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use vmnet_doctor::model::*;

use super::source::{Any, Source};

/// Names that tools give, and names that nobody would give.
const NAMES: [&str; 30] = [
    "eth0",
    "virbr0",
    "lo",
    "vmnet8",
    "vmnet1",
    "vboxnet0",
    "docker0",
    "wlan0",
    "tun0",
    "br0",
    "vnet0",
    "en0",
    "bridge100",
    "vEthernet (Default Switch)",
    "VMware Network Adapter VMnet8",
    "default",
    "web01",
    "nat",
    "INPUT",
    "FORWARD",
    "filter",
    "dhcp",
    "",
    "a\"b'c$(reboot)`d`",
    "line\nbreak\r\n",
    "\u{202e}evil\u{2066}\u{200b}",
    "名前 \u{1f4bb}",
    "\u{0}\u{1b}[31m\u{7f}\u{85}",
    "{\"unknown\":{\"why\":\"failed\"}}",
    "%s%n\\ --help -rf ~ * ?",
];

const ADDRESSES: [&str; 20] = [
    "192.168.122.10",
    "192.168.122.1",
    "192.168.122.255",
    "192.168.220.131",
    "192.168.220.2",
    "192.168.56.101",
    "192.168.56.1",
    "10.0.2.15",
    "10.0.2.2",
    "169.254.7.7",
    "192.168.1.20",
    "192.168.1.1",
    "8.8.8.8",
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "fe80::1",
    "::",
    "fd00::10",
    "::ffff:192.168.1.1",
];

const PREFIXES: [u8; 10] = [24, 0, 8, 16, 25, 30, 31, 32, 64, 128];

impl Any for bool {
    fn any(s: &mut Source) -> Self {
        s.wants(128)
    }
}

macro_rules! any_number {
    ($($type:ty: [$($usual:expr),*];)*) => { $(impl Any for $type {
        fn any(s: &mut Source) -> Self {
            match s.below(3) {
                0 => s.pick(&[0, $($usual,)* <$type>::MAX]),
                1 => <$type>::from(s.byte() as i8 as u8 & 0x7f),
                _ => s.number() as $type,
            }
        }
    })* };
}

any_number! {
    u16: [22, 80, 443, 53, 1];
    u32: [1, 254, 255, 1500, 9000];
    u64: [1, 300, 1_000_000];
    i32: [-300, -1, 100, i32::MIN];
    i64: [-1, 1_700_000_000, i64::MIN];
}

impl Any for u8 {
    fn any(s: &mut Source) -> Self {
        s.byte()
    }
}

impl Any for String {
    fn any(s: &mut Source) -> Self {
        if s.wants(224) {
            return s.pick(&NAMES).to_owned();
        }
        let length = s.below(12);
        (0..length)
            .map(|_| char::from_u32(s.number() as u32 % 0x11_0000).unwrap_or('\u{fffd}'))
            .collect()
    }
}

impl Any for IpAddr {
    fn any(s: &mut Source) -> Self {
        if s.wants(240) {
            return s.pick(&ADDRESSES).parse().expect("an address of the list");
        }
        if bool::any(s) {
            IpAddr::from((s.number() as u32).to_be_bytes())
        } else {
            IpAddr::from((u128::from(s.number()) << 64 | u128::from(s.number())).to_be_bytes())
        }
    }
}

impl Any for IpNet {
    fn any(s: &mut Source) -> Self {
        let address = IpAddr::any(s);
        let most = if address.is_ipv4() { 32 } else { 128 };
        let net = IpNet::new(address, s.pick(&PREFIXES).min(most)).expect("a prefix that fits");
        if bool::any(s) { net } else { net.trunc() }
    }
}

impl Any for Mac {
    fn any(s: &mut Source) -> Self {
        s.pick(&[
            Mac([0x52, 0x54, 0, 0xaa, 0xbb, 1]),
            Mac([0xfe, 0x54, 0, 0xaa, 0xbb, 1]),
            Mac([0, 0x0c, 0x29, 1, 2, 3]),
            Mac([0; 6]),
            Mac([0xff; 6]),
        ])
    }
}

impl<T: Any> Any for Option<T> {
    fn any(s: &mut Source) -> Self {
        s.wants(128).then(|| T::any(s))
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(s: &mut Source) -> Self {
        let length = s.pick(&[0, 1, 2, 0, 1, 3, 0, 5]);
        (0..length).map(|_| T::any(s)).collect()
    }
}

impl<A: Any, B: Any> Any for (A, B) {
    fn any(s: &mut Source) -> Self {
        (A::any(s), B::any(s))
    }
}

impl<A: Any, B: Any, C: Any> Any for (A, B, C) {
    fn any(s: &mut Source) -> Self {
        (A::any(s), B::any(s), C::any(s))
    }
}

/// Kernel switches and settings: names that rules ask for, values that they expect and others.
impl Any for BTreeMap<String, String> {
    fn any(s: &mut Source) -> Self {
        const KEYS: [&str; 8] = [
            "net.ipv4.ip_forward",
            "net.ipv4.icmp_echo_ignore_all",
            "net.bridge.bridge-nf-call-iptables",
            "net.ipv4.conf.all.rp_filter",
            "promiscuous",
            "restrict",
            "value",
            "unknown",
        ];
        let length = s.below(5);
        (0..length)
            .map(|_| {
                (
                    s.pick(&KEYS).to_owned(),
                    if bool::any(s) {
                        s.pick(&["0", "1", "2"]).to_owned()
                    } else {
                        String::any(s)
                    },
                )
            })
            .collect()
    }
}

impl<T: Any> Any for Fact<T> {
    fn any(s: &mut Source) -> Self {
        match s.below(4) {
            0 => Fact::default(),
            1 => Fact::Unknown(Gap::any(s)),
            _ => Fact::Known(T::any(s), String::any(s)),
        }
    }
}

macro_rules! any_record {
    ($($type:ident { $($field:ident),* $(,)? })*) => { $(impl Any for $type {
        fn any(s: &mut Source) -> Self {
            Self { $($field: Any::any(s),)* }
        }
    })* };
}

macro_rules! any_one_of {
    ($($type:ident: $($variant:ident),* $(,)?;)*) => { $(impl Any for $type {
        fn any(s: &mut Source) -> Self {
            s.pick(&[$($type::$variant),*])
        }
    })* };
}

any_one_of! {
    Why: NotAsked, TimedOut, NoPermission, ToolMissing, Failed, CouldNotParse, TooLarge;
    Place: Host, Guest, Guest2, Lan, Esxi, Other;
    Os: Linux, Windows, Macos, Bsd, Other;
    Endpoint: Host, Guest, Guest2, Lan, Internet;
    AdapterKind: Unknown, Loopback, Ethernet, WiFi, Bridge, Tap, Veth, Macvtap, Macvlan, Tunnel, Vlan, Bond, HostVirtual, Dummy;
    Sharing: Public, Private;
    AddressOrigin: Unknown, Static, Dhcp, LinkLocal;
    RouteKind: Unicast, Local, Broadcast, Multicast, Blackhole, Unreachable, Prohibit, Throw;
    NeighborState: Unknown, Reachable, Stale, Delay, Probe, Incomplete, Failed, Permanent, NoArp;
    PowerState: Unknown, Running, Paused, Saved, Off, Crashed;
    ServiceState: Unknown, Running, Stopped, Failed, Missing;
    StartMode: Unknown, Automatic, Manual, Disabled;
    Protocol: Tcp, Udp;
    FilterBackend: Nft, Iptables;
    FilterFamily: Ip, Ip6, Inet, Bridge, Arp, Other;
    Hook: Input, Forward, Output, Prerouting, Postrouting, Ingress;
    ConnectionState: New, Established, Related, Invalid, Dnat, Snat, Untracked;
    FilterManager: Ufw, Firewalld, Nftables, IptablesPersistent, Docker, Libvirt, Other;
    EchoErrorKind: HostUnreachable, NetUnreachable, PortUnreachable, Prohibited, TtlExceeded, TooBig, NoRoute, NotPermitted, NoRights, NoBuffer, AdapterGone, Other;
    TcpOutcome: Connected, Refused, TimedOut, HostUnreachable, NetUnreachable, Prohibited, NotPermitted, Reset, Other;
    NameOutcome: Resolved, NoSuchName, TimedOut, Failed, Other;
}

impl Any for HypervisorId {
    fn any(s: &mut Source) -> Self {
        s.pick(Self::ALL)
    }
}

impl Any for Mode {
    fn any(s: &mut Source) -> Self {
        s.pick(Self::ALL)
    }
}

any_record! {
    Gap { why, detail }
    Output { on, command, text }
    Unread { what, why, how }
    System {
        os, os_name, host_name, adapters, routes, rules, look_ups, neighbors, bridge_entries, kernel, filter,
        filter_managers, firewall, mac_firewall, port_proxies, listeners, services, modules, processes, dns, hosts, settings,
        devices, proxies, refusals,
    }
    CardSettings { adapter, mac, holder, dhcp, addresses, gateways, active }
    Device { slot, name, driver }
    WebProxy { holder, host, port }
    Refusal { by, service, who, words }
    Adapter {
        name, description, index, mac, kind, enabled, carrier, addresses, mtu, master, lower, lower_mode, gateways,
        dns, dhcp, dhcp_server, forwarding, profile, spanning_tree, port_state, bindings,
        network_manager, offloads, sharing,
    }
    AdapterAddress { net, origin, duplicate }
    Route {
        destination, via, adapter, metric, table, kind, source, protocol, persistent, dead, scoped,
    }
    PolicyRule {
        priority, from, to, input, output, mark, inverted, suppress_prefix_length, selective, action,
    }
    SystemLookUp { destination, adapter, via, source, kind, error }
    Neighbor { address, mac, adapter, state, confirmed_ms_ago }
    PacketFilter { chains, complete }
    Chain { backend, family, table, name, hook, priority, policy, rules }
    FilterRule { matches, action, packets, text }
    FilterMatch { on, negated }
    SystemFirewall { profiles, rules, other_products }
    FirewallProfile { name, enabled, blocks_inbound, blocks_all_inbound, blocks_outbound, local_rules }
    FirewallRule {
        name, display_name, enabled, inbound, allows, protocol, local_port, profiles, remote,
        program, partial,
    }
    MacFirewall { enabled, blocks_all, stealth, blocked, pf_nat, pf_blocks }
    Listener { protocol, address, port, process }
    Service { name, state, start, source }
    Process { pid, name, arguments }
    Hypervisor { id, version, installed, running, evidence, networks, machines, warnings, settings }
    VirtualNetwork {
        name, mode, active, autostart, host_adapter, host_adapter_wanted, segment, host_address, nat_address, nat,
        dhcp, leases, uplink, uplink_automatic, forwards, vlan, settings,
    }
    DhcpServer { enabled, address, first, last }
    Lease { address, mac, host_name, client_id, ends, abandoned }
    Machine { name, id, state, os, nics }
    Nic {
        slot, mode, network, mac, model, cable_connected, host_port, uplink, submode, addresses, filter, forwards,
        vlan, settings,
    }
    GuestAddress { address, prefix, source }
    PortForward { name, protocol, host_address, host_port, guest_address, guest_port }
    Probe { from, to, name, result, source, at_ms }
    EchoResult {
        sent, received, times_us, resolution_us, size, unfragmentable, ttl, errors, duplicates,
        silent_at_last, source,
    }
    EchoError { kind, by, count }
    Capture { on, adapter, filter, ended, exchanges, source }
    Exchange { from, to, port, requests, answers }
    TableChange { adapter, destination, what }
    NeighborCheck { adapter, before, after, answered, macs }
    PathMtu { passed, failed, told, by }
    NameResult { name, server, outcome, addresses, time_us }
    TraceHop { address, time_us }
}

impl Any for PolicyAction {
    fn any(s: &mut Source) -> Self {
        match s.below(6) {
            0 | 1 => Self::Table(u32::any(s)),
            2 => Self::Blackhole,
            3 => Self::Unreachable,
            4 => Self::Prohibit,
            _ => Self::Other(u32::any(s)),
        }
    }
}

impl Any for MatchOn {
    fn any(s: &mut Source) -> Self {
        match s.below(14) {
            0 => Self::InputAdapter(Any::any(s)),
            1 => Self::OutputAdapter(Any::any(s)),
            2 => Self::InputPort(Any::any(s)),
            3 => Self::OutputPort(Any::any(s)),
            4 => Self::Bridged,
            5 => Self::Source(Any::any(s)),
            6 => Self::Destination(Any::any(s)),
            7 => Self::Protocol(Any::any(s)),
            8 => Self::DestinationPort(Any::any(s)),
            9 => Self::SourcePort(Any::any(s)),
            10 => Self::IcmpType(Any::any(s)),
            11 => Self::State(Any::any(s)),
            12 => Self::DestinationKind(Any::any(s)),
            _ => Self::Opaque(Any::any(s)),
        }
    }
}

impl Any for FilterAction {
    fn any(s: &mut Source) -> Self {
        match s.below(9) {
            0 => Self::Accept,
            1 => Self::Drop,
            2 => Self::Reject(Any::any(s)),
            3 => Self::Jump(Any::any(s)),
            4 => Self::Goto(Any::any(s)),
            5 => Self::Return,
            6 => Self::Continue,
            7 => Self::Nat(s.pick(&["masquerade", "snat 192.168.1.20", "dnat"]).to_owned()),
            _ => Self::Other(Any::any(s)),
        }
    }
}

impl Any for ProbeResult {
    fn any(s: &mut Source) -> Self {
        match s.below(7) {
            0 => Self::Echo(Any::any(s)),
            1 => Self::Tcp {
                port: Any::any(s),
                outcome: Any::any(s),
                time_us: Any::any(s),
                by: Any::any(s),
            },
            2 => Self::Neighbor(Any::any(s)),
            3 => Self::PathMtu(Any::any(s)),
            4 => Self::Name(Any::any(s)),
            5 => Self::Trace {
                hops: Any::any(s),
                reached: Any::any(s),
            },
            _ => Self::Dhcp {
                address: Any::any(s),
                server: Any::any(s),
            },
        }
    }
}

impl Any for Intake {
    fn any(s: &mut Source) -> Self {
        let guest_ip = bool::any(s).then(|| {
            let net = IpNet::any(s);
            (net.addr(), bool::any(s).then_some(net.prefix_len()))
        });
        let target = match s.below(3) {
            0 => None,
            1 => Some(s.pick(&ADDRESSES).to_owned()),
            _ => Some(String::any(s)),
        };
        Self {
            host_os: Any::any(s),
            hypervisor: Any::any(s),
            mode: Any::any(s),
            from: Any::any(s),
            to: Any::any(s),
            vm: Any::any(s),
            nic: Any::any(s),
            guest_ip,
            guest_os: Any::any(s),
            target,
            port: Any::any(s),
        }
    }
}

impl Any for Case {
    fn any(s: &mut Source) -> Self {
        Self {
            schema: SCHEMA,
            kind: "case".to_owned(),
            taken_at: s.pick(&[
                None,
                Some("2026-03-01T12:00:00Z".to_owned()),
                Some("yesterday".to_owned()),
            ]),
            intake: Any::any(s),
            // Probes before the machines: what comes late is what is left out when the choices run out.
            probes: Any::any(s),
            captures: Any::any(s),
            hypervisors: Any::any(s),
            host: Any::any(s),
            guest: Any::any(s),
            guest2: Any::any(s),
            lan: Any::any(s),
            outputs: Any::any(s),
            unread: Any::any(s),
            changed: Any::any(s),
            retold: Vec::new(),
            doubt: None,
        }
    }
}
