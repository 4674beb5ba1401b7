//! QEMU started by hand: its command line, and `info usernet` of its monitor.

use super::{lay, virtualbox};
use crate::model::{Case, HypervisorId, Machine, Mode, Nic, Place, PortForward, PowerState};
use crate::parse::{merge, text};

/// Most arguments that are looked at.
const MAX_ARGUMENTS: usize = 4096;

/// The machine that a QEMU process runs, by its arguments (the program first); `None` when it is no QEMU
/// system emulator. Its state is [`PowerState::Running`], for a process is.
pub fn machine_from_arguments(args: &[String]) -> Option<Machine> {
    let (program, args) = args.split_first()?;
    let program = program
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(program)
        .to_lowercase();
    let program = program.trim_end_matches(".exe");
    if !(program.starts_with("qemu-system-") || matches!(program, "qemu-kvm" | "kvm" | "qemu")) {
        return None;
    }
    let mut machine = Machine {
        name: String::new(),
        state: PowerState::Running,
        ..Machine::default()
    };
    let mut devices = Vec::new();
    let mut backends: Vec<Backend> = Vec::new();
    let (mut networked, mut without_defaults) = (false, false);
    let mut rest = args.iter().take(MAX_ARGUMENTS);
    while let Some(option) = rest.next() {
        let option = option
            .strip_prefix("--")
            .or_else(|| option.strip_prefix('-'))
            .unwrap_or("");
        match option {
            "name" => {
                let value = rest.next().map_or("", String::as_str);
                let fields = fields(value);
                let name = fields
                    .iter()
                    .find(|(key, _)| *key == "guest")
                    .or_else(|| fields.first().filter(|(key, _)| key.is_empty()));
                if let Some((_, name)) = name {
                    machine.name = (*name).to_owned();
                }
            }
            "uuid" => machine.id = rest.next().cloned(),
            "nodefaults" => without_defaults = true,
            "netdev" => {
                networked = true;
                let value = rest.next().map_or("", String::as_str);
                backends.push(Backend::of(&expanded(value)));
            }
            "device" => {
                let value = rest.next().map_or("", String::as_str);
                devices.push(expanded(value));
            }
            "nic" => {
                networked = true;
                let value = expanded(rest.next().map_or("", String::as_str));
                if value == "none" {
                    continue;
                }
                let backend = Backend::of(&value);
                let mut nic = backend.nic();
                let fields = fields(&value);
                let field = |name: &str| {
                    fields
                        .iter()
                        .find(|(key, _)| *key == name)
                        .map(|(_, value)| *value)
                };
                nic.model = field("model").map(str::to_owned);
                nic.mac = field("mac").and_then(|mac| mac.parse().ok());
                push(&mut machine, nic);
            }
            // The old way: `-net nic,model=… -net user,hostfwd=…`; all of them share one hub.
            "net" => {
                networked = true;
                let value = rest.next().map_or("", String::as_str);
                let kind = value.split(',').next().unwrap_or_default();
                match kind {
                    "none" => {}
                    "nic" => devices.push(format!("{value},netdev=hub")),
                    _ => {
                        let mut backend = Backend::of(value);
                        "hub".clone_into(&mut backend.id);
                        backends.push(backend);
                    }
                }
            }
            _ => {}
        }
    }
    for device in &devices {
        let fields = fields(device);
        let field = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| *value)
        };
        let Some(id) = field("netdev") else { continue };
        let Some(backend) = backends.iter().find(|backend| backend.id == id) else {
            continue;
        };
        let mut nic = backend.nic();
        nic.mac = field("mac")
            .or_else(|| field("macaddr"))
            .and_then(|mac| mac.parse().ok());
        let first = fields
            .first()
            .filter(|(key, _)| key.is_empty())
            .map(|(_, value)| *value);
        nic.model = field("driver")
            .or_else(|| field("model"))
            .or(first.filter(|first| *first != "nic"))
            .map(str::to_owned);
        push(&mut machine, nic);
    }
    if !networked && !without_defaults {
        // Without any network option QEMU gives the machine one card behind user networking.
        push(
            &mut machine,
            Nic {
                mode: Mode::User,
                submode: Some("slirp".to_owned()),
                cable_connected: Some(true),
                ..Nic::default()
            },
        );
    }
    if machine.name.is_empty() {
        machine.name = "QEMU".to_owned();
    }
    Some(machine)
}

