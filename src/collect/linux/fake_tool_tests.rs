//! Whole scans with stand-ins for the tools: hanging, endless, garbled, refusing, and absent ones.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::run::Tools;
use super::super::{ScanOptions, scan};
use crate::model::{Case, HypervisorId};

/// A machine whose files and tools are those of a folder.
struct Fake {
    folder: tempfile::TempDir,
}

impl Fake {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("tools")).expect("made");
        // The kernel's own files are the real ones.
        std::os::unix::fs::symlink("/proc", folder.path().join("proc")).expect("linked");
        Self { folder }
    }

    fn tool(self, name: &str, script: &str) -> Self {
        let file = self.folder.path().join("tools").join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("written");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("made a program");
        self
    }

    fn file(self, path: &str, text: &str) -> Self {
        let file = self.folder.path().join(path.trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("made");
        std::fs::write(&file, text).expect("written");
        self
    }

    fn options(&self) -> ScanOptions {
        ScanOptions {
            tools: Tools::only([self.folder.path().join("tools")]),
            root: self.folder.path().to_owned(),
            ..ScanOptions::new(jiff::Timestamp::from_second(1_700_000_000).expect("valid"))
        }
    }

    fn scan(&self) -> (Case, Duration) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        let start = Instant::now();
        let case = runtime.expect("a runtime").block_on(scan(self.options(), |_| ()));
        (case, start.elapsed())
    }
}

fn unread(case: &Case, what: &str) -> String {
    let found = case.unread.iter().find(|unread| unread.what == what);
    let found = found.unwrap_or_else(|| panic!("{what} is not in {:#?}", case.unread));
    format!("{} | {}", found.why, found.how)
}

#[test]
fn a_machine_without_tools_is_read_at_once() {
    let fake = Fake::new()
        .file("/etc/hosts", "192.168.122.9 web01\n")
        .file("/etc/resolv.conf", "nameserver 192.168.1.1\n")
        .file("/etc/os-release", "PRETTY_NAME=\"Test Linux 1\"\n");
    let (case, elapsed) = fake.scan();
    assert!(elapsed < Duration::from_secs(2), "{elapsed:?}");
    assert_eq!(case.host.os_name.as_deref(), Some("Test Linux 1"));
    assert_eq!(case.host.hosts.rows().len(), 1);
    assert_eq!(case.host.dns.rows().len(), 1);
    assert!(case.host.adapters.is_known() && case.host.routes.is_known() && case.host.kernel.is_known());
    assert_eq!(
        unread(&case, "packet filter"),
        "not installed | sudo nft -j list ruleset"
    );
    assert!(!case.host.filter.is_known());
    // A product that is not here is no gap.
    assert!(
        case.unread.iter().all(|unread| !unread.what.contains("libvirt")),
        "{:#?}",
        case.unread
    );
}

#[test]
fn tools_that_hang_flood_refuse_or_rave_do_not_hold_up_the_scan() {
    let fake = Fake::new()
        .tool("nft", "exec yes")
        .tool(
            "iptables-save",
            "echo 'Permission denied (you must be root)' >&2; exit 4",
        )
        .tool("ip6tables-save", "head -c 100000 /dev/urandom")
        .tool("virsh", "sleep 60 & wait")
        .tool("VBoxManage", "sleep 60")
        .tool("vmrun", "echo 'Error: nothing works'; exit 255")
        .tool("systemctl", "head -c 100000 /dev/urandom")
        .file("/run/systemd/system/x", "")
        .file("/run/libvirt/libvirt-sock", "")
        .file("/etc/vmware/networking", "VERSION=1,0\nanswer VNET_8_NAT yes\n")
        .file("/etc/vmware/vmnet8/nat/nat.conf", "\u{0}\u{1}[host\nip = x");
    let (case, elapsed) = fake.scan();
    assert!(elapsed < Duration::from_secs(6), "{elapsed:?}");
    assert!(unread(&case, "nftables ruleset").starts_with("too large | sudo nft"));
    assert_eq!(
        unread(&case, "iptables rules"),
        "needs root | sudo iptables-save -c"
    );
    assert_eq!(
        unread(&case, "libvirt networks and machines"),
        "timed out | sudo virsh -c qemu:///system net-list --all"
    );
    assert_eq!(unread(&case, "virtualbox"), "timed out | VBoxManage list -l vms");
    assert!(unread(&case, "VMware machines").starts_with("failed: Error: nothing works"));
    // What could be read is there all the same.
    assert!(case.host.adapters.is_known());
    let products: Vec<HypervisorId> = case.hypervisors.iter().map(|hypervisor| hypervisor.id).collect();
    for id in [
        HypervisorId::Libvirt,
        HypervisorId::VirtualBox,
        HypervisorId::VmwareWorkstation,
    ] {
        assert!(products.contains(&id), "{id}");
    }
    // Such a case is saved and opened like any other.
    assert_eq!(Case::from_json(&case.to_json()).expect("opens"), case);
}

#[test]
fn the_order_in_which_tools_answer_leaves_no_trace() {
    let fake = |nft: &str, iptables: &str| {
        let text = "# Generated by iptables-save v1.8.9 (nf_tables)\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
        Fake::new()
            .tool("nft", &format!("sleep {nft}; echo '{{\"nftables\": []}}'"))
            .tool(
                "iptables-save",
                &format!("sleep {iptables}; printf '{}'", text.replace('\n', "\\n")),
            )
    };
    let filter = |fake: Fake| {
        let mut options = fake.options();
        options.only = vec!["filter".to_owned()];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(scan(options, |_| ())).host.filter
    };
    assert_eq!(filter(fake("0", "0.2")), filter(fake("0.2", "0")));
}

