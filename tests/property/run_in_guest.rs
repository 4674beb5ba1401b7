//! The guest's script by a product's own tools: whatever the machine and the account are called, the tool gets exactly that,
//! the guest gets exactly the script, and what comes back is what the script printed.

use vmnet_doctor::model::{HypervisorId, Os};
use vmnet_doctor::remedy::{Further, NoRunInGuest, Product, Shell};

use super::shells;

fn product(id: HypervisorId, os: Os, machine: &str) -> Product<'_> {
    Product {
        id,
        os,
        machine,
        machine_id: None,
        runs: true,
        nic: 1,
        further: Further::Missing,
    }
}

fn line(id: HypervisorId, os: Os, machine: &str, guest: Os, script: &str) -> String {
    let line = product(id, os, machine).run_in_guest(guest, script, None);
    line.expect("a line").command
}

/// RFC 4648, section 4.
fn decoded(text: &str) -> Vec<u8> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').chars() {
        bits = (bits << 6) | ALPHABET.find(letter).expect("a letter of base64") as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

fn decoded_utf16(text: &str) -> String {
    let bytes = decoded(text);
    let units: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16(&units).expect("UTF-16")
}

/// The longest word of letters that base64 is made of.
fn carried(line: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    line.split(|c| !is_part(c))
        .max_by_key(|word| word.len())
        .unwrap_or_default()
}

#[test]
fn a_windows_guest_gets_the_script_in_utf16() {
    let script = vmnet_doctor::knowledge::guest_script(Os::Windows);
    for (id, os, machine) in [
        (HypervisorId::VmwareWorkstation, Os::Windows, "C:\\vm\\a.vmx"),
        (HypervisorId::VmwareFusion, Os::Macos, "/vm/a.vmx"),
        (HypervisorId::VirtualBox, Os::Windows, "win"),
        (HypervisorId::VirtualBox, Os::Linux, "win"),
        (HypervisorId::Libvirt, Os::Linux, "win"),
        (HypervisorId::Parallels, Os::Macos, "win"),
    ] {
        let line = line(id, os, machine, Os::Windows, &script);
        assert!(decoded_utf16(carried(&line)).contains(&script), "{line}");
        // What the command prompt, the shortest of all, takes ("Command prompt line string limitation", Microsoft Learn).
        assert!(line.len() < 8191, "{} characters", line.len());
    }
    let line = line(HypervisorId::HyperV, Os::Windows, "win", Os::Windows, &script);
    assert!(line.ends_with(&format!("-ScriptBlock {{ {script} }}")), "{line}");
}

#[test]
fn powershell_reads_the_names_as_they_are() {
    const STAND_IN: &str = "STANDIN";
    for hostile in super::quoting::names().iter().take(4_000) {
        for (id, ending) in [
            (HypervisorId::VirtualBox, ""),
            (HypervisorId::HyperV, ""),
            (HypervisorId::VmwareWorkstation, ".vmx"),
        ] {
            let named = |name: &str| product_line(id, &format!("{name}{ending}"));
            let usual = named(STAND_IN).expect("a line");
            let Some(line) = named(hostile) else {
                assert!(hostile.starts_with('-'), "{hostile:?}");
                continue;
            };
            // Every place of the name, and nothing else, is another.
            let mut rest = line.as_str();
            let word =
                vmnet_doctor::remedy::quote::argument(Shell::Powershell, &format!("{hostile}{ending}"));
            assert_eq!(
                shells::powershell_argument(&word),
                Ok(format!("{hostile}{ending}"))
            );
            for (at, piece) in usual.split(&format!("{STAND_IN}{ending}")).enumerate() {
                if at > 0 {
                    rest = rest.strip_prefix(&word).expect("the name as one word");
                }
                rest = rest.strip_prefix(piece).expect("the same around it");
            }
            assert_eq!(rest, "", "{line}");
        }
    }
}

fn product_line(id: HypervisorId, machine: &str) -> Option<String> {
    let line = product(id, Os::Windows, machine).run_in_guest(Os::Windows, "ipconfig", None);
    line.ok().map(|line| line.command)
}

#[test]
fn what_no_tool_can_do_is_refused() {
    let refused = |id, host, machine, guest| {
        product(id, host, machine)
            .run_in_guest(guest, "ip addr", None)
            .err()
    };
    for (id, host, guest) in [
        (HypervisorId::HyperV, Os::Windows, Os::Linux),
        (HypervisorId::Esxi, Os::Linux, Os::Linux),
        (HypervisorId::Wsl2, Os::Linux, Os::Linux),
        (HypervisorId::Libvirt, Os::Windows, Os::Linux),
        (HypervisorId::Lima, Os::Macos, Os::Windows),
    ] {
        assert_eq!(
            refused(id, host, "vm", guest),
            Some(NoRunInGuest::NoTool),
            "{id} {host:?}"
        );
    }
    let vmware = HypervisorId::VmwareWorkstation;
    assert_eq!(
        refused(vmware, Os::Linux, "web01", Os::Linux),
        Some(NoRunInGuest::PathWanted)
    );
    assert_eq!(
        refused(HypervisorId::VirtualBox, Os::Linux, "--password=x", Os::Linux),
        Some(NoRunInGuest::NameIsOption)
    );
}

