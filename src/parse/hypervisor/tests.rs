//! The sample outputs of hypervisors, read into cases.

use proptest::prelude::*;

use crate::model::{Case, HypervisorId, Output, Place, PowerState};
use crate::parse::absorb;

fn sample(name: &str) -> String {
    let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("the sample exists");
    crate::parse::decode(&bytes)
}

fn read_on(on: Place, outputs: &[(&str, &str)]) -> Case {
    let mut case = Case::default();
    for (command, name) in outputs {
        absorb(&mut case, &output(on, command, sample(name)));
    }
    case
}

fn output(on: Place, command: &str, text: String) -> Output {
    let command = command.to_owned();
    Output { on, command, text }
}

fn read(outputs: &[(&str, &str)]) -> Case {
    read_on(Place::Host, outputs)
}

fn check(name: &str, case: &Case) {
    let shown = serde_json::json!({ "hypervisors": case.hypervisors, "unread": case.unread });
    insta::with_settings!({
        snapshot_path => "../../../tests/snapshots/parse",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_json_snapshot!(name, shown);
    });
}

#[test]
fn libvirt_as_a_whole() {
    let case = read(&[
        ("virsh net-list --all", "libvirt_virsh_net-list_all.txt"),
        ("virsh net-info default", "libvirt_virsh_net-info_default.txt"),
        ("virsh net-dumpxml default", "libvirt_net-dumpxml_default_nat.xml"),
        ("virsh net-dumpxml isolated", "libvirt_net-dumpxml_isolated.xml"),
        ("virsh net-dumpxml host-bridge", "libvirt_net-dumpxml_bridge.xml"),
        ("virsh net-dumpxml macvtap-net", "libvirt_net-dumpxml_macvtap.xml"),
        ("virsh net-dumpxml routed", "libvirt_net-dumpxml_routed.xml"),
        ("virsh list --all", "libvirt_virsh_list_all.txt"),
        ("virsh dumpxml web01", "libvirt_dumpxml_web01_all_nic_kinds.xml"),
        ("virsh domiflist web01", "libvirt_virsh_domiflist_shutoff.txt"),
        ("virsh dominfo db01", "libvirt_virsh_dominfo.txt"),
        ("virsh domiflist db01", "libvirt_virsh_domiflist_running.txt"),
        (
            "cat /var/lib/libvirt/dnsmasq/virbr0.status",
            "libvirt_dnsmasq_virbr0.status.json",
        ),
        (
            "virsh net-dhcp-leases default",
            "libvirt_virsh_net-dhcp-leases_default.txt",
        ),
        (
            "virsh domifaddr web01 --source agent",
            "libvirt_virsh_domifaddr_agent.txt",
        ),
        ("virsh domifaddr web01", "libvirt_virsh_domifaddr_lease.txt"),
    ]);
    check("libvirt_whole", &case);
}

#[test]
fn libvirt_by_shape_alone() {
    let case = read(&[
        ("", "libvirt_virsh_net-list_all.txt"),
        ("", "libvirt_net-dumpxml_default_nat.xml"),
        ("", "libvirt_virsh_list_all.txt"),
        ("", "libvirt_dumpxml_web01_all_nic_kinds.xml"),
        ("", "libvirt_virsh_domiflist_shutoff.txt"),
        ("", "libvirt_virsh_dominfo.txt"),
        ("", "libvirt_dnsmasq_default.conf"),
        ("", "libvirt_dnsmasq_virbr0.status.json"),
        ("", "libvirt_virsh_net-dhcp-leases_default.txt"),
        ("", "libvirt_virsh_domifaddr_agent.txt"),
    ]);
    check("libvirt_by_shape", &case);
}

#[test]
fn libvirt_snippets_and_empty_tables() {
    check(
        "libvirt_passt_snippet",
        &read(&[(
            "virsh dumpxml web02",
            "libvirt_dumpxml_interface_passt_snippet.xml",
        )]),
    );
    check(
        "libvirt_leases_empty",
        &read(&[(
            "virsh net-dhcp-leases default",
            "libvirt_virsh_net-dhcp-leases_empty.txt",
        )]),
    );
    check(
        "libvirt_dnsmasq_conf",
        &read(&[(
            "cat /var/lib/libvirt/dnsmasq/default.conf",
            "libvirt_dnsmasq_default.conf",
        )]),
    );
}

