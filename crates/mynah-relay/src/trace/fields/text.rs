use std::fmt::{Display, Write};

use super::Teller;
use crate::trace::text::escaped;

/// Writes for people, on one line, harmless to a terminal.
pub(in crate::trace) struct TextTeller<'a>(pub(in crate::trace) &'a mut String);

impl TextTeller<'_> {
    fn comma_unless_first(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push_str(", ");
        }
    }
}

impl Teller for TextTeller<'_> {
    fn null(&mut self) {
        self.0.push_str("NULL");
    }

    fn number(&mut self, number: &dyn Display) {
        // Writing to a string can't fail.
        let _written = write!(self.0, "{number}");
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.push('\'');
        escaped(self.0, bytes, 0);
        self.0.push('\'');
    }

    fn name(&mut self, name: &dyn Display) {
        self.number(name);
    }

    fn flags(&mut self, _bits: u64, names: &dyn Display) {
        self.number(names);
    }

    fn begin_object(&mut self) {
        self.0.push('{');
    }

    fn key(&mut self, key: &[u8]) {
        self.comma_unless_first();
        escaped(self.0, key, 0);
        self.0.push_str(": ");
    }

    fn end_object(&mut self) {
        self.0.push('}');
    }

    fn begin_list(&mut self) {
        self.0.push('[');
    }

    fn item(&mut self) {
        self.comma_unless_first();
    }

    fn end_list(&mut self) {
        self.0.push(']');
    }
}
