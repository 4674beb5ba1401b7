//! A stream of choices that proptest makes and shrinks: each value is built from the bytes that it takes, and from
//! zeros, which mean *nothing* and *the first*, when they run out.

use std::fmt;

use proptest::prelude::*;

/// The choices that are left.
pub struct Source {
    bytes: Vec<u8>,
    at: usize,
}

impl Source {
    /// All choices are in `bytes`.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn byte(&mut self) -> u8 {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte
    }

    pub fn number(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.byte()))
    }

    /// A number below `bound`, which is at most 256.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound.max(1)
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Whether something that is wanted `of_256` times in 256 is wanted now.
    pub fn wants(&mut self, of_256: u16) -> bool {
        u16::from(self.byte()) >= 256 - of_256
    }
}

/// Values of a type that shrink towards the empty one, and show themselves when a property fails.
pub fn values<T: Any + fmt::Debug>(most_bytes: usize) -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..most_bytes).prop_map(|bytes| T::any(&mut Source::new(bytes)))
}

/// A type of which any value can be made.
pub trait Any: Sized {
    fn any(source: &mut Source) -> Self;
}
