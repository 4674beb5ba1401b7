//! Whole scans of a Mac with stand-ins for its tools.

use std::time::Duration;

use super::super::fake::{Fake, answers, sample, unread};
use super::sources;
use crate::model::{Case, HypervisorId};

fn mac() -> Fake {
    let fake = Fake::new()
        .file("/etc/hosts", "127.0.0.1 localhost\n192.168.64.4 web01\n")
        .file("/Applications/UTM.app/x", "")
        .file("/var/db/dhcpd_leases", &sample("macos_var_db_dhcpd_leases"))
        .file("/Library/Preferences/VMware Fusion/networking", &sample("vmware_fusion_networking"))
        .file("/Library/Preferences/VMware Fusion/vmnet8/nat.conf", &sample("vmware_fusion_nat.conf"))
        .file(
            "/var/db/vmware/vmnet-dhcpd-vmnet8.leases",
            &sample("macos_var_db_vmware_vmnet-dhcpd-vmnet8.leases"),
        )
        .tool("pfctl", "echo 'pfctl: /dev/pf: Permission denied' >&2; exit 1")
        .tool(
            "utmctl",
            "echo 'UUID                                 Status   Name'; \
             echo '0F3A9C1E-2B4D-4E6F-8A10-123456789ABC started  web 01'",
        )
        .tool(
            "limactl",
            r#"echo '{"name":"default","status":"Running","vmType":"vz","sshLocalPort":60022,"network":[{"vzNAT":true,"macAddress":"52:55:55:12:34:56"}]}'"#,
        )
        .tool(
            "prlctl",
            r#"echo '[{"uuid":"{6e5d}","status":"running","ip_configured":"10.211.55.5","name":"win11"}]'"#,
        );
    let fake = answers(
        fake,
        "ifconfig",
        &[("-a", "macos_ifconfig_fusion13_vmnet_framework.txt")],
    );
    let fake = answers(
        fake,
        "networksetup",
        &[("*", "macos_networksetup_listallhardwareports.txt")],
    );
    let fake = answers(fake, "netstat", &[("-rn", "macos_netstat_rn_inet_fusion.txt")]);
    let fake = answers(fake, "arp", &[("-an", "macos_arp_an.txt")]);
    let fake = answers(
        fake,
        "scutil",
        &[
            ("--dns", "macos_scutil_dns_excerpt.txt"),
            ("--nwi", "macos_scutil_nwi_vpn.txt"),
        ],
    );
    let fake = answers(
        fake,
        "socketfilterfw",
        &[
            ("--getglobalstate", "macos_socketfilterfw_getglobalstate_on.txt"),
            ("--listapps", "macos_socketfilterfw_listapps.txt"),
        ],
    );
    let fake = answers(
        fake,
        "prlsrvctl",
        &[
            ("'net list'", "macos_prlsrvctl_net_list.txt"),
            ("'net info Shared'", "macos_prlsrvctl_net_info_shared.txt"),
        ],
    );
    answers(fake, "multipass", &[("list*", "multipass_list.json")])
}

fn product(case: &Case, id: HypervisorId) -> &crate::model::Hypervisor {
    let found = case.hypervisors.iter().find(|hypervisor| hypervisor.id == id);
    found.unwrap_or_else(|| panic!("{id} is not in {:?}", case.hypervisors))
}

#[test]
fn a_whole_mac_is_read_in_time() {
    let (case, first, all) = mac().scan_of(sources());
    assert!(first < Duration::from_millis(1500), "first facts after {first:?}");
    assert!(all < Duration::from_millis(5000), "all facts after {all:?}");
    let host = &case.host;
    assert!(host.adapter("bridge100").is_some() && host.adapter("vmenet0").is_some());
    assert!(
        !host.routes.rows().is_empty() && !host.neighbors.rows().is_empty() && !host.dns.rows().is_empty()
    );
    let firewall = host.mac_firewall.value().expect("a firewall");
    assert_eq!(firewall.enabled, Some(true));
    assert!(unread(&case, "pf rules").ends_with("| sudo pfctl -s rules"));
    assert!(
        !product(&case, HypervisorId::VmwareFusion)
            .networks
            .rows()
            .is_empty()
    );
    let parallels = product(&case, HypervisorId::Parallels);
    assert!(
        parallels
            .network("Shared")
            .is_some_and(|network| network.segment.is_some())
    );
    assert!(
        parallels
            .machine("win11")
            .is_some_and(|machine| !machine.nics.is_empty())
    );
    assert!(product(&case, HypervisorId::Utm).machine("web 01").is_some());
    assert_eq!(product(&case, HypervisorId::Lima).running, Some(true));
    assert_eq!(product(&case, HypervisorId::Multipass).machines.rows().len(), 2);
    assert_eq!(Case::from_json(&case.to_json()).expect("opens"), case);
}

#[test]
fn tools_that_hang_or_rave_leave_the_rest() {
    let fake = mac()
        .tool("ifconfig", "sleep 20")
        .tool("netstat", "head -c 100000 /dev/urandom")
        .tool("prlsrvctl", "sleep 20")
        .tool("scutil", "exec yes")
        .tool("utmctl", "echo 'Error: not authorized' >&2; exit 1");
    let start = std::time::Instant::now();
    let case = fake.scan_all(sources());
    assert!(
        start.elapsed() < Duration::from_millis(5000),
        "{:?}",
        start.elapsed()
    );
    assert!(unread(&case, "adapters").starts_with("timed out | ifconfig"));
    assert!(unread(&case, "parallels").starts_with("timed out"));
    assert!(unread(&case, "machines of utmctl").ends_with("| utmctl list"));
    assert!(!case.host.neighbors.rows().is_empty());
    assert_eq!(product(&case, HypervisorId::Lima).running, Some(true));
}
