//! The probing engine beside the tools that people know, in the same run and over the same wire: `ping` of
//! iputils and `fping` (`apt install iputils-ping fping`), between two namespaces.
//!
//! Ours and the peer's run by turns, and each turn begins with the other one, so that what else the machine does
//! meanwhile meets both alike.

mod burden;
mod simulated;
mod sweeps;
mod times;
mod wire;

pub use burden::{MONITOR, monitor};

use crate::table::Table;
use wire::Wire;

/// All rows of the probing engine; each holds the word `probing`.
pub fn rows(table: &mut Table) {
    simulated::rows(table);
    let wired = [&times::ROWS[..], &sweeps::ROWS, &burden::ROWS].concat();
    if !wired.iter().any(|what| table.wants(what)) {
        return;
    }
    let wire = Wire::build();
    let wire = wire.as_ref().map_err(String::as_str);
    times::rows(table, wire);
    sweeps::rows(table, wire);
    burden::rows(table, wire);
}
