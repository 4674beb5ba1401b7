//! libvirt's XML: `virsh net-dumpxml`, `virsh dumpxml`, the files under `/etc/libvirt/qemu`, and snippets of
//! one interface.

use std::net::IpAddr;

use ipnet::IpNet;
use quick_xml::events::{BytesStart, Event};

use super::lay;
use crate::model::{
    Case, DhcpServer, HypervisorId, Machine, Mode, Nic, Place, PortForward, PowerState, Protocol,
    VirtualNetwork,
};
use crate::parse::text;

/// Why the text is not libvirt's XML.
#[derive(Debug, thiserror::Error)]
pub enum XmlError {
    /// It is not well-formed, or was cut off.
    #[error("not well-formed XML: {0}")]
    Syntax(#[from] quick_xml::Error),
    /// Elements stand in each other deeper than libvirt's ever do.
    #[error("elements are nested too deep")]
    TooDeep,
    /// It holds no network, domain or interface.
    #[error("no network, domain or interface in it")]
    Nothing,
}

/// An element with its attributes, text and children.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

const MAX_DEPTH: usize = 32;

impl Element {
    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start
            .attributes()
            .with_checks(false)
            .flatten()
            .take(64)
            .map(|attribute| {
                let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
                let raw = String::from_utf8_lossy(&attribute.value).into_owned();
                let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), Into::into);
                (name, value)
            })
            .collect();
        Self {
            name: String::from_utf8_lossy(start.local_name().as_ref()).into_owned(),
            attributes,
            ..Self::default()
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.trim())
            .filter(|text| !text.is_empty())
    }
}

/// The elements of a text; of one that was cut off, those before the cut, with the error.
fn elements(text: &str) -> (Vec<Element>, Option<XmlError>) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut stack = vec![Element::default()];
    let mut error = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if stack.len() > MAX_DEPTH {
                    error = Some(XmlError::TooDeep);
                    break;
                }
                stack.push(Element::of(&start));
            }
            Ok(Event::Empty(start)) => {
                if let Some(top) = stack.last_mut() {
                    top.children.push(Element::of(&start));
                }
            }
            Ok(Event::End(_)) => close(&mut stack),
            Ok(Event::Text(text)) => {
                if let Some(top) = stack.last_mut() {
                    top.text.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                if let Some(top) = stack.last_mut() {
                    let raw = format!("&{};", String::from_utf8_lossy(&reference));
                    let text = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), Into::into);
                    top.text.push_str(&text);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(syntax) => {
                error = Some(syntax.into());
                break;
            }
        }
    }
    while stack.len() > 1 {
        close(&mut stack);
    }
    (stack.pop().map(|root| root.children).unwrap_or_default(), error)
}

fn close(stack: &mut Vec<Element>) {
    if stack.len() > 1
        && let Some(done) = stack.pop()
        && let Some(top) = stack.last_mut()
    {
        top.children.push(done);
    }
}

/// What a text of libvirt's XML describes.
#[derive(Debug, Default)]
pub struct Described {
    /// Networks.
    pub networks: Vec<VirtualNetwork>,
    /// Machines with their cards.
    pub machines: Vec<Machine>,
    /// Cards that stand alone, of a machine that is not named.
    pub nics: Vec<Nic>,
}

/// Reads every `<network>`, `<domain>` and `<interface>` of a text.
///
/// # Errors
/// When there is none of them.
pub fn parse_xml(text: &str) -> Result<Described, XmlError> {
    let (roots, error) = elements(text);
    let mut described = Described::default();
    for root in roots.iter().take(lay::MAX_ROWS) {
        describe(root, &mut described, 0);
    }
    let nothing = described.networks.is_empty() && described.machines.is_empty() && described.nics.is_empty();
    if nothing {
        return Err(error.unwrap_or(XmlError::Nothing));
    }
    Ok(described)
}

fn describe(element: &Element, described: &mut Described, depth: u8) {
    match element.name.as_str() {
        "network" if element.child("name").is_some() => described.networks.push(network(element)),
        "domain" if element.child("name").is_some() => described.machines.push(domain(element)),
        "interface" if element.attribute("type").is_some() => {
            let slot = described.nics.len();
            described
                .nics
                .push(interface(element, u32::try_from(slot).unwrap_or(u32::MAX)));
        }
        // `<domainstatus>`, `<networkstatus>`, `<devices>` alone.
        _ if depth < 3 => {
            for child in &element.children {
                describe(child, described, depth + 1);
            }
        }
        _ => {}
    }
}

