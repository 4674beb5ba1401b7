//! ARP requests and replies as bytes (RFC 826 over Ethernet), and what `arping` prints.

use std::net::Ipv4Addr;

use crate::model::Mac;

/// Length of a request with its Ethernet header.
const FRAME: usize = 42;

/// A broadcast request: who has `target`? Told to `own` at `mac`.
pub(super) fn request(mac: Mac, own: Ipv4Addr, target: Ipv4Addr) -> Vec<u8> {
    let mut frame = Vec::with_capacity(FRAME);
    frame.extend([0xff; 6]);
    frame.extend(mac.0);
    // EtherType ARP; hardware Ethernet, protocol IPv4, their lengths, operation request.
    frame.extend([0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, 1]);
    frame.extend(mac.0);
    frame.extend(own.octets());
    frame.extend([0; 6]);
    frame.extend(target.octets());
    frame
}

/// The hardware address that a frame announces for `target`, when it is an ARP reply that does.
pub(super) fn reply(frame: &[u8], target: Ipv4Addr) -> Option<Mac> {
    let frame: &[u8; FRAME] = frame.get(..FRAME)?.try_into().ok()?;
    if frame[12..22] != [0x08, 0x06, 0, 1, 0x08, 0x00, 6, 4, 0, 2] || frame[28..32] != target.octets() {
        return None;
    }
    let mac = Mac([frame[22], frame[23], frame[24], frame[25], frame[26], frame[27]]);
    (!mac.is_zero() && !mac.is_group()).then_some(mac)
}

/// The hardware address in a line of `arping`: `Unicast reply from 10.0.0.2 [02:…]  0.6ms` (iputils) or
/// `60 bytes from 02:… (10.0.0.2): index=0 …` (Habets).
pub(super) fn arping_line(line: &str) -> Option<Mac> {
    let words = line
        .split([' ', '[', ']', '(', ')', '\t'])
        .filter(|word| word.len() == 17);
    line.contains("from")
        .then(|| words.filter_map(|word| word.parse().ok()).next())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Mac = Mac([2, 0, 0, 0, 0, 1]);
    const GUEST: Mac = Mac([0x52, 0x54, 0, 0x4b, 0x93, 0x6d]);

    fn answer(target: Ipv4Addr) -> Vec<u8> {
        let mut frame = request(GUEST, target, Ipv4Addr::new(10, 0, 0, 1));
        frame[21] = 2;
        frame
    }

    #[test]
    fn a_reply_is_read_and_others_are_not() {
        let target = Ipv4Addr::new(10, 0, 0, 2);
        assert_eq!(reply(&answer(target), target), Some(GUEST));
        assert_eq!(reply(&answer(Ipv4Addr::new(10, 0, 0, 3)), target), None);
        assert_eq!(
            reply(&request(OWN, target, target), target),
            None,
            "a request is no reply"
        );
        assert_eq!(reply(&answer(target)[..41], target), None);
        let mut padded = answer(target);
        padded.resize(60, 0);
        assert_eq!(reply(&padded, target), Some(GUEST));
        padded[22..28].fill(0xff);
        assert_eq!(
            reply(&padded, target),
            None,
            "nobody lives at the broadcast address"
        );
    }

    #[test]
    fn what_arping_prints() {
        assert_eq!(
            arping_line("Unicast reply from 10.0.0.2 [52:54:00:4B:93:6D]  0.612ms"),
            Some(GUEST)
        );
        assert_eq!(
            arping_line("60 bytes from 52:54:00:4b:93:6d (10.0.0.2): index=0 time=6.1 usec"),
            Some(GUEST)
        );
        assert_eq!(arping_line("ARPING 10.0.0.2 from 10.0.0.1 veth0"), None);
        assert_eq!(arping_line("Sent 3 probes (3 broadcast(s))"), None);
    }
}
