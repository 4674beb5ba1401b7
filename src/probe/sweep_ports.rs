//! The TCP ports of machines that a sweep has found: tried as soon as a machine is known, beside the sweep.

use std::collections::{BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::pacer::Pacer;
use super::tcp;
use crate::model::{ProbeResult, TcpOutcome};

/// How long a port of a machine that is there may take.
const PATIENCE: Duration = Duration::from_millis(700);

/// Connects under way at one time.
const MOST: usize = 256;

/// Mean gap between connects.
const GAP: Duration = Duration::from_millis(1);

/// The ports to try, and how far that is.
pub(super) struct Ports {
    ports: Vec<u16>,
    asked: BTreeSet<IpAddr>,
    waiting: VecDeque<(IpAddr, u16)>,
    tries: JoinSet<(IpAddr, u16, bool)>,
    pacer: Arc<Pacer>,
}

impl Ports {
    /// Nothing tried yet.
    pub(super) fn new(ports: Vec<u16>) -> Self {
        Self {
            ports,
            asked: BTreeSet::new(),
            waiting: VecDeque::new(),
            tries: JoinSet::new(),
            pacer: Arc::new(Pacer::new(GAP)),
        }
    }

    /// Begins with a machine, unless that was done before.
    pub(super) fn begin(&mut self, address: IpAddr) {
        if self.asked.insert(address) {
            self.waiting
                .extend(self.ports.iter().map(|port| (address, *port)));
            self.fill();
        }
    }

    fn fill(&mut self) {
        while self.tries.len() < MOST
            && let Some((address, port)) = self.waiting.pop_front()
        {
            let pacer = self.pacer.clone();
            self.tries.spawn(async move {
                pacer.turn().await;
                let tried = tcp::connect(address, port, None, None, PATIENCE).await;
                let took = matches!(
                    tried,
                    ProbeResult::Tcp {
                        outcome: TcpOutcome::Connected,
                        ..
                    }
                );
                (address, port, took)
            });
        }
    }

    /// Waits for the next port that took a connection; `None` when all that was begun has been tried.
    pub(super) async fn open(&mut self) -> Option<(IpAddr, u16)> {
        loop {
            let tried = self.tries.join_next().await?;
            self.fill();
            if let Ok((address, port, true)) = tried {
                return Some((address, port));
            }
        }
    }
}
