//! Echo on Windows: the system's own call, which needs no rights. Raw sockets are not tried: they want those of
//! an administrator, and Defender drops most errors that would arrive there.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use super::super::echo::{Answer, Open, OpenError, is_own_address};
use super::super::echo_status;
use super::super::errors::echo_error;
use crate::windows_api::{self, EchoRequest};

/// How echo requests are sent: the system opens what it needs for each.
pub(in crate::probe) struct EchoSocket {
    source: Option<IpAddr>,
    scope: u32,
    unfragmentable: bool,
}

impl EchoSocket {
    /// Keeps how requests are to be sent.
    ///
    /// # Errors
    /// Never here; the first request tells.
    pub(in crate::probe) fn open(how: Open<'_>) -> Result<Self, OpenError> {
        Ok(Self {
            source: how.source,
            scope: how.adapter.and_then(super::adapter_index).unwrap_or(0),
            unfragmentable: how.unfragmentable,
        })
    }

    /// Sends one request and waits for its answer. The system numbers requests itself.
    pub(in crate::probe) async fn ask(
        &self,
        to: IpAddr,
        _sequence: u16,
        payload: usize,
        patience: Duration,
    ) -> Answer {
        let request = EchoRequest {
            to,
            source: self.source,
            scope: self.scope,
            payload: u16::try_from(payload).unwrap_or(u16::MAX),
            unfragmentable: self.unfragmentable,
            patience,
        };
        let done = tokio::task::spawn_blocking(move || windows_api::echo(&request)).await;
        match done.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(reply) => {
                let own = reply.by.is_some_and(is_own_address);
                echo_status::answer(
                    reply.status,
                    to.is_ipv6(),
                    reply.by.filter(|_| !own),
                    reply.time_us,
                    reply.ttl,
                )
            }
            Err(error) => Answer::Error {
                kind: echo_error(&error),
                by: None,
                mtu: None,
            },
        }
    }
}
