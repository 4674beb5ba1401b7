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
mod saved;
pub mod text;
mod unix;
mod whole;
mod windows;

#[cfg(test)]
mod tests;

pub use decode::decode;
#[cfg(target_os = "linux")]
pub(crate) use linux::counters::counters;

use std::net::Ipv4Addr;

use crate::model::{Case, Cut, Doubt, Fact, Gap, Mac, Output, Place, Retold, System, Why};
use recognize::Section;
use saved::Saved;

/// Takes one printed output into the case: recognizes the command or commands in it, parses, and merges what
/// they say. What is later in time holds over what is earlier; what is not understood becomes an `unread`
/// entry, never an error.
///
/// A case file of this program is taken in, too: as what the machine says that it was taken on.
pub fn absorb(case: &mut Case, output: &Output) {
    if let Some(own) = saved::read(&output.text) {
        take_saved(case, output.on, &own);
        return;
    }
    absorb_sections(case, output, &recognize::sections(&output.command, &output.text));
}

fn take_saved(case: &mut Case, on: Place, own: &Saved) {
    saved::take(case, on, own.told_of, &own.facts);
    if let Some(system) = case.system_mut(on) {
        merge::settle(system);
    }
}

fn absorb_sections(case: &mut Case, output: &Output, sections: &[Section]) {
    if sections.is_empty() {
        let what = if output.command.trim().is_empty() {
            "pasted text"
        } else {
            output.command.trim()
        };
        merge::unread(case, what, "printed nothing", "");
    }
    for section in sections {
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
    let marked = case.system(on).is_some_and(of_two_machines);
    let before = case.system(on).map(cards).unwrap_or_default();
    let told = case.system(on).map(addresses).unwrap_or_default();
    (format.read)(&section.text, case, on, &section.command);
    keep_machines_apart(case, on, marked, &before);
    keep_what_was_retold(case, on, &told);
}

/// The addresses of IPv4 that each adapter of a machine has.
fn addresses(system: &System) -> Vec<(String, Vec<Ipv4Addr>)> {
    let adapters = system.adapters.rows().iter();
    adapters
        .map(|adapter| {
            let own = adapter.ipv4().map(|net| net.addr());
            (adapter.name.clone(), own.collect())
        })
        .collect()
}

/// Remembers where an output gave a card other addresses than an earlier one did, and none of those.
fn keep_what_was_retold(case: &mut Case, on: Place, before: &[(String, Vec<Ipv4Addr>)]) {
    let Some(system) = case.system(on) else { return };
    let spelled = |list: &[Ipv4Addr]| {
        let words: Vec<String> = list.iter().map(ToString::to_string).collect();
        words.join(", ")
    };
    let mut retold = Vec::new();
    for (name, old) in before {
        let Some(adapter) = system.adapter(name) else {
            continue;
        };
        let new: Vec<Ipv4Addr> = adapter.ipv4().map(|net| net.addr()).collect();
        if !old.is_empty() && !new.is_empty() && !new.iter().any(|address| old.contains(address)) {
            retold.push(Retold {
                on,
                adapter: name.clone(),
                before: spelled(old),
                after: spelled(&new),
            });
        }
    }
    case.retold.extend(retold);
}

/// What stands in the place of the adapters where two machines spoke as one.
const TWO_MACHINES: &str = "printed by two machines";

fn of_two_machines(system: &System) -> bool {
    matches!(&system.adapters, Fact::Unknown(gap) if gap.detail == TWO_MACHINES)
}

/// The adapters of a machine that have a hardware address, by name.
fn cards(system: &System) -> Vec<(String, Mac)> {
    let adapters = system.adapters.rows().iter();
    adapters
        .filter_map(|adapter| Some((adapter.name.clone(), adapter.mac?)))
        .filter(|(_, mac)| !mac.is_zero())
        .collect()
}

/// Two listings of adapters that share neither a name nor a hardware address are of two machines. Which of them is meant is not known then, so
/// that neither is believed, nor what else was or will be printed there.
fn keep_machines_apart(case: &mut Case, on: Place, marked: bool, before: &[(String, Mac)]) {
    let Some(system) = case.system_mut(on) else { return };
    let now = cards(system);
    let known = |(name, mac): &(String, Mac)| before.iter().any(|(own, old)| own == name || old == mac);
    let mixed = !before.is_empty() && !now.is_empty() && !now.iter().any(known);
    if marked || mixed {
        *system = System {
            os: system.os,
            adapters: Fact::Unknown(Gap {
                why: Why::CouldNotParse,
                detail: TWO_MACHINES.to_owned(),
            }),
            ..System::default()
        };
    }
    if mixed && !marked {
        merge::unread(case, "adapters", TWO_MACHINES, "");
    }
}

/// The case with all its raw outputs taken in, in their order. The outputs themselves are kept. Lines that were broken on the
/// way here are joined again; what still looks cut is taken in, too, and put in doubt.
pub fn resolve(case: &Case) -> Case {
    let mut resolved = Case {
        doubt: None,
        retold: Vec::new(),
        ..case.clone()
    };
    let mut without: Option<Case> = None;
    let mut doubted = Vec::new();
    for (at, output) in case.outputs.iter().enumerate() {
        if let Some(own) = saved::read(&output.text) {
            let doubt = own.facts.doubt.as_deref();
            if let Some(doubt) = doubt {
                let cut = doubt.outputs.iter().filter(|cut| cut.on == own.told_of);
                doubted.extend(cut.cloned().map(|cut| Cut {
                    on: output.on,
                    at,
                    ..cut
                }));
                without.get_or_insert_with(|| resolved.clone());
            }
            if let Some(without) = &mut without {
                let sound = doubt.map_or(&own.facts, |doubt| &doubt.without);
                saved::take(without, output.on, own.told_of, sound);
            }
            take_saved(&mut resolved, output.on, &own);
            continue;
        }
        let mut sections = recognize::sections(&output.command, &output.text);
        let mut sound = Vec::with_capacity(sections.len());
        for section in &mut sections {
            let (text, whole) = whole::mended(section);
            section.text = text;
            sound.push(whole);
        }
        if sound.contains(&false) {
            without.get_or_insert_with(|| resolved.clone());
        }
        absorb_sections(&mut resolved, output, &sections);
        let mut sound = sound.into_iter();
        let (kept, cut): (Vec<Section>, Vec<Section>) =
            sections.into_iter().partition(|_| sound.next().unwrap_or(true));
        if let Some(without) = &mut without
            && !kept.is_empty()
        {
            absorb_sections(without, output, &kept);
        }
        doubted.extend(cut.into_iter().map(|section| Cut {
            on: output.on,
            command: section.command,
            what: section.format.map_or("", |format| format.name),
            at,
        }));
    }
    for on in [Place::Host, Place::Guest, Place::Guest2, Place::Lan] {
        let Some(at) = case.outputs.iter().rposition(|output| output.on == on) else {
            continue;
        };
        let Some(system) = resolved.system(on).filter(|system| whole::lacks_adapters(system)) else {
            continue;
        };
        doubted.push(Cut {
            on,
            command: system.adapters.source().to_owned(),
            what: "adapters",
            at,
        });
        let without = without.get_or_insert_with(|| resolved.clone());
        if let Some(system) = without.system_mut(on) {
            system.adapters = Fact::unknown(Why::CouldNotParse, "cut off");
        }
    }
    resolved.doubt = without.map(|without| {
        Box::new(Doubt {
            without,
            outputs: doubted,
        })
    });
    resolved
}
