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

/// The same, which also asks the host at this address: where it is not the gateway, nothing else inside tells whether the
/// guest reaches it.
pub fn guest_script_to(os: Os, host: IpAddr) -> String {
    const OUTSIDE: &str = "1.1.1.1'";
    let script = guest_script(os);
    let Some((before, after)) = script.split_once(OUTSIDE) else {
        return script;
    };
    let Some((_, ping)) = before.rsplit_once('\'') else {
        return script;
    };
    let between = if os == Os::Windows { "," } else { " " };
    format!("{before}{host}'{between}'{ping}{OUTSIDE}{after}")
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
            let script = guest_script_to(os, host);
            assert!(script.contains(line), "{script}");
        }
    }
}
