//! Small readers of words and values that stand in many outputs.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;
use serde_json::Value;

use crate::model::{Mac, RouteKind, TABLE_DEFAULT, TABLE_LOCAL, TABLE_MAIN};

/// Who told a fact: the command as it was typed, or that it was pasted without one.
pub fn source(command: &str) -> String {
    if command.is_empty() {
        "pasted text".to_owned()
    } else {
        command.to_owned()
    }
}

/// Braces that are open at the end of what was read; those in quotes are none.
#[derive(Default)]
pub struct Braces {
    /// How many are open; below zero where more were closed.
    pub depth: i64,
    quoted: bool,
}

impl Braces {
    /// Reads the next piece of the text.
    pub fn read(&mut self, piece: &str) {
        for c in piece.chars() {
            match c {
                '"' => self.quoted = !self.quoted,
                '{' if !self.quoted => self.depth += 1,
                '}' if !self.quoted => self.depth -= 1,
                _ => {}
            }
        }
    }
}

/// An address without its zone (`%eth0`), brackets, and the marks that stand around it in sentences.
pub fn address(word: &str) -> Option<IpAddr> {
    let word = word
        .trim()
        .trim_matches(['(', ')', '[', ']', ',', ';', '"', '\'', '<', '>']);
    let bare = |word: &str| -> Option<IpAddr> {
        let word = word.split('(').next().unwrap_or(word);
        word.split('%').next().unwrap_or(word).parse().ok()
    };
    // `::` ends with a colon of its own.
    bare(word).or_else(|| bare(word.strip_suffix([':', '.'])?))
}

/// The first address among the words of a line.
pub fn first_address(line: &str) -> Option<IpAddr> {
    line.split(|c: char| c.is_whitespace() || "=,()（），".contains(c))
        .find_map(address)
}

/// `ADDR/LENGTH`, or an address alone as a network of one.
pub fn net(word: &str) -> Option<IpNet> {
    let word = word.trim().trim_matches(',');
    match word.split_once('/') {
        Some((base, length)) => {
            let base = address(base)?;
            let length = length.parse().ok()?;
            IpNet::new(base, length).ok()
        }
        None => address(word).map(IpNet::from),
    }
}

/// Prefix length of a mask: `255.255.255.0`, `0xffffff00`; `None` when it has holes or is no mask.
pub fn mask_length(word: &str) -> Option<u8> {
    let word = word.trim();
    let bits = match word.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => u32::from(word.parse::<Ipv4Addr>().ok()?),
    };
    let length = bits.leading_ones();
    (bits.checked_shl(length).unwrap_or(0) == 0).then_some(length as u8)
}

/// An address and its mask as a network that keeps the host bits.
pub fn net_of(address: IpAddr, mask: &str) -> Option<IpNet> {
    IpNet::new(address, mask_length(mask)?).ok()
}

/// A hardware address, zeros and broadcasts too.
pub fn mac(word: &str) -> Option<Mac> {
    let word = word.trim().trim_matches(['(', ')', ',', '[', ']']);
    // Twelve bare digits are a hardware address only where a program says so.
    if !word.contains([':', '-']) {
        return None;
    }
    word.parse().ok()
}

/// The word after `key` among words.
pub fn after<'a>(words: &[&'a str], key: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == key)?;
    words.get(at + 1).copied()
}

/// A line's part before the first `:` (or `：`, or `=`) and the part after it, both trimmed.
pub fn key_value(line: &str) -> Option<(&str, &str)> {
    let at = line.find([':', '：', '='])?;
    let (key, rest) = line.split_at_checked(at)?;
    let mut chars = rest.chars();
    chars.next()?;
    Some((key.trim(), chars.as_str().trim()))
}

/// A routing table by number or by one of its fixed names.
pub fn table(word: &str) -> Option<u32> {
    match word {
        "local" => Some(TABLE_LOCAL),
        "main" => Some(TABLE_MAIN),
        "default" => Some(TABLE_DEFAULT),
        // Tables may have names of their own (/etc/iproute2/rt_tables); a name stands for a number that we
        // do not know but that is the same wherever the name stands.
        word => Some(word.parse().unwrap_or_else(|_| named_table(word))),
    }
}

/// A number beyond those that are in use by hand, the same for the same name.
fn named_table(name: &str) -> u32 {
    let hash = name.bytes().take(256).fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    0x8000_0000 | hash
}

