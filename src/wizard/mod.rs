//! The application without a face: a state machine with commands in and events out, and the worker that
//! carries out its effects on a background runtime.

mod command;
mod detect;
pub mod example;
pub mod file;
pub mod settings;
pub mod state;

pub use command::{Command, ReportFormat};
pub use detect::{Detection, FoundMachine, Product, detect};
pub use settings::{Settings, Theme};
pub use state::State;
