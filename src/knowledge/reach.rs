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
    /// Every direction, in the order in which a mode is told.
    pub const ALL: [Self; 5] = [
        Self::HostToGuest,
        Self::GuestToHost,
        Self::GuestToInternet,
        Self::LanToGuest,
        Self::GuestToGuest,
    ];

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

/// What of a card decides beside its mode, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finer<'a> {
    /// A mode within the mode: `private` of macvtap, `passt` of user networking.
    pub submode: Option<&'a str>,
    /// What the card is bridged to.
    pub uplink: Option<Uplink>,
}

/// A kind of physical adapter that does not carry a bridge like a cable does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Uplink {
    /// A wireless one.
    #[serde(rename = "wi-fi")]
    WiFi,
}

/// One answer of the table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cell {
    /// Whether there is a way.
    pub reach: Reach,
    /// Whether echo has one, where that is another matter.
    #[serde(default)]
    pub echo: Option<Reach>,
    /// The cause to name where there is none.
    #[serde(default)]
    pub cause: Option<String>,
    /// Key of the sentence that says why.
    pub why: String,
}

impl Cell {
    /// Whether there is a way for what is asked: for a connection to a port, else for echo.
    pub fn reach_for(&self, port: Option<u16>) -> Reach {
        self.echo.filter(|_| port.is_none()).unwrap_or(self.reach)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    /// Empty is every product that has no row of its own.
    hypervisors: Vec<HypervisorId>,
    modes: Vec<Mode>,
    /// The modes within the mode that it is about; empty is all that have no row of their own.
    #[serde(default)]
    submodes: Vec<String>,
    /// The kind of uplink that it is about; none is all that have no row of their own.
    #[serde(default)]
    uplink: Option<Uplink>,
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

    /// How closely it describes a card: by how many of its finer facts; `None` when it is about another one.
    fn fits(&self, finer: Finer<'_>) -> Option<usize> {
        let by_submode = self.submodes.iter().any(|own| {
            finer
                .submode
                .is_some_and(|submode| submode.eq_ignore_ascii_case(own))
        });
        let by_uplink = self.uplink.is_some() && self.uplink == finer.uplink;
        let other = (!self.submodes.is_empty() && !by_submode) || (self.uplink.is_some() && !by_uplink);
        (!other).then_some(usize::from(by_submode) + usize::from(by_uplink))
    }

    /// Whether it is about every card of its modes.
    fn is_general(&self) -> bool {
        self.submodes.is_empty() && self.uplink.is_none()
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
    reach_of(hypervisor, mode, Finer::default(), direction)
}

/// The same for a card of which more is known: the row that describes it most closely answers.
pub fn reach_of(
    hypervisor: Option<HypervisorId>,
    mode: Mode,
    finer: Finer<'_>,
    direction: Direction,
) -> Option<&'static Cell> {
    let own = |row: &Row| hypervisor.is_some_and(|id| row.hypervisors.contains(&id));
    let shared = |row: &Row| row.hypervisors.is_empty();
    closest(mode, finer, own)
        .or_else(|| closest(mode, finer, shared))
        .map(|row| row.cell(direction))
}

/// Of the rows of a mode that are about a product, the one that describes the card most closely; the first of equals.
fn closest(mode: Mode, finer: Finer<'_>, is_about: impl Fn(&Row) -> bool) -> Option<&'static Row> {
    let mut best: Option<(&Row, usize)> = None;
    for row in table()
        .iter()
        .filter(|row| row.modes.contains(&mode) && is_about(row))
    {
        if let Some(fit) = row.fits(finer)
            && best.is_none_or(|(_, known)| fit > known)
        {
            best = Some((row, fit));
        }
    }
    best.map(|(row, _)| row)
}

/// A kind of card for which a mode has answers of its own.
#[derive(Clone, Debug)]
pub struct Closer {
    /// The modes within the mode that it is about; empty where only the uplink tells.
    pub submodes: &'static [String],
    /// The kind of uplink that it is about.
    pub uplink: Option<Uplink>,
    /// The answers that are not those of the mode's usual card.
    pub cells: Vec<(Direction, &'static Cell)>,
}

impl Closer {
    /// The key of its name: by the first mode within the mode, else by the uplink.
    pub fn key(&self) -> String {
        match (self.submodes.first(), self.uplink) {
            (Some(submode), _) => format!("mode-card-{submode}"),
            (None, Some(Uplink::WiFi)) => "mode-card-wi-fi".to_owned(),
            (None, None) => "mode-card-other".to_owned(),
        }
    }
}

/// The kinds of cards for which `mode` of `hypervisor` has other answers than for its usual one, in the order of the
/// table.
pub fn closer_of(hypervisor: Option<HypervisorId>, mode: Mode) -> Vec<Closer> {
    let by_product = |row: &&Row| hypervisor.is_some_and(|id| row.hypervisors.contains(&id));
    let of_mode = || table().iter().filter(|row| row.modes.contains(&mode));
    let has_own = of_mode().any(|row| by_product(&row));
    let is_about = |row: &&Row| {
        if has_own {
            by_product(row)
        } else {
            row.hypervisors.is_empty()
        }
    };
    let other_cells = |row: &'static Row| {
        let cells = Direction::ALL.into_iter().filter_map(|direction| {
            let cell = row.cell(direction);
            (reach(hypervisor, mode, direction) != Some(cell)).then_some((direction, cell))
        });
        cells.collect::<Vec<_>>()
    };
    of_mode()
        .filter(is_about)
        .filter(|row| !row.is_general())
        .map(|row| Closer {
            submodes: &row.submodes,
            uplink: row.uplink,
            cells: other_cells(row),
        })
        .filter(|closer| !closer.cells.is_empty())
        .collect()
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
    let own = table()
        .iter()
        .filter(|row| row.is_general() && row.hypervisors.contains(&hypervisor));
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
                    .any(|row| row.is_general() && row.hypervisors.contains(id) && row.modes.contains(mode));
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
    fn cards_that_a_mode_treats_in_another_way_are_told_with_what_differs() {
        let told = |id, mode| {
            let closer = closer_of(id, mode).into_iter();
            closer.map(|one| (one.key(), one.cells.len())).collect::<Vec<_>>()
        };
        let macvtap = told(Some(HypervisorId::Libvirt), Mode::Macvtap);
        let keys: Vec<&str> = macvtap.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(
            keys,
            ["mode-card-vepa", "mode-card-private", "mode-card-passthrough"]
        );
        let private = closer_of(Some(HypervisorId::Libvirt), Mode::Macvtap);
        let private = private
            .iter()
            .find(|one| one.key() == "mode-card-private")
            .expect("private");
        assert_eq!(
            private.cells.iter().map(|(way, _)| *way).collect::<Vec<_>>(),
            [Direction::GuestToGuest]
        );
        assert_eq!(
            told(Some(HypervisorId::VirtualBox), Mode::Bridged),
            [("mode-card-wi-fi".to_owned(), 5)]
        );
        assert_eq!(told(Some(HypervisorId::Libvirt), Mode::Nat), []);
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

    /// Products, mode, submode, whether over Wi-Fi, and the five answers.
    type Reference = (
        &'static [HypervisorId],
        Mode,
        Option<&'static str>,
        bool,
        [&'static str; 5],
    );

    /// The rows of the reference's table: host → guest, guest → host, guest → internet,
    /// LAN → guest, guest → guest: `Y` works, `PF` by a forwarded port alone, `NO` by design, `D` depends. `/` behind an
    /// answer stands before that of echo, where it is another one.
    const REFERENCE: &[Reference] = {
        use HypervisorId::*;
        use Mode::*;
        const VMWARE: &[HypervisorId] = &[VmwareWorkstation, VmwareFusion];
        const KVM: &[HypervisorId] = &[Libvirt, Qemu];
        const BRIDGES: &[HypervisorId] = &[
            VmwareWorkstation,
            VmwareFusion,
            VirtualBox,
            Libvirt,
            Parallels,
            Utm,
        ];
        &[
            (VMWARE, Nat, None, false, ["Y", "Y", "Y", "PF", "Y"]),
            (VMWARE, HostOnly, None, false, ["Y", "Y", "NO", "NO", "Y"]),
            (BRIDGES, Bridged, None, false, ["Y", "Y", "Y", "Y", "Y"]),
            (BRIDGES, Bridged, None, true, ["D", "D", "D", "D", "Y"]),
            (VMWARE, Internal, None, false, ["NO", "NO", "NO", "NO", "Y"]),
            (&[Esxi], Bridged, None, false, ["D", "D", "Y", "Y", "Y"]),
            (&[Esxi], Internal, None, false, ["NO", "NO", "NO", "NO", "Y"]),
            (&[VirtualBox], Nat, None, false, ["PF", "D", "Y/D", "PF", "NO"]),
            (
                &[VirtualBox],
                NatNetwork,
                None,
                false,
                ["PF", "D", "Y/D", "PF", "Y"],
            ),
            (&[VirtualBox], HostOnly, None, false, ["Y", "Y", "NO", "NO", "Y"]),
            (
                &[VirtualBox],
                Internal,
                None,
                false,
                ["NO", "NO", "NO", "NO", "Y"],
            ),
            (
                &[VirtualBox],
                Mode::Other,
                Some("not-attached"),
                false,
                ["NO", "NO", "NO", "NO", "NO"],
            ),
            (
                &[VirtualBox],
                Mode::Other,
                Some("generic"),
                false,
                ["D", "D", "D", "D", "D"],
            ),
            (&[HyperV], DefaultSwitch, None, false, ["Y", "Y", "Y", "NO", "Y"]),
            (&[HyperV], Internal, None, false, ["Y", "Y", "NO", "NO", "Y"]),
            (&[HyperV], Nat, None, false, ["Y", "Y", "Y", "PF", "Y"]),
            (&[HyperV], External, None, false, ["Y", "Y", "Y", "Y", "Y"]),
            (
                &[HyperV],
                External,
                Some("no-management-os"),
                false,
                ["D", "D", "Y", "Y", "Y"],
            ),
            (&[HyperV], External, None, true, ["D", "D", "D", "D", "Y"]),
            (&[HyperV], Private, None, false, ["NO", "NO", "NO", "NO", "Y"]),
            (&[Wsl2], Nat, None, false, ["Y", "Y", "Y", "PF", "Y"]),
            (&[Wsl2], Mirrored, None, false, ["Y", "Y", "Y", "D", "Y"]),
            (
                &[Wsl2],
                Nat,
                Some("to-default-switch"),
                false,
                ["Y", "Y", "Y", "PF", "D"],
            ),
            (
                &[Wsl2],
                Mirrored,
                Some("to-default-switch"),
                false,
                ["Y", "Y", "Y", "D", "NO"],
            ),
            (KVM, Nat, None, false, ["Y", "Y", "Y", "NO", "Y"]),
            (KVM, Routed, None, false, ["Y", "Y", "D", "D", "Y"]),
            (KVM, HostOnly, None, false, ["Y", "Y", "NO", "NO", "Y"]),
            (KVM, Internal, None, false, ["NO", "NO", "NO", "NO", "Y"]),
            (KVM, Macvtap, None, false, ["NO", "NO", "Y", "Y", "Y"]),
            (KVM, Macvtap, Some("bridge"), false, ["NO", "NO", "Y", "Y", "Y"]),
            (KVM, Macvtap, Some("vepa"), false, ["D", "D", "Y", "Y", "D"]),
            (KVM, Macvtap, Some("private"), false, ["NO", "NO", "Y", "Y", "NO"]),
            (
                KVM,
                Macvtap,
                Some("passthrough"),
                false,
                ["D", "D", "Y", "Y", "D"],
            ),
            (KVM, User, Some("slirp"), false, ["PF", "Y", "Y/D", "PF", "NO"]),
            (KVM, User, Some("passt"), false, ["PF", "D", "Y", "PF", "NO"]),
            (&[Parallels], Nat, None, false, ["Y", "Y", "Y", "PF", "Y"]),
            (
                &[Parallels, Utm],
                HostOnly,
                None,
                false,
                ["Y", "Y", "NO", "NO", "Y"],
            ),
            (&[Utm, Multipass], Nat, None, false, ["Y", "Y", "Y", "NO", "D"]),
            (&[Utm], User, None, false, ["PF", "Y", "Y/D", "PF", "NO"]),
        ]
    };

    #[test]
    fn the_table_says_what_the_reference_says() {
        use Direction::*;
        let named = |reach: Reach| match reach {
            Reach::Works => "Y",
            Reach::PortForward => "PF",
            Reach::Impossible => "NO",
            Reach::Depends => "D",
        };
        let ways = [
            HostToGuest,
            GuestToHost,
            GuestToInternet,
            LanToGuest,
            GuestToGuest,
        ];
        for (ids, mode, submode, wireless, expected) in REFERENCE {
            let finer = Finer {
                submode: *submode,
                uplink: wireless.then_some(Uplink::WiFi),
            };
            for id in *ids {
                let told = ways.map(|way| {
                    let cell = reach_of(Some(*id), *mode, finer, way).expect("an answer");
                    let echo = cell
                        .echo
                        .map(|echo| format!("/{}", named(echo)))
                        .unwrap_or_default();
                    format!("{}{echo}", named(cell.reach))
                });
                assert_eq!(told, *expected, "{id} {mode} {finer:?}");
            }
        }
    }

    #[test]
    fn every_row_is_sound() {
        for row in table() {
            for direction in [
                Direction::HostToGuest,
                Direction::GuestToHost,
                Direction::GuestToInternet,
                Direction::LanToGuest,
                Direction::GuestToGuest,
            ] {
                let cell = row.cell(direction);
                let closed = matches!(cell.reach, Reach::Impossible | Reach::PortForward);
                assert_eq!(cell.cause.is_some(), closed, "{:?} {direction:?}", row.modes);
                assert!(cell.why.starts_with("mode-why-"), "{:?} {direction:?}", row.modes);
            }
        }
    }
}
