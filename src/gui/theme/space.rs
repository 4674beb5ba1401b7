//! Sizes in points, on a grid of 4.

/// The smallest step.
pub const STEP: f32 = 4.0;
/// Between things that belong together.
pub const GAP: f32 = 8.0;
/// Between cards.
pub const CARD_GAP: f32 = 16.0;
/// Inside a card.
pub const CARD_PADDING: f32 = 16.0;
/// Around a page.
pub const PAGE_MARGIN: f32 = 28.0;
/// Corners of cards.
pub const CARD_RADIUS: u8 = 12;
/// Corners of controls.
pub const CONTROL_RADIUS: u8 = 8;
/// Buttons and inputs.
pub const CONTROL_HEIGHT: f32 = 34.0;
/// Buttons inside a well, and in rows.
pub const SMALL_CONTROL_HEIGHT: f32 = 28.0;
/// Left and right of a button's text.
pub const BUTTON_PADDING: f32 = 16.0;
/// Chips.
pub const CHIP_HEIGHT: f32 = 24.0;
/// The sidebar.
pub const SIDEBAR_WIDTH: f32 = 216.0;
/// One entry of the sidebar.
pub const NAV_HEIGHT: f32 = 36.0;
/// One row of live plots.
pub const PLOT_HEIGHT: f32 = 66.0;
/// Lines around cards and controls.
pub const LINE: f32 = 1.0;
/// The ring around what has the keyboard.
pub const FOCUS_RING: f32 = 2.0;
