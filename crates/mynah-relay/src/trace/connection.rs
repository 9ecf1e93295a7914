use std::collections::HashMap;
use std::time::SystemTime;

use mynah_session::observe::{Answer, Command, CommandKind, Message, MessageKind, Observer};

use super::classic::Classic;
use super::explain::{Cells, CommandText, Explain};
use super::format::{Format, Line};
use super::lines::Lines;
use super::record::{Column, Packet, Record};
use super::running::Trace;
use super::stamp::Stamp;
use super::x::X;
use crate::Connection;
use crate::statement::StatementFacts;

/// Writes the lines of one connection.
#[derive(Debug)]
pub(crate) struct ConnectionTrace {
    pub(super) trace: Trace,
    pub(super) lines: Lines,
    stamp: Stamp,
    classic: Classic,
    x: X,
    /// Lines of commands that a filter hasn't decided on, by the command's number.
    held: HashMap<u64, Held>,
    /// The last command whose start has a line.
    last_started: Option<u64>,
}

/// The lines of a command, of which no more are held than there is room for.
#[derive(Debug, Default)]
struct Held {
    lines: String,
    is_cut: bool,
}

impl ConnectionTrace {
    pub(crate) fn new(trace: &Trace) -> Self {
        Self {
            lines: Lines::new(trace),
            stamp: Stamp::default(),
            classic: Classic::new(&trace.options),
            x: X::new(&trace.options),
            held: HashMap::new(),
            last_started: None,
            trace: trace.clone(),
        }
    }

    /// One that begins in the middle of a connection, of which the protocol's observer knows what was before.
    pub(crate) fn joining(trace: &Trace, known: &Observer) -> Self {
        Self {
            classic: Classic::joining(&trace.options),
            x: X::joining(&trace.options, known),
            ..Self::new(trace)
        }
    }

    pub(super) fn time(&mut self, now: SystemTime) -> String {
        self.stamp.time(now, &*self.trace.format)
    }

