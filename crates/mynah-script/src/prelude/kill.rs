//! `KILL n`, `KILL QUERY n`.

use mynah_session::Kill;

use super::expression::{Parser, evaluate};
use super::facts::Facts;
use super::tokens::Slice;
use super::value::Value;

/// The connection that a KILL ends, or whose running statement it ends. `None` for other statements.
pub(super) fn kill(statement: Slice<'_>, facts: &Facts) -> Option<Kill> {
    let mut rest = statement.after("kill")?;
    if facts.is_mariadb() {
        rest = rest.after_any(&["hard", "soft"]);
    }
    let only_statement = rest.is(0, "query");
    let id = Parser::whole(rest.after_any(&["query", "connection"]))?;
    let Ok(Value::Integer(id)) = evaluate(&id, facts, &()).map(|id| id.value) else {
        return None;
    };
    // As in MySQL 9.7, a number beyond 32 bits is one that no connection has.
    Some(Kill {
        connection_id: u32::try_from(id).unwrap_or(u32::MAX),
        only_statement,
    })
}
