//! Fixes on programs that lend addresses or make networks of their own.

use super::fix::Fix;
use super::{Remedy, Risk, Where};
use crate::model::{Message, Os};

/// Lets the Mac's DHCP server answer guests (Apple: `socketfilterfw`, `bootpd`).
pub fn allow_bootpd() -> Remedy {
    let tool = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw";
    let server = "/usr/libexec/bootpd";
    Fix::host("remedy-answer-bootpd-title", Message::new("remedy-answer-bootpd-effect"), Risk::Low).sh(
        Os::Macos,
        (
            format!("{tool} --add {server} && {tool} --unblockapp {server} && sudo launchctl kickstart -kp system/com.apple.bootpd"),
            format!("{tool} --blockapp {server}"),
            "/usr/libexec/ApplicationFirewall/socketfilterfw --listapps".to_owned(),
        ),
    )
}

/// Moves Docker's own networks to addresses that hardly anybody uses. An existing file of settings is kept.
pub fn move_docker(on: Where) -> Remedy {
    let file = "/etc/docker/daemon.json";
    let settings = r#"{"bip":"10.213.0.1/24","default-address-pools":[{"base":"10.214.0.0/16","size":24}]}"#;
    Fix::at(
        on,
        "remedy-docker-pool-title",
        Message::new("remedy-docker-pool-effect"),
        Risk::Medium,
    )
    .sh(
        Os::Linux,
        (
            format!(
                "test ! -e {file} && echo '{settings}' | sudo tee {file} && sudo systemctl restart docker"
            ),
            format!("sudo rm {file} && sudo systemctl restart docker"),
            "ip -br addr show dev docker0".to_owned(),
        ),
    )
}
