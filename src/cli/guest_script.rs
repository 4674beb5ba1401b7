//! `guest-script`: the line to run inside a guest, whose output is pasted back.

use super::arguments::GuestScriptOptions;
use super::{FINE, Refusal, output};
use crate::knowledge;
use crate::locale::Language;

pub(super) fn run(options: &GuestScriptOptions, _language: Language) -> Result<u8, Refusal> {
    output::answer(&knowledge::guest_script(options.guest_os));
    Ok(FINE)
}
