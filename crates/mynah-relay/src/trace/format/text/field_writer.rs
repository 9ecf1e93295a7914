use std::fmt::{Display, Write};

use super::escape::escaped;
use crate::trace::fields::FieldWriter;

/// Writes for people, harmless to a terminal.
pub(in crate::trace) struct TextFieldWriter<'a> {
    pub(in crate::trace) out: &'a mut String,
    /// How many characters of a text are shown; 0 for all.
    width: usize,
    /// How many objects the next field is in.
    depth: usize,
    /// What each field's line begins with, where fields have lines of their own.
    line: Option<String>,
    /// How many lists it is in, which stay on their line.
    lists: usize,
    /// A field that is left out, and where it begins once it does.
    without: &'static str,
    cut: Option<usize>,
}

impl<'a> TextFieldWriter<'a> {
    /// On one line.
    pub(in crate::trace) fn new(out: &'a mut String, width: usize) -> Self {
        Self {
            out,
            width,
            depth: 0,
            line: None,
            lists: 0,
            without: "",
            cut: None,
        }
    }

    /// Each field on a line of its own, which begins with this.
    pub(in crate::trace) fn with_lines(self, line: String) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }

    /// All but one field, which is shown elsewhere.
    pub(in crate::trace) fn without(self, field: &'static str) -> Self {
        Self {
            without: field,
            ..self
        }
    }

    fn comma_unless_first(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push_str(", ");
        }
    }

    fn on_lines(&self) -> Option<&String> {
        self.line.as_ref().filter(|_| self.lists == 0)
    }

    /// Ends the field before.
    fn end_field(&mut self) {
        if self.depth == 1
            && let Some(start) = self.cut.take()
        {
            self.out.truncate(start);
        }
    }
}

impl FieldWriter for TextFieldWriter<'_> {
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
        self.depth += 1;
        if self.on_lines().is_none() {
            self.out.push('{');
        } else if self.out.ends_with(": ") {
            // Its fields are on the lines that follow.
            self.out.pop();
        }
    }

    fn key(&mut self, key: &[u8]) {
        self.end_field();
        if self.depth == 1 && key == self.without.as_bytes() {
            self.cut = Some(self.out.len());
        }
        match self.on_lines() {
            None => self.comma_unless_first(),
            Some(line) => {
                let indent = "    ".repeat(self.depth.saturating_sub(1));
                let line = format!("\n{line}{indent}");
                self.out.push_str(&line);
            }
        }
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
        self.end_field();
        self.depth = self.depth.saturating_sub(1);
        if self.on_lines().is_none() {
            self.out.push('}');
        }
    }

    fn begin_list(&mut self) {
        self.lists += 1;
        self.out.push('[');
    }

    fn item(&mut self) {
        self.comma_unless_first();
    }

    fn end_list(&mut self) {
        self.lists = self.lists.saturating_sub(1);
        self.out.push(']');
    }
}

/// How many characters of a name are shown at least.
const KEY: usize = 64;
