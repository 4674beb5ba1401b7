//! Tables with a heading and lists of keys: `virsh`, PowerShell, `route print`, `sc`, `VBoxManage`, `esxcli`.

use super::rows::filled;
use crate::parse::hypervisor::virtualbox;

/// A line of dashes, in one piece or in one for each column.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 2 && line.contains("--") && line.chars().all(|c| c == '-' || c == ' ')
}

/// A blank line behind the last row, as `virsh` and PowerShell print it.
fn has_end(text: &str) -> bool {
    text.ends_with("\n\n") || text.ends_with("\n\r\n")
}

/// A heading, one line of dashes, rows, and a blank line.
pub fn virsh(text: &str) -> bool {
    let mut lines = filled(text);
    let headed = lines
        .next()
        .is_some_and(|line| line.starts_with(' ') && !is_rule(line));
    headed
        && lines.next().is_some_and(is_rule)
        && lines.all(|line| line.starts_with(' ') && !is_rule(line))
        && has_end(text)
}

/// A heading and one line of dashes under it, with rows behind.
pub fn underlined(text: &str) -> bool {
    let mut lines = filled(text);
    let columns = |line: &str| line.split("  ").filter(|word| !word.trim().is_empty()).count();
    let heading = lines.next().unwrap_or_default();
    !is_rule(heading)
        && columns(heading) > 1
        && lines.next().is_some_and(is_rule)
        && lines.all(|line| !is_rule(line))
}

/// What PowerShell lays out: tables with a heading and dashes, or lists of `Key : value`; a blank line ends each.
pub fn powershell(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let rules: Vec<usize> = (0..lines.len())
        .filter(|at| lines.get(*at).is_some_and(|line| is_rule(line)))
        .collect();
    if rules.is_empty() {
        // A long value goes on far in on the next line.
        let listed = |line: &str| {
            let key = line
                .split_once(" : ")
                .or_else(|| line.trim_end().strip_suffix(" :").map(|key| (key, "")));
            key.is_some_and(|(key, _)| {
                !key.trim().contains(' ') || key.starts_with(|c: char| !c.is_whitespace())
            }) || line.chars().take_while(|c| *c == ' ').count() > 4
        };
        let first = filled(text).next().unwrap_or_default();
        return has_end(text) && first.contains(" : ") && filled(text).all(listed);
    }
    let headed = rules.iter().all(|at| {
        let heading = at
            .checked_sub(1)
            .and_then(|at| lines.get(at))
            .copied()
            .unwrap_or_default();
        let dashes = lines.get(*at).copied().unwrap_or_default();
        let begins = |line: &str| {
            let line: Vec<char> = line.chars().collect();
            let starts = (0..line.len()).filter(|at| {
                line.get(*at).is_some_and(|c| *c == '-')
                    && at
                        .checked_sub(1)
                        .is_none_or(|before| line.get(before) == Some(&' '))
            });
            starts.count()
        };
        !heading.trim().is_empty()
            && !is_rule(heading)
            && begins(dashes) <= heading.split_whitespace().count()
    });
    // Nothing stands before the first heading, and each further table follows a blank line.
    let first = rules.first().copied().unwrap_or_default();
    let leads = lines
        .iter()
        .take(first.saturating_sub(1))
        .all(|line| line.trim().is_empty() || names_group(line));
    let parted = rules.iter().skip(1).all(|at| {
        at.checked_sub(2)
            .and_then(|at| lines.get(at))
            .is_some_and(|line| line.trim().is_empty() || names_group(line))
    });
    headed && leads && parted && has_end(text)
}

/// `   VMName: web01`, what the rows of the table below have in common.
fn names_group(line: &str) -> bool {
    line.starts_with("   ") && line.contains(':')
}

/// `route print`: framed parts, the last of them the routes that outlive a restart.
pub fn route_print(text: &str) -> bool {
    let framed = |line: &str| line.starts_with("=====");
    let first = filled(text).next().unwrap_or_default();
    const LAST: [&str; 4] = ["Persistent Routes", "Ständige Routen", "永久路由", "永续路由"];
    let mut lines = filled(text).skip_while(|line| !LAST.iter().any(|words| line.contains(words)));
    let ends = lines.next().is_some() && lines.next().is_some();
    // A row of five columns that was broken leaves a line of less, and its rest stands at the edge.
    let broken = filled(text).any(|line| {
        !line.starts_with(' ')
            && !framed(line)
            && !line.trim_end().ends_with([':', '：'])
            && line.split_whitespace().count() < 3
            && line.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ')
    });
    let rows = filled(text).filter(|line| {
        line.trim_start().starts_with(|c: char| c.is_ascii_digit())
            && line.contains('.')
            && !line.contains("...")
    });
    let columned = rows.into_iter().all(|line| line.split_whitespace().count() >= 4);
    (framed(first) || first.contains("Interface")) && ends && !broken && columned
}

