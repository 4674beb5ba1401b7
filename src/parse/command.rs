//! Command lines as people type them, taken apart: which program, with which arguments, behind which wrappers.

/// Longest command line that is taken apart, in bytes; what is longer is no command.
const MAX_LINE: usize = 16 * 1024;

/// One command of a command line: a program with its arguments, and what its output was piped into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The command as it was typed, without its neighbors on the line.
    pub line: String,
    /// The program without folder and `.exe`, in small letters; wrappers such as `sudo` are gone.
    pub program: String,
    /// Its arguments without quotes and redirections, in their own letters.
    pub args: Vec<String>,
    /// The words of each program that its output was piped into.
    pub pipes: Vec<Vec<String>>,
    /// Whether it runs only where what stands before it on the line failed (`ip addr || ifconfig -a`).
    pub alternative: bool,
}

/// Programs that hand on part of what they read.
const FILTERS: [&str; 17] = [
    "grep",
    "egrep",
    "fgrep",
    "zgrep",
    "rg",
    "findstr",
    "find",
    "select-string",
    "sls",
    "where-object",
    "where",
    "?",
    "head",
    "tail",
    "awk",
    "sed",
    "cut",
];

impl Call {
    /// Whether the program is one of `names`.
    pub fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.program.as_str())
    }

    /// Arguments that are no options, in order: `show`, `dev`, `eth0`.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.args
            .iter()
            .map(String::as_str)
            .filter(|word| !word.starts_with('-'))
    }

    /// Arguments that are neither options nor the values of options that take the next word with them, in order.
    pub fn operands(&self, takes_value: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        let mut is_value = false;
        self.args.iter().map(String::as_str).filter(move |word| {
            let is_option = !is_value && word.starts_with('-');
            let is_operand = !is_value && !is_option;
            is_value = is_option && takes_value(word);
            is_operand
        })
    }

    /// The `n`th argument that is no option, in small letters; empty when there is none.
    pub fn word(&self, n: usize) -> String {
        self.words().nth(n).unwrap_or_default().to_lowercase()
    }

    /// Whether the argument `flag` stands there as it is, letters of either size.
    pub fn has(&self, flag: &str) -> bool {
        self.args.iter().any(|word| word.eq_ignore_ascii_case(flag))
    }

    /// Whether the letter stands among the bundled short options: `n` in `-rn`. Exact letter size.
    pub fn has_letter(&self, letter: char) -> bool {
        self.args.iter().any(|word| {
            word.strip_prefix('-')
                .is_some_and(|letters| !letters.starts_with('-') && letters.contains(letter))
        })
    }

    /// The argument after `flag`.
    pub fn after(&self, flag: &str) -> Option<&str> {
        let at = self
            .args
            .iter()
            .position(|word| word.eq_ignore_ascii_case(flag))?;
        self.args.get(at + 1).map(String::as_str)
    }

    /// Whether the output went through a program that may have dropped lines of it.
    pub fn filtered(&self) -> bool {
        self.pipes.iter().any(|words| {
            words
                .first()
                .is_some_and(|word| FILTERS.contains(&program_name(word).as_str()))
        })
    }

    /// The file that the command prints as it is (`cat`, `type`, `Get-Content` …), with `/` between folders.
    pub fn file(&self) -> Option<String> {
        const READERS: [&str; 10] = [
            "cat",
            "less",
            "more",
            "type",
            "get-content",
            "gc",
            "bat",
            "head",
            "tail",
            "view",
        ];
        if !self.is(&READERS) {
            return None;
        }
        let mut words = self.words().filter(|word| word.parse::<u32>().is_err());
        words.next().map(|path| path.replace('\\', "/"))
    }
}

/// The commands of a command line, in order. A line break, `;`, `&&`, `||` and `&` part them; what a shell or
/// a remote hand is told to run (`sh -c '…'`, `powershell -Command …`, `ip netns exec …`) counts as typed.
pub fn calls(line: &str) -> Vec<Call> {
    calls_within(line, 0)
}

/// The one command of a line that holds exactly one; else an empty call.
pub fn call(line: &str) -> Call {
    let mut all = calls(line);
    if all.len() == 1 {
        all.remove(0)
    } else {
        Call {
            line: line.trim().to_owned(),
            ..Call::default()
        }
    }
}

