//! The registry through `reg query`, whose output is not translated.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::super::source::{Ledger, Machine};
use crate::model::Gap;

const LIMIT: Duration = Duration::from_millis(1500);

/// Keys of VMware's desktop products; those of 32-bit ones stand apart.
pub(super) const VMWARE: [&str; 4] = [
    r"HKLM\SOFTWARE\WOW6432Node\VMware, Inc.\VMware Workstation",
    r"HKLM\SOFTWARE\VMware, Inc.\VMware Workstation",
    r"HKLM\SOFTWARE\WOW6432Node\VMware, Inc.\VMware Player",
    r"HKLM\SOFTWARE\VMware, Inc.\VMware Player",
];

/// The key of VirtualBox.
pub(super) const VIRTUALBOX: &str = r"HKLM\SOFTWARE\Oracle\VirtualBox";

/// What `reg query KEY` prints.
///
/// # Errors
/// When the tool does not run, or there is no such key.
pub(super) async fn query(ledger: &Ledger, key: &str) -> Result<String, Gap> {
    let printed = ledger.run("reg", &["query", key], LIMIT).await?.checked()?;
    Ok(printed.stdout)
}

/// A value's name and text, when it is one of text.
fn value(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix("    ")?;
    ["    REG_SZ    ", "    REG_EXPAND_SZ    "]
        .iter()
        .find_map(|kind| line.split_once(kind))
        .map(|(name, text)| (name.trim(), text.trim()))
}

/// All texts in an answer.
#[cfg_attr(not(windows), allow(dead_code))]
pub(super) fn strings(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(value)
        .map(|(_, text)| text.to_owned())
        .collect()
}

/// The ledger with a folder of tools that stands in this value of the first of these keys that has it.
pub(super) async fn with_folder(ledger: Ledger, keys: &[&str], name: &str) -> Ledger {
    for key in keys {
        let Ok(text) = query(&ledger, key).await else {
            continue;
        };
        let folder = text.lines().filter_map(value).find(|(known, _)| *known == name);
        let Some((_, folder)) = folder.filter(|(_, folder)| !folder.is_empty()) else {
            continue;
        };
        let folder = match cfg!(windows) {
            true => PathBuf::from(folder),
            false => ledger.path(folder),
        };
        let machine = Machine {
            tools: ledger.machine.tools.with_folder(folder),
            root: ledger.machine.root.clone(),
            is_root: ledger.machine.is_root,
            processes: ledger.machine.processes.clone(),
        };
        return Ledger {
            machine: Arc::new(machine),
            ..ledger
        };
    }
    ledger
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_texts_and_nothing_else() {
        let text = "\r\nHKEY_LOCAL_MACHINE\\SOFTWARE\\X\r\n    InstallPath    REG_SZ    C:\\Program Files (x86)\\X\\\r\n    \
                    Number    REG_DWORD    0x5\r\n    Empty    REG_SZ    \r\n";
        let found: Vec<_> = text.lines().filter_map(value).collect();
        assert_eq!(
            found.first(),
            Some(&("InstallPath", r"C:\Program Files (x86)\X\"))
        );
        assert!(found.iter().all(|(name, _)| *name != "Number"));
    }
}
