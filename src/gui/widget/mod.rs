//! The parts that pages are made of: one file each, plain functions over data and texts that are already in
//! the user's language.

pub mod button;
pub mod card;
pub mod chip;
pub mod command_card;
pub mod diagram;
pub mod empty_state;
pub mod evidence;
pub mod header;
pub mod input;
mod latency_picture;
pub mod latency_row;
pub mod nav;
pub mod progress;
pub mod segmented;
pub mod state;
pub mod station_row;
pub mod text;
pub mod toast;

pub use button::{help_button, icon_button, link_button, primary_button, secondary_button, small_button};
pub use card::{card, card_with, well};
pub use chip::{chip, tag, verdict_chip};
pub use command_card::{CommandCard, Copied, Extra, command_box, command_card, focused_command};
pub use diagram::{DiagramIntent, DiagramWords, diagram, diagram_within};
pub use empty_state::empty_state;
pub use evidence::{Evidence, evidence_list};
pub use header::page_header;
pub use input::{InputField, labelled_input, select};
pub use latency_row::{KeptPicture, LatencyRow, Moved, Sample, beside_name, latency_row, time_axis};
pub use nav::{StepState, nav_item, step_item};
pub use progress::progress_row;
pub use segmented::{radio_card, radio_card_beside, segmented};
pub use state::State;
pub use station_row::{StationRow, station_row};
pub use text::{elided, heading, heading_row, paragraph, secondary};
pub use toast::{Toast, ToastIntent, toasts};
