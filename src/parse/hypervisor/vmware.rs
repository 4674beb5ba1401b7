//! What the VMware desktop products share: which of them speaks, and how a network is named.

use std::net::IpAddr;

use ipnet::IpNet;

use super::lay;
use crate::model::{Case, Hypervisor, HypervisorId, Lease, Mode, Os, Place, VirtualNetwork};
use crate::parse::{complaint, merge};

/// Holds leases until a network with their segment is known.
const HOMELESS: &str = "";

/// Which product a file or command belongs to, by its path, the text, or the host's system.
pub fn id(case: &Case, text: &str, command: &str) -> HypervisorId {
    let words = command.to_lowercase();
    let fusion = ["fusion", "/library/", "/var/db/vmware", "vmnet-cli"]
        .iter()
        .any(|word| words.contains(word))
        || ["useMacosVmnetVirtApi", "_HOSTONLY_UUID "]
            .iter()
            .any(|word| text.contains(word));
    let workstation =
        words.contains("/etc/vmware") || words.contains("programdata") || words.contains("-t ws");
    let asked = case.intake.hypervisor;
    let os = case.host.os.or(case.intake.host_os);
    if fusion || (!workstation && (asked == Some(HypervisorId::VmwareFusion) || os == Some(Os::Macos))) {
        HypervisorId::VmwareFusion
    } else {
        HypervisorId::VmwareWorkstation
    }
}

/// Whether the text or command is of a Windows host.
pub fn on_windows(case: &Case, text: &str, command: &str) -> bool {
    let words = command.to_lowercase();
    words.contains("programdata")
        || words.contains(".exe")
        || words.contains(":\\")
        || text.contains("VMware port of ISC 2.0 release running on\n# Windows")
        || case.host.os.or(case.intake.host_os) == Some(Os::Windows)
}

/// `VMnet8` on Windows, `vmnet8` elsewhere, of `vmnet8`, `/dev/vmnet8`, `VMnet8` or `8`.
pub fn network_name(word: &str, windows: bool) -> Option<String> {
    let word = word.trim().trim_matches('"');
    let word = word.rsplit('/').next().unwrap_or(word).to_lowercase();
    let number = word.strip_prefix("vmnet").unwrap_or(&word);
    let number: u32 = number.parse().ok().filter(|number| *number < 256)?;
    Some(if windows {
        format!("VMnet{number}")
    } else {
        format!("vmnet{number}")
    })
}

/// The first network name in a path: `vmnet8` of `/etc/vmware/vmnet8/dhcpd/dhcpd.leases`.
pub fn name_in_path(command: &str) -> Option<String> {
    let lower = command.to_lowercase();
    let at = lower
        .find("vmnet")
        .into_iter()
        .chain(lower.rfind("vmnet"))
        .find_map(|at| {
            let rest = lower.get(at + 5..)?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            (!digits.is_empty()).then_some(digits)
        })?;
    network_name(&at, false)
}

/// The host's adapter on a network. VMnet0 (the bridge) has none, and neither have networks of Apple's
/// framework, whose `bridge10N` macOS names.
pub fn host_adapter(name: &str, windows: bool, framework: bool) -> Option<String> {
    if name.eq_ignore_ascii_case("vmnet0") || framework {
        return None;
    }
    Some(if windows {
        format!("VMware Network Adapter {name}")
    } else {
        name.to_owned()
    })
}

/// The `n`th address of a segment.
pub fn nth(segment: IpNet, n: u32) -> Option<IpAddr> {
    match segment {
        IpNet::V4(net) => {
            let address = u32::from(net.network()).checked_add(n)?;
            let address = IpAddr::V4(address.into());
            segment.contains(&address).then_some(address)
        }
        IpNet::V6(_) => None,
    }
}

/// Whether the text is an error or a missing tool instead of an answer; notes it.
pub fn complains(text: &str, case: &mut Case, what: &str, command: &str) -> bool {
    if let Some(complaint) = complaint::of(text) {
        let how = if complaint.needs_rights {
            complaint::with_rights(command)
        } else {
            String::new()
        };
        merge::unread(case, what, complaint.why, &how);
        return true;
    }
    let error = text
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("Error:"));
    if let Some(error) = error {
        merge::unread(case, what, error.trim_start_matches("Error:").trim(), "");
    }
    error.is_some()
}

