//! Answers for people at a terminal.

use std::fmt::Write as _;

use crate::diagnose::compare::Comparison;
use crate::diagnose::walk::{Judgment, Walk};
use crate::diagnose::{Diagnosis, Evidence, Leg, StationVerdict, Through};
use crate::locale::Language;
use crate::model::{Case, Fact, Machine, VirtualNetwork};
use crate::remedy::{Remedy, Risk, Where};
use crate::report::words;

/// A diagnosis: the answer first, then why, what to do, the path, and what is not known.
pub(super) fn diagnosis(diagnosis: &Diagnosis, language: Language) -> String {
    let mut text = headline(diagnosis, language);
    text.push('\n');
    for (index, cause) in diagnosis.causes.iter().enumerate() {
        let confidence = language.text(&format!("confidence-{}", name(&cause.confidence)));
        let _ = write!(
            text,
            "\n{}. {} ({confidence})\n",
            index + 1,
            language.say(&cause.summary)
        );
        let _ = writeln!(text, "   {}", cause.id);
        if !cause.evidence.is_empty() {
            let _ = write!(text, "\n   {}\n", language.text("cli-why"));
            for fact in &cause.evidence {
                let _ = writeln!(text, "   · {}", evidence(fact, language));
            }
        }
        for remedy in &cause.remedy {
            text.push_str(&self::remedy(remedy, language));
        }
    }
    if diagnosis.causes.is_empty() {
        let key = match diagnosis.verdict {
            crate::diagnose::Verdict::Reachable => "cli-nothing-wrong",
            _ => "cli-no-cause",
        };
        let _ = write!(text, "\n{}\n", language.text(key));
    }
    if !diagnosis.notes.is_empty() {
        let _ = write!(text, "\n{}\n", language.text("cli-notes"));
        for note in &diagnosis.notes {
            let _ = writeln!(text, "  · {}", language.say(note));
        }
    }
    if !diagnosis.path.is_empty() {
        let _ = write!(text, "\n{}\n", language.text("cli-path"));
        for step in &diagnosis.path {
            let mark = match step.verdict {
                StationVerdict::Ok => '✓',
                StationVerdict::Broken => '✗',
                StationVerdict::Unknown => '?',
                StationVerdict::NotReached => '–',
            };
            let arrow = match step.leg {
                Leg::Out => '→',
                Leg::Back => '←',
            };
            let station = language.text(&format!("station-{}", step.station.name()));
            let verdict = language.text(&format!("station-verdict-{}", name(&step.verdict)));
            let _ = writeln!(text, "  {arrow} {mark} {station}: {verdict}");
        }
    }
    if !diagnosis.unread.is_empty() {
        let _ = write!(text, "\n{}\n", language.text("cli-unread"));
        for unread in &diagnosis.unread {
            let (what, why) = language.unread(unread);
            let _ = write!(text, "  · {what}: {why}");
            if !unread.how.is_empty() {
                let _ = write!(text, " — {}", unread.how);
            }
            text.push('\n');
        }
    }
    if let Some(next) = &diagnosis.next {
        let _ = write!(
            text,
            "\n{}\n  {}\n",
            language.text("cli-next"),
            language.say(&next.text)
        );
        if let Some(command) = &next.command {
            let on = next.on.map(|on| language.text(where_key(on))).unwrap_or_default();
            let _ = writeln!(text, "  {on}\n    {command}");
        }
        if let Some(through) = &next.through {
            let _ = writeln!(
                text,
                "  {}\n    {}",
                through_product(through, language),
                through.command
            );
        }
        if let Some(option) = next.option {
            let _ = writeln!(
                text,
                "  {}",
                language.text_with("cli-next-option", &[("option", option)])
            );
        }
    }
    text
}

/// What a line that runs in the guest from the host is, and what it needs.
fn through_product(through: &Through, language: Language) -> String {
    let product = language.text(&format!("hypervisor-{}", through.product));
    let needs = language.say(&through.needs);
    language.text_with("next-through", &[("product", &product), ("needs", &needs)])
}

