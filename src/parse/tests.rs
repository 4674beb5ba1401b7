//! Whole texts through [`super::absorb`]: every sample of the formats of this room, mixed pastes, and noise.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::model::{Fact, ProbeResult, ServiceState, StartMode, System};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples")
}

fn sample(name: &str) -> String {
    decode(&std::fs::read(samples().join(name)).expect("the sample is there"))
}

fn absorbed_on(on: Place, command: &str, text: &str) -> Case {
    let mut case = Case::default();
    let output = Output {
        on,
        command: command.to_owned(),
        text: text.to_owned(),
    };
    absorb(&mut case, &output);
    case
}

fn absorbed(command: &str, text: &str) -> Case {
    absorbed_on(Place::Guest, command, text)
}

/// Samples of this room's formats, and the commands that printed them.
const SAMPLES: &[(&str, &str)] = &[
    ("guest_busybox_ifconfig_vbox_nat.txt", "ifconfig"),
    ("guest_busybox_ifconfig_vmware_nat.txt", "ifconfig"),
    ("guest_busybox_ip_addr_vbox_nat.txt", "ip addr"),
    ("guest_busybox_ip_addr_vmware_nat.txt", "ip addr"),
    ("guest_busybox_route_n_vbox_nat.txt", "route -n"),
    ("guest_busybox_route_n_vmware_nat.txt", "route -n"),
    ("guest_freebsd_arp_an.txt", "arp -an"),
    ("guest_freebsd_ifconfig_vmware.txt", "ifconfig"),
    ("guest_freebsd_netstat_rn.txt", "netstat -rn"),
    ("guest_linux_apipa_no_dhcp.txt", ""),
    ("guest_linux_link_down_no_ip.txt", ""),
    (
        "guest_linux_vbox_nat.txt",
        "ip addr; ip route; cat /etc/resolv.conf",
    ),
    ("guest_linux_vbox_nat_ip_j_addr.json", "ip -j addr"),
    ("guest_linux_vmware_nat.txt", ""),
    ("guest_linux_vmware_nat_ip_j_addr.json", "ip -j addr"),
    ("guest_windows_ipconfig_all_vmware_nat.txt", "ipconfig /all"),
    ("linux_host_bridge_j_fdb.json", "bridge -j fdb"),
    ("linux_host_bridge_j_link.json", "bridge -j link"),
    ("linux_host_ip_addr.txt", "ip addr"),
    ("linux_host_ip_j_addr.json", "ip -j addr"),
    ("linux_host_ip_j_d_addr.json", "ip -j -d addr"),
    ("linux_host_ip_j_link_bridge.json", "ip -j link show type bridge"),
    ("linux_host_ip_j_neigh.json", "ip -j neigh"),
    ("linux_host_ip_j_route.json", "ip -j route"),
    (
        "linux_host_ip_j_route_get_ok.json",
        "ip -j route get 192.168.56.101",
    ),
    (
        "linux_host_ip_j_route_get_vpn_hijack.json",
        "ip -j route get 192.168.122.47",
    ),
    (
        "linux_host_ip_j_route_table_all.json",
        "ip -j route show table all",
    ),
    ("linux_host_ip_j_rule.json", "ip -j rule"),
    ("linux_host_ip_neigh.txt", "ip neigh"),
    ("linux_host_ip_route_get_default.txt", "ip route get 192.168.77.3"),
    ("linux_host_ip_route_table_all.txt", "ip route show table all"),
    ("linux_host_ip_rule.txt", "ip rule"),
    ("linux_host_nmcli_device_status.txt", "nmcli device status"),
    (
        "linux_host_nmcli_t_device.txt",
        "nmcli -t -f DEVICE,TYPE,STATE,CONNECTION device",
    ),
    (
        "linux_host_sysctl.txt",
        "sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter",
    ),
    ("linux_ping_iputils_variants.txt", "ping -c1"),
    ("macos_arp_a_names.txt", "arp -a"),
    ("macos_arp_an.txt", "arp -an"),
    ("macos_ifconfig_fusion13_vmnet_framework.txt", "ifconfig"),
    ("macos_ifconfig_legacy_vmnet_vboxnet_vnic.txt", "ifconfig"),
    ("macos_ifconfig_utm_shared.txt", "ifconfig"),
    ("macos_netstat_rn_inet_fusion.txt", "netstat -rn -f inet"),
    (
        "macos_netstat_rn_inet_vpn_full_tunnel_and_hijack.txt",
        "netstat -rn -f inet",
    ),
    (
        "macos_networksetup_listallhardwareports.txt",
        "networksetup -listallhardwareports",
    ),
    (
        "macos_networksetup_listnetworkserviceorder.txt",
        "networksetup -listnetworkserviceorder",
    ),
    (
        "macos_pfctl_internet_sharing_nat.txt",
        "sudo pfctl -a com.apple.internet-sharing/shared_v4 -s nat",
    ),
    ("macos_pfctl_s_info.txt", "sudo pfctl -s info"),
    ("macos_pfctl_s_rules_blocking.txt", "sudo pfctl -s rules"),
    ("macos_pfctl_s_rules_default.txt", "sudo pfctl -s rules"),
    ("macos_pfctl_s_rules_default_stderr.txt", "sudo pfctl -s rules"),
    (
        "macos_ping_no_route_local_network_privacy.txt",
        "ping -c 2 192.168.64.4",
    ),
    ("macos_ping_ok.txt", "ping -c 2 172.16.160.128"),
    ("macos_route_n_get_ok.txt", "route -n get 172.16.160.128"),
    ("macos_route_n_get_via_vpn.txt", "route -n get 172.16.160.128"),
    ("macos_scutil_dns_excerpt.txt", "scutil --dns"),
    ("macos_scutil_nc_list.txt", "scutil --nc list"),
    ("macos_scutil_nwi.txt", "scutil --nwi"),
    ("macos_scutil_nwi_vpn.txt", "scutil --nwi"),
    (
        "macos_socketfilterfw_getblockall_variants.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getblockall",
    ),
    (
        "macos_socketfilterfw_getglobalstate_block_all.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate",
    ),
    (
        "macos_socketfilterfw_getglobalstate_off.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate",
    ),
    (
        "macos_socketfilterfw_getglobalstate_on.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate",
    ),
    (
        "macos_socketfilterfw_getstealthmode_variants.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --getstealthmode",
    ),
    (
        "macos_socketfilterfw_listapps.txt",
        "/usr/libexec/ApplicationFirewall/socketfilterfw --listapps",
    ),
    ("win_arp_a_en.txt", "arp -a"),
    ("win_arp_a_zh.txt", "arp -a"),
    ("win_arp_a_zh_cp936.txt", "arp -a"),
    (
        "win_get-netadapter_select.json",
        "Get-NetAdapter -IncludeHidden | Select-Object Name | ConvertTo-Json",
    ),
    (
        "win_get-netadapter_single_object.json",
        "Get-NetAdapter | ConvertTo-Json",
    ),
    ("win_get-netadapter_table.txt", "Get-NetAdapter"),
    (
        "win_get-netadapter_utf16le_bom.json",
        "Get-NetAdapter | ConvertTo-Json",
    ),
    (
        "win_get-netconnectionprofile.json",
        "Get-NetConnectionProfile | ConvertTo-Json",
    ),
    ("win_get-netconnectionprofile.txt", "Get-NetConnectionProfile"),
    ("win_get-netfirewallprofile.txt", "Get-NetFirewallProfile"),
    (
        "win_get-netfirewallprofile_select.json",
        "Get-NetFirewallProfile | ConvertTo-Json",
    ),
    (
        "win_get-netfirewallrule_icmp.json",
        "Get-NetFirewallRule | ConvertTo-Json",
    ),
    ("win_get-netipconfiguration.txt", "Get-NetIPConfiguration"),
    (
        "win_get-netipinterface_select.json",
        "Get-NetIPInterface | ConvertTo-Json",
    ),
    ("win_get-netipinterface_table.txt", "Get-NetIPInterface"),
    (
        "win_get-netneighbor_select.json",
        "Get-NetNeighbor | ConvertTo-Json",
    ),
    ("win_get-netneighbor_table.txt", "Get-NetNeighbor"),
    ("win_get-netroute_select.json", "Get-NetRoute | ConvertTo-Json"),
    ("win_get-netroute_table.txt", "Get-NetRoute"),
    ("win_get-service_vm_select.json", "Get-Service | ConvertTo-Json"),
    ("win_ipconfig_all_de.txt", "ipconfig /all"),
    ("win_ipconfig_all_de_cp850.txt", "ipconfig /all"),
    ("win_ipconfig_all_en.txt", "ipconfig /all"),
    ("win_ipconfig_all_en_vmnet8_apipa.txt", "ipconfig /all"),
    ("win_ipconfig_all_zh.txt", "ipconfig /all"),
    ("win_ipconfig_all_zh_apipa.txt", "ipconfig /all"),
    ("win_ipconfig_all_zh_cp936.txt", "ipconfig /all"),
    (
        "win_netsh_advfirewall_allprofiles_en.txt",
        "netsh advfirewall show allprofiles",
    ),
    (
        "win_netsh_advfirewall_allprofiles_en_public_off.txt",
        "netsh advfirewall show allprofiles",
    ),
    (
        "win_netsh_advfirewall_allprofiles_zh_reconstructed.txt",
        "netsh advfirewall show allprofiles",
    ),
    (
        "win_netsh_portproxy_v4tov4.txt",
        "netsh interface portproxy show v4tov4",
    ),
    ("win_ping_de_ok.txt", "ping -n 2 192.168.170.128"),
    ("win_ping_en_general_failure.txt", "ping -n 2 192.168.213.128"),
    ("win_ping_en_ok.txt", "ping -n 2 192.168.213.128"),
    ("win_ping_en_timeout.txt", "ping -n 2 192.168.213.128"),
    ("win_ping_en_unreachable_local.txt", "ping -n 2 192.168.213.140"),
    ("win_ping_zh_ok.txt", "ping -n 2 192.168.124.128"),
    ("win_ping_zh_timeout.txt", "ping -n 2 192.168.124.128"),
    ("win_ping_zh_unreachable_local.txt", "ping -n 2 192.168.124.140"),
    ("vmware_linux_lsmod_ok.txt", "lsmod"),
    (
        "win_reg_query_internet_settings.txt",
        r#"reg query "HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings""#,
    ),
    ("win_route_print_de_reconstructed.txt", "route print"),
    ("win_route_print_en.txt", "route print"),
    ("win_route_print_zh.txt", "route print"),
    (
        "win_sc_query_not_installed.txt",
        "sc query \"VMware NAT Service\"",
    ),
    ("win_sc_query_vmnetdhcp.txt", "sc query VMnetDHCP"),
    ("win_sc_query_vmware_nat.txt", "sc query \"VMware NAT Service\""),
    ("wsl_guest_nat_ip_addr_route.txt", "ip addr; ip route"),
];