/// A route's kind by the word that `ip route` has for it.
pub fn route_kind(word: &str) -> Option<RouteKind> {
    Some(match word {
        "unicast" => RouteKind::Unicast,
        "local" => RouteKind::Local,
        "broadcast" | "anycast" => RouteKind::Broadcast,
        "multicast" => RouteKind::Multicast,
        "blackhole" => RouteKind::Blackhole,
        "unreachable" => RouteKind::Unreachable,
        "prohibit" => RouteKind::Prohibit,
        "throw" => RouteKind::Throw,
        _ => return None,
    })
}

/// The rows of a JSON text: the elements of its arrays, or its one object; and whether it was whole. A text
/// that was cut off gives the rows before the cut.
pub fn json_rows(text: &str) -> (Vec<Value>, bool) {
    let mut rows = Vec::new();
    let mut whole = true;
    let mut rest = text.trim_start();
    while rest.starts_with(['[', '{']) {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                rest = rest.get(values.byte_offset()..).unwrap_or_default().trim_start();
                match value {
                    Value::Array(items) => rows.extend(items),
                    value => rows.push(value),
                }
            }
            _ => {
                whole = false;
                rest = elements(rest, &mut rows);
            }
        }
    }
    rows.retain(|row| row.as_object().is_some_and(|fields| !fields.is_empty()));
    (rows, whole)
}

/// Elements of an array that is not whole.
fn elements<'a>(text: &'a str, rows: &mut Vec<Value>) -> &'a str {
    let Some(mut rest) = text.strip_prefix('[') else {
        return "";
    };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if !rest.starts_with('{') {
            return "";
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                rest = rest.get(values.byte_offset()..).unwrap_or_default();
                rows.push(value);
            }
            _ => return "",
        }
    }
}

/// A field of a JSON object as text: strings as they are, numbers and truth values in words.
pub fn text_of(row: &Value, key: &str) -> Option<String> {
    match field(row, key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        // PowerShell 7 prints some enums as {"value": 2, "Value": "…"}.
        Value::Object(fields) => fields.get("Value").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

/// A field of a JSON object that is a text or a list of texts, with commas between.
pub fn list_of(row: &Value, key: &str) -> Option<String> {
    match field(row, key)? {
        Value::Array(values) => {
            let words: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            Some(words.join(",")).filter(|words| !words.is_empty())
        }
        _ => text_of(row, key),
    }
}

/// A field of a JSON object as a number, also when it is written as text.
pub fn number_of(row: &Value, key: &str) -> Option<u64> {
    match field(row, key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Object(fields) => fields.get("value").and_then(Value::as_u64),
        _ => None,
    }
}

/// A field of a JSON object; letters of either size count as equal.
pub fn field<'a>(row: &'a Value, key: &str) -> Option<&'a Value> {
    let fields = row.as_object()?;
    let value = fields.get(key).or_else(|| {
        fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    })?;
    (!value.is_null()).then_some(value)
}

/// A table that PowerShell printed: the words under each heading, cut by the columns of the dashes, one map a
/// row. Lists (`Name : value`) give the same rows.
pub fn powershell_rows(text: &str) -> Vec<Value> {
    let lines: Vec<&str> = text.lines().collect();
    let mut rows = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines.get(at).copied().unwrap_or_default();
        let dashes = lines.get(at + 1).copied().unwrap_or_default();
        if is_ruler(dashes) && !line.trim().is_empty() && !is_ruler(line) {
            at += 2;
            at += table_rows(line, dashes, lines.get(at..).unwrap_or_default(), &mut rows);
        } else {
            at += 1;
        }
    }
    if rows.is_empty() {
        list_rows(&lines, &mut rows);
    }
    rows
}

fn is_ruler(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().all(|c| c == '-' || c == ' ') && line.contains("--")
}