#[test]
fn libvirt_errors() {
    for name in [
        "libvirt_error_net_not_active.txt",
        "libvirt_error_net_start_conflict.txt",
        "libvirt_error_not_running.txt",
        "libvirt_error_permission.txt",
    ] {
        let case = read(&[("virsh -c qemu:///system list --all", name)]);
        check(name.trim_end_matches(".txt"), &case);
        let by_shape = read(&[("", name)]);
        assert!(!by_shape.hypervisors.is_empty(), "{name}");
    }
}

#[test]
fn libvirt_agent_json() {
    let text = r#"{"return":[{"name":"lo","ip-addresses":[{"ip-address-type":"ipv4","ip-address":"127.0.0.1","prefix":8}],"hardware-address":"00:00:00:00:00:00"},
        {"name":"enp1s0","ip-addresses":[{"ip-address-type":"ipv4","ip-address":"192.168.122.47","prefix":24}],"hardware-address":"52:54:00:6a:21:3f"}]}"#;
    let mut case = Case::default();
    let command = r#"virsh qemu-agent-command web01 '{"execute":"guest-network-get-interfaces"}'"#;
    absorb(
        &mut case,
        &Output {
            on: Place::Host,
            command: command.to_owned(),
            text: text.to_owned(),
        },
    );
    let machine = case.hypervisors[0]
        .machine("web01")
        .expect("the machine of the command");
    assert_eq!(machine.nics.len(), 1);
    assert_eq!(machine.nics[0].addresses[0].address.to_string(), "192.168.122.47");
    assert_eq!(machine.nics[0].addresses[0].source, "agent");
}

#[test]
fn virtualbox_as_a_whole() {
    let case = read(&[
        ("VBoxManage list vms", "vbox_list_vms.txt"),
        ("VBoxManage list runningvms", "vbox_list_runningvms.txt"),
        (
            "VBoxManage list -l hostonlyifs",
            "vbox_list_hostonlyifs_linux.txt",
        ),
        ("VBoxManage list -l natnets", "vbox_list_natnets_7x.txt"),
        ("VBoxManage list intnets", "vbox_list_intnets.txt"),
        ("VBoxManage list -l dhcpservers", "vbox_list_dhcpservers_7x.txt"),
        (
            "VBoxManage showvminfo web01 --machinereadable",
            "vbox_showvminfo_machinereadable_7x.txt",
        ),
        (
            "VBoxManage guestproperty enumerate web01",
            "vbox_guestproperty_enumerate_7x.txt",
        ),
        ("cat /etc/vbox/networks.conf", "vbox_etc_vbox_networks.conf"),
    ]);
    check("vbox_whole", &case);
}

#[test]
fn virtualbox_old_and_foreign_forms() {
    check(
        "vbox_hostonlyifs_windows",
        &read(&[("", "vbox_list_hostonlyifs_windows.txt")]),
    );
    check(
        "vbox_hostonlyifs_bad_mask",
        &read(&[(
            "VBoxManage list hostonlyifs",
            "vbox_list_hostonlyifs_windows_bad_mask.txt",
        )]),
    );
    check(
        "vbox_hostonlyifs_old",
        &read(&[(
            "VBoxManage list hostonlyifs",
            "vbox_list_hostonlyifs_old_no_wireless.txt",
        )]),
    );
    check(
        "vbox_hostonlynets_macos",
        &read(&[
            ("VBoxManage list hostonlynets", "vbox_list_hostonlynets_macos.txt"),
            (
                "VBoxManage showvminfo web01 --machinereadable",
                "vbox_showvminfo_machinereadable_macos_hostonlynetwork.txt",
            ),
        ]),
    );
    check("vbox_natnets_5x", &read(&[("", "vbox_list_natnets_5x.txt")]));
    check(
        "vbox_dhcpservers_old",
        &read(&[("", "vbox_list_dhcpservers_6x_old.txt")]),
    );
    check(
        "vbox_guestproperties_old",
        &read(&[
            ("", "vbox_showvminfo_machinereadable_7x.txt"),
            ("", "vbox_guestproperty_enumerate_old_format.txt"),
        ]),
    );
}

