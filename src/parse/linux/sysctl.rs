//! `sysctl` of Linux, macOS and BSD, and files under `/proc/sys`.

use crate::model::{Case, Place};
use crate::parse::command::{self, Call};
use crate::parse::text::source;

/// Whether the line is `net.ipv4.ip_forward = 0` or `net.inet.ip.forwarding: 0`.
pub fn is_line(line: &str) -> bool {
    pair(line).is_some()
}

fn pair(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(" = ").or_else(|| line.split_once(": "))?;
    let key = key.trim();
    const ROOTS: [&str; 7] = ["net.", "kernel.", "net/", "security.", "kern.", "vm.", "fs."];
    let plain = ROOTS.iter().any(|root| key.starts_with(root)) && !key.contains(char::is_whitespace);
    plain.then(|| (with_dots(key), value.trim()))
}

/// `net/ipv4/ip_forward` is another spelling; but in `net.ipv4.conf.eth0/10.forwarding` the slash is a dot of
/// the adapter's name.
fn with_dots(key: &str) -> String {
    if key.contains('.') {
        key.to_owned()
    } else {
        key.replace('/', ".")
    }
}

/// Reads `sysctl KEY …`, `sysctl -a`, and `sysctl -n KEY …` by the order of the keys.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let Some(system) = case.system_mut(on) else { return };
    let mut found: Vec<(String, String)> = Vec::new();
    if call.has_letter('n') {
        let keys = call.words().map(with_dots);
        let values = text.lines().map(str::trim).filter(|line| !line.is_empty());
        found.extend(keys.zip(values.map(str::to_owned)));
    } else {
        found.extend(
            text.lines()
                .filter_map(pair)
                .map(|(key, value)| (key, value.to_owned())),
        );
    }
    if found.is_empty() {
        return;
    }
    if found.iter().any(|(key, _)| key.starts_with("net.ipv4.")) {
        system.os = Some(crate::model::Os::Linux);
    }
    let switches = system.kernel.fill(&source(command));
    switches.extend(found);
}

/// Whether the call prints a file under `/proc/sys`.
pub fn is_file(call: &Call) -> bool {
    call.file().is_some_and(|path| path.starts_with("/proc/sys/"))
}

/// Whether the line can be the value in such a file.
pub fn is_value(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.len() < 20 && line.chars().all(|c| c.is_ascii_digit() || c == '\t' || c == '-')
}

/// Reads the value of a file under `/proc/sys`.
pub fn read_file(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(path) = command::call(command).file() else {
        return;
    };
    let (Some(key), Some(system)) = (path.strip_prefix("/proc/sys/"), case.system_mut(on)) else {
        return;
    };
    let value = text.trim();
    if !value.is_empty() && value.lines().count() == 1 && value.len() < 200 {
        let switches = system.kernel.fill(&source(command));
        switches.insert(key.replace('/', "."), value.to_owned());
    }
}