#[test]
fn every_sample_reads_as_it_did() {
    insta::with_settings!({
        snapshot_path => "../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for (file, command) in SAMPLES {
            let case = absorbed_on(Place::Host, command, &sample(file));
            let shown = serde_json::json!({
                "command": command,
                "host": case.host,
                "probes": case.probes,
                "unread": case.unread,
            });
            insta::assert_json_snapshot!(file.replace('.', "_"), shown);
        }
    });
}

/// Every sample is read by one of the tests that keep what was read: here, of the hypervisors, of the packet filters.
#[test]
fn every_sample_has_what_it_says_written_down() {
    let tests = [
        include_str!("tests.rs"),
        include_str!("hypervisor/tests.rs"),
        include_str!("filter/tests.rs"),
    ];
    let files = std::fs::read_dir(samples()).expect("the samples are there");
    let names = files.map(|file| file.expect("readable").file_name().to_string_lossy().into_owned());
    let forgotten: Vec<String> = names
        .filter(|name| name != "README.md")
        .filter(|name| !tests.iter().any(|text| text.contains(&format!("\"{name}\""))))
        .collect();
    assert_eq!(forgotten, Vec::<String>::new());
}

/// What real tools printed from beginning to end is never taken for cut.
#[test]
fn every_sample_counts_as_whole() {
    // Excerpts, and texts whose end was not kept.
    const CUT: [&str; 0] = [];
    let doubted = |file: &str, command: &str| {
        let case = Case {
            outputs: vec![Output {
                on: Place::Host,
                command: command.to_owned(),
                text: sample(file),
            }],
            ..Case::default()
        };
        crate::parse::resolve(&case).doubt.is_some()
    };
    let cut: Vec<&str> = SAMPLES
        .iter()
        .filter(|(file, command)| doubted(file, command))
        .map(|(file, _)| *file)
        .collect();
    assert_eq!(cut, CUT);
}

