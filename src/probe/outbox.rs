//! Where those who watch addresses put their readings, for one who takes them in batches.
//!
//! Waking a thread costs more than a reading is worth, so that nobody is woken for one: the taker looks when its
//! batch is due, and is called only when the queue is full.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::monitor::Reading;

/// Readings that wait at most; a flood of duplicates is taken sooner and not forgotten.
const ROOM: usize = 4096;

/// The sending end; clones put into the same queue.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    sender: mpsc::Sender<Reading>,
    full: Arc<Notify>,
}

/// The taking end.
#[derive(Debug)]
pub(super) struct Inbox {
    receiver: mpsc::Receiver<Reading>,
    full: Arc<Notify>,
}

/// Nobody takes readings any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone;

/// Both ends of a new queue.
pub(super) fn queue() -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(ROOM);
    let full = Arc::new(Notify::new());
    let outbox = Outbox {
        sender,
        full: full.clone(),
    };
    (outbox, Inbox { receiver, full })
}

impl Outbox {
    /// Puts a reading in; waits while the queue is full.
    pub(super) async fn send(&self, reading: Reading) -> Result<(), Gone> {
        match self.sender.try_send(reading) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(Gone),
            Err(TrySendError::Full(reading)) => {
                self.full.notify_one();
                self.sender.send(reading).await.map_err(|_| Gone)
            }
        }
    }
}

impl Inbox {
    /// Waits for a reading; `None` when all senders have ended.
    pub(super) async fn first(&mut self) -> Option<Reading> {
        self.receiver.recv().await
    }

    /// Waits until the queue is full.
    pub(super) async fn filled(&self) {
        self.full.notified().await;
    }

    /// Moves what is there to a batch.
    pub(super) fn take(&mut self, batch: &mut Vec<Reading>) {
        for _ in 0..ROOM {
            let Ok(reading) = self.receiver.try_recv() else {
                break;
            };
            batch.push(reading);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{Outcome, Sample, Told};

    fn reading(at_ms: u64) -> Reading {
        let sample = Sample {
            at_ms,
            time_us: None,
            outcome: Outcome::Lost,
        };
        Reading {
            target: 0,
            sample,
            told: Told::default(),
        }
    }

    #[tokio::test]
    async fn a_full_queue_calls_and_loses_nothing() {
        let (outbox, mut inbox) = queue();
        let most = ROOM as u64 + 10;
        let sending = tokio::spawn(async move {
            for at in 0..most {
                outbox.send(reading(at)).await.unwrap();
            }
        });
        let mut batch = vec![inbox.first().await.unwrap()];
        inbox.filled().await;
        inbox.take(&mut batch);
        sending.await.unwrap();
        inbox.take(&mut batch);
        assert!(batch.iter().map(|one| one.sample.at_ms).eq(0..most));
        assert!(inbox.first().await.is_none(), "all senders have ended");
    }
}
