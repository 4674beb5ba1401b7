//! A case as a scene: its segments from the uplink downwards, and what hangs on each.

mod machines;
mod order;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::scene::{Engine, Hanger, Health, Outside, Port, Role, Scene, Who, Wire};
use crate::diagnose::role;
use crate::locale::Language;
use crate::model::{
    Adapter, AdapterKind, Case, Endpoint, Hypervisor, HypervisorId, Machine, Mode, Nic, PowerState,
    VirtualNetwork, segment_of,
};

/// Most segments that are drawn; a machine with more adapters shows those that matter first, and says how many
/// it left out.
pub const MAX_WIRES: usize = 40;

/// Most machines that a wire keeps; the layout groups what has no room.
const MAX_MACHINES: usize = 256;

impl Scene {
    /// The scene of a case, in words of a language. Raw outputs must have been taken in before.
    pub fn from_case(case: &Case, language: Language) -> Self {
        let mut maker = Maker {
            case,
            language,
            drafts: Vec::new(),
            machines: Vec::new(),
        };
        maker.adapters();
        maker.networks();
        maker.machines();
        maker.told_guests();
        maker.seen();
        maker.finish()
    }

    /// Who stands at this end of the traffic that the case is about; `None` when the picture has none.
    pub fn endpoint(&self, case: &Case, end: Endpoint) -> Option<Who> {
        let hangers = || self.wires.iter().flat_map(|wire| &wire.machines);
        let named = |name: &str| {
            hangers()
                .map(|hanger| &hanger.who)
                .find(|who| matches!(who, Who::Machine { name: n, .. } if n == name))
        };
        let has = |who: Who| hangers().any(|hanger| hanger.who == who).then_some(who);
        match end {
            Endpoint::Host => Some(Who::Host),
            Endpoint::Internet => self.internet.is_some().then_some(Who::Internet),
            Endpoint::Lan => has(Who::Lan),
            Endpoint::Guest => {
                let told = case.intake.vm.as_deref().and_then(named).cloned();
                let address = case.intake.guest_ip.map(|(address, _)| address.to_string());
                let seen = case.intake.guest_ip.map(|(address, _)| Who::Seen(address));
                let by_address = || {
                    hangers()
                        .find(|h| address.as_ref() == Some(&h.detail) || seen.as_ref() == Some(&h.who))
                        .map(|h| h.who.clone())
                };
                let only = || {
                    let mut machines = hangers().filter(|h| matches!(h.who, Who::Machine { .. }));
                    let first = machines.next()?;
                    machines.next().is_none().then(|| first.who.clone())
                };
                told.or_else(|| has(Who::Guest)).or_else(by_address).or_else(only)
            }
            Endpoint::Guest2 => has(Who::Guest2).or_else(|| {
                let target = case.intake.target.as_deref()?;
                let by_address = hangers().find(|h| h.detail == target).map(|h| h.who.clone());
                named(target).cloned().or(by_address)
            }),
        }
    }
}

/// A wire with what decides its place.
struct Draft {
    wire: Wire,
    adapter: Option<String>,
    segment: Option<ipnet::IpNet>,
    /// Product and name of the network that it is.
    network: Option<(HypervisorId, String)>,
    uplink: bool,
    rank: u8,
    engine: Option<(String, String, Health)>,
    outside: Option<String>,
}

struct Maker<'a> {
    case: &'a Case,
    language: Language,
    drafts: Vec<Draft>,
    /// Machine, its first wire, further wires.
    machines: Vec<(Hanger, usize, Vec<usize>)>,
}

/// The product's own name.
fn product(id: HypervisorId) -> &'static str {
    match id {
        HypervisorId::VmwareWorkstation => "VMware",
        HypervisorId::VmwareFusion => "VMware Fusion",
        HypervisorId::Esxi => "ESXi",
        HypervisorId::VirtualBox => "VirtualBox",
        HypervisorId::HyperV => "Hyper-V",
        HypervisorId::Libvirt => "libvirt",
        HypervisorId::Qemu => "QEMU",
        HypervisorId::Wsl2 => "WSL",
        HypervisorId::Parallels => "Parallels",
        HypervisorId::Utm => "UTM",
        HypervisorId::Multipass => "Multipass",
        HypervisorId::Lima => "Lima",
        HypervisorId::Proxmox => "Proxmox",
        HypervisorId::Vz => "Virtualization",
        HypervisorId::Other => "",
    }
}

fn is_translated(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Nat | Mode::NatNetwork | Mode::User | Mode::DefaultSwitch
    )
}

fn is_on_the_lan(mode: Mode) -> bool {
    matches!(
        mode,
        Mode::Bridged | Mode::Macvtap | Mode::External | Mode::Mirrored
    )
}

fn role_of(mode: Mode) -> Role {
    match mode {
        _ if is_translated(mode) => Role::Nat,
        _ if is_on_the_lan(mode) => Role::Lan,
        Mode::HostOnly | Mode::Routed => Role::Host,
        _ => Role::Other,
    }
}