/// The same of what a scan reads of hypervisors and packet filters; half of a list never does.
#[test]
fn what_tools_of_ours_print_counts_as_whole() {
    let lists = [
        ("iptables-save -c", "linux_host_iptables-save_libvirt.txt", true),
        ("iptables-save -c", "linux_host_iptables-save_ufw.txt", true),
        ("ip6tables-save -c", "linux_host_ip6tables-save_libvirt.txt", true),
        (
            "nft -j list ruleset",
            "linux_host_nft_j_list_ruleset_libvirt.json",
            true,
        ),
        (
            "VBoxManage list -l hostonlyifs",
            "vbox_list_hostonlyifs_windows.txt",
            true,
        ),
        (
            "VBoxManage list -l bridgedifs",
            "vbox_list_bridgedifs_macos.txt",
            true,
        ),
        ("VBoxManage list -l natnets", "vbox_list_natnets_7x.txt", true),
        ("VBoxManage list -l natnets", "vbox_list_natnets_5x.txt", false),
        ("VBoxManage list -l intnets", "vbox_list_intnets.txt", false),
        (
            "VBoxManage list -l dhcpservers",
            "vbox_list_dhcpservers_7x.txt",
            false,
        ),
        (
            "VBoxManage list -l hostonlynets",
            "vbox_list_hostonlynets_macos.txt",
            false,
        ),
        ("VBoxManage list vms", "vbox_list_vms.txt", true),
        (
            "VBoxManage showvminfo x --machinereadable",
            "vbox_showvminfo_machinereadable_7x.txt",
            true,
        ),
        ("virsh net-list --all", "libvirt_virsh_net-list_all.txt", true),
        (
            "virsh net-dumpxml default",
            "libvirt_net-dumpxml_default_nat.xml",
            true,
        ),
        ("vmrun -T ws list", "vmware_vmrun_list_linux.txt", true),
        ("vmrun -T ws list", "vmware_vmrun_list_none.txt", false),
        ("wsl -l -v", "win_wsl_l_v_utf16le.txt", true),
        ("Get-VMSwitch", "win_get-vmswitch_select.json", true),
    ];
    for (command, file, shows_a_cut) in lists {
        let text = sample(file);
        assert_eq!(heard(command, &text), Heard::All, "{command} {file}");
        let middle = (text.len() / 2..).find(|at| text.is_char_boundary(*at) && !text[..*at].ends_with('\n'));
        let half = &text[..middle.expect("a middle")];
        let cut = matches!(heard(command, half), Heard::Part(_));
        assert!(cut || !shows_a_cut, "{command} {file}");
    }
    assert_eq!(heard("VBoxManage list -l hostonlyifs", ""), Heard::All);
    assert_eq!(heard("ifconfig -a", ""), Heard::Nothing);
}

fn probes(case: &Case) -> Vec<String> {
    case.probes
        .iter()
        .map(|probe| {
            let to = probe
                .to
                .map(|to| to.to_string())
                .or(probe.name.clone())
                .unwrap_or_default();
            let what = match &probe.result {
                ProbeResult::Echo(echo) => {
                    let errors: Vec<String> = echo
                        .errors
                        .iter()
                        .map(|error| {
                            let by = error.by.map(|by| format!(" by {by}")).unwrap_or_default();
                            format!(" {:?}{by} x{}", error.kind, error.count)
                        })
                        .collect();
                    format!("echo {}/{}{}", echo.received, echo.sent, errors.concat())
                }
                ProbeResult::Tcp { port, outcome, .. } => format!("tcp {port} {outcome:?}"),
                ProbeResult::Neighbor(check) => format!("neighbor {:?} {:?}", check.answered, check.macs),
                ProbeResult::PathMtu(mtu) => format!("mtu {:?} {:?} {:?}", mtu.passed, mtu.failed, mtu.told),
                ProbeResult::Name(name) => {
                    let server = name
                        .server
                        .map(|server| format!(" at {server}"))
                        .unwrap_or_default();
                    format!("name {:?}{server} {:?}", name.outcome, name.addresses)
                }
                ProbeResult::Trace { hops, reached } => format!("trace {} {reached}", hops.len()),
                ProbeResult::Dhcp { address, server } => format!("dhcp {address:?} {server:?}"),
            };
            format!("{to}: {what}")
        })
        .collect()
}

/// What a test command and its output are worth.
#[track_caller]
fn says(command: &str, text: &str, expected: &[&str]) {
    assert_eq!(probes(&absorbed(command, text)), expected, "{command}\n{text}");
}

fn names(system: &System) -> Vec<&str> {
    system
        .adapters
        .rows()
        .iter()
        .map(|adapter| adapter.name.as_str())
        .collect()
}

#[test]
fn an_unknown_command_is_kept_as_unread() {
    let case = absorbed("frobnicate --all", "some words\nthat mean nothing\n");
    assert_eq!(case.unread.len(), 1);
    assert_eq!(case.unread[0].what, "frobnicate --all");
    assert_eq!(case.unread[0].why, "not understood");
    assert_eq!(absorbed("", "hello there").unread[0].what, "pasted text");
}

#[test]
fn errors_instead_of_an_answer_are_unread_for_their_reason() {
    for (command, text, why) in [
        ("ip addr", "bash: ip: command not found", "tool missing"),
        ("ip addr", "-sh: ip: not found", "tool missing"),
        (
            "ipconfig /all",
            "'ipconfig' 不是内部或外部命令，也不是可运行的程序\n或批处理文件。",
            "tool missing",
        ),
        (
            "pfctl -s rules",
            "pfctl: /dev/pf: Permission denied",
            "needs root",
        ),
        ("arp -a", "", "printed nothing"),
        ("ip addr", "  \n", "printed nothing"),
        (
            "cat /etc/resolv.conf",
            "cat: /etc/resolv.conf: No such file or directory",
            "tool missing",
        ),
    ] {
        let case = absorbed(command, text);
        if command == "arp -a" {
            assert!(case.guest.neighbors.is_known(), "an empty table is an answer");
            continue;
        }
        assert_eq!(case.unread.len(), 1, "{command}: {:?}", case.unread);
        assert_eq!(case.unread[0].why, why, "{command}");
        assert_eq!(case.guest.adapters, Fact::default(), "{command}");
    }
    assert_eq!(
        absorbed("pfctl -s rules", "pfctl: /dev/pf: Permission denied").unread[0].how,
        "sudo pfctl -s rules"
    );
}

#[test]
fn a_paste_is_cut_at_its_prompts_whatever_shell_it_came_from() {
    let address = "2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500\n    link/ether 52:54:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    inet 10.0.0.5/24 scope global eth0\n";
    let route = "default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n";
    for (first, second) in [
        ("$ ip addr", "$ ip route"),
        ("user@vm:~$ ip addr", "user@vm:~$ ip route"),
        ("[root@vm ~]# ip a", "[root@vm ~]# ip r"),
        (
            "root@vm:/etc/netplan# ip address show",
            "root@vm:/etc/netplan# ip route show",
        ),
        ("# ip addr", "# ip route"),
        ("~ # ip addr", "~ # ip route"),
        ("me@mac ~ % ip addr", "me@mac ~ % ip route"),
        ("(base) user@vm:~$ sudo /sbin/ip addr", "(base) user@vm:~$ ip ro"),
        ("❯ ip addr", "❯ ip route"),
    ] {
        let case = absorbed("", &format!("{first}\n{address}{second}\n{route}user@vm:~$ \n"));
        assert_eq!(names(&case.guest), ["eth0"], "{first}");
        assert_eq!(case.guest.routes.rows().len(), 2, "{first}");
        assert!(case.unread.is_empty(), "{first}: {:?}", case.unread);
    }
    let windows = format!(
        "C:\\Users\\me>ipconfig /all\n{}\nC:\\Users\\me>ping 192.168.213.128\n{}\nPS C:\\Users\\me> arp -a\n{}\nPS C:\\Users\\me>",
        sample("win_ipconfig_all_en.txt"),
        sample("win_ping_en_timeout.txt"),
        sample("win_arp_a_en.txt")
    );
    let case = absorbed("", &windows);
    assert_eq!(case.guest.adapters.rows().len(), 8);
    assert_eq!(probes(&case), ["192.168.213.128: echo 0/2"]);
    // `arp -a` names adapters by address; `ipconfig` told their names.
    let neighbor = case
        .guest
        .neighbors
        .rows()
        .iter()
        .find(|row| row.address.to_string() == "192.168.213.128");
    assert_eq!(
        neighbor.and_then(|row| row.adapter.as_deref()),
        Some("VMware Network Adapter VMnet8")
    );
    assert_eq!(case.guest.neighbors.source(), "arp -a");
}

