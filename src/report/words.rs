//! A diagnosis put into words, as JSON in the shapes that scripts rely on.

use serde_json::{Value, json};

use crate::diagnose::compare::{Change, Comparison, Fate, Outcome};
use crate::diagnose::walk::{Hop, Walk};
use crate::diagnose::{Diagnosis, Evidence, Finding, Next, Step};
use crate::locale::Language;
use crate::model::SCHEMA;
use crate::remedy::Remedy;

/// A diagnosis with its texts put into words.
pub fn diagnosis(diagnosis: &Diagnosis, language: Language) -> Value {
    let list = |values: Vec<Value>| Value::Array(values);
    json!({
        "schema": SCHEMA,
        "kind": "diagnosis",
        "verdict": diagnosis.verdict,
        "intake": intake(diagnosis),
        "causes": list(diagnosis.causes.iter().map(|cause| finding(cause, language)).collect()),
        "notes": list(diagnosis.notes.iter().map(|note| json!({ "text": language.say(note) })).collect()),
        "path": list(diagnosis.path.iter().map(|step| self::step(step, language)).collect()),
        "unread": diagnosis.unread,
        "excluded": diagnosis.excluded,
        "next": diagnosis.next.as_ref().map(|next| self::next(next, language)),
    })
}

/// The way of a packet with its texts put into words.
pub fn walk(walk: &Walk, language: Language) -> Value {
    let hops = |hops: &[Hop]| -> Value { hops.iter().map(|hop| self::hop(hop, language)).collect() };
    json!({
        "to": walk.to,
        "end": walk.end,
        "text": walk_end(walk, language),
        "out": hops(&walk.out),
        "back": hops(&walk.back),
    })
}

/// The sentence that sums up the way of a packet.
pub fn walk_end(walk: &Walk, language: Language) -> String {
    let hop = walk.stop().map(|(_, hop)| language.say(&hop.text));
    language.text_with(walk.end_key(), &[("hop", hop.as_deref().unwrap_or_default())])
}

/// What a fix changed, with its texts put into words.
pub fn comparison(comparison: &Comparison, language: Language) -> Value {
    json!({
        "outcome": comparison.outcome,
        "text": comparison_lines(comparison, language).join(" "),
        "cause": comparison.cause.map(|(id, fate)| json!({ "id": id, "fate": fate })),
        "new": comparison.new,
        "changes": comparison.changes,
    })
}

/// What a fix came to: the change of the answer, and what became of the named cause.
pub fn comparison_lines(comparison: &Comparison, language: Language) -> Vec<String> {
    let outcome = match comparison.outcome {
        Outcome::StillFine => "window-verify-still-fine",
        Outcome::Cured => "window-verify-cured",
        Outcome::Worse => "window-verify-worse",
        Outcome::Same => "window-verify-same",
        Outcome::Other => "window-verify-other",
        Outcome::Unclear => "window-verify-unclear",
    };
    let cause = comparison.cause.map(|(id, fate)| {
        let key = match fate {
            Fate::Gone => "window-verify-cause-gone",
            Fate::StillThere => "window-verify-cause-stays",
            Fate::Unknown => "window-verify-cause-unknown",
        };
        let title = language.text(&format!("cause-{id}-title"));
        language.text_with(key, &[("cause", &title)])
    });
    [Some(language.text(outcome)), cause]
        .into_iter()
        .flatten()
        .collect()
}

/// One change in a line: the machine, what it is, and both values.
pub fn change(change: &Change, language: Language) -> String {
    let place = language.text(crate::diagnose::walk::Spot::of(change.on).key());
    let what = language.text(change.what.key());
    let name = if change.name.is_empty() {
        String::new()
    } else {
        format!(" {}", change.name)
    };
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    format!(
        "{place}, {what}{name}: {} → {}",
        value(&change.before),
        value(&change.after)
    )
}

fn hop(hop: &Hop, language: Language) -> Value {
    json!({
        "at": hop.at,
        "station": hop.station,
        "judgment": hop.judgment,
        "text": language.say(&hop.text),
        "row": hop.row,
        "source": hop.source,
    })
}

/// What the diagnosis took for given; what is not known is left out.
fn intake(diagnosis: &Diagnosis) -> Value {
    let mut value = serde_json::to_value(&diagnosis.resolved).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, field| !field.is_null());
    }
    value
}

fn finding(finding: &Finding, language: Language) -> Value {
    let evidence: Vec<Value> = finding
        .evidence
        .iter()
        .map(|fact| self::evidence(fact, language))
        .collect();
    let remedies: Vec<Value> = finding
        .remedy
        .iter()
        .map(|remedy| self::remedy(remedy, language))
        .collect();
    json!({
        "id": finding.id,
        "confidence": finding.confidence,
        "station": finding.station,
        "at": finding.at,
        "summary": language.say(&finding.summary),
        "evidence": evidence,
        "remedy": remedies,
    })
}

fn evidence(evidence: &Evidence, language: Language) -> Value {
    json!({
        "fact": language.say(&evidence.fact),
        "value": language.words(&evidence.value),
        "source": language.source(&evidence.source),
    })
}

/// A remedy with its texts put into words.
pub fn remedy(remedy: &Remedy, language: Language) -> Value {
    match remedy {
        Remedy::Command(command) => json!({
            "on": command.on,
            "os": command.os,
            "shell": command.shell,
            "admin": command.admin,
            "title": language.say(&command.title),
            "command": command.command,
            "effect": language.say(&command.effect),
            "risk": command.risk,
            "undo": command.undo,
            "verify": command.verify,
        }),
        Remedy::Ask { on, ask } => json!({ "on": on, "ask": language.say(ask) }),
    }
}

fn step(step: &Step, language: Language) -> Value {
    let evidence: Vec<Value> = step
        .evidence
        .iter()
        .map(|fact| self::evidence(fact, language))
        .collect();
    json!({
        "station": step.station,
        "leg": step.leg,
        "verdict": step.verdict,
        "evidence": evidence,
    })
}

fn next(next: &Next, language: Language) -> Value {
    let mut value = json!({ "kind": next.kind, "text": language.say(&next.text) });
    if let Value::Object(fields) = &mut value {
        if let Some(command) = &next.command {
            fields.insert("command".to_owned(), command.as_str().into());
        }
        if let Some(on) = next.on {
            fields.insert("on".to_owned(), json!(on));
        }
        if let Some(option) = next.option {
            fields.insert("option".to_owned(), option.into());
        }
        if let Some(through) = &next.through {
            let told = json!({
                "hypervisor": through.product,
                "command": through.command,
                "text": language.say(&through.needs),
            });
            fields.insert("through".to_owned(), told);
        }
    }
    value
}