fn network(element: &Element) -> VirtualNetwork {
    let forward = element.child("forward");
    let ips: Vec<&Element> = element.all("ip").collect();
    let bridge = element
        .child("bridge")
        .and_then(|bridge| bridge.attribute("name"))
        .map(str::to_owned);
    let forward_mode = forward.map(|forward| forward.attribute("mode").unwrap_or("nat"));
    let mode = match forward_mode {
        Some("nat") => Mode::Nat,
        Some("route" | "open") => Mode::Routed,
        Some("bridge") if bridge.is_some() => Mode::Bridged,
        Some("bridge" | "private" | "vepa" | "passthrough") => Mode::Macvtap,
        Some(_) => Mode::Other,
        // Without a host address the segment is the guests' own ("very isolated").
        None if ips.is_empty() => Mode::Internal,
        None => Mode::HostOnly,
    };
    let own_bridge = matches!(mode, Mode::Nat | Mode::Routed | Mode::HostOnly | Mode::Internal);
    let uplink = forward.and_then(|forward| {
        forward
            .attribute("dev")
            .or_else(|| forward.child("interface")?.attribute("dev"))
            .map(str::to_owned)
    });
    let main_ip = ips
        .iter()
        .copied()
        .find(|ip| ip.attribute("family") != Some("ipv6"))
        .or_else(|| ips.first().copied());
    let host_net = main_ip.and_then(ip_net);
    let mut network = VirtualNetwork {
        name: element.child_text("name").unwrap_or_default().to_owned(),
        mode,
        host_adapter: bridge,
        host_adapter_wanted: Some(match mode {
            Mode::Internal | Mode::Macvtap => false,
            _ => !own_bridge || !ips.is_empty(),
        }),
        segment: host_net.map(|net| net.trunc()),
        host_address: host_net.map(|net| net.addr()),
        nat_address: host_net.filter(|_| mode == Mode::Nat).map(|net| net.addr()),
        nat: own_bridge.then_some(mode == Mode::Nat),
        uplink,
        ..VirtualNetwork::default()
    };
    if own_bridge {
        let dhcp = main_ip.and_then(|ip| ip.child("dhcp"));
        let range = dhcp.and_then(|dhcp| dhcp.child("range"));
        let end = |name| range.and_then(|range| text::address(range.attribute(name)?));
        network.dhcp = Some(DhcpServer {
            enabled: Some(dhcp.is_some_and(|dhcp| range.is_some() || dhcp.child("host").is_some())),
            address: dhcp.and(network.host_address),
            first: end("start"),
            last: end("end"),
        });
        for host in dhcp.into_iter().flat_map(|dhcp| dhcp.all("host")).take(256) {
            if let (Some(mac), Some(ip)) = (host.attribute("mac"), host.attribute("ip")) {
                network
                    .settings
                    .insert(format!("static-host {mac}"), ip.to_owned());
            }
        }
    }
    if let Some(mode) = forward_mode
        && !matches!(mode, "nat" | "route")
    {
        network
            .settings
            .insert("forward-mode".to_owned(), mode.to_owned());
    }
    let spanning_tree = element.child("bridge").and_then(|bridge| bridge.attribute("stp"));
    if let Some(spanning_tree) = spanning_tree {
        network
            .settings
            .insert("stp".to_owned(), spanning_tree.to_owned());
    }
    if let Some(zone) = element
        .child("bridge")
        .and_then(|bridge| bridge.attribute("zone"))
    {
        network.settings.insert("zone".to_owned(), zone.to_owned());
    }
    network.vlan = vlan(element);
    network
}

/// Address and prefix of an `<ip>` element.
fn ip_net(ip: &Element) -> Option<IpNet> {
    let address = text::address(ip.attribute("address")?)?;
    if let Some(prefix) = ip.attribute("prefix") {
        return IpNet::new(address, prefix.parse().ok()?).ok();
    }
    match (ip.attribute("netmask"), address) {
        (Some(mask), _) => text::net_of(address, mask),
        // Without mask libvirt takes the address class's.
        (None, IpAddr::V4(v4)) => {
            let length = match v4.octets()[0] {
                0..128 => 8,
                128..192 => 16,
                _ => 24,
            };
            IpNet::new(address, length).ok()
        }
        (None, IpAddr::V6(_)) => IpNet::new(address, 64).ok(),
    }
}

fn vlan(element: &Element) -> Option<u16> {
    let vlan = element.child("vlan")?;
    let mut tags = vlan.all("tag");
    let first = tags.next()?.attribute("id")?.parse().ok()?;
    tags.next().is_none().then_some(first)
}

fn domain(element: &Element) -> Machine {
    let nics = element
        .child("devices")
        .into_iter()
        .flat_map(|devices| devices.all("interface"))
        .take(lay::MAX_NICS)
        .zip(0..)
        .map(|(nic, slot)| interface(nic, slot))
        .collect();
    Machine {
        name: element.child_text("name").unwrap_or_default().to_owned(),
        id: element.child_text("uuid").map(str::to_owned),
        // libvirt gives a running domain a number.
        state: if element.attribute("id").is_some() {
            PowerState::Running
        } else {
            PowerState::Unknown
        },
        os: None,
        nics,
    }
}

