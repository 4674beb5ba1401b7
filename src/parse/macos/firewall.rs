//! `socketfilterfw` (the application firewall) and `pfctl` (the packet filter).

use crate::model::{Case, Fact, Place};
use crate::parse::command;
use crate::parse::text::source;

/// Whether the line is one of `socketfilterfw`; its wording differs by release.
pub fn is_application_line(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.starts_with("firewall is ")
        || line.starts_with("block all ")
        || line.starts_with("firewall has block all")
        || line.starts_with("stealth mode ")
        || line.starts_with("firewall stealth mode")
        || line.contains("(block incoming connections)")
        || line.contains("(allow incoming connections)")
        || line.starts_with("total number of apps")
}

/// Reads the answers of `socketfilterfw`.
pub fn application(text: &str, case: &mut Case, on: Place, command: &str) {
    let Some(system) = case.system_mut(on) else { return };
    let firewall = system.mac_firewall.fill("");
    let mut program = "";
    let on_off = |line: &str| {
        if line.contains("disabled") || line.ends_with(" off") {
            Some(false)
        } else if line.contains("enabled") || line.ends_with(" on") {
            Some(true)
        } else {
            None
        }
    };
    for line in text.lines().map(str::trim) {
        // Releases differ in blanks within the parentheses.
        let lower = line.to_lowercase().replace("( ", "(").replace(" )", ")");
        if let Some((_, state)) = lower.split_once("(state = ") {
            let state = state.trim_end_matches(')');
            firewall.enabled = Some(state != "0");
            firewall.blocks_all = Some(state == "2")
                .filter(|blocks| *blocks)
                .or(firewall.blocks_all);
        } else if lower.starts_with("block all") || lower.starts_with("firewall has block all") {
            firewall.blocks_all = on_off(&lower).or(firewall.blocks_all);
        } else if lower.contains("stealth mode") {
            firewall.stealth = on_off(&lower).or(firewall.stealth);
        } else if lower.contains("(block incoming connections)") {
            if !program.is_empty() && !firewall.blocked.iter().any(|known| known == program) {
                firewall.blocked.push(program.to_owned());
            }
        } else if lower.contains("(allow incoming connections)") {
            firewall.blocked.retain(|known| known != program);
        } else if let Some((number, path)) = line.split_once(':')
            && number.trim().parse::<u32>().is_ok()
        {
            program = path.trim();
        }
    }
    if let Fact::Known(_, told) = &mut system.mac_firewall {
        *told = source(command);
    }
}

/// Whether the line is one of `pfctl -s …`.
pub fn is_pf_line(line: &str) -> bool {
    let line = line.trim();
    is_block(line)
        || line.starts_with("scrub-anchor \"")
        || line.starts_with("anchor \"")
        || line.starts_with("nat on ")
        || line.starts_with("pass in ")
        || line.starts_with("pass out ")
        || line.starts_with("No ALTQ support in kernel")
        || line.starts_with("ALTQ related functions disabled")
        || (line.starts_with("Status: ") && line.contains("Debug: "))
}

fn is_block(line: &str) -> bool {
    [
        "block drop ",
        "block return",
        "block in",
        "block out",
        "block all",
    ]
    .iter()
    .any(|words| line.starts_with(words))
}

/// Reads the blocking rules of `pfctl -s rules`; when pf is off, none of them counts.
pub fn pf(text: &str, case: &mut Case, on: Place, command: &str) {
    let call = command::call(command);
    let what = call
        .after("-s")
        .or_else(|| call.after("-sr").map(|_| "rules"))
        .unwrap_or_default();
    let bundled = call.args.iter().any(|word| word == "-sr" || word == "-sa");
    let off = text
        .lines()
        .any(|line| line.trim().starts_with("Status: Disabled"));
    let of_rules = what.starts_with('r') || what == "all" || bundled || command.is_empty();
    let Some(system) = case.system_mut(on) else { return };
    if off {
        system.mac_firewall.fill(&source(command)).pf_blocks.clear();
        return;
    }
    if what.starts_with('n') {
        let translates = |line: &&str| line.starts_with("nat on ") || line.starts_with("no nat on ");
        let found: Vec<String> = text
            .lines()
            .map(str::trim)
            .filter(translates)
            .take(1000)
            .map(str::to_owned)
            .collect();
        let firewall = system.mac_firewall.fill(&source(command));
        // Only the anchor of macOS's own sharing says that its rules are missing.
        if !found.is_empty()
            || call
                .after("-a")
                .is_some_and(|anchor| anchor.contains("internet-sharing"))
        {
            firewall.pf_nat = Some(found);
        }
        return;
    }
    // Errors that come on another stream than the rules say nothing about them.
    let only_noise = text
        .lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line.contains("ALTQ"));
    if !of_rules || (only_noise && !text.trim().is_empty()) {
        return;
    }
    let found: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|line| is_block(line))
        .map(str::to_owned)
        .take(10_000)
        .collect();
    let firewall = system.mac_firewall.fill("");
    // An anchor's rules add to those of the whole.
    if call.after("-a").is_none() {
        firewall.pf_blocks = found;
    } else {
        let new: Vec<String> = found
            .into_iter()
            .filter(|line| !firewall.pf_blocks.contains(line))
            .collect();
        firewall.pf_blocks.extend(new);
    }
    if let Fact::Known(_, told) = &mut system.mac_firewall {
        *told = source(command);
    }
}
