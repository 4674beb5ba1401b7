//! A sentence for people, before it is put into a language.

use std::collections::BTreeMap;

use serde::Serialize;

/// A key of `assets/locales/*/*.ftl` with its arguments. Rules and remedies speak in messages, so that the
/// same diagnosis is shown in every language; [`crate::locale`] turns them into text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Message {
    /// The key of the text.
    pub key: &'static str,
    /// The values that stand in the text, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<&'static str, String>,
}

impl Message {
    /// The text of `key`, without arguments.
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            args: BTreeMap::new(),
        }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}
