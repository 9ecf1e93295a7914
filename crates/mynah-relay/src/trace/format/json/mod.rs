mod command;
mod field_writer;
mod object;
mod writing;

use mynah_net::ConnectionTls;
use mynah_session::observe::{Direction, LoginAttempt};

use super::api::{Format, Line, UnansweredError};
use crate::trace::record::{Column, Packet, Record};
use crate::trace::shown::Shown;
use crate::{Closed, ClosedBy, PlayedFault};
#[cfg(test)]
pub(in crate::trace) use field_writer::JsonFieldWriter;
use object::Object;
use writing::string;

/// For programs: one object for each line. `docs/tracing.md` has the schema.
#[derive(Debug)]
pub(super) struct Json;

impl Format for Json {
    fn time(&self, second: &str, micros: u32) -> String {
        format!("{second}.{micros:06}Z")
    }

    fn lines_lost(&self, time: &str, lines: u64, why: &str) -> String {
        let mut line = format!(
            "{{\"time\":\"{time}\",\"event\":\"trace_lost\",\"connection\":0,\"lines\":{lines},\"why\":"
        );
        string(&mut line, why.as_bytes());
        line.push_str("}\n");
        line
    }

    fn connected(&self, line: Line<'_>) {
        let about = line.about;
        let mut object = Object::begin(line, "connect");
        object.text("client", about.client.as_bytes());
        if let Some(via) = &about.via {
            object.text("via", via.as_bytes());
        }
        object
            .text("listener", about.listener.as_bytes())
            .text("server", about.server.as_bytes())
            .end();
    }

    fn passed_over(&self, line: Line<'_>, server: &str, why: &str) {
        Object::begin(line, "passed_over")
            .text("server", server.as_bytes())
            .text("message", why.as_bytes())
            .end();
    }

    fn closed(&self, line: Line<'_>, closed: &Closed) {
        let tally = &closed.tally;
        let by = closed.by.map_or("", ClosedBy::name);
        let mut object = Object::begin(line, "close");
        let lasted = u64::try_from(tally.lasted.as_micros()).unwrap_or(u64::MAX);
        object
            .number("duration_us", lasted)
            .number("commands", tally.commands)
            .number("errors", tally.errors)
            .number("rows", tally.rows)
            .number("sent", tally.sent)
            .number("received", tally.received);
        for (key, value) in [("by", by), ("why", &*closed.why)] {
            if !value.is_empty() {
                object.text(key, value.as_bytes());
            }
        }
        object.end();
    }

    fn side_ended(&self, line: Line<'_>, side: Direction, lost: Option<&str>) {
        let mut object = Object::begin(line, "ended");
        object.text("side", side.name().as_bytes());
        match lost {
            None => object.text("how", b"closed"),
            Some(error) => object
                .text("how", b"lost")
                .text("message", error.as_bytes()),
        };
        object.end();
    }

    fn fault(&self, line: Line<'_>, played: &PlayedFault) {
        Object::begin(line, "fault")
            .number("rule", played.rule)
            .text("at", played.at.name().as_bytes())
            .text("fault", played.fault.as_bytes())
            .number("number", played.command)
            .end();
    }

    fn error(&self, line: Line<'_>, error: &UnansweredError<'_>) {
        let mut object = Object::begin(line, error.event);
        object.number("error", error.code);
        if !error.sql_state.is_empty() {
            object.text("sql_state", error.sql_state);
        }
        object.text("message", error.message).end();
    }

    fn encrypted(&self, line: Line<'_>, side: Direction, tls: ConnectionTls) {
        Object::begin(line, "tls")
            .text("side", side.name().as_bytes())
            .text("version", tls.version.as_bytes())
            .text("cipher", tls.cipher.as_bytes())
            .end();
    }

    fn greeting(&self, line: Line<'_>, version: &[u8], thread_id: u32) {
        Object::begin(line, "greeting")
            .text("server_version", version)
            .number("thread_id", thread_id)
            .end();
    }

    fn login(&self, line: Line<'_>, login: &LoginAttempt) {
        let mut object = Object::begin(line, "login");
        object
            .text("user", &login.user)
            .text("schema", &login.schema)
            .text("method", &login.method);
        if let Some(capabilities) = login.capabilities {
            object.number("capabilities", capabilities.bits());
        }
        object.end();
    }

    fn note(&self, line: Line<'_>, event: &str, _words: &str, more: &[u8]) {
        let mut object = Object::begin(line, event);
        if !more.is_empty() {
            object.text("message", more);
        }
        object.end();
    }

    fn command(&self, line: Line<'_>, record: &Record<'_>) {
        command::command(line, record);
    }

    fn packet(&self, line: Line<'_>, packet: &Packet<'_>) {
        let mut object = Object::begin(line, "packet");
        if let Some(number) = packet.number {
            object.number("number", number);
        }
        let decoded = (packet.decode)();
        object
            .text("from", packet.direction.name().as_bytes())
            .number("sequence_id", packet.id)
            .number("length", packet.len)
            .text("message", decoded.name.as_bytes());
        if let Some(fields) = &decoded.fields {
            object.fields("fields", fields);
        }
        if !decoded.rest.is_empty() {
            object.hex("left_over", &decoded.rest);
        }
        if let Some(why) = &decoded.why {
            object.text("why", why.as_bytes());
        }
        if packet.with_bytes {
            object.hex("hex", packet.payload);
        }
        object.end();
    }

    fn column(&self, line: Line<'_>, number: u64, column: &Column<'_>) {
        let mut object = Object::begin(line, "column");
        object.number("number", number).text("name", column.name);
        if let Some(definition) = column.definition {
            let names = &definition.names;
            object
                .text("org_name", names.org_name())
                .text("table", names.table())
                .text("schema", names.schema());
        }
        object.text("type", column.column_type.as_bytes());
        if let Some(definition) = column.definition {
            object
                .number("collation", definition.character_set)
                .number("length", definition.column_length)
                .number("flags", definition.flags.bits())
                .number("decimals", definition.decimals);
        }
        object.end();
    }

    fn row(&self, line: Line<'_>, number: u64, row: &[Shown]) {
        Object::begin(line, "row")
            .number("number", number)
            .values("values", row)
            .end();
    }
}
