//! What is shown as it stands: text as it was read, with words of ours between.

use std::fmt::Display;

use serde::Serialize;

use super::Message;

/// A piece of [`Words`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Word {
    /// As it was read: a name, an address, a row. The same in every language.
    Read(String),
    /// Words of ours, put into the reader's language.
    Said(Message),
}

/// Pieces in the order in which they are shown. Text becomes what was read, a [`Message`] what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Words(Vec<Word>);

impl Words {
    /// The same with more behind it.
    #[must_use]
    pub fn and(mut self, more: impl Into<Self>) -> Self {
        self.push(more);
        self
    }

    /// Puts more behind it.
    pub fn push(&mut self, more: impl Into<Self>) {
        self.0.extend(more.into().0);
    }

    /// Several in a row, with `between` between them.
    pub fn joined(all: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (at, words) in all.into_iter().enumerate() {
            if at > 0 {
                joined.push(between);
            }
            joined.push(words);
        }
        joined
    }

    /// The pieces.
    pub fn pieces(&self) -> &[Word] {
        &self.0
    }

    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| match piece {
            Word::Read(text) => text.is_empty(),
            Word::Said(_) => false,
        })
    }
}

impl<T: Display> From<T> for Words {
    fn from(text: T) -> Self {
        Self(vec![Word::Read(text.to_string())])
    }
}

impl From<Message> for Words {
    fn from(message: Message) -> Self {
        Self(vec![Word::Said(message)])
    }
}