impl Maker<'_> {
    fn text(&self, key: &str) -> String {
        self.language.text(key)
    }

    fn mode_word(&self, mode: Mode) -> String {
        self.text(&format!("diagram-mode-{}", mode.name()))
    }

    fn named(&self, name: &str, word: &str) -> String {
        self.language
            .text_with("diagram-name-mode", &[("name", name), ("mode", word)])
    }

    fn finish(mut self) -> Scene {
        // A wire with machines matters more than one without.
        for (_, wire, leads) in &self.machines {
            for wire in std::iter::once(wire).chain(leads) {
                if let Some(draft) = self.drafts.get_mut(*wire) {
                    draft.rank = if draft.rank >= 8 {
                        draft.rank
                    } else {
                        draft.rank.min(3)
                    };
                }
            }
        }
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        let key = |index: &usize| self.drafts.get(*index).map(|draft| (draft.rank, *index));
        order.sort_by_key(key);
        order.truncate(MAX_WIRES);
        // Wires without a port below those with one, so that the host's column passes none of them.
        order.sort_by_key(|index| {
            self.drafts
                .get(*index)
                .map(|d| (!d.uplink, d.wire.port.is_none(), d.rank, *index))
        });
        self.untangle(&mut order);
        let place = |old: usize| order.iter().position(|index| *index == old);

        let uplink = order
            .iter()
            .position(|index| self.drafts.get(*index).is_some_and(|d| d.uplink));
        let mut scene = Scene {
            host: self.text("diagram-host"),
            more: self.language.text_with("diagram-more", &[("n", "{n}")]),
            left_out: self.drafts.len().saturating_sub(order.len()),
            ..Scene::default()
        };
        let several = self.drafts.iter().filter(|draft| draft.uplink).count() > 1;
        for (position, index) in order.iter().enumerate() {
            let Some(draft) = self.drafts.get(*index) else {
                continue;
            };
            let mut wire = draft.wire.clone();
            if let (true, true, Some(adapter)) = (draft.uplink, several, &draft.adapter) {
                wire.name = self.language.text_with("diagram-lan-on", &[("adapter", adapter)]);
            }
            if let (Some((name, detail, health)), Some(to)) = (&draft.engine, uplink) {
                let (name, detail, health) = (name.clone(), detail.clone(), *health);
                scene.engines.push(Engine {
                    name,
                    detail,
                    wire: position,
                    to,
                    health,
                });
            }
            if let (Some(address), None) = (&draft.outside, &scene.internet) {
                scene.internet = Some(Outside {
                    name: self.text("diagram-internet"),
                    router: self.text("diagram-router"),
                    address: address.clone(),
                    wire: position,
                });
            }
            scene.wires.push(wire);
        }
        let mut machines = std::mem::take(&mut self.machines);
        // Those that run come first: what has no room is grouped.
        let meant = self.case.intake.vm.clone();
        machines.sort_by_key(|(hanger, ..)| {
            (
                meant.as_ref() != Some(&hanger.name),
                !matches!(hanger.who, Who::Guest | Who::Guest2),
                match hanger.health {
                    Health::Up => 0,
                    Health::Broken => 1,
                    Health::Unknown => 2,
                    Health::Off => 3,
                },
            )
        });
        for (mut hanger, wire, leads) in machines {
            hanger.leads = leads.into_iter().filter_map(place).collect();
            if let Some(wire) = place(wire).and_then(|wire| scene.wires.get_mut(wire))
                && wire.machines.len() < MAX_MACHINES
            {
                wire.machines.push(hanger);
            }
        }
        let router = scene.internet.as_ref().map(|outside| outside.address.clone());
        if let Some((uplink, adapter)) = uplink.and_then(|position| {
            let draft = self.drafts.get(*order.get(position)?)?;
            Some((position, draft.adapter.clone()))
        }) && let Some(wire) = scene.wires.get(uplink)
            && (wire.port.as_ref().is_some_and(|port| port.health == Health::Up) || adapter.is_none())
        {
            let node = self.neighbors(adapter.as_deref().unwrap_or_default(), router.as_deref());
            if let Some(wire) = scene.wires.get_mut(uplink) {
                let at = wire.machines.len().min(2);
                wire.machines.insert(at, node);
            }
        }
        scene
    }

    /// Physical segments stay in front, and those without a port at the end.
    fn untangle(&self, order: &mut [usize]) {
        let uplink = order
            .iter()
            .copied()
            .find(|index| self.drafts.get(*index).is_some_and(|draft| draft.uplink));
        let engines = self
            .drafts
            .iter()
            .enumerate()
            .filter(|(_, draft)| draft.engine.is_some());
        let engines = engines.filter_map(|(index, _)| Some((index, uplink?)));
        let leads = self
            .machines
            .iter()
            .flat_map(|(_, wire, leads)| leads.iter().map(move |lead| (*wire, *lead)));
        let links: Vec<(usize, usize)> = engines.chain(leads).collect();
        let group = |index: usize| match self.drafts.get(index) {
            Some(draft) if draft.uplink => 0,
            Some(draft) if draft.wire.port.is_some() => 1,
            _ => 2,
        };
        order::untangle(order, group, &links);
    }
}
