//! `lsmod`.

use crate::model::{Case, Fact, Place};
use crate::parse::merge::Extent;
use crate::parse::text::source;

/// Whether the line heads the table.
pub fn is_heading(line: &str) -> bool {
    line.split_whitespace().eq(["Module", "Size", "Used", "by"])
}

/// Reads `lsmod`: the names of all modules. What went through `grep` does not say what is missing.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let rows = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        words.next()?.parse::<u64>().ok()?;
        Some(name.to_owned())
    });
    let found: Vec<String> = rows.take(2000).collect();
    let whole = Extent::of(command) == Extent::Whole && text.lines().any(is_heading);
    if let Some(system) = case.system_mut(on)
        && whole
    {
        system.modules = Fact::known(found, source(command));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_list_says_nothing_of_the_rest() {
        let text = "Module                  Size  Used by\nvmnet                  77824  15\n";
        let mut case = Case::default();
        read(text, &mut case, Place::Host, "lsmod | grep vm");
        assert!(!case.host.modules.is_known());
        read(text, &mut case, Place::Host, "lsmod");
        assert_eq!(case.host.modules.rows(), ["vmnet"]);
    }
}