#[test]
fn a_paste_without_commands_is_cut_by_its_shapes() {
    let text = [
        "Hi, this is what I get:".to_owned(),
        sample("linux_host_ip_addr.txt"),
        sample("linux_host_ip_neigh.txt"),
        sample("linux_host_ip_rule.txt"),
        sample("linux_host_ip_route_table_all.txt"),
        sample("linux_host_sysctl.txt"),
        sample("macos_ping_ok.txt"),
    ]
    .join("\n");
    let case = absorbed("", &text);
    assert_eq!(case.guest.adapters.rows().len(), 11);
    assert_eq!(case.guest.neighbors.rows().len(), 9);
    assert_eq!(case.guest.rules.rows().len(), 6);
    assert!(case.guest.routes.rows().len() > 30);
    assert_eq!(case.guest.switch("net.ipv4.ip_forward"), Some("0"));
    assert_eq!(probes(&case), ["172.16.160.128: echo 2/2"]);
    assert!(case.unread.is_empty(), "{:?}", case.unread);

    let text = [
        sample("linux_host_ip_j_addr.json"),
        sample("linux_host_ip_j_route.json"),
        sample("linux_host_ip_j_rule.json"),
        sample("linux_host_ip_j_neigh.json"),
        sample("linux_host_bridge_j_link.json"),
    ]
    .join("\n");
    for command in [
        "",
        "ip -j addr; ip -j route; ip -j rule; ip -j neigh; bridge -j link",
    ] {
        let case = absorbed(command, &text);
        assert_eq!(case.guest.adapters.rows().len(), 11, "{command}");
        assert_eq!(case.guest.routes.rows().len(), 9, "{command}");
        assert_eq!(case.guest.rules.rows().len(), 6, "{command}");
        assert_eq!(case.guest.neighbors.rows().len(), 9, "{command}");
        let port = case
            .guest
            .adapter("vnet0")
            .and_then(|adapter| adapter.port_state.as_deref());
        assert_eq!(port, Some("forwarding"), "{command}");
    }
    let text = [
        sample("win_ipconfig_all_zh.txt"),
        sample("win_route_print_zh.txt"),
        sample("win_arp_a_zh.txt"),
        sample("win_ping_zh_unreachable_local.txt"),
        sample("win_netsh_advfirewall_allprofiles_zh_reconstructed.txt"),
    ]
    .join("\r\n");
    let case = absorbed("", &text);
    assert!(
        case.guest.adapter("VMware Network Adapter VMnet8").is_some(),
        "{:?}",
        names(&case.guest)
    );
    assert!(case.guest.routes.rows().len() > 20);
    assert_eq!(case.guest.neighbors.rows().len(), 15);
    assert_eq!(
        probes(&case),
        ["192.168.124.140: echo 0/2 HostUnreachable by 192.168.124.1 x2"]
    );
    assert_eq!(
        case.guest
            .firewall
            .value()
            .map(|firewall| firewall.profiles.len()),
        Some(3)
    );
}

#[test]
fn wrapped_and_half_pasted_text_gives_what_is_there() {
    let wrapped = "2: ens33: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP\ngroup default qlen 1000\n    link/ether 00:0c:29:3f:5a:7b brd\nff:ff:ff:ff:ff:ff\n    inet 172.16.160.128/24 brd 172.16.160.255 scope global dynamic\nnoprefixroute ens33\ndefault via 172.16.160.2 dev ens33 proto dhcp src\n172.16.160.128 metric 100\n172.16.160.0/24 dev ens33 proto kernel scope link src 172.16.160.128\n";
    let case = absorbed("", wrapped);
    let adapter = case.guest.adapter("ens33").expect("it is there");
    assert_eq!(
        adapter.main_ipv4().map(|net| net.to_string()).as_deref(),
        Some("172.16.160.128/24")
    );
    assert_eq!(case.guest.routes.rows().len(), 2);
    assert_eq!(case.guest.routes.rows()[0].metric, Some(100));

    // The head is missing: nobody knows whose addresses the first lines are.
    let half = &sample("linux_host_ip_addr.txt")[620..];
    assert!(!names(&absorbed("ip addr", half).guest).contains(&"enp3s0"));
    let json = sample("linux_host_ip_j_addr.json");
    let case = absorbed("ip -j addr", &json[..json.len() / 2]);
    assert!(case.guest.adapters.rows().len() >= 4);
    assert_eq!(case.unread[0].why, "cut off");
}

#[test]
fn what_is_later_holds_and_the_rest_stays() {
    let mut case = Case::default();
    let mut then = |command: &str, text: &str| {
        absorb(
            &mut case,
            &Output {
                on: Place::Host,
                command: command.to_owned(),
                text: text.to_owned(),
            },
        );
    };
    then("ip addr", &sample("linux_host_ip_addr.txt"));
    then(
        "ip route show table all",
        &sample("linux_host_ip_route_table_all.txt"),
    );
    then("ip -j -d link", &sample("linux_host_ip_j_d_addr.json"));
    then(
        "ip route",
        "default via 192.168.1.254 dev enp3s0\n192.168.1.0/24 dev enp3s0 scope link\n",
    );
    then(
        "ip -4 addr show dev vmnet8",
        "5: vmnet8: <BROADCAST,UP,LOWER_UP> mtu 1400\n    inet 172.16.161.1/24 scope global vmnet8\n",
    );
    then("ip neigh", &sample("linux_host_ip_neigh.txt"));
    then(
        "ip neigh show dev vmnet8",
        "172.16.160.128 lladdr 00:0c:29:3f:5a:7b REACHABLE\n",
    );
    then(
        "ip route get 192.168.9.9",
        "RTNETLINK answers: Network is unreachable\n",
    );
    then("ip route | grep 10.9", "10.9.0.0/16 dev tun0 scope link\n");
    let host = &case.host;
    assert_eq!(host.adapters.rows().len(), 11);
    let vmnet8 = host.adapter("vmnet8").expect("it is there");
    assert_eq!(vmnet8.mtu, Some(1400));
    let nets: Vec<String> = vmnet8.nets().map(|net| net.to_string()).collect();
    assert_eq!(nets, ["172.16.161.1/24", "fe80::250:56ff:fec0:8/64"]);
    assert_eq!(
        host.adapter("macvtap0").and_then(|a| a.lower_mode.as_deref()),
        Some("bridge")
    );
    let main = host
        .routes
        .rows()
        .iter()
        .filter(|row| row.table.is_none() && row.destination.addr().is_ipv4());
    assert_eq!(main.count(), 3);
    assert!(host.routes.rows().iter().any(|row| row.table == Some(52)));
    let on_vmnet8: Vec<_> = host
        .neighbors
        .rows()
        .iter()
        .filter(|row| row.adapter.as_deref() == Some("vmnet8"))
        .collect();
    assert_eq!(on_vmnet8.len(), 1);
    assert_eq!(host.neighbors.rows().len(), 7);
    let look_up = host
        .system_look_up("192.168.9.9".parse().unwrap())
        .expect("it was asked");
    assert!(
        look_up
            .error
            .as_deref()
            .is_some_and(|words| words.contains("unreachable"))
    );
}

