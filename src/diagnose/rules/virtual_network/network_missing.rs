//! `virtual-network-missing`: the card is on a network, switch or bridge that does not exist.

use super::super::prelude::*;

rule!("virtual-network-missing", VirtualNetwork, Hypervisor, Stops, follows_from: ["hypervisor-not-running", "hostonly-needs-vmnet-network"], look_alikes: ["virtual-network-not-started", "vm-nic-on-wrong-network", "host-vnic-missing"]);

/// What the products say when a machine's network is not there: libvirt, VirtualBox, VMware, Hyper-V.
const SAID: [&[&str]; 6] = [
    &["network not found"],
    &["cannot get interface mtu on", "no such device"],
    &["nonexistent host networking interface"],
    &["internal network", "could not be found"],
    &["could not connect", "to virtual network"],
    &["could not find ethernet switch"],
];

fn check(s: &Situation<'_>) -> Option<Found> {
    if !s.involves_guest() || s.guest_seen().is_some_and(|seen| seen.link() == Link::Answered) {
        return None;
    }
    let said = SAID.iter().find_map(|words| complaint(s, words));
    let name = absent(s);
    if said.is_none() && name.is_none() {
        return None;
    }
    // What a tool said may be of another machine, or of yesterday.
    let confidence = if name.is_some() {
        Confidence::Confirmed
    } else {
        Confidence::Likely
    };
    let mut found = Found::new(confidence).facts(said.map(|line| complaint_fact(s, line)));
    if let Some((name, source)) = name {
        found = found
            .arg("network", &name)
            .fact("fact-network", format!("{name}: —"), source);
    }
    Some(found)
}

/// The network that the card names and that the full list of them does not hold, with who listed them.
fn absent(s: &Situation<'_>) -> Option<(String, String)> {
    let nic = s.nic?;
    let product = s.product?;
    if let Some(name) = nic.network.as_deref() {
        let kind = match (product.id, nic.mode) {
            (HypervisorId::VirtualBox, Mode::HostOnly) => "hostonlyifs",
            (HypervisorId::VirtualBox, Mode::NatNetwork) => "natnets",
            // VMnet0, the automatic bridge, stands in no list.
            (HypervisorId::VmwareWorkstation | HypervisorId::VmwareFusion, Mode::Bridged) => return None,
            // An internal network of VirtualBox is made by naming it.
            (HypervisorId::VirtualBox, _) => return None,
            _ => "networks",
        };
        // The built-in switch has a cause of its own.
        let gone = lists_all(s, kind) && product.network(name).is_none() && name != "Default Switch";
        return gone.then(|| (name.to_owned(), product.networks.source().to_owned()));
    }
    // A bridge by its name, on hosts whose bridges are adapters.
    let by_bridge = matches!(
        product.id,
        HypervisorId::Libvirt | HypervisorId::Qemu | HypervisorId::Proxmox
    ) && nic.mode == Mode::Bridged
        && s.host_os == Os::Linux;
    let name = nic.uplink.as_deref().filter(|_| by_bridge)?;
    let adapters = s.host().adapters.value()?;
    let gone = !adapters.is_empty() && s.host().adapter(name).is_none();
    gone.then(|| (name.to_owned(), s.host().adapters.source().to_owned()))
}

fn remedy(s: &Situation<'_>) -> Vec<Remedy> {
    let name = s
        .nic
        .and_then(|nic| nic.network.clone().or_else(|| nic.uplink.clone()));
    let name = name.unwrap_or_else(|| s.network_name());
    // A network of the same kind that does exist is the quickest way back.
    let other = s.product.and_then(|product| {
        let rows = product.networks.rows();
        rows.iter()
            .find(|network| network.active != Some(false) && network.name == "default")
            .or_else(|| {
                rows.iter()
                    .find(|network| s.mode.is_some_and(|mode| mode == network.mode))
            })
            .map(|network| network.name.as_str())
    });
    with_product(s, |product| {
        let mut ways = product.create_network(&name, s.mode);
        ways.extend(
            other
                .into_iter()
                .flat_map(|other| product.connect_to(other, Some(&name))),
        );
        ways
    })
}
