//! What must not be shown of commands.

use std::sync::Arc;

use mynah_session::observe::Asked;
use mynah_session::sql::Secrets;

use super::connection::ConnectionTrace;
use super::redact::{Rules, of_cut};

impl ConnectionTrace {
    /// What the trace hides.
    pub(super) fn rules(&self) -> Rules<'_> {
        let options = &self.trace.options;
        Rules {
            hides: !options.show_secrets,
            own: &options.redact,
        }
    }

    /// The secrets of a command: looked for once, and kept with a statement that is prepared.
    pub(super) fn secrets(&self, asked: &Asked) -> Arc<Secrets> {
        let rules = self.rules();
        if !rules.hides {
            return Arc::default();
        }
        if let Some(executed) = &asked.executed {
            return executed.secrets(|sql, settings| rules.secrets(sql, settings));
        }
        Arc::new(match asked.sql(self.shared) {
            Some(sql) => {
                let secrets = rules.secrets(&sql, &asked.settings);
                match asked.is_cut() {
                    true => of_cut(&sql, &secrets),
                    false => secrets,
                }
            }
            None => Secrets::default(),
        })
    }
}
