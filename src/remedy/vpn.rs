//! What VPN programs call "local networks may be reached".

use super::fix::Fix;
use super::{Remedy, Risk, Shell};
use crate::model::{Message, Os};

/// A VPN program with a command line of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vpn {
    /// Tailscale, with another machine as its way out.
    Tailscale,
    /// Mullvad.
    Mullvad,
    /// NordVPN; its command line is there on Linux alone.
    NordVpn,
}

impl Vpn {
    /// Every program.
    pub const ALL: [Self; 3] = [Self::Tailscale, Self::Mullvad, Self::NordVpn];

    /// The program whose name stands in a word: an adapter, a table, a process.
    pub fn of(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        if word.contains("tailscale") || word.starts_with("ts-") {
            Some(Self::Tailscale)
        } else if word.contains("mullvad") {
            Some(Self::Mullvad)
        } else if word.contains("nord") {
            Some(Self::NordVpn)
        } else {
            None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tailscale => "Tailscale",
            Self::Mullvad => "Mullvad",
            Self::NordVpn => "NordVPN",
        }
    }

    /// Lets local networks be reached while it is up, where its command line can be told so.
    pub fn allow_local(self, os: Os) -> Option<Remedy> {
        let (tool, on, off, show) = match self {
            Self::Tailscale => (
                "tailscale",
                "set --exit-node-allow-lan-access=true",
                "set --exit-node-allow-lan-access=false",
                "debug prefs",
            ),
            Self::Mullvad => ("mullvad", "lan set allow", "lan set block", "lan get"),
            Self::NordVpn if os == Os::Linux => (
                "nordvpn",
                "set lan-discovery enable",
                "set lan-discovery disable",
                "settings",
            ),
            Self::NordVpn => return None,
        };
        let admin = self == Self::Tailscale;
        let (shell, by) = match os {
            Os::Windows => (Shell::Powershell, ""),
            _ if admin => (Shell::Sh, "sudo "),
            _ => (Shell::Sh, ""),
        };
        let effect = Message::new("remedy-vpn-local-effect").with("vpn", self.name());
        let fix = Fix::host("remedy-vpn-local-title", effect, Risk::Medium);
        Some(fix.in_shell(
            os,
            shell,
            admin,
            (
                format!("{by}{tool} {on}"),
                format!("{by}{tool} {off}"),
                format!("{tool} {show}"),
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_what_they_leave_on_the_host() {
        for (word, vpn) in [
            ("tailscale0", Some(Vpn::Tailscale)),
            ("ts-input", Some(Vpn::Tailscale)),
            ("wg0-mullvad", Some(Vpn::Mullvad)),
            ("nordlynx", Some(Vpn::NordVpn)),
            ("wg0", None),
        ] {
            assert_eq!(Vpn::of(word), vpn, "{word}");
        }
        assert!(Vpn::NordVpn.allow_local(Os::Windows).is_none());
    }
}
