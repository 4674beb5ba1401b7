//! What an ICMP message or a system's error number means for a probe.

use std::io;

use crate::model::{EchoErrorKind, TcpOutcome};

use super::platform;

/// An ICMP message that speaks of a packet we sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Icmp {
    /// Whether it is an ICMPv6 message.
    pub(super) v6: bool,
    /// Its type.
    pub(super) kind: u8,
    /// Its code.
    pub(super) code: u8,
}

impl Icmp {
    /// What it says, when `own` tells that this very machine sent it: its filter refuses then, nobody else's.
    pub(super) fn told_by(self, own: bool) -> EchoErrorKind {
        match self.meaning() {
            EchoErrorKind::Prohibited | EchoErrorKind::PortUnreachable if own => EchoErrorKind::NotPermitted,
            kind => kind,
        }
    }

    /// What it says. Types and codes: IANA "ICMP Parameters" and "ICMPv6 Parameters".
    pub(super) fn meaning(self) -> EchoErrorKind {
        if self.v6 {
            match (self.kind, self.code) {
                (1, 0 | 2 | 6) => EchoErrorKind::NetUnreachable,
                (1, 1 | 5) => EchoErrorKind::Prohibited,
                (1, 3) => EchoErrorKind::HostUnreachable,
                (1, 4) => EchoErrorKind::PortUnreachable,
                (2, _) => EchoErrorKind::TooBig,
                (3, _) => EchoErrorKind::TtlExceeded,
                _ => EchoErrorKind::Other,
            }
        } else {
            match (self.kind, self.code) {
                (3, 0 | 6 | 11) => EchoErrorKind::NetUnreachable,
                (3, 1 | 7 | 8 | 12) => EchoErrorKind::HostUnreachable,
                (3, 3) => EchoErrorKind::PortUnreachable,
                (3, 4) => EchoErrorKind::TooBig,
                (3, 9 | 10 | 13 | 14 | 15) => EchoErrorKind::Prohibited,
                (11, _) => EchoErrorKind::TtlExceeded,
                _ => EchoErrorKind::Other,
            }
        }
    }
}

/// Why this system did not send an echo request.
pub(super) fn echo_error(error: &io::Error) -> EchoErrorKind {
    match error.kind() {
        io::ErrorKind::PermissionDenied => EchoErrorKind::NotPermitted,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => EchoErrorKind::NoRoute,
        io::ErrorKind::NetworkDown | io::ErrorKind::AddrNotAvailable => EchoErrorKind::AdapterGone,
        _ => error
            .raw_os_error()
            .map_or(EchoErrorKind::Other, platform::echo_error),
    }
}

/// What an error of `connect` means when no ICMP message is known.
pub(super) fn tcp_error(error: &io::Error) -> TcpOutcome {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => TcpOutcome::Refused,
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => TcpOutcome::Reset,
        io::ErrorKind::TimedOut => TcpOutcome::TimedOut,
        io::ErrorKind::HostUnreachable => TcpOutcome::HostUnreachable,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => TcpOutcome::NetUnreachable,
        io::ErrorKind::PermissionDenied => TcpOutcome::NotPermitted,
        _ => TcpOutcome::Other,
    }
}

