//! Comments in the JSON of a recording, where JSON scripts may have them, too.

use std::borrow::Cow;

/// JSON without a byte order mark, and with spaces in place of comments (`/* … */`, `// …`), so that all else keeps its
/// line. A comment without an end stays.
pub(crate) fn without_comments(json: &[u8]) -> Cow<'_, [u8]> {
    let json = json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json);
    let begins = |pair: &[u8]| pair == b"//" || pair == b"/*";
    if !json.windows(2).any(begins) {
        return Cow::Borrowed(json);
    }
    let mut plain = Vec::with_capacity(json.len());
    let mut inside = Inside::Json;
    let mut bytes = json.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let before = inside;
        // Pairs of bytes that are taken together.
        let second = bytes.next_if(|second| match (before, byte) {
            (Inside::Text, b'\\') => true,
            (Inside::Json, b'/') => b"/*".contains(second),
            (Inside::Block, b'*') => *second == b'/',
            _ => false,
        });
        inside = match (before, byte, second) {
            (Inside::Json, b'"', _) => Inside::Text,
            (Inside::Json, b'/', Some(b'/')) => Inside::Line,
            (Inside::Json, b'/', Some(_)) => Inside::Block,
            (Inside::Text, b'"', _) | (Inside::Line, b'\n', _) => Inside::Json,
            (Inside::Block, b'*', Some(_)) => Inside::Json,
            _ => before,
        };
        let is_comment = |inside| matches!(inside, Inside::Line | Inside::Block);
        let is_blank = (is_comment(before) || is_comment(inside)) && byte != b'\n';
        let written = |byte| if is_blank { b' ' } else { byte };
        plain.push(written(byte));
        plain.extend(second.map(written));
    }
    match inside {
        Inside::Block => Cow::Borrowed(json),
        _ => Cow::Owned(plain),
    }
}

/// What a byte of JSON is part of.
#[derive(Clone, Copy)]
enum Inside {
    Json,
    Text,
    /// A comment to the end of its line.
    Line,
    /// A comment to its closing `*/`.
    Block,
}

/// As editors on Windows write it in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_spaces_and_texts_stay() {
        for (json, plain) in [
            ("{}", "{}"),
            ("\u{feff}{}", "{}"),
            ("\u{feff}{} // é", "{}      "),
            ("// a\n{/* b\n\"c\" */}", "    \n{    \n      }"),
            (
                r#"{"a": "http://b/*", /**/ "c": 1}"#,
                r#"{"a": "http://b/*",      "c": 1}"#,
            ),
            (r#"["\"// a", "\\"] // "b""#, r#"["\"// a", "\\"]       "#),
            ("[1] / 2 /", "[1] / 2 /"),
            ("[1] /*/ 2", "[1] /*/ 2"),
            ("[1] /* 2 **/", "[1]         "),
        ] {
            let found = without_comments(json.as_bytes());
            assert_eq!(String::from_utf8_lossy(&found), plain, "{json}");
        }
    }
}
