//! `ps` of all processes, in its System V, BSD and BusyBox columns.

use crate::model::{Case, Fact, Place, Process};
use crate::parse::command::Call;
use crate::parse::hypervisor::qemu;
use crate::parse::text::source;

/// Most processes and most arguments of one that are kept.
const MAX_ROWS: usize = 2000;
const MAX_ARGUMENTS: usize = 400;

/// Whether the call lists everybody's processes: `ps -ef`, `ps aux`, `ps axww`, BusyBox' bare `ps w`.
pub fn is_call(call: &Call) -> bool {
    let everybody = call.args.first().is_some_and(|letters| {
        let letters = letters.trim_start_matches('-');
        letters.contains('e') || letters.contains('x') || letters == "w"
    });
    call.is(&["ps"]) && everybody
}

/// Whether the line is the heading of such a list.
pub fn is_line(line: &str) -> bool {
    columns(line).is_some()
}

/// The places of the process number and of the command, counted in words; the command comes last.
fn columns(heading: &str) -> Option<(usize, usize)> {
    let words: Vec<&str> = heading.split_whitespace().collect();
    let pid = words.iter().position(|word| *word == "PID")?;
    let command = words.iter().position(|word| ["CMD", "COMMAND"].contains(word))?;
    (command + 1 == words.len() && pid < command).then_some((pid, command))
}

/// Reads the list. Threads of the kernel (`[kworker/0:1]`) are left out.
pub fn read(text: &str, case: &mut Case, on: Place, command: &str) {
    let mut lines = text.lines();
    let Some((pid_at, command_at)) = lines.find_map(columns) else {
        return;
    };
    let mut found = Vec::new();
    for line in lines.take(MAX_ROWS) {
        let mut rest = line.trim_start();
        let mut pid = None;
        for at in 0..command_at {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            if at == pid_at {
                pid = word.parse::<u32>().ok();
            }
            rest = after.trim_start();
        }
        let (Some(pid), false) = (pid, rest.is_empty() || rest.starts_with('[')) else {
            continue;
        };
        let arguments: Vec<String> = rest
            .split_whitespace()
            .take(MAX_ARGUMENTS)
            .map(str::to_owned)
            .collect();
        let Some(first) = arguments.first() else { continue };
        let name = first.rsplit('/').next().unwrap_or(first).trim_end_matches(':');
        found.push(Process {
            pid,
            name: name.to_owned(),
            arguments,
        });
    }
    if found.is_empty() {
        return;
    }
    if let Some(system) = case.system_mut(on) {
        system.processes = Fact::known(found, source(command));
    }
    if on == Place::Host {
        qemu::command_lines(text, case, on, command);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_names_the_program() {
        let read = |command: &str, text: &str| {
            let mut case = Case::default();
            read(text, &mut case, Place::Host, command);
            let rows = case.host.processes.rows().iter();
            rows.map(|row| format!("{} {}", row.pid, row.name))
                .collect::<Vec<_>>()
        };
        let wanted = ["811 libvirtd"];
        assert_eq!(
            read(
                "ps -ef",
                "UID          PID    PPID  C STIME TTY          TIME CMD\nroot         811       1  0 08:01 ?        00:00:02 /usr/sbin/libvirtd --timeout 120\nroot           2       0  0 08:01 ?        00:00:00 [kthreadd]\n"
            ),
            wanted
        );
        assert_eq!(
            read(
                "ps aux",
                "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot         811  0.0  0.1 168940 13020 ?        Ss   08:01   0:02 /usr/sbin/libvirtd --timeout 120\n"
            ),
            wanted
        );
        assert_eq!(
            read(
                "ps ax",
                "    PID TTY      STAT   TIME COMMAND\n    811 ?        Ss     0:02 /usr/sbin/libvirtd\n"
            ),
            wanted
        );
        assert!(read("ps", "    PID TTY          TIME\n").is_empty());
        assert!(read("ps ax", "PID COMMAND\nx y\n").is_empty());
    }
}
