use std::fmt::{Display, Write};

use super::writing::string;
use crate::trace::fields::FieldWriter;

/// Writes nested objects of JSON. What is nested deeper than [`MAX_DEPTH`] is left out, as most
/// readers stop at some depth.
pub(in crate::trace) struct JsonFieldWriter<'a> {
    out: &'a mut String,
    depth: usize,
}

impl<'a> JsonFieldWriter<'a> {
    pub(in crate::trace) fn new(out: &'a mut String) -> Self {
        Self { out, depth: 0 }
    }

    /// Where something is written to; nothing below the greatest depth.
    fn open(&mut self) -> Option<&mut String> {
        (self.depth <= MAX_DEPTH).then_some(&mut *self.out)
    }

    fn comma_unless_first(&mut self) {
        if let Some(out) = self.open()
            && !out.ends_with(['{', '['])
        {
            out.push(',');
        }
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        if let Some(out) = self.open() {
            // Writing to a string can't fail.
            let _written = out.write_fmt(text);
        }
    }

    fn begin(&mut self, bracket: char) {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            self.out.push(bracket);
        } else if self.depth == MAX_DEPTH + 1 {
            self.out.push_str("\"…\"");
        }
    }

    fn end(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth < MAX_DEPTH {
            self.out.push(bracket);
        }
    }
}

impl FieldWriter for JsonFieldWriter<'_> {
    fn null(&mut self) {
        self.put(format_args!("null"));
    }

    fn number(&mut self, number: &dyn Display) {
        self.put(format_args!("{number}"));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let Some(out) = self.open() {
            string(out, bytes);
        }
    }

    fn name(&mut self, name: &dyn Display) {
        self.put(format_args!("\"{name}\""));
    }

    fn flags(&mut self, bits: u64, _names: &dyn Display) {
        self.number(&bits);
    }

    fn begin_object(&mut self) {
        self.begin('{');
    }

    fn key(&mut self, key: &[u8]) {
        self.comma_unless_first();
        if let Some(out) = self.open() {
            string(out, String::from_utf8_lossy(key).as_bytes());
            out.push(':');
        }
    }

    fn end_object(&mut self) {
        self.end('}');
    }

    fn begin_list(&mut self) {
        self.begin('[');
    }

    fn item(&mut self) {
        self.comma_unless_first();
    }

    fn end_list(&mut self) {
        self.end(']');
    }
}

/// `serde_json` reads 127 levels; the line is one of its own.
const MAX_DEPTH: usize = 100;
