//! `Get-NetAdapterBinding`: the drivers and protocols bound to each adapter.

use crate::model::{Adapter, Case, Place};
use crate::parse::merge::{self, Extent};
use crate::parse::text::{json_rows, powershell_rows, text_of};

/// Reads JSON and table.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = match text.trim_start().starts_with(['[', '{']) {
        true => json_rows(text).0,
        false => powershell_rows(text),
    };
    let Some(system) = case.system_mut(on) else { return };
    let mut found: Vec<Adapter> = Vec::new();
    for row in rows.iter().take(4000) {
        let (Some(name), Some(driver), Some(on)) = (
            text_of(row, "Name"),
            text_of(row, "ComponentID"),
            text_of(row, "Enabled"),
        ) else {
            continue;
        };
        let bound = (driver, on.eq_ignore_ascii_case("true") || on == "1");
        match found.iter_mut().find(|adapter| adapter.name == name) {
            Some(adapter) => adapter.bindings.push(bound),
            None => found.push(Adapter {
                name,
                bindings: vec![bound],
                ..Adapter::default()
            }),
        }
    }
    // The list of adapters itself is another command's to tell.
    let source = system.adapters.source().to_owned();
    merge::adapters(system, found, Extent::Part, command);
    if let crate::model::Fact::Known(_, told) = &mut system.adapters
        && !source.is_empty()
    {
        *told = source;
    }
}