fn table_rows(heading: &str, dashes: &str, lines: &[&str], rows: &mut Vec<Value>) -> usize {
    let dashes: Vec<char> = dashes.chars().collect();
    let mut starts: Vec<usize> = (0..dashes.len())
        .filter(|at| dashes.get(*at) == Some(&'-') && (*at == 0 || dashes.get(at - 1) == Some(&' ')))
        .collect();
    starts.truncate(64);
    let names: Vec<&str> = heading.split_whitespace().collect();
    if names.len() != starts.len() {
        return 0;
    }
    let mut read = 0;
    for line in lines {
        if line.trim().is_empty() {
            break;
        }
        read += 1;
        let cells = cut_cells(line, &starts);
        let fields: serde_json::Map<String, Value> = names
            .iter()
            .zip(cells)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| ((*name).to_owned(), Value::String(cell)))
            .collect();
        rows.push(Value::Object(fields));
    }
    read
}

/// Cuts a row by columns. Numbers are flush right, so a cell may begin left of its heading: a cut inside a
/// word moves to the blank before it. Chinese characters take two columns of a console.
fn cut_cells(line: &str, starts: &[usize]) -> Vec<String> {
    let mut columns = Vec::new();
    for c in line.chars() {
        columns.push(c);
        if ('\u{1100}'..='\u{ffdc}').contains(&c) {
            columns.push('\0');
        }
    }
    let mut bounds: Vec<usize> = Vec::with_capacity(starts.len() + 1);
    for start in starts {
        let start = (*start).min(columns.len());
        let floor = bounds.last().copied().unwrap_or(0);
        let mut moved = start;
        // A word that ends right before the column is a number that ran over its own.
        let spans = columns.get(start).is_some_and(|c| *c != ' ');
        while spans && moved > floor && columns.get(moved - 1).is_some_and(|c| *c != ' ') {
            moved -= 1;
        }
        let bound = if moved > floor { moved } else { start };
        bounds.push(bound.max(floor));
    }
    bounds.push(columns.len());
    bounds
        .windows(2)
        .map(|pair| match pair {
            [from, to] => columns
                .get(*from..*to)
                .unwrap_or_default()
                .iter()
                .filter(|c| **c != '\0')
                .collect::<String>()
                .trim()
                .to_owned(),
            _ => String::new(),
        })
        .collect()
}

fn list_rows(lines: &[&str], rows: &mut Vec<Value>) {
    let mut fields = serde_json::Map::new();
    let mut last = String::new();
    for line in lines {
        if line.trim().is_empty() {
            if !fields.is_empty() {
                rows.push(Value::Object(std::mem::take(&mut fields)));
            }
            last.clear();
            continue;
        }
        let named = line.split_once(':').filter(|(name, _)| {
            !line.starts_with(' ') && !name.trim().is_empty() && !name.trim().contains(' ')
        });
        match named {
            Some((name, value)) => {
                last = name.trim().to_owned();
                fields.insert(last.clone(), Value::String(value.trim().to_owned()));
            }
            None => {
                if let Some(Value::String(value)) = fields.get_mut(&last)
                    && line.starts_with(' ')
                {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
        }
    }
    if !fields.is_empty() {
        rows.push(Value::Object(fields));
    }
    rows.retain(|row| row.as_object().is_some_and(|fields| fields.len() > 1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_with_holes_are_no_prefix() {
        assert_eq!(mask_length("255.255.255.0"), Some(24));
        assert_eq!(mask_length("0xffffff00"), Some(24));
        assert_eq!(mask_length("0.0.0.0"), Some(0));
        assert_eq!(mask_length("255.255.255.255"), Some(32));
        assert_eq!(mask_length("15.0.0.0"), None);
        assert_eq!(mask_length("255.0.255.0"), None);
    }

    #[test]
    fn a_cut_array_gives_the_rows_before_the_cut() {
        let (rows, whole) = json_rows(r#"[{"dst":"default"},{"dst":"10.0.0.0/8"},{"dst":"10.1"#);
        assert_eq!((rows.len(), whole), (2, false));
        let (rows, whole) = json_rows(r#"{"Name":"Ethernet"}"#);
        assert_eq!((rows.len(), whole), (1, true));
    }

    #[test]
    fn addresses_lose_what_stands_around_them() {
        for text in [
            "192.168.1.5",
            "192.168.1.5:",
            "(192.168.1.5)",
            "192.168.1.5(Preferred)",
            "192.168.1.5(首选)",
        ] {
            assert_eq!(address(text), Some("192.168.1.5".parse().unwrap()), "{text}");
        }
        assert_eq!(address("fe80::1%eth0"), Some("fe80::1".parse().unwrap()));
    }
}
