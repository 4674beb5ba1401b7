//! Text in the user's language.
//!
//! Every string a person reads stands in `assets/locales/{en,zh-CN}/*.ftl`; rules and remedies speak in
//! [`Message`]s, which are put into words here. A text that is missing in one language is shown in English, and
//! a key that is missing in both is shown as it is: a hole in the texts never stops a diagnosis.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::model::{Message, Unread, Word, Words};

/// A language that the program speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
}

/// The texts of one file in both languages.
macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        &[$((
            include_str!(concat!("../../assets/locales/en/", $name, ".ftl")),
            include_str!(concat!("../../assets/locales/zh-CN/", $name, ".ftl")),
        )),*]
    };
}

/// The text files, in English and Chinese. A new file is one more name here.
const FILES: &[(&str, &str)] = texts![
    "common",
    "cause-host",
    "cause-network",
    "cause-guest",
    "fact",
    "remedy",
    "remedy-product",
    "window",
    "cli",
    "help",
    "report",
    "learn",
    "modes",
    "plan",
    "scan",
    "diagram",
    "walk",
    "output",
];

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language's own name.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "简体中文",
        }
    }

    /// The language's half of a row of [`FILES`].
    fn of(self, (english, chinese): &(&'static str, &'static str)) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// The language for a system locale such as `zh_CN.UTF-8`; English for all others.
    pub fn from_system_name(name: &str) -> Self {
        if name.to_ascii_lowercase().starts_with("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// The language of this system.
    pub fn of_system() -> Self {
        sys_locale::get_locale().map_or(Self::English, |name| Self::from_system_name(&name))
    }

    /// The text of `key`.
    pub fn text(self, key: &str) -> String {
        self.text_with(key, &[])
    }

    /// The text of `key` with its arguments.
    pub fn text_with(self, key: &str, args: &[(&str, &str)]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(*name, FluentValue::String(Cow::Borrowed(value)));
        }
        self.format(key, &values)
    }

    /// The text of a message.
    pub fn say(self, message: &Message) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in &message.args {
            // Products and modes have names of their own in every language.
            let own = match *name {
                "mode" | "hypervisor" if !value.is_empty() => {
                    Some(format!("{name}-{value}")).filter(|key| self.has(key))
                }
                _ => None,
            };
            let text = match (*name, own) {
                (_, Some(key)) => Cow::Owned(self.text(&key)),
                // Outputs are called by their command, or by what they are.
                ("output" | "outputs", None) => {
                    let names: Vec<String> = value.split(", ").map(|name| self.output_name(name)).collect();
                    Cow::Owned(names.join(", "))
                }
                _ => Cow::Borrowed(value.as_str()),
            };
            values.set(*name, FluentValue::String(text));
        }
        self.format(message.key, &values)
    }

    /// What evidence says: what was read as it is, and words of ours in this language.
    pub fn words(self, words: &Words) -> String {
        let pieces = words.pieces().iter();
        pieces
            .map(|piece| match piece {
                Word::Read(text) => Cow::Borrowed(text.as_str()),
                Word::Said(message) => Cow::Owned(self.say(message)),
            })
            .collect()
    }

    /// Who told a fact: commands and files as they are, names of ours in this language.
    pub fn source(self, source: &str) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c == ' ' || c == '-';
        let key = format!("source-{}", source.replace(' ', "-"));
        if !source.is_empty() && source.chars().all(plain) && self.has(&key) {
            self.text(&key)
        } else {
            source.to_owned()
        }
    }

    /// What could not be read, and why, in this language.
    pub fn unread(self, unread: &Unread) -> (String, String) {
        (self.output_name(&unread.what), self.why_unread(&unread.why))
    }

    /// What an output is, in this language: `routing table`, also with a command behind it (`ping (ping 10.0.0.1)`); commands
    /// and what has no name of ours stay as they are.
    pub fn output_name(self, what: &str) -> String {
        match what.split_once(" (") {
            Some((name, command)) if !self.has(&key_of("output", what)) => {
                let command = command.strip_suffix(')').unwrap_or(command);
                format!(
                    "{} ({})",
                    self.own_word("output", name),
                    self.own_word("output", command)
                )
            }
            _ => self.own_word("output", what),
        }
    }

    /// Why something could not be read, in this language. A tool's own words stay, also behind ours (`failed: …`).
    pub fn why_unread(self, why: &str) -> String {
        match why.split_once(": ") {
            Some((first, rest)) => format!(
                "{}: {}",
                self.own_word("unread-why", first),
                self.own_word("unread-why", rest)
            ),
            None => self.own_word("unread-why", why),
        }
    }

    /// The text for a word of ours, or the word.
    fn own_word(self, kind: &str, word: &str) -> String {
        let key = key_of(kind, word);
        if self.has(&key) {
            self.text(&key)
        } else {
            word.to_owned()
        }
    }

    /// Whether the language itself has a text of this key.
    pub fn has(self, key: &str) -> bool {
        self.texts().places.contains_key(key)
    }

    fn format(self, key: &str, values: &FluentArgs<'_>) -> String {
        for language in [self, Self::English] {
            let bundle = language.texts().bundle_of(key);
            let message = bundle.and_then(|bundle| Some((bundle, bundle.get_message(key)?.value()?)));
            if let Some((bundle, pattern)) = message {
                let mut errors = Vec::new();
                return bundle
                    .format_pattern(pattern, Some(values), &mut errors)
                    .into_owned();
            }
        }
        key.to_owned()
    }

    fn texts(self) -> &'static Texts {
        static ENGLISH: OnceLock<Texts> = OnceLock::new();
        static CHINESE: OnceLock<Texts> = OnceLock::new();
        match self {
            Self::English => ENGLISH.get_or_init(|| Texts::new(self)),
            Self::Chinese => CHINESE.get_or_init(|| Texts::new(self)),
        }
    }
}

