//! Commands, as they start and as they are completed.

use std::sync::Arc;
use std::time::SystemTime;

use mynah_session::observe::{Answer, Asked, Executed, Outcome};
use mynah_session::sql::Secrets;

use super::characters::in_utf8;
use super::connection::ConnectionTrace;
use super::describe;
use super::given::given;
use super::open_command::OpenCommand;
use super::record::{About, Record};
use super::redact::{shows_warnings, without};
use crate::timing::Timing;

impl ConnectionTrace {
    pub(super) fn started(&mut self, asked: &Asked, about: &About, now: SystemTime) {
        if self.is_recording() {
            self.open_command(asked);
            return;
        }
        if self.trace.options.level < 2 {
            return;
        }
        let secrets = self.open_command(asked);
        let name = describe::name(asked.code);
        let sql = without(&describe::about(asked, self.shared), &secrets);
        let (sql, _) = in_utf8(&sql, character_set(asked));
        let mut is_told = false;
        self.write(about, now, |format, line| {
            is_told = format.started(line, name, &sql);
        });
        if is_told {
            self.last_told = Some(asked.number);
            self.hold(asked.number);
        }
    }

    /// The command, which a packet of it may have come before.
    pub(super) fn open_command(&mut self, asked: &Asked) -> Arc<Secrets> {
        let secrets = self.secrets(asked);
        let sql = asked.sql(self.shared).unwrap_or_default();
        let shows_warnings = shows_warnings(&sql);
        self.open.push_back(OpenCommand {
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
    pub(super) fn close_command(&mut self, answer: &Answer) -> Option<OpenCommand> {
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
        if self.is_recording() {
            self.close_command(answer);
            return;
        }
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
        let given = given(asked, self.shared, &secrets, self.rules());
        let (hidden, foreign) = in_utf8(&without(&sql, &secrets), character_set(asked));
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
            self.lines.out.push_str(&open.held);
        }
        if wanted {
            self.write(about, now, |format, line| format.command(line, &record));
        }
    }
}

/// That of the statement.
fn character_set(asked: &Asked) -> Option<&'static str> {
    let executed = asked.executed.as_ref().map(Executed::settings);
    executed.unwrap_or(asked.settings).character_set
}
