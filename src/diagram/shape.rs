//! What a picture is made of, before anybody paints it. Lengths are points, y grows downwards.

use super::palette::{Palette, Rgb};

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

/// The point at `x`, `y`.
pub const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Rect {
    /// The rectangle with this corner and size.
    pub const fn new(left: f32, top: f32, width: f32, height: f32) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// Right edge.
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// Lower edge.
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// Its middle.
    pub fn center(&self) -> Point {
        point(self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }

    /// Whether `other` is inside, edges included.
    pub fn holds(&self, other: &Self) -> bool {
        const SLACK: f32 = 0.01;
        other.left >= self.left - SLACK
            && other.top >= self.top - SLACK
            && other.right() <= self.right() + SLACK
            && other.bottom() <= self.bottom() + SLACK
    }
}

/// The role of a color; see [`Palette`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Cards.
    Surface,
    /// Boxes on cards.
    Raised,
    /// Lines without meaning.
    Border,
    /// Text.
    Text,
    /// Secondary text, and what leads outside.
    Text2,
    /// What is chosen.
    Accent,
    /// Good.
    Ok,
    /// Broken.
    Broken,
    /// The ground of broken.
    BrokenSoft,
    /// Asks for attention.
    Warn,
    /// Not known, or off.
    Unknown,
    /// Physical segments.
    Lan,
    /// Segments behind address translation.
    Nat,
    /// Host-only and routed segments.
    Host,
    /// Tunnels.
    Tun,
}

impl Ink {
    /// The color in a theme.
    pub fn of(self, palette: &Palette) -> Rgb {
        match self {
            Self::Surface => palette.surface,
            Self::Raised => palette.raised,
            Self::Border => palette.border,
            Self::Text => palette.text,
            Self::Text2 => palette.text2,
            Self::Accent => palette.accent,
            Self::Ok => palette.ok,
            Self::Broken => palette.broken,
            Self::BrokenSoft => palette.broken_soft,
            Self::Warn => palette.warn,
            Self::Unknown => palette.unknown,
            Self::Lan => palette.lan,
            Self::Nat => palette.nat,
            Self::Host => palette.host,
            Self::Tun => palette.tun,
        }
    }
}

/// The kind of a text: face, weight and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRole {
    /// Above the machine that the program looks from.
    HostTitle,
    /// A segment's name.
    WireName,
    /// A segment's prefix.
    Prefix,
    /// A machine's, router's or engine's name.
    NodeName,
    /// A port's name.
    PortName,
    /// An address or a state in words.
    NodeDetail,
    /// The word beside the break.
    Mark,
}

impl TextRole {
    /// Height of the letters in points.
    pub fn size(self) -> f32 {
        match self {
            Self::HostTitle => 14.0,
            Self::WireName => 13.0,
            Self::Prefix | Self::NodeName | Self::PortName | Self::Mark => 12.0,
            Self::NodeDetail => 11.0,
        }
    }

    /// Whether it is set in the monospaced face.
    pub fn is_mono(self) -> bool {
        matches!(self, Self::Prefix | Self::NodeDetail)
    }

    /// Whether it is set in the semibold face.
    pub fn is_strong(self) -> bool {
        matches!(
            self,
            Self::HostTitle | Self::WireName | Self::NodeName | Self::Mark
        )
    }
}

/// One part of the picture; later parts lie on earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A line through points.
    Line {
        /// The points.
        points: Vec<Point>,
        /// Its color.
        ink: Ink,
        /// Its width.
        width: f32,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A rounded rectangle.
    Box {
        /// Where.
        rect: Rect,
        /// Radius of its corners.
        radius: f32,
        /// Its ground.
        fill: Option<Ink>,
        /// Color and width of its line, drawn inside.
        line: Option<(Ink, f32)>,
    },
    /// A filled disc.
    Disc {
        /// Its middle.
        center: Point,
        /// Its radius.
        radius: f32,
        /// Its color.
        ink: Ink,
    },
    /// The sign of a break: a ring with a cross.
    Break {
        /// Its middle.
        center: Point,
        /// Its radius.
        radius: f32,
    },
    /// The sign of a good end: a disc with a tick.
    Tick {
        /// Its middle.
        center: Point,
        /// Its radius.
        radius: f32,
    },
    /// A line of text, already cut to its room.
    Text {
        /// The room it takes.
        rect: Rect,
        /// Its kind.
        role: TextRole,
        /// Its color.
        ink: Ink,
        /// The text.
        text: String,
        /// The whole text where it was cut.
        full: Option<String>,
    },
}
