//! Spacing out packets, because receive queues overflow on bursts: of 1,000 echo requests sent at once to
//! loopback about half of the replies were lost.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Hands out turns to send that are at least one gap apart.
#[derive(Debug)]
pub(super) struct Pacer {
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pacer {
    /// Turns with this gap between them. Gaps below a millisecond come out as small groups, as timers are that
    /// coarse; their mean is kept.
    pub(super) fn new(gap: Duration) -> Self {
        Self {
            gap,
            next: Mutex::new(None),
        }
    }

    /// Returns when it is the caller's turn.
    pub(super) async fn turn(&self) {
        let now = Instant::now();
        let slot = {
            let mut next = self.next.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            let slot = next.map_or(now, |next| next.max(now));
            *next = Some(slot + self.gap);
            slot
        };
        if slot > now {
            sleep_until(slot).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn turns_are_a_gap_apart() {
        let pacer = Pacer::new(Duration::from_millis(2));
        let start = Instant::now();
        for _ in 0..10 {
            pacer.turn().await;
        }
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(18), "{took:?}");
    }
}