#[test]
fn virtualbox_bridgeable_adapters_stand_in_for_the_hosts() {
    for (name, file) in [
        ("linux", "vbox_list_bridgedifs_linux.txt"),
        ("macos", "vbox_list_bridgedifs_macos.txt"),
        ("windows", "vbox_list_bridgedifs_windows.txt"),
    ] {
        let case = read(&[("VBoxManage list -l bridgedifs", file)]);
        insta::with_settings!({
            snapshot_path => "../../../tests/snapshots/parse",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_json_snapshot!(format!("vbox_bridgedifs_{name}"), case.host.adapters);
        });
    }
}

#[test]
fn virtualbox_warnings_errors_and_single_values() {
    check(
        "vbox_error_accessdenied",
        &read(&[(
            "VBoxManage hostonlyif ipconfig vboxnet0 --ip 10.1.1.1",
            "vbox_error_e_accessdenied_hostonly_range.txt",
        )]),
    );
    check(
        "vbox_error_vboxnetctl",
        &read(&[("", "vbox_error_vboxnetctl_missing.txt")]),
    );
    check(
        "vbox_warning_kernel_module",
        &read(&[(
            "VBoxManage list runningvms",
            "vbox_warning_kernel_module_not_loaded_prefix.txt",
        )]),
    );
    check(
        "vbox_guestproperty_get",
        &read(&[
            (
                "VBoxManage list -l hostonlyifs",
                "vbox_list_hostonlyifs_linux.txt",
            ),
            (
                "VBoxManage showvminfo web01 --machinereadable",
                "vbox_showvminfo_machinereadable_7x.txt",
            ),
            (
                "VBoxManage guestproperty get web01 /VirtualBox/GuestInfo/Net/1/V4/IP",
                "vbox_guestproperty_get_ip.txt",
            ),
            (
                "VBoxManage guestproperty get web01 /VirtualBox/GuestInfo/Net/0/V4/IP",
                "vbox_guestproperty_get_no_value.txt",
            ),
        ]),
    );
    let mut case = Case::default();
    let text = "WARNING: The vboxdrv kernel module is not loaded.\n\t Please reinstall.\n\n7.1.4r165100\n";
    absorb(
        &mut case,
        &Output {
            on: Place::Host,
            command: "VBoxManage --version".to_owned(),
            text: text.to_owned(),
        },
    );
    assert_eq!(case.hypervisors[0].version.as_deref(), Some("7.1.4r165100"));
    assert_eq!(case.hypervisors[0].warnings.len(), 1);
}

#[test]
fn virtualbox_showvminfo_for_people() {
    let text = "Name:                        web01
Guest OS:                    Ubuntu (64-bit)
UUID:                        6f1c2b3a-4d5e-4f60-8a71-92b3c4d5e6f7
State:                       running (since 2024-09-19T06:31:33.575000000)
NIC 1:                       MAC: 080027E5FA8F, Attachment: NAT, Cable connected: on, Trace: off (file: none), Type: 82540EM, Reported speed: 0 Mbps
NIC 1 Settings:  MTU: 0, Socket (send: 64, receive: 64), TCP Window (send:64, receive: 64)
NIC 1 Rule(0):   name = ssh, protocol = tcp, host ip = 127.0.0.1, host port = 2222, guest ip = , guest port = 22
NIC 2:                       MAC: 0800274E66A1, Attachment: Host-only Interface 'vboxnet0', Cable connected: off, Trace: off (file: none), Type: 82540EM
NIC 3:                       disabled
";
    let mut case = Case::default();
    absorb(
        &mut case,
        &Output {
            on: Place::Host,
            command: String::new(),
            text: text.to_owned(),
        },
    );
    check("vbox_showvminfo_for_people", &case);
}

#[test]
fn proxmox() {
    let case = read(&[
        (
            "cat /etc/network/interfaces",
            "proxmox_etc_network_interfaces.txt",
        ),
        ("qm config 101", "proxmox_qm_config.txt"),
    ]);
    check("proxmox", &case);
}

/// Every sample of hypervisors and packet filters with the command that prints it.
const SAMPLES: &[&str] = &[
    "libvirt_",
    "vbox_",
    "vmware_",
    "qemu_",
    "esxi_",
    "linux_host_nft",
    "linux_host_ip",
    "linux_host_ufw",
    "linux_host_fire",
    "proxmox_",
    "multipass_",
    "macos_prl",
    "macos_var",
    "macos_fusion",
    "win_get-vm",
    "win_get-netnat",
    "wsl_",
];

