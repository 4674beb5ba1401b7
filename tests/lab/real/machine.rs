//! The PC as a machine that libvirt runs on: namespaces of its own, the daemon, its networks and guests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::guest;
use super::layout::{Card, Premises, agent_path, machine_name, machine_xml};
use crate::entry::Node;
use crate::network::{Helper, checked};
use crate::role;

/// See the module. All of its processes end with it.
#[derive(Debug)]
pub struct PcMachine {
    /// Holds the namespaces.
    _init: Helper,
    /// Its first process, as seen from here.
    first: u32,
    /// This program.
    own: PathBuf,
    /// Held where a macvtap is made.
    macvtap: Option<MacvtapTurn>,
}

impl PcMachine {
    /// Starts the daemon in a network namespace, its networks, and the machines.
    ///
    /// `scratch` is a folder for its files.
    pub fn start(namespace: &str, scratch: &Path, layout: &Premises) -> Result<Self, String> {
        let boots = guest::is_nursery(layout);
        if !boots {
            guest::save_all()?;
        }
        let is_direct = |(_, card): &(Node, Card)| matches!(card, Card::Direct(_));
        let macvtap = layout.machines.iter().any(is_direct).then(MacvtapTurn::take);
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/real/host.sh");
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", namespace])
            .args([
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
            ])
            .arg("sh")
            .arg(script)
            .arg(scratch.join("pc"))
            .arg(&own)
            .args([role::FLAG, "first"]);
        let init = Helper::start(command, true)?;
        let first = only_child(init.id())?;
        let machine = Self {
            _init: init,
            first,
            own,
            macvtap,
        };
        machine.lay_out(layout, boots)?;
        Ok(machine)
    }

    /// Whether a machine of the lab is this one or a guest of it.
    pub fn has(node: Node) -> bool {
        matches!(node, Node::Pc | Node::Guest | Node::Guest2)
    }

    /// The words that run what follows them on this machine, or on a guest of it.
    pub fn enter(&self, node: Node) -> Vec<String> {
        let first = self.first.to_string();
        let mut words: Vec<String> = ["nsenter", "--target", &first, "--mount", "--net", "--pid", "--"]
            .map(str::to_owned)
            .into();
        if node != Node::Pc {
            words.extend([
                self.own.to_string_lossy().into_owned(),
                role::FLAG.to_owned(),
                "in-guest".to_owned(),
                agent_path(node),
            ]);
        }
        words
    }

    /// Shell lines that put a machine's state into a file.
    pub fn save_script(node: Node) -> String {
        format!(
            "virsh -q save {} {}",
            machine_name(node),
            guest::saved(node).display()
        )
    }

    fn lay_out(&self, layout: &Premises, boots: bool) -> Result<(), String> {
        let (kernel, image) = (guest::kernel()?.file, guest::image()?);
        if self.macvtap.is_some() {
            self.shell(Node::Pc, SPEND_NUMBERS)?;
        }
        let mut script = "libvirtd -d -p /run/libvirtd.pid
            for turn in $(seq 200); do virsh -q net-list >/dev/null 2>&1 && break; sleep 0.05; done\n"
            .to_owned();
        for network in layout.networks {
            let name = network.name();
            script.push_str(&format!(
                "cat > /run/{name}.xml <<'END'\n{}\nEND
                virsh -q net-define /run/{name}.xml
                virsh -q net-autostart {name}
                virsh -q net-start {name}\n",
                network.xml()
            ));
        }
        let mut booting = Vec::new();
        for (node, card) in layout.machines {
            let name = machine_name(*node);
            let xml = machine_xml(*node, *card, &kernel.to_string_lossy(), &image.to_string_lossy());
            script.push_str(&format!(
                "cat > /run/{name}.xml <<'END'\n{xml}\nEND\nvirsh -q define /run/{name}.xml\n"
            ));
            // QEMU restores a card only to a connection of the same kind.
            if boots || *card == Card::User {
                script.push_str(&format!("virsh -q start {name}\n"));
                booting.push(name);
            } else {
                script.push_str(&format!(
                    "virsh -q restore {} --xml /run/{name}.xml\n",
                    guest::saved(*node).display()
                ));
            }
        }
        for name in booting {
            script.push_str(&format!(
                "for turn in $(seq 1500); do grep -q 'agent ready' /run/{name}.console && break; sleep 0.1; done
                grep -q 'agent ready' /run/{name}.console || {{ tail -c 2000 /run/{name}.console >&2; exit 1; }}\n"
            ));
        }
        self.shell(Node::Pc, &script)?;
        for (node, card) in layout.machines {
            // A saved one still has the address of where it was saved.
            let script = match card {
                Card::User => "until ip route | grep -q default; do sleep 0.1; done",
                _ if boots => "until ip route | grep -q default; do sleep 0.1; done",
                Card::Direct(_) | Card::Bridge(_) => {
                    "kill $(cat /run/dhcp.eth0)
                    ip addr flush dev eth0
                    ip addr add 192.168.1.71/24 brd + dev eth0
                    ip route add default via 192.168.1.1"
                }
                _ => "dhcp eth0",
            };
            self.shell(*node, script)?;
        }
        Ok(())
    }

    fn shell(&self, node: Node, script: &str) -> Result<(), String> {
        let words = self.enter(node);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["sh", "-e"]);
        checked(&mut command, script)
    }
}

/// The kernel names a macvtap's device file by the adapter's number, which is not unique between network namespaces:
/// one at a time, with numbers that no other network of the lab comes to.
#[derive(Debug)]
struct MacvtapTurn;

static MACVTAP_IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Each adapter gets the next number.
const SPEND_NUMBERS: &str = "for turn in $(seq 50); do
        echo link add spent type bridge
        echo link del spent
    done | ip -batch -";

impl MacvtapTurn {
    fn take() -> Self {
        while MACVTAP_IS_TAKEN.swap(true, Ordering::AcqRel) {
            std::thread::sleep(Duration::from_millis(50));
        }
        Self
    }
}

impl Drop for MacvtapTurn {
    fn drop(&mut self) {
        MACVTAP_IS_TAKEN.store(false, Ordering::Release);
    }
}

/// The one child of a process.
fn only_child(parent: u32) -> Result<u32, String> {
    let path = format!("/proc/{parent}/task/{parent}/children");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    text.trim()
        .parse()
        .map_err(|_| format!("{path} names not one process: {text:?}"))
}
