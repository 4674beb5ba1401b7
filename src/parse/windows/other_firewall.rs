//! Firewalls that registered themselves with Windows: `Get-CimInstance … -ClassName FirewallProduct`.

use super::powershell::rows;
use crate::model::{Case, Fact, Place};
use crate::parse::command::Call;
use crate::parse::text::{number_of, source, text_of};

/// Most products that are kept.
const MAX: usize = 16;

/// Whether the call lists them.
pub fn is_call(call: &Call) -> bool {
    call.is(&["get-ciminstance", "gcim", "get-wmiobject", "gwmi"])
        && call
            .args
            .iter()
            .any(|word| word.to_lowercase().contains("firewallproduct"))
}

/// Reads the list. The fourth hexadecimal digit of `productState` from the right is 1 where the product is on, 0 where
/// it is off, 2 where it is paused.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let found: Vec<String> = rows(text)
        .0
        .iter()
        .filter(|row| number_of(row, "productState").is_some_and(|state| (state >> 12) & 0xf == 1))
        .filter_map(|row| text_of(row, "displayName"))
        .filter(|name| !name.trim().is_empty() && !name.starts_with("Windows"))
        .take(MAX)
        .collect();
    let Some(system) = case.system_mut(on) else { return };
    system.firewall.fill("").other_products = found;
    if let Fact::Known(_, told) = &mut system.firewall
        && told.is_empty()
    {
        *told = source(command);
    }
}
