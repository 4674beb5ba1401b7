//! Calling off work that is under way.

use std::sync::Arc;

use tokio::sync::watch;

/// A switch that calls off probes, a monitor or a sweep. Clones are the same switch; once off it stays off.
#[derive(Clone, Debug)]
pub struct Cancel {
    sender: Arc<watch::Sender<bool>>,
}

impl Default for Cancel {
    fn default() -> Self {
        Self {
            sender: Arc::new(watch::Sender::new(false)),
        }
    }
}

impl Cancel {
    /// A switch that nobody has pressed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls the work off. What has been found out so far is still handed back.
    pub fn cancel(&self) {
        self.sender.send_replace(true);
    }

    /// Whether the work has been called off.
    pub fn is_cancelled(&self) -> bool {
        *self.sender.borrow()
    }

    /// Returns as soon as the work has been called off, and at once when it already was.
    pub async fn cancelled(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        self.sender
            .subscribe()
            .wait_for(|cancelled| *cancelled)
            .await
            .ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clone_is_the_same_switch() {
        let cancel = Cancel::new();
        assert!(!cancel.is_cancelled());
        let other = cancel.clone();
        let waiting = tokio::spawn(async move { other.cancelled().await });
        cancel.cancel();
        waiting.await.unwrap();
        assert!(cancel.is_cancelled());
        cancel.clone().cancelled().await;
    }
}