fn push(machine: &mut Machine, nic: Nic) {
    if machine.nics.len() < lay::MAX_NICS {
        let slot = u32::try_from(machine.nics.len()).unwrap_or(u32::MAX);
        machine.nics.push(Nic { slot, ..nic });
    }
}

/// `key=value` pairs parted by commas; a word without `=` has an empty key. Two commas stand for one.
fn fields(text: &str) -> Vec<(&str, &str)> {
    text.split(',')
        .take(256)
        .map(|field| field.split_once('=').unwrap_or(("", field)))
        .collect()
}

/// libvirt writes `-netdev` and `-device` as JSON; the same as `key=value` pairs.
fn expanded(text: &str) -> String {
    if !text.starts_with('{') {
        return text.to_owned();
    }
    let Ok(serde_json::Value::Object(map)) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    let mut words: Vec<String> = ["type", "driver"]
        .iter()
        .filter_map(|key| map.get(*key)?.as_str().map(str::to_owned))
        .collect();
    for (key, value) in &map {
        match value {
            serde_json::Value::String(value) => words.push(format!("{key}={value}")),
            serde_json::Value::Bool(value) => {
                words.push(format!("{key}={}", if *value { "on" } else { "off" }));
            }
            serde_json::Value::Number(value) => words.push(format!("{key}={value}")),
            serde_json::Value::Array(items) => words.extend(
                items
                    .iter()
                    .filter_map(|item| item.get("str")?.as_str())
                    .map(|item| format!("{key}={item}")),
            ),
            serde_json::Value::Object(inner) => words.extend(inner.iter().filter_map(|(name, value)| {
                let name = if name == "path" { "path" } else { name };
                Some(format!("{key}.{name}={}", value.as_str()?))
            })),
            serde_json::Value::Null => {}
        }
    }
    words.join(",")
}

/// A network backend of QEMU.
#[derive(Default)]
struct Backend {
    id: String,
    nic: Nic,
}

impl Backend {
    fn of(text: &str) -> Self {
        let mut backend = Self::default();
        let fields = fields(text);
        let kind = fields
            .iter()
            .find(|(key, _)| *key == "type")
            .or_else(|| fields.first().filter(|(key, _)| key.is_empty()))
            .map_or("", |(_, value)| *value);
        let field = |name: &str| {
            fields
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| *value)
        };
        field("id").unwrap_or_default().clone_into(&mut backend.id);
        let nic = &mut backend.nic;
        nic.cable_connected = Some(true);
        match kind {
            "user" => {
                nic.mode = Mode::User;
                nic.submode = Some("slirp".to_owned());
                for (key, value) in &fields {
                    match *key {
                        "hostfwd" => nic.forwards.extend(host_forward(value)),
                        "restrict" | "net" | "host" | "dns" | "dhcpstart" | "guestfwd" | "smb" | "ipv6" => {
                            nic.settings.insert((*key).to_owned(), (*value).to_owned());
                        }
                        _ => {}
                    }
                }
            }
            "tap" => {
                nic.mode = Mode::Bridged;
                nic.host_port = field("ifname").map(str::to_owned);
                nic.uplink = field("br").map(str::to_owned);
                if field("fd").is_some() || field("fds").is_some() {
                    nic.settings.insert("tap".to_owned(), "by descriptor".to_owned());
                }
            }
            "bridge" => {
                nic.mode = Mode::Bridged;
                // QEMU's own default.
                nic.uplink = Some(field("br").unwrap_or("br0").to_owned());
            }
            "passt" => {
                nic.mode = Mode::User;
                nic.submode = Some("passt".to_owned());
            }
            "stream" | "dgram" | "socket" => {
                let path = field("addr.path").or_else(|| field("path")).unwrap_or_default();
                if path.contains("passt") {
                    nic.mode = Mode::User;
                    nic.submode = Some("passt".to_owned());
                } else {
                    nic.mode = Mode::Private;
                    nic.submode = Some(kind.to_owned());
                }
            }
            "vmnet-shared" => nic.mode = Mode::Nat,
            "vmnet-host" => nic.mode = Mode::HostOnly,
            "vmnet-bridged" => {
                nic.mode = Mode::Bridged;
                nic.uplink = field("ifname").map(str::to_owned);
            }
            other => nic.submode = Some(other.to_owned()),
        }
        backend
    }

    fn nic(&self) -> Nic {
        self.nic.clone()
    }
}