/// The way of a packet, a line for each step, and what it comes to.
pub(super) fn way(walk: &Walk, language: Language) -> String {
    let mut text = format!("{}\n\n", words::walk_end(walk, language));
    for (leg, hop) in walk.hops() {
        let arrow = match leg {
            Leg::Out => '→',
            Leg::Back => '←',
        };
        let mark = match hop.judgment {
            Judgment::Passes => '✓',
            Judgment::Stops => '✗',
            Judgment::Unknown => '?',
        };
        let (place, what) = (language.text(hop.at.key()), language.say(&hop.text));
        let _ = writeln!(text, "  {arrow} {mark} {place}: {what}");
        if !hop.row.is_empty() {
            let told = if hop.source.is_empty() {
                String::new()
            } else {
                format!("  [{}]", hop.source)
            };
            let _ = writeln!(text, "        {}{told}", hop.row);
        }
    }
    text
}

/// What changed since an earlier case.
pub(super) fn comparison(comparison: &Comparison, language: Language) -> String {
    let mut text = format!("\n{}\n", language.text("window-verify-changes"));
    for line in words::comparison_lines(comparison, language) {
        let _ = writeln!(text, "  {line}");
    }
    if comparison.changes.is_empty() {
        let _ = writeln!(text, "  {}", language.text("window-verify-no-changes"));
    }
    for change in &comparison.changes {
        let _ = writeln!(text, "  · {}", words::change(change, language));
    }
    text
}

fn headline(diagnosis: &Diagnosis, language: Language) -> String {
    let resolved = &diagnosis.resolved;
    let verdict = language.text(&format!("verdict-{}", name(&diagnosis.verdict)));
    let mut from = language.text(&format!("end-{}", resolved.from.name()));
    let mut to = language.text(&format!("end-{}", resolved.to.name()));
    let address = resolved.guest_ip.map(|address| address.to_string());
    let target = resolved.target.as_deref();
    for (end, text) in [(resolved.from, &mut from), (resolved.to, &mut to)] {
        let known = match end {
            crate::model::Endpoint::Guest => address.as_deref(),
            crate::model::Endpoint::Host => None,
            _ => target,
        };
        if let Some(known) = known {
            let _ = write!(text, " {known}");
        }
    }
    let mut line = format!("{verdict}: {from} → {to}");
    if let Some(port) = resolved.port {
        let _ = write!(line, ", TCP {port}");
    }
    let product = resolved
        .hypervisor
        .map(|id| language.text(&format!("hypervisor-{id}")));
    let mode = resolved.mode.map(|mode| language.text(&format!("mode-{mode}")));
    let setting: Vec<String> = [product, mode, resolved.vm.as_deref().map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect();
    if !setting.is_empty() {
        let _ = write!(line, " ({})", setting.join(", "));
    }
    line
}

fn evidence(evidence: &Evidence, language: Language) -> String {
    let fact = language.say(&evidence.fact);
    let mut text = match evidence.value.is_empty() {
        true => fact,
        false => format!("{fact}: {}", language.words(&evidence.value)),
    };
    if !evidence.source.is_empty() {
        let _ = write!(text, "  [{}]", language.source(&evidence.source));
    }
    text
}

/// A remedy with where it is done, what it changes, and the way back.
pub(super) fn remedy(remedy: &Remedy, language: Language) -> String {
    match remedy {
        Remedy::Ask { on, ask } => {
            format!("\n   {}: {}\n", language.text(where_key(*on)), language.say(ask))
        }
        Remedy::Command(command) => {
            let mut head = vec![
                language.text(where_key(command.on)),
                language.text(&format!("os-{}", command.os.name())),
                language.text(&format!("shell-{}", name(&command.shell))),
            ];
            if command.admin {
                head.push(language.text("cli-admin"));
            }
            if command.risk != Risk::None {
                head.push(language.text(&format!("risk-{}", name(&command.risk))));
            }
            let mut text = format!("\n   {} ({})\n", language.say(&command.title), head.join(", "));
            for line in command.command.lines() {
                let _ = writeln!(text, "     {line}");
            }
            let rows = [
                ("cli-effect", language.say(&command.effect)),
                ("cli-undo", command.undo.as_str().to_owned()),
                ("cli-verify", command.verify.as_str().to_owned()),
            ];
            for (key, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
                let _ = writeln!(text, "     {}: {value}", language.text(key));
            }
            text
        }
    }
}

fn where_key(on: Where) -> &'static str {
    match on {
        Where::Host => "where-host",
        Where::Guest => "where-guest",
        Where::Guest2 => "where-guest2",
        Where::Hypervisor => "where-hypervisor",
        Where::Lan => "where-lan",
        Where::Network => "where-network",
    }
}

