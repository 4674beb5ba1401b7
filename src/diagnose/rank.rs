//! Which of the causes that were found are named, and in which order.

use std::cmp::Reverse;

use super::contradiction::{self, Contradiction};
use super::rules::{self, Effect, Found, Rule};
use super::{Asked, Confidence, Evidence, Finding, Situation, Station, Verdict, meanwhile, path};
use crate::knowledge::Reach;
use crate::model::{Message, Os, Place, TableChange};

/// What was found, best first.
#[derive(Clone, Debug)]
pub(super) struct Ranked<'a> {
    /// The causes that are named.
    pub findings: Vec<Finding>,
    /// What the named causes do to the traffic, in the same order.
    pub effects: Vec<Effect>,
    /// Look-alikes of the first cause that were looked for and not found.
    pub excluded: Vec<&'static str>,
    /// What became another on the way while the facts were taken.
    changed: Vec<&'a TableChange>,
    /// Facts that exclude each other.
    contradictions: Vec<Contradiction>,
}

/// Looks for every cause and orders what was found. What follows from a deeper cause is silent, and so is what was
/// concluded from silence alone behind a station that is broken anyway.
pub(super) fn rank<'a>(s: &Situation<'a>, asked: Asked) -> Ranked<'a> {
    rank_by(s, asked, rules::all().iter())
}