#[test]
fn windows_names_come_before_or_after_the_routes() {
    for order in [[0, 1], [1, 0]] {
        let outputs = [
            ("ipconfig /all", sample("win_ipconfig_all_en.txt")),
            ("route print", sample("win_route_print_en.txt")),
        ];
        let mut case = Case::default();
        for at in order {
            let (command, text) = &outputs[at];
            absorb(
                &mut case,
                &Output {
                    on: Place::Host,
                    command: (*command).to_owned(),
                    text: text.clone(),
                },
            );
        }
        let guest = "192.168.213.128".parse().unwrap();
        let crate::model::LookUp::Row(row) = case.host.look_up(guest, None) else {
            panic!("there is a way");
        };
        assert_eq!(row.adapter.as_deref(), Some("Corp VPN"), "{order:?}");
        let vmnet8 = case
            .host
            .adapter("VMware Network Adapter VMnet8")
            .expect("it is there");
        assert_eq!(vmnet8.index, Some(11), "{order:?}");
        let unnamed = case.host.routes.rows().iter().filter(|row| {
            row.adapter
                .as_deref()
                .is_some_and(|name| name.starts_with('#') || name.parse::<std::net::IpAddr>().is_ok())
        });
        assert_eq!(unnamed.count(), 0, "{order:?}");
    }
}

#[test]
fn ping_tells_replies_from_errors_in_every_dialect() {
    let ping = |lines: &str| format!("PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.\n{lines}");
    says(
        "ping -c 3 10.0.0.9",
        &ping(
            "From 10.0.0.1 icmp_seq=1 Packet filtered\n\n--- 10.0.0.9 ping statistics ---\n3 packets transmitted, 0 received, +1 errors, 100% packet loss, time 2040ms\n",
        ),
        &["10.0.0.9: echo 0/3 Prohibited by 10.0.0.1 x1"],
    );
    says(
        "ping 10.0.0.9",
        &ping(
            "ping: sendmsg: Operation not permitted\nping: sendmsg: Operation not permitted\n^C\n--- 10.0.0.9 ping statistics ---\n2 packets transmitted, 0 received, 100% packet loss, time 1001ms\n",
        ),
        &["10.0.0.9: echo 0/2 NotPermitted x2"],
    );
    says(
        "ping 10.0.0.9",
        "ping: connect: Network is unreachable\n",
        &["10.0.0.9: echo 0/1 NoRoute x1"],
    );
    says(
        "ping -c1 nosuch.lan",
        "ping: nosuch.lan: Name or service not known\n",
        &["nosuch.lan: name NoSuchName []"],
    );
    says(
        "ping -c1 web.lan",
        "ping: web.lan: Temporary failure in name resolution\n",
        &["web.lan: name TimedOut []"],
    );
    says(
        "ping web.lan",
        "ping: bad address 'web.lan'\n",
        &["web.lan: name NoSuchName []"],
    );
    says(
        "ping web.lan",
        "Ping request could not find host web.lan. Please check the name and try again.\n",
        &["web.lan: name NoSuchName []"],
    );
    says(
        "ping -M do -s 1472 10.0.0.9",
        "PING 10.0.0.9 (10.0.0.9) 1472(1500) bytes of data.\nFrom 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\nping: local error: message too long, mtu=1400\n\n--- 10.0.0.9 ping statistics ---\n2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1001ms\n",
        &[
            "10.0.0.9: echo 0/2 TooBig by 10.0.0.1 x1 TooBig x1",
            "10.0.0.9: mtu None Some(1500) Some(1400)",
        ],
    );
    says(
        "ping -f -l 1472 10.0.0.9",
        "Pinging 10.0.0.9 with 1472 bytes of data:\nPacket needs to be fragmented but DF set.\nPacket needs to be fragmented but DF set.\n\nPing statistics for 10.0.0.9:\n    Packets: Sent = 2, Received = 0, Lost = 2 (100% loss),\n",
        &[
            "10.0.0.9: echo 0/2 TooBig x2",
            "10.0.0.9: mtu None Some(1500) None",
        ],
    );
    says(
        "ping -c 2 10.0.0.9",
        "PING 10.0.0.9 (10.0.0.9): 56 data bytes\n64 bytes from 10.0.0.9: seq=0 ttl=64 time=0.500 ms\n64 bytes from 10.0.0.9: seq=1 ttl=64 time=0.400 ms\n\n--- 10.0.0.9 ping statistics ---\n2 packets transmitted, 2 packets received, 0% packet loss\n",
        &["10.0.0.9: echo 2/2"],
    );
    says(
        "ping -q -c 5 10.0.0.9",
        &ping(
            "\n--- 10.0.0.9 ping statistics ---\n5 packets transmitted, 4 received, 20% packet loss, time 4096ms\nrtt min/avg/max/mdev = 0.4/0.5/0.6/0.1 ms\n",
        ),
        &["10.0.0.9: echo 4/5"],
    );
    // Cut off before the statistics: the sequence numbers tell what was lost.
    says(
        "ping 10.0.0.9",
        &ping(
            "64 bytes from 10.0.0.9: icmp_seq=1 ttl=64 time=0.5 ms\n64 bytes from 10.0.0.9: icmp_seq=4 ttl=64 time=0.5 ms\n",
        ),
        &["10.0.0.9: echo 2/4"],
    );
    says("ping -c 4 10.0.0.9", &ping(""), &["10.0.0.9: echo 0/4"]);
    says(
        "ping web.lan",
        "PING web.lan (10.0.0.9) 56(84) bytes of data.\n64 bytes from web.lan (10.0.0.9): icmp_seq=1 ttl=64 time=0.5 ms\n64 bytes from web.lan (10.0.0.9): icmp_seq=1 ttl=64 time=0.6 ms (DUP!)\n\n--- web.lan ping statistics ---\n1 packets transmitted, 1 received, +1 duplicates, 0% packet loss, time 0ms\n",
        &["10.0.0.9: echo 1/1"],
    );
    says(
        "ping fe80::1%eth0",
        "PING fe80::1%eth0(fe80::1%eth0) 56 data bytes\n64 bytes from fe80::1%eth0: icmp_seq=1 ttl=64 time=0.5 ms\n\n--- fe80::1%eth0 ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time 0ms\n",
        &["fe80::1: echo 1/1"],
    );
    says(
        "ping 10.0.0.9",
        "ping: socket: Operation not permitted\n",
        &["10.0.0.9: echo 0/1 NoRights x1"],
    );
    says(
        "",
        "Pinging web.lan [10.0.0.9] with 32 bytes of data:\nReply from 10.0.0.9: bytes=32 time=2ms TTL=128\nRequest timed out.\n",
        &["10.0.0.9: echo 1/2"],
    );
    says(
        "ping 10.0.0.9; ping 10.0.0.8",
        &format!(
            "{}{}",
            ping("64 bytes from 10.0.0.9: icmp_seq=1 ttl=64 time=0.5 ms\n"),
            ping("").replace(".9", ".8") + "From 10.0.0.1 icmp_seq=1 Destination Host Unreachable\n"
        ),
        &[
            "10.0.0.9: echo 1/1",
            "10.0.0.8: echo 0/1 HostUnreachable by 10.0.0.1 x1",
        ],
    );
}