/// The name that a value has in JSON.
fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// This machine as it stands: adapters, routes, products with their networks and machines.
pub(super) fn inventory(case: &Case, language: Language) -> String {
    let mut text = String::new();
    let host = &case.host;
    let title = [host.host_name.as_deref(), host.os_name.as_deref()];
    let title: Vec<&str> = title.into_iter().flatten().collect();
    let _ = writeln!(text, "{}", title.join(", "));
    heading(&mut text, language, "cli-adapters", &host.adapters);
    for adapter in host.adapters.rows() {
        let addresses: Vec<String> = adapter.nets().map(|net| net.to_string()).collect();
        let state = match adapter.usable() {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let mac = adapter.mac.map(|mac| mac.to_string()).unwrap_or_default();
        let master = adapter
            .master
            .as_deref()
            .map(|master| format!(" ⊂ {master}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "  {state} {:<16} {mac:<17}  {}{master}",
            adapter.name,
            addresses.join("  ")
        );
    }
    heading(&mut text, language, "cli-routes", &host.routes);
    for row in host.routes.rows().iter().filter(|row| {
        row.table.is_none_or(|table| table == crate::model::TABLE_MAIN) && row.kind == Default::default()
    }) {
        let via = row.via.map(|via| format!(" via {via}")).unwrap_or_default();
        let adapter = row.adapter.as_deref().unwrap_or_default();
        let _ = writeln!(text, "    {}{via} dev {adapter}", row.destination);
    }
    heading(&mut text, language, "cli-neighbors", &host.neighbors);
    for entry in host
        .neighbors
        .rows()
        .iter()
        .filter(|entry| entry.mac.is_some())
        .take(64)
    {
        let mac = entry.mac.map(|mac| mac.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "    {:<16} {mac}  {}",
            entry.address,
            entry.adapter.as_deref().unwrap_or_default()
        );
    }
    let products: Vec<_> = case
        .hypervisors
        .iter()
        .filter(|product| product.installed != Some(false))
        .collect();
    let _ = write!(text, "\n{}\n", language.text("cli-products"));
    if products.is_empty() {
        let _ = writeln!(text, "  {}", language.text("cli-none"));
    }
    for product in products {
        let version = product.version.as_deref().unwrap_or_default();
        let _ = writeln!(
            text,
            "  {} {version}",
            language.text(&format!("hypervisor-{}", product.id))
        );
        for network in product.networks.rows() {
            let _ = writeln!(text, "    {}", self::network(network, language));
        }
        for machine in product.machines.rows() {
            let _ = writeln!(text, "    {}", self::machine(machine, language));
        }
    }
    if !case.unread.is_empty() {
        let _ = write!(text, "\n{}\n", language.text("cli-unread"));
        for unread in &case.unread {
            let how = if unread.how.is_empty() {
                String::new()
            } else {
                format!(" — {}", unread.how)
            };
            let (what, why) = language.unread(unread);
            let _ = writeln!(text, "  · {what}: {why}{how}");
        }
    }
    text
}

fn heading<T>(text: &mut String, language: Language, key: &str, fact: &Fact<Vec<T>>) {
    let _ = write!(text, "\n{}\n", language.text(key));
    if !fact.is_known() {
        let _ = writeln!(text, "  {}", language.text("cli-not-read"));
    } else if fact.rows().is_empty() {
        let _ = writeln!(text, "  {}", language.text("cli-none"));
    }
}

fn network(network: &VirtualNetwork, language: Language) -> String {
    let mark = match network.active {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "?",
    };
    let mode = language.text(&format!("mode-{}", network.mode));
    let segment = network
        .segment
        .map(|segment| segment.to_string())
        .unwrap_or_default();
    let adapter = network.host_adapter.as_deref().unwrap_or_default();
    format!("{mark} {} · {mode}  {segment}  {adapter}", network.name)
        .trim_end()
        .to_owned()
}

fn machine(machine: &Machine, language: Language) -> String {
    let state = language.text(&format!("power-{}", name(&machine.state)));
    let nics: Vec<String> = machine
        .nics
        .iter()
        .map(|nic| {
            let mode = language.text(&format!("mode-{}", nic.mode));
            let network = nic
                .network
                .as_deref()
                .map(|network| format!(" {network}"))
                .unwrap_or_default();
            let address = nic
                .addresses
                .first()
                .map(|told| format!(" {}", told.address))
                .unwrap_or_default();
            format!("{}: {mode}{network}{address}", nic.slot)
        })
        .collect();
    format!("{} ({state})  {}", machine.name, nics.join("; "))
        .trim_end()
        .to_owned()
}