fn calls_within(line: &str, depth: u8) -> Vec<Call> {
    let line = line.trim();
    if line.len() > MAX_LINE || depth > 3 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for stages in split(line) {
        let Some((first, rest)) = stages.stages.split_first() else {
            continue;
        };
        let words = unredirected(first);
        match unwrapped(&words) {
            Unwrapped::Words(words) => {
                let Some((program, args)) = words.split_first() else {
                    continue;
                };
                found.push(Call {
                    line: stages.text,
                    program: program_name(program),
                    args: args.to_vec(),
                    pipes: rest.iter().map(|words| unredirected(words)).collect(),
                    alternative: stages.alternative,
                });
            }
            Unwrapped::Line(inner) => {
                let mut inner = calls_within(&inner, depth + 1);
                for call in &mut inner {
                    call.alternative |= stages.alternative;
                    call.pipes.extend(rest.iter().map(|words| unredirected(words)));
                }
                found.append(&mut inner);
            }
        }
    }
    found
}

/// One pipeline: its text and the words of each of its programs.
struct Pipeline {
    text: String,
    stages: Vec<Vec<String>>,
    /// Whether `||` stands before it.
    alternative: bool,
}

/// Cuts a line into pipelines and words. Separators inside quotes, parentheses and braces do not cut.
fn split(line: &str) -> Vec<Pipeline> {
    let mut pipelines = Vec::new();
    let mut alternative = false;
    let (mut stages, mut words, mut word) = (Vec::new(), Vec::<String>::new(), String::new());
    let (mut text, mut quoted, mut in_word, mut depth) = (String::new(), None::<char>, false, 0_u32);
    let mut chars = line.chars().peekable();
    let mut previous = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let continues = (c == '\\' || c == '`') && matches!(next, Some('\n' | '\r'));
        if continues && quoted.is_none() {
            chars.next();
            text.push(' ');
            if in_word {
                words.push(std::mem::take(&mut word));
                in_word = false;
            }
            previous = ' ';
            continue;
        }
        if let Some(mark) = quoted {
            text.push(c);
            if c == mark && depth == 0 {
                quoted = None;
            } else if c == mark {
                quoted = None;
                word.push(c);
            } else if c == '\\' && mark == '"' && next == Some('"') && depth == 0 {
                // The backslash before a closing quote of a Windows folder would swallow the quote; such a
                // line has an odd number of quotes after it.
                word.push('\\');
            } else {
                word.push(c);
            }
            previous = c;
            continue;
        }
        match c {
            '"' | '\'' => {
                quoted = Some(c);
                in_word = true;
                text.push(c);
                if depth > 0 {
                    word.push(c);
                }
            }
            '\\' if matches!(next, Some(' ' | '\'' | '"')) && depth == 0 => {
                in_word = true;
                text.push(c);
                if let Some(next) = chars.next() {
                    text.push(next);
                    word.push(next);
                }
            }
            '(' | '{' => {
                depth += 1;
                in_word = true;
                word.push(c);
                text.push(c);
            }
            ')' | '}' if depth > 0 => {
                depth -= 1;
                word.push(c);
                text.push(c);
            }
            _ if depth > 0 => {
                word.push(c);
                text.push(c);
            }
            '&' if previous == '>' || (next == Some('>')) => {
                in_word = true;
                word.push(c);
                text.push(c);
            }
            ';' | '\n' | '&' | '|' => {
                if in_word {
                    words.push(std::mem::take(&mut word));
                    in_word = false;
                }
                if !words.is_empty() {
                    stages.push(std::mem::take(&mut words));
                }
                let either = c == '|' && next == Some('|');
                let pipe = c == '|' && !either;
                if (c == '&' || c == '|') && next == Some(c) {
                    chars.next();
                }
                if pipe {
                    text.push(c);
                } else {
                    push_pipeline(&mut pipelines, &mut text, &mut stages, alternative);
                    alternative = either;
                }
            }
            c if c.is_whitespace() => {
                if in_word {
                    words.push(std::mem::take(&mut word));
                    in_word = false;
                }
                text.push(c);
            }
            _ => {
                in_word = true;
                word.push(c);
                text.push(c);
            }
        }
        previous = c;
    }
    if in_word {
        words.push(word);
    }
    if !words.is_empty() {
        stages.push(words);
    }
    push_pipeline(&mut pipelines, &mut text, &mut stages, alternative);
    pipelines
}

