//! The lines to run inside a guest or on a remote hypervisor, whose output is made to be pasted.

use std::net::IpAddr;

use crate::model::{HypervisorId, Os};

/// One line for the shell of `os` that prints addresses, routes, neighbors, name servers, open ports and the results
/// of a few tests, each under the command that printed it. It changes nothing.
pub fn guest_script(os: Os) -> String {
    let text = match os {
        Os::Windows => include_str!("../../assets/guest-script/windows.txt"),
        Os::Macos => include_str!("../../assets/guest-script/macos.txt"),
        Os::Bsd => include_str!("../../assets/guest-script/bsd.txt"),
        Os::Linux | Os::Other => include_str!("../../assets/guest-script/linux.txt"),
    };
    text.trim_end().to_owned()
}

/// The same, which also asks these addresses: where they are not the gateway, nothing else inside tells whether the
/// machine reaches them.
pub fn guest_script_to(os: Os, others: &[IpAddr]) -> String {
    let mut script = guest_script(os);
    for other in others {
        // The last one asked stands right before the outside, so that they stay in their order.
        script = with_ping(&script, os, *other).unwrap_or(script);
    }
    script
}

fn with_ping(script: &str, os: Os, other: IpAddr) -> Option<String> {
    const OUTSIDE: &str = "1.1.1.1'";
    let (before, after) = script.split_once(OUTSIDE)?;
    let (_, ping) = before.rsplit_once('\'')?;
    let between = if os == Os::Windows { "," } else { " " };
    (!OUTSIDE.starts_with(&other.to_string()))
        .then(|| format!("{before}{other}'{between}'{ping}{OUTSIDE}{after}"))
}

/// Whether a text was printed by a line of several commands: the headlines of some of them stand in it, whatever came of
/// the commands.
pub fn is_printed_by(line: &str, text: &str) -> bool {
    let own = headlines(text).filter(|headline| line.contains(command_in(headline)));
    own.take(3).count() == 3
}

/// A headline as it stands in the line: what is common to all of ESXi's is written there once.
fn command_in(headline: &str) -> &str {
    headline.strip_prefix("esxcli network ").unwrap_or(headline)
}

/// One line for the shell of a remote hypervisor that prints its switches, port groups, own addresses, physical cards and
/// machines, each under the command that printed it; `None` for products that run on the host itself. It changes nothing.
pub fn hypervisor_script(id: HypervisorId) -> Option<String> {
    let text = match id {
        HypervisorId::Esxi => include_str!("../../assets/hypervisor-script/esxi.txt"),
        _ => return None,
    };
    Some(text.trim_end().to_owned())
}

/// Whether what was printed asked every address that this script asks.
pub fn asked_the_same(script: &str, text: &str) -> bool {
    let address = |command: &str| -> Option<IpAddr> {
        let words = command.strip_prefix("ping ")?;
        words.rsplit(' ').next()?.parse().ok()
    };
    script
        .split('\'')
        .filter_map(address)
        .all(|wanted| headlines(text).filter_map(address).any(|asked| asked == wanted))
}

/// The commands over what each of them printed.
fn headlines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("$ ").or_else(|| line.strip_prefix("C:\\> ")))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_asked_where_its_address_is_known() {
        let host = IpAddr::from([192, 168, 220, 1]);
        for (os, line) in [
            (
                Os::Linux,
                "'ping -c 2 -W 1 192.168.220.1' 'ping -c 2 -W 1 1.1.1.1'",
            ),
            (
                Os::Macos,
                "'ping -c 2 -t 3 192.168.220.1' 'ping -c 2 -t 3 1.1.1.1'",
            ),
            (Os::Bsd, "'ping -c 2 -t 3 192.168.220.1' 'ping -c 2 -t 3 1.1.1.1'"),
            (Os::Windows, "'ping -n 2 192.168.220.1','ping -n 2 1.1.1.1'"),
        ] {
            let script = guest_script_to(os, &[host]);
            assert!(script.contains(line), "{script}");
        }
        let outside = IpAddr::from([1, 1, 1, 1]);
        assert_eq!(guest_script_to(Os::Linux, &[outside]), guest_script(Os::Linux));
        let two = guest_script_to(Os::Linux, &[host, IpAddr::from([10, 9, 0, 5])]);
        assert!(
            two.contains("'ping -c 2 -W 1 192.168.220.1' 'ping -c 2 -W 1 10.9.0.5' 'ping -c 2 -W 1 1.1.1.1'"),
            "{two}"
        );
    }

    #[test]
    fn what_the_script_printed_is_known_by_its_headlines() {
        let linux = guest_script(Os::Linux);
        let printed = "$ ip addr\nexit status 127\n$ ip route\nexit status 127\n$ ip neigh\n";
        assert!(is_printed_by(&linux, printed));
        let windows = "C:\\> ipconfig /all\r\n\r\nC:\\> route print -4\r\nC:\\> arp -a\r\n";
        assert!(is_printed_by(&guest_script(Os::Windows), windows));
        assert!(!is_printed_by(&linux, windows));
        assert!(!is_printed_by(
            &linux,
            "$ ip addr\n1: lo: <LOOPBACK>\n$ ip route\n"
        ));
        assert!(!is_printed_by(&linux, ""));
        let esxi = hypervisor_script(HypervisorId::Esxi).expect("a line");
        let printed =
            "$ esxcli network vswitch standard list\n$ esxcli network nic list\n$ vim-cmd vmsvc/getallvms\n";
        assert!(is_printed_by(&esxi, printed));
        let script = guest_script_to(Os::Linux, &[IpAddr::from([10, 9, 0, 5])]);
        let outside = "$ ping -c 2 -W 1 1.1.1.1\nexit status 1\n";
        assert!(!asked_the_same(&script, outside));
        assert!(asked_the_same(
            &script,
            &format!("{outside}$ ping -c 2 -W 1 10.9.0.5\n")
        ));
    }
}