/// `tcp:127.0.0.1:2222-:22`, `tcp::8080-:80`, `udp:[::1]:53-10.0.2.15:53`.
fn host_forward(value: &str) -> Option<PortForward> {
    let (protocol, rest) = value.split_once(':')?;
    let (host, guest) = rest.split_once('-')?;
    let (host_address, host_port) = host.rsplit_once(':')?;
    let (guest_address, guest_port) = guest.rsplit_once(':')?;
    Some(PortForward {
        name: None,
        protocol: virtualbox::protocol_of(if protocol.is_empty() { "tcp" } else { protocol })?,
        host_address: lay::some_address(host_address),
        host_port: host_port.parse().ok()?,
        guest_address: lay::some_address(guest_address),
        guest_port: guest_port.parse().ok()?,
    })
}

/// A line that is a QEMU command line.
pub fn is_command_line(line: &str) -> bool {
    line.split_whitespace().take(12).any(|word| {
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        name.starts_with("qemu-system-") || name == "qemu-kvm"
    }) && line.contains(" -")
}

/// Takes QEMU command lines (of `ps`, `/proc/PID/cmdline`) into the case.
pub fn command_lines(text: &str, case: &mut Case, _on: Place, command: &str) {
    let source = text::source(command);
    for line in text
        .lines()
        .filter(|line| is_command_line(line))
        .take(lay::MAX_ROWS)
    {
        let words: Vec<String> = line
            .split(|c: char| c.is_whitespace() || c == '\0')
            .filter(|word| !word.is_empty())
            .take(MAX_ARGUMENTS)
            .map(str::to_owned)
            .collect();
        let at = words.iter().position(|word| {
            let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
            name.starts_with("qemu-system-") || name == "qemu-kvm"
        });
        let Some(machine) = at.and_then(|at| machine_from_arguments(words.get(at..)?)) else {
            continue;
        };
        let hypervisor = lay::product(case, HypervisorId::Qemu, "process qemu-system");
        hypervisor.running = Some(true);
        lay::over_machine(hypervisor, machine, &source);
    }
}

/// A line of `info usernet`.
pub fn usernet_line(line: &str) -> bool {
    line.contains("[HOST_FORWARD]") || (line.contains("Protocol[State]") && line.contains("Source Address"))
}