/// The same with rules in any order: the answer is the same, for the order of the catalogue decides among equals.
fn rank_by<'a>(s: &Situation<'a>, asked: Asked, all: impl Iterator<Item = &'static Rule>) -> Ranked<'a> {
    let order = path::stations(s);
    let position = |station: Station| {
        order
            .iter()
            .position(|(own, _)| *own == station)
            .unwrap_or(order.len())
    };
    let number = |rule: &Rule| rules::all().iter().position(|own| own.id == rule.id);
    let mut found: Vec<(usize, &'static Rule, Found)> = Vec::new();
    for rule in all {
        // What was seen outranks what should be: traffic that passes is stopped by nothing.
        if asked == Asked::Passes && rule.effect != Effect::Degrades {
            continue;
        }
        if let Some(mut hit) = (rule.check)(s) {
            hit.evidence = each_once(hit.evidence);
            found.push((number(rule).unwrap_or(usize::MAX), rule, hit));
        }
    }
    // Facts of two moments prove nothing together.
    let changed = meanwhile::on_the_way(s);
    if !changed.is_empty() {
        for (_, _, hit) in &mut found {
            hit.confidence = hit.confidence.max(Confidence::Likely);
        }
    }
    if meanwhile::way_is_gone(s) {
        for (_, _, hit) in found
            .iter_mut()
            .filter(|(_, rule, _)| rule.station == Station::HostRoute)
        {
            hit.confidence = Confidence::Possible;
        }
    }
    // Of two facts that exclude each other one is wrong, and nobody knows which.
    let contradictions = contradiction::all(s);
    for one in &contradictions {
        for (_, rule, hit) in &mut found {
            if one.doubts(rule, hit) {
                hit.confidence = hit.confidence.max(Confidence::Likely);
            }
        }
    }
    // What stands on an output that was cut is as sure as what is left without it.
    let certain = found
        .iter()
        .any(|(_, _, hit)| hit.confidence == Confidence::Confirmed);
    if let Some(doubt) = s.case.doubt.as_ref().filter(|_| certain) {
        let sound = Situation::of(&doubt.without);
        let sound = rank(&sound, sound.asked());
        for (_, rule, hit) in &mut found {
            let holds =
                |finding: &Finding| finding.id == rule.id && finding.confidence == Confidence::Confirmed;
            if !sound.findings.iter().any(holds) {
                hit.confidence = hit.confidence.max(Confidence::Likely);
            }
        }
    }
    let by_design = found.iter().any(|(_, rule, _)| rule.effect == Effect::ByDesign);
    let proved = found.iter().any(|(_, rule, hit)| {
        rule.effect == Effect::Stops && hit.confidence == Confidence::Confirmed && !hit.from_silence
    });
    let stays = |rule: &Rule, hit: &Found| {
        if by_design && rule.effect != Effect::ByDesign && hit.confidence != Confidence::Confirmed {
            return false;
        }
        // What stands on a row of its own breaks the way by itself. Two that stand on the same row are one.
        let follows = |other: &Rule, theirs: &Found| {
            rule.follows_from.contains(&other.id)
                && theirs.confidence <= Confidence::Likely.max(hit.confidence)
                && (hit.stands_on.is_none() || hit.stands_on == theirs.stands_on)
        };
        if found.iter().any(|(_, other, theirs)| follows(other, theirs)) {
            return false;
        }
        // A guess from silence has nothing to say where a fact shows what brought the silence about.
        if hit.from_silence && hit.confidence == Confidence::Possible && proved {
            return false;
        }
        !(hit.from_silence
            && found.iter().any(|(_, other, theirs)| {
                other.id != rule.id
                    && position(other.station) < position(rule.station)
                    && theirs.confidence <= Confidence::Likely
                    && theirs.confidence <= hit.confidence
            }))
    };
    let kept: Vec<bool> = found.iter().map(|(_, rule, hit)| stays(rule, hit)).collect();
    let mut kept = kept.into_iter();
    found.retain(|_| kept.next().unwrap_or(true));
    // What was concluded from silence is not certain while something before it may explain the silence as well.
    let before: Vec<usize> = found
        .iter()
        .filter(|(_, rule, hit)| rule.effect != Effect::ByDesign && hit.confidence != Confidence::Possible)
        .map(|(_, rule, _)| position(rule.station))
        .collect();
    for (_, rule, hit) in &mut found {
        if hit.from_silence && before.iter().any(|place| *place < position(rule.station)) {
            hit.confidence = hit.confidence.max(Confidence::Likely);
        }
    }
    // By design first, for nothing else matters then; what merely worsens the traffic last while something stops
    // it for sure; guesses after what facts point to; then the first broken station; there what facts show before
    // what silence suggests, and what explains more of the facts before what explains less.
    let stops = found
        .iter()
        .any(|(_, rule, hit)| rule.effect == Effect::Stops && !hit.from_silence);
    found.sort_by_key(|(number, rule, hit)| {
        let effect = match rule.effect {
            Effect::ByDesign => 0,
            Effect::Degrades
                if stops && asked != Asked::Passes && hit.confidence != Confidence::Confirmed =>
            {
                2
            }
            Effect::Stops | Effect::Degrades => 1,
        };
        (
            effect,
            hit.confidence == Confidence::Possible,
            position(rule.station),
            hit.confidence,
            hit.from_silence,
            Reverse(hit.evidence.len()),
            *number,
        )
    });
    let ids: Vec<&str> = found.iter().map(|(_, rule, _)| rule.id).collect();
    let excluded = found
        .first()
        .filter(|(_, _, hit)| hit.confidence == Confidence::Confirmed)
        .map(|(_, rule, _)| {
            let looked_for = |id: &&'static str| rules::find(id).is_some() && !ids.contains(id);
            rule.look_alikes.iter().copied().filter(looked_for).collect()
        })
        .unwrap_or_default();
    let effects = found.iter().map(|(_, rule, _)| rule.effect).collect();
    let findings = found
        .into_iter()
        .map(|(_, rule, hit)| finding(s, rule, hit))
        .collect();
    Ranked {
        findings,
        effects,
        excluded,
        changed,
        contradictions,
    }
}

/// Each fact once, however often it was cited: what counts is how many a finding explains.
fn each_once(evidence: Vec<Evidence>) -> Vec<Evidence> {
    let mut once: Vec<Evidence> = Vec::with_capacity(evidence.len());
    for fact in evidence {
        if !once.contains(&fact) {
            once.push(fact);
        }
    }
    once
}

fn finding(s: &Situation<'_>, rule: &Rule, hit: Found) -> Finding {
    let mut summary = Message::new(rule.summary)
        .with("vm", s.machine_name())
        .with("network", s.network_name())
        .with("adapter", s.adapter_name())
        .with("segment", s.segment_text())
        .with("guest", s.guest_text())
        .with("mode", s.mode.map_or("", crate::model::Mode::name))
        .with(
            "hypervisor",
            s.hypervisor.map_or("", crate::model::HypervisorId::name),
        );
    if let Some(address) = s.host_address() {
        summary = summary.with("host", address);
    } else {
        summary = summary.with("host", "—");
    }
    let port = s.case.intake.port.map(|port| port.to_string());
    summary = summary.with("port", port.as_deref().unwrap_or("—"));
    for (name, value) in hit.args {
        summary = summary.with(name, value);
    }
    Finding {
        id: rule.id,
        confidence: hit.confidence,
        station: rule.station,
        at: rule.at,
        summary,
        evidence: hit.evidence,
        remedy: (rule.remedy)(s),
    }
}

/// What is said of the traffic asked for.
pub(super) fn verdict(asked: Asked, ranked: &Ranked<'_>) -> Verdict {
    let has = |effect: Effect| ranked.effects.contains(&effect);
    let proved = ranked
        .findings
        .iter()
        .zip(&ranked.effects)
        .any(|(finding, effect)| *effect == Effect::Stops && finding.confidence == Confidence::Confirmed);
    match asked {
        Asked::Passes => Verdict::Reachable,
        _ if has(Effect::ByDesign) => Verdict::ImpossibleByDesign,
        Asked::Fails if !ranked.findings.is_empty() => Verdict::Blocked,
        _ if proved => Verdict::Blocked,
        _ => Verdict::Inconclusive,
    }
}

/// What else a person should know.
pub(super) fn notes(s: &Situation<'_>, asked: Asked, verdict: Verdict, ranked: &Ranked<'_>) -> Vec<Message> {
    let mut notes = Vec::new();
    if !ranked.changed.is_empty() {
        let words: Vec<&str> = ranked
            .changed
            .iter()
            .take(4)
            .map(|change| change.what.as_str())
            .collect();
        notes.push(Message::new("note-changed-meanwhile").with("what", words.join("; ")));
    }
    if asked == Asked::Passes
        && let Some(cell) = s.allowed()
    {
        // A forwarded port is a way that the table knows of.
        let contradicts = match cell.reach {
            Reach::Impossible => true,
            Reach::PortForward => s.case.intake.port.is_none(),
            Reach::Works | Reach::Depends => false,
        };
        if contradicts {
            let mode = s.mode.map_or("", crate::model::Mode::name);
            notes.push(Message::new("note-mode-contradicted").with("mode", mode));
        }
    }
    // What the mode says of the traffic, where that bears on it.
    if asked != Asked::Passes
        && let Some(cell) = s.allowed()
        && (verdict == Verdict::ImpossibleByDesign
            || matches!(s.way_by_mode(), Some(Reach::Depends | Reach::PortForward)))
    {
        notes.push(Message::new(&cell.why));
    }
    if let (Asked::Passes, Some(port)) = (asked, s.case.intake.port)
        && s.asked_seen().is_some_and(|seen| seen.echo_fails())
    {
        notes.push(Message::new("note-echo-filtered").with("port", port));
    }
    if errors_may_be_dropped(s) {
        notes.push(Message::new("note-windows-drops-errors"));
    }
    if asked == Asked::Passes && s.mode.is_some_and(|mode| mode != crate::model::Mode::Bridged) {
        notes.extend(overlap_note(s));
    }
    // Where the answer is certain without them, nobody has to paste anything again.
    let certain = |finding: &Finding| finding.confidence == Confidence::Confirmed;
    if let Some(doubt) = &s.case.doubt
        && asked != Asked::Passes
        && !ranked.findings.first().is_some_and(certain)
    {
        let outputs: Vec<&str> = doubt.outputs.iter().map(|cut| cut.name()).collect();
        notes.push(Message::new("note-paste-cut").with("outputs", outputs.join(", ")));
    }
    notes.extend(ranked.contradictions.iter().map(|one| one.note.clone()));
    if verdict == Verdict::Inconclusive && asked == Asked::NotTried {
        notes.push(Message::new("note-not-tried"));
    }
    notes
}

/// Silence from behind a router means less on Windows: Defender drops most errors that routers send, so that
/// none was heard although one may have been sent. On the segment itself no router would send any.
fn errors_may_be_dropped(s: &Situation<'_>) -> bool {
    let windows = s.host_os == Os::Windows && s.start_place() == Some(Place::Host);
    let silent = s.asked_seen().is_some_and(|seen| seen.echo_is_silent());
    let behind_a_router = s.host().adapters.is_known()
        && s.destination()
            .is_some_and(|to| s.host().adapter_on_segment(to).is_none());
    windows && silent && behind_a_router
}

fn overlap_note(s: &Situation<'_>) -> Option<Message> {
    let segment = s.segment?;
    let own = s.host_adapter?;
    let other = s.host().adapters.rows().iter().find(|adapter| {
        adapter.name != own.name
            && adapter.master.as_deref() != Some(own.name.as_str())
            && !super::role::is_container(&adapter.name)
            && adapter.nets().any(|net| {
                net.prefix_len() > 0
                    && !crate::model::is_link_local(net.addr())
                    && crate::model::overlap(net, segment)
            })
    })?;
    Some(
        Message::new("note-overlap")
            .with("segment", segment)
            .with("adapter", &other.name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Case;

    fn scenarios() -> Vec<(String, Case)> {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(&folder)
                .expect("a folder")
                .flatten()
                .map(|entry| entry.path())
            {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    let text = std::fs::read_to_string(&path).expect("a file");
                    let case = crate::parse::resolve(&Case::from_json(&text).expect("a case"));
                    found.push((path.display().to_string(), case));
                }
            }
        }
        assert!(found.len() > 80, "only {}", found.len());
        found
    }

    #[test]
    fn the_order_in_which_rules_are_asked_leaves_no_trace() {
        for (name, case) in scenarios() {
            let s = Situation::of(&case);
            let asked = s.asked();
            let usual = rank(&s, asked);
            let backwards = rank_by(&s, asked, rules::all().iter().rev());
            // Every third rule first, then the others: an order that is neither.
            let thirds = (0..3).flat_map(|first| rules::all().iter().skip(first).step_by(3));
            let mixed = rank_by(&s, asked, thirds);
            for other in [backwards, mixed] {
                assert_eq!(usual.findings, other.findings, "{name}");
                assert_eq!(usual.excluded, other.excluded, "{name}");
            }
        }
    }

    #[test]
    fn a_fact_that_is_cited_twice_counts_once() {
        let fact = |value: &str| rules::evidence("fact-echo", value, "probe");
        let cited = vec![fact("0 of 3"), fact("22 refused"), fact("0 of 3")];
        assert_eq!(each_once(cited), [fact("0 of 3"), fact("22 refused")]);
    }

    #[test]
    fn silence_behind_a_router_is_worth_less_on_windows() {
        let json = r#"{ "schema": 1, "intake": { "from": "host", "to": "guest", "guest_ip": "10.9.0.5" },
          "host": { "os": "windows", "adapters": [ { "name": "Ethernet", "enabled": true, "addresses": [{ "net": "192.168.1.23/24" }] } ] },
          "probes": [ { "from": "host", "to": "10.9.0.5", "result": { "echo": { "sent": 3, "received": 0 } }, "source": "live" } ] }"#;
        let told = |json: &str| {
            let case = Case::from_json(json).expect("a case");
            let notes = crate::diagnose::diagnose(&case).notes;
            notes.iter().any(|note| note.key == "note-windows-drops-errors")
        };
        assert!(told(json));
        assert!(!told(&json.replace("windows", "linux")));
        assert!(
            !told(&json.replace("10.9.0.5", "192.168.1.77")),
            "its own segment"
        );
        assert!(!told(&json.replace("\"received\": 0", "\"received\": 3")));
    }
}
