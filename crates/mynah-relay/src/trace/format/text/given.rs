use super::escape::escaped;
use super::style::Style;
use super::writing::{counted, put};
use crate::trace::given::Given;
use crate::trace::shown::{HIDDEN, Shown};

/// The values that come with a command: of many rows, the first ones.
pub(super) fn given(out: &mut String, given: &Given, style: Style) {
    if !given.parameters.is_empty() {
        out.push_str(" <- ");
        values(out, &given.parameters, style);
    }
    for (index, row) in given.rows.iter().take(MOST_ROWS).enumerate() {
        out.push_str(if index == 0 { " <- " } else { ", " });
        values(out, row, style);
    }
    let more = given.rows.len().saturating_sub(MOST_ROWS) as u64 + given.left_out.rows;
    if more > 0 {
        put(out, format_args!(", … {more} more"));
    }
    for (index, (name, value)) in given.attributes.iter().enumerate() {
        out.push_str(if index == 0 { " with " } else { ", " });
        escaped(out, name, style.width);
        out.push_str(" = ");
        self::value(out, value, style);
    }
    for (count, what) in [
        (given.left_out.parameters, "parameter"),
        (given.left_out.bytes, "byte"),
    ] {
        if count > 0 {
            put(out, format_args!(", {} left out", counted(count, what)));
        }
    }
}

pub(super) fn values(out: &mut String, values: &[Shown], style: Style) {
    out.push('(');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        self::value(out, value, style);
    }
    out.push(')');
}

fn value(out: &mut String, value: &Shown, style: Style) {
    match value {
        Shown::Null => out.push_str("NULL"),
        Shown::Number(text) => escaped(out, text.as_bytes(), style.width),
        Shown::Plain(text) => put(out, format_args!("'{text}'")),
        Shown::Bytes(bytes) => {
            out.push('\'');
            escaped(out, bytes, style.width);
            out.push('\'');
        }
        Shown::LongData => out.push_str("(sent before)"),
        Shown::Keyword(word) => out.push_str(&word.to_ascii_uppercase()),
        Shown::Foreign(bytes, name) => {
            let most = if style.width == 0 {
                bytes.len()
            } else {
                style.width
            };
            out.push_str("0x");
            for byte in bytes.iter().take(most) {
                put(out, format_args!("{byte:02x}"));
            }
            let cut = if bytes.len() > most { "…" } else { "" };
            put(out, format_args!("{cut} ({name})"));
        }
        Shown::Hidden => out.push_str(HIDDEN),
    }
}

/// How many rows of a bulk execution are shown.
const MOST_ROWS: usize = 10;
