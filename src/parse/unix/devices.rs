//! Network cards on the bus with their drivers: `lspci -k`, `pciconf -lv`, `Get-PnpDevice`.

use crate::model::{Case, Device, Fact, Place};
use crate::parse::text::source;

/// Most cards that are kept.
const MAX_ROWS: usize = 256;

/// Whether the line is the heading of a network card in `lspci`.
pub fn is_lspci_line(line: &str) -> bool {
    lspci_card(line).is_some() || line.trim_start().starts_with("Kernel driver in use: ")
}

/// `00:03.0 Ethernet controller [0200]: Intel …`: its place and its name.
fn lspci_card(line: &str) -> Option<(&str, &str)> {
    let (slot, rest) = line.split_once(' ')?;
    let placed = slot.len() >= 7
        && slot.contains('.')
        && slot
            .chars()
            .all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.');
    let (class, name) = rest.split_once(": ")?;
    let network = ["Ethernet controller", "Network controller"]
        .iter()
        .any(|word| class.starts_with(word));
    (placed && network).then_some((slot, name))
}

/// Reads `lspci -k` (or `-nnk`, `-v`): without those options it does not tell drivers.
pub fn lspci(text: &str, case: &mut Case, on: Place, command: &str) {
    let tells = ["Kernel driver in use", "Kernel modules", "Subsystem:"];
    if !tells.iter().any(|word| text.contains(word)) {
        return;
    }
    let mut rows: Vec<Device> = Vec::new();
    let mut in_card = false;
    for line in text.lines() {
        if !line.starts_with([' ', '\t']) {
            in_card = false;
        }
        if let Some((slot, name)) = lspci_card(line) {
            in_card = true;
            rows.push(device(slot, name, None));
        } else if in_card
            && let (Some(driver), Some(row)) = (
                line.trim().strip_prefix("Kernel driver in use: "),
                rows.last_mut(),
            )
        {
            row.driver = Some(driver.trim().to_owned());
        }
    }
    keep(case, on, rows, command);
}

/// Whether the line is one of `pciconf -l` for a network card (class 02).
pub fn is_pciconf_line(line: &str) -> bool {
    line.contains("@pci") && line.contains("class=0x02")
}

/// Reads `pciconf -lv` of FreeBSD: a card without driver is called `none0`.
pub fn pciconf(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = text
        .lines()
        .filter(|line| is_pciconf_line(line))
        .filter_map(|line| {
            let (name, rest) = line.split_once('@')?;
            let slot = rest.split([' ', '\t']).next()?.trim_end_matches(':');
            let driver = (!name.starts_with("none"))
                .then(|| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
            Some(device(slot, name, driver))
        });
    keep(case, on, rows.collect(), command);
}

/// Whether the line is the heading of `Get-PnpDevice`.
pub fn is_pnp_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("Status") && words.next() == Some("Class") && words.next() == Some("FriendlyName")
}

/// Reads `Get-PnpDevice -Class Net`: `Error` is a card without a working driver, `Unknown` one that is gone.
pub fn pnp(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut rows = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [status @ ("OK" | "Error" | "Degraded"), rest @ ..] = words.as_slice() else {
            continue;
        };
        let card = rest.first() == Some(&"Net") || line.contains("Ethernet") || line.contains("以太网");
        if !card {
            continue;
        }
        let rest: Vec<&str> = rest.iter().copied().filter(|word| *word != "Net").collect();
        // The instance's id stands last.
        let (slot, name) = match rest.split_last() {
            Some((last, head)) if last.contains('\\') || last.contains("...") => (*last, head.join(" ")),
            _ => ("", rest.join(" ")),
        };
        let pseudo = [
            "WAN Miniport",
            "Kernel Debug",
            "Wi-Fi Direct",
            "Teredo",
            "Bluetooth",
        ];
        if pseudo.iter().any(|word| name.contains(word)) {
            continue;
        }
        let driver = (*status == "OK").then(|| "OK".to_owned());
        rows.push(device(slot, &name, driver));
    }
    keep(case, on, rows, command);
}

fn device(slot: &str, name: &str, driver: Option<String>) -> Device {
    Device {
        slot: slot.chars().take(100).collect(),
        name: name.trim().chars().take(200).collect(),
        driver,
    }
}

fn keep(case: &mut Case, on: Place, mut rows: Vec<Device>, command: &str) {
    rows.truncate(MAX_ROWS);
    if let Some(system) = case.system_mut(on) {
        system.devices = Fact::known(rows, source(command));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(command: &str, text: &str) -> Vec<(String, Option<String>)> {
        let mut case = Case::default();
        let output = crate::model::Output {
            on: Place::Guest,
            command: command.to_owned(),
            text: text.to_owned(),
        };
        crate::parse::absorb(&mut case, &output);
        let rows = case.guest.devices.rows().iter();
        rows.map(|row| (row.slot.clone(), row.driver.clone())).collect()
    }

    #[test]
    fn a_card_without_driver_is_seen_on_every_system() {
        let text = "00:02.0 VGA compatible controller: Device 1234:1111\n\tSubsystem: Red Hat\n\tKernel driver in use: bochs-drm\n00:03.0 Ethernet controller: Red Hat, Inc. Virtio network device\n\tSubsystem: Red Hat, Inc. Device 0001\n\tKernel modules: virtio_net\n";
        for command in ["lspci -k", ""] {
            assert_eq!(told(command, text), [("00:03.0".to_owned(), None)], "{command}");
        }
        assert_eq!(
            told(
                "lspci",
                "00:03.0 Ethernet controller: Intel Corporation 82540EM\n"
            ),
            []
        );
        assert_eq!(
            told(
                "pciconf -lv",
                "none1@pci0:0:3:0:\tclass=0x020000 rev=0x00 hdr=0x00 vendor=0x1af4 device=0x1000\nem0@pci0:0:8:0:\tclass=0x020000 rev=0x02\n"
            ),
            [
                ("pci0:0:3:0".to_owned(), None),
                ("pci0:0:8:0".to_owned(), Some("em".to_owned()))
            ]
        );
        assert_eq!(
            told(
                "Get-PnpDevice -Class Net",
                "\nStatus     Class           FriendlyName              InstanceId\n------     -----           ------------              ----------\nError                      Ethernet Controller       PCI\\VEN_1AF4...\nOK         Net             WAN Miniport (IP)         SWD\\MSRRAS...\n"
            ),
            [("PCI\\VEN_1AF4...".to_owned(), None)]
        );
    }
}
