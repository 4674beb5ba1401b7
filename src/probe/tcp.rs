//! TCP connect: who answers, refuses, or stays silent.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::platform;
use crate::model::{ProbeResult, TcpOutcome};

/// How long a fresh connection is watched for a reset: long enough for a forward on the way to find out that the
/// machine behind it refuses.
pub(super) const RESET_WAIT: Duration = Duration::from_millis(100);

/// What came of one connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The outcome.
    pub(super) outcome: TcpOutcome,
    /// Time to the answer; `None` when none came.
    pub(super) time: Option<Duration>,
    /// Who sent the error, when neither the target nor this machine did.
    pub(super) by: Option<IpAddr>,
}

/// Connects to one port and tells what came of it.
pub(super) async fn connect(
    to: IpAddr,
    port: u16,
    source: Option<IpAddr>,
    adapter: Option<&str>,
    patience: Duration,
) -> ProbeResult {
    let mut address = SocketAddr::new(to, port);
    if let (SocketAddr::V6(address), Some(adapter)) = (&mut address, adapter) {
        address.set_scope_id(platform::adapter_index(adapter).unwrap_or(0));
    }
    let attempt = platform::connect(address, source, patience).await;
    ProbeResult::Tcp {
        port,
        outcome: attempt.outcome,
        time_us: attempt
            .time
            .map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX)),
        by: attempt.by,
    }
}
