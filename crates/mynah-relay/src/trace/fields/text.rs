use std::fmt::{Display, Write};

use super::Teller;
use crate::trace::text::escaped;

/// Writes for people, on one line, harmless to a terminal.
pub(in crate::trace) struct TextTeller<'a> {
    pub(in crate::trace) out: &'a mut String,
    /// How many characters of a text are shown; 0 for all.
    pub(in crate::trace) width: usize,
}

impl TextTeller<'_> {
    fn comma_unless_first(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push_str(", ");
        }
    }
}

impl Teller for TextTeller<'_> {
    fn null(&mut self) {
        self.out.push_str("NULL");
    }

    fn number(&mut self, number: &dyn Display) {
        // Writing to a string can't fail.
        let _written = write!(self.out, "{number}");
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.out.push('\'');
        escaped(self.out, bytes, self.width);
        self.out.push('\'');
    }

    fn name(&mut self, name: &dyn Display) {
        self.number(name);
    }

    fn flags(&mut self, _bits: u64, names: &dyn Display) {
        self.number(names);
    }

    fn begin_object(&mut self) {
        self.out.push('{');
    }

    fn key(&mut self, key: &[u8]) {
        self.comma_unless_first();
        // Most are names of fields, which are shown whole.
        let width = if self.width == 0 {
            0
        } else {
            self.width.max(KEY)
        };
        escaped(self.out, key, width);
        self.out.push_str(": ");
    }

    fn end_object(&mut self) {
        self.out.push('}');
    }

    fn begin_list(&mut self) {
        self.out.push('[');
    }

    fn item(&mut self) {
        self.comma_unless_first();
    }

    fn end_list(&mut self) {
        self.out.push(']');
    }
}

/// How many characters of a name are shown at least.
const KEY: usize = 64;