/// Takes the monitor's `info usernet` into the case: the port forwards that are in force.
pub fn usernet(text: &str, case: &mut Case, _on: Place, command: &str) {
    let mut forwards = Vec::new();
    for line in text.lines().take(lay::MAX_ROWS) {
        let Some((protocol, rest)) = line.trim().split_once("[HOST_FORWARD]") else {
            continue;
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        let [_, host, host_port, guest, guest_port, ..] = words.as_slice() else {
            continue;
        };
        let (Some(protocol), Ok(host_port), Ok(guest_port)) = (
            virtualbox::protocol_of(protocol),
            host_port.parse(),
            guest_port.parse(),
        ) else {
            continue;
        };
        forwards.push(PortForward {
            name: None,
            protocol,
            host_address: lay::some_address(host),
            host_port,
            guest_address: lay::some_address(guest),
            guest_port,
        });
    }
    let libvirt = case
        .hypervisors
        .iter()
        .find(|h| h.id == HypervisorId::Libvirt && command.contains("virsh"))
        .map(|h| h.id);
    let id = libvirt.unwrap_or(HypervisorId::Qemu);
    let Some(name) = lay::subject(case, id, &[]) else {
        if !forwards.is_empty() {
            let source = text::source(command);
            let hypervisor = lay::product(case, id, "info usernet");
            let nic = Nic {
                mode: Mode::User,
                submode: Some("slirp".to_owned()),
                forwards,
                ..Nic::default()
            };
            let machine = Machine {
                name: "QEMU".to_owned(),
                state: PowerState::Running,
                nics: vec![nic],
                ..Machine::default()
            };
            lay::over_machine(hypervisor, machine, &source);
        } else {
            merge::unread(case, "user networking (info usernet)", "no forwards in it", "");
        }
        return;
    };
    let source = text::source(command);
    let hypervisor = lay::product(case, id, "info usernet");
    let machine = lay::machine(hypervisor, &name, None, &source);
    match machine.nics.iter_mut().find(|nic| nic.mode == Mode::User) {
        Some(nic) => nic.forwards = forwards,
        None => {
            let slot = machine.nics.last().map_or(0, |nic| nic.slot.saturating_add(1));
            machine.nics.push(Nic {
                slot,
                mode: Mode::User,
                submode: Some("slirp".to_owned()),
                forwards,
                ..Nic::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(line: &str) -> Option<Machine> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        machine_from_arguments(&words)
    }

    #[test]
    fn no_network_option_means_user_networking() {
        let found = machine("/usr/bin/qemu-system-x86_64 -name a -m 512").expect("a machine");
        assert_eq!(found.nics.len(), 1);
        assert_eq!(found.nics[0].mode, Mode::User);
        assert!(
            machine("qemu-system-x86_64 -nic none")
                .expect("a machine")
                .nics
                .is_empty()
        );
        assert!(
            machine("qemu-system-x86_64 -nodefaults")
                .expect("a machine")
                .nics
                .is_empty()
        );
        assert_eq!(machine("/usr/bin/vim qemu-system-x86_64"), None);
    }

    #[test]
    fn every_backend_has_its_mode() {
        let found = machine(
            "qemu-system-x86_64 -name guest=b,debug-threads=on -netdev tap,id=n0,ifname=tap0,script=no \
             -device virtio-net-pci,netdev=n0,mac=52:54:00:00:00:01 -netdev bridge,id=n1 -device e1000,netdev=n1 \
             -nic user,restrict=on,hostfwd=udp:[::1]:5353-10.0.2.20:53,model=rtl8139 \
             -netdev stream,id=n3,server=off,addr.type=unix,addr.path=/run/passt_1.socket -device virtio-net,netdev=n3",
        )
        .expect("a machine");
        assert_eq!(found.name, "b");
        let modes: Vec<(Mode, Option<&str>)> = found
            .nics
            .iter()
            .map(|nic| {
                (
                    nic.mode,
                    nic.host_port
                        .as_deref()
                        .or(nic.uplink.as_deref())
                        .or(nic.submode.as_deref()),
                )
            })
            .collect();
        assert_eq!(
            modes,
            [
                (Mode::User, Some("slirp")),
                (Mode::Bridged, Some("tap0")),
                (Mode::Bridged, Some("br0")),
                (Mode::User, Some("passt")),
            ]
        );
        let slirp = &found.nics[0];
        assert_eq!(slirp.settings.get("restrict").map(String::as_str), Some("on"));
        assert_eq!(
            slirp.forwards[0].host_address,
            Some("::1".parse().expect("an address"))
        );
        assert_eq!(slirp.forwards[0].guest_port, 53);
    }

    #[test]
    fn libvirt_writes_json() {
        let args: Vec<String> = [
            "/usr/bin/qemu-system-x86_64",
            "-name",
            "guest=web01,debug-threads=on",
            "-netdev",
            r#"{"type":"user","id":"h0","hostfwd":[{"str":"tcp::2222-:22"}]}"#,
            "-device",
            r#"{"driver":"virtio-net-pci","netdev":"h0","mac":"52:54:00:12:34:56"}"#,
        ]
        .iter()
        .map(|word| (*word).to_owned())
        .collect();
        let found = machine_from_arguments(&args).expect("a machine");
        assert_eq!(found.nics[0].forwards[0].host_port, 2222);
        assert_eq!(found.nics[0].model.as_deref(), Some("virtio-net-pci"));
        assert!(found.nics[0].mac.is_some());
    }
}