fn all_samples() -> Vec<String> {
    let folder = format!("{}/tests/samples", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the samples exist")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| SAMPLES.iter().any(|start| name.starts_with(start)))
        .collect();
    names.sort();
    names
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a sample is cut, spliced or garbled into, every reader of the two folders survives it.
    #[test]
    fn garbled_samples_never_panic(
        pick in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "\\PC{0,6}"), 1..6),
    ) {
        let names = all_samples();
        let mut text: Vec<char> = sample(&names[pick.index(names.len())]).chars().collect();
        for (from, to, with) in cuts {
            if text.is_empty() { break; }
            let (a, b) = (from.index(text.len()), to.index(text.len()));
            let (low, high) = (a.min(b), a.max(b).min(a.min(b) + 40));
            text.splice(low..high, with.chars());
        }
        let text: String = text.into_iter().collect();
        let rows = super::FORMATS.iter().chain(crate::parse::filter::FORMATS);
        for format in rows {
            let mut case = Case::default();
            (format.read)(&text, &mut case, Place::Host, "");
            let _ = text.lines().filter(|line| (format.line)(line)).count();
        }
        let mut case = Case::default();
        absorb(&mut case, &Output { on: Place::Host, command: String::new(), text });
    }
}

#[test]
fn vmware_of_linux() {
    let case = read(&[
        ("cat /etc/vmware/networking", "vmware_linux_etc_vmware_networking"),
        ("cat /etc/vmware/vmnet8/nat/nat.conf", "vmware_linux_nat.conf"),
        (
            "cat /etc/vmware/vmnet8/dhcpd/dhcpd.leases",
            "vmware_linux_dhcpd.leases",
        ),
        ("cat /etc/vmware/netmap.conf", "vmware_netmap.conf"),
        (
            "vmware-networks --status",
            "vmware_linux_vmware-networks_status_stopped.txt",
        ),
        ("vmrun -T ws list", "vmware_vmrun_list_linux.txt"),
        (
            "cat /home/user/vmware/web01/web01.vmx",
            "vmware_vmx_network_lines.vmx",
        ),
        (
            "vmrun getGuestIPAddress /home/user/vmware/web01/web01.vmx",
            "vmware_vmrun_getGuestIPAddress_ok.txt",
        ),
    ]);
    check("vmware_linux", &case);
}

#[test]
fn vmware_of_windows_by_shape() {
    let case = read(&[
        (
            r"type C:\ProgramData\VMware\vmnetdhcp.leases",
            "vmware_win_vmnetdhcp.leases",
        ),
        (
            r"type C:\ProgramData\VMware\vmnetnat.conf",
            "vmware_win_vmnetnat.conf",
        ),
        (
            r"type C:\ProgramData\VMware\vmnetdhcp.conf",
            "vmware_win_vmnetdhcp.conf",
        ),
        ("vmrun.exe list", "vmware_vmrun_list_windows.txt"),
    ]);
    check("vmware_windows", &case);
}

#[test]
fn vmware_of_macos() {
    let case = read(&[
        ("", "vmware_fusion_networking"),
        ("", "vmware_fusion_nat.conf"),
        (
            "cat /var/db/vmware/vmnet-dhcpd-vmnet8.leases",
            "macos_var_db_vmware_vmnet-dhcpd-vmnet8.leases",
        ),
        ("vmnet-cli --status", "macos_fusion_vmnet-cli_status.txt"),
    ]);
    check("vmware_macos", &case);
}

#[test]
fn vmrun_answers_and_errors() {
    check(
        "vmware_vmrun",
        &read(&[
            (
                "vmrun -T ws listHostNetworks",
                "vmware_vmrun_listHostNetworks.txt",
            ),
            (
                "vmrun -T ws listNetworkAdapters /vms/a.vmx",
                "vmware_vmrun_listNetworkAdapters.txt",
            ),
            (
                "vmrun -T ws listPortForwardings vmnet8",
                "vmware_vmrun_listPortForwardings.txt",
            ),
            (
                "vmrun -T ws getGuestIPAddress /vms/a.vmx",
                "vmware_vmrun_getGuestIPAddress_tools_error.txt",
            ),
            (
                "vmrun -T ws getGuestIPAddress /vms/a.vmx",
                "vmware_vmrun_getGuestIPAddress_unknown_error.txt",
            ),
        ]),
    );
    check(
        "vmware_vmrun_none",
        &read(&[
            ("vmrun list", "vmware_vmrun_list_none.txt"),
            (
                "vmrun listPortForwardings vmnet8",
                "vmware_vmrun_listPortForwardings_none.txt",
            ),
            (
                "cat /vms/legacy.vmx",
                "vmware_vmx_network_minimal_bridged_default.vmx",
            ),
            ("", "vmware_linux_module_missing_error.txt"),
            ("", "vmware_linux_vmware-networks_status_running.txt"),
        ]),
    );
}

