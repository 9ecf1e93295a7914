use std::borrow::Cow;

use mynah_sql::{Piece, Pieces, Reading, TokenKind, literal};

/// A statement as a text. A string literal whose bytes aren't UTF-8, such as a binary value, is written in hex, which is the
/// same value; other bytes that aren't UTF-8 are replaced by U+FFFD.
#[must_use]
pub fn statement_text(sql: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(sql) {
        return Cow::Borrowed(text);
    }
    let reading = Reading::default();
    let (mut text, mut end) = (String::with_capacity(sql.len()), 0);
    for piece in Pieces::new(sql, reading) {
        let Piece::Token(token) = piece else { continue };
        let quoted = sql.get(token.range.clone()).unwrap_or_default();
        if token.kind != TokenKind::Text || str::from_utf8(quoted).is_ok() {
            continue;
        }
        let before = sql.get(end..token.range.start).unwrap_or_default();
        text.push_str(&String::from_utf8_lossy(before));
        // Behind `_binary`, it is a word of its own.
        if text.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            text.push(' ');
        }
        text.push_str("x'");
        for byte in literal::content(quoted, reading) {
            text.push_str(&format!("{byte:02x}"));
        }
        text.push('\'');
        end = token.range.end;
    }
    let rest = sql.get(end..).unwrap_or_default();
    text.push_str(&String::from_utf8_lossy(rest));
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Call, Value};

    #[test]
    fn a_literal_that_is_no_text_is_written_in_hex() {
        let bytes = [0xff, 0x00, b'\'', 0xfe];
        let sql = [
            &b"insert into t values (_binary'"[..],
            &[0xff, b'\\', b'0', b'\\', b'\'', 0xfe],
            b"', 'a', \"",
            &[0xe9],
            b"\") -- caf\xe9",
        ]
        .concat();
        let text = statement_text(&sql);
        assert_eq!(
            text,
            "insert into t values (_binary x'ff0027fe', 'a', x'e9') -- caf\u{fffd}"
        );
        let values = Call::query(&text).values();
        assert_eq!(values.first(), Some(&Value::Bytes(bytes.to_vec())));
        assert_eq!(statement_text("select 'é'".as_bytes()), "select 'é'");
    }
}
