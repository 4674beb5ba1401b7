//! Holds what the program found out by itself of a real machine against what is true. Nothing of it was told: the product,
//! the mode, the machine where there is but one, its state, its cable, its lease.

use std::net::IpAddr;
use std::path::Path;

use vmnet_doctor::model::{Case, HypervisorId, Mac, Nic, PowerState, VirtualNetwork};
use vmnet_doctor::parse;

use super::layout::{Card, Premises, Segment, mac, machine_name};
use crate::catalog::LAN_GUEST;
use crate::entry::{Entry, Node, Standing};
use crate::program::Answer;
use crate::topology::Topology;

/// Everything that was detected wrong, or not at all, by the answer and the case that it stands on.
pub fn wrongs(entry: &Entry, answer: &Answer, scratch: &Path) -> Vec<String> {
    let Topology::Libvirt(layout) = entry.topology else {
        return Vec::new();
    };
    let Some((node, card)) = asked_about(entry, layout) else {
        return vec!["there is no machine that could be meant".to_owned()];
    };
    let mut wrongs = taken_for_given(entry, node, card, answer);
    match kept_case(scratch) {
        Ok(case) => wrongs.extend(read(entry, node, card, &case)),
        Err(error) => wrongs.push(error),
    }
    wrongs
}

/// The machine that is meant: the one that was told by its name, else the only one.
fn asked_about(entry: &Entry, layout: &Premises) -> Option<(Node, Card)> {
    let told = entry.told("--vm");
    let is_meant = |(node, _): &&(Node, Card)| told.is_none_or(|name| name == machine_name(*node));
    layout.machines.iter().find(is_meant).copied()
}

/// The saved case, with all that was printed taken in.
pub fn kept_case(scratch: &Path) -> Result<Case, String> {
    let path = scratch.join("case.json");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(parse::resolve(
        &Case::from_json(&text).map_err(|error| error.to_string())?,
    ))
}

/// What the answer says of the card that it took to be meant.
const OF_THE_CARD: [&str; 3] = ["mode", "network", "guest_ip"];

/// Product, mode, machine, network and address, as the answer says that it took them.
fn taken_for_given(entry: &Entry, node: Node, card: Card, answer: &Answer) -> Vec<String> {
    let segment = card.segment();
    let told = entry.told("--guest-ip").map(str::to_owned);
    let address = match card {
        Card::On(segment) | Card::Filtered(segment, _) => segment.lease(node),
        Card::Bridge(_) | Card::Direct(_) => LAN_GUEST.to_owned(),
        Card::User => "10.0.2.15".to_owned(),
    };
    let truths = [
        ("hypervisor", Some(HypervisorId::Libvirt.name().to_owned())),
        ("mode", Some(card.mode().name().to_owned())),
        ("vm", Some(machine_name(node).to_owned())),
        ("network", segment.map(|segment| segment.name().to_owned())),
        ("guest_ip", told.or(Some(address))),
    ];
    let intake = &answer.json["intake"];
    truths
        .into_iter()
        .filter(|(key, _)| !(entry.standing == Standing::WithSecondCard && OF_THE_CARD.contains(key)))
        .filter_map(|(key, truth)| {
            let found = intake[key].as_str();
            // libvirt lends no address there, or tells of none while its network is stopped.
            let unlent = segment.is_none() || entry.standing == Standing::WithoutNetwork;
            let is_open = key == "guest_ip" && unlent && found.is_none();
            let is_right = found == truth.as_deref() || is_open;
            (!is_right).then(|| format!("detected {key} {found:?}, true is {truth:?}"))
        })
        .collect()
}

/// The machine's state, its cable, its network and its lease, as they stand in the case.
fn read(entry: &Entry, node: Node, card: Card, case: &Case) -> Vec<String> {
    let name = machine_name(node);
    let product = case
        .hypervisors
        .iter()
        .find(|product| product.id == HypervisorId::Libvirt);
    let Some(machine) = product.and_then(|product| product.machine(name)) else {
        return vec![format!("libvirt's machine {name} was not detected")];
    };
    let mut wrongs = Vec::new();
    let state = match entry.standing {
        Standing::Up | Standing::WithSecondCard | Standing::Unplugged | Standing::WithoutNetwork => {
            PowerState::Running
        }
        Standing::Paused => PowerState::Paused,
        Standing::Off => PowerState::Off,
    };
    if machine.state != state {
        wrongs.push(format!("detected {:?}, the machine is {state:?}", machine.state));
    }
    let own: Option<Mac> = mac(node).parse().ok();
    let Some(nic) = machine.nics.iter().find(|nic| nic.mac == own) else {
        wrongs.push(format!("its card was not detected among {:?}", machine.nics));
        return wrongs;
    };
    if nic.mode != card.mode() {
        wrongs.push(format!(
            "detected {} for its card, true is {}",
            nic.mode,
            card.mode()
        ));
    }
    let second = machine
        .nics
        .iter()
        .filter(|nic| nic.mac != own)
        .map(|nic| nic.mode);
    let truth = match entry.standing {
        Standing::WithSecondCard => vec![Segment::Isolated.mode()],
        _ => Vec::new(),
    };
    if !second.clone().eq(truth.iter().copied()) {
        wrongs.push(format!(
            "detected further cards {:?}, true is {truth:?}",
            second.collect::<Vec<_>>()
        ));
    }
    wrongs.extend(misread_cable(entry, nic));
    if let (Some(segment), Some(product)) = (card.segment(), product) {
        let lent = segment.lease(node).parse().ok();
        match product.network(segment.name()) {
            Some(network) => wrongs.extend(misread_network(entry, network, own, lent)),
            None => wrongs.push(format!("libvirt's network {} was not detected", segment.name())),
        }
    }
    wrongs
}

fn misread_cable(entry: &Entry, nic: &Nic) -> Option<String> {
    let plugged = entry.standing != Standing::Unplugged;
    (nic.cable_connected != Some(plugged)).then(|| {
        let found = nic.cable_connected;
        format!("detected {found:?} for the cable being plugged in, true is {plugged}")
    })
}

fn misread_network(
    entry: &Entry,
    network: &VirtualNetwork,
    own: Option<Mac>,
    lent: Option<IpAddr>,
) -> Vec<String> {
    let mut wrongs = Vec::new();
    let active = entry.standing != Standing::WithoutNetwork;
    if network.active != Some(active) {
        wrongs.push(format!(
            "detected {:?} for the network being started, true is {active}",
            network.active
        ));
    }
    let mut leases = network.leases.iter().flatten();
    // A network that is stopped tells of no lease.
    if active && !leases.any(|lease| lease.mac == own && Some(lease.address) == lent) {
        wrongs.push(format!(
            "the lease of {lent:?} was not detected: {:?}",
            network.leases
        ));
    }
    wrongs
}
