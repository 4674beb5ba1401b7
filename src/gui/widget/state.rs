//! The states that chips, rows and the diagram show: icon, word and color, never color alone.

use egui::Color32;

use crate::gui::icon::Icon;
use crate::gui::theme::Tokens;

/// A state of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum State {
    /// Good.
    Ok,
    /// Broken.
    Broken,
    /// Asks for attention.
    Warn,
    /// Not known.
    #[default]
    Unknown,
    /// The traffic did not come this far.
    NotReached,
    /// Being worked on.
    Running,
    /// Says something without judging it.
    Info,
}

impl State {
    /// Its icon; none where nothing is judged.
    pub fn icon(self) -> Option<Icon> {
        match self {
            Self::Ok => Some(Icon::Check),
            Self::Broken => Some(Icon::Cross),
            Self::Warn => Some(Icon::Warning),
            Self::Unknown => Some(Icon::Question),
            Self::NotReached => Some(Icon::Dash),
            Self::Running => Some(Icon::Dots),
            Self::Info => None,
        }
    }

    /// The color of its icon and word.
    pub fn color(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Ok => tokens.ok,
            Self::Broken => tokens.broken,
            Self::Warn => tokens.warn,
            Self::Unknown | Self::NotReached => tokens.unknown,
            Self::Running | Self::Info => tokens.accent,
        }
    }

    /// The color of the ground under them.
    pub fn ground(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Ok => tokens.ok_soft,
            Self::Broken => tokens.broken_soft,
            Self::Warn => tokens.warn_soft,
            Self::Unknown | Self::NotReached => tokens.unknown_soft,
            Self::Running | Self::Info => tokens.accent_soft,
        }
    }
}
