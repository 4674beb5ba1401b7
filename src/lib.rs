//! VM Net Doctor finds out why a computer and its virtual machines cannot reach each other.
//!
//! Everything the program knows is one [`model::Case`]; everything it concludes is a pure function of it.
//! `ARCHITECTURE.md` shows the rooms and who may use whom.
#![deny(unsafe_code)]

pub mod cli;
pub mod collect;
pub mod diagnose;
pub mod diagram;
#[cfg(feature = "window")]
pub mod gui;
pub mod knowledge;
pub mod locale;
mod memory;
pub mod model;
pub mod parse;
pub mod probe;
pub mod remedy;
pub mod report;
#[cfg(windows)]
mod windows_api;
pub mod wizard;
