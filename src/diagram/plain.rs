//! Names from outside, made fit for one line of a picture.

/// Longest name that is laid out, in characters; the rest is cut and marked with `…`.
const MAX_CHARS: usize = 160;

/// `text` as one line that cannot change its surroundings: line breaks, tabs and other control characters
/// become spaces, marks that turn the direction of writing or are invisible are left out, and at most 160
/// characters are kept.
pub fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MAX_CHARS));
    let mut kept = 0;
    for character in text.chars() {
        let shown = match character {
            _ if is_invisible(character) => continue,
            _ if character.is_control() || character == '\u{2028}' || character == '\u{2029}' => ' ',
            _ => character,
        };
        if kept == MAX_CHARS {
            line.push('…');
            break;
        }
        line.push(shown);
        kept += 1;
    }
    line.trim().to_owned()
}

/// Marks of direction and of zero width (Unicode 16, general category Cf, as far as they occur in names).
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_hostile_name_becomes_one_quiet_line() {
        assert_eq!(plain("web\n01\t\u{1b}[31m"), "web 01  [31m");
        assert_eq!(plain("\u{202e}gpj.exe\u{202c}"), "gpj.exe");
        assert_eq!(plain("  路由器  "), "路由器");
        let long = plain(&"x".repeat(10_000));
        assert_eq!(long.chars().count(), 161);
        assert!(long.ends_with('…'));
    }
}
