//! Where the lab lives: mount and process namespaces of its own.
//!
//! Everything the lab makes hangs on this: network namespaces are bind mounts in a private mount
//! namespace, helpers are processes of a private process namespace. When its first process ends,
//! however it ends (panic, Ctrl-C, SIGKILL), the kernel removes all of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Set in the inner process.
pub const INSIDE: &str = "LAB_INSIDE";

/// Set in the inner process: the number of its parent, as seen from outside.
pub const OUTSIDE: &str = "LAB_OUTSIDE";

/// Scratch files, on a memory file system that vanishes with the cage.
pub const SCRATCH: &str = "/run/vmnet-doctor-lab";

/// Places where this machine's own hypervisors and services would shine through. Hidden when there.
const HIDDEN: [&str; 9] = [
    "/etc/libvirt",
    "/etc/vmware",
    "/run/dbus",
    "/run/docker",
    "/run/firewalld",
    "/run/libvirt",
    "/var/lib/docker",
    "/var/lib/libvirt",
    "/var/lib/lxd",
];

/// The tools that build networks and prove faults.
const TOOLS: [&str; 10] = [
    "ip", "nft", "sysctl", "iptables", "ping", "arping", "setpriv", "unshare", "mount", "getent",
];

/// Enters the cage by starting this program again inside it; returns in the inner process only.
///
/// The error is the plain reason why the lab cannot run here.
pub fn enter() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("network namespaces exist on Linux only".to_owned());
    }
    if std::env::var_os(INSIDE).is_some() {
        return furnish();
    }
    if !is_root() {
        return Err("making network namespaces needs root".to_owned());
    }
    let missing: Vec<&str> = TOOLS.into_iter().filter(|tool| !is_installed(tool)).collect();
    if !missing.is_empty() {
        return Err(format!("not installed: {}", missing.join(", ")));
    }
    let possible = Command::new("unshare")
        .args(["--mount", "--pid", "--net", "--fork", "--mount-proc", "true"])
        .stderr(Stdio::null())
        .status();
    if !possible.is_ok_and(|status| status.success()) {
        return Err("this system does not let root make namespaces".to_owned());
    }
    Err(become_inner())
}

/// Replaces this process; returns only when that failed.
fn become_inner() -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let program = match std::env::current_exe() {
            Ok(program) => program,
            Err(error) => return format!("own program not found: {error}"),
        };
        let error = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"])
            .arg(program)
            .args(std::env::args_os().skip(1))
            .env(INSIDE, "1")
            .env(OUTSIDE, std::process::id().to_string())
            .exec();
        format!("unshare did not start: {error}")
    }
    #[cfg(not(unix))]
    String::new()
}

/// A folder with every tool of this system except `ping`, to be a whole `PATH`.
pub fn tools_without_ping() -> PathBuf {
    Path::new(SCRATCH).join("without-ping")
}

/// A folder to come first in the `PATH` where offered commands are run: they are run as root, and `sudo` is not
/// installed everywhere.
pub fn tools_of_root() -> PathBuf {
    Path::new(SCRATCH).join("root")
}

/// A copy of this system's settings that the lab's machines may change.
const SETTINGS: &str = "
cp -a /etc @scratch/etc
mount --bind @scratch/etc /etc
mkdir -p /etc/netns
: > /etc/resolv.conf.vmnet-doctor
mkdir @scratch/root
printf '#!/bin/sh\\n[ \"$1\" = -n ] && shift\\nexec \"$@\"\\n' > @scratch/root/sudo
chmod 755 @scratch/root/sudo
mkdir @scratch/without-ping
for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
    ln -s $folder/* @scratch/without-ping/ 2>/dev/null || true
done
rm -f @scratch/without-ping/ping*
";

/// Lays out the inside: scratch space, a place for namespaces, the program under test, signals.
fn furnish() -> Result<(), String> {
    end_on_signals();
    for (folder, mode) in [(SCRATCH, "1777"), ("/run/netns", "0755")] {
        std::fs::create_dir_all(folder).map_err(|error| format!("{folder}: {error}"))?;
        mount(&["-t", "tmpfs", "-o", &format!("mode={mode}"), "lab", folder])?;
    }
    for folder in HIDDEN.into_iter().filter(|folder| Path::new(folder).is_dir()) {
        mount(&["-t", "tmpfs", "lab", folder])?;
    }
    // Bound, not copied: it is large, and an unprivileged user may not pass through its folder.
    let program = program();
    std::fs::write(&program, "").map_err(|error| format!("{}: {error}", program.display()))?;
    let built = std::env::var("LAB_PROGRAM");
    let built = built.as_deref().unwrap_or(env!("CARGO_BIN_EXE_vmnet-doctor"));
    mount(&["--bind", built, &program.to_string_lossy()])?;
    run("sh", &["-ec", &SETTINGS.replace("@scratch", SCRATCH)])?;
    // The first one makes the folder of namespaces shared; side by side they would race for that.
    run("ip", &["netns", "add", "first"])
}

/// The program under test, where every user can run it.
pub fn program() -> PathBuf {
    Path::new(SCRATCH).join("vmnet-doctor")
}

fn mount(arguments: &[&str]) -> Result<(), String> {
    run("mount", arguments)
}

fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{program} {}: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    ))
}

/// Whether a program can be found.
pub fn is_installed(tool: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .any(|folder| folder.join(tool).is_file())
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}

/// The first process of a process namespace ignores signals that nobody waits for, so one thread waits.
#[cfg(target_os = "linux")]
fn end_on_signals() {
    use nix::sys::signal::{SigSet, Signal};
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        signals.add(signal);
    }
    // Before any other thread exists, so that all of them inherit it.
    if signals.thread_block().is_err() {
        return;
    }
    std::thread::spawn(move || {
        if let Ok(signal) = signals.wait() {
            eprintln!("lab ended by {signal}; its networks go with it");
            std::process::exit(130);
        }
    });
}

#[cfg(not(target_os = "linux"))]
fn end_on_signals() {}