#[test]
fn qemu_by_hand() {
    check(
        "qemu",
        &read(&[
            ("", "qemu_cmdline_user_hostfwd.txt"),
            ("info usernet", "qemu_hmp_info_usernet.txt"),
        ]),
    );
}

#[test]
fn hyper_v_and_wsl() {
    check(
        "hyperv_json",
        &read(&[
            ("Get-VMSwitch | ConvertTo-Json", "win_get-vmswitch_select.json"),
            (
                "Get-VMNetworkAdapter -All | ConvertTo-Json",
                "win_get-vmnetworkadapter_select.json",
            ),
        ]),
    );
    check(
        "hyperv_tables",
        &read(&[
            ("Get-VM", "win_get-vm_table.txt"),
            ("Get-VMSwitch", "win_get-vmswitch_table.txt"),
            (
                "Get-VMNetworkAdapter -VMName *",
                "win_get-vmnetworkadapter_table.txt",
            ),
            ("Get-NetNat", "win_get-netnat.txt"),
        ]),
    );
    check(
        "wsl",
        &read(&[
            ("wsl -l -v", "win_wsl_l_v_utf16le.txt"),
            (r"type C:\Users\me\.wslconfig", "wsl_wslconfig_mirrored"),
        ]),
    );
}

/// What a list of WSL's machines says of each.
fn wsl_states(outputs: &[(&str, &str)]) -> Vec<(String, PowerState)> {
    let mut case = Case::default();
    for (command, text) in outputs {
        let output = Output {
            on: Place::Host,
            command: (*command).to_owned(),
            text: (*text).to_owned(),
        };
        absorb(&mut case, &output);
    }
    let product = case.hypervisor_mut(HypervisorId::Wsl2);
    let rows = product.machines.rows().iter();
    rows.map(|machine| (machine.name.clone(), machine.state))
        .collect()
}

#[test]
fn states_of_wsl_in_any_language() {
    use PowerState::{Off, Running, Unknown};
    let list = |running: &str, stopped: &str| {
        format!(
            "  NAME            STATE           VERSION\n* Ubuntu-24.04    {running}         2\n  Debian          {stopped}         2\n  old             {running}         1\n"
        )
    };
    let states = |running: &str, stopped: &str| {
        let states = wsl_states(&[("wsl -l -v", &list(running, stopped))]);
        states.into_iter().map(|(_, state)| state).collect::<Vec<_>>()
    };
    assert_eq!(states("Running", "Stopped"), [Running, Off]);
    assert_eq!(states("Wird ausgeführt", "Beendet"), [Running, Off]);
    assert_eq!(states("正在运行", "已停止"), [Running, Off]);
    // Words of a language that is not known are no state, and nobody is lost for them.
    assert_eq!(states("En cours d’exécution", "Arrêté"), [Unknown, Unknown]);
    // The list of names decides in every language.
    let french = list("En cours d’exécution", "Arrêté");
    let after = |names: &str| {
        let states = wsl_states(&[("wsl -l -v", &french), ("wsl --list --running --quiet", names)]);
        states.into_iter().map(|(_, state)| state).collect::<Vec<_>>()
    };
    assert_eq!(after("Ubuntu-24.04\nold\n"), [Running, Off]);
    assert_eq!(after(""), [Off, Off]);
    assert_eq!(
        after("Aucune distribution n’est en cours d’exécution.\n"),
        [Unknown, Unknown]
    );
}

