//! Commands, as they start and as they are completed.

use std::sync::Arc;
use std::time::SystemTime;

use mynah_classic::command::CommandCode;
use mynah_session::observe::{Answer, Asked, Executed, Outcome};
use mynah_session::sql::Secrets;

use super::connection::ConnectionTrace;
use super::record::{About, Record, Shown};
use super::redact::{Column, without};
use super::{Format, describe, json, text, values};
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
        let parameters = self.parameters(asked, &secrets);
        let hidden = without(&sql, &secrets);
        let record = Record {
            about,
            answer,
            command: describe::name(asked.code),
            sql: &hidden,
            timing,
            parameters: &parameters,
            secret: !secrets.is_empty()
                || parameters.contains(&Shown::Hidden)
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
        let rules = self.rules();
        let shown = parameters.iter().map(values::parameter);
        shown.map(|shown| rules.shown(shown)).collect()
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