#[test]
fn connects_tell_how_they_ended() {
    says(
        "nc -zv 10.0.0.9 22",
        "Connection to 10.0.0.9 22 port [tcp/ssh] succeeded!\n",
        &["10.0.0.9: tcp 22 Connected"],
    );
    says(
        "nc -zv -w 3 10.0.0.9 22",
        "nc: connect to 10.0.0.9 port 22 (tcp) failed: Connection refused\n",
        &["10.0.0.9: tcp 22 Refused"],
    );
    says(
        "nc -zvw3 10.0.0.9 22",
        "nc: connect to 10.0.0.9 port 22 (tcp) timed out: Operation now in progress\n",
        &["10.0.0.9: tcp 22 TimedOut"],
    );
    says(
        "nc -zv 10.0.0.9 22",
        "nc: connect to 10.0.0.9 port 22 (tcp) failed: No route to host\n",
        &["10.0.0.9: tcp 22 HostUnreachable"],
    );
    says(
        "ncat -zv 10.0.0.9 80",
        "Ncat: Version 7.93 ( https://nmap.org/ncat )\nNcat: Connected to 10.0.0.9:80.\n",
        &["10.0.0.9: tcp 80 Connected"],
    );
    says(
        "ncat -zv 10.0.0.9 80",
        "Ncat: Connection refused.\n",
        &["10.0.0.9: tcp 80 Refused"],
    );
    says(
        "nc -zv 10.0.0.9 22",
        "(UNKNOWN) [10.0.0.9] 22 (ssh) open\n",
        &["10.0.0.9: tcp 22 Connected"],
    );
    says(
        "nc -zv 10.0.0.9 22",
        "10.0.0.9 (10.0.0.9:22) open\n",
        &["10.0.0.9: tcp 22 Connected"],
    );
    says(
        "nc -zv 10.0.0.9 20-22",
        "nc: connect to 10.0.0.9 port 20 (tcp) failed: Connection refused\nnc: connect to 10.0.0.9 port 21 (tcp) failed: Connection refused\nConnection to 10.0.0.9 22 port [tcp/ssh] succeeded!\n",
        &[
            "10.0.0.9: tcp 20 Refused",
            "10.0.0.9: tcp 21 Refused",
            "10.0.0.9: tcp 22 Connected",
        ],
    );
    says(
        "telnet 10.0.0.9 80",
        "Trying 10.0.0.9...\nConnected to 10.0.0.9.\nEscape character is '^]'.\nConnection closed by foreign host.\n",
        &["10.0.0.9: tcp 80 Connected"],
    );
    says(
        "telnet 10.0.0.9 80",
        "Trying 10.0.0.9...\ntelnet: Unable to connect to remote host: Connection refused\n",
        &["10.0.0.9: tcp 80 Refused"],
    );
    says(
        "telnet 10.0.0.9 80",
        "Trying 10.0.0.9...\n",
        &["10.0.0.9: tcp 80 TimedOut"],
    );
    says(
        "telnet 10.0.0.9 80",
        "Connecting To 10.0.0.9...Could not open connection to the host, on port 80: Connect failed\n",
        &["10.0.0.9: tcp 80 Other"],
    );
    says(
        "curl -v http://10.0.0.9:8080/",
        "*   Trying 10.0.0.9:8080...\n* Connected to 10.0.0.9 (10.0.0.9) port 8080 (#0)\n> GET / HTTP/1.1\n",
        &["10.0.0.9: tcp 8080 Connected"],
    );
    says(
        "curl -v http://10.0.0.9/",
        "*   Trying 10.0.0.9:80...\n* connect to 10.0.0.9 port 80 failed: Connection refused\n* Failed to connect to 10.0.0.9 port 80 after 0 ms: Couldn't connect to server\n* Closing connection 0\ncurl: (7) Failed to connect to 10.0.0.9 port 80 after 0 ms: Couldn't connect to server\n",
        &["10.0.0.9: tcp 80 Refused"],
    );
    says(
        "curl -m 5 https://10.0.0.9",
        "curl: (28) Connection timed out after 5001 milliseconds\n",
        &["10.0.0.9: tcp 443 TimedOut"],
    );
    says(
        "curl http://web.lan",
        "curl: (6) Could not resolve host: web.lan\n",
        &["web.lan: name NoSuchName []"],
    );
    says(
        "curl -I http://10.0.0.9",
        "HTTP/1.1 200 OK\nServer: nginx\n",
        &["10.0.0.9: tcp 80 Connected"],
    );
    says(
        "ssh -v me@10.0.0.9",
        "debug1: Connecting to 10.0.0.9 [10.0.0.9] port 22.\ndebug1: Connection established.\nme@10.0.0.9: Permission denied (publickey).\n",
        &["10.0.0.9: tcp 22 Connected"],
    );
    says(
        "ssh -p 2222 10.0.0.9",
        "ssh: connect to host 10.0.0.9 port 2222: Connection timed out\n",
        &["10.0.0.9: tcp 2222 TimedOut"],
    );
    says(
        "ssh 10.0.0.9",
        "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.9 port 22\n",
        &["10.0.0.9: tcp 22 Reset"],
    );
    says(
        "Test-NetConnection 10.0.0.9 -Port 22",
        "WARNING: TCP connect to (10.0.0.9 : 22) failed\n\nComputerName           : 10.0.0.9\nRemoteAddress          : 10.0.0.9\nRemotePort             : 22\nInterfaceAlias         : Ethernet\nSourceAddress          : 10.0.0.2\nPingSucceeded          : True\nPingReplyDetails (RTT) : 1 ms\nTcpTestSucceeded       : False\n",
        &["10.0.0.9: tcp 22 Other", "10.0.0.9: echo 1/1"],
    );
}

