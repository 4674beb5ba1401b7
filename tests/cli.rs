//! The command line with bad input: the exit status, one clear line on standard error, and never a panic.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vmnet-doctor");

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program runs")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("no signal ended it")
}

/// Wrong usage: status 2, one line that says why, nothing on standard output.
#[track_caller]
fn refused(arguments: &[&str], told: &str) {
    let output = run(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(status(&output), 2, "{arguments:?}: {error}");
    assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
    assert!(error.contains(told), "{arguments:?}: {error}");
    assert!(
        !error.contains('\u{1b}') && !error.contains("panicked"),
        "{arguments:?}: {error}"
    );
    assert!(output.stdout.is_empty(), "{arguments:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain name")
}

#[test]
fn wrong_usage_is_told_in_one_line() {
    refused(&["diagnose", "--guest-ip", "192.168.122"], "not an address");
    refused(
        &["diagnose", "--hypervisor", "vmwre"],
        "vmware-workstation, vmware-fusion, esxi",
    );
    refused(&["diagnose", "--mode", "natt"], "nat, nat-network, bridged");
    refused(&["diagnose", "--port", "0"], "0");
    refused(&["diagnose", "--from", "guest", "--to", "guest"], "guest");
    refused(&["diagnose", "--no-such-option"], "--no-such-option");
    refused(
        &["diagnose", "--vm", "a", "--mode", "\u{1b}[31m\u{202e}x"],
        "mode",
    );
    refused(&["no-such-verb"], "no-such-verb");
    refused(&["explain", "no-such-cause"], "no-such-cause");
    refused(&["ping"], "ADDR");
    refused(&["ping", "router"], "not an address");
    refused(&["sweep", "10.0.0.0/8"], "addresses");
    refused(&["sweep", "somewhere"], "not a segment");
    refused(&["report", "--out", "report.pdf"], ".html");
    refused(&["open"], "FILE");
    refused(&["--lang", "tlh", "causes"], "en, zh-CN");
}

#[test]
fn files_that_are_no_cases_are_told_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    };
    let large = folder.path().join("large.json");
    let file = File::create(&large).expect("created");
    file.set_len(200 * 1024 * 1024).expect("sparse");
    let deep = "[".repeat(100_000);
    let table = [
        (
            write("cut.json", br#"{"schema":1,"intake":{"host_os":"lin"#),
            "no case file",
        ),
        (write("newer.json", br#"{"schema":2,"kind":"case"}"#), "schema 2"),
        (
            write("other.json", br#"{"schema":1,"kind":"ping","targets":[]}"#),
            "ping",
        ),
        (write("list.json", b"[]"), "no case file"),
        (write("empty.json", b""), "no case file"),
        (write("deep.json", deep.as_bytes()), "no case file"),
        (
            write("binary.json", &[0, 159, 146, 150, 255, 254]),
            "no case file",
        ),
        (
            write(
                "address.json",
                br#"{"schema":1,"intake":{"guest_ip":"$(reboot)"}}"#,
            ),
            "is not an address",
        ),
        (large, "too large"),
        (folder.path().join("missing.json"), "missing.json"),
        (folder.path().to_owned(), ""),
    ];
    for (path, told) in &table {
        refused(&["diagnose", "--case", text(path)], told);
        // Where there is always a display, the window tells it.
        if cfg!(all(unix, not(target_os = "macos"))) {
            refused(&["open", text(path)], told);
        }
    }
    let missing = folder.path().join("none.txt");
    refused(&["diagnose", "--guest-output", text(&missing)], "none.txt");
    let out = folder.path().join("no/such/folder/report.html");
    let case = write("case.json", br#"{"schema":1}"#);
    refused(
        &["report", "--case", text(&case), "--out", text(&out)],
        "report.html",
    );
}

#[test]
fn hostile_strings_are_neither_run_nor_let_through() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hostile.json");
    let name = "x'; $(touch pwned) `id` \"\u{202e}\n\r\u{1b}]0;owned\u{7} <script>alert(1)</script>";
    let case = serde_json::json!({
        "schema": 1,
        "intake": { "hypervisor": "no such product", "mode": "warp", "vm": name, "guest_ip": "192.168.122.45", "target": name },
        "hypervisors": [{ "id": "libvirt", "machines": [{ "name": name, "state": "off", "nics": [{ "mode": "nat" }] }] }],
        "outputs": [{ "on": "guest", "command": name, "text": "\u{0}\u{ffff}".repeat(1000) }],
        "no such field": [[[]]],
    });
    std::fs::write(&path, case.to_string()).expect("written");
    let output = run(&["diagnose", "--case", text(&path), "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(
        (&answer["schema"], &answer["kind"]),
        (&1.into(), &"diagnosis".into())
    );
    assert_eq!(answer["intake"]["hypervisor"], "other");
    for (form, forbidden) in [("html", "<script"), ("md", "<script"), ("json", "\u{1b}")] {
        let out = folder.path().join(format!("report.{form}"));
        let output = run(&["report", "--case", text(&path), "--out", text(&out)]);
        assert!(
            [1, 3].contains(&status(&output)),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let report = std::fs::read_to_string(&out).expect("a report");
        assert!(!report.contains(forbidden), "{form}");
    }
}

#[test]
fn every_answer_in_json_names_its_schema_and_kind() {
    let table: [(&[&str], &str); 4] = [
        (&["causes", "--json"], "causes"),
        (
            &[
                "explain",
                "guest-firewall-blocks-icmp",
                "--guest-os",
                "linux",
                "--json",
            ],
            "cause",
        ),
        (&["ping", "127.0.0.1", "--count", "1", "--json"], "ping"),
        (&["scan", "--json"], "scan"),
    ];
    for (arguments, kind) in table {
        let output = run(arguments);
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
        assert_eq!(
            (&answer["schema"], &answer["kind"]),
            (&1.into(), &kind.into()),
            "{arguments:?}"
        );
    }
}

/// Which way a packet would go is told from a saved case without a packet or a command.
/// What consoles write is read in their code page, from a file and from a pipe.
#[test]
fn pasted_output_is_read_in_the_code_page_of_its_console() {
    let sample = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/samples")
            .join(name);
        (text(&path).to_owned(), path)
    };
    for (name, known) in [
        ("win_ipconfig_all_zh_cp936.txt", "以太网"),
        ("win_ipconfig_all_de_cp850.txt", "VirtualBox Host-Only Network"),
        ("win_get-netadapter_utf16le_bom.json", "Ethernet"),
    ] {
        let (file, path) = sample(name);
        for piped in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let saved = folder.path().join("case.json");
            let empty = folder.path().join("empty.json");
            std::fs::write(&empty, r#"{ "schema": 1, "kind": "case" }"#).expect("written");
            let source = if piped { "-" } else { file.as_str() };
            let arguments = [
                "diagnose",
                "--case",
                text(&empty),
                "--guest-output",
                source,
                "--save",
                text(&saved),
                "--json",
            ];
            let input = if piped {
                Stdio::from(File::open(&path).expect("the sample"))
            } else {
                Stdio::null()
            };
            let output = Command::new(PROGRAM)
                .args(arguments)
                .env("LC_ALL", "C")
                .stdin(input)
                .output()
                .expect("the program runs");
            assert!(
                status(&output) < 2 || status(&output) == 3,
                "{name}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let saved = std::fs::read_to_string(&saved).expect("the case");
            assert!(
                saved.contains(known) && !saved.contains('\u{fffd}'),
                "{name} {piped}: {saved}"
            );
        }
    }
}

#[test]
fn the_guests_script_asks_the_host_where_its_address_is_told() {
    let output = run(&["guest-script", "--guest-os", "linux", "--host", "192.168.56.1"]);
    let script = String::from_utf8_lossy(&output.stdout);
    assert!(script.contains("ping -c 2 -W 1 192.168.56.1"), "{script}");
    refused(
        &["guest-script", "--guest-os", "linux", "--host", "router"],
        "router",
    );
}

#[test]
fn the_guests_script_comes_with_the_line_of_the_products_own_tools() {
    let line = |more: &[&str]| {
        let mut arguments = vec!["--lang", "en", "guest-script", "--guest-os", "linux"];
        arguments.extend(more);
        run(&arguments)
    };
    let output = line(&["--through", "multipass", "--vm", "it's"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.starts_with("multipass exec 'it'\\''s' -- sh -c '")
            || told.starts_with("multipass exec 'it''s' -- sh"),
        "{told}"
    );
    let output = line(&["--through", "virtualbox", "--vm", "web 01", "--user", "admin"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.contains("'web 01'") && told.contains("--passwordfile stdin"),
        "{told}"
    );
    let mut arguments = vec!["--lang", "en", "guest-script", "--guest-os", "linux"];
    for (more, why) in [
        (["--through", "vmware-workstation", "--vm", "web01"], ".vmx"),
        (["--through", "esxi", "--vm", "web01"], "no tool"),
        (["--through", "virtualbox", "--vm=-x", "--user=a"], "dash"),
        (["--through", "virtualbox", "--user", "a"], "--vm"),
        (["--vm", "web01", "--user", "a"], "--through"),
    ] {
        arguments.truncate(5);
        arguments.extend(more);
        refused(&arguments, why);
    }
}

#[test]
fn the_way_to_an_address_is_told_hop_by_hop() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/examples/libvirt-echo-filtered.json");
    let ask = |more: &[&str]| {
        let mut arguments = vec!["--lang", "en", "scan", "--case", text(&case)];
        arguments.extend(more);
        run(&arguments)
    };
    let output = ask(&["--way-to", "192.168.122.45"]);
    assert_eq!(status(&output), 0);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("straight out of virbr0"), "{printed}");
    let output = ask(&["--way-to", "203.0.113.9", "--json"]);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(answer["kind"], "scan");
    assert_eq!(answer["way"]["to"], "203.0.113.9");
    let first = &answer["way"]["out"][0];
    assert_eq!(
        (&first["at"], &first["station"]),
        (&"host".into(), &"host-route".into())
    );
    assert!(
        first["row"]
            .as_str()
            .is_some_and(|row| row.starts_with("default via 192.168.1.1")),
        "{first}"
    );
    for wrong in [
        &["--way-to", "nowhere"][..],
        &["--port", "22"],
        &["--way-to", "10.0.0.1", "--from", "nowhere"],
    ] {
        assert_eq!(status(&ask(wrong)), 2, "{wrong:?}");
    }
    let output = ask(&["--way-to", "192.168.122.45", "--from", "internet"]);
    assert_eq!(status(&output), 0);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("203.0.113.7"), "{printed}");
}

#[test]
fn every_example_names_its_cause_in_both_languages_and_its_report_opens_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = [
        ("vmware-nat-service", "hypervisor-nat-service-stopped"),
        ("virtualbox-nat", "nat-no-inbound-path"),
        ("libvirt-echo-filtered", "guest-firewall-blocks-icmp"),
    ];
    for (example, cause) in table {
        let case = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/examples/{example}.json"));
        let mut file = case;
        // The second round reads the report that the first one wrote, redacted.
        for round in 0..2 {
            for language in ["en", "zh-CN"] {
                let output = run(&["--lang", language, "diagnose", "--case", text(&file), "--json"]);
                let answer: serde_json::Value =
                    serde_json::from_slice(&output.stdout).expect("one JSON object");
                assert_eq!(answer["causes"][0]["id"], cause, "{example} {round}");
                assert_eq!(status(&output), 1, "{example} {round}");
            }
            let out = folder.path().join(format!("{example}-{round}.json"));
            let output = run(&["report", "--case", text(&file), "--redact", "--out", text(&out)]);
            assert_eq!(status(&output), 1, "{}", String::from_utf8_lossy(&output.stderr));
            file = out;
        }
    }
}

#[test]
fn a_machine_without_a_screen_is_told_of_the_command_line() {
    let home = tempfile::tempdir().expect("a folder");
    let output = command(&[])
        .env("XDG_CONFIG_HOME", home.path())
        .output()
        .expect("the program runs");
    let error = String::from_utf8_lossy(&output.stderr);
    if cfg!(target_os = "linux") {
        // Whoever clicked on it has no terminal to read that on.
        let log = std::fs::read_to_string(home.path().join("vmnet-doctor/start-failure.log"));
        let log = log.expect("a file beside the settings");
        assert!(log.contains(error.trim()), "{log}");
        assert_eq!(status(&output), 2, "{error}");
        assert!(
            error.contains("vmnet-doctor diagnose") && !error.contains("panicked"),
            "{error}"
        );
    }
}

#[test]
fn a_machine_without_tools_still_answers() {
    let output = Command::new(PROGRAM)
        .args(["diagnose", "--guest-ip", "127.0.0.1", "--json"])
        .env("PATH", "/nonexistent")
        .output()
        .expect("the program runs");
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(
        answer["kind"],
        "diagnosis",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    let mut child = Command::new(PROGRAM)
        .args(["causes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn no_network_at_all_is_an_answer() {
    // A namespace of one's own has a loopback that is down and nothing else; only root may make one.
    let inside = Command::new("unshare")
        .args([
            "-n",
            PROGRAM,
            "diagnose",
            "--guest-ip",
            "192.168.122.45",
            "--json",
        ])
        .output();
    let Ok(output) = inside else { return };
    if !cfg!(target_os = "linux") || (output.stdout.is_empty() && !output.status.success()) {
        eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_ne!(answer["verdict"], "reachable");
    assert_ne!(status(&output), 2, "{}", String::from_utf8_lossy(&output.stderr));
}