/// What an ICMP message in answer to a connect means. A machine refuses TCP with a reset, so "port unreachable"
/// is a filter speaking; and when the filter is this machine's own, nothing was sent at all.
pub(super) fn tcp_icmp(meaning: EchoErrorKind, own: bool) -> TcpOutcome {
    match meaning {
        EchoErrorKind::Prohibited | EchoErrorKind::PortUnreachable if own => TcpOutcome::NotPermitted,
        EchoErrorKind::Prohibited | EchoErrorKind::PortUnreachable => TcpOutcome::Prohibited,
        EchoErrorKind::HostUnreachable => TcpOutcome::HostUnreachable,
        EchoErrorKind::NetUnreachable => TcpOutcome::NetUnreachable,
        _ => TcpOutcome::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(kind: u8, code: u8) -> EchoErrorKind {
        Icmp {
            v6: false,
            kind,
            code,
        }
        .meaning()
    }

    fn v6(kind: u8, code: u8) -> EchoErrorKind {
        Icmp { v6: true, kind, code }.meaning()
    }

    #[test]
    fn codes_of_both_families() {
        assert_eq!(v4(3, 0), EchoErrorKind::NetUnreachable);
        assert_eq!(v4(3, 1), EchoErrorKind::HostUnreachable);
        assert_eq!(v4(3, 3), EchoErrorKind::PortUnreachable);
        assert_eq!(v4(3, 4), EchoErrorKind::TooBig);
        for code in [9, 10, 13] {
            assert_eq!(v4(3, code), EchoErrorKind::Prohibited);
        }
        assert_eq!(v4(11, 0), EchoErrorKind::TtlExceeded);
        assert_eq!(v4(12, 0), EchoErrorKind::Other);
        assert_eq!(v6(1, 0), EchoErrorKind::NetUnreachable);
        assert_eq!(v6(1, 1), EchoErrorKind::Prohibited);
        assert_eq!(v6(1, 3), EchoErrorKind::HostUnreachable);
        assert_eq!(v6(1, 4), EchoErrorKind::PortUnreachable);
        assert_eq!(v6(2, 0), EchoErrorKind::TooBig);
        assert_eq!(v6(3, 0), EchoErrorKind::TtlExceeded);
    }

    #[test]
    #[cfg(unix)]
    fn numbers_of_this_system() {
        let echo = |number| echo_error(&io::Error::from_raw_os_error(number));
        assert_eq!(echo(libc::EPERM), EchoErrorKind::NotPermitted);
        assert_eq!(echo(libc::EACCES), EchoErrorKind::NotPermitted);
        assert_eq!(echo(libc::ENETUNREACH), EchoErrorKind::NoRoute);
        assert_eq!(echo(libc::EHOSTUNREACH), EchoErrorKind::NoRoute);
        assert_eq!(echo(libc::EADDRNOTAVAIL), EchoErrorKind::AdapterGone);
        assert_eq!(echo(libc::ENETDOWN), EchoErrorKind::AdapterGone);
        assert_eq!(echo(libc::EMSGSIZE), EchoErrorKind::TooBig);
        assert_eq!(echo(libc::ENOBUFS), EchoErrorKind::NoBuffer);
        assert_eq!(echo(libc::EIO), EchoErrorKind::Other);
        let tcp = |number| tcp_error(&io::Error::from_raw_os_error(number));
        assert_eq!(tcp(libc::ECONNREFUSED), TcpOutcome::Refused);
        assert_eq!(tcp(libc::ETIMEDOUT), TcpOutcome::TimedOut);
        assert_eq!(tcp(libc::EHOSTUNREACH), TcpOutcome::HostUnreachable);
        assert_eq!(tcp(libc::ENETUNREACH), TcpOutcome::NetUnreachable);
        assert_eq!(tcp(libc::EPERM), TcpOutcome::NotPermitted);
        assert_eq!(tcp(libc::ECONNRESET), TcpOutcome::Reset);
    }

    #[test]
    fn a_filter_that_refuses_is_no_refusal() {
        assert_eq!(
            tcp_icmp(EchoErrorKind::PortUnreachable, false),
            TcpOutcome::Prohibited
        );
        assert_eq!(tcp_icmp(EchoErrorKind::Prohibited, false), TcpOutcome::Prohibited);
        assert_eq!(
            tcp_icmp(EchoErrorKind::Prohibited, true),
            TcpOutcome::NotPermitted
        );
        assert_eq!(
            tcp_icmp(EchoErrorKind::HostUnreachable, true),
            TcpOutcome::HostUnreachable
        );
    }
}