#[test]
fn a_filter_that_could_not_be_understood_is_not_complete() {
    let filter = |nft: &str| {
        let fake = Fake::new().tool("nft", nft).tool("iptables-save", "echo '%&/()'");
        let mut options = fake.options();
        options.only = vec!["filter".to_owned()];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let case = runtime.block_on(scan(options, |_| ()));
        case.host.filter.value().map(|filter| filter.complete)
    };
    assert_ne!(filter("echo 'all is well'"), Some(true));
    assert_ne!(
        filter("echo '{\"nftables\": [{\"rule\": {\"family\": \"ip\"}}'"),
        Some(true)
    );
    assert_ne!(filter("true"), Some(true));
}

#[test]
fn a_scan_that_is_dropped_ends_its_tools() {
    let fake = Fake::new();
    let number = fake.folder.path().join("number");
    let fake = fake.tool("VBoxManage", &format!("echo $$ > {}; sleep 60", number.display()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let start = Instant::now();
    runtime.block_on(async {
        let scan = scan(fake.options(), |_| ());
        tokio::time::timeout(Duration::from_millis(600), scan)
            .await
            .expect_err("dropped");
    });
    assert!(start.elapsed() < Duration::from_secs(3));
    let number = std::fs::read_to_string(number).expect("it had started");
    let ended = || {
        let status = std::fs::read_to_string(Path::new("/proc").join(number.trim()).join("stat"));
        status.map_or(true, |text| text.contains(") Z "))
    };
    for _ in 0..100 {
        if ended() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the tool still runs");
}

/// The text of a sample of the parsers.
fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/samples")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A script that prints a file of its own folder for each pattern of arguments, and fails for all others.
fn answers(fake: Fake, tool: &str, answers: &[(&str, &str)]) -> Fake {
    let mut fake = fake;
    let mut script = String::from("case \"$*\" in\n");
    for (index, (pattern, name)) in answers.iter().enumerate() {
        let file = format!("/answers/{tool}-{index}");
        fake = fake.file(&file, &sample(name));
        let file = fake.folder.path().join(file.trim_start_matches('/'));
        script.push_str(&format!("{pattern}) cat {} ;;\n", file.display()));
    }
    script.push_str("*) echo \"error: unknown: $*\" >&2; exit 1 ;;\nesac");
    fake.tool(tool, &script)
}

#[test]
fn libvirt_is_read_through_its_tool() {
    let fake = answers(
        Fake::new().file("/run/libvirt/libvirt-sock", ""),
        "virsh",
        &[
            ("*net-list*", "libvirt_virsh_net-list_all.txt"),
            ("*net-dumpxml*default", "libvirt_net-dumpxml_default_nat.xml"),
            (
                "*net-dhcp-leases*default",
                "libvirt_virsh_net-dhcp-leases_default.txt",
            ),
            ("*' list --all'", "libvirt_virsh_list_all.txt"),
            ("*dumpxml*web01", "libvirt_dumpxml_web01_all_nic_kinds.xml"),
            ("*domifaddr*agent", "libvirt_virsh_domifaddr_agent.txt"),
        ],
    );
    let (case, _) = fake.scan();
    let libvirt = case
        .hypervisors
        .iter()
        .find(|hypervisor| hypervisor.id == HypervisorId::Libvirt);
    let libvirt = libvirt.expect("libvirt");
    assert_eq!((libvirt.installed, libvirt.running), (Some(true), Some(true)));
    insta::assert_json_snapshot!("libvirt", libvirt);
}

#[test]
fn virtualbox_is_read_through_its_tool() {
    let fake = answers(
        Fake::new(),
        "VBoxManage",
        &[
            ("*hostonlyifs", "vbox_list_hostonlyifs_linux.txt"),
            ("*bridgedifs", "vbox_list_bridgedifs_linux.txt"),
            ("*natnets", "vbox_list_natnets_7x.txt"),
            ("*intnets", "vbox_list_intnets.txt"),
            ("*dhcpservers", "vbox_list_dhcpservers_7x.txt"),
            ("'list vms'", "vbox_list_vms.txt"),
            ("'list runningvms'", "vbox_list_runningvms.txt"),
            ("showvminfo\\ 6f1c2b3a*", "vbox_showvminfo_machinereadable_7x.txt"),
            (
                "guestproperty\\ enumerate\\ 6f1c2b3a*",
                "vbox_guestproperty_enumerate_7x.txt",
            ),
            ("--version", "vbox_warning_kernel_module_not_loaded_prefix.txt"),
        ],
    );
    let (case, _) = fake.scan();
    let virtualbox = case
        .hypervisors
        .iter()
        .find(|hypervisor| hypervisor.id == HypervisorId::VirtualBox);
    insta::assert_json_snapshot!("virtualbox", virtualbox.expect("VirtualBox"));
}

/// Prints what a scan of this very machine takes: `cargo test --lib scan_time -- --ignored --nocapture`.
#[test]
#[ignore = "measures, does not judge"]
fn scan_time() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    for round in 0..5 {
        let start = Instant::now();
        let options = ScanOptions::new(jiff::Timestamp::now());
        let case = runtime.block_on(scan(options, |event| {
            if let (super::super::ScanEvent::Finished { source, elapsed, gap }, 0) = (event, round) {
                println!("{source:<12} {:>6.1} ms  {gap:?}", elapsed.as_secs_f64() * 1e3);
            }
        }));
        println!(
            "scan {round}: {:.1} ms, {} bytes",
            start.elapsed().as_secs_f64() * 1e3,
            case.to_json().len()
        );
    }
}
