//! One language a window: nothing on any page is left in the other one.

use std::collections::{BTreeMap, BTreeSet};

use vmnet_doctor::diagnose::diagnose;
use vmnet_doctor::locale::Language;
use vmnet_doctor::model::Case;
use vmnet_doctor::parse::resolve;
use vmnet_doctor::report::words::diagnosis as in_words;
use vmnet_doctor::wizard::example::Example;
use vmnet_doctor::wizard::{Command, Theme};

use super::painted::Frame;
use super::views::every_view;
use super::{Walk, on_stand_in, plain_window};

/// Names of products, protocols, programs, units and keys, which are the same in every language.
const NAMES: &str = include_str!("names.txt");

/// Words of Latin letters, two or more; what an ellipsis has cut is none.
fn latin(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split('…').enumerate();
    let whole = pieces.flat_map(move |(index, piece)| {
        let is_last = text.matches('…').count() == index;
        let words = piece.split(|c: char| !c.is_ascii_alphabetic());
        let count = words.clone().count();
        words
            .enumerate()
            .filter(move |(at, _)| (index == 0 || *at > 0) && (is_last || at + 1 < count))
            .map(|(_, word)| word)
    });
    whole.filter(|word| word.len() > 1)
}

fn is_chinese(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
        || ('\u{3000}'..='\u{303f}').contains(&c)
        || ('\u{ff00}'..='\u{ff5e}').contains(&c)
}

/// Everything in a case that is shown as it stands there, and commands and their output.
fn raw(case: &Case) -> BTreeSet<String> {
    let facts = resolve(case);
    let mut text = facts.to_json();
    for language in Language::ALL {
        let said = in_words(&diagnose(&facts), language);
        for cause in said["causes"].as_array().into_iter().flatten() {
            for remedy in cause["remedy"].as_array().into_iter().flatten() {
                for field in ["command", "undo", "verify"] {
                    text.push_str(remedy[field].as_str().unwrap_or_default());
                    text.push(' ');
                }
            }
        }
    }
    latin(&text).map(str::to_lowercase).collect()
}

/// Whether a text is a command to be copied: those are for machines.
fn is_command(text: &str) -> bool {
    [
        "printf ",
        "name=$(",
        "VBoxManage ",
        "virsh ",
        "sudo ",
        "New-",
        "Set-",
        "netsh ",
        "route ",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}

/// Adds what is in the wrong language: each text with where it was seen first.
fn judge(
    language: Language,
    known: &BTreeSet<String>,
    frame: &Frame,
    place: &str,
    found: &mut BTreeMap<String, String>,
) {
    for text in frame.texts() {
        // The ways to the other language name it.
        let switch = text == "EN · 中文" || text == language.text("window-switch-language");
        let wrong = match language {
            _ if switch => false,
            Language::English => text.chars().any(is_chinese),
            Language::Chinese if is_command(text) => false,
            Language::Chinese => latin(text).any(|word| !known.contains(&word.to_lowercase())),
        };
        if wrong {
            found.entry(text.to_owned()).or_insert_with(|| place.to_owned());
        }
    }
}

#[test]
fn no_page_holds_a_word_of_the_other_language() {
    let names: BTreeSet<String> = NAMES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(str::to_lowercase)
        .collect();
    for language in Language::ALL {
        let mut found = BTreeMap::new();
        let mut look = |walk: &mut Walk<'_>, known: &BTreeSet<String>, content: &str| {
            every_view(walk, |walk, view| {
                let frame = Frame::of(&walk.window);
                judge(language, known, &frame, &format!("{content}, {view}"), &mut found);
            });
        };
        // High enough that nothing has to be scrolled to.
        let tall = [1280.0, 4000.0];
        let mut walk = plain_window(language, Theme::Light, tall, 1.0);
        look(&mut walk, &names, "nothing");
        for example in Example::ALL {
            let mut walk = plain_window(language, Theme::Light, tall, 1.0);
            walk.send(Command::OpenExample(example));
            walk.send(Command::StartCheck);
            let mut known = raw(&walk.window.state().wizard().state().case);
            known.extend(names.iter().cloned());
            look(&mut walk, &known, example.name());
        }
        let mut walk = on_stand_in(language, "[]");
        let mut known = raw(&walk.window.state().wizard().state().case);
        known.extend(names.iter().cloned());
        look(&mut walk, &known, "this machine");
        let list: Vec<String> = found
            .iter()
            .map(|(text, place)| format!("{place}: {text:?}"))
            .collect();
        assert!(
            list.is_empty(),
            "{language:?}, {} texts:\n{}",
            list.len(),
            list.join("\n")
        );
    }
}
