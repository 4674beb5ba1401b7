//! The rules: one file a cause, in the folder of its station.
//!
//! A file holds what the cause means, the facts that show it, its look-alikes and its remedy. A rule reads facts and
//! returns a finding with the facts it stood on. A fact that is unknown never makes it accuse.

mod addressing;
mod dns;
mod forwarding;
mod guest_address;
mod guest_firewall;
mod guest_route;
mod host_adapter;
mod host_firewall;
mod host_route;
mod hypervisor;
mod internet;
mod lease;
mod link;
pub(super) mod nat_engine;
pub(super) mod prelude;
mod uplink;
mod virtual_network;
mod vm_nic;

use super::{At, Confidence, Evidence, Situation, Station};
use crate::model::{Message, Words};
use crate::remedy::Remedy;

/// One cause: its place, its texts, and the functions that find and cure it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its id in the catalogue.
    pub id: &'static str,
    /// Key of its title.
    pub title: &'static str,
    /// Key of the sentence that names it in a case.
    pub summary: &'static str,
    /// Key of its explanation.
    pub text: &'static str,
    /// The station it sits at.
    pub station: Station,
    /// The side it sits on.
    pub at: At,
    /// What it does to the traffic.
    pub effect: Effect,
    /// Causes that it follows from: when one of them is named, this one is silent.
    pub follows_from: &'static [&'static str],
    /// Causes that look the same from outside.
    pub look_alikes: &'static [&'static str],
    /// Looks for it.
    pub check: fn(&Situation<'_>) -> Option<Found>,
    /// What to do about it. Also asked without a case, for `explain`: names are stand-ins then.
    pub remedy: fn(&Situation<'_>) -> Vec<Remedy>,
}

/// What a cause does to the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The mode has no way for it.
    ByDesign,
    /// Stops it.
    Stops,
    /// Lets some of it pass, or makes it worse.
    Degrades,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Found {
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it is concluded from silence alone, so that any broken station before it explains it as well.
    pub from_silence: bool,
    /// The row, rule or switch that stops the traffic by itself, whatever else is broken: what stands on one of its
    /// own follows from nothing.
    pub stands_on: Option<Evidence>,
    /// Further arguments of the summary.
    pub args: Vec<(&'static str, String)>,
    /// The facts that speak for it.
    pub evidence: Vec<Evidence>,
}

impl Found {
    /// A finding of this confidence, without facts yet.
    pub fn new(confidence: Confidence) -> Self {
        Self {
            confidence,
            from_silence: false,
            stands_on: None,
            args: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// The same, concluded from silence alone.
    #[must_use]
    pub fn from_silence(mut self) -> Self {
        self.from_silence = true;
        self
    }

    /// The same with a further argument of its summary.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The same with a fact.
    #[must_use]
    pub fn fact(mut self, fact: &'static str, value: impl Into<Words>, source: impl ToString) -> Self {
        self.evidence.push(evidence(fact, value, source));
        self
    }

    /// The same with a fact that stops the traffic by itself, whatever else is broken.
    #[must_use]
    pub fn stands_on(mut self, fact: &'static str, value: impl Into<Words>, source: impl ToString) -> Self {
        let row = evidence(fact, value, source);
        self.stands_on = Some(row.clone());
        self.evidence.push(row);
        self
    }

    /// The same with the facts of a list.
    #[must_use]
    pub fn facts(mut self, facts: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(facts);
        self
    }
}

/// A fact: what was looked at, what it said, who said it.
pub fn evidence(fact: &'static str, value: impl Into<Words>, source: impl ToString) -> Evidence {
    Evidence {
        fact: Message::new(fact),
        value: value.into(),
        source: source.to_string(),
    }
}

/// Every rule, in the order of the way there; among equals the earlier one is named first.
pub fn all() -> &'static [Rule] {
    RULES
}

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($station:ident :: $cause:ident,)*) => { &[$($station::$cause::RULE,)*] };
}

const RULES: &[Rule] = rules![
    nat_engine::port_forward_wrong,
    nat_engine::portproxy_stale,
    nat_engine::net_nat_conflict,
    nat_engine::net_nat_missing,
    nat_engine::no_inbound_path,
    nat_engine::per_vm_isolation,
    virtual_network::internal_no_host,
    virtual_network::macvtap_host_isolation,
    virtual_network::host_only_no_internet,
    virtual_network::host_only_not_reachable_from_lan,
    nat_engine::usermode_no_icmp,
    hypervisor::kernel_module,
    hypervisor::half_uninstalled,
    hypervisor::not_running,
    hypervisor::helper,
    hypervisor::conflict,
    hypervisor::bad_version,
    hypervisor::vm_not_running,
    virtual_network::needs_vmnet,
    virtual_network::default_switch,
    virtual_network::internet_sharing,
    virtual_network::network_missing,
    virtual_network::config_corrupt,
    virtual_network::switch_stale,
    virtual_network::host_only_range,
    virtual_network::driver_unbound,
    virtual_network::esxi_uplink,
    virtual_network::esxi_security,
    virtual_network::mac_spoofing,
    virtual_network::port_guard,
    virtual_network::vlan,
    virtual_network::bootpd,
    virtual_network::port53,
    virtual_network::vmnet,
    virtual_network::wsl_fell_back,
    virtual_network::dhcp_service,
    virtual_network::not_started,
    virtual_network::dnsmasq,
    virtual_network::pool_exhausted,
    virtual_network::no_dhcp,
    virtual_network::not_routed,
    virtual_network::bridge_without_uplink,
    virtual_network::nwfilter,
    virtual_network::tap_detached,
    vm_nic::cable_disconnected,
    vm_nic::wrong_network,
    vm_nic::duplicate_mac,
    host_adapter::missing,
    host_adapter::disabled,
    host_adapter::down,
    host_adapter::no_address,
    host_adapter::apipa,
    host_adapter::wrong_subnet,
    host_adapter::not_on_bridge,
    host_adapter::address_conflict,
    host_adapter::offload,
    addressing::overlap_lan,
    addressing::overlap_vpn,
    addressing::overlap_virtual,
    addressing::two_nics,
    addressing::two_subnets,
    addressing::duplicate_client_id,
    addressing::duplicate_ip,
    addressing::stale_address,
    addressing::default_switch,
    addressing::guest_internal,
    addressing::address_unknown,
    addressing::ipv6_only,
    host_route::vpn_hijack,
    host_route::wrong,
    host_route::missing,
    host_route::segment_missing,
    host_route::vpn_blocks,
    host_firewall::blocks_guest,
    host_firewall::blocks_dhcp_dns,
    host_firewall::blocks_outbound,
    host_firewall::echo_ignored,
    host_firewall::service_broken,
    host_firewall::hyperv,
    host_firewall::managed,
    host_firewall::mac_bootpd,
    host_firewall::mac_privacy,
    guest_address::driver_missing,
    guest_address::nic_renamed,
    guest_address::nic_not_started,
    guest_address::static_wrong_subnet,
    guest_address::wrong_mask,
    guest_address::overridden,
    guest_address::two_nics,
    guest_address::apipa,
    guest_firewall::access_list,
    guest_firewall::rejects,
    guest_firewall::blocks_icmp,
    guest_firewall::blocks_inbound,
    guest_firewall::not_listening,
    guest_firewall::bound_to_loopback,
    guest_route::missing_gateway,
    guest_route::vpn_captures,
    guest_route::two_defaults,
    guest_route::wrong_gateway,
    guest_route::missing_return,
    nat_engine::service_stopped,
    forwarding::ip_forward,
    forwarding::backends,
    forwarding::rules_lost,
    forwarding::docker_drop,
    forwarding::policy_drop,
    forwarding::br_netfilter,
    forwarding::rp_filter,
    forwarding::network_manager,
    uplink::host_no_uplink,
    uplink::wrong_nic,
    uplink::wifi_bridge,
    uplink::port_security,
    uplink::client_isolation,
    uplink::lan_dhcp,
    internet::proxy_required,
    link::stp_delay,
    link::stale_neighbor,
    link::mtu_mismatch,
    link::lossy,
    dns::points_elsewhere,
    dns::guest_dns_only,
];
