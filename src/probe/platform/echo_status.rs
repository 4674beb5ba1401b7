//! What the status of Windows' echo call means.

use std::net::IpAddr;

use super::echo::Answer;
use crate::model::EchoErrorKind;

/// The answer behind an `IP_STATUS` (Microsoft, `ipexport.h`). `by` is the machine that answered, unless it is this
/// one; `time_us` and `ttl` count for a reply only.
pub(super) fn answer(status: u32, v6: bool, by: Option<IpAddr>, time_us: u32, ttl: Option<u8>) -> Answer {
    let kind = match status {
        0 => return Answer::Reply { time_us, ttl },
        // IP_REQ_TIMED_OUT.
        11_010 => return Answer::Silence,
        // Of IPv6 this is "no route", which this machine says of its own table.
        11_002 if v6 && by.is_none() => EchoErrorKind::NoRoute,
        11_002 | 11_012 | 11_018 => EchoErrorKind::NetUnreachable,
        11_003 | 11_040 => EchoErrorKind::HostUnreachable,
        // Of IPv4 this is "no such protocol", of IPv6 "prohibited by a filter".
        11_004 if v6 => EchoErrorKind::Prohibited,
        11_004 | 11_005 => EchoErrorKind::PortUnreachable,
        11_006 => EchoErrorKind::NoBuffer,
        11_009 => EchoErrorKind::TooBig,
        11_013 | 11_041 => EchoErrorKind::TtlExceeded,
        // IP_GENERAL_FAILURE: a filter of this machine, or an adapter without a network, stopped it.
        11_050 => EchoErrorKind::NotPermitted,
        _ => EchoErrorKind::Other,
    };
    Answer::Error { kind, by, mtu: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u32, v6: bool, by: Option<&str>) -> Option<EchoErrorKind> {
        match answer(status, v6, by.map(|by| by.parse().unwrap()), 5, None) {
            Answer::Error { kind, .. } => Some(kind),
            _ => None,
        }
    }

    #[test]
    fn replies_silence_and_errors_are_told_apart() {
        assert!(matches!(
            answer(0, false, None, 812, Some(128)),
            Answer::Reply {
                time_us: 812,
                ttl: Some(128)
            }
        ));
        assert!(matches!(answer(11_010, false, None, 1, None), Answer::Silence));
        assert_eq!(kind(11_003, false, None), Some(EchoErrorKind::HostUnreachable));
        assert_eq!(
            kind(11_002, false, Some("192.0.2.1")),
            Some(EchoErrorKind::NetUnreachable)
        );
        assert_eq!(kind(11_002, true, None), Some(EchoErrorKind::NoRoute));
        assert_eq!(
            kind(11_004, true, Some("2001:db8::1")),
            Some(EchoErrorKind::Prohibited)
        );
        assert_eq!(
            kind(11_009, false, Some("192.0.2.1")),
            Some(EchoErrorKind::TooBig)
        );
        assert_eq!(kind(11_050, false, None), Some(EchoErrorKind::NotPermitted));
        assert_eq!(kind(12_345, false, None), Some(EchoErrorKind::Other));
    }
}
