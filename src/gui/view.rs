//! What only the window remembers: what is unfolded, which tab is in front, which dialog is shown.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::dialog::Dialogs;
use super::page::check::Frozen;
use super::page::{
    learn::Learning,
    monitor::{Kept, SaidMarks},
    overview::Picture,
    plan::Planning,
    tables::Table,
    verify::Compared,
    way::WayView,
};
use super::palette::Palette;
use crate::diagram::Who;

/// What only the window remembers. Nothing of it belongs to the case.
#[derive(Debug, Default)]
pub struct View {
    /// The dialog in front of the page.
    pub dialogs: Dialogs,
    /// What is looked for in the list of commands.
    pub palette: Palette,
    /// Stations of the check that are unfolded, by their place in the path.
    pub stations: BTreeSet<usize>,
    /// The check's plots, held while they are paused.
    pub frozen: Option<Frozen>,
    /// Whether the check is shown on the diagram.
    pub on_diagram: bool,
    /// Whether the list of products also holds those that were not found.
    pub all_products: bool,
    /// Whether the symptom page shows what is rarely asked for.
    pub more_questions: bool,
    /// Whether the line that runs the guest's script from the host is unfolded.
    pub from_host: bool,
    /// Whether the pasting of another machine's outputs is unfolded.
    pub paste: bool,
    /// Where the outputs are from, by its place among the choices.
    pub paste_from: usize,
    /// The table in front.
    pub table: Table,
    /// What is asked of the tables.
    pub way: WayView,
    /// Before and after a fix, compared.
    pub compared: Option<Compared>,
    /// How much time the monitor's plots show, by its place among the choices.
    pub monitor_span: usize,
    /// How many seconds they show, once one looked closer or from further away; else what was chosen.
    pub monitor_zoom: Option<f64>,
    /// Where they end, in seconds since the start, once one went back to what was earlier; else at the latest reply.
    pub monitor_until: Option<f64>,
    /// What is drawn of each of the monitor's targets, made anew when something came that shows.
    pub monitor_kept: Kept,
    /// The event marks in words, made anew when one came.
    pub monitor_marks: SaidMarks,
    /// What is wished for on the planning page.
    pub planning: Planning,
    /// The lesson in front, and what is tried out in it.
    pub learning: Learning,
    /// The picture of the case, kept while the case stays the same.
    pub picture: Option<Picture>,
    /// Where the traffic starts, picked on the diagram and waiting for the other end.
    pub picked: Option<Who>,
    /// The cause that is looked at, by its place among the candidates.
    pub cause: usize,
    /// The last command that was drawn first on the page, or that has the keyboard: what *Copy* takes.
    pub command: Option<String>,
    /// Whether the list of what a report hides is unfolded.
    pub hidden_shown: bool,
    /// Where the last report went.
    pub saved_to: Option<PathBuf>,
}
