//! What evidence says in words of ours: states and outcomes, as messages that are put into the reader's language.

use std::fmt::Display;

use crate::model::{
    EchoErrorKind, EchoResult, Message, NameOutcome, PowerState, ServiceState, StartMode, TcpOutcome, Words,
};

/// `web01: Running`.
pub(crate) fn named(name: impl Display, words: impl Into<Words>) -> Words {
    Words::from(format!("{name}: ")).and(words)
}

/// `virbr0 up`.
pub(crate) fn then(name: impl Display, words: impl Into<Words>) -> Words {
    Words::from(format!("{name} ")).and(words)
}

/// `port 22`, `ports 22, 80`: a number alone would read as how many there are.
pub(crate) fn ports(ports: &[String]) -> Words {
    let key = if ports.len() == 1 {
        "value-port"
    } else {
        "value-ports"
    };
    Words::from(word(key).with("ports", ports.join(", ")))
}

/// A state without arguments.
pub(crate) fn word(key: &'static str) -> Message {
    Message::new(key)
}

/// How many requests of a series were answered.
pub(crate) fn answered(echo: &EchoResult) -> Message {
    Message::new("value-answered")
        .with("received", echo.received)
        .with("sent", echo.sent)
}

pub(crate) fn power(state: PowerState) -> Message {
    word(match state {
        PowerState::Running => "value-running",
        PowerState::Paused => "value-paused",
        PowerState::Saved => "value-saved",
        PowerState::Off => "value-switched-off",
        PowerState::Crashed => "value-crashed",
        PowerState::Unknown => "value-unknown",
    })
}

pub(crate) fn service(state: ServiceState) -> Message {
    word(match state {
        ServiceState::Running => "value-running",
        ServiceState::Stopped => "value-stopped",
        ServiceState::Failed => "value-failed",
        ServiceState::Missing => "value-missing",
        ServiceState::Unknown => "value-unknown",
    })
}

pub(crate) fn start(mode: StartMode) -> Message {
    word(match mode {
        StartMode::Automatic => "value-start-automatic",
        StartMode::Manual => "value-start-manual",
        StartMode::Disabled => "value-start-disabled",
        StartMode::Unknown => "value-unknown",
    })
}

pub(crate) fn name(outcome: NameOutcome) -> Message {
    word(match outcome {
        NameOutcome::Resolved => "value-resolved",
        NameOutcome::NoSuchName => "value-no-such-name",
        NameOutcome::TimedOut => "value-timed-out",
        NameOutcome::Failed => "value-failed",
        NameOutcome::Other => "value-other",
    })
}

pub(crate) fn echo_error(kind: EchoErrorKind) -> Message {
    word(match kind {
        EchoErrorKind::HostUnreachable => "value-host-unreachable",
        EchoErrorKind::NetUnreachable => "value-net-unreachable",
        EchoErrorKind::PortUnreachable => "value-port-unreachable",
        EchoErrorKind::Prohibited => "value-prohibited",
        EchoErrorKind::TtlExceeded => "value-ttl-exceeded",
        EchoErrorKind::TooBig => "value-too-big",
        EchoErrorKind::NoRoute => "value-no-route-told",
        EchoErrorKind::NotPermitted => "value-not-permitted",
        EchoErrorKind::NoRights => "value-no-rights",
        EchoErrorKind::NoBuffer => "value-no-buffer",
        EchoErrorKind::AdapterGone => "value-adapter-gone",
        EchoErrorKind::NotOneMachine => "value-not-one-machine",
        EchoErrorKind::Other => "value-other",
    })
}

pub(crate) fn tcp(outcome: TcpOutcome) -> Message {
    word(match outcome {
        TcpOutcome::Connected => "value-connected",
        TcpOutcome::Refused => "value-refused",
        TcpOutcome::TimedOut => "value-timed-out",
        TcpOutcome::HostUnreachable => "value-host-unreachable",
        TcpOutcome::NetUnreachable => "value-net-unreachable",
        TcpOutcome::Prohibited => "value-prohibited",
        TcpOutcome::NotPermitted => "value-not-permitted",
        TcpOutcome::Reset => "value-reset",
        TcpOutcome::Other => "value-other",
    })
}