fn push_pipeline(
    pipelines: &mut Vec<Pipeline>,
    text: &mut String,
    stages: &mut Vec<Vec<String>>,
    alternative: bool,
) {
    let text = std::mem::take(text).trim().to_owned();
    let stages = std::mem::take(stages);
    if !stages.is_empty() {
        pipelines.push(Pipeline {
            text,
            stages,
            alternative,
        });
    }
}

/// The words without redirections.
fn unredirected(words: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut skip = false;
    for word in words {
        if skip {
            skip = false;
            continue;
        }
        let bare = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        let redirects = bare.starts_with('>') || (bare.starts_with('<') && !bare.contains("<>"));
        if redirects && (bare.len() < word.len() || word.starts_with(['>', '<'])) {
            skip = bare.trim_start_matches(['>', '<']).is_empty();
            continue;
        }
        kept.push(word.clone());
    }
    kept
}

enum Unwrapped {
    Words(Vec<String>),
    Line(String),
}

/// Takes off `sudo`, `env`, `LC_ALL=C`, `timeout 5` and their like.
fn unwrapped(words: &[String]) -> Unwrapped {
    let mut rest = words;
    // A group: its redirections are gone already.
    if let [group] = words
        && let Some(inner) = group.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'))
    {
        return Unwrapped::Line(inner.to_owned());
    }
    // Each round takes at least one word off.
    while let Some((first, after)) = rest.split_first() {
        if is_assignment(first) && !after.is_empty() {
            rest = after;
            continue;
        }
        let program = program_name(first);
        rest = match program.as_str() {
            "sudo" | "doas" | "gsudo" => skip_options(after, &["-u", "-g", "-p", "-C", "-h", "--user"]),
            "env" if !after.is_empty() => skip_options(after, &["-u", "-C"]),
            "nice" | "ionice" => skip_options(after, &["-n", "-c"]),
            "time" | "command" | "exec" | "nohup" | "setsid" | "stdbuf" | "busybox" | "toybox"
            | "unbuffer"
                if !after.is_empty() =>
            {
                skip_options(after, &[])
            }
            "watch" => skip_options(after, &["-n", "--interval"]),
            "timeout" => {
                let after = skip_options(after, &["-s", "-k"]);
                after.get(1..).unwrap_or_default()
            }
            "ip" if after.first().is_some_and(|word| word == "netns" || word == "vrf")
                && after.get(1).is_some_and(|word| word == "exec") =>
            {
                after.get(3..).unwrap_or_default()
            }
            "nsenter" => {
                let after = skip_options(after, &["-t", "-S", "-G"]);
                after.strip_prefix(&["--".to_owned()]).unwrap_or(after)
            }
            "wsl"
                if after
                    .iter()
                    .any(|word| word == "-e" || word == "--exec" || word == "--") =>
            {
                let at = after
                    .iter()
                    .position(|word| word == "-e" || word == "--exec" || word == "--")
                    .unwrap_or_default();
                after.get(at + 1..).unwrap_or_default()
            }
            "wsl" if after.first().is_some_and(|word| !word.starts_with('-')) => after,
            "bash" | "sh" | "zsh" | "ash" | "dash" | "ksh" | "fish" => {
                match after
                    .iter()
                    .position(|word| word.starts_with('-') && word.ends_with('c'))
                {
                    Some(at) => return Unwrapped::Line(after.get(at + 1).cloned().unwrap_or_default()),
                    None => return Unwrapped::Words(rest.to_vec()),
                }
            }
            "cmd" => match after.iter().position(|word| word.eq_ignore_ascii_case("/c")) {
                Some(at) => return Unwrapped::Line(after.get(at + 1..).unwrap_or_default().join(" ")),
                None => return Unwrapped::Words(rest.to_vec()),
            },
            "powershell" | "pwsh" => {
                let at = after
                    .iter()
                    .position(|word| ["-command", "-c"].contains(&word.to_lowercase().as_str()));
                return Unwrapped::Line(match at {
                    Some(at) => after.get(at + 1..).unwrap_or_default().join(" "),
                    None => skip_options(after, &["-executionpolicy", "-ep"]).join(" "),
                });
            }
            _ => return Unwrapped::Words(rest.to_vec()),
        };
    }
    Unwrapped::Words(Vec::new())
}