/// `arp -a` of Windows and Unix: no line is less than a row.
pub fn arp(text: &str) -> bool {
    filled(text).all(|line| {
        line.trim_end().ends_with(':') || line.contains("---") || line.split_whitespace().count() >= 3
    })
}

/// `netstat -rn` and `route -n`: a title, a heading, rows of at least four columns.
pub fn bsd_routes(text: &str) -> bool {
    const TITLES: [&str; 3] = ["Routing tables", "Kernel IP", "Internet"];
    let first = filled(text).next().unwrap_or_default();
    let titled = TITLES.iter().any(|title| first.starts_with(title)) || first.starts_with("Destination");
    titled
        && filled(text).all(|line| {
            let words = line.split_whitespace().count();
            line.trim_end().ends_with(':') || TITLES.iter().any(|title| line.starts_with(title)) || words >= 4
        })
}

/// `sc query`: from the name of each service to its last figure, or the word that there is none.
pub fn service(text: &str) -> bool {
    if text.contains("[SC]") {
        return filled(text).count() >= 2 || !text.contains("FAILED");
    }
    let named = filled(text)
        .filter(|line| line.starts_with("SERVICE_NAME:"))
        .count();
    let ended = filled(text)
        .filter(|line| line.trim_start().starts_with("WAIT_HINT"))
        .count();
    named > 0
        && named == ended
        && filled(text)
            .next()
            .is_some_and(|line| line.starts_with("SERVICE_NAME:"))
}

/// `VBoxManage showvminfo --machinereadable`: from the name to the last of the cards.
pub fn key_values(text: &str) -> bool {
    let text = &virtualbox::without_banner(text);
    let first = filled(text).next().unwrap_or_default();
    if !first.starts_with("name=") {
        return first.starts_with("Name:") && text.contains("NIC 8:");
    }
    text.contains("\nnic8=")
        && filled(text).all(|line| line.contains(['=', ':']) && line.matches('"').count() % 2 == 0)
}

/// `VBoxManage list` of networks: from the name of each to the blank line behind its last key.
pub fn named_blocks(text: &str) -> bool {
    let text = &virtualbox::without_banner(text);
    if text.trim().is_empty() {
        return true;
    }
    let first = filled(text).next().unwrap_or_default();
    let begins =
        ["Name:", "NetworkName:"].iter().any(|key| first.starts_with(key)) || first.ends_with("Networks:");
    // Adapters end in the name of their network and a blank line; other lists end in one of several ways.
    let found = |line: &str| line.ends_with(" found");
    let ended = match first.ends_with("Networks:") {
        true => filled(text).next_back().is_some_and(found),
        false => !text.contains("GUID:") || has_end(text),
    };
    begins
        && ended
        && filled(text).all(|line| {
            // `Port-forwarding (ipv4)`, over indented lines.
            let titled = line.ends_with("(ipv4)") || line.ends_with("(ipv6)");
            line.starts_with([' ', '\t']) || line.contains(':') || found(line) || titled
        })
}

/// `VBoxManage list vms`: a name in quotes and an identifier in braces on each line.
pub fn virtualbox_machines(text: &str) -> bool {
    filled(&virtualbox::without_banner(text)).all(virtualbox::vm_line)
}

/// `vmrun list`: as many machines as its first line counts.
pub fn vmrun(text: &str) -> bool {
    let mut lines = filled(text);
    let count = lines
        .next()
        .and_then(|line| line.rsplit(' ').next()?.parse().ok());
    count == Some(lines.count())
}

/// `wsl -l -v`: a heading in whatever language, and behind each machine which WSL it belongs to.
pub fn wsl(text: &str) -> bool {
    let mut rows = filled(text).skip(1);
    filled(text)
        .next()
        .is_some_and(|line| line.split_whitespace().count() >= 3)
        && rows.all(|line| line.split_whitespace().count() >= 3 && line.trim_end().ends_with(['1', '2']))
}

/// `utmctl list`: a heading, and an identifier before each machine.
pub fn utm(text: &str) -> bool {
    let mut lines = filled(text);
    let is_row = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().is_some_and(|id| id.len() == 36) && words.count() >= 2
    };
    lines.next().is_some_and(|line| line.starts_with("UUID")) && lines.all(is_row)
}

/// `esxcli network vswitch standard list`: a name at the edge, its settings below, a blank line.
pub fn switches(text: &str) -> bool {
    let first = filled(text).next().unwrap_or_default();
    !first.starts_with(' ')
        && has_end(text)
        && filled(text).all(|line| {
            !line.starts_with(' ') && !line.contains(": ") || line.starts_with("   ") && line.contains(':')
        })
}

/// XML: every element is closed again.
pub fn xml(text: &str) -> bool {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text.trim());
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                depth += 1;
                elements += 1;
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(_)) if depth == 0 && elements == 0 => return false,
            Ok(Event::Eof) => return depth == 0 && elements > 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
