//! The vocabulary of fixes: typed commands for each system and shell, each with effect, undo, verify and risk.
//!
//! This is the one place where anything is quoted for a shell. Nothing here is ever run by the program.

/// The lines of a fix whose words stand under `KEY-title` and `KEY-effect`: what it changes, its risk, the command,
/// the way back, and the proof.
macro_rules! fix {
    ($key:literal $([$($name:literal = $value:expr),*])?, $risk:ident, $command:expr, undo: $undo:expr, verify: $verify:expr) => {
        $crate::remedy::Lines {
            title: concat!($key, "-title"),
            effect: $crate::model::Message::new(concat!($key, "-effect"))$($(.with($name, $value))*)?,
            risk: $crate::remedy::Risk::$risk,
            command: ($command).into(),
            undo: ($undo).into(),
            verify: ($verify).into(),
        }
    };
}

mod access;
mod address;
mod bridge;
mod bridge_port;
mod card;
mod create_network;
mod dhcp_dns;
mod esxi;
mod firewall;
pub(crate) mod fix;
mod forward;
mod guest;
mod guest_route;
mod host;
mod hyperv;
mod inner;
mod libvirt;
mod macos;
mod modules;
mod neighbor;
mod network;
mod offload;
mod outbound;
mod product;
pub mod quote;
mod relay;
mod route;
mod run_in_guest;
mod service;
mod source;
mod uplink;
mod vpn;

pub use access::*;
pub use address::*;
pub use bridge::*;
pub use bridge_port::*;
pub use card::*;
pub use create_network::*;
pub use dhcp_dns::*;
pub use esxi::*;
pub use firewall::*;
pub use forward::*;
pub use guest::*;
pub use guest_route::*;
pub use host::*;
pub use hyperv::*;
pub use inner::*;
pub use libvirt::*;
pub use macos::*;
pub use modules::*;
pub use neighbor::*;
pub use network::rebuild_vmware_networks;
pub use offload::*;
pub use outbound::*;
pub use product::*;
pub use relay::*;
pub use route::*;
pub use run_in_guest::*;
pub use service::*;
pub use source::*;
pub use vpn::*;

use serde::Serialize;

use crate::model::{Message, Os, Place};

/// Something to do about a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Remedy {
    /// A command that somebody can copy and run.
    Command(CommandRemedy),
    /// Something that a person must do by hand: in a settings window, or by asking somebody else.
    Ask {
        /// Where it is done.
        on: Where,
        /// What to do, in words to hand over.
        ask: Message,
    },
}

/// A command to copy, with what it changes and how to take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommandRemedy {
    /// Short title of the card: `remedy-…`.
    #[serde(skip)]
    pub title: Message,
    /// The machine it is run on.
    pub on: Where,
    /// That machine's system.
    pub os: Os,
    /// The shell whose quoting it has.
    pub shell: Shell,
    /// Whether it needs administrator rights.
    pub admin: bool,
    /// The line to run, quoted for `shell`, without a newline at its end.
    pub command: String,
    /// What it changes.
    pub effect: Message,
    /// What it may spoil.
    pub risk: Risk,
    /// The line that takes it back; empty when nothing has to be.
    pub undo: String,
    /// The line that shows whether it worked.
    pub verify: String,
}

/// The machine on which something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Where {
    /// The physical machine.
    Host,
    /// The virtual machine.
    Guest,
    /// The second virtual machine.
    Guest2,
    /// A remote hypervisor.
    Hypervisor,
    /// Another machine on the physical segment.
    Lan,
    /// A device of the network: router, switch, access point.
    Network,
}

impl Where {
    /// The machine of the case that this is; `None` for a device that no case describes.
    pub fn place(self) -> Option<Place> {
        Some(match self {
            Self::Host => Place::Host,
            Self::Guest => Place::Guest,
            Self::Guest2 => Place::Guest2,
            Self::Hypervisor => Place::Esxi,
            Self::Lan => Place::Lan,
            Self::Network => return None,
        })
    }
}

/// The shell whose quoting a command has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shell {
    /// A POSIX shell: bash, dash, zsh, BusyBox.
    Sh,
    /// Windows PowerShell 5.1 and later.
    Powershell,
    /// The Windows command prompt.
    Cmd,
}

/// What a remedy may spoil.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nothing.
    None,
    /// Little: one machine or one segment is opened a bit, or a connection blinks.
    Low,
    /// Something: other networks, a policy of the company, running machines.
    Medium,
    /// Much: a machine may become unreachable, a setting may be lost.
    High,
}

/// Everything that a command remedy says besides its place: kept together so that every fix names its undo and
/// its proof.
pub(crate) struct Lines {
    /// Key of the title.
    pub title: &'static str,
    /// What it changes.
    pub effect: Message,
    /// What it may spoil.
    pub risk: Risk,
    /// The line to run.
    pub command: String,
    /// The line that takes it back.
    pub undo: String,
    /// The line that shows whether it worked.
    pub verify: String,
}

/// A command for a POSIX shell that needs root.
pub(crate) fn root(on: Where, os: Os, lines: Lines) -> Remedy {
    build(on, os, Shell::Sh, true, lines)
}

/// A command for any shell.
pub(crate) fn build(on: Where, os: Os, shell: Shell, admin: bool, lines: Lines) -> Remedy {
    let Lines {
        title,
        effect,
        risk,
        command,
        undo,
        verify,
    } = lines;
    Remedy::Command(CommandRemedy {
        title: Message::new(title),
        on,
        os,
        shell,
        admin,
        command,
        effect,
        risk,
        undo,
        verify,
    })
}

/// Something to do by hand.
pub fn ask(on: Where, ask: Message) -> Remedy {
    Remedy::Ask { on, ask }
}

/// Quotes for a POSIX shell.
pub(crate) fn sh(text: &str) -> String {
    quote::argument(Shell::Sh, text)
}

/// Quotes for PowerShell.
pub(crate) fn ps(text: &str) -> String {
    quote::argument(Shell::Powershell, text)
}

/// Quotes for the command prompt.
pub(crate) fn prompt(text: &str) -> String {
    quote::argument(Shell::Cmd, text)
}
