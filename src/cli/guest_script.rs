//! `guest-script`: the line to run inside a guest, whose output is pasted back.

use super::arguments::GuestScriptOptions;
use super::{FINE, Refusal, output};
use crate::locale::Language;
use crate::model::Os;

pub(super) fn run(options: &GuestScriptOptions, _language: Language) -> Result<u8, Refusal> {
    output::answer(line(options.guest_os));
    Ok(FINE)
}

/// One line that prints addresses, routes, neighbors, names and open ports of a guest, changes nothing, and needs
/// no rights. Each part is announced by its command, so that what was pasted can be taken apart again.
pub(super) fn line(os: Os) -> &'static str {
    match os {
        Os::Windows => {
            "cmd /c \"ipconfig /all & route print & arp -a & netsh advfirewall show allprofiles & netstat -ano\""
        }
        Os::Macos => "ifconfig -a; netstat -rn; arp -an; scutil --dns",
        Os::Bsd => "ifconfig -a; netstat -rn; arp -an; cat /etc/resolv.conf",
        // BusyBox has `ip`, and `ifconfig` where it has none.
        Os::Linux | Os::Other => {
            "(ip addr && ip route && ip neigh) 2>/dev/null || (ifconfig -a; route -n; arp -an); cat /etc/resolv.conf"
        }
    }
}
