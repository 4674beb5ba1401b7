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
mod paste_tests;
#[cfg(test)]
mod tests;

pub use decode::decode;
#[cfg(target_os = "linux")]
pub(crate) use linux::counters::counters;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::model::{
    Adapter, AdapterKind, Case, Cut, Doubt, Fact, Gap, Mac, Output, Place, Retold, System, Why,
};
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
    absorb_sections(
        case,
        output,
        &recognize::sections(&output.command, &output.text),
        Care::Own,
    );
}

/// Whose outputs are taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// Our own readings, of which each source tells itself what it could not read.
    Own,
    /// What a person pasted, who is told of everything that nothing was learned from.
    Pasted,
}

/// How far what a tool of ours printed can be believed to be all that it had to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It printed nothing, where that is no answer.
    Nothing,
    /// All of it, as far as the shape shows.
    All,
    /// Its beginning, or words that are not known, of this format.
    Part(&'static str),
}

/// Judges what a tool of ours printed, by the same signs as what people paste. Which tool it was is known, so that its text
/// need not be recognized for that: this is asked where other sources wait for their turn.
pub fn heard(command: &str, text: &str) -> Heard {
    let format = formats::of_command(&command::call(command));
    if text.trim().is_empty() {
        let speaks = format.is_some_and(|format| format.silence_speaks);
        return if speaks { Heard::All } else { Heard::Nothing };
    }
    match format {
        Some(format) if !whole::is_whole(format, &recognize::cleaned(text)) => Heard::Part(format.name),
        _ => Heard::All,
    }
}

fn take_saved(case: &mut Case, on: Place, own: &Saved) {
    saved::take(case, on, own.told_of, &own.facts);
    if let Some(system) = case.system_mut(on) {
        merge::settle(system);
    }
}

fn absorb_sections(case: &mut Case, output: &Output, sections: &[Section], care: Care) {
    if sections.is_empty() {
        let what = if output.command.trim().is_empty() {
            "pasted text"
        } else {
            output.command.trim()
        };
        merge::unread(case, what, "printed nothing", "");
    }
    let earlier = case.system(output.on).map(cards).unwrap_or_default();
    for section in sections {
        absorb_section(case, output.on, section, care, &earlier);
    }
    if let Some(system) = case.system_mut(output.on) {
        merge::settle(system);
    }
}

/// Takes one section in; `earlier` are the cards that other outputs told before.
fn absorb_section(case: &mut Case, on: Place, section: &Section, care: Care, earlier: &[Card]) {
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
    if !silent && format.silence_speaks && !has_rows(&section.text, format) {
        let what = format!("{} ({what})", format.name);
        merge::unread(case, &what, "not understood", "");
        return;
    }
    if let (Some(os), Some(system)) = (format.os, case.system_mut(on)) {
        system.os = Some(os);
    }
    let marked = case.system(on).is_some_and(of_two_machines);
    let before = case.system(on).map(cards).unwrap_or_default();
    let told = case.system(on).map(addresses).unwrap_or_default();
    let known = (care == Care::Pasted).then(|| counts(case, on));
    (format.read)(&section.text, case, on, &section.command);
    if let Some(known) = known
        && known == counts(case, on)
        && !silent
        && format.name != "nothing"
        && says_nothing(case, on, section, format)
    {
        let why = complaint::of(&section.text).map_or("not understood", |complaint| complaint.why);
        let what = format!("{} ({what})", format.name);
        merge::unread(case, &what, why, "");
    }
    match machines_of(&before, &case.system(on).map(cards).unwrap_or_default(), earlier) {
        Machines::One if !marked => {}
        Machines::Renewed if !marked => {
            forget_machine(case, on);
            (format.read)(&section.text, case, on, &section.command);
        }
        Machines::One => believe_neither(case, on),
        Machines::Two | Machines::Renewed => {
            believe_neither(case, on);
            if !marked {
                merge::unread(case, "adapters", TWO_MACHINES, "");
            }
        }
    }
    keep_what_was_retold(case, on, &told);
}

/// The addresses of IPv4 that each adapter of a machine has.
fn addresses(system: &System) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let adapters = system.adapters.rows().iter();
    adapters
        .map(|adapter| {
            let own = adapter.ipv4().map(|net| net.addr());
            (adapter.name.clone(), own.collect())
        })
        .collect()
}

