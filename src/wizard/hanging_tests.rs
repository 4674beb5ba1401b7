//! The application with a real worker and tools that never answer.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use super::state::{CheckStatus, ScanStatus};
use super::{Command, Settings, Surroundings, Wizard};
use crate::collect::run::Tools;

/// Every tool of a Linux host, each asleep for half a minute.
fn asleep() -> (tempfile::TempDir, Tools) {
    let folder = tempfile::tempdir().expect("a folder");
    for name in [
        "virsh",
        "VBoxManage",
        "vmrun",
        "nft",
        "iptables-save",
        "ufw",
        "firewall-cmd",
        "systemctl",
        "ip",
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, "#!/bin/sh\nsleep 30\n").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("made a program");
    }
    let tools = Tools::only([folder.path().to_owned()]);
    (folder, tools)
}

#[test]
fn tools_that_hang_keep_nobody_waiting() {
    let (_folder, tools) = asleep();
    let surroundings = Surroundings {
        tools: Some(tools),
        settings: None,
    };
    let mut wizard = Wizard::in_surroundings(Settings::default(), surroundings, || {});
    let start = Instant::now();
    let mut longest = Duration::ZERO;
    let mut turn = |wizard: &mut Wizard, command: Option<Command>| {
        let since = Instant::now();
        if let Some(command) = command {
            wizard.send(command);
        }
        wizard.poll();
        longest = longest.max(since.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    };
    turn(&mut wizard, Some(Command::Scan));
    // The address is told, so the check does not wait for the tools.
    turn(
        &mut wizard,
        Some(Command::SetGuestAddress("127.0.0.1".to_owned())),
    );
    turn(&mut wizard, Some(Command::StartCheck));
    while !matches!(wizard.state().check, CheckStatus::Done { .. })
        && start.elapsed() < Duration::from_secs(10)
    {
        turn(&mut wizard, None);
    }
    assert!(
        matches!(wizard.state().check, CheckStatus::Done { .. }),
        "{:?}",
        wizard.state().check
    );
    assert!(wizard.state().diagnosis.is_some());
    // The scan gives its tools up by itself, long before they would answer.
    while wizard.state().scan.is_running() && start.elapsed() < Duration::from_secs(15) {
        turn(&mut wizard, None);
    }
    assert!(matches!(wizard.state().scan, ScanStatus::Done { .. }));
    assert!(longest < Duration::from_millis(250), "one turn took {longest:?}");
    let since = Instant::now();
    drop(wizard);
    assert!(since.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_whole_way_to_more_rights_and_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pkexec");
    // Called as `pkexec --disable-internal-agent PROGRAM scan --into FILE`.
    let script = r#"[ "$3 $4" = 'scan --into' ] && printf '{"schema":1,"host":{"modules":{"value":["read_with_rights"]}}}' >"$5""#;
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("made a program");
    let surroundings = Surroundings {
        tools: Some(Tools::only([folder.path().to_owned()])),
        settings: None,
    };
    let mut wizard = Wizard::in_surroundings(Settings::default(), surroundings, || {});
    wizard.send(Command::ReadWithRights);
    let start = Instant::now();
    while wizard.state().jobs.rights.is_some() && start.elapsed() < Duration::from_secs(15) {
        wizard.poll();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(
        wizard.state().problem.as_ref().map(|problem| &problem.detail),
        None
    );
    assert_eq!(wizard.state().facts.host.modules.rows(), ["read_with_rights"]);
}
