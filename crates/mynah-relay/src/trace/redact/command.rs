use std::sync::Arc;

use bytes::Bytes;
use mynah_session::observe::Asked;
use mynah_session::sql::Secrets;

use super::Rules;
use crate::trace::connection::ConnectionTrace;
use crate::trace::text;

impl ConnectionTrace {
    /// What the trace hides.
    pub(in crate::trace) fn rules(&self) -> Rules<'_> {
        let options = &self.trace.options;
        Rules {
            hides: !options.show_secrets,
            own: &options.redact,
        }
    }

    /// The secrets of a command: looked for once, and kept with a statement that is prepared.
    pub(in crate::trace) fn secrets(&self, asked: &Asked) -> Arc<Secrets> {
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

/// Of the rest nothing is known, but that the server may quote it.
pub(super) fn of_cut(sql: &[u8], secrets: &Secrets) -> Secrets {
    match secrets.is_empty() {
        true => Secrets {
            answer: true,
            ..Secrets::default()
        },
        false => Secrets::all(sql),
    }
}

/// A statement without its secrets.
pub(in crate::trace) fn without(sql: &Bytes, secrets: &Secrets) -> Bytes {
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
