//! What Linux counted: `nstat` and `/proc/net/netstat`. Kept is what a rule asks for.

use crate::model::{Case, Place};
use crate::parse::command::Call;
use crate::parse::text::source;

/// The counters that are kept, as `nstat` names them.
const KEPT: [&str; 1] = ["TcpExtIPReversePathFilter"];

/// Whether the call prints the kernel's file of counters.
pub fn is_file(call: &Call) -> bool {
    call.file().is_some_and(|path| path == "/proc/net/netstat")
}

/// Whether the line is one of `nstat` or of the file.
pub fn is_line(line: &str) -> bool {
    line.starts_with("TcpExt: ") || nstat(line).is_some()
}

/// `TcpExtIPReversePathFilter        3                  0.0`.
fn nstat(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    let (name, value) = (words.next()?, words.next()?);
    let known = ["TcpExt", "IpExt"].iter().any(|group| {
        name.strip_prefix(group)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    (known && value.bytes().all(|byte| byte.is_ascii_digit())).then_some((name, value))
}

/// Reads either form: rows of name and count, or a line of names above a line of counts.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found = counters(text);
    if found.is_empty() {
        return;
    }
    if let Some(system) = case.system_mut(on) {
        system.kernel.fill(&source(command)).extend(found);
    }
}

/// The counters that are kept, with their counts.
pub fn counters(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut keep = |name: &str, value: &str| {
        if KEPT.contains(&name) && value.parse::<u64>().is_ok() {
            found.push((name.to_owned(), value.to_owned()));
        }
    };
    let mut heads: Option<(&str, &str)> = None;
    for line in text.lines() {
        if let Some((name, value)) = nstat(line) {
            keep(name, value);
            continue;
        }
        let Some((group, rest)) = line.split_once(": ") else {
            continue;
        };
        match heads.take() {
            Some((known, names)) if known == group => {
                for (name, value) in names.split_whitespace().zip(rest.split_whitespace()) {
                    keep(&format!("{group}{name}"), value);
                }
            }
            _ => heads = Some((group, rest)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let wanted = vec![("TcpExtIPReversePathFilter".to_owned(), "12".to_owned())];
        assert_eq!(
            counters(
                "#kernel\nTcpExtDelayedACKs               7                  0.0\nTcpExtIPReversePathFilter       12                 0.0\n"
            ),
            wanted
        );
        assert_eq!(
            counters(
                "TcpExt: SyncookiesSent IPReversePathFilter TWRecycled\nTcpExt: 0 12 4\nIpExt: InNoRoutes\nIpExt: 3\n"
            ),
            wanted
        );
        assert_eq!(counters("TcpExt: a b\nIpExt: 1 2\n"), Vec::new());
        assert_eq!(counters("TcpExtIPReversePathFilter x\n"), Vec::new());
    }
}