#[test]
fn names_leases_traces_and_arp_answers_are_probes() {
    says(
        "nslookup web.lan",
        "Server:\t\t127.0.0.53\nAddress:\t127.0.0.53#53\n\nNon-authoritative answer:\nName:\tweb.lan\nAddress: 10.0.0.9\n",
        &["web.lan: name Resolved at 127.0.0.53 [10.0.0.9]"],
    );
    says(
        "nslookup web.lan",
        "服务器:  UnKnown\nAddress:  192.168.1.1\n\n名称:    web.lan\nAddresses:  10.0.0.9\n          10.0.0.10\n",
        &["web.lan: name Resolved at 192.168.1.1 [10.0.0.9, 10.0.0.10]"],
    );
    says(
        "nslookup no.lan",
        "Server:\t\t10.0.2.3\nAddress:\t10.0.2.3#53\n\n** server can't find no.lan: NXDOMAIN\n",
        &["no.lan: name NoSuchName at 10.0.2.3 []"],
    );
    says(
        "nslookup web.lan",
        ";; connection timed out; no servers could be reached\n",
        &["web.lan: name TimedOut []"],
    );
    says(
        "nslookup web.lan",
        "DNS request timed out.\n    timeout was 2 seconds.\nServer:  UnKnown\nAddress:  192.168.1.1\n\n*** Request to UnKnown timed-out\n",
        &["web.lan: name TimedOut at 192.168.1.1 []"],
    );
    says(
        "dig @10.0.2.3 web.lan",
        ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; QUESTION SECTION:\n;web.lan.\t\tIN\tA\n\n;; ANSWER SECTION:\nweb.lan.\t300\tIN\tA\t10.0.0.9\n\n;; Query time: 4 msec\n;; SERVER: 10.0.2.3#53(10.0.2.3)\n",
        &["web.lan: name Resolved at 10.0.2.3 [10.0.0.9]"],
    );
    says(
        "dig +short web.lan",
        "10.0.0.9\n",
        &["web.lan: name Resolved [10.0.0.9]"],
    );
    says(
        "host no.lan",
        "Host no.lan not found: 3(NXDOMAIN)\n",
        &["no.lan: name NoSuchName []"],
    );
    says(
        "getent hosts web.lan",
        "10.0.0.9        web.lan\n",
        &["web.lan: name Resolved [10.0.0.9]"],
    );
    says(
        "sudo dhclient -v eth0",
        "DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 3\nDHCPOFFER of 192.168.56.101 from 192.168.56.100\nDHCPREQUEST for 192.168.56.101 on eth0 to 255.255.255.255 port 67\nDHCPACK of 192.168.56.101 from 192.168.56.100\nbound to 192.168.56.101 -- renewal in 300 seconds.\n",
        &[": dhcp Some(192.168.56.101) Some(192.168.56.100)"],
    );
    says(
        "sudo dhclient -v eth0",
        "DHCPDISCOVER on eth0 to 255.255.255.255 port 67 interval 3\nNo DHCPOFFERS received.\nNo working leases in persistent database - sleeping.\n",
        &[": dhcp None None"],
    );
    says(
        "udhcpc -i eth0",
        "udhcpc: started, v1.36.1\nudhcpc: broadcasting discover\nudhcpc: lease of 10.0.2.15 obtained from 10.0.2.2, lease time 86400\n",
        &[": dhcp Some(10.0.2.15) Some(10.0.2.2)"],
    );
    says(
        "arping -c 2 -I eth0 10.0.0.9",
        "ARPING 10.0.0.9 from 10.0.0.2 eth0\nUnicast reply from 10.0.0.9 [52:54:00:00:00:01]  0.8ms\nUnicast reply from 10.0.0.9 [52:54:00:00:00:02]  0.9ms\nSent 2 probes (1 broadcast(s))\nReceived 2 response(s)\n",
        &["10.0.0.9: neighbor Some(true) [52:54:00:00:00:01, 52:54:00:00:00:02]"],
    );
    says(
        "arping -c 2 -I eth0 10.0.0.9",
        "ARPING 10.0.0.9 from 10.0.0.2 eth0\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)\n",
        &["10.0.0.9: neighbor Some(false) []"],
    );
    says(
        "traceroute 10.9.0.9",
        "traceroute to 10.9.0.9 (10.9.0.9), 30 hops max, 60 byte packets\n 1  10.0.0.1 (10.0.0.1)  0.5 ms  0.4 ms  0.4 ms\n 2  * * *\n 3  10.9.0.9 (10.9.0.9)  1.5 ms  1.4 ms  1.4 ms\n",
        &["10.9.0.9: trace 3 true"],
    );
    says(
        "tracert 10.9.0.9",
        "通过最多 30 个跃点跟踪到 10.9.0.9 的路由\n\n  1    <1 毫秒   <1 毫秒   <1 毫秒 10.0.0.1\n  2     *        *        *     请求超时。\n\n跟踪完成。\n",
        &["10.9.0.9: trace 2 false"],
    );
    says(
        "tracepath -n 10.9.0.9",
        " 1?: [LOCALHOST]                      pmtu 1500\n 1:  10.0.0.1                                              0.5ms \n 1:  10.0.0.1                                              0.5ms \n 2:  10.0.0.1                                              0.6ms pmtu 1400\n 2:  10.9.0.9                                              1.6ms reached\n     Resume: pmtu 1400 hops 2 back 2 \n",
        &["10.9.0.9: trace 2 true", "10.9.0.9: mtu None None Some(1400)"],
    );
    says(
        "sudo tcpdump -ni eth0 arp",
        "12:00:00.1 ARP, Request who-has 10.0.0.9 tell 10.0.0.2, length 28\n12:00:00.2 ARP, Reply 10.0.0.9 is-at 52:54:00:00:00:01, length 28\n",
        &["10.0.0.9: neighbor Some(true) [52:54:00:00:00:01]"],
    );
}

