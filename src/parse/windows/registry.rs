//! `reg query` of a product's key: that it is installed, where, and which version.

use crate::model::{Case, HypervisorId, Place};
use crate::parse::merge;

/// Whether the line names a key, as `reg query` prints it before its values.
pub fn is_line(line: &str) -> bool {
    line.starts_with(r"HKEY_LOCAL_MACHINE\SOFTWARE\") && product(line).is_some()
}

/// The product whose key this is.
fn product(key: &str) -> Option<HypervisorId> {
    const KEYS: [(&str, HypervisorId); 3] = [
        (
            r"\vmware, inc.\vmware workstation",
            HypervisorId::VmwareWorkstation,
        ),
        (r"\vmware, inc.\vmware player", HypervisorId::VmwareWorkstation),
        (r"\oracle\virtualbox", HypervisorId::VirtualBox),
    ];
    let key = key.trim().to_lowercase();
    KEYS.iter().find(|(end, _)| key.ends_with(end)).map(|(_, id)| *id)
}

/// Reads `reg query KEY`. A value of another type than text says nothing.
pub fn read(text: &str, case: &mut Case, on: Place, _command: &str) {
    if on != Place::Host {
        return;
    }
    let mut found: Option<(HypervisorId, String)> = None;
    for line in text.lines() {
        if line.starts_with("HKEY_") {
            found = product(line).map(|id| (id, line.trim().to_owned()));
            if let Some((id, key)) = &found {
                let hypervisor = case.hypervisor_mut(*id);
                hypervisor.installed = Some(true);
                if !hypervisor.evidence.contains(key) {
                    hypervisor.evidence.push(key.clone());
                }
            }
            continue;
        }
        let Some((id, key)) = &found else { continue };
        let mut words = line.trim().splitn(3, "    ");
        let (Some(name), Some(kind), value) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        if !["ProductVersion", "Version", "InstallPath", "InstallDir"].contains(&name.trim()) {
            continue;
        }
        let is_text = matches!(kind.trim(), "REG_SZ" | "REG_EXPAND_SZ");
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        match (is_text, name.trim(), value) {
            (true, "ProductVersion" | "Version", Some(version)) => {
                let version: String = version.chars().take(60).collect();
                case.hypervisor_mut(*id).version = Some(version);
            }
            (true, _, _) => {}
            (false, ..) => merge::unread(case, &format!(r"{key}\{}", name.trim()), "not understood", ""),
        }
    }
}
