//! Commands, as they start and as they are completed.

use std::time::SystemTime;

use bytes::Bytes;
use mynah_classic::command::CommandCode;
use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::observe::{Answer, Asked};

use super::connection::ConnectionTrace;
use super::record::{About, Record, Shown};
use super::secrets::Secrets;
use super::{Format, describe, json, redact, text, values};
use crate::timing::Timing;

/// A command that has begun.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) number: u64,
    pub(super) secret: bool,
    pub(super) columns: Vec<ColumnDefinition41>,
    /// Its lines, as long as it isn't known whether they are wanted.
    pub(super) held: String,
    pub(super) cut: bool,
}

impl ConnectionTrace {
    pub(super) fn started(&mut self, asked: &Asked, about: &About, now: SystemTime) {
        if self.trace.options.level < 2 {
            return;
        }
        let sql = describe::about(asked, self.shared);
        self.open_command(asked.number, &sql);
        if self.trace.options.format == Format::Text {
            let name = describe::name(asked.code);
            let sql = self.hidden(&sql);
            let time = self.time(now);
            text::started(&mut self.out, self.style, &time, about, name, &sql);
            self.hold(asked.number);
        }
    }

    /// The command, which a packet of it may have come before.
    pub(super) fn open_command(&mut self, number: u64, sql: &[u8]) {
        if self.open.iter().any(|open| open.number == number) {
            return;
        }
        self.open.push_back(Open {
            number,
            secret: !self.trace.options.show_secrets && redact::is_secret(sql),
            columns: Vec::new(),
            held: String::new(),
            cut: false,
        });
    }

    pub(super) fn completed(
        &mut self,
        answer: &Answer,
        about: &About,
        now: SystemTime,
        timing: Timing,
    ) {
        if self.trace.options.level < 1 {
            return;
        }
        let asked = &answer.asked;
        let sql = describe::about(asked, self.shared);
        let secrets = if self.trace.options.show_secrets {
            Secrets::default()
        } else {
            Secrets::of(&sql)
        };
        let parameters = self.parameters(asked, &secrets);
        let hidden = without(&sql, &secrets);
        let record = Record {
            about,
            answer,
            command: describe::name(asked.code),
            sql: &hidden,
            timing,
            parameters: &parameters,
            secret: !secrets.is_empty(),
        };
        let wanted = self.is_wanted(&record);
        let place = self
            .open
            .iter()
            .position(|open| open.number == asked.number);
        if let Some(open) = place.and_then(|place| self.open.remove(place))
            && wanted
        {
            self.out.push_str(&open.held);
        }
        if wanted {
            let time = self.time(now);
            match self.trace.options.format {
                Format::Json => json::command(&mut self.out, &time, &record),
                _ => text::command(&mut self.out, self.style, &time, &record),
            }
        }
    }

    pub(super) fn is_wanted(&self, record: &Record<'_>) -> bool {
        let filter = self.trace.options.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(record))
    }

    fn parameters(&self, asked: &Asked, secrets: &Secrets) -> Vec<Shown> {
        let Some(executed) = &asked.executed else {
            return Vec::new();
        };
        if asked.code != CommandCode::STMT_EXECUTE {
            return Vec::new();
        }
        let Ok(parameters) = executed.parameters(&asked.payload, self.shared) else {
            return Vec::new();
        };
        if secrets.parameters {
            return vec![Shown::Hidden; parameters.len()];
        }
        parameters.iter().map(values::parameter).collect()
    }

    /// Text without its passwords.
    fn hidden(&self, sql: &Bytes) -> Bytes {
        if self.trace.options.show_secrets {
            return sql.clone();
        }
        without(sql, &Secrets::of(sql))
    }
}

/// A statement with `'…'` where its passwords are.
pub(super) fn without(sql: &Bytes, secrets: &Secrets) -> Bytes {
    if secrets.ranges.is_empty() {
        return sql.clone();
    }
    let (mut shown, mut from) = (Vec::new(), 0);
    for range in &secrets.ranges {
        shown.extend_from_slice(sql.get(from..range.start).unwrap_or_default());
        shown.extend_from_slice(text::HIDDEN.as_bytes());
        from = range.end;
    }
    shown.extend_from_slice(sql.get(from..).unwrap_or_default());
    shown.into()
}