/// The words after leading options; those in `valued` take the next word with them.
fn skip_options<'a>(mut words: &'a [String], valued: &[&str]) -> &'a [String] {
    while let Some((first, after)) = words.split_first() {
        if first == "--" {
            return after;
        }
        if !first.starts_with('-') {
            return words;
        }
        words = if valued.iter().any(|option| option.eq_ignore_ascii_case(first)) {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
    }
    words
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    let name = name.strip_prefix("$env:").unwrap_or(name);
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The program's name without folder and `.exe`, in small letters.
fn program_name(word: &str) -> String {
    let word = word
        .trim_start_matches(['@', '(', '&', '.'])
        .trim_end_matches(')');
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_lowercase();
    name.strip_suffix(".exe").unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<String> {
        calls(line)
            .iter()
            .map(|call| format!("{} [{}]", call.program, call.args.join("|")))
            .collect()
    }

    #[test]
    fn groups_and_alternatives_are_taken_apart() {
        let line = "(ip addr && ip neigh) 2>/dev/null || (ifconfig -a; arp -an); cat /etc/resolv.conf";
        let all = calls(line);
        let programs: Vec<(&str, bool)> = all
            .iter()
            .map(|call| (call.program.as_str(), call.alternative))
            .collect();
        assert_eq!(
            programs,
            [
                ("ip", false),
                ("ip", false),
                ("ifconfig", true),
                ("arp", true),
                ("cat", false)
            ]
        );
    }

    #[test]
    fn sees_the_program_behind_every_usual_spelling() {
        for line in [
            "ip addr",
            "/sbin/ip addr",
            "sudo ip addr",
            "sudo -u root /usr/sbin/ip addr",
            "LC_ALL=C ip addr",
            "env -i LANG=C ip addr",
            "sudo LC_ALL=C ip addr 2>&1",
            "sudo LC_ALL=C ip addr 2> /dev/null",
            "timeout 5 ip addr",
            "ip netns exec red ip addr",
            "sh -c 'ip addr'",
            "wsl ip addr",
            "wsl -d Ubuntu -- ip addr",
            "busybox ip addr",
            "ip addr | less",
            "(ip addr)",
            "nsenter -t 44 -n ip addr",
        ] {
            assert_eq!(shown(line), ["ip [addr]"], "{line}");
        }
        for line in [
            r"ipconfig /all",
            r"C:\Windows\System32\ipconfig.exe /all",
            r#""C:\Windows\System32\IPCONFIG.EXE" /all"#,
            "cmd /c ipconfig /all",
            "powershell -NoProfile -Command ipconfig /all",
        ] {
            assert_eq!(shown(line), ["ipconfig [/all]"], "{line}");
        }
    }

    #[test]
    fn parts_several_commands_but_not_what_stands_in_braces() {
        assert_eq!(
            shown("ip addr; ip route && cat /etc/resolv.conf\nip -j rule | less & arp -n"),
            [
                "ip [addr]",
                "ip [route]",
                "cat [/etc/resolv.conf]",
                "ip [-j|rule]",
                "arp [-n]"
            ]
        );
        let line = "Get-NetAdapter | Select-Object Name, @{n='S';e={[string]$_.Status; 1}} | ConvertTo-Json";
        let all = calls(line);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].program, "get-netadapter");
        assert_eq!(all[0].pipes.len(), 2);
        assert!(!all[0].filtered());
        assert!(call("ip route | grep 192").filtered());
        assert_eq!(
            call(r#""C:\Program Files\Oracle\VirtualBox\VBoxManage.exe" list -l hostonlyifs"#).program,
            "vboxmanage"
        );
        assert_eq!(
            call(r"type C:\ProgramData\VMware\vmnetnat.conf")
                .file()
                .as_deref(),
            Some("C:/ProgramData/VMware/vmnetnat.conf")
        );
    }
}