#[test]
fn a_list_is_all_there_is_only_where_it_was_understood() {
    let listed = |id: HypervisorId, command: &str, text: &str| {
        let mut case = Case::default();
        let output = Output {
            on: Place::Host,
            command: command.to_owned(),
            text: text.to_owned(),
        };
        absorb(&mut case, &output);
        case.hypervisor_mut(id).settings.get("listed").cloned()
    };
    let virtualbox = |command: &str, text: &str| listed(HypervisorId::VirtualBox, command, text);
    let whole = sample("vbox_list_hostonlyifs_windows.txt");
    let list = "VBoxManage list -l hostonlyifs";
    assert_eq!(virtualbox(list, &whole).as_deref(), Some("hostonlyifs"));
    assert_eq!(virtualbox(list, "").as_deref(), Some("hostonlyifs"));
    assert_eq!(virtualbox("VBoxManage list -l hostonlyifs | head", &whole), None);
    // Labels of another language.
    let german = whole
        .replace("HardwareAddress:", "Hardwareadresse:")
        .replace("VBoxNetworkName:", "Netzwerkname:");
    assert_eq!(virtualbox(list, &german), None);
    let translated = "NAT-Netzwerke:\n\nBezeichnung: labnat\n\n1 Netzwerk gefunden\n";
    assert_eq!(virtualbox("VBoxManage list natnets", translated), None);
    assert_eq!(
        virtualbox("VBoxManage list natnets", "NAT Networks:\n\n0 networks found\n").as_deref(),
        Some("natnets")
    );
    let switches = |text: &str| listed(HypervisorId::HyperV, "Get-VMSwitch", text);
    assert_eq!(switches("[]").as_deref(), Some("networks"));
    assert_eq!(
        switches(&sample("win_get-vmswitch_select.json")).as_deref(),
        Some("networks")
    );
    assert_eq!(switches("[{\"Name\":\"lab\",\"SwitchType\":1},{\"Na"), None);
    assert_eq!(switches("[{\"Bezeichnung\":\"lab\",\"SwitchType\":1}]"), None);
    let networking = |text: &str| {
        listed(
            HypervisorId::VmwareWorkstation,
            "cat /etc/vmware/networking",
            text,
        )
    };
    assert_eq!(networking("VERSION=1,0\n").as_deref(), Some("networks"));
    assert_eq!(networking("garbage\n"), None);
}

#[test]
fn products_by_the_keys_of_windows() {
    let case = read(&[
        (
            r#"reg query "HKLM\SOFTWARE\WOW6432Node\VMware, Inc.\VMware Workstation""#,
            "win_reg_query_vmware_workstation.txt",
        ),
        (
            r"reg query HKLM\SOFTWARE\Oracle\VirtualBox",
            "win_reg_query_virtualbox.txt",
        ),
    ]);
    check("windows_registry", &case);
}

#[test]
fn parallels_tells_cards_in_its_long_list() {
    let mut case = Case::default();
    for (command, text) in [
        ("prlsrvctl net list", sample("macos_prlsrvctl_net_list.txt")),
        (
            "prlctl list -a --json",
            r#"[{"uuid":"{6e5d}","status":"running","ip_configured":"10.211.55.5","name":"win 11"}]"#
                .to_owned(),
        ),
        (
            "prlctl list -i -a --json",
            r#"[{"ID":"6e5d","Name":"win 11","State":"running","Hardware":{"cpu":{"cpus":2},
               "net0":{"enabled":true,"type":"shared","mac":"001C42AABBCC","card":"virtio"},
               "net1":{"enabled":false,"type":"host","mac":"001C42AABBCD"},
               "net2":{"enabled":true,"type":"bridged","iface":"en0","mac":"nonsense"},"net":7,"netx":{}}}]"#
                .to_owned(),
        ),
    ] {
        let output = Output {
            on: Place::Host,
            command: command.to_owned(),
            text,
        };
        absorb(&mut case, &output);
    }
    check("parallels_cards", &case);
}

#[test]
fn utm_tells_addresses_of_a_machine_by_its_identifier() {
    let mut case = Case::default();
    let id = "0F3A9C1E-2B4D-4E6F-8A10-123456789ABC";
    for (command, text) in [
        (
            "utmctl list".to_owned(),
            format!("UUID                                 Status   Name\n{id} started  web 01\n"),
        ),
        (
            format!("utmctl ip-address {id}"),
            "192.168.64.7\nfd00::7\nnonsense\n".to_owned(),
        ),
    ] {
        let on = Place::Host;
        absorb(&mut case, &Output { on, command, text });
    }
    let product = case.hypervisor_mut(HypervisorId::Utm);
    let machine = product.machine("web 01").expect("the machine");
    let addresses: Vec<String> = machine.nics[0]
        .addresses
        .iter()
        .map(|a| a.address.to_string())
        .collect();
    assert_eq!(
        (product.machines.rows().len(), addresses),
        (1, vec!["192.168.64.7".to_owned(), "fd00::7".to_owned()])
    );
}

