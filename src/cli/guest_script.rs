//! `guest-script`: the line to run inside a guest, whose output is pasted back.

use super::arguments::GuestScriptOptions;
use super::{FINE, Refusal, output};
use crate::knowledge;
use crate::locale::Language;

pub(super) fn run(options: &GuestScriptOptions, _language: Language) -> Result<u8, Refusal> {
    let script = match options.host {
        Some(host) => knowledge::guest_script_to(options.guest_os, &[host]),
        None => knowledge::guest_script(options.guest_os),
    };
    output::answer(&script);
    Ok(FINE)
}
