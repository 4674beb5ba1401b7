//! Which system this is and what it calls itself.

use super::super::file;
use super::super::source::{Ledger, blocking};
use crate::model::Gap;

/// Reads the release file and the host name.
pub(super) async fn read(ledger: Ledger) -> Result<(), Gap> {
    let paths = ["/etc/os-release", "/usr/lib/os-release"].map(|path| ledger.path(path));
    let name = ledger.path("/proc/sys/kernel/hostname");
    let (os, name) = blocking(move || {
        let os = paths
            .iter()
            .find_map(|path| file::read(path).ok())
            .and_then(|text| pretty_name(&text));
        (os, file::line(&name))
    })
    .await?;
    ledger.facts(move |case| {
        case.host.os_name.clone_from(&os);
        case.host.host_name.clone_from(&name);
    });
    Ok(())
}

/// `PRETTY_NAME` of os-release(5), which is written in shell quoting.
fn pretty_name(text: &str) -> Option<String> {
    let value = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("PRETTY_NAME="))?;
    let words = shlex::split(value)?;
    words
        .first()
        .filter(|name| !name.is_empty())
        .map(|name| name.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_name_out_of_its_quotes() {
        let text = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
        assert_eq!(
            pretty_name(text).as_deref(),
            Some("Debian GNU/Linux 12 (bookworm)")
        );
        assert_eq!(pretty_name("PRETTY_NAME=Alpine\n").as_deref(), Some("Alpine"));
        assert_eq!(pretty_name("PRETTY_NAME=\"cut off"), None);
        assert_eq!(pretty_name("ID=x"), None);
    }
}
