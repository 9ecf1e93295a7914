use std::time::Duration;

use mynah_filter::Value;
use mynah_session::observe::{Outcome, Timing};

use super::field::Field;
use super::upcoming::Upcoming;
use crate::trace::Record;

impl mynah_filter::Record<Field> for Record<'_> {
    fn value(&self, field: Field) -> Value<'_> {
        let answer = self.answer;
        let error = match &answer.outcome {
            Outcome::Failed(error) => Some(error),
            _ => None,
        };
        match field {
            Field::Command
            | Field::Sql
            | Field::Kind
            | Field::Table
            | Field::Effect
            | Field::Sets
            | Field::Digest
            | Field::User
            | Field::Schema
            | Field::Client
            | Field::Listener
            | Field::Server
            | Field::Connection => {
                let upcoming = Upcoming {
                    about: self.about,
                    command: self.command,
                    sql: self.sql,
                    statement: self.statement,
                };
                upcoming.known(field)
            }
            Field::State => {
                let state = error.and_then(|error| error.sql_state.as_ref());
                Value::Text(state.map_or(b"", |state| &state.0))
            }
            Field::Error => Value::Number(error.map_or(0, |error| error.code.into())),
            Field::Rows => Value::Number(answer.rows),
            Field::Affected => Value::Number(answer.affected_rows),
            Field::Warnings => Value::Number(answer.warnings.into()),
            Field::Sent => Value::Number(answer.sent),
            Field::Received => Value::Number(answer.received),
            Field::Bytes => Value::Number(answer.sent + answer.received),
            Field::Latency => self.time(|timing| timing.latency),
            Field::Waited => self.time(|timing| timing.waited),
            Field::FirstByte => self.time(|timing| timing.first_byte),
        }
    }
}

impl Record<'_> {
    /// A time in microseconds; no value for commands without an answer.
    fn time(&self, of: impl FnOnce(Timing) -> Duration) -> Value<'static> {
        self.timing().map_or(Value::Absent, |timing| {
            let micros = of(timing).as_micros();
            Value::Number(u64::try_from(micros).unwrap_or(u64::MAX))
        })
    }
}
