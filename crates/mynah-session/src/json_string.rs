use std::fmt::Write as _;

/// A text as a string of JSON.
pub(crate) fn put_string(w: &mut String, text: &str) {
    w.push('"');
    for char in text.chars() {
        match char {
            '"' => w.push_str("\\\""),
            '\\' => w.push_str("\\\\"),
            '\n' => w.push_str("\\n"),
            '\r' => w.push_str("\\r"),
            '\t' => w.push_str("\\t"),
            char if char < ' ' => {
                // Writing to a string can't fail.
                let _written = write!(w, "\\u{:04x}", u32::from(char));
            }
            char => w.push(char),
        }
    }
    w.push('"');
}