/// Remembers where an output gave a card other addresses than an earlier one did, and none of those.
fn keep_what_was_retold(case: &mut Case, on: Place, before: &BTreeMap<String, Vec<Ipv4Addr>>) {
    let Some(system) = case.system(on) else { return };
    let spelled = |list: &[Ipv4Addr]| {
        let words: Vec<String> = list.iter().map(ToString::to_string).collect();
        words.join(", ")
    };
    let now = addresses(system);
    let mut retold = Vec::new();
    for (name, old) in before {
        let Some(new) = now.get(name) else {
            continue;
        };
        if !old.is_empty() && !new.is_empty() && !new.iter().any(|address| old.contains(address)) {
            retold.push(Retold {
                on,
                adapter: name.clone(),
                before: spelled(old),
                after: spelled(new),
            });
        }
    }
    case.retold.extend(retold);
}

/// Whether a table has rows at all. A text without any is no empty table, unless the kernel says that there is none of the
/// number that was asked for (`Error: ipv4: FIB table does not exist. Dump terminated`).
fn has_rows(text: &str, format: &formats::Format) -> bool {
    format.row.is_none()
        || text.trim_start().starts_with(['[', '{'])
        || text.contains("Dump terminated")
        || text.lines().any(format.line)
}

/// How much is known, by cheap figures: most outputs that say something change them.
fn counts(case: &Case, on: Place) -> [usize; 25] {
    let Some(system) = case.system(on) else {
        return [0; 25];
    };
    fn rows<T>(fact: &Fact<Vec<T>>) -> usize {
        fact.value().map_or(0, |rows| rows.len() + 1)
    }
    [
        case.probes.len(),
        case.captures.len(),
        case.unread.len(),
        case.hypervisors.len(),
        rows(&system.adapters),
        rows(&system.routes),
        rows(&system.rules),
        system.look_ups.len(),
        rows(&system.neighbors),
        rows(&system.bridge_entries),
        system.kernel.value().map_or(0, |switches| switches.len() + 1),
        usize::from(system.filter.is_known()),
        rows(&system.filter_managers),
        system
            .firewall
            .value()
            .map_or(0, |firewall| firewall.rules.len() + firewall.profiles.len() + 1),
        usize::from(system.mac_firewall.is_known()),
        rows(&system.port_proxies),
        rows(&system.listeners),
        rows(&system.services),
        rows(&system.modules),
        rows(&system.processes),
        rows(&system.dns) + rows(&system.hosts),
        rows(&system.settings) + rows(&system.devices),
        rows(&system.proxies),
        rows(&system.refusals),
        usize::from(system.host_name.is_some()) + usize::from(system.os_name.is_some()),
    ]
}

/// Whether an output tells nothing at all, even to somebody who knows no more than which adapters there are. The same output
/// a second time, or an empty table, changes nothing either and says something all the same.
fn says_nothing(case: &Case, on: Place, section: &Section, format: &formats::Format) -> bool {
    // Products are described piece by piece, each of which needs the one before.
    if !case.hypervisors.is_empty() && hypervisor::FORMATS.iter().any(|row| row.name == format.name) {
        return false;
    }
    let mut bare = Case::default();
    if let (Some(system), Some(known)) = (bare.system_mut(on), case.system(on)) {
        system.os = known.os;
        if let Some(adapters) = known.adapters.value() {
            let named = |adapter: &Adapter| Adapter {
                index: adapter.index,
                ..Adapter::named(&adapter.name)
            };
            system.adapters = Fact::known(adapters.iter().map(named).collect(), "");
        }
    }
    let mut told = bare.clone();
    (format.read)(&section.text, &mut told, on, &section.command);
    told == bare
}

/// What stands in the place of the adapters where two machines spoke as one.
const TWO_MACHINES: &str = "printed by two machines";

fn of_two_machines(system: &System) -> bool {
    matches!(&system.adapters, Fact::Unknown(gap) if gap.detail == TWO_MACHINES)
}

/// An adapter with a hardware address, as far as it tells machines apart.
#[derive(Debug, PartialEq, Eq)]
struct Card {
    name: String,
    mac: Mac,
    /// Whether its hardware address is its own: those of bridges and of the ends of tunnels are made anew, and what is put
    /// together takes the address of a part.
    own: bool,
}

