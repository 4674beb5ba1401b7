//! What can be seen of a machine at a glance, before anything is asked: counts, and signs of trouble. None of it
//! is a conclusion; the diagnosis draws its own from the same facts.

use crate::diagram::plain;
use crate::gui::widget::State;
use crate::locale::Language;
use crate::model::{AdapterKind, Case, Message, PowerState, Unread, overlap};

/// What is seen at a glance.
#[derive(Clone, Debug, Default)]
pub struct Glance {
    /// Signs, those that ask for attention first.
    pub signs: Vec<(State, String)>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Virtual networks.
    pub networks: usize,
    /// Virtual machines.
    pub machines: usize,
    /// Tunnels that are up.
    pub tunnels: usize,
}

/// Counts networks, machines and tunnels.
pub fn counts(case: &Case) -> Counts {
    let products = &case.hypervisors;
    Counts {
        networks: products.iter().map(|product| product.networks.rows().len()).sum(),
        machines: products.iter().map(|product| product.machines.rows().len()).sum(),
        tunnels: case
            .host
            .adapters
            .rows()
            .iter()
            .filter(|adapter| adapter.is_tunnel() && adapter.main_ipv4().is_some())
            .count(),
    }
}

/// Looks over a case, raw outputs taken in.
pub fn glance(case: &Case, language: Language) -> Glance {
    Glance {
        signs: signs(case, language)
            .into_iter()
            .map(|(state, message)| (state, language.say(&message)))
            .collect(),
        unread: case.unread.iter().take(50).cloned().collect(),
    }
}

fn signs(case: &Case, language: Language) -> Vec<(State, Message)> {
    let mut signs = Vec::new();
    networks(case, &mut signs);
    segments(case, &mut signs);
    tunnels(case, &mut signs);
    machines(case, language, &mut signs);
    signs.sort_by_key(|(state, _)| match state {
        State::Broken => 0,
        State::Warn => 1,
        _ => 2,
    });
    signs
}

fn networks(case: &Case, signs: &mut Vec<(State, Message)>) {
    for network in case
        .hypervisors
        .iter()
        .flat_map(|product| product.networks.rows())
    {
        let name = plain(&network.name);
        if network.active == Some(false) {
            signs.push((
                State::Warn,
                Message::new("window-sign-network-stopped").with("name", name),
            ));
            continue;
        }
        let adapter = network
            .host_adapter
            .as_deref()
            .and_then(|name| case.host.adapter(name));
        if let Some(adapter) = adapter
            && adapter.enabled == Some(false)
        {
            let name = plain(&adapter.name);
            signs.push((
                State::Broken,
                Message::new("window-sign-adapter-down").with("name", name),
            ));
        }
    }
}

/// Two adapters whose segments share addresses: one of the two is out of reach.
fn segments(case: &Case, signs: &mut Vec<(State, Message)>) {
    let adapters: Vec<_> = case
        .host
        .adapters
        .rows()
        .iter()
        .filter(|adapter| adapter.kind != AdapterKind::Loopback && adapter.enabled != Some(false))
        .filter_map(|adapter| Some((adapter, adapter.main_ipv4()?)))
        .filter(|(_, net)| net.prefix_len() < 31 && net.prefix_len() > 0)
        .take(64)
        .collect();
    for (index, (one, net)) in adapters.iter().enumerate() {
        for (other, other_net) in adapters.iter().skip(index + 1) {
            if overlap((*net).into(), (*other_net).into()) {
                let sign = Message::new("window-sign-overlap")
                    .with("one", plain(&one.name))
                    .with("other", plain(&other.name));
                signs.push((State::Warn, sign));
            }
        }
    }
}