#[cfg(unix)]
mod staged {
    use std::fs;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};

    use tempfile::TempDir;
    use vmnet_doctor::model::{Case, HypervisorId, Os, Place};
    use vmnet_doctor::{knowledge, parse};

    use super::product;

    /// Stand-ins for the products' tools: each keeps its arguments, one a NUL, and does what the tool would do, with this
    /// computer as the guest.
    const TOOLS: [(&str, &str); 6] = [
        (
            "vmrun",
            r#"case $7 in
            runScriptInGuest) printf %s "${10}" >"$HERE/vix"; "$9" "$HERE/vix" ;;
            copyFileFromGuestToHost) cp "$9" "${10}" ;;
            deleteFileInGuest) rm "$9" ;;
            esac"#,
        ),
        (
            "VBoxManage",
            r#"cat >"$HERE/password"; shift 8; [ "$1" = -- ] || exit 9; shift; "$@""#,
        ),
        (
            "virsh",
            r#"case $6 in
            *guest-exec-status*) printf '{"return":{"exitcode":0,"out-data":"%s","exited":true}}\n\n' "$(base64 -w 0 "$HERE/out")" ;;
            *) line=${6#*-c\",\"}; sh -c "${line%%\"*}" >"$HERE/out"; echo '{"return":{"pid":4711}}' ;;
            esac"#,
        ),
        ("multipass", r#"shift 3; "$@""#),
        ("limactl", r#"shift 4; "$@""#),
        ("prlctl", r#"shift 2; sh -c "$*""#),
    ];

    fn tool(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    }

    fn stage() -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in TOOLS {
            tool(
                folder.path(),
                name,
                &format!("printf '%s\\0' \"$@\" >>\"$HERE/{name}.words\"\n{text}"),
            );
        }
        tool(folder.path(), "sleep", "exit 0");
        folder
    }

    /// What the line does in `shell`, with `typed` at its questions.
    fn run(folder: &Path, shell: &str, line: &str, typed: &str) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut child = Command::new(shell)
            .args(["-c", line])
            .env("PATH", format!("{}:{path}", folder.display()))
            .env("HERE", folder)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the shell runs");
        let mut input = child.stdin.take().expect("a pipe");
        // A tool that asks nothing does not wait for its answer.
        drop(input.write_all(typed.as_bytes()));
        drop(input);
        child.wait_with_output().expect("the shell ends")
    }

    fn words(folder: &Path, tool: &str) -> Vec<String> {
        let bytes = fs::read(folder.join(format!("{tool}.words"))).expect("the tool was run");
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    /// A script with every kind of quote.
    const SCRIPT: &str = r#"printf '%s\n' "it's \"quoted\"" "\$HOME %PATH% !! \\" '`id`' "$((1+1))""#;
    const PRINTED: &str = "it's \"quoted\"\n$HOME %PATH% !! \\\n`id`\n2\n";

    /// Which word is the machine's name, and which the account's where there is one.
    const PRODUCTS: [(HypervisorId, &str, &str, usize, Option<usize>); 6] = [
        (HypervisorId::VmwareWorkstation, "vmrun", ".vmx", 7, Some(3)),
        (HypervisorId::VirtualBox, "VBoxManage", "", 1, Some(4)),
        (HypervisorId::Libvirt, "virsh", "", 4, None),
        (HypervisorId::Parallels, "prlctl", "", 1, None),
        (HypervisorId::Multipass, "multipass", "", 1, None),
        (HypervisorId::Lima, "limactl", "", 3, None),
    ];

    #[test]
    fn the_tool_gets_the_names_and_the_guest_the_script() {
        let hostile = super::super::quoting::names();
        // The short ones first: each by itself. Then longer ones from all over.
        let chosen = hostile
            .iter()
            .take(95)
            .chain(hostile.iter().skip(95).step_by(400));
        for (index, name) in chosen.enumerate() {
            let user = &hostile[(index * 7 + 3) % 95];
            let shell = if index % 2 == 0 { "sh" } else { "bash" };
            // Each name goes to two of the products, so that all six get every kind of name.
            for at in [index, index + 3] {
                let (id, tool, ending, machine_at, user_at) = PRODUCTS[at % PRODUCTS.len()];
                let folder = stage();
                let machine = format!("{name}{ending}");
                // Half of the lines ask for the account, which a person types in one line.
                let told = (index % 4 < 2).then_some(user.as_str());
                let product = product(id, Os::Linux, &machine);
                let Ok(line) = product.run_in_guest(Os::Linux, SCRIPT, told) else {
                    assert!(machine.starts_with('-'), "{machine:?}");
                    continue;
                };
                let (user, typed) = match told {
                    Some(user) if !user.is_empty() => (user, "se\\cret word\n"),
                    _ => ("web admin", "web admin\nse\\cret word\n"),
                };
                let output = run(folder.path(), shell, &line.command, typed);
                let told = || format!("{id} {machine:?}: {}\n{output:?}", line.command);
                assert_eq!(String::from_utf8_lossy(&output.stdout), PRINTED, "{}", told());
                let words = words(folder.path(), tool);
                assert_eq!(words[machine_at], machine, "{}", told());
                if let Some(at) = user_at {
                    assert_eq!(words[at], user, "{}", told());
                }
                assert!(!line.command.contains("se\\cret"));
                match id {
                    HypervisorId::VirtualBox => {
                        let password = fs::read_to_string(folder.path().join("password"));
                        assert_eq!(password.expect("a password"), "se\\cret word\n");
                        assert!(!words.iter().any(|word| word.contains("cret")), "{words:?}");
                    }
                    HypervisorId::VmwareWorkstation => {
                        assert_eq!(words[5], "se\\cret word");
                        // Nothing is left behind in the guest.
                        let file = words.last().expect("a deleted file");
                        assert!(
                            file.starts_with("/tmp/") && !Path::new(file).exists(),
                            "{words:?}"
                        );
                    }
                    _ => {}
                }
            }
        }
    }

    /// Programs of a guest whose addresses are known, so that the real script tells something.
    const GUEST: [(&str, &str); 8] = [
        (
            "ip",
            r#"case $1 in
            addr) echo '2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether 52:54:00:aa:bb:01 brd ff:ff:ff:ff:ff:ff
    inet 192.168.122.45/24 brd 192.168.122.255 scope global dynamic eth0
       valid_lft 3000sec preferred_lft 3000sec' ;;
            route) echo 'default via 192.168.122.1 dev eth0 proto dhcp metric 100
192.168.122.0/24 dev eth0 proto kernel scope link src 192.168.122.45' ;;
            neigh) echo '192.168.122.1 dev eth0 lladdr 52:54:00:11:22:33 REACHABLE' ;;
            esac"#,
        ),
        (
            "ping",
            r#"for last; do :; done; printf 'PING %s (%s) 56(84) bytes of data.\n64 bytes from %s: icmp_seq=1 ttl=64 time=0.3 ms\n\n--- %s ping statistics ---\n2 packets transmitted, 2 received, 0%% packet loss, time 1001ms\nrtt min/avg/max/mdev = 0.300/0.300/0.300/0.000 ms\n' "$last" "$last" "$last" "$last""#,
        ),
        (
            "ss",
            "echo 'State Recv-Q Send-Q Local Address:Port Peer Address:Port'; echo 'LISTEN 0 128 0.0.0.0:22 0.0.0.0:*'",
        ),
        ("sysctl", "echo 'net.ipv4.icmp_echo_ignore_all = 0'"),
        ("getent", "echo '93.184.215.14 example.com'"),
        ("systemctl", "echo inactive; exit 3"),
        ("sudo", "echo 'sudo: a password is required' >&2; exit 1"),
        ("timeout", r#"shift; exec "$@""#),
    ];

    /// What comes back through a product's tools is recognized as the guest's own words, exactly as if it had been pasted
    /// from inside.
    #[test]
    fn what_comes_back_is_pasted_as_the_guests() {
        let host = "192.168.122.1".parse().expect("an address");
        let script = knowledge::guest_script_to(Os::Linux, &[host]);
        let folder = stage();
        for (name, text) in GUEST {
            tool(folder.path(), name, text);
        }
        let inside = run(folder.path(), "sh", &script, "");
        let inside = String::from_utf8_lossy(&inside.stdout).into_owned();
        for (id, _, ending, ..) in PRODUCTS {
            let machine = format!("web 01{ending}");
            let line = product(id, Os::Linux, &machine).run_in_guest(Os::Linux, &script, Some("admin"));
            let line = line.expect("a line").command;
            let output = run(folder.path(), "sh", &line, "secret\n");
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            assert_eq!(printed, inside, "{id}: {output:?}");
            assert!(knowledge::is_printed_by(&script, &printed), "{printed}");
            let text = serde_json::to_string(&printed).expect("JSON");
            let case = format!(r#"{{"schema":1,"outputs":[{{"on":"guest","command":"","text":{text}}}]}}"#);
            let facts = parse::resolve(&Case::from_json(&case).expect("a case"));
            let guest = facts.system(Place::Guest).expect("a guest");
            assert_eq!(guest.os, Some(Os::Linux));
            assert_eq!(
                guest.holds("192.168.122.45".parse().expect("an address")),
                Some(true)
            );
            assert!(guest.routes.is_known() && guest.listeners.is_known(), "{guest:?}");
        }
    }
}
