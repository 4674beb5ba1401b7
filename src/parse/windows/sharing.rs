//! Internet Connection Sharing: which adapter's way out is shared, and with whom, as the object `HNetCfg.HNetShare` tells.

use super::powershell::{rows, switch};
use crate::model::{Case, Place, Sharing};
use crate::parse::command::Call;
use crate::parse::text::text_of;

/// Whether the call asks that object.
pub fn is_call(call: &Call) -> bool {
    call.line.to_lowercase().contains("hnetcfg.hnetshare")
}

/// Reads the adapters that take part. Those that are not known are none.
pub fn read(text: &str, case: &mut Case, on: Place, _command: &str) {
    let Some(adapters) = case.system_mut(on).and_then(|system| system.adapters.value_mut()) else {
        return;
    };
    for row in rows(text).0 {
        // ICSSHARINGTYPE: 0 is public, 1 is private.
        let public = switch(&row, "SharingConnectionType", &["0", "public"], &["1", "private"]);
        let (Some(name), Some(public)) = (text_of(&row, "Name"), public) else {
            continue;
        };
        if let Some(adapter) = adapters
            .iter_mut()
            .find(|known| known.name.eq_ignore_ascii_case(&name))
        {
            adapter.sharing = Some(if public { Sharing::Public } else { Sharing::Private });
        }
    }
}
