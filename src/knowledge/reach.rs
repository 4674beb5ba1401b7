//! What each mode of each product lets through, before anything is tested.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::{Endpoint, HypervisorId, Mode};

/// Whether a mode has a way for traffic in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// It has, without further setting up.
    Works,
    /// Only to ports that are forwarded; echo never.
    PortForward,
    /// It has none.
    Impossible,
    /// On something that this table cannot hold.
    Depends,
}

/// The traffic that a mode is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the physical machine to the guest.
    HostToGuest,
    /// From the guest to the physical machine.
    GuestToHost,
    /// From the guest to the world outside and to the LAN.
    GuestToInternet,
    /// From another machine on the physical segment to the guest.
    LanToGuest,
    /// Between two guests on one virtual network.
    GuestToGuest,
}

impl Direction {
    /// The direction between two ends; `None` when no guest takes part.
    pub fn between(from: Endpoint, to: Endpoint) -> Option<Self> {
        use Endpoint::{Guest, Guest2, Host, Internet, Lan};
        Some(match (from, to) {
            (Host, Guest | Guest2) => Self::HostToGuest,
            (Guest | Guest2, Host) => Self::GuestToHost,
            (Guest | Guest2, Internet | Lan) => Self::GuestToInternet,
            (Lan | Internet, Guest | Guest2) => Self::LanToGuest,
            (Guest, Guest2) | (Guest2, Guest) => Self::GuestToGuest,
            _ => return None,
        })
    }
}

/// One answer of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cell {
    /// Whether there is a way.
    pub reach: Reach,
    /// The cause to name where there is none.
    #[serde(default)]
    pub cause: Option<String>,
    /// Key of the sentence that says why.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    /// Empty is every product that has no row of its own.
    hypervisors: Vec<HypervisorId>,
    modes: Vec<Mode>,
    host_guest: Cell,
    guest_host: Cell,
    guest_internet: Cell,
    lan_guest: Cell,
    guest_guest: Cell,
}

impl Row {
    fn cell(&self, direction: Direction) -> &Cell {
        match direction {
            Direction::HostToGuest => &self.host_guest,
            Direction::GuestToHost => &self.guest_host,
            Direction::GuestToInternet => &self.guest_internet,
            Direction::LanToGuest => &self.lan_guest,
            Direction::GuestToGuest => &self.guest_guest,
        }
    }
}

fn table() -> &'static [Row] {
    static TABLE: OnceLock<Vec<Row>> = OnceLock::new();
    // The asset is part of the program; the test below fails when it is not sound.
    TABLE.get_or_init(|| serde_json::from_str(include_str!("../../assets/modes.json")).unwrap_or_default())
}

/// What `mode` of `hypervisor` lets through in `direction`; `None` when the table does not hold the mode. An
/// unknown product is answered with what all products share.
pub fn reach(hypervisor: Option<HypervisorId>, mode: Mode, direction: Direction) -> Option<&'static Cell> {
    let fits = |row: &&Row| row.modes.contains(&mode);
    let own = hypervisor.and_then(|id| {
        table()
            .iter()
            .filter(fits)
            .find(|row| row.hypervisors.contains(&id))
    });
    own.or_else(|| table().iter().filter(fits).find(|row| row.hypervisors.is_empty()))
        .map(|row| row.cell(direction))
}

/// Why the table names `cause`: each reason once, in the order of the table.
pub fn reasons_for(cause: &str) -> Vec<&'static str> {
    let mut reasons: Vec<&str> = Vec::new();
    let cells = table().iter().flat_map(|row| {
        [
            &row.host_guest,
            &row.guest_host,
            &row.guest_internet,
            &row.lan_guest,
            &row.guest_guest,
        ]
    });
    for cell in cells.filter(|cell| cell.cause.as_deref() == Some(cause)) {
        if !reasons.contains(&cell.why.as_str()) {
            reasons.push(&cell.why);
        }
    }
    reasons
}