/// The adapters of a machine that have a hardware address.
fn cards(system: &System) -> Vec<Card> {
    let own = |adapter: &Adapter| {
        matches!(adapter.kind, AdapterKind::Ethernet | AdapterKind::Unknown) && adapter.master.is_none()
    };
    let adapters = system.adapters.rows().iter();
    adapters
        .filter_map(|adapter| {
            Some(Card {
                name: adapter.name.clone(),
                mac: adapter.mac.filter(|mac| !mac.is_zero())?,
                own: own(adapter),
            })
        })
        .collect()
}

/// Whose adapters two listings tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machines {
    /// Those of one machine.
    One,
    /// Those of one machine whose card got another hardware address between two outputs, as a fix does it.
    Renewed,
    /// Those of two machines.
    Two,
}

/// Two listings of adapters that share neither a name nor a hardware address are of two machines, and so are two of one output
/// whose cards of the same name have other hardware addresses and that share none.
fn machines_of(before: &[Card], now: &[Card], earlier: &[Card]) -> Machines {
    if before.is_empty() || now.is_empty() || before == now {
        return Machines::One;
    }
    let by_name: BTreeMap<&str, &Card> = before.iter().map(|card| (card.name.as_str(), card)).collect();
    let macs: BTreeSet<Mac> = before.iter().map(|card| card.mac).collect();
    let own_macs: BTreeSet<Mac> = before
        .iter()
        .filter(|card| card.own)
        .map(|card| card.mac)
        .collect();
    let is_known = |card: &Card| by_name.contains_key(card.name.as_str()) || macs.contains(&card.mac);
    if !now.iter().any(is_known) {
        return Machines::Two;
    }
    let own = || now.iter().filter(|card| card.own);
    if own().any(|card| own_macs.contains(&card.mac)) {
        return Machines::One;
    }
    let renumbered: Vec<&Card> = own()
        .filter_map(|card| by_name.get(card.name.as_str()).copied())
        .filter(|old| old.own)
        .collect();
    // None of them has its old address, or it would have been among the shared ones.
    match renumbered.as_slice() {
        [] => Machines::One,
        all if all.iter().all(|old| earlier.contains(old)) => Machines::Renewed,
        _ => Machines::Two,
    }
}

/// Forgets what is known of a machine but its system.
fn forget_machine(case: &mut Case, on: Place) {
    if let Some(system) = case.system_mut(on) {
        *system = System {
            os: system.os,
            ..System::default()
        };
    }
}

/// Which of two machines is meant is not known, so that neither is believed, nor what else was or will be printed there.
fn believe_neither(case: &mut Case, on: Place) {
    forget_machine(case, on);
    if let Some(system) = case.system_mut(on) {
        system.adapters = Fact::Unknown(Gap {
            why: Why::CouldNotParse,
            detail: TWO_MACHINES.to_owned(),
        });
    }
}

/// Notes when what the guest printed shows none of the cards that the chosen machine has: then it is another machine's word.
fn note_foreign_cards(case: &mut Case) {
    let machines = || {
        case.hypervisors
            .iter()
            .flat_map(|product| product.machines.rows())
    };
    let chosen = match &case.intake.vm {
        Some(name) => machines().find(|machine| machine.name == *name || machine.id.as_ref() == Some(name)),
        None => machines().next().filter(|_| machines().count() == 1),
    };
    let Some(nics) = chosen
        .map(|machine| &machine.nics)
        .filter(|nics| !nics.is_empty())
    else {
        return;
    };
    let printed: Vec<Card> = cards(&case.guest).into_iter().filter(|card| card.own).collect();
    let all_told = nics.iter().all(|nic| nic.mac.is_some());
    let shared = printed
        .iter()
        .any(|card| nics.iter().any(|nic| nic.mac == Some(card.mac)));
    if all_told && !printed.is_empty() && !shared {
        merge::unread(case, "adapters", "not the cards of the chosen machine", "");
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
        absorb_sections(&mut resolved, output, &sections, Care::Pasted);
        let mut sound = sound.into_iter();
        let (kept, cut): (Vec<Section>, Vec<Section>) =
            sections.into_iter().partition(|_| sound.next().unwrap_or(true));
        if let Some(without) = &mut without
            && !kept.is_empty()
        {
            absorb_sections(without, output, &kept, Care::Pasted);
        }
        doubted.extend(cut.into_iter().map(|section| Cut {
            on: output.on,
            command: section.command,
            what: section.format.map_or("", |format| format.name),
            at,
        }));
    }
    if case.outputs.iter().any(|output| output.on == Place::Guest) {
        for case in std::iter::once(&mut resolved).chain(&mut without) {
            note_foreign_cards(case);
        }
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
