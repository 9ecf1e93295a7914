//! For programs: one object for each line. `docs/tracing.md` has the schema.

use std::fmt::Write;
use std::time::Duration;

use mynah_classic::StatusFlags;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Direction, Outcome};

use super::fields::{Field, JsonTeller};
use super::given::Given;
use super::record::{About, Packet, Record, Shown};
use super::text::HIDDEN;

/// A text that is in no character set that is known here.
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

/// An object that is being written.
pub(super) struct Object<'a> {
    out: &'a mut String,
}

impl<'a> Object<'a> {
    /// Begins the line of an event on a connection.
    pub(super) fn begin(out: &'a mut String, time: &str, event: &str, about: &About) -> Self {
        put(
            out,
            format_args!(
                "{{\"time\":\"{time}\",\"event\":\"{event}\",\"connection\":{}",
                about.connection
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

    pub(super) fn text(&mut self, key: &str, value: &[u8]) -> &mut Self {
        self.key(key);
        string(self.out, value);
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

    fn fields(&mut self, key: &str, fields: &dyn Field) -> &mut Self {
        self.key(key);
        fields.tell(&mut JsonTeller::new(self.out));
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
    fn given(&mut self, given: &Given) {
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

pub(super) fn command(out: &mut String, time: &str, record: &Record<'_>) {
    let (about, answer) = (record.about, record.answer);
    let mut object = Object::begin(out, time, "command", about);
    object
        .text("client", about.client.as_bytes())
        .text("user", &about.user)
        .text("schema", &about.schema)
        .number("number", answer.asked.number)
        .text("command", record.command.as_bytes());
    match record.foreign {
        _ if record.sql.is_empty() => {}
        Some(name) => {
            object.key("sql");
            foreign(object.out, record.sql, name);
        }
        None => {
            object.text("sql", record.sql);
        }
    }
    object.given(record.given);
    if let Some(timing) = record.timing() {
        let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        object
            .number("waited_us", micros(timing.waited))
            .number("first_byte_us", micros(timing.first_byte))
            .number("latency_us", micros(timing.latency));
    }
    match &answer.outcome {
        Outcome::NotAnswered => object.text("outcome", b"not answered"),
        Outcome::Done => object.text("outcome", b"ok"),
        Outcome::Prepared(ok) => object
            .text("outcome", b"ok")
            .number("statement", ok.statement_id)
            .number("num_params", ok.num_params)
            .number("num_columns", ok.num_columns),
        Outcome::Failed(error) => {
            object
                .text("outcome", b"error")
                .number("error", error.error_code);
            if let Some(state) = error.sql_state {
                object.text("sql_state", &state.0);
            }
            let message: &[u8] = if record.secret {
                HIDDEN.as_bytes()
            } else {
                &error.error_message
            };
            object.text("message", message)
        }
        Outcome::Undecodable(error) => object
            .text("outcome", b"undecodable")
            .text("message", error.to_string().as_bytes()),
        Outcome::CutOff => object.text("outcome", b"cut off"),
    };
    object
        .number("rows", answer.rows)
        .number("results", answer.results)
        .number("affected_rows", answer.affected_rows)
        .number("last_insert_id", answer.last_insert_id)
        .number("warnings", answer.warnings)
        .number("sent", answer.sent)
        .number("received", answer.received)
        .number("status_flags", answer.status_flags.bits())
        .flag(
            "in_transaction",
            answer.status_flags.contains(StatusFlags::IN_TRANS),
        );
    for (key, flag) in [
        ("no_index_used", StatusFlags::NO_INDEX_USED),
        ("no_good_index_used", StatusFlags::NO_GOOD_INDEX_USED),
        ("query_was_slow", StatusFlags::QUERY_WAS_SLOW),
    ] {
        if answer.status_flags.contains(flag) {
            object.flag(key, true);
        }
    }
    object.end();
}

pub(super) fn column(
    out: &mut String,
    time: &str,
    about: &About,
    number: u64,
    column: &ColumnDefinition41,
) {
    let names = &column.names;
    Object::begin(out, time, "column", about)
        .number("number", number)
        .text("name", names.name())
        .text("org_name", names.org_name())
        .text("table", names.table())
        .text("schema", names.schema())
        .text("type", format!("{:?}", column.column_type).as_bytes())
        .number("collation", column.character_set)
        .number("length", column.column_length)
        .number("flags", column.flags.bits())
        .number("decimals", column.decimals)
        .end();
}

pub(super) fn row(out: &mut String, time: &str, about: &About, number: u64, row: &[Shown]) {
    Object::begin(out, time, "row", about)
        .number("number", number)
        .values("values", row)
        .end();
}

pub(super) fn packet(out: &mut String, time: &str, about: &About, packet: &Packet<'_>) {
    let mut object = Object::begin(out, time, "packet", about);
    if let Some(number) = packet.number {
        object.number("number", number);
    }
    object
        .text("from", side_name(packet.direction))
        .number("sequence_id", packet.sequence_id)
        .number("length", packet.len)
        .text("message", packet.decoded.name.as_bytes());
    if let Some(fields) = &packet.decoded.fields {
        object.fields("fields", fields);
    }
    if !packet.decoded.rest.is_empty() {
        object.hex("left_over", &packet.decoded.rest);
    }
    if let Some(why) = &packet.decoded.why {
        object.text("why", why.as_bytes());
    }
    if let Some(bytes) = packet.bytes {
        object.hex("hex", bytes);
    }
    object.end();
}

pub(super) fn side_name(side: Direction) -> &'static [u8] {
    match side {
        Direction::Client => b"client",
        Direction::Server => b"server",
    }
}

/// A string, or an object with its bytes where it isn't UTF-8.
pub(super) fn string(out: &mut String, text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else {
        out.push_str("{\"hex\":\"");
        for byte in text {
            put(out, format_args!("{byte:02x}"));
        }
        out.push_str("\"}");
        return;
    };
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' && byte != 0x7f {
            continue;
        }
        out.push_str(text.get(plain..at).unwrap_or_default());
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            byte => put(out, format_args!("\\u{byte:04x}")),
        }
    }
    out.push_str(text.get(plain..).unwrap_or_default());
    out.push('"');
}

/// A number's digits, without the ways that formatting goes.
fn digits(out: &mut String, value: u64) {
    let (mut digits, mut rest) = ([b'0'; 20], value);
    let mut start = digits.len();
    for place in digits.iter_mut().rev() {
        *place = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        start -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let digits = digits.get(start..).unwrap_or_default();
    out.push_str(str::from_utf8(digits).unwrap_or_default());
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _written = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn strings_are_read_back_by_others(text in any::<String>()) {
            let mut out = String::new();
            string(&mut out, text.as_bytes());
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn numbers_are_written_whole() {
        for number in [0, 9, 10, 65535, u64::MAX] {
            let mut out = String::new();
            digits(&mut out, number);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn what_is_no_text_is_hex() {
        let mut out = String::new();
        string(&mut out, b"\xff\0");
        assert_eq!(out, r#"{"hex":"ff00"}"#);
    }
}
