//! Whole scans of a Windows machine with stand-ins for its tools, at the speed of the real ones.

use std::time::Duration;

use super::super::fake::{Fake, answers, cut, sample, unread};
use super::sources;
use crate::model::{Case, HypervisorId, Mode, ServiceState, Sharing};

/// A PowerShell that takes as long as the real one to start and to answer each question. It gets no script from
/// the test: it answers whatever the program asks under the program's own numbers.
fn powershell(fake: Fake, start: &str, answers: &[(usize, String)], after: &str) -> Fake {
    let mut fake = fake;
    let mut script = format!("sleep {start}\n");
    for (number, line) in answers {
        let file = format!("/answers/powershell-{number}");
        fake = fake.file(&file, &format!("#vmnet-doctor {number} {line}\r\n"));
        let path = fake.folder.path().join(file.trim_start_matches('/'));
        script.push_str(&format!("sleep 0.15; cat {}\n", path.display()));
    }
    script.push_str(after);
    fake.tool("powershell", &script)
}

/// A sample of PowerShell's JSON on one line.
fn json(name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&sample(name)).expect("JSON");
    format!("ok {value}")
}

/// Rules as the firewall's own object tells them: what "Cancel" left behind, and what lets everybody in.
fn firewall_rules() -> serde_json::Value {
    serde_json::json!([
        { "Name": "node.exe #1", "DisplayName": "node.exe", "Enabled": 1, "Direction": 1, "Action": 4, "Profile": 4,
          "LocalPort": "*", "RemoteAddress": "*", "Protocol": "TCP", "Program": r"C:\Program Files\nodejs\node.exe" },
        { "Name": "Web #2", "DisplayName": "Web", "Enabled": 1, "Direction": 1, "Action": 2, "Profile": 2147483647,
          "LocalPort": "80,8000-8100", "RemoteAddress": "LocalSubnet", "Protocol": "TCP", "Program": null },
        { "Name": "Echo #3", "DisplayName": "Echo", "Enabled": 1, "Direction": 1, "Action": 2, "Profile": 2147483647,
          "LocalPort": null, "RemoteAddress": "*", "Protocol": "ICMPv4", "Program": "System" },
    ])
}