#[test]
fn esxi() {
    let case = read_on(
        Place::Esxi,
        &[
            (
                "esxcli network vswitch standard list",
                "esxi_network_vswitch_standard_list.txt",
            ),
            (
                "esxcli network vswitch standard portgroup list",
                "esxi_network_vswitch_standard_portgroup_list.txt",
            ),
            ("esxcli network vm list", "esxi_network_vm_list.txt"),
            ("vim-cmd vmsvc/getallvms", "esxi_vim-cmd_vmsvc_getallvms.txt"),
            (
                "vim-cmd vmsvc/get.guest 1",
                "esxi_vim-cmd_vmsvc_get.guest_net_excerpt.txt",
            ),
            (
                "esxcli network vm port list -w 4455488",
                "esxi_network_vm_port_list.txt",
            ),
            (
                "esxcli network vswitch standard portgroup policy security get -p \"VM Network\"",
                "esxi_network_portgroup_policy_security_get.txt",
            ),
        ],
    );
    check("esxi", &case);
}

#[test]
fn a_policy_of_a_switch_is_kept_and_its_later_word_holds() {
    let text = sample("esxi_network_portgroup_policy_security_get.txt");
    let command = "esxcli network vswitch standard policy security get -v vSwitch0";
    let mut case = Case::default();
    for (text, told) in [
        (text.replace("true", "false"), "reject"),
        (text.replace("false", "true"), "accept"),
    ] {
        absorb(&mut case, &output(Place::Esxi, command, text));
        let esxi = case.hypervisors.first().expect("ESXi");
        let setting = esxi.settings.get("vSwitch0 forged-transmits");
        assert_eq!(setting.map(String::as_str), Some(told));
    }
}

#[test]
fn modes_of_a_vlan_are_words_or_figures() {
    let command = "Get-VMNetworkAdapterVlan -ManagementOS | ConvertTo-Json";
    for (mode, vlan) in [
        ("0", Some("0")),
        ("1", Some("20")),
        ("\"Access\"", Some("20")),
        ("2", None),
    ] {
        let text =
            format!(r#"[{{"ParentAdapterName":"External","OperationMode":{mode},"AccessVlanId":20}}]"#);
        let mut case = Case::default();
        absorb(&mut case, &output(Place::Host, command, text));
        let host_vlan = case
            .hypervisors
            .first()
            .and_then(|product| product.network("External"))
            .and_then(|network| network.settings.get("host-vlan").cloned());
        assert_eq!(host_vlan.as_deref(), vlan, "{mode}");
    }
}

#[test]
fn parallels_multipass_and_leases_of_macos() {
    check(
        "parallels",
        &read(&[
            ("prlsrvctl net list", "macos_prlsrvctl_net_list.txt"),
            ("prlsrvctl net info Shared", "macos_prlsrvctl_net_info_shared.txt"),
        ]),
    );
    check(
        "multipass",
        &read(&[
            ("multipass list --format json", "multipass_list.json"),
            ("multipass networks", "multipass_networks.txt"),
        ]),
    );
    check(
        "macos_leases",
        &read(&[("cat /var/db/dhcpd_leases", "macos_var_db_dhcpd_leases")]),
    );
}

#[test]
fn esxi_tells_its_physical_cards_and_own_addresses() {
    let case = read(&[
        (
            "esxcli network vswitch standard list",
            "esxi_network_vswitch_standard_list.txt",
        ),
        ("", "esxi_network_nic_list.txt"),
        ("", "esxi_network_ip_interface_ipv4_get.txt"),
        ("", "esxi_network_ip_neighbor_list.txt"),
        ("", "esxi_network_firewall_get.txt"),
    ]);
    let esxi = case
        .hypervisors
        .iter()
        .find(|hypervisor| hypervisor.id == HypervisorId::Esxi)
        .expect("ESXi");
    let setting = |name: &str| esxi.settings.get(name).map(String::as_str);
    assert_eq!(setting("vmk0"), Some("192.168.1.50/24"));
    assert_eq!(
        (setting("vmnic0"), setting("vmnic32")),
        (Some("up"), Some("down"))
    );
    assert!(
        esxi.networks
            .rows()
            .iter()
            .filter(|network| network.uplink.as_deref() == Some("vmnic0"))
            .all(|network| network.settings.get("uplink-link").map(String::as_str) == Some("up"))
    );
    check("esxi_cards", &case);
}
