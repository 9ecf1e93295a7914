//! Commands, as they start and as they are completed.

use std::sync::Arc;
use std::time::SystemTime;

use mynah_classic::tables::Product;
use mynah_session::observe::{Answer, Asked, Executed, Outcome};
use mynah_session::sql::Secrets;

use super::characters::in_utf8;
use super::connection::ConnectionTrace;
use super::record::{About, Record};
use super::redact::{Column, without};
use super::{Format, describe, json, text};
use crate::timing::Timing;

/// A command that has begun.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) number: u64,
    pub(super) secrets: Arc<Secrets>,
    /// How long its statement is.
    pub(super) len: usize,
    /// Whether the server tells of statements before, one of which was about a password.
    pub(super) hides_rows: bool,
    /// Whether a parameter is hidden for what it says.
    pub(super) hides_parameters: bool,
    pub(super) executed: Option<Executed>,
    /// Whose numbers of collations columns have.
    pub(super) product: Product,
    pub(super) columns: Vec<Column>,
    /// Its lines, as long as it isn't known whether they are wanted.
    pub(super) held: String,
    pub(super) cut: bool,
}

impl ConnectionTrace {
    pub(super) fn started(&mut self, asked: &Asked, about: &About, now: SystemTime) {
        if self.trace.options.level < 2 {
            return;
        }
        let secrets = self.open_command(asked);
        if self.trace.options.format == Format::Text {
            let name = describe::name(asked.code);
            let sql = without(&describe::about(asked, self.shared), &secrets);
            let (sql, _) = in_utf8(&sql, self.character_set(asked));
            let time = self.time(now);
            text::started(&mut self.out, self.style, &time, about, name, &sql);
            self.last_told = Some(asked.number);
            self.hold(asked.number);
        }
    }

    /// The command, which a packet of it may have come before.
    pub(super) fn open_command(&mut self, asked: &Asked) -> Arc<Secrets> {
        let secrets = self.secrets(asked);
        let sql = asked.sql(self.shared).unwrap_or_default();
        let shows_warnings = shows_warnings(&sql);
        self.open.push_back(Open {
            number: asked.number,
            secrets: Arc::clone(&secrets),
            len: sql.len(),
            hides_rows: shows_warnings && self.warnings_are_secret,
            hides_parameters: false,
            executed: asked.executed.clone(),
            product: asked.settings.server.product(),
            columns: Vec::new(),
            held: String::new(),
            cut: false,
        });
        self.warnings_are_secret |= !secrets.is_empty();
        secrets
    }

    /// The command is done; its warnings take the place of those before.
    pub(super) fn close_command(&mut self, answer: &Answer) -> Option<Open> {
        let number = answer.asked.number;
        let place = self.open.iter().position(|open| open.number == number);
        let open = place.and_then(|place| self.open.remove(place))?;
        let warns = answer.warnings > 0 || matches!(answer.outcome, Outcome::Failed(_));
        self.warnings_are_secret |= open.hides_parameters;
        if warns
            && !open.hides_parameters
            && open.secrets.is_empty()
            && !open.hides_rows
            && self.open.is_empty()
        {
            self.warnings_are_secret = false;
        }
        Some(open)
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
        let open = self.close_command(answer);
        let sql = describe::about(asked, self.shared);
        let secrets = match &open {
            Some(open) => Arc::clone(&open.secrets),
            None => self.secrets(asked),
        };
        let given = self.given(asked, &secrets);
        let (hidden, foreign) = in_utf8(&without(&sql, &secrets), self.character_set(asked));
        let record = Record {
            about,
            answer,
            command: describe::name(asked.code),
            sql: &hidden,
            timing,
            foreign,
            given: &given,
            secret: !secrets.is_empty()
                || given.has_hidden()
                || self.rules().match_error(&answer.outcome),
            is_told: self.last_told == Some(asked.number),
        };
        let wanted = self.is_wanted(&record);
        if let Some(open) = open
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

    /// That of the statement.
    fn character_set(&self, asked: &Asked) -> Option<&'static str> {
        let executed = asked.executed.as_ref().map(Executed::settings);
        executed.unwrap_or(asked.settings).character_set
    }

    pub(super) fn is_wanted(&self, record: &Record<'_>) -> bool {
        let filter = self.trace.options.filter.as_ref();
        filter.is_none_or(|filter| filter.holds(record))
    }
}

/// Whether a statement asks for warnings or errors of the one before.
pub(super) fn shows_warnings(sql: &[u8]) -> bool {
    let sql = sql.get(..LONGEST_SHOW).unwrap_or(sql).to_ascii_lowercase();
    let has = |word: &[u8]| sql.windows(word.len()).any(|window| window == word);
    has(b"show") && (has(b"warnings") || has(b"errors"))
}

/// How far a SHOW WARNINGS is looked for.
const LONGEST_SHOW: usize = 1024;