fn all_answers() -> Vec<(usize, String)> {
    let adapters = json("win_get-netadapter_select.json");
    let portproxy = sample("win_netsh_portproxy_v4tov4.txt");
    let lines: Vec<&str> = portproxy.lines().collect();
    let mut machines: Vec<serde_json::Value> =
        serde_json::from_str(&sample("win_get-vmnetworkadapter_select.json")).expect("JSON");
    machines.insert(
        0,
        serde_json::json!({ "Name": "web01", "State": 2, "CPUUsage": 1, "MemoryAssigned": 5 }),
    );
    vec![
        (0, adapters),
        (2, json("win_get-netipinterface_select.json")),
        (3, json("win_get-netconnectionprofile.json")),
        (4, json("win_get-netfirewallprofile_select.json")),
        (5, json("win_get-service_vm_select.json")),
        (6, format!("ok {}", serde_json::json!(lines))),
        (7, format!("ok {}", firewall_rules())),
        (
            8,
            format!(
                "ok {}",
                serde_json::json!([{ "Name": "Ethernet", "ComponentID": "vmware_bridge", "Enabled": false }])
            ),
        ),
        (9, "none".to_owned()),
        (10, json("win_get-vmswitch_select.json")),
        (11, format!("ok {}", serde_json::json!(machines))),
        (12, r#"ok [{"ParentAdapterName":"External-LAN","OperationMode":"Access","AccessVlanId":20}]"#.to_owned()),
        (
            13,
            r#"ok [{"VMName":"web01","Direction":"Inbound","Action":"Deny","RemoteAddress":"10.0.0.0/8"}]"#.to_owned(),
        ),
        (
            14,
            r#"ok [{"Name":"{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}","Enabled":1,"DefaultInboundAction":4,"AllowHostPolicyMerge":1}]"#.to_owned(),
        ),
        (
            15,
            r#"ok [{"VMCreatorId":"{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}","Direction":1,"Action":2,"Enabled":1,"Protocol":"TCP","LocalPorts":["8080"]}]"#.to_owned(),
        ),
        (16, r#"ok [{"displayName":"Norton","productState":266240}]"#.to_owned()),
        (17, r#"ok [{"Name":"Ethernet","SharingConnectionType":0}]"#.to_owned()),
        (18, r#"ok [{"Name":"Ethernet","RegistryKeyword":"*LsoV2IPv4","RegistryValue":["1"]}]"#.to_owned()),
    ]
}

/// Tools of the command prompt and of the products, with what they really print.
fn prompt() -> Fake {
    let fake = Fake::new()
        .file(
            r"/C:/ProgramData/VMware/netmap.conf",
            &sample("vmware_netmap.conf"),
        )
        .file(
            "/C:/ProgramData/VMware/vmnetdhcp.conf",
            &sample("vmware_win_vmnetdhcp.conf"),
        )
        .file(
            "/C:/ProgramData/VMware/vmnetnat.conf",
            &sample("vmware_win_vmnetnat.conf"),
        )
        .file(
            "/C:/ProgramData/VMware/vmnetdhcp.leases",
            &sample("vmware_win_vmnetdhcp.leases"),
        )
        .file("/C:/Windows/System32/drivers/etc/hosts", "192.168.56.9 web01\r\n")
        .tool(
            "sc",
            "sleep 0.1; printf 'SERVICE_NAME: VMware NAT Service\\r\\n        STATE : 1  STOPPED\\r\\n        WAIT_HINT : 0x0\\r\\n'",
        );
    let fake = answers(
        fake,
        "reg",
        &[
            (
                "*WOW6432Node*VMware\\ Workstation*",
                "win_reg_query_vmware_workstation.txt",
            ),
            ("*Oracle*", "win_reg_query_virtualbox.txt"),
            ("*Internet\\ Settings*", "win_reg_query_internet_settings.txt"),
        ],
    );
    let fake = answers(
        fake,
        "VBoxManage",
        &[
            ("*hostonlyifs", "vbox_list_hostonlyifs_windows.txt"),
            ("*bridgedifs", "vbox_list_bridgedifs_windows.txt"),
            ("*natnets", "vbox_list_natnets_7x.txt"),
            ("*dhcpservers", "vbox_list_dhcpservers_7x.txt"),
            ("'list vms'", "vbox_list_vms.txt"),
            ("'list runningvms'", "vbox_list_runningvms.txt"),
            ("showvminfo\\ 6f1c2b3a*", "vbox_showvminfo_machinereadable_7x.txt"),
            ("*--version", "vbox_list_intnets.txt"),
        ],
    );
    let fake = answers(fake, "route", &[("print", "win_route_print_zh.txt")]);
    answers(fake, "arp", &[("-a", "win_arp_a_zh.txt")])
}

fn product(case: &Case, id: HypervisorId) -> &crate::model::Hypervisor {
    let found = case.hypervisors.iter().find(|hypervisor| hypervisor.id == id);
    found.unwrap_or_else(|| panic!("{id} is not in {:?}", case.hypervisors))
}

#[test]
fn a_whole_machine_is_read_in_time() {
    let fake = powershell(prompt(), "0.6", &all_answers(), "echo '#vmnet-doctor end'");
    let (case, first, all) = fake.scan_of(sources());
    assert!(first < Duration::from_millis(1500), "first facts after {first:?}");
    assert!(all < Duration::from_millis(5000), "all facts after {all:?}");
    let host = &case.host;
    assert!(host.routes.rows().len() > 5 && !host.neighbors.rows().is_empty());
    let profile = |name: &str| host.adapter(name).and_then(|adapter| adapter.profile.as_deref());
    assert_eq!(profile("Ethernet"), Some("private"));
    assert_eq!(
        host.adapter("Ethernet")
            .map(|adapter| adapter.bindings.as_slice()),
        Some(&[("vmware_bridge".to_owned(), false)][..])
    );
    let firewall = host.firewall.value().expect("a firewall");
    assert_eq!(firewall.profiles.len(), 3);
    let rules: Vec<(&str, Option<bool>, Option<&str>)> = firewall
        .rules
        .iter()
        .map(|rule| (rule.shown_name(), rule.allows, rule.program.as_deref()))
        .collect();
    assert_eq!(
        rules,
        [
            ("node.exe", Some(false), Some(r"C:\Program Files\nodejs\node.exe")),
            ("Web", Some(true), None),
            ("Echo", Some(true), Some("System")),
        ]
    );
    assert!(firewall.rules.iter().skip(1).all(|rule| rule.profiles.is_empty()));
    assert!(!host.port_proxies.rows().is_empty());
    let proxies: Vec<(&str, u16)> = host
        .proxies
        .rows()
        .iter()
        .map(|row| (row.host.as_str(), row.port))
        .collect();
    assert_eq!(proxies, [("proxy.example", 3128)]);
    assert_eq!(host.hosts.rows().len(), 1);
    assert!(
        host.services
            .rows()
            .iter()
            .any(|service| service.name == "VMware NAT Service")
    );
    let vmware = product(&case, HypervisorId::VmwareWorkstation);
    assert_eq!(vmware.version.as_deref(), Some("17.6.3.24583834"));
    assert!(
        vmware
            .networks
            .rows()
            .iter()
            .any(|network| network.leases.is_some()),
        "{vmware:#?}"
    );
    assert!(
        !product(&case, HypervisorId::VirtualBox)
            .networks
            .rows()
            .is_empty()
    );
    let hyper_v = product(&case, HypervisorId::HyperV);
    assert!(hyper_v.networks.rows().len() > 1 && hyper_v.machine("web01").is_some());
    let external = hyper_v.network("External-LAN").expect("a switch");
    assert_eq!(external.settings.get("host-vlan").map(String::as_str), Some("20"));
    let guard = hyper_v
        .machine("web01")
        .and_then(|machine| machine.nics[0].settings.get("acl"));
    assert_eq!(guard.map(String::as_str), Some("Inbound 10.0.0.0/8 Deny; "));
    let wsl = product(&case, HypervisorId::Wsl2);
    let setting = |name: &str| wsl.settings.get(name).map(String::as_str);
    assert_eq!(
        (setting("firewall-inbound"), setting("firewall-allows")),
        (Some("block"), Some("tcp/8080"))
    );
    assert_eq!(firewall.other_products, ["Norton"]);
    let ethernet = host.adapter("Ethernet").expect("a card");
    assert_eq!(ethernet.sharing, Some(Sharing::Public));
    assert_eq!(ethernet.offloads, [("LsoV2IPv4".to_owned(), true)]);
    assert_eq!(cut(&case), Vec::<&str>::new());
    // Addresses were not answered; that is said, with the command.
    assert!(unread(&case, "addresses").ends_with("| Get-NetIPAddress"));
    assert_eq!(Case::from_json(&case.to_json()).expect("opens"), case);
}

#[test]
fn machines_of_wsl_tell_their_addresses_and_none_is_started_for_it() {
    let fake = Fake::new().file("/list", "  NAME            STATUS                  VERSION\n* Ubuntu    Wird ausgeführt    2\n  Debian    Wird ausgeführt    2\n  docker-desktop    Wird ausgeführt    2\n  alpine    Wird ausgeführt    2\n");
    let folder = fake.folder.path().display().to_string();
    let fake = fake
        .tool("reg", r"case $2 in *Lxss) printf 'HKEY_CURRENT_USER\\Software\\X\\{1}\r\n';; *) exit 1;; esac")
        .tool(
            "wsl",
            &format!(
                "echo \"$*\" >>{folder}/asked; case \"$*\" in '-l -v') cat {folder}/list;; *--quiet) printf 'Ubuntu\\ndocker-desktop\\nalpine\\n';; \
                 '-d Ubuntu -e hostname -I') echo '172.29.4.7 172.17.0.1 fd00::7 ';; *networking-mode) echo mirrored;; \
                 *) echo 'hostname: unrecognized option: I' >&2; exit 1;; esac"
            ),
        );
    let case = fake.scan_all(sources());
    let wsl = product(&case, HypervisorId::Wsl2);
    let machines: Vec<_> = wsl
        .machines
        .rows()
        .iter()
        .map(|machine| (machine.name.as_str(), machine.state))
        .collect();
    use crate::model::PowerState::{Off, Running};
    assert_eq!(
        machines,
        [
            ("Ubuntu", Running),
            ("Debian", Off),
            ("docker-desktop", Running),
            ("alpine", Running)
        ]
    );
    let addresses: Vec<String> = wsl.machines.rows()[0].nics[0]
        .addresses
        .iter()
        .map(|told| told.address.to_string())
        .collect();
    assert_eq!(addresses, ["172.29.4.7"]);
    assert_eq!(
        wsl.network("WSL").map(|network| network.mode),
        Some(Mode::Mirrored)
    );
    assert!(unread(&case, "addresses of a WSL machine (alpine)").ends_with("| wsl -d alpine -e hostname -I"));
    let asked = std::fs::read_to_string(format!("{folder}/asked")).expect("asked");
    assert!(
        !asked.contains("Debian") && !asked.contains("docker-desktop"),
        "{asked}"
    );
}

#[test]
fn machines_of_vmware_are_read_from_their_files() {
    let file = r"C:\Users\user\Documents\Virtual Machines\web01\web01.vmx";
    let fake = prompt();
    let fake = fake.file(
        &format!("/{}", file.replace('\\', "/")),
        &sample("vmware_vmx_network_lines.vmx"),
    );
    let fake = answers(
        fake,
        "vmrun",
        &[
            ("'-T ws list'", "vmware_vmrun_list_windows.txt"),
            ("*getGuestIPAddress*", "vmware_vmrun_getGuestIPAddress_ok.txt"),
        ],
    );
    let case = fake.scan_all(sources());
    let vmware = product(&case, HypervisorId::VmwareWorkstation);
    let machine = vmware.machine(file).unwrap_or_else(|| panic!("{vmware:#?}"));
    assert!(
        machine.nics.iter().any(|nic| !nic.addresses.is_empty()),
        "{machine:#?}"
    );
    assert!(machine.nics.len() > 2, "{machine:#?}");
}

#[test]
fn a_powershell_that_is_slow_leaves_what_it_said_and_the_rest() {
    let first: Vec<_> = all_answers()
        .into_iter()
        .filter(|(number, _)| *number < 4)
        .collect();
    let fake = powershell(prompt(), "0.4", &first, "sleep 20");
    let (case, _, all) = fake.scan_of(sources());
    assert!(all < Duration::from_millis(5000), "{all:?}");
    assert!(
        case.host
            .adapter("Ethernet")
            .is_some_and(|adapter| adapter.profile.is_some())
    );
    assert_eq!(
        unread(&case, "firewall profiles"),
        "timed out | Get-NetFirewallProfile -PolicyStore ActiveStore"
    );
    assert!(product(&case, HypervisorId::VirtualBox).version.is_some());
}

#[test]
fn without_powershell_the_tools_of_the_prompt_stand_in() {
    for blocked in [
        "echo 'This program is blocked by group policy.' >&2; exit 1",
        "sleep 20",
        "exec yes",
        "head -c 300000 /dev/urandom",
    ] {
        let fake = answers(prompt(), "ipconfig", &[("/all", "win_ipconfig_all_zh.txt")]);
        let fake = answers(
            fake,
            "netsh",
            &[("*allprofiles", "win_netsh_advfirewall_allprofiles_en.txt")],
        );
        let fake = fake.tool("powershell", blocked);
        let (case, first, all) = fake.scan_of(sources());
        assert!(
            first < Duration::from_millis(1500) && all < Duration::from_millis(5000),
            "{first:?} {all:?}"
        );
        assert_eq!(
            case.host.firewall.value().map(|firewall| firewall.profiles.len()),
            Some(3),
            "{blocked}"
        );
        assert!(
            case.host
                .adapters
                .rows()
                .iter()
                .any(|adapter| adapter.name.contains("VMnet8")),
            "{blocked}"
        );
        assert!(
            case.unread.iter().any(|gap| gap.what == "firewall rules"),
            "{blocked}"
        );
    }
}

#[test]
fn what_needs_rights_says_which() {
    let answers = vec![
        (10, "no OperationStopped needs Hyper-V Administrators".to_owned()),
        (9, "no PermissionDenied 拒绝访问。".to_owned()),
        (0, "ok [{\"Name\":\"\\\"; shutdown /s #\",\"InterfaceDescription\":\"x\",\"ifIndex\":7,\"Status\":\"Up\",\"MacAddress\":\"\"}]".to_owned()),
        (4, "ok {\"half\": [1,".to_owned()),
    ];
    let fake = powershell(prompt(), "0", &answers, "");
    let (case, ..) = fake.scan_of(sources());
    assert_eq!(
        unread(&case, "firewall profiles"),
        "not understood: it does not look whole | Get-NetFirewallProfile -PolicyStore ActiveStore"
    );
    assert_eq!(
        unread(&case, "Hyper-V switches"),
        "failed: needs Hyper-V Administrators | Get-VMSwitch"
    );
    assert!(unread(&case, "Windows NAT").starts_with("needs "));
    // A hostile name is a name.
    assert!(case.host.adapter("\"; shutdown /s #").is_some());
}

#[test]
fn answers_that_were_cut_are_gaps_and_never_none() {
    let answers = vec![
        (0, json("win_get-netadapter_select.json")),
        (6, "ok [\"Listen on ipv4:\",\"0.0.0.0  80".to_owned()),
        (
            10,
            "ok [{\"Name\":\"lab\",\"SwitchType\":1},{\"Name\":\"otherw".to_owned(),
        ),
        (11, "ok [{\"Name\":\"web01\",\"State\":2},{\"VMNa".to_owned()),
    ];
    let (case, ..) = powershell(prompt(), "0", &answers, "").scan_of(sources());
    for (what, how) in [
        ("port proxies", "netsh interface portproxy show v4tov4"),
        ("Hyper-V switches", "Get-VMSwitch"),
        ("Hyper-V machines and cards", "Get-VM; Get-VMNetworkAdapter"),
    ] {
        assert_eq!(
            unread(&case, what),
            format!("not understood: it does not look whole | {how}")
        );
    }
    assert!(!case.host.port_proxies.is_known());
    let hyper_v = product(&case, HypervisorId::HyperV);
    assert!(hyper_v.network("lab").is_some() && !hyper_v.settings.contains_key("listed"));
    assert!(!hyper_v.machines.is_known());
    // An empty list is an answer.
    let answers = vec![
        (0, json("win_get-netadapter_select.json")),
        (6, "ok []".to_owned()),
        (10, "ok []".to_owned()),
    ];
    let (case, ..) = powershell(prompt(), "0", &answers, "").scan_of(sources());
    assert!(case.host.port_proxies.is_known());
    assert_eq!(
        product(&case, HypervisorId::HyperV)
            .settings
            .get("listed")
            .map(String::as_str),
        Some("networks")
    );
}

#[test]
fn registry_values_of_the_wrong_type_are_gaps() {
    let fake = Fake::new().tool(
        "reg",
        r#"case "$*" in *Oracle*) printf 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Oracle\\VirtualBox\r\n    Version    REG_DWORD    0x7\r\n    InstallDir    REG_SZ    C:\\VB\r\n';; *) exit 1;; esac"#,
    );
    let (case, ..) = fake.scan_of(sources());
    let virtualbox = product(&case, HypervisorId::VirtualBox);
    assert_eq!(
        (virtualbox.installed, virtualbox.version.as_deref()),
        (Some(true), None)
    );
    assert!(
        case.unread
            .iter()
            .any(|gap| gap.what.ends_with(r"VirtualBox\Version")),
        "{:#?}",
        case.unread
    );
}

#[test]
fn two_products_of_a_kind_are_one_with_the_facts_of_both() {
    let key = |product: &str, version: &str, folder: &str| {
        format!(
            r#"printf 'HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\VMware, Inc.\\{product}\r\n    ProductVersion    REG_SZ    {version}\r\n    InstallPath    REG_SZ    {folder}\r\n'"#
        )
    };
    let fake = prompt().tool(
        "reg",
        &format!(
            "case \"$*\" in *WOW6432Node*Workstation*) {};; *WOW6432Node*Player*) {};; *Oracle*) exit 1;; *) exit 1;; esac",
            key("VMware Workstation", "17.6.3", r"C:\\VW\\"),
            key("VMware Player", "15.5.0", r"C:\\VP\\")
        ),
    );
    let (case, ..) = fake.scan_of(sources());
    let known = case
        .hypervisors
        .iter()
        .filter(|product| product.id == HypervisorId::VmwareWorkstation);
    assert_eq!(known.count(), 1);
    let vmware = product(&case, HypervisorId::VmwareWorkstation);
    assert_eq!(vmware.installed, Some(true));
    assert!(
        vmware.version.is_some() && !vmware.networks.rows().is_empty(),
        "{vmware:#?}"
    );
    // The other product that is here is told as well.
    let virtualbox = product(&case, HypervisorId::VirtualBox);
    assert!(!virtualbox.networks.rows().is_empty());
}

#[test]
fn services_that_do_not_run_are_told_by_the_service_manager() {
    let (case, ..) = prompt().scan_of(sources());
    let service = case
        .host
        .services
        .rows()
        .iter()
        .find(|service| service.name == "VMware NAT Service");
    assert_eq!(service.map(|service| service.state), Some(ServiceState::Stopped));
}