    /// What a line is written with.
    pub(super) fn pen<'a>(
        &'a mut self,
        time: &'a str,
        about: &'a Connection,
    ) -> (&'a dyn Format, Line<'a>) {
        let out = &mut self.lines.out;
        (&*self.trace.format, Line { out, time, about })
    }

    /// Writes a line.
    pub(super) fn write(
        &mut self,
        about: &Connection,
        now: SystemTime,
        write: impl FnOnce(&dyn Format, Line<'_>),
    ) {
        let time = self.time(now);
        let (format, line) = self.pen(&time, about);
        write(format, line);
    }

    /// A command starts.
    pub(super) fn started(&mut self, command: &Command, about: &Connection, now: SystemTime) {
        if !self.trace.wants_messages() {
            return;
        }
        let time = self.time(now);
        // Formats don't see what must not be shown: `explain` keeps the secrets of each command until it is
        // done.
        let explain = by(command.kind, &mut self.classic, &mut self.x);
        explain.started(command);
        let out = &mut self.lines.out;
        let line = Line {
            out,
            time: &time,
            about,
        };
        let sql = || explain.about(command);
        if self.trace.format.started(line, command.kind.name(), &sql) {
            self.last_started = Some(command.number);
            self.hold(command.number);
        }
    }

    /// A message, at a level that looks at messages.
    pub(super) fn message(&mut self, message: &Message, about: &Connection, now: SystemTime) {
        // Another receiver may have asked for messages.
        if !self.trace.wants_messages() {
            return;
        }
        let explain: &mut dyn Explain = match message.kind {
            MessageKind::Classic { .. } => &mut self.classic,
            MessageKind::X { .. } => &mut self.x,
        };
        let explained = explain.message(message);
        let level = self.trace.options.level;
        let is_recording = self.trace.format.is_recording();
        let time = self.stamp.time(now, &*self.trace.format);
        if level >= 3 || is_recording {
            let packet = Packet {
                direction: message.direction,
                id: explained.id,
                len: message.len,
                payload: &explained.payload,
                packet_len: explained.packet_len,
                decode: &|| explain.decode(message, &explained.payload),
                with_bytes: level >= 4,
                number: message.command,
            };
            let line = Line {
                out: &mut self.lines.out,
                time: &time,
                about,
            };
            self.trace.format.packet(line, &packet);
        }
        if is_recording {
            return;
        }
        self.cells(
            message.command.unwrap_or_default(),
            &explained.cells,
            about,
            &time,
        );
        if explained.is_unasked {
            self.drop_unless_wanted(about);
        } else if let Some(number) = message.command {
            self.hold(number);
        }
    }

    /// Writes a column or a row.
    fn cells(&mut self, number: u64, cells: &Cells, about: &Connection, time: &str) {
        let (format, line) = self.pen(time, about);
        match cells {
            Cells::None => {}
            Cells::Definition(definition) => {
                let column = Column {
                    name: definition.names.name(),
                    column_type: format!("{:?}", definition.column_type),
                    definition: Some(definition),
                };
                format.column(line, number, &column);
            }
            Cells::Column(name, column_type) => {
                let column = Column {
                    name,
                    column_type: column_type.clone(),
                    definition: None,
                };
                format.column(line, number, &column);
            }
            Cells::Row(row) => format.row(line, number, row),
        }
    }

    /// A command is done.
    pub(super) fn completed(
        &mut self,
        answer: &Answer,
        about: &Connection,
        now: SystemTime,
        statement: Option<&StatementFacts>,
    ) {
        let command = &answer.command;
        // Lines of a command are held until its record is there, since a filter may ask for its latency or
        // its error.
        let held = self.held.remove(&command.number).unwrap_or_default();
        let explain = by(command.kind, &mut self.classic, &mut self.x);
        if self.trace.format.is_recording() || self.trace.options.level < 1 {
            return explain.forget(answer);
        }
        let Some(text) = explain.completed(answer) else {
            return self.lines.out.push_str(&held.lines);
        };
        let CommandText {
            sql,
            foreign,
            given,
            is_secret,
        } = text;
        let record = Record {
            about,
            answer,
            command: command.kind.name(),
            sql: &sql,
            foreign,
            given: &given,
            secret: is_secret,
            is_shown: self.last_started == Some(command.number),
            statement,
            has_digest_text: self.trace.options.level >= 2,
        };
        if self.is_wanted(&record) {
            self.lines.out.push_str(&held.lines);
            self.write(about, now, |format, line| format.command(line, &record));
        }
    }

    fn is_wanted(&self, record: &Record<'_>) -> bool {
        let filter = self.trace.options.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(record))
    }

    /// Drops lines that belong to no command, if a filter has conditions on commands: such lines never fulfil
    /// them.
    fn drop_unless_wanted(&mut self, about: &Connection) {
        let answer = Answer::none();
        if !self.is_wanted(&Record::none(about, &answer)) {
            self.lines.out.clear();
        }
    }

    /// Keeps the lines of a command until its end, if a filter has to decide on them.
    fn hold(&mut self, number: u64) {
        if self.trace.options.filter.is_none() {
            return self.lines.put();
        }
        let held = self.held.entry(number).or_default();
        // A command with very many rows must not fill memory until the filter has decided.
        if held.lines.len() < MOST_HELD {
            held.lines.push_str(&self.lines.out);
        } else if !std::mem::replace(&mut held.is_cut, true) {
            held.lines.push_str(self.trace.format.lines_cut());
        }
        self.lines.out.clear();
    }
}

fn by<'a>(kind: CommandKind, classic: &'a mut Classic, x: &'a mut X) -> &'a mut dyn Explain {
    match kind {
        CommandKind::Classic(_) => classic,
        CommandKind::X(_) => x,
    }
}

/// How much of a command is held for a filter to decide about.
const MOST_HELD: usize = 1024 * 1024;
