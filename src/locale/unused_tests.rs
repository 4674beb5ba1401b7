//! No text that nobody shows: every key stands in the sources, whole, or as a pattern with a word that stands there.

use std::collections::BTreeSet;
use std::path::Path;

use super::{FILES, Language, keys};

/// Patterns whose first part is told as an argument, as the words of a report are.
const TOLD: [&str; 12] = [
    "at-{}",
    "confidence-{}",
    "hypervisor-{}",
    "leg-{}",
    "mode-{}",
    "os-{}",
    "risk-{}",
    "shell-{}",
    "source-{}",
    "station-{}",
    "station-verdict-{}",
    "where-{}",
];

/// Every string of the sources, of the macros that put strings together, and of the data that names keys.
fn strings() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("src")];
    let mut found = BTreeSet::new();
    let mut take = |text: &str| {
        found.extend(text.split('"').map(str::to_owned));
        let joined = text
            .split("concat!(")
            .skip(1)
            .filter_map(|rest| rest.split_once(')'));
        found.extend(joined.map(|(parts, _)| {
            let parts = parts.split(", ").map(|part| match part.strip_prefix('"') {
                Some(string) => string.trim_end_matches('"'),
                None => "{}",
            });
            parts.collect::<String>()
        }));
    };
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                take(&std::fs::read_to_string(path).expect("a source"));
            }
        }
    }
    take(&std::fs::read_to_string(root.join("assets/modes.json")).expect("the table"));
    found
}

/// The parts of a pattern between its wildcards: `learn-`, `-` and nothing for `learn-{lesson}-{part}`.
fn pieces(pattern: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    for (index, part) in pattern.split('{').enumerate() {
        pieces.push(match part.split_once('}') {
            Some((_, after)) if index > 0 => after,
            _ => part,
        });
    }
    pieces
}

/// Whether a key is of a pattern, with wildcards that are all `sound`.
fn fits(pieces: &[&str], key: &str, sound: &dyn Fn(&str) -> bool) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return key.is_empty();
    };
    let Some(after) = key.strip_prefix(first) else {
        return false;
    };
    match rest {
        [] => after.is_empty(),
        [last] => after
            .strip_suffix(last)
            .is_some_and(|word| !word.is_empty() && sound(word)),
        [next, ..] => (1..after.len())
            .filter(|at| after.is_char_boundary(*at) && after[*at..].starts_with(next))
            .any(|at| sound(&after[..at]) && fits(rest, &after[at..], sound)),
    }
}

fn is_key_pattern(text: &str) -> bool {
    let of_keys =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '{' | '}' | '.');
    text.contains('-') && text.contains('{') && text.contains('}') && text.chars().all(of_keys)
}

fn is_used(key: &str, strings: &BTreeSet<String>, patterns: &[&str]) -> bool {
    strings.contains(key)
        || patterns.iter().any(|pattern| {
            let pieces = pieces(pattern);
            // Names of sources are words with blanks between them.
            let stands_there =
                |word: &str| strings.contains(word) || strings.contains(&word.replace('-', " "));
            // `{key}-text` stands beside `key`.
            let beside = |word: &str| strings.contains(word) || is_used(word, strings, patterns);
            match (pattern.starts_with('{'), pieces.len()) {
                (true, 2) => fits(&pieces, key, &beside),
                (true, _) => false,
                (false, 2) => fits(&pieces, key, &stands_there),
                (false, _) => fits(&pieces, key, &|_| true),
            }
        })
}

#[test]
fn every_text_is_shown_somewhere() {
    let strings = strings();
    let patterns: Vec<&str> = strings
        .iter()
        .map(String::as_str)
        .filter(|text| is_key_pattern(text))
        .chain(TOLD)
        .collect();
    assert!(patterns.len() > 30, "{patterns:?}");
    let all = FILES.iter().flat_map(|file| keys(Language::English.of(file)));
    // Names of outputs and reasons stand in the sources as they are in English, with all their signs, and some with what
    // they are of behind them: `addresses of a WSL machine (alpine)`.
    let words: BTreeSet<String> = strings
        .iter()
        .flat_map(|text| [Some(text.as_str()), text.split(" (").next()])
        .flatten()
        .map(|text| super::key_of("", text))
        .collect();
    let of_word = |key: &str| {
        let kinds = ["output", "unread-why"];
        let mut rest = kinds.iter().filter_map(|kind| key.strip_prefix(kind));
        rest.any(|word| word.starts_with('-') && words.contains(word))
    };
    let unused: Vec<&str> = all
        .filter(|key| !is_used(key, &strings, &patterns) && !of_word(key))
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

/// The test above can fail.
#[test]
fn a_key_that_nobody_names_is_found() {
    let strings = BTreeSet::from(["page-{}".to_owned(), "check".to_owned(), "{key}-text".to_owned()]);
    let patterns: Vec<&str> = strings
        .iter()
        .map(String::as_str)
        .filter(|text| is_key_pattern(text))
        .collect();
    assert!(is_used("page-check", &strings, &patterns));
    assert!(is_used("page-check-text", &strings, &patterns));
    assert!(!is_used("page-other", &strings, &patterns));
    assert!(!is_used("other-text", &strings, &patterns));
}
