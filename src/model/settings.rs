//! What a machine's own files and services have set up, beside what is in force.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::Mac;

/// What a file or a service wants a card to be: one `iface` stanza, one netplan entry, one connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardSettings {
    /// The card that they are for, by name; missing when they are matched by something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// The card that they are for, by hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Mac>,
    /// The file that holds them, or `NetworkManager NAME`.
    pub holder: String,
    /// Whether they ask a DHCP server for the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dhcp: Option<bool>,
    /// Addresses that they set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpNet>,
    /// Gateways that they set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gateways: Vec<IpAddr>,
    /// Whether they are in force now, where the service tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// A web proxy that programs of a machine are told to use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebProxy {
    /// What sets it: `https_proxy`, `winhttp`, `scutil`.
    pub holder: String,
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
}

/// Somebody whom a service or its guard turns away: an entry of `hosts.deny`, a ban, a line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Refusal {
    /// Who turns away: `fail2ban sshd`, `/etc/hosts.deny`, `sshd`.
    pub by: String,
    /// The service, as the guard calls it; missing for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Whom it turns away; missing for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<IpNet>,
    /// The entry or line as it stands there.
    pub words: String,
}

/// A network card as the machine's bus shows it, with or without a driver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Its place on the bus: `00:03.0`.
    pub slot: String,
    /// What it calls itself.
    pub name: String,
    /// The driver in use; missing when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
}