fn interface(element: &Element, slot: u32) -> Nic {
    let kind = element.attribute("type").unwrap_or_default();
    let source = element.child("source");
    let of_source = |name| {
        source
            .and_then(|source| source.attribute(name))
            .map(str::to_owned)
    };
    let mut nic = Nic {
        slot,
        mac: element
            .child("mac")
            .and_then(|mac| mac.attribute("address")?.parse().ok()),
        model: element
            .child("model")
            .and_then(|model| model.attribute("type"))
            .map(str::to_owned),
        cable_connected: Some(element.child("link").and_then(|link| link.attribute("state")) != Some("down")),
        host_port: element
            .child("target")
            .and_then(|target| target.attribute("dev"))
            .map(str::to_owned),
        filter: element
            .child("filterref")
            .and_then(|filter| filter.attribute("filter"))
            .map(str::to_owned),
        vlan: vlan(element),
        ..Nic::default()
    };
    match kind {
        "network" => nic.network = of_source("network"),
        "bridge" => {
            nic.mode = Mode::Bridged;
            nic.uplink = of_source("bridge");
        }
        "direct" => {
            nic.mode = Mode::Macvtap;
            nic.uplink = of_source("dev");
            // The documented default of `<source mode>`.
            nic.submode = Some(of_source("mode").unwrap_or_else(|| "vepa".to_owned()));
        }
        "user" => {
            nic.mode = Mode::User;
            let passt = element
                .child("backend")
                .and_then(|backend| backend.attribute("type"))
                == Some("passt");
            nic.submode = Some(if passt { "passt" } else { "slirp" }.to_owned());
            nic.uplink = of_source("dev");
        }
        other => nic.submode = Some(other.to_owned()),
    }
    let parameters = element
        .child("filterref")
        .into_iter()
        .flat_map(|filter| filter.all("parameter"));
    for parameter in parameters.take(16) {
        if let (Some("IP"), Some(value)) = (parameter.attribute("name"), parameter.attribute("value")) {
            nic.settings.insert("filter-ip".to_owned(), value.to_owned());
        }
    }
    let port_isolated = element.child("port").and_then(|port| port.attribute("isolated")) == Some("yes");
    if port_isolated {
        nic.settings.insert("port-isolated".to_owned(), "yes".to_owned());
    }
    for ip in element.all("ip").take(16) {
        if let Some(address) = ip.attribute("address").and_then(text::address) {
            let prefix = ip.attribute("prefix").and_then(|prefix| prefix.parse().ok());
            lay::address(&mut nic, address, prefix, "configuration");
        }
    }
    for forward in element.all("portForward").take(64) {
        port_forwards(forward, &mut nic.forwards);
    }
    nic
}

/// `<portForward proto= address=><range start= end= to=/></portForward>`: one entry a port.
fn port_forwards(forward: &Element, found: &mut Vec<PortForward>) {
    let protocol = match forward.attribute("proto") {
        Some("udp") => Protocol::Udp,
        _ => Protocol::Tcp,
    };
    let host_address = forward.attribute("address").and_then(text::address);
    for range in forward.all("range").take(64) {
        let number = |name| range.attribute(name).and_then(|port| port.parse::<u16>().ok());
        if range.attribute("exclude") == Some("yes") {
            continue;
        }
        let Some(start) = number("start") else { continue };
        let end = number("end").unwrap_or(start).max(start);
        let to = number("to").unwrap_or(start);
        for host_port in (start..=end).take(64) {
            let Some(guest_port) = to.checked_add(host_port - start) else {
                break;
            };
            found.push(PortForward {
                name: None,
                protocol,
                host_address,
                host_port,
                guest_address: None,
                guest_port,
            });
        }
    }
}

/// Takes libvirt's XML into the case.
pub fn xml(text: &str, case: &mut Case, _on: Place, command: &str) {
    if super::libvirt::complains(text, case, command) {
        return;
    }
    let described = match parse_xml(text) {
        Ok(described) => described,
        Err(error) => {
            crate::parse::merge::unread(case, "libvirt XML", &error.to_string(), command);
            return;
        }
    };
    let source = text::source(command);
    let alone = if described.nics.is_empty() {
        String::new()
    } else {
        let macs: Vec<_> = described.nics.iter().filter_map(|nic| nic.mac).collect();
        super::libvirt::domain_of(case, command, &macs)
    };
    let hypervisor = lay::product(case, HypervisorId::Libvirt, "");
    for network in described.networks {
        let known = lay::network(hypervisor, &network.name, &source);
        known.settings.retain(|key, _| !key.starts_with("static-host "));
        lay::over_network(known, network);
    }
    for mut machine in described.machines {
        // A paused domain has a number, too; only the list of domains tells the difference.
        let known = hypervisor.machine(&machine.name).map(|known| known.state);
        if known == Some(PowerState::Paused) {
            machine.state = PowerState::Unknown;
        }
        lay::over_machine(hypervisor, machine, &source);
    }
    for nic in described.nics {
        let machine = lay::machine(hypervisor, &alone, None, &source);
        let mut all = machine.nics.clone();
        let at = all.iter().position(|known| known.mac == nic.mac);
        match at.and_then(|at| all.get_mut(at)) {
            Some(known) => {
                *known = Nic {
                    slot: known.slot,
                    ..nic
                }
            }
            None => {
                let slot = all.last().map_or(0, |last| last.slot.saturating_add(1));
                all.push(Nic { slot, ..nic });
            }
        }
        lay::nics(machine, all);
    }
    lay::settle(hypervisor);
}