/// The key of a word: `output-packet-filter-nft` for `packet filter (nft)`. Words that are too long to be ours have none.
fn key_of(kind: &str, word: &str) -> String {
    let mut key = kind.to_owned();
    let mut open = true;
    for c in word.chars().take(80) {
        if c.is_ascii_alphanumeric() {
            if std::mem::take(&mut open) {
                key.push('-');
            }
            key.push(c.to_ascii_lowercase());
        } else {
            open = true;
        }
    }
    key
}

impl std::str::FromStr for Language {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|language| language.name() == text)
            .ok_or(())
    }
}

/// The texts of one language. A file is parsed when the first of its texts is asked for: parsed, it takes seven
/// times its size, and most runs need few of them.
struct Texts {
    language: Language,
    /// In which file a text stands.
    places: HashMap<&'static str, usize>,
    /// The parsed files, as many as [`FILES`].
    bundles: Vec<OnceLock<Bundle>>,
}

type Bundle = FluentBundle<FluentResource>;

impl Texts {
    fn new(language: Language) -> Self {
        let places = FILES
            .iter()
            .enumerate()
            .flat_map(|(place, file)| keys(language.of(file)).map(move |key| (key, place)))
            .collect();
        Self {
            language,
            places,
            bundles: FILES.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    fn bundle_of(&self, key: &str) -> Option<&Bundle> {
        let place = *self.places.get(key)?;
        let file = FILES.get(place)?;
        let bundle = self.bundles.get(place)?;
        Some(bundle.get_or_init(|| parse(self.language, self.language.of(file))))
    }
}

/// The keys of a file's messages: the names before the `=` of lines that are not indented.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim_end()))
}

fn parse(language: Language, text: &str) -> Bundle {
    let identifier = language.name().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // The marks would show as boxes in terminals and in egui, which does not order text by direction.
    bundle.set_use_isolating(false);
    // A file with a broken line still gives its other lines; the test below fails on it.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod unused_tests;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The list of what could not be read speaks the user's language, whatever the output is.
    /// What the collectors say that they could not read, as it stands in their source, where a language has no name for it.
    fn collected_without_name() -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/collect");
        let mut folders = vec![std::path::PathBuf::from(folder)];
        let mut nameless = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).expect("source");
                if path.ends_with("fake.rs") || path.to_string_lossy().contains("tests") {
                    continue;
                }
                for before in [".unread(", "what: ", "WHAT: &str = "] {
                    for after in source.split(before).skip(1) {
                        let words = after
                            .trim_start()
                            .trim_start_matches("&format!(")
                            .strip_prefix('"');
                        let Some((what, _)) = words.and_then(|words| words.split_once('"')) else {
                            continue;
                        };
                        let name = what.split(" (").next().unwrap_or(what);
                        let named = |language: &Language| language.has(&key_of("output", name));
                        if !name.contains('{') && !Language::ALL.iter().all(named) {
                            nameless.push(name.to_owned());
                        }
                    }
                }
            }
        }
        nameless
    }

    #[test]
    fn every_output_and_every_reason_has_a_name() {
        let all = crate::parse::formats::all().filter(|format| format.name != "nothing");
        let nameless: BTreeSet<&str> = all
            .map(|format| format.name)
            .filter(|name| {
                Language::ALL
                    .iter()
                    .any(|language| !language.has(&key_of("output", name)))
            })
            .collect();
        assert_eq!(nameless, BTreeSet::new());
        assert_eq!(collected_without_name(), Vec::<String>::new());
        let chinese = Language::Chinese;
        assert_eq!(chinese.output_name("neighbor table (arp -a)"), "邻居表 (arp -a)");
        assert_eq!(chinese.output_name("packet filter (nft)"), "包过滤器（nft）");
        assert_eq!(chinese.output_name("ping (pasted text)"), "ping (粘贴的文本)");
        assert_eq!(chinese.output_name("ip addr"), "ip addr");
        assert_eq!(chinese.why_unread("needs root"), "需要管理员权限");
        assert_eq!(chinese.why_unread("failed: Error: no"), "失败: Error: no");
        assert_eq!(Language::English.why_unread("printed nothing"), "printed nothing");
    }

    #[test]
    fn every_text_is_found_and_parsed() {
        for language in Language::ALL {
            let texts = language.texts();
            for key in FILES.iter().flat_map(|file| keys(language.of(file))) {
                let bundle = texts.bundle_of(key).expect(key);
                assert!(bundle.has_message(key), "{key} in {}", language.name());
            }
        }
    }

    #[test]
    fn no_two_files_have_the_same_key() {
        for language in Language::ALL {
            let all: Vec<&str> = FILES.iter().flat_map(|file| keys(language.of(file))).collect();
            let different: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), different.len());
            assert_eq!(all.len(), language.texts().places.len());
        }
    }

    #[test]
    fn a_locale_that_does_not_exist_is_english() {
        for odd in [
            "tlh_KL.UTF-8",
            "C",
            "POSIX",
            "",
            "xx",
            "中文",
            "en_US.UTF-8@calendar=😀",
        ] {
            assert_eq!(Language::from_system_name(odd), Language::English, "{odd}");
        }
        for chinese in ["zh", "zh_CN.UTF-8", "zh-Hans-CN", "ZH_TW"] {
            assert_eq!(
                Language::from_system_name(chinese),
                Language::Chinese,
                "{chinese}"
            );
        }
    }

    /// A reference would have to be in the file that refers to it, for files are parsed each by itself.
    #[test]
    fn no_text_refers_to_another() {
        for (english, chinese) in FILES {
            for line in english.lines().chain(chinese.lines()) {
                let mut inside = line.split("{ ").skip(1);
                assert!(inside.all(|part| part.starts_with(['$', '"'])), "{line}");
            }
        }
    }

    #[test]
    fn every_reason_of_the_mode_table_has_its_words() {
        let rows: serde_json::Value =
            serde_json::from_str(include_str!("../../assets/modes.json")).expect("JSON");
        let rows = rows.as_array().expect("rows").iter();
        let cells = rows.flat_map(|row| row.as_object().expect("a row").values());
        let reasons: BTreeSet<&str> = cells.filter_map(|cell| cell.get("why")?.as_str()).collect();
        assert!(reasons.len() > 20);
        for language in Language::ALL {
            for reason in &reasons {
                assert!(language.has(reason), "{reason} in {}", language.name());
            }
        }
    }

    fn placeholders(text: &str, key: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                inside = line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
            }
            if inside {
                for part in line.split("{ $").skip(1) {
                    found.insert(part.split([' ', '}']).next().unwrap_or_default().to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_file_is_sound() {
        for (english, chinese) in FILES {
            for text in [english, chinese] {
                if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                    panic!("{errors:?}\n{text}");
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        for (english, chinese) in FILES {
            let all = |text| keys(text).collect::<BTreeSet<_>>();
            assert_eq!(all(english), all(chinese));
            for key in keys(english) {
                assert_eq!(placeholders(english, key), placeholders(chinese, key), "{key}");
            }
        }
    }

    #[test]
    fn evidence_is_said_in_the_readers_language_and_read_as_it_was() {
        let words = Words::from("virbr0 192.168.122.1/24 ").and(Message::new("value-up"));
        assert_eq!(Language::English.words(&words), "virbr0 192.168.122.1/24 up");
        assert_eq!(Language::Chinese.words(&words), "virbr0 192.168.122.1/24 已启用");
        assert_eq!(Language::Chinese.source("neighbor table"), "邻居表");
        assert_eq!(Language::Chinese.source("ip neigh"), "ip neigh");
    }

    #[test]
    fn a_missing_key_shows_itself() {
        assert_eq!(Language::Chinese.text("no-such-key"), "no-such-key");
    }
}