#[test]
fn other_linux_outputs_fill_their_fields() {
    let case = absorbed(
        "ip -br addr",
        "lo               UNKNOWN        127.0.0.1/8 ::1/128 \nens33            UP             172.16.160.128/24 fe80::20c:29ff:fe3f:5a7b/64 \nens34            DOWN           \n",
    );
    assert_eq!(names(&case.guest), ["lo", "ens33", "ens34"]);
    assert_eq!(
        case.guest.adapter("ens33").and_then(|adapter| adapter.carrier),
        Some(true)
    );
    let case = absorbed(
        "ip -o -4 addr show",
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global dynamic eth0\\       valid_lft 1541sec preferred_lft 1541sec\n",
    );
    assert_eq!(
        case.guest
            .adapter("eth0")
            .and_then(|a| a.main_address())
            .map(|a| a.to_string())
            .as_deref(),
        Some("10.0.2.15")
    );
    let case = absorbed(
        "ss -lntup",
        "Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nudp   UNCONN 0      0      127.0.0.53%lo:53    0.0.0.0:*         users:((\"systemd-resolve\",pid=1,fd=3))\ntcp   LISTEN 0      128    0.0.0.0:22          0.0.0.0:*         users:((\"sshd\",pid=812,fd=3))\ntcp   LISTEN 0      128    [::]:22             [::]:*            users:((\"sshd\",pid=812,fd=4))\ntcp   LISTEN 0      511    127.0.0.1:8080      0.0.0.0:*\n",
    );
    let shown: Vec<String> = case
        .guest
        .listeners
        .rows()
        .iter()
        .map(|l| format!("{:?} {} {}", l.protocol, l.address, l.port))
        .collect();
    assert_eq!(
        shown,
        [
            "Udp 127.0.0.53 53",
            "Tcp 0.0.0.0 22",
            "Tcp :: 22",
            "Tcp 127.0.0.1 8080"
        ]
    );
    let case = absorbed(
        "netstat -ano",
        "\nActive Connections\n\n  Proto  Local Address          Foreign Address        State           PID\n  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1120\n  TCP    10.0.0.5:51000         10.0.0.9:22            ESTABLISHED     44\n",
    );
    assert_eq!(case.guest.listeners.rows().len(), 1);
    let case = absorbed(
        "cat /proc/sys/net/ipv4/ip_forward; cat /proc/sys/net/ipv4/conf/all/rp_filter",
        "1\n2\n",
    );
    assert_eq!(case.guest.switch("net.ipv4.ip_forward"), Some("1"));
    assert_eq!(case.guest.switch("net.ipv4.conf.all.rp_filter"), Some("2"));
    let case = absorbed("sysctl -n net.ipv4.ip_forward", "1\n");
    assert_eq!(case.guest.switch("net.ipv4.ip_forward"), Some("1"));
    let case = absorbed("systemctl is-active libvirtd ufw", "active\ninactive\n");
    assert_eq!(
        case.guest.service("libvirtd.service").map(|s| s.state),
        Some(crate::model::ServiceState::Running)
    );
    assert_eq!(
        case.guest.service("ufw.service").map(|s| s.state),
        Some(crate::model::ServiceState::Stopped)
    );
    let case = absorbed(
        "cat /etc/hosts",
        "127.0.0.1 localhost\n10.0.0.9 web.lan web # lab\n",
    );
    assert_eq!(case.guest.hosts.rows().len(), 3);
    let case = absorbed(
        "ip rule",
        "0:\tfrom all lookup local\n99:\tnot from all fwmark 0xca6c lookup 51820\n100:\tfrom all lookup main suppress_prefixlength 0\n200:\tfrom 10.0.0.0/8 iif eth0 prohibit\n",
    );
    let rules = case.guest.rules.rows();
    assert!(rules[1].inverted && rules[1].mark == Some((0xca6c, u32::MAX)));
    assert_eq!(rules[2].suppress_prefix_length, Some(0));
    assert_eq!(rules[3].action, crate::model::PolicyAction::Prohibit);
    let case = absorbed(
        "hostname; uname -a; ip route",
        "vm1\nLinux vm1 6.1.0 #1 SMP x86_64 GNU/Linux\ndefault via 10.0.0.1 dev eth0\n",
    );
    assert_eq!(case.guest.host_name.as_deref(), Some("vm1"));
    assert_eq!(case.guest.routes.rows().len(), 1);
    let case = absorbed(
        "resolvectl status",
        "Global\n       Protocols: +LLMNR\nresolv.conf mode: stub\n\nLink 2 (enp0s3)\n    Current Scopes: DNS\n Current DNS Server: 10.0.2.3\n       DNS Servers: 10.0.2.3 10.0.2.4\n                    10.0.2.5\n        DNS Domain: home.arpa\n",
    );
    assert_eq!(case.guest.dns.rows().len(), 3);
    let case = absorbed(
        "ifconfig eth0",
        "eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet 10.0.0.5  netmask 255.255.255.0  broadcast 10.0.0.255\n        inet6 fe80::1  prefixlen 64  scopeid 0x20<link>\n        ether 52:54:00:00:00:01  txqueuelen 1000  (Ethernet)\n",
    );
    assert_eq!(case.guest.os, Some(crate::model::Os::Linux));
    assert_eq!(case.guest.adapter("eth0").map(|a| a.nets().count()), Some(2));
    let case = absorbed(
        "arp -n",
        "Address                  HWtype  HWaddress           Flags Mask            Iface\n10.0.0.1                 ether   52:54:00:00:00:01   C                     eth0\n10.0.0.9                         (incomplete)                              eth0\n",
    );
    assert_eq!(case.guest.neighbors.rows().len(), 2);
    assert!(case.guest.neighbors.rows()[1].is_missing());
}

/// Text made of pieces of samples, cut and put together anywhere, with noise between.
fn mixed() -> impl Strategy<Value = String> {
    let files: Vec<&'static str> = SAMPLES.iter().map(|(file, _)| *file).collect();
    let piece = prop_oneof![
        4 => (proptest::sample::select(files), 0.0_f64..1.0, 0.0_f64..1.0).prop_map(|(file, from, length)| {
            let text: Vec<char> = sample(file).chars().collect();
            let start = (text.len() as f64 * from) as usize;
            let count = (text.len() as f64 * length) as usize;
            text.into_iter().skip(start).take(count).collect::<String>()
        }),
        1 => "\\PC{0,60}",
        1 => proptest::sample::select(vec!["\n", "\r\n", "$ ip addr\n", "[{\"", "C:\\>ping\n", ": ", "255.255.255.0 ", "\u{1b}[31m", "ms", "=", "\0"])
            .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_any_reader(text in mixed(), at in 0..SAMPLES.len() + 2) {
        let command = match SAMPLES.get(at) {
            Some((_, command)) => command,
            None if at == SAMPLES.len() => "",
            None => "ip addr; ip route; ipconfig /all & arp -a | grep x && ping 10.0.0.1",
        };
        absorbed(command, &text);
    }

    #[test]
    fn no_command_line_breaks_the_recognizer(command in "\\PC{0,80}", text in "\\PC{0,80}") {
        absorbed(&command, &text);
    }

    #[test]
    fn no_bytes_break_the_decoder(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
    }
}

#[test]
fn no_text_keeps_a_reader_for_minutes() {
    let units = [
        "[",
        "{\"a\":",
        "10.0.0.0/8 dev x ",
        "From ",
        "a",
        "\n",
        "= 1, ",
        "\"",
        "C:\\>",
        "1: a: <",
        "PING ",
        "(\n",
    ];
    for unit in units {
        let text = unit.repeat(64 * 1024 / unit.len());
        for command in [
            "",
            "ip addr",
            "ping 10.0.0.1",
            "Get-NetRoute",
            "ip addr; ip route",
        ] {
            let start = std::time::Instant::now();
            absorbed(command, &text);
            // A second on a machine with nothing else to do; a reader that goes back over what it read takes minutes.
            let took = start.elapsed();
            assert!(took.as_secs() < 30, "{unit:?} {command}: {took:?}");
        }
    }
}

#[test]
fn how_a_service_starts_and_whether_it_runs_are_told_by_two_commands() {
    let query = "\nSERVICE_NAME: VMnetDHCP \n        TYPE               : 10  WIN32_OWN_PROCESS  \n        STATE              : 1  STOPPED \n";
    let qc = "[SC] QueryServiceConfig SUCCESS\n\nSERVICE_NAME: VMnetDHCP\n        TYPE               : 10  WIN32_OWN_PROCESS \n        START_TYPE         : 4   DISABLED\n";
    let service = |outputs: [(&str, &str); 2]| {
        let mut case = Case::default();
        for (command, text) in outputs {
            case.outputs.push(Output {
                on: Place::Host,
                command: command.to_owned(),
                text: text.to_owned(),
            });
        }
        let host = resolve(&case).host;
        let service = host.service("VMnetDHCP").expect("the service");
        (service.state, service.start)
    };
    let (query, qc) = (("sc query VMnetDHCP", query), ("sc qc VMnetDHCP", qc));
    let told = (ServiceState::Stopped, StartMode::Disabled);
    assert_eq!(service([query, qc]), told);
    assert_eq!(service([qc, query]), told);
}
