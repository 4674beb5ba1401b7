//! Whole texts through [`super::absorb`]: every sample of the formats of this room, mixed pastes, and noise.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::model::{Fact, ProbeResult, System};

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
