//! How a sweep asks an address: over one socket for all, else over one of surge-ping's, else by making the
//! system ask the segment, which the neighbor table tells about.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::echo::{Answer, EchoSocket, Open};
use super::errors::echo_error;
use super::exchange::Exchange;
use super::history::Outcome;
use super::platform::{self, EchoPort, Heard};
use crate::model::EchoErrorKind;

/// Bytes of payload.
const PAYLOAD: usize = 24;

/// How long an answer is known as one.
const PATIENCE: Duration = Duration::from_secs(2);

/// The way that this user and system allow.
pub(super) enum Way {
    /// One socket with the kernel's stamps.
    Port {
        port: EchoPort,
        scope: u32,
        start: Instant,
        asked: Mutex<Asked>,
    },
    /// One of surge-ping's, which has a task for each request.
    Portable {
        socket: Arc<EchoSocket>,
        tell: mpsc::UnboundedSender<(IpAddr, Answer)>,
        told: tokio::sync::Mutex<mpsc::UnboundedReceiver<(IpAddr, Answer)>>,
    },
    /// No echo at all.
    Nudge,
}

/// Requests that are out, each under a number of its own.
pub(super) struct Asked {
    addresses: Vec<IpAddr>,
    numbers: HashMap<IpAddr, usize>,
    exchange: Exchange,
}

impl Way {
    pub(super) fn open(v6: bool, adapter: Option<&str>) -> Self {
        if let Ok(port) = EchoPort::open(v6, None, PAYLOAD) {
            return Self::Port {
                port,
                scope: adapter.and_then(platform::adapter_index).unwrap_or(0),
                start: Instant::now(),
                asked: Mutex::new(Asked {
                    addresses: Vec::new(),
                    numbers: HashMap::new(),
                    exchange: Exchange::new([], PATIENCE),
                }),
            };
        }
        let socket = EchoSocket::open(Open {
            v6,
            adapter,
            shared: true,
            ..Open::default()
        });
        match socket {
            Ok(socket) => {
                let (tell, told) = mpsc::unbounded_channel();
                Self::Portable {
                    socket: Arc::new(socket),
                    tell,
                    told: tokio::sync::Mutex::new(told),
                }
            }
            Err(_) => Self::Nudge,
        }
    }

    /// Asks an address; false when there was no room for it, in a queue or in the neighbor table. What cannot be
    /// sent for other reasons is as silent as who does not answer.
    pub(super) fn ask(&self, address: IpAddr, adapter: Option<&str>) -> bool {
        match self {
            Self::Port {
                port,
                scope,
                start,
                asked,
            } => {
                let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
                let next = asked.addresses.len();
                let target = *asked.numbers.entry(address).or_insert(next);
                if target == next {
                    asked.exchange.watch(address, PATIENCE);
                    asked.addresses.push(address);
                }
                if let Some(token) = asked
                    .exchange
                    .begin(target, start.elapsed(), super::drive::epoch())
                {
                    let mut heard = Vec::new();
                    let sent = port.send(address, *scope, token, &mut heard);
                    if let Ok(clock) = &sent {
                        asked.exchange.handed_over(token, *clock);
                    }
                    asked.take(heard, start.elapsed());
                    return !sent.is_err_and(|error| echo_error(&error) == EchoErrorKind::NoBuffer);
                }
                true
            }
            Self::Portable { socket, tell, .. } => {
                let (socket, tell) = (socket.clone(), tell.clone());
                tokio::spawn(async move {
                    let answer = socket.ask(address, 0, PAYLOAD, Duration::from_secs(1)).await;
                    tell.send((address, answer)).ok();
                });
                true
            }
            Self::Nudge => {
                let sent = platform::nudge(address, adapter);
                !sent.is_err_and(|error| echo_error(&error) == EchoErrorKind::NoBuffer)
            }
        }
    }

    /// Waits for answers.
    pub(super) async fn hear(&self) -> Vec<(IpAddr, Answer)> {
        match self {
            Self::Port {
                port, start, asked, ..
            } => {
                let mut heard = Vec::new();
                if port.hear(&mut heard).await.is_err() {
                    return std::future::pending().await;
                }
                let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
                asked.take(heard, start.elapsed())
            }
            Self::Portable { told, .. } => match told.lock().await.recv().await {
                Some(told) => vec![told],
                None => std::future::pending().await,
            },
            Self::Nudge => std::future::pending().await,
        }
    }
}

impl Asked {
    fn take(&mut self, heard: Vec<Heard>, now: Duration) -> Vec<(IpAddr, Answer)> {
        let mut answers = Vec::new();
        for news in heard {
            let reading = match news {
                Heard::Left(token, stamp) => {
                    self.exchange.stamped(token, stamp);
                    None
                }
                Heard::Reply(reply) => self.exchange.replied(reply, now),
                // Who is unreachable is not there.
                Heard::Refused(_) => None,
            };
            let Some(reading) = reading else { continue };
            // A reply from elsewhere or with strange content is somebody's, too, but not a proof of this one.
            if let (Some(address), Outcome::Reply, Some(time_us)) = (
                self.addresses.get(reading.target),
                reading.sample.outcome,
                reading.sample.time_us,
            ) {
                answers.push((*address, Answer::Reply { time_us, ttl: None }));
            }
        }
        answers
    }
}
