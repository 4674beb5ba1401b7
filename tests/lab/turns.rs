//! What keeps processors busy is done by a few at a time, so that the programs under test get theirs.

use std::sync::{Condvar, Mutex, PoisonError};

/// Building a network.
pub static BUILDING: Turns = Turns::new(3);

/// A PC with emulated guests, from its start to its end.
pub static EMULATING: Turns = Turns::new(PCS);

const PCS: usize = 6;

/// Waits until no other PC is emulated; the one that is started next has the processors for itself.
pub fn emulate_alone() -> Vec<Turn> {
    (1..PCS).map(|_| EMULATING.take()).collect()
}

/// So many may do something at the same time.
#[derive(Debug)]
pub struct Turns {
    free: Mutex<usize>,
    given_back: Condvar,
}

/// One of them, until dropped.
#[derive(Debug)]
pub struct Turn(&'static Turns);

impl Turns {
    const fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            given_back: Condvar::new(),
        }
    }

    /// Waits for one.
    pub fn take(&'static self) -> Turn {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.given_back.wait_while(free, |free| *free == 0);
        *waited.unwrap_or_else(PoisonError::into_inner) -= 1;
        Turn(self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.given_back.notify_one();
    }
}
