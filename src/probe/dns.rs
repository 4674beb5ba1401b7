//! The few bytes of DNS (RFC 1035) that asking one server for addresses takes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kinds of record that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// IPv4 address.
    A = 1,
    /// IPv6 address (RFC 3596).
    Aaaa = 28,
}

/// What an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Addresses, or none of this kind.
    Addresses(Vec<IpAddr>),
    /// There is no such name.
    NoSuchName,
    /// The server failed or refused.
    Failed,
}

/// Addresses taken from one answer at most.
const MAX_ADDRESSES: usize = 32;

/// A query; `None` when the name cannot be one (empty or overlong parts).
pub(super) fn query(id: u16, name: &str, record: Record) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(18 + name.len());
    bytes.extend(id.to_be_bytes());
    // Recursion desired, one question.
    bytes.extend([0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
    bytes.extend(encode_name(name)?);
    bytes.extend([0, record as u8, 0, 1]);
    Some(bytes)
}

fn encode_name(name: &str) -> Option<Vec<u8>> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut bytes = Vec::with_capacity(name.len() + 2);
    for label in name.split('.') {
        let length = u8::try_from(label.len())
            .ok()
            .filter(|length| (1..=63).contains(length))?;
        bytes.push(length);
        bytes.extend(label.as_bytes());
    }
    bytes.push(0);
    (bytes.len() <= 255).then_some(bytes)
}

/// Reads an answer to the given query; `None` for anything else that arrives.
pub(super) fn answer(query: &[u8], message: &[u8]) -> Option<Answer> {
    let header = message.get(..12)?;
    let is_response = header[2] & 0x80 != 0;
    if !is_response || header.get(..2)? != query.get(..2)? || header[4..6] != [0, 1] {
        return None;
    }
    let question = query.get(12..)?;
    if !message
        .get(12..)?
        .get(..question.len())?
        .eq_ignore_ascii_case(question)
    {
        return None;
    }
    match header[3] & 0x0f {
        0 => {}
        3 => return Some(Answer::NoSuchName),
        _ => return Some(Answer::Failed),
    }
    let count = u16::from_be_bytes([header[6], header[7]]);
    let mut addresses = Vec::new();
    let mut at = 12 + question.len();
    for _ in 0..count {
        let Some((record, next)) = read_record(message, at) else {
            break;
        };
        at = next;
        addresses.extend(record);
        if addresses.len() >= MAX_ADDRESSES {
            break;
        }
    }
    Some(Answer::Addresses(addresses))
}

/// The address in the record at this place, when it holds one, and where the next begins.
fn read_record(message: &[u8], at: usize) -> Option<(Option<IpAddr>, usize)> {
    let at = skip_name(message, at)?;
    let fixed: [u8; 10] = message.get(at..at + 10)?.try_into().ok()?;
    let [kind_high, kind_low, _, _, _, _, _, _, length_high, length_low] = fixed;
    let start = at + 10;
    let end = start + usize::from(u16::from_be_bytes([length_high, length_low]));
    let data = message.get(start..end)?;
    let address = match u16::from_be_bytes([kind_high, kind_low]) {
        1 => <[u8; 4]>::try_from(data)
            .ok()
            .map(|bytes| IpAddr::V4(Ipv4Addr::from(bytes))),
        28 => <[u8; 16]>::try_from(data)
            .ok()
            .map(|bytes| IpAddr::V6(Ipv6Addr::from(bytes))),
        _ => None,
    };
    Some((address, end))
}

/// Where the name at this place ends. A pointer ends a name, so there is nothing to follow.
fn skip_name(message: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *message.get(at)? {
            0 => return Some(at + 1),
            length if length & 0xc0 == 0xc0 => return Some(at + 2),
            length => at += 1 + usize::from(length),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(query: &[u8], code: u8, answers: &[&[u8]]) -> Vec<u8> {
        let mut bytes = query.to_vec();
        bytes[2] |= 0x80;
        bytes[3] = code;
        bytes[7] = answers.len() as u8;
        for answer in answers {
            bytes.extend(*answer);
        }
        bytes
    }

    const A: &[u8] = &[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7];
    const CNAME: &[u8] = &[0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12];

    #[test]
    fn addresses_behind_an_alias() {
        let query = query(7, "example.org.", Record::A).unwrap();
        assert_eq!(&query[12..], b"\x07example\x03org\x00\x00\x01\x00\x01");
        let told = answer(&query, &response(&query, 0, &[CNAME, A])).unwrap();
        assert_eq!(told, Answer::Addresses(vec!["192.0.2.7".parse().unwrap()]));
    }

    #[test]
    fn refusals_are_told_apart() {
        let query = query(7, "example.org", Record::Aaaa).unwrap();
        assert_eq!(
            answer(&query, &response(&query, 3, &[])),
            Some(Answer::NoSuchName)
        );
        assert_eq!(answer(&query, &response(&query, 2, &[])), Some(Answer::Failed));
        assert_eq!(answer(&query, &response(&query, 5, &[])), Some(Answer::Failed));
        assert_eq!(
            answer(&query, &response(&query, 0, &[])),
            Some(Answer::Addresses(Vec::new()))
        );
        let other = super::query(8, "example.org", Record::Aaaa).unwrap();
        assert_eq!(
            answer(&query, &response(&other, 0, &[])),
            None,
            "an answer to somebody else"
        );
        assert_eq!(answer(&query, &query), None, "a query is no answer");
    }

    #[test]
    fn names_that_cannot_be() {
        for name in ["", ".", "a..b", &"a".repeat(64), &"a.".repeat(200)] {
            assert_eq!(query(1, name, Record::A), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, tail: Vec<u8>) {
            let query = query(7, "example.org", Record::A).unwrap();
            answer(&query, &bytes);
            answer(&query, &response(&query, 0, &[A, &tail, A]));
        }
    }
}
