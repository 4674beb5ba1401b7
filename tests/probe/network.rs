//! Namespaces to probe in, and this very test program run inside of them.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::inside::{READY, RESULT, WORK};

/// Whom the program runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// Root, with raw sockets.
    Root,
    /// A user without rights whose groups may open datagram sockets for echo (`ping_group_range` widened).
    DatagramOnly,
    /// A user without rights who may open none (`ping_group_range` as the kernel starts it).
    Nobody,
    /// The same on a machine without `ping` and other tools.
    NobodyWithoutTools,
}

/// A host namespace with a guest behind `tap0`: 10.77.0.1 and 10.77.0.2.
pub struct Network {
    name: String,
    listeners: Mutex<Vec<Child>>,
}

impl Drop for Network {
    fn drop(&mut self) {
        for listener in self.listeners.lock().unwrap().iter_mut() {
            listener.kill().ok();
            listener.wait().ok();
        }
        for side in ["host", "guest", "second", "far"] {
            Command::new("ip")
                .args(["netns", "del", &self.namespace(side)])
                .stderr(Stdio::null())
                .status()
                .ok();
        }
    }
}

impl Network {
    /// Makes it.
    pub fn new() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        if !nix::unistd::geteuid().is_root() {
            return Err("network namespaces need root".to_owned());
        }
        for tool in ["ip", "nft", "setpriv", "ping"] {
            if Command::new(tool)
                .arg("-V")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_err()
            {
                return Err(format!("`{tool}` is not installed"));
            }
        }
        let network = Self {
            name: format!(
                "probe-{}-{}",
                std::process::id(),
                NUMBER.fetch_add(1, Ordering::Relaxed)
            ),
            listeners: Mutex::default(),
        };
        network.add("host")?;
        network.add("guest")?;
        let (host, guest) = (network.namespace("host"), network.namespace("guest"));
        outside(&format!(
            "ip -n {host} link add tap0 type veth peer name eth0 netns {guest}"
        ))?;
        network.host("ip addr add 10.77.0.1/24 dev tap0; ip link set tap0 up");
        network.guest("ip addr add 10.77.0.2/24 dev eth0; ip link set eth0 up");
        Ok(network)
    }

    fn add(&self, side: &str) -> Result<(), String> {
        outside(&format!("ip netns add {}", self.namespace(side)))?;
        self.sh(side, "ip link set lo up");
        Ok(())
    }

    fn namespace(&self, side: &str) -> String {
        format!("{}-{side}", self.name)
    }

    fn sh(&self, side: &str, script: &str) -> String {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace(side), "sh", "-c", script]);
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{side}: {script}: {errors}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a script on the host.
    pub fn host(&self, script: &str) -> String {
        self.sh("host", script)
    }

    /// Runs a script in the guest.
    pub fn guest(&self, script: &str) -> String {
        self.sh("guest", script)
    }

    /// Empties the host's neighbor table.
    pub fn forget_neighbors(&self) {
        self.host("ip neigh flush all; ip neigh flush nud failed");
    }

    /// Takes connections on a port and keeps them.
    pub fn listen(&self, side: &str, port: u16) {
        self.serve(side, &json!({ "work": "listen", "port": port }));
    }

    /// Answers DNS queries at this address: `here.example` is 192.0.2.7, nothing else is.
    pub fn answer_names(&self, side: &str, address: &str) {
        self.serve(side, &json!({ "work": "names", "address": address }));
    }

    /// Runs a server in the guest in the place of those that ran before.
    pub fn serve_anew(&self, work: &Value) {
        for mut server in self.listeners.lock().unwrap().drain(..) {
            server.kill().ok();
            server.wait().ok();
        }
        self.serve("guest", work);
    }

    fn serve(&self, side: &str, work: &Value) {
        let mut server = self.command(side, User::Root, &work.to_string()).spawn().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let ready = output
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains(READY));
        self.listeners.lock().unwrap().push(server);
        assert!(ready, "{work} did not start");
    }

    /// Puts `tap0` into a bridge `br0` and adds a second guest with the first one's address.
    pub fn second_guest_with_the_same_address(&self) {
        self.add("second").unwrap();
        let (host, second) = (self.namespace("host"), self.namespace("second"));
        outside(&format!(
            "ip -n {host} link add tap1 type veth peer name eth0 netns {second}"
        ))
        .unwrap();
        self.host(
            "ip addr flush dev tap0; ip link add br0 type bridge stp_state 0 forward_delay 0; \
             ip link set tap0 master br0; ip link set tap1 master br0; ip link set tap1 up; \
             ip addr add 10.77.0.1/24 dev br0; ip link set br0 up",
        );
        self.sh("second", "ip addr add 10.77.0.2/24 dev eth0; ip link set eth0 up");
    }

    /// Makes the guest a router to 10.78.0.2 over a link that takes packets of this size only.
    pub fn router_with_narrow_link(&self, mtu: u32) {
        self.add("far").unwrap();
        let (guest, far) = (self.namespace("guest"), self.namespace("far"));
        outside(&format!(
            "ip -n {guest} link add eth1 type veth peer name eth0 netns {far}"
        ))
        .unwrap();
        self.guest(&format!(
            "ip addr add 10.78.0.1/24 dev eth1; ip link set eth1 mtu {mtu} up; sysctl -qw net.ipv4.ip_forward=1 \
             net.ipv4.icmp_ratelimit=0"
        ));
        self.sh(
            "far",
            &format!(
                "ip addr add 10.78.0.2/24 dev eth0; ip link set eth0 mtu {mtu} up; \
                 ip route add default via 10.78.0.1"
            ),
        );
        self.host("ip route add default via 10.77.0.2");
    }

    fn command(&self, side: &str, user: User, work: &str) -> Command {
        let range = if user == User::DatagramOnly {
            "0 2147483647"
        } else {
            "1 0"
        };
        self.sh(side, &format!("sysctl -qw net.ipv4.ping_group_range='{range}'"));
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace(side)]);
        if user != User::Root {
            command.args([
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=-all",
            ]);
        }
        if user == User::NobodyWithoutTools {
            command.args(["/usr/bin/env", "PATH=/nowhere"]);
        }
        command.arg(std::env::current_exe().unwrap());
        command.args(["--exact", "inside::work", "--ignored", "--nocapture"]);
        command
            .env(WORK, work)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }

    /// Starts the real program on the host side.
    pub fn start_program(&self, arguments: &[&str]) -> Child {
        Command::new("ip")
            .args(["netns", "exec", &self.namespace("host")])
            .arg(env!("CARGO_BIN_EXE_vmnet-doctor"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Starts this program on the host side; see [`finish`].
    pub fn start(&self, user: User, work: &Value) -> Child {
        self.command("host", user, &work.to_string()).spawn().unwrap()
    }

    /// Runs this program on the host side and hands back what it found out.
    pub fn probe(&self, user: User, work: &Value) -> Value {
        finish(self.start(user, work))
    }
}

/// Waits for the program's end and hands back what it found out.
pub fn finish(running: Child) -> Value {
    let output = running.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let result = text
        .lines()
        .find_map(|line| line.split_once(RESULT).map(|(_, result)| result));
    serde_json::from_str(result.unwrap_or_else(|| panic!("no result: {text}"))).unwrap()
}

fn outside(line: &str) -> Result<(), String> {
    let output = Command::new("sh")
        .args(["-c", line])
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!(
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ))
    }
}
