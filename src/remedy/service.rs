//! Restarting services that write a product's rules, and keeping others away from its adapters (Linux).

use super::fix::Fix;
use super::{Remedy, Risk, sh};
use crate::model::{Message, Os};

/// Restarts a service so that it writes its filter rules again; machines go on running.
pub fn rewrite_rules(service: &str) -> Remedy {
    let effect = Message::new("remedy-rewrite-rules-effect").with("service", service);
    Fix::host("remedy-rewrite-rules-title", effect, Risk::Low).sh(
        Os::Linux,
        (
            format!("sudo systemctl restart {}", sh(service)),
            String::new(),
            "sudo nft list ruleset | grep -i libvirt".to_owned(),
        ),
    )
}

/// Tells NetworkManager to leave an adapter of a product alone, now and after the next boot.
pub fn unmanage(adapter: &str) -> Vec<Remedy> {
    let effect = Message::new("remedy-unmanage-effect").with("adapter", adapter);
    let fix = Fix::host("remedy-unmanage-title", effect, Risk::Low);
    let file = "/etc/NetworkManager/conf.d/90-vmnet-doctor.conf";
    let stem = adapter.trim_end_matches(|c: char| c.is_ascii_digit());
    let products = ["vmnet", "vboxnet", "virbr", "vnet"];
    let pattern = match products.contains(&stem) {
        true => format!("{stem}*"),
        false => adapter.to_owned(),
    };
    let setting = sh(&format!("unmanaged-devices=interface-name:{pattern}"));
    vec![
        fix.sh(
            Os::Linux,
            (
                format!("sudo nmcli device set {} managed no", sh(adapter)),
                format!("sudo nmcli device set {} managed yes", sh(adapter)),
                "nmcli device".to_owned(),
            ),
        ),
        fix.sh(
            Os::Linux,
            (
                format!(
                    "printf '%s\\n' '[keyfile]' {setting} | sudo tee {file} && sudo nmcli general reload"
                ),
                format!("sudo rm {file} && sudo nmcli general reload"),
                "nmcli device".to_owned(),
            ),
        ),
    ]
}
