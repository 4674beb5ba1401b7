//! A fact is known from a source, or unknown for a reason. Unknown is never the same as false.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A piece of knowledge that keeps where it came from, or why it is missing.
///
/// In a case file a fact is `{"value": …, "source": "…"}` or `{"unknown": {"why": …}}`; a bare value is
/// taken as known from the case file, and a missing field as [`Why::NotAsked`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// The value, and the command, file or interface that told it.
    Known(T, String),
    /// Why the value is not known.
    Unknown(Gap),
}

/// Why something is not known, with the detail a person needs to change that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Gap {
    /// The kind of obstacle.
    #[serde(default)]
    pub why: Why,
    /// The system's own words, or the text that could not be understood.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// The kinds of obstacle between us and a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The source did not answer before its deadline.
    TimedOut,
    /// The operating system or the product refused us for lack of rights.
    NoPermission,
    /// The program or file that would tell is not on this machine.
    ToolMissing,
    /// The source answered with an error.
    Failed,
    /// The source answered in a form we do not understand.
    CouldNotParse,
    /// The source answered with more than we are willing to read.
    TooLarge,
    /// Nobody looked.
    #[default]
    #[serde(other)]
    NotAsked,
}

impl<T> Fact<T> {
    /// A known value and the command, file or interface that told it.
    pub fn known(value: T, source: impl Into<String>) -> Self {
        Self::Known(value, source.into())
    }

    /// An unknown value and the reason.
    pub fn unknown(why: Why, detail: impl Into<String>) -> Self {
        Self::Unknown(Gap {
            why,
            detail: detail.into(),
        })
    }

    /// The value, when it is known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The value for changing it, when it is known.
    pub fn value_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Who told it; empty when it is unknown.
    pub fn source(&self) -> &str {
        match self {
            Self::Known(_, source) => source,
            Self::Unknown(_) => "",
        }
    }

    /// Whether the value is known.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(..))
    }

    /// Whether nobody has looked: the default, left out of case files.
    pub fn is_not_asked(&self) -> bool {
        matches!(self, Self::Unknown(gap) if gap.why == Why::NotAsked && gap.detail.is_empty())
    }

    /// The reason why it is not known, when it is not.
    pub fn gap(&self) -> Option<&Gap> {
        match self {
            Self::Known(..) => None,
            Self::Unknown(gap) => Some(gap),
        }
    }
}

impl<T> Fact<Vec<T>> {
    /// The rows that are known: none when the table is unknown. Use [`Fact::is_known`] to tell an empty
    /// table from an unread one.
    pub fn rows(&self) -> &[T] {
        self.value().map_or(&[], Vec::as_slice)
    }
}

impl<T: Default> Fact<T> {
    /// The value for filling in; an unknown fact becomes known, empty, from `source`.
    pub fn fill(&mut self, source: &str) -> &mut T {
        if !self.is_known() {
            *self = Self::known(T::default(), source);
        }
        match self {
            Self::Known(value, _) => value,
            Self::Unknown(_) => unreachable!("the fact was made known above"),
        }
    }
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::Unknown(Gap::default())
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Written<'a, T> {
    Known { value: &'a T, source: &'a str },
    Unknown { unknown: &'a Gap },
}

impl<T: Serialize> Serialize for Fact<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value, source) => Written::Known { value, source },
            Self::Unknown(gap) => Written::Unknown { unknown: gap },
        }
        .serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Fact<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A known fact as it is written.
        #[derive(Deserialize)]
        struct Known<T> {
            value: T,
            #[serde(default)]
            source: String,
        }
        /// An unknown fact as it is written.
        #[derive(Deserialize)]
        struct Unknown {
            unknown: Gap,
        }
        // The form is told by its key and then read as nothing else: tried one after the other, a value that
        // cannot be read would pass for a bare one in which every field is missing, and so for a known, empty fact.
        let written = Value::deserialize(deserializer)?;
        let fact = if written.is_null() {
            Ok(Self::default())
        } else if written.get("value").is_some() {
            Known::deserialize(written).map(|known| Self::Known(known.value, known.source))
        } else if written.get("unknown").is_some() {
            Unknown::deserialize(written).map(|gap| Self::Unknown(gap.unknown))
        } else {
            T::deserialize(written).map(|value| Self::Known(value, "case file".to_owned()))
        };
        fact.map_err(serde::de::Error::custom)
    }
}