/// A line of the error texts of VMware's programs and modules, recognized without the command.
pub fn error_line(line: &str) -> bool {
    let line = line.trim();
    line.contains("several modules must be compiled and loaded into the running kernel")
        || line.contains("Could not open /dev/vmmon")
        || line.starts_with("Please make sure that the kernel module `vm")
        || (line.starts_with("modprobe: FATAL: Module vm") && line.contains("not found"))
        || line.starts_with("Error: The VMware Tools are not running")
}

/// Error texts of VMware's programs and modules.
pub fn errors(text: &str, case: &mut Case, _on: Place, command: &str) {
    let id = id(case, text, command);
    let hypervisor = lay::product(case, id, "");
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(16) {
        lay::warning(hypervisor, line);
    }
    if let Some(error) = text.lines().find(|line| line.trim().starts_with("Error:")) {
        merge::unread(case, "guest address (vmrun)", error.trim(), "");
    }
}

/// Gives cards their network's mode, and leases that came before their network its place.
pub fn settle(hypervisor: &mut Hypervisor) {
    if let Some(networks) = hypervisor.networks.value_mut() {
        let homeless = networks.iter().position(|network| network.name == HOMELESS);
        if let Some(at) = homeless {
            let mut leases = networks.remove(at).leases.unwrap_or_default();
            for network in networks.iter_mut() {
                let Some(segment) = network.segment else { continue };
                let (ours, rest): (Vec<Lease>, Vec<Lease>) = leases
                    .into_iter()
                    .partition(|lease| segment.contains(&lease.address));
                leases = rest;
                if !ours.is_empty() && network.leases.is_none() {
                    network.leases = Some(ours);
                }
            }
            if !leases.is_empty() {
                networks.push(VirtualNetwork {
                    name: HOMELESS.to_owned(),
                    leases: Some(leases),
                    ..VirtualNetwork::default()
                });
            }
        }
    }
    lay::settle(hypervisor);
}

/// Lays a network over what is known of it.
pub fn take(hypervisor: &mut Hypervisor, network: VirtualNetwork, source: &str) {
    let known = lay::network(hypervisor, &network.name.clone(), source);
    lay::over_network(known, network);
}

/// Puts leases to the networks that they are of: by segment, else to `named`, else they wait for their network.
pub fn take_leases(hypervisor: &mut Hypervisor, leases: Vec<Lease>, named: Option<&str>, source: &str) {
    let networks: Vec<(String, Option<IpNet>)> = hypervisor
        .networks
        .rows()
        .iter()
        .map(|network| (network.name.clone(), network.segment))
        .collect();
    let mut by_network: Vec<(String, Vec<Lease>)> = named
        .map(|name| (name.to_owned(), Vec::new()))
        .into_iter()
        .collect();
    for lease in leases.into_iter().take(lay::MAX_ROWS) {
        let home = networks
            .iter()
            .find(|(_, segment)| segment.is_some_and(|segment| segment.contains(&lease.address)))
            .map(|(name, _)| name.as_str())
            .or(named)
            .unwrap_or(HOMELESS);
        match by_network
            .iter_mut()
            .find(|(name, _)| name.eq_ignore_ascii_case(home))
        {
            Some((_, list)) => list.push(lease),
            None => by_network.push((home.to_owned(), vec![lease])),
        }
    }
    for (name, list) in by_network {
        let network = lay::network(hypervisor, &name, source);
        lay::leases(network, list);
    }
}

/// The mode that VMware's words name: `nat`, `hostOnly`, `bridged`, `custom`, `pvn`.
pub fn mode(word: &str) -> Mode {
    match word.to_lowercase().as_str() {
        "nat" => Mode::Nat,
        "hostonly" | "host-only" => Mode::HostOnly,
        "bridged" | "bridge" => Mode::Bridged,
        "pvn" => Mode::Internal,
        _ => Mode::Other,
    }
}
