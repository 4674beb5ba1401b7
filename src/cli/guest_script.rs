//! `guest-script`: the line to run inside a guest, or from the host by its product's tools, whose output is pasted back.

use super::arguments::GuestScriptOptions;
use super::{FINE, Refusal, output};
use crate::knowledge;
use crate::locale::Language;
use crate::model::{HypervisorId, Os};
use crate::remedy::{NoRunInGuest, Product, RunInGuest};

pub(super) fn run(options: &GuestScriptOptions, language: Language) -> Result<u8, Refusal> {
    let script = match options.host {
        Some(host) => knowledge::guest_script_to(options.guest_os, &[host]),
        None => knowledge::guest_script(options.guest_os),
    };
    let (Some(product), Some(machine)) = (options.through, &options.vm) else {
        output::answer(&script);
        return Ok(FINE);
    };
    let line = Product::named(product, Os::here(), machine)
        .run_in_guest(options.guest_os, &script, options.user.as_deref())
        .map_err(|why| refusal(why, product, language))?;
    let RunInGuest { command, needs } = line;
    // The line alone is the answer, so that it can be handed on as it is.
    output::progress(&language.say(&needs));
    output::answer(&command);
    Ok(FINE)
}

fn refusal(why: NoRunInGuest, product: HypervisorId, language: Language) -> String {
    let key = match why {
        NoRunInGuest::NoTool => "misuse-through-no-tool",
        NoRunInGuest::PathWanted => "misuse-through-path",
        NoRunInGuest::NameIsOption => "misuse-through-option",
    };
    let product = language.text(&format!("hypervisor-{product}"));
    language.text_with(key, &[("product", &product)])
}