/// A tunnel that takes addresses of a virtual network away.
fn tunnels(case: &Case, signs: &mut Vec<(State, Message)>) {
    let is_tunnel = |name: &str| case.host.adapter(name).is_some_and(|adapter| adapter.is_tunnel());
    for route in case
        .host
        .routes
        .rows()
        .iter()
        .filter(|route| !route.dead && !route.is_default())
    {
        let Some(tunnel) = route.adapter.as_deref().filter(|name| is_tunnel(name)) else {
            continue;
        };
        let covered = case
            .hypervisors
            .iter()
            .flat_map(|product| product.networks.rows())
            .find(|network| {
                network.segment.is_some_and(|segment| {
                    segment.addr().is_ipv4() == route.destination.addr().is_ipv4()
                        && overlap(segment, route.destination)
                })
            });
        if let Some(network) = covered {
            let sign = Message::new("window-sign-tunnel")
                .with("prefix", route.destination)
                .with("name", plain(&network.name))
                .with("tunnel", plain(tunnel));
            signs.push((State::Warn, sign));
        }
    }
}

fn machines(case: &Case, language: Language, signs: &mut Vec<(State, Message)>) {
    for machine in case
        .hypervisors
        .iter()
        .flat_map(|product| product.machines.rows())
    {
        if machine.state != PowerState::Running {
            continue;
        }
        if machine.nics.iter().any(|nic| nic.cable_connected == Some(false)) {
            let name = plain(&machine.name);
            signs.push((
                State::Broken,
                Message::new("window-sign-cable").with("name", name),
            ));
        }
    }
    for product in &case.hypervisors {
        if product.running == Some(true) {
            let running = product
                .machines
                .rows()
                .iter()
                .filter(|machine| machine.state == PowerState::Running)
                .count();
            if running > 0 {
                let sign = Message::new("window-sign-running").with("n", running);
                signs.push((
                    State::Ok,
                    sign.with(
                        "product",
                        language.text(&format!("hypervisor-{}", product.id.name())),
                    ),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Adapter, AdapterAddress, Fact, Hypervisor, Machine, Nic, VirtualNetwork};

    fn adapter(name: &str, net: &str) -> Adapter {
        Adapter {
            addresses: Some(vec![AdapterAddress::new(net.parse().expect("a network"))]),
            enabled: Some(true),
            ..Adapter::named(name)
        }
    }

    fn keys(case: &Case) -> Vec<&'static str> {
        signs(case, Language::English)
            .iter()
            .map(|(_, message)| message.key)
            .collect()
    }

    #[test]
    fn segments_that_share_addresses_are_seen_and_others_are_not() {
        let mut case = Case::default();
        case.host.adapters = Fact::known(
            vec![
                adapter("eth0", "192.168.1.5/24"),
                adapter("vmnet8", "192.168.2.1/24"),
            ],
            "test",
        );
        assert!(keys(&case).is_empty());
        case.host.adapters = Fact::known(
            vec![
                adapter("eth0", "192.168.1.5/24"),
                adapter("vmnet8", "192.168.0.1/16"),
            ],
            "test",
        );
        assert_eq!(keys(&case), ["window-sign-overlap"]);
    }

    #[test]
    fn what_is_off_or_unplugged_is_seen() {
        let mut down = adapter("vmnet1", "10.1.1.1/24");
        down.enabled = Some(false);
        let mut case = Case::default();
        case.host.adapters = Fact::known(vec![down], "test");
        case.hypervisors = vec![Hypervisor {
            networks: Fact::known(
                vec![
                    VirtualNetwork {
                        name: "default".to_owned(),
                        active: Some(false),
                        ..VirtualNetwork::default()
                    },
                    VirtualNetwork {
                        name: "VMnet1".to_owned(),
                        host_adapter: Some("vmnet1".to_owned()),
                        ..VirtualNetwork::default()
                    },
                ],
                "test",
            ),
            machines: Fact::known(
                vec![Machine {
                    state: PowerState::Running,
                    nics: vec![Nic {
                        cable_connected: Some(false),
                        ..Nic::default()
                    }],
                    ..Machine::default()
                }],
                "test",
            ),
            ..Hypervisor::default()
        }];
        assert_eq!(
            keys(&case),
            [
                "window-sign-adapter-down",
                "window-sign-cable",
                "window-sign-network-stopped"
            ]
        );
    }
}
