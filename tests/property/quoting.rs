//! Quoting: a shell gives back the bytes that were put in, whatever they are, and a line that is copied is what is
//! seen.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use vmnet_doctor::remedy::{Shell, quote};

use super::shells;

/// How many names are tried with every shell.
const NAMES: usize = 10_000;
/// Names tried by one process: a script on a command line holds at most 128 KiB on Linux.
const BATCH: usize = 250;

/// What shells have special words for, and what looks harmless and is not.
const PIECES: [&str; 62] = [
    "'",
    "\"",
    "`",
    "$(id)",
    "$((1+1))",
    "${HOME}",
    "$HOME",
    "$",
    "\\",
    "\\\\",
    "\\n",
    "\\\"",
    "\\'",
    "%",
    "%s",
    "%%",
    "%PATH%",
    "%x:~0,1%",
    "!",
    "!!",
    "!$",
    "^",
    "^\"",
    "&",
    "&&",
    "|",
    ";",
    "<",
    ">",
    "(",
    ")",
    "{a,b}",
    "[a-z]",
    "*",
    "?",
    "~",
    "#",
    "=",
    "-",
    "--",
    "-n",
    "--%",
    "@",
    ",",
    "+",
    ":",
    "/",
    " ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2018}\u{2019}\u{201a}\u{201b}",
    "\u{201c}\u{201d}",
    "\u{2013}x",
];

/// Characters that a person does not see, or that turn the text around: Unicode's `Bidi_Control` in full, and the
/// usual invisible ones.
const UNSEEN: [char; 20] = [
    '\u{61c}',
    '\u{200e}',
    '\u{200f}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{2060}',
    '\u{feff}',
    '\u{ad}',
    '\u{2029}',
    '\u{e0041}',
];

/// The same hostile names in every run.
pub fn names() -> Vec<String> {
    use proptest::prelude::*;
    let unseen: Vec<String> = UNSEEN.iter().map(|c| c.to_string()).collect();
    let piece = prop_oneof![
        6 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        2 => "[a-zA-Z0-9_.]{1,8}",
        1 => prop::sample::select(unseen),
        1 => any::<char>().prop_map(String::from),
        1 => prop::char::range('\u{1}', '\u{1f}').prop_map(String::from),
        1 => "[名前网络\u{5d0}\u{627}é\u{1f4bb}]{1,3}",
    ];
    let name = prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat().replace('\0', ""));
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"ten thousand names none friendly");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut names: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    names.extend(UNSEEN.iter().map(|c| format!("a{c}b")));
    names.extend(
        [
            "",
            "plain",
            "a.b-c_d:1/2,3=4+5@6",
            "=ls",
            "~root",
            "a'b",
            "trailing\\",
            "x\n",
            "\n",
        ]
        .map(str::to_owned),
    );
    while names.len() < NAMES {
        names.push(name.new_tree(&mut runner).expect("a name").current());
    }
    names
}

/// What `program` makes of `script` given by `-c`, cut at its NUL bytes.
fn spoken_by(program: &str, script: &str) -> Vec<Vec<u8>> {
    let output = Command::new(program)
        .arg("-c")
        .arg(script)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("the shell runs");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    cut(&output.stdout)
}

fn cut(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    assert_eq!(parts.pop(), Some(Vec::new()), "the last word is not ended");
    parts
}

fn script(names: &[String]) -> String {
    names
        .iter()
        .map(|name| format!("printf %s {}; printf '\\000'\n", quote::argument(Shell::Sh, name)))
        .collect()
}

fn gives_back_the_same_bytes(program: &str) {
    for batch in names().chunks(BATCH) {
        let spoken = spoken_by(program, &script(batch));
        assert_eq!(spoken.len(), batch.len());
        for (name, bytes) in batch.iter().zip(spoken) {
            let line = quote::argument(Shell::Sh, name);
            assert!(
                bytes == name.as_bytes(),
                "{name:?} as {line} became {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}

#[test]
fn sh_gives_back_the_same_bytes() {
    gives_back_the_same_bytes("sh");
}

#[test]
fn bash_gives_back_the_same_bytes() {
    gives_back_the_same_bytes("bash");
}

/// A person pastes into an interactive shell, which also looks for `!` and would put old commands in its place.
#[test]
fn bash_with_history_gives_back_the_same_bytes() {
    for batch in names().chunks(2000).take(1) {
        let mut shell = Command::new("bash")
            .args(["--norc", "--noprofile"])
            .env("HISTFILE", "/dev/null")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("bash runs");
        let mut input = shell.stdin.take().expect("a pipe");
        let text = format!("set -o history -o histexpand\ntrue word\n{}", script(batch));
        let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
        let output = shell.wait_with_output().expect("bash ends");
        writer.join().expect("no panic").expect("bash reads all");
        let spoken = cut(&output.stdout);
        assert_eq!(
            spoken.len(),
            batch.len(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        for (name, bytes) in batch.iter().zip(spoken) {
            assert!(
                bytes == name.as_bytes(),
                "{name:?} became {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}

#[test]
fn powershell_reads_the_same_text() {
    for name in names() {
        let line = quote::argument(Shell::Powershell, &name);
        assert_eq!(shells::powershell_argument(&line).as_ref(), Ok(&name), "{line}");
    }
}

#[test]
fn the_command_prompt_hands_on_the_same_text() {
    for name in names() {
        let line = quote::argument(Shell::Cmd, &name);
        // The prompt has no escapes: what cannot be seen becomes a question mark.
        let wanted: String = name
            .chars()
            .map(|c| if c.is_control() || unseen(c) { '?' } else { c })
            .collect();
        let arguments = shells::prompt(&format!("tool first {line} last")).expect(&line);
        assert_eq!(arguments, ["tool", "first", &wanted, "last"], "{line}");
    }
}

#[test]
fn a_quoted_word_is_what_is_seen() {
    for name in names() {
        for shell in [Shell::Sh, Shell::Powershell, Shell::Cmd] {
            let line = quote::argument(shell, &name);
            let hidden = line
                .chars()
                .find(|c| unseen(*c) || (c.is_control() && *c != '\n'));
            assert_eq!(hidden, None, "{shell:?} {line:?}");
            // Newlines stand in single quotes at the end of a POSIX word and nowhere else.
            if let Some(first) = line.find('\n') {
                let (before, after) = line.split_at(first);
                assert_eq!(shell, Shell::Sh, "{line:?}");
                assert!(
                    before.ends_with('\'') && after.trim_start_matches('\n') == "'",
                    "{line:?}"
                );
            }
        }
    }
}

#[test]
fn plain_words_stay_plain() {
    for word in ["eth0", "192.168.122.0/24", "web01.example", "52:54:00:aa:bb:01"] {
        for shell in [Shell::Sh, Shell::Powershell, Shell::Cmd] {
            assert_eq!(quote::argument(shell, word), word);
        }
    }
    let line = quote::line(Shell::Sh, ["virsh", "start", "web 01"]);
    assert_eq!(line, "virsh start 'web 01'");
}

/// Not asked of the code under test: Unicode's own list, and the invisible characters beside it.
fn unseen(c: char) -> bool {
    UNSEEN.contains(&c)
        || matches!(c, '\u{180e}' | '\u{2028}' | '\u{2061}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
