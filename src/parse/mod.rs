//! Text into model: one file a format, no input or output of its own.
//!
//! The same parsers serve what our collectors read from this machine and what a user pastes from another.
//! [`formats`] is the table of all formats; `recognize` cuts a text into the outputs in it.

pub mod command;
mod complaint;
mod decode;
pub mod filter;
pub mod formats;
pub mod hypervisor;
mod linux;
mod macos;
pub mod merge;
mod probes;
mod recognize;
pub mod text;
mod unix;
mod windows;

#[cfg(test)]
mod tests;

pub use decode::decode;

use crate::model::{Case, Output, Place};
use recognize::Section;

/// Takes one printed output into the case: recognizes the command or commands in it, parses, and merges what
/// they say. What is later in time holds over what is earlier; what is not understood becomes an `unread`
/// entry, never an error.
pub fn absorb(case: &mut Case, output: &Output) {
    let sections = recognize::sections(&output.command, &output.text);
    if sections.is_empty() {
        let what = if output.command.trim().is_empty() {
            "pasted text"
        } else {
            output.command.trim()
        };
        merge::unread(case, what, "printed nothing", "");
    }
    for section in &sections {
        absorb_section(case, output.on, section);
    }
    if let Some(system) = case.system_mut(output.on) {
        merge::settle(system);
    }
}

fn absorb_section(case: &mut Case, on: Place, section: &Section) {
    let what = if section.command.is_empty() {
        "pasted text"
    } else {
        section.command.as_str()
    };
    let silent = section.text.trim().is_empty();
    let Some(format) = section.format else {
        let why = complaint::of(&section.text).map_or("not understood", |complaint| complaint.why);
        merge::unread(case, what, if silent { "printed nothing" } else { why }, "");
        return;
    };
    if silent && !(format.silence_speaks && section.alone) {
        if format.name != "nothing" {
            merge::unread(case, what, "printed nothing", "");
        }
        return;
    }
    if !silent
        && !format.hears_errors
        && let Some(complaint) = complaint::of(&section.text)
    {
        let how = if complaint.needs_rights && on != Place::Esxi {
            complaint::with_rights(&section.command)
        } else {
            String::new()
        };
        let what = format!("{} ({what})", format.name);
        merge::unread(case, &what, complaint.why, &how);
        return;
    }
    if let (Some(os), Some(system)) = (format.os, case.system_mut(on)) {
        system.os = Some(os);
    }
    (format.read)(&section.text, case, on, &section.command);
}

/// The case with all its raw outputs taken in, in their order. The outputs themselves are kept.
pub fn resolve(case: &Case) -> Case {
    let mut resolved = case.clone();
    for output in &case.outputs {
        absorb(&mut resolved, output);
    }
    resolved
}
