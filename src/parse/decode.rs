//! Bytes into text, whatever code page the program wrote.

use encoding_rs::{Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a command's or a file's bytes: by its byte-order mark; else UTF-16LE when every other byte is
/// zero (`wsl -l`); else UTF-8; else GBK or CP850, whichever reads like words (the consoles of Chinese and
/// western Windows). Bytes that fit nowhere become U+FFFD. Never fails.
pub fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let body = bytes.get(length..).unwrap_or_default();
        if encoding == UTF_8 || encoding == UTF_16LE || encoding == UTF_16BE {
            return encoding.decode_without_bom_handling(body).0.into_owned();
        }
    }
    if looks_like_utf16le(bytes) {
        return UTF_16LE.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return text.to_owned(),
        // A capped output may end within a character.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            return String::from_utf8_lossy(bytes).into_owned();
        }
        Err(_) => {}
    }
    let (gbk, broken) = GBK.decode_without_bom_handling(bytes);
    if !broken && reads_like_chinese(&gbk) {
        return gbk.into_owned();
    }
    if bytes.iter().filter(|byte| **byte >= 0x80).count() * 4 <= bytes.len() {
        return cp850(bytes);
    }
    gbk.into_owned()
}

fn looks_like_utf16le(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(2000)).unwrap_or_default();
    if head.len() < 4 || !bytes.len().is_multiple_of(2) {
        return false;
    }
    let odd_zeros = head.iter().skip(1).step_by(2).filter(|byte| **byte == 0).count();
    let even_zeros = head.iter().step_by(2).filter(|byte| **byte == 0).count();
    even_zeros == 0 && odd_zeros * 4 >= head.len() / 2
}

/// Whether the Chinese characters in a text are those of words: GBK makes rare ones out of western letters,
/// and each of them stands alone between Latin ones then.
fn reads_like_chinese(text: &str) -> bool {
    let (mut pairs, mut alone) = (0_usize, 0_usize);
    let chars: Vec<char> = text.chars().collect();
    let wide = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii());
    for (at, c) in chars.iter().enumerate() {
        if c.is_ascii() {
            continue;
        }
        let neighbor = (at > 0 && wide(chars.get(at - 1))) || wide(chars.get(at + 1));
        if neighbor {
            pairs += 1;
        } else {
            alone += 1;
        }
    }
    pairs > alone
}

/// Upper half of code page 850.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

fn cp850(bytes: &[u8]) -> String {
    let upper: Vec<char> = CP850.chars().collect();
    bytes
        .iter()
        .map(|byte| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(name: &str) -> Vec<u8> {
        let path = format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).expect("the sample is there")
    }

    #[test]
    fn code_pages_read_like_their_utf8_twins() {
        for (coded, plain) in [
            ("win_ipconfig_all_zh_cp936.txt", "win_ipconfig_all_zh.txt"),
            ("win_arp_a_zh_cp936.txt", "win_arp_a_zh.txt"),
            ("win_ipconfig_all_de_cp850.txt", "win_ipconfig_all_de.txt"),
        ] {
            assert_eq!(decode(&sample(coded)), decode(&sample(plain)), "{coded}");
        }
    }

    #[test]
    fn utf16_is_seen_with_and_without_its_mark() {
        assert!(decode(&sample("win_wsl_l_v_utf16le.txt")).contains("NAME"));
        assert!(decode(&sample("win_get-netadapter_utf16le_bom.json")).starts_with(['[', '{']));
        assert_eq!(CP850.chars().count(), 128);
    }

    #[test]
    fn a_character_cut_in_half_does_not_turn_utf8_into_gbk() {
        let bytes = "来自 192.168.124.128 的回复".as_bytes();
        let text = decode(&bytes[..bytes.len() - 1]);
        assert!(text.starts_with("来自 192.168.124.128 的回"), "{text}");
    }
}
