//! `--help` in the reader's language: the texts of `help.ftl` in the place of those that clap writes by itself.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::arguments::Arguments;
use crate::locale::Language;

/// The language that these words ask for, before they are read as arguments: their own errors are told in it.
pub(super) fn language_of(words: &[OsString]) -> Option<Language> {
    let mut words = words.iter().map(|word| word.to_string_lossy());
    while let Some(word) = words.next() {
        if word == "--lang" {
            return words.next()?.parse().ok();
        }
        if let Some(name) = word.strip_prefix("--lang=") {
            return name.parse().ok();
        }
    }
    None
}

/// The words with `help VERB` as `VERB --help`.
pub(super) fn without_help_verb(mut words: Vec<OsString>) -> Vec<OsString> {
    // Behind the program's name and the options of every verb, which have a value each.
    let mut at = 1;
    while let Some(option) = words
        .get(at)
        .filter(|word| word.to_string_lossy().starts_with("--"))
    {
        at += if option.to_string_lossy().contains('=') {
            1
        } else {
            2
        };
    }
    if words.get(at).is_some_and(|word| word == "help") {
        words.remove(at);
        words.push("--help".into());
    }
    words
}

/// The arguments with all texts in `language`.
pub(super) fn command(language: Language) -> Command {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version);
    worded(Arguments::command(), "vmnet-doctor", language)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(shown(version, "any", language))
        .subcommand_help_heading(fixed(language.text("help-verbs")))
        .subcommand_value_name("VERB")
        .mut_subcommands(|verb| {
            let name = verb.get_name().to_owned();
            worded(verb, &name, language)
        })
}

fn worded(command: Command, verb: &str, language: Language) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let usage = language.text("help-usage");
    command
        .about(language.text(&format!("help-verb-{verb}")))
        .mut_args(|arg| shown(arg, verb, language))
        .disable_help_flag(true)
        .arg(shown(help, "any", language))
        .help_template(format!(
            "{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}"
        ))
}

/// An argument with its text: the verb's own where there is one, else that of all verbs; then what may stand there.
fn shown(arg: Arg, verb: &str, language: Language) -> Arg {
    let name = arg.get_id().as_str().replace('_', "-");
    let own = |of: &str| Some(format!("help-{of}-{name}")).filter(|key| Language::English.has(key));
    let mut text = own(verb)
        .or_else(|| own("any"))
        .map_or_else(String::new, |key| language.text(&key));
    let takes = arg.get_action().takes_values();
    if takes {
        let values: Vec<String> = arg
            .get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned())
            .collect();
        let usual: Vec<String> = arg
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy().into_owned())
            .collect();
        for (key, list) in [("help-values", values), ("help-default", usual)] {
            if !list.is_empty() {
                text.push(' ');
                text.push_str(&language.text_with(key, &[("list", &list.join(", "))]));
            }
        }
    }
    let heading = match arg.is_positional() {
        true => "help-arguments",
        false => "help-options",
    };
    arg.help(text)
        .help_heading(fixed(language.text(heading)))
        .hide_possible_values(takes)
        .hide_default_value(takes)
}

/// clap wants headings that live as long as the program; there is a handful of them.
fn fixed(text: String) -> &'static str {
    text.leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(command: &Command, check: &mut dyn FnMut(&Command)) {
        check(command);
        command.get_subcommands().for_each(|verb| every(verb, check));
    }

    /// Nothing is left as clap or the comments have it.
    #[test]
    fn every_argument_has_its_text_in_both_languages() {
        for language in Language::ALL {
            command(language).debug_assert();
            every(&command(language), &mut |command| {
                let about = command.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !about.is_empty() && !about.starts_with("help-"),
                    "{}",
                    command.get_name()
                );
                for arg in command.get_arguments() {
                    let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
                    assert!(!text.trim().is_empty(), "{} {}", command.get_name(), arg.get_id());
                }
            });
        }
        let mut chinese = command(Language::Chinese);
        chinese.build();
        every(&chinese.clone(), &mut |command| {
            let text = command.clone().render_help().to_string();
            for line in text.lines().filter(|line| line.matches(' ').count() > 3) {
                let han = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                let words = line
                    .split(' ')
                    .filter(|word| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase()));
                assert!(han || words.count() < 4, "{line}");
            }
        });
    }

    #[test]
    fn what_is_said_in_the_comments_is_said_to_the_reader() {
        let english = command(Language::English);
        for verb in Arguments::command().get_subcommands() {
            let shown = english.find_subcommand(verb.get_name()).expect("a verb");
            for arg in verb.get_arguments() {
                let comment = arg.get_help().map(ToString::to_string).unwrap_or_default();
                let text = shown.get_arguments().find(|own| own.get_id() == arg.get_id());
                let text = text
                    .and_then(Arg::get_help)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                assert!(
                    text.starts_with(&comment),
                    "{} {}: {text}",
                    verb.get_name(),
                    arg.get_id()
                );
            }
        }
    }

    #[test]
    fn the_language_is_told_before_anything_is_understood() {
        let of = |words: &[&str]| language_of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(
            of(&["vmnet-doctor", "--lang", "zh-CN", "--nonsense"]),
            Some(Language::Chinese)
        );
        assert_eq!(
            of(&["vmnet-doctor", "scan", "--lang=en"]),
            Some(Language::English)
        );
        assert_eq!(of(&["vmnet-doctor", "scan", "--lang"]), None);
        assert_eq!(of(&["vmnet-doctor", "--lang", "tlh"]), None);
    }
}
