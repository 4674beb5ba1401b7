//! Whole scans of a Mac with stand-ins for its tools.

use std::time::Duration;

use super::super::fake::{Fake, answers, cut, sample, unread};
use super::sources;
use crate::model::{Case, HypervisorId, Mode, PowerState, ServiceState, Sharing, StartMode};

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
        .file("/Library/Preferences/SystemConfiguration/com.apple.nat.plist", "binary")
        .tool(
            "plutil",
            "echo '<?xml version=\"1.0\"?><plist><dict><key>NAT</key><dict><key>Enabled</key><integer>1</integer>\
             <key>PrimaryInterface</key><dict><key>Device</key><string>en0</string></dict></dict></dict></plist>'",
        )
        .tool("launchctl", r#"printf '\tdisabled services = {\n\t\t"com.apple.bootpd" => disabled\n\t\t"com.apple.ftpd" => enabled\n\t}\n'"#)
        .tool(
            "utmctl",
            "if [ \"$1\" = list ]; then echo 'UUID                                 Status   Name'; \
             echo '0F3A9C1E-2B4D-4E6F-8A10-123456789ABC started  web 01'; \
             echo '0F3A9C1E-2B4D-4E6F-8A10-123456789ABD started  mute'; \
             echo '0F3A9C1E-2B4D-4E6F-8A10-123456789ABE stopped  off'; \
             elif [ \"$2\" = 0F3A9C1E-2B4D-4E6F-8A10-123456789ABC ]; then echo 192.168.64.7; \
             elif [ \"$2\" = 0F3A9C1E-2B4D-4E6F-8A10-123456789ABE ]; then echo 192.168.64.66; else sleep 20; fi",
        )
        .tool(
            "limactl",
            r#"echo '{"name":"default","status":"Running","vmType":"vz","sshLocalPort":60022,"network":[{"vzNAT":true,"macAddress":"52:55:55:12:34:56"}]}'"#,
        )
        .tool(
            "prlctl",
            r#"case "$*" in *-i*) echo '[{"ID":"6e5d","Name":"win11","State":"running","Hardware":{"net0":{"enabled":true,"type":"shared","mac":"001C42AABBCC"}}}]';;
               *) echo '[{"uuid":"{6e5d}","status":"running","ip_configured":"10.211.55.5","name":"win11"}]';; esac"#,
        )
        .tool(
            "VBoxManage",
            "case \"$*\" in --version) echo 7.1.4r165100;; *hostonlynets) cat \"${0%/tools/*}/answers/hostonlynets\";; \
             *'list vms') echo '\"web02\" {6f1c2b3a-1111-4222-8333-944455556666}';; *runningvms) :;; \
             showvminfo*) cat \"${0%/tools/*}/answers/showvminfo\";; *'list -l'*) :;; *) exit 1;; esac",
        )
        .file("/answers/hostonlynets", &sample("vbox_list_hostonlynets_macos.txt"))
        .file(
            "/answers/showvminfo",
            &sample("vbox_showvminfo_machinereadable_macos_hostonlynetwork.txt"),
        )
        .file("/vm/web01.vmwarevm/web01.vmx", &sample("vmware_vmx_network_lines.vmx"));
    let inventory = format!(
        "{}/Library/Application Support/VMware Fusion/vmInventory",
        std::env::var("HOME").unwrap_or_default()
    );
    let fake = fake.file(
        &inventory,
        "vmlist1.config = \"/vm/web01.vmwarevm/web01.vmx\"\nvmlist1.DisplayName = \"web01\"\n",
    );
    let fake = answers(
        fake,
        "vmrun",
        &[
            ("'-T fusion list'", "vmware_vmrun_list_linux.txt"),
            (
                "*getGuestIPAddress*web01.vmx",
                "vmware_vmrun_getGuestIPAddress_ok.txt",
            ),
        ],
    );
    let fake = answers(
        fake,
        "ifconfig",
        &[("-a", "macos_ifconfig_fusion13_vmnet_framework.txt")],
    );
    let fake = answers(
        fake,
        "networksetup",
        &[
            (
                "-listallhardwareports",
                "macos_networksetup_listallhardwareports.txt",
            ),
            (
                "-listnetworkserviceorder",
                "macos_networksetup_listnetworkserviceorder.txt",
            ),
        ],
    );
    let fake = answers(fake, "netstat", &[("-rn", "macos_netstat_rn_inet_fusion.txt")]);
    let fake = answers(fake, "arp", &[("-an", "macos_arp_an.txt")]);
    let fake = answers(
        fake,
        "scutil",
        &[
            ("--dns", "macos_scutil_dns_excerpt.txt"),
            ("--nwi", "macos_scutil_nwi_vpn.txt"),
            ("'--nc list'", "macos_scutil_nc_list.txt"),
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
    answers(
        fake,
        "multipass",
        &[
            ("list*", "multipass_list.json"),
            ("networks", "multipass_networks.txt"),
        ],
    )
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
    let card = parallels.machine("win11").map(|machine| machine.nics.as_slice());
    let card = card.and_then(|nics| nics.first()).expect("a card");
    assert_eq!(
        (card.mode, card.addresses.len(), card.mac.is_some()),
        (Mode::Nat, 1, true)
    );
    let utm = product(&case, HypervisorId::Utm);
    let told = |name: &str| {
        utm.machine(name)
            .map(|machine| machine.nics.iter().map(|nic| nic.addresses.len()).sum())
    };
    assert_eq!(
        (told("web 01"), told("mute"), told("off")),
        (Some(1_usize), Some(0), Some(0))
    );
    let mute = "addresses of a UTM machine (0F3A9C1E-2B4D-4E6F-8A10-123456789ABD)";
    assert!(unread(&case, mute).starts_with("timed out | utmctl ip-address"));
    let bootpd = host.service("com.apple.bootpd").expect("told by launchd");
    assert_eq!(bootpd.start, StartMode::Disabled);
    assert_eq!(
        host.service("Corp VPN").map(|vpn| vpn.state),
        Some(ServiceState::Running)
    );
    assert_eq!(
        host.adapter("en0").and_then(|adapter| adapter.sharing),
        Some(Sharing::Public)
    );
    let multipass = product(&case, HypervisorId::Multipass);
    assert_eq!(
        multipass.settings.get("bridgeable").map(String::as_str),
        Some("bridge0\nen0\nen7")
    );
    let fusion = product(&case, HypervisorId::VmwareFusion);
    assert!(
        fusion
            .machine("web01")
            .is_some_and(|machine| machine.nics.len() > 2),
        "{fusion:#?}"
    );
    assert!(
        fusion
            .machines
            .rows()
            .iter()
            .any(|machine| machine.state == PowerState::Running)
    );
    let virtualbox = product(&case, HypervisorId::VirtualBox);
    assert!(virtualbox.network("HostNetwork").is_some(), "{virtualbox:#?}");
    let machines = virtualbox.machines.rows().iter();
    assert!(
        machines.map(|machine| machine.nics.len()).sum::<usize>() > 0,
        "{virtualbox:#?}"
    );
    assert_eq!(cut(&case), Vec::<&str>::new());
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
    assert!(unread(&case, "machines (utmctl)").ends_with("| utmctl list"));
    assert!(!case.host.neighbors.rows().is_empty());
    assert_eq!(product(&case, HypervisorId::Lima).running, Some(true));
}