/// The modes that a product has, in the order of the table.
pub fn modes_of(hypervisor: HypervisorId) -> Vec<Mode> {
    let mut modes: Vec<Mode> = Vec::new();
    let own = table().iter().filter(|row| row.hypervisors.contains(&hypervisor));
    for mode in own.flat_map(|row| row.modes.iter().copied()) {
        if !modes.contains(&mode) {
            modes.push(mode);
        }
    }
    if modes.is_empty() {
        modes = Mode::ALL.to_vec();
    }
    modes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound_and_holds_every_mode() {
        assert!(serde_json::from_str::<Vec<Row>>(include_str!("../../assets/modes.json")).is_ok());
        for mode in Mode::ALL.iter().copied().filter(|mode| *mode != Mode::Other) {
            assert!(reach(None, mode, Direction::HostToGuest).is_some(), "{mode}");
        }
    }

    /// The modes that each product has.
    const MODES: [(&[HypervisorId], &[Mode]); 10] = {
        use HypervisorId::*;
        use Mode::*;
        [
            (
                &[VmwareWorkstation, VmwareFusion],
                &[Nat, HostOnly, Bridged, Internal],
            ),
            (&[Esxi], &[Bridged, Internal]),
            (&[VirtualBox], &[Nat, NatNetwork, HostOnly, Bridged, Internal]),
            (&[HyperV], &[DefaultSwitch, Internal, Nat, External, Private]),
            (&[Wsl2], &[Nat, Mirrored]),
            (
                &[Libvirt, Qemu],
                &[Nat, Routed, HostOnly, Internal, Bridged, Macvtap, User],
            ),
            (&[Proxmox], &[Nat, Routed, HostOnly, Internal, Bridged]),
            (&[Parallels], &[Nat, HostOnly, Bridged]),
            (&[Utm, Lima, Vz], &[Nat, HostOnly, User, Bridged]),
            (&[Multipass], &[Nat, Bridged]),
        ]
    };

    #[test]
    fn every_mode_of_every_product_has_its_own_answer_for_every_direction() {
        use Direction::*;
        let named: Vec<HypervisorId> = MODES.iter().flat_map(|(ids, _)| ids.iter().copied()).collect();
        for id in HypervisorId::ALL.iter().filter(|id| **id != HypervisorId::Other) {
            assert!(named.contains(id), "{id} has no modes here");
        }
        for (ids, modes) in MODES {
            for (id, mode) in ids.iter().flat_map(|id| modes.iter().map(move |mode| (id, mode))) {
                let own = table()
                    .iter()
                    .any(|row| row.hypervisors.contains(id) && row.modes.contains(mode));
                assert!(own, "{id} {mode} is answered by what all products share");
                for direction in [
                    HostToGuest,
                    GuestToHost,
                    GuestToInternet,
                    LanToGuest,
                    GuestToGuest,
                ] {
                    let cell = reach(Some(*id), *mode, direction).expect("an answer");
                    assert!(
                        cell.why.starts_with("mode-why-"),
                        "{id} {mode} {direction:?} says no reason"
                    );
                    let closed = matches!(cell.reach, Reach::Impossible | Reach::PortForward);
                    assert_eq!(cell.cause.is_some(), closed, "{id} {mode} {direction:?}");
                }
            }
        }
    }

    #[test]
    fn products_differ_where_they_do() {
        let way = |id, mode, direction| reach(Some(id), mode, direction).map(|cell| cell.reach);
        let to_guest = Direction::HostToGuest;
        assert_eq!(
            way(HypervisorId::VirtualBox, Mode::Nat, to_guest),
            Some(Reach::PortForward)
        );
        assert_eq!(
            way(HypervisorId::VmwareWorkstation, Mode::Nat, to_guest),
            Some(Reach::Works)
        );
        assert_eq!(
            way(HypervisorId::HyperV, Mode::Internal, to_guest),
            Some(Reach::Works)
        );
        assert_eq!(
            way(HypervisorId::VirtualBox, Mode::Internal, to_guest),
            Some(Reach::Impossible)
        );
        assert_eq!(
            way(HypervisorId::Libvirt, Mode::Macvtap, to_guest),
            Some(Reach::Impossible)
        );
    }
}
