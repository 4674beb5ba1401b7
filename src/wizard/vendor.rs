//! Whose hardware a hardware address belongs to, as far as virtual machines make it of interest.

use crate::model::Mac;

/// The maker of a virtual card by the first three bytes of its address (IEEE registrations and the prefixes that
/// the products document); `None` for all others.
pub fn of(mac: Mac) -> Option<&'static str> {
    Some(match mac.oui() {
        [0x00, 0x50, 0x56] | [0x00, 0x0c, 0x29] | [0x00, 0x05, 0x69] | [0x00, 0x1c, 0x14] => "VMware",
        [0x08, 0x00, 0x27] | [0x0a, 0x00, 0x27] => "VirtualBox",
        [0x00, 0x15, 0x5d] => "Microsoft Hyper-V",
        [0x52, 0x54, 0x00] => "QEMU/KVM",
        [0x00, 0x1c, 0x42] => "Parallels",
        [0x00, 0x16, 0x3e] => "Xen",
        [0xbc, 0x24, 0x11] => "Proxmox",
        [0x02, 0x42, _] => "Docker",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_cards_are_known_by_their_first_bytes() {
        let vendor = |text: &str| of(text.parse().expect("a hardware address"));
        assert_eq!(vendor("00:0c:29:6b:11:9e"), Some("VMware"));
        assert_eq!(vendor("52:54:00:4b:d1:33"), Some("QEMU/KVM"));
        assert_eq!(vendor("3c:7c:3f:1a:2b:4c"), None);
    }
}
