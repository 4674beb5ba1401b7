//! Names cut to the room there is.

use super::super::plain;
use super::super::shape::TextRole;
use super::Measure;

/// `text` as one clean line that is at most `room` wide, and whether it was cut: in its middle, for names of a kind
/// begin alike and addresses do, too, and what tells two of them apart stands at the end.
pub(super) fn fit(text: &str, role: TextRole, room: f32, measure: Measure<'_>) -> (String, bool) {
    let text = plain(text);
    if measure(&text, role) <= room {
        return (text, false);
    }
    let characters: Vec<char> = text.chars().collect();
    let tail = last_words(&characters, |end| measure(end, role) <= room * 0.78);
    let cut = |count: usize| -> String {
        let (start, end) = match tail {
            Some(tail) => (count.min(tail), characters.len() - tail),
            None => (count.div_ceil(2), count / 2),
        };
        let start: String = characters.iter().take(start).collect();
        let end: String = characters.iter().skip(characters.len() - end).collect();
        format!("{}…{}", start.trim_end(), end.trim_start())
    };
    // Wider with every character: the longest that fits is found by halving.
    let (mut low, mut high) = (0, characters.len());
    while low < high {
        let middle = (low + high).div_ceil(2);
        if measure(&cut(middle), role) <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    let shown = cut(low);
    if measure(&shown, role) <= room {
        (shown, true)
    } else {
        (String::new(), true)
    }
}

/// Where the last words begin that fit, as many as do; `None` when not even the last one does.
fn last_words(characters: &[char], fits: impl Fn(&str) -> bool) -> Option<usize> {
    let begins = |at: &usize| {
        let (before, here) = (characters.get(at - 1), characters.get(*at));
        before.is_some_and(|c| c.is_whitespace()) && here.is_some_and(|c| c.is_alphanumeric())
    };
    let mut starts = (1..characters.len()).filter(begins);
    starts.find(|at| {
        let end: String = characters.iter().skip(*at).collect();
        fits(&end)
    })
}
