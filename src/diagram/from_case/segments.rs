//! The segments: of this machine's adapters, of the products' networks, and those that are only told of.

use super::*;

impl Maker<'_> {
    /// Every adapter with a segment of its own. Ports of bridges and machines' cables are part of another wire.
    pub(super) fn adapters(&mut self) {
        let host = &self.case.host;
        for adapter in host.adapters.rows() {
            let part = adapter.master.is_some()
                || matches!(adapter.kind, AdapterKind::Loopback | AdapterKind::Macvtap)
                || (role::is_machine_port(adapter) && adapter.ipv4().next().is_none());
            let idle = adapter.ipv4().next().is_none()
                && (matches!(
                    adapter.kind,
                    AdapterKind::Veth | AdapterKind::Dummy | AdapterKind::Unknown
                ) || adapter.name == "docker0");
            if part || idle || (adapter.is_tunnel() && adapter.nets().next().is_none()) {
                continue;
            }
            let draft = self.of_adapter(adapter);
            self.drafts.push(draft);
        }
    }

    pub(super) fn of_adapter(&self, adapter: &Adapter) -> Draft {
        let host = &self.case.host;
        let address = adapter.main_ipv4();
        let segment = address.map(|net| segment_of(net.into()));
        let tunnel = adapter.is_tunnel();
        let container = role::is_container(&adapter.name);
        let physical_port = role::ports(host, adapter).any(|port| {
            matches!(
                port.kind,
                AdapterKind::Ethernet | AdapterKind::WiFi | AdapterKind::Bond
            )
        });
        let uplink = !tunnel && !container && (physical_port || role::is_uplink(host, adapter));
        let gateway = host
            .default_routes()
            .into_iter()
            .find(|row| !row.dead && row.adapter.as_deref() == Some(adapter.name.as_str()))
            .and_then(|row| row.via);
        // What its name tells, else what the user told of the machine on its segment.
        let mode = role::mode_of_name(&adapter.name).or_else(|| {
            let intake = &self.case.intake;
            let (guest, _) = intake.guest_ip?;
            let here = adapter.nets().any(|net| net.contains(&guest));
            intake.mode.filter(|mode| here && !is_on_the_lan(*mode))
        });
        let own = !tunnel && !container && !uplink;
        // Also where no product told of its networks: what is translated passes an engine.
        let engine = mode.filter(|mode| own && is_translated(*mode)).map(|_| {
            let product = role::hypervisor_of_name(adapter).or(self.case.intake.hypervisor);
            let name = self.engine_name(product.unwrap_or(HypervisorId::Other));
            (name, String::new(), Health::Unknown)
        });
        let (role, name) = if tunnel {
            (
                Role::Tunnel,
                self.named(&adapter.name, &self.text("diagram-mode-vpn")),
            )
        } else if container {
            (
                Role::Other,
                self.named(&adapter.name, &self.text("diagram-mode-containers")),
            )
        } else if uplink {
            (Role::Lan, self.text("diagram-lan"))
        } else {
            let word = self.mode_word(mode.unwrap_or(Mode::Other));
            (mode.map_or(Role::Host, role_of), self.named(&adapter.name, &word))
        };
        let usable = adapter.usable();
        let detail = match (adapter.enabled, address) {
            (Some(false), _) => self.text("diagram-down"),
            (_, Some(net)) => net.addr().to_string(),
            (_, None) if adapter.addresses.is_none() => self.text("diagram-address-unknown"),
            (_, None) => self.text("diagram-no-address"),
        };
        let rank = match (gateway.is_some(), uplink, tunnel, container) {
            (true, true, ..) => 0,
            (_, true, ..) => {
                if usable == Some(true) && address.is_some() {
                    1
                } else {
                    6
                }
            }
            (_, _, true, _) => 4,
            (.., true) => 7,
            _ => 3,
        };
        Draft {
            wire: Wire {
                name,
                prefix: segment.map_or_else(String::new, |segment| segment.to_string()),
                role,
                port: Some(Port {
                    name: adapter.name.clone(),
                    detail,
                    health: match (adapter.enabled, address.is_some()) {
                        (Some(false), _) => Health::Off,
                        (_, true) => Health::Up,
                        (_, false) => Health::Unknown,
                    },
                }),
                ..Wire::default()
            },
            adapter: Some(adapter.name.clone()),
            segment,
            network: None,
            uplink,
            rank,
            engine,
            outside: gateway.filter(|_| uplink).map(|gateway| gateway.to_string()),
        }
    }

    /// Virtual networks: on the wire of their adapter, else a wire of their own.
    pub(super) fn networks(&mut self) {
        let case = self.case;
        for hypervisor in &case.hypervisors {
            for network in hypervisor.networks.rows() {
                if is_on_the_lan(network.mode) {
                    continue;
                }
                let index = self.wire_of_network(network);
                let index = match index {
                    Some(index) => index,
                    None => self.own_wire(network),
                };
                let words = self.named(&network.name, &self.mode_word(network.mode));
                let engine = (is_translated(network.mode) && network.nat != Some(false)).then(|| {
                    let address = network
                        .nat_address
                        .map_or_else(String::new, |address| address.to_string());
                    let health = if network.active == Some(false) {
                        Health::Off
                    } else {
                        Health::Unknown
                    };
                    (self.engine_name(hypervisor.id), address, health)
                });
                let Some(draft) = self.drafts.get_mut(index) else {
                    continue;
                };
                draft.wire.name = words;
                draft.wire.role = role_of(network.mode);
                draft.wire.mode = Some(network.mode);
                draft.wire.network = Some(network.name.clone());
                draft.network = Some((hypervisor.id, network.name.clone()));
                draft.rank = draft.rank.min(2);
                if draft.wire.prefix.is_empty()
                    && let Some(segment) = network.segment
                {
                    draft.wire.prefix = segment.trunc().to_string();
                    draft.segment = Some(segment.trunc());
                }
                draft.engine = engine;
            }
        }
    }

    pub(super) fn wire_of_network(&self, network: &VirtualNetwork) -> Option<usize> {
        let by_adapter = |draft: &Draft| {
            network.host_adapter.is_some() && draft.adapter == network.host_adapter && draft.network.is_none()
        };
        let by_segment = |draft: &Draft| {
            let segment = network.segment.map(|segment| segment.trunc());
            segment.is_some() && draft.segment == segment && !draft.uplink && draft.network.is_none()
        };
        let find = |fits: &dyn Fn(&Draft) -> bool| self.drafts.iter().position(fits);
        find(&by_adapter).or_else(|| {
            network
                .host_adapter
                .is_none()
                .then(|| find(&by_segment))
                .flatten()
        })
    }

    pub(super) fn own_wire(&mut self, network: &VirtualNetwork) -> usize {
        // An adapter that should be there and is not is worth showing.
        let wanted = network.host_adapter_wanted == Some(true) || network.host_adapter.is_some();
        let read = self.case.host.adapters.is_known();
        let port = (wanted && read).then(|| Port {
            name: network
                .host_adapter
                .clone()
                .unwrap_or_else(|| network.name.clone()),
            detail: self.text("diagram-missing"),
            health: if network.active == Some(false) {
                Health::Off
            } else {
                Health::Broken
            },
        });
        let wire = Wire {
            port,
            ..Wire::default()
        };
        self.bare(wire, false)
    }

    /// The wire that a machine's card hangs on: a segment that is known, or one made for it.
    pub(super) fn wire_of_nic(&mut self, hypervisor: &Hypervisor, nic: &Nic) -> usize {
        let network = nic.network.as_deref().and_then(|name| hypervisor.network(name));
        let mode = network.map_or(nic.mode, |network| network.mode);
        if is_on_the_lan(mode) || is_on_the_lan(nic.mode) {
            let uplink = nic
                .uplink
                .as_deref()
                .or_else(|| network.and_then(|n| n.uplink.as_deref()))
                .or_else(|| network.and_then(|n| n.host_adapter.as_deref()))
                .or(nic.network.as_deref());
            let master = uplink.and_then(|name| {
                let adapter = self
                    .case
                    .host
                    .adapters
                    .rows()
                    .iter()
                    .find(|adapter| adapter.name == name)?;
                adapter.master.clone()
            });
            let is = |name: Option<&str>, draft: &Draft| name.is_some() && draft.adapter.as_deref() == name;
            let by_name = self
                .drafts
                .iter()
                .position(|d| is(uplink, d) || is(master.as_deref(), d));
            if let Some(index) = by_name.or_else(|| self.uplink()) {
                return index;
            }
            return self.lan();
        }
        if let Some(network) = network {
            let known = (hypervisor.id, network.name.clone());
            if let Some(index) = self
                .drafts
                .iter()
                .position(|draft| draft.network.as_ref() == Some(&known))
            {
                return index;
            }
        }
        // A bridge or adapter by its own name.
        if let Some(name) = nic.network.as_deref()
            && let Some(index) = self
                .drafts
                .iter()
                .position(|draft| draft.adapter.as_deref() == Some(name))
        {
            return index;
        }
        // No network is called like this.
        let of_mode = || format!("\u{0}{}", mode.name());
        let key = nic.network.clone().unwrap_or_else(of_mode);
        let known = (hypervisor.id, key);
        if let Some(index) = self
            .drafts
            .iter()
            .position(|draft| draft.network.as_ref() == Some(&known))
        {
            return index;
        }
        let name = match nic.network.as_deref() {
            Some(name) => self.named(name, &self.mode_word(mode)),
            None if is_translated(mode) => self
                .language
                .text_with("diagram-own-nat", &[("product", product(hypervisor.id))]),
            None => self.named(product(hypervisor.id), &self.mode_word(mode)),
        };
        let prefix = match mode {
            // Every machine behind an engine of its own has these addresses.
            Mode::Nat | Mode::User
                if matches!(
                    hypervisor.id,
                    HypervisorId::VirtualBox | HypervisorId::Qemu | HypervisorId::Utm
                ) =>
            {
                "10.0.2.0/24"
            }
            _ => "",
        };
        let engine =
            is_translated(mode).then(|| (self.engine_name(hypervisor.id), String::new(), Health::Unknown));
        let wire = Wire {
            name,
            prefix: prefix.to_owned(),
            role: role_of(mode),
            mode: Some(mode),
            network: nic.network.clone(),
            ..Wire::default()
        };
        let index = self.bare(wire, false);
        if let Some(draft) = self.drafts.get_mut(index) {
            draft.network = Some(known);
            draft.engine = engine;
        }
        index
    }

    fn engine_name(&self, id: HypervisorId) -> String {
        let name = self
            .language
            .text_with("diagram-engine-nat", &[("product", product(id))]);
        name.trim().to_owned()
    }

    pub(super) fn uplink(&self) -> Option<usize> {
        let uplinks = self.drafts.iter().enumerate().filter(|(_, draft)| draft.uplink);
        uplinks
            .min_by_key(|(_, draft)| draft.rank)
            .map(|(index, _)| index)
    }

    /// A physical segment of which the case holds no adapter.
    pub(super) fn lan(&mut self) -> usize {
        let name = self.text("diagram-lan");
        self.bare(
            Wire {
                name,
                role: Role::Lan,
                ..Wire::default()
            },
            true,
        )
    }

    /// The wire of machines that hang on nothing.
    pub(super) fn unplugged(&mut self) -> usize {
        let name = self.text("diagram-unplugged");
        if let Some(index) = self.drafts.iter().position(|draft| draft.rank == 8) {
            return index;
        }
        let index = self.bare(
            Wire {
                name,
                ..Wire::default()
            },
            false,
        );
        if let Some(draft) = self.drafts.get_mut(index) {
            draft.rank = 8;
        }
        index
    }

    pub(super) fn bare(&mut self, wire: Wire, uplink: bool) -> usize {
        self.drafts.push(Draft {
            wire,
            adapter: None,
            segment: None,
            network: None,
            uplink,
            rank: if uplink { 1 } else { 5 },
            engine: None,
            outside: None,
        });
        self.drafts.len() - 1
    }
}
