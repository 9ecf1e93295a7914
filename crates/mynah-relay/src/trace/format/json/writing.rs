use std::fmt::Write;

/// A string, or an object with its bytes where it isn't UTF-8.
pub(super) fn string(out: &mut String, text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else {
        out.push_str("{\"hex\":\"");
        for byte in text {
            put(out, format_args!("{byte:02x}"));
        }
        out.push_str("\"}");
        return;
    };
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f {
            continue;
        }
        out.push_str(text.get(plain..at).unwrap_or_default());
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            byte => put(out, format_args!("\\u{byte:04x}")),
        }
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

/// A number's digits, without the ways that formatting goes.
pub(super) fn digits(out: &mut String, value: u64) {
    let (mut digits, mut rest) = ([b'0'; 20], value);
    let mut start = digits.len();
    for place in digits.iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        start -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let digits = digits.get(start..).unwrap_or_default();
    out.push_str(str::from_utf8(digits).unwrap_or_default());
}

pub(super) fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _written = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_read_back_by_others(text in any::<String>()) {
            let mut out = String::new();
            string(&mut out, text.as_bytes());
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 9, 10, 65535, u64::MAX] {
            let mut out = String::new();
            digits(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn what_is_no_text_is_hex() {
        let mut out = String::new();
        string(&mut out, b"\xff\0");
        assert_eq!(out, r#"{"hex":"ff00"}"#);
    }
}
