use std::sync::Arc;

use mynah_session::observe::Command;
use mynah_session::sql::Secrets;

use crate::trace::redact::{Rules, of_cut};

/// The secrets of a command: looked for once, and kept with a statement that is prepared.
pub(super) fn secrets(command: &Command, rules: Rules<'_>) -> Arc<Secrets> {
    if !rules.hides {
        return Arc::default();
    }
    if let Some(executed) = &command.executed {
        return executed.secrets(|sql, settings| rules.secrets(sql, settings));
    }
    Arc::new(match command.sql() {
        Some(sql) => {
            let secrets = rules.secrets(&sql, &command.settings);
            match command.is_cut() {
                true => of_cut(&sql, &secrets),
                false => secrets,
            }
        }
        None => Secrets::default(),
    })
}
