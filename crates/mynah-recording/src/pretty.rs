//! JSON for people and diffs: what fits stands on one line, a column or a row on a line of its own.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    put(value, 0, &mut out);
    out.push('\n');
    out
}

/// Whether a value may have a line of its own. It has none if its JSON is too long without blanks already.
pub(crate) fn may_be_a_line(value: &impl Serialize) -> bool {
    serde_json::to_writer(Room(WIDTH), value).is_ok()
}

/// Fails when more bytes are written than there is room for.
struct Room(usize);

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.checked_sub(bytes.len()) {
            Some(left) => self.0 = left,
            None => return Err(io::ErrorKind::WriteZero.into()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An object or a list that is written piece by piece, with a line for each.
pub(crate) struct Lines<'o> {
    out: &'o mut dyn Write,
    depth: usize,
    is_empty: bool,
}

impl<'o> Lines<'o> {
    pub(crate) fn open(with: char, depth: usize, out: &'o mut dyn Write) -> io::Result<Self> {
        write!(out, "{with}")?;
        Ok(Self {
            out,
            depth,
            is_empty: true,
        })
    }

    /// Begins the next item of a list.
    pub(crate) fn item(&mut self) -> io::Result<()> {
        let before = match std::mem::take(&mut self.is_empty) {
            true => "",
            false => ",",
        };
        write!(self.out, "{before}\n{}", "  ".repeat(self.depth + 1))
    }

    /// Begins the next key of an object.
    pub(crate) fn key(&mut self, key: &str) -> io::Result<()> {
        self.item()?;
        write!(self.out, "{}: ", Value::from(key))
    }

    /// Writes the value of a key, or an item. `text` is room for its text.
    pub(crate) fn value(&mut self, value: &Value, text: &mut String) -> io::Result<()> {
        text.clear();
        put(value, self.depth + 1, text);
        self.out.write_all(text.as_bytes())
    }

    /// Begins an object or a list that is the value of a key.
    pub(crate) fn open_within(&mut self, with: char) -> io::Result<Lines<'_>> {
        Lines::open(with, self.depth + 1, self.out)
    }

    pub(crate) fn close(self, with: char) -> io::Result<()> {
        write!(self.out, "\n{}{with}", "  ".repeat(self.depth))
    }
}

fn put(value: &Value, depth: usize, out: &mut String) {
    let start = out.len();
    if inline(value, WIDTH.saturating_sub(2 * depth), out) {
        return;
    }
    out.truncate(start);
    match value {
        Value::Object(object) => {
            lines('{', '}', depth, object.iter(), out, |(key, value), out| {
                quoted(key, out);
                out.push_str(": ");
                match value {
                    Value::Array(items) if LISTS.contains(&key.as_str()) && items.len() > 1 => {
                        lines('[', ']', depth + 1, items.iter(), out, |item, out| {
                            put_inline(item, usize::MAX, out);
                        });
                    }
                    _ => put(value, depth + 1, out),
                }
            });
        }
        Value::Array(items) => lines('[', ']', depth, items.iter(), out, |value, out| {
            put(value, depth + 1, out);
        }),
        other => out.push_str(&other.to_string()),
    }
}

fn lines<T>(
    open: char,
    close: char,
    depth: usize,
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut item: impl FnMut(T, &mut String),
) {
    out.push(open);
    for (index, each) in items.enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        indent(depth + 1, out);
        item(each, out);
    }
    out.push('\n');
    indent(depth, out);
    out.push(close);
}

/// Writes a value on one line; says whether it has no more bytes than there is room for. What has more may be cut.
fn inline(value: &Value, room: usize, out: &mut String) -> bool {
    let end = out.len() + room;
    put_inline(value, end, out);
    out.len() <= end
}

fn put_inline(value: &Value, end: usize, out: &mut String) {
    if out.len() > end {
        return;
    }
    match value {
        Value::Object(object) => {
            out.push('{');
            for (index, (key, value)) in object.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                quoted(key, out);
                out.push_str(": ");
                put_inline(value, end, out);
            }
            out.push('}');
        }
        Value::Array(array) => {
            out.push('[');
            for (index, value) in array.iter().enumerate() {
                if out.len() > end {
                    return;
                }
                out.push_str(if index == 0 { "" } else { ", " });
                put_inline(value, end, out);
            }
            out.push(']');
        }
        Value::String(text) => quoted(text, out),
        other => out.push_str(&other.to_string()),
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&Value::from(text).to_string());
}

fn indent(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Lists whose elements have a line each, however wide.
const LISTS: [&str; 2] = ["columns", "rows"];

/// How wide a line gets before it is broken.
const WIDTH: usize = 140;
