use std::fmt::{Display, Write};

use super::Teller;
use crate::trace::json::string;

/// Writes nested objects of JSON.
pub(in crate::trace) struct JsonTeller<'a>(pub(in crate::trace) &'a mut String);

impl JsonTeller<'_> {
    fn comma_unless_first(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }
}

impl Teller for JsonTeller<'_> {
    fn null(&mut self) {
        self.0.push_str("null");
    }

    fn number(&mut self, number: &dyn Display) {
        // Writing to a string can't fail.
        let _written = write!(self.0, "{number}");
    }

    fn bytes(&mut self, bytes: &[u8]) {
        string(self.0, bytes);
    }

    fn name(&mut self, name: &dyn Display) {
        let _written = write!(self.0, "\"{name}\"");
    }

    fn flags(&mut self, bits: u64, _names: &dyn Display) {
        self.number(&bits);
    }

    fn begin_object(&mut self) {
        self.0.push('{');
    }

    fn key(&mut self, key: &[u8]) {
        self.comma_unless_first();
        string(self.0, String::from_utf8_lossy(key).as_bytes());
        self.0.push(':');
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
