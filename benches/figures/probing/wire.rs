//! Two namespaces and the cable between them: 10.77.0.2 to 10.77.0.252 and three machines of 10.78.0.0/24 live
//! at its other end.

use std::process::Command;
use std::time::Duration;

use crate::run;

/// The machines of 10.78.0.0/24.
pub const ALIVE: [&str; 3] = ["10.78.0.2", "10.78.0.7", "10.78.0.200"];

/// The network, gone when dropped.
pub struct Wire {
    near: String,
    far: String,
}

impl Wire {
    /// Makes it.
    pub fn build() -> Result<Self, String> {
        let wire = Self {
            near: format!("vnd-bench-near-{}", std::process::id()),
            far: format!("vnd-bench-far-{}", std::process::id()),
        };
        for name in [&wire.near, &wire.far] {
            run(Command::new("ip").args(["netns", "add", name]), &[0])
                .map_err(|_| "namespaces need root".to_owned())?;
        }
        let far = &wire.far;
        let script = format!(
            "ip link set lo up; sysctl -qw net.ipv4.ping_group_range='0 2147483647'; \
             ip link add tap0 type veth peer name eth0 netns {far}; \
             ip address add 10.77.0.1/24 dev tap0; ip address add 10.78.0.1/24 dev tap0; ip link set tap0 up"
        );
        inside(&wire.near, &["sh", "-c", &script])?;
        let script = format!(
            "ip link set lo up; for i in $(seq 2 252); do ip address add 10.77.0.$i/24 dev eth0; done; \
             for a in {}; do ip address add $a/24 dev eth0; done; ip link set eth0 up",
            ALIVE.join(" ")
        );
        inside(&wire.far, &["sh", "-c", &script])?;
        Ok(wire)
    }

    /// A command that runs on the near end.
    pub fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.near]).args(line);
        command
    }

    /// Runs a command on the near end: what it printed.
    pub fn output(&self, line: &[&str]) -> Result<String, String> {
        inside(&self.near, line)
    }

    /// Runs a command on the near end: what it printed, and the processor time it used by the shell's account.
    pub fn processor_time(&self, line: &[&str]) -> Result<(String, Duration), String> {
        let script = "\"$@\" 2>/dev/null; times >&2";
        let whole = [&["sh", "-c", script, "sh"][..], line].concat();
        let output = self.command(&whole).output().map_err(|error| error.to_string())?;
        let errors = String::from_utf8_lossy(&output.stderr);
        // The second line is that of the children: `0m0.120000s 0m0.340000s`.
        let children = errors.lines().last().unwrap_or_default();
        let parts: Option<Vec<f64>> = children
            .split_whitespace()
            .map(|time| {
                let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
                Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
            })
            .collect();
        let used = parts
            .filter(|parts| parts.len() == 2)
            .ok_or_else(|| format!("no times in {errors:?}"))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((printed, Duration::from_secs_f64(used.iter().sum())))
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        for name in [&self.near, &self.far] {
            let _ = Command::new("ip").args(["netns", "delete", name]).status();
        }
    }
}

fn inside(namespace: &str, line: &[&str]) -> Result<String, String> {
    let output = Command::new("ip")
        .args(["netns", "exec", namespace])
        .args(line)
        .output()
        .map_err(|error| format!("{line:?}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{} from {line:?}: {}", output.status, said.trim()))
    }
}
