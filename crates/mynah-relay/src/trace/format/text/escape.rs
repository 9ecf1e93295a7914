use super::writing::put;

/// Text of others: harmless to a terminal, one line, and cut if it is long.
pub(super) fn escaped(out: &mut String, text: &[u8], width: usize) {
    let most = if width == 0 { usize::MAX } else { width };
    let mut shown = 0;
    for chunk in text.utf8_chunks() {
        for char in chunk.valid().chars() {
            if shown == most {
                put(out, format_args!("… ({} bytes)", text.len()));
                return;
            }
            shown += 1;
            match char {
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                char if is_harmful(char) => put(out, format_args!("{}", char.escape_unicode())),
                char => out.push(char),
            }
        }
        for byte in chunk.invalid() {
            if shown == most {
                put(out, format_args!("… ({} bytes)", text.len()));
                return;
            }
            shown += 1;
            put(out, format_args!("\\x{byte:02x}"));
        }
    }
}

/// Whether a character moves the cursor or changes the direction of text.
fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_harmless_to_a_terminal() {
        let shown = |text: &[u8], width| {
            let mut out = String::new();
            escaped(&mut out, text, width);
            out
        };
        assert_eq!(shown(b"a\n\x1b[31mb\x07", 0), "a\\n\\u{1b}[31mb\\u{7}");
        assert_eq!(shown("é\u{202e}".as_bytes(), 0), "é\\u{202e}");
        assert_eq!(shown(b"\xff\xfea", 0), "\\xff\\xfea");
        assert_eq!(shown(b"abcdef", 3), "abc… (6 bytes)");
        assert_eq!(shown(b"abc", 3), "abc");
    }
}
