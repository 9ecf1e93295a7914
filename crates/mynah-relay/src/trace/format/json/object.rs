use super::field_writer::JsonFieldWriter;
use super::writing::{digits, put, string};
use crate::trace::fields::Field;
use crate::trace::format::Line;
use crate::trace::given::Given;
use crate::trace::shown::Shown;

/// An object that is being written.
pub(super) struct Object<'a> {
    out: &'a mut String,
}

impl<'a> Object<'a> {
    /// Begins the line of an event on a connection.
    pub(super) fn begin(line: Line<'a>, event: &str) -> Self {
        let Line { out, time, about } = line;
        put(
            out,
            format_args!(
                "{{\"time\":\"{time}\",\"event\":\"{event}\",\"connection\":{}",
                about.id
            ),
        );
        Self { out }
    }

    pub(super) fn number(&mut self, key: &str, value: impl Into<u64>) -> &mut Self {
        self.key(key);
        digits(self.out, value.into());
        self
    }

    pub(super) fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
        self
    }

    fn key(&mut self, key: &str) {
        self.out.push_str(",\"");
        self.out.push_str(key);
        self.out.push_str("\":");
    }

    /// A text that is in a character set that isn't known here.
    pub(super) fn foreign(&mut self, key: &str, text: &[u8], character_set: &str) -> &mut Self {
        self.key(key);
        foreign(self.out, text, character_set);
        self
    }

    pub(super) fn text(&mut self, key: &str, value: &[u8]) -> &mut Self {
        self.key(key);
        string(self.out, value);
        self
    }

    pub(super) fn texts(&mut self, key: &str, values: &[String]) -> &mut Self {
        self.key(key);
        self.out.push('[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            string(self.out, value.as_bytes());
        }
        self.out.push(']');
        self
    }

    pub(super) fn hex(&mut self, key: &str, value: &[u8]) -> &mut Self {
        put(self.out, format_args!(",\"{key}\":\""));
        for byte in value {
            put(self.out, format_args!("{byte:02x}"));
        }
        self.out.push('"');
        self
    }

    pub(super) fn fields(&mut self, key: &str, fields: &dyn Field) -> &mut Self {
        self.key(key);
        fields.write_to(&mut JsonFieldWriter::new(self.out));
        self
    }

    pub(super) fn values(&mut self, key: &str, values: &[Shown]) -> &mut Self {
        self.key(key);
        self.list(values);
        self
    }

    fn list(&mut self, values: &[Shown]) {
        self.out.push('[');
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.value(value);
        }
        self.out.push(']');
    }

    fn value(&mut self, value: &Shown) {
        match value {
            Shown::Null => self.out.push_str("null"),
            // As a text: a number of JSON may not hold it.
            Shown::Number(text) | Shown::Plain(text) => string(self.out, text.as_bytes()),
            Shown::Bytes(bytes) => string(self.out, bytes),
            Shown::LongData => self.out.push_str("{\"long_data\":true}"),
            Shown::Keyword(word) => put(self.out, format_args!("{{\"{word}\":true}}")),
            Shown::Foreign(bytes, name) => foreign(self.out, bytes, name),
            Shown::Hidden => self.out.push_str("{\"hidden\":true}"),
        }
    }

    /// What comes with a command.
    pub(super) fn given(&mut self, given: &Given) {
        if !given.parameters.is_empty() {
            self.values("parameters", &given.parameters);
        }
        for (index, row) in given.rows.iter().enumerate() {
            let start = if index == 0 {
                ",\"parameter_rows\":["
            } else {
                ","
            };
            self.out.push_str(start);
            self.list(row);
        }
        if !given.rows.is_empty() {
            self.out.push(']');
        }
        for (index, (name, value)) in given.attributes.iter().enumerate() {
            let start = if index == 0 { ",\"attributes\":[" } else { "," };
            self.out.push_str(start);
            self.out.push_str("{\"name\":");
            string(self.out, name);
            self.out.push_str(",\"value\":");
            self.value(value);
            self.out.push('}');
        }
        if !given.attributes.is_empty() {
            self.out.push(']');
        }
        for (key, count) in [
            ("parameters_left_out", given.left_out.parameters),
            ("rows_left_out", given.left_out.rows),
            ("bytes_left_out", given.left_out.bytes),
        ] {
            if count > 0 {
                self.number(key, count);
            }
        }
    }

    pub(super) fn end(&mut self) {
        self.out.push_str("}\n");
    }
}

/// Writes a text of a character set that can't be decoded here.
fn foreign(out: &mut String, text: &[u8], character_set: &str) {
    out.push_str("{\"hex\":\"");
    for byte in text {
        put(out, format_args!("{byte:02x}"));
    }
    put(
        out,
        format_args!("\",\"character_set\":\"{character_set}\"}}"),
    );
}
