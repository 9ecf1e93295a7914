use bytes::Bytes;
use mynah_session::observe::Observer;

use super::{StatementFacts, Wants, messages};
use crate::gate::GateCommand;
use crate::trace::Rules;

/// The facts of the statement of a command that isn't forwarded yet; `None` if there is none, or if what was prepared
/// over the X Protocol is no SQL.
pub(crate) fn of_upcoming(
    command: &GateCommand<'_>,
    observer: &Observer,
    rules: Rules<'_>,
    wants: Wants,
) -> Option<StatementFacts> {
    if let Some(id) = command.prepared_id() {
        let settings = match observer.prepared(id) {
            Some(executed) if executed.statement().is_cut => return Some(StatementFacts::default()),
            Some(executed) => executed.settings(),
            None => observer.settings(),
        };
        let sql = observer.prepared_sql(id)?;
        return Some(StatementFacts::of(&sql, &settings, rules, wants));
    }
    let Some(sql) = command.statement() else {
        let facts = messages::of_message(&command.x_message()?)?;
        return Some(facts.without_hidden(rules));
    };
    Some(match command.is_whole() {
        true => {
            let sql = Bytes::copy_from_slice(sql);
            StatementFacts::of(&sql, &observer.settings(), rules, wants)
        }
        false => StatementFacts::default(),
    })
}
