//! Fixes on the services of a Mac that its hypervisors lean on.

use super::{Lines, Remedy, Where, ask, root};
use crate::model::{Message, Os};

fn mac(lines: Lines) -> Remedy {
    root(Where::Host, Os::Macos, lines)
}

/// Lets macOS's own DHCP server run, which lends addresses on its virtual networks.
pub fn enable_bootpd() -> Remedy {
    mac(fix!("remedy-bootpd", Low,
        "sudo launchctl enable system/com.apple.bootpd && sudo launchctl bootstrap system /System/Library/LaunchDaemons/bootps.plist; sudo launchctl kickstart -k system/com.apple.bootpd",
        undo: "sudo launchctl disable system/com.apple.bootpd",
        verify: "launchctl print-disabled system | grep bootpd; cat /var/db/dhcpd_leases"))
}

/// Starts macOS's address translation and DHCP anew. All machines must be stopped before.
pub fn restart_vmnet() -> Vec<Remedy> {
    vec![
        ask(Where::Host, Message::new("remedy-vmnet-stop-ask")),
        mac(fix!("remedy-vmnet", Low,
            "sudo killall bootpd InternetSharing",
            undo: "",
            verify: "sudo pfctl -a com.apple.internet-sharing/shared_v4 -s nat; ifconfig bridge100")),
    ]
}

/// Makes VMware Fusion write its network settings anew. The old ones are kept beside.
pub fn rebuild_fusion_networks() -> Remedy {
    let tool = "sudo '/Applications/VMware Fusion.app/Contents/Library/vmnet-cli'";
    let folder = "'/Library/Preferences/VMware Fusion'";
    mac(fix!("remedy-fusion-networks", High,
        format!("sudo cp -Rp {folder} '/Library/Preferences/VMware Fusion.vmnet-doctor' && {tool} --stop; sudo rm -f {folder}/networking && {tool} --configure && {tool} --start"),
        undo: format!("{tool} --stop; sudo rm -rf {folder} && sudo mv '/Library/Preferences/VMware Fusion.vmnet-doctor' {folder} && {tool} --start"),
        verify: format!("{tool} --status")))
}
