use mynah_classic::command::CommandCode;
use mynah_net::TlsServer;
use mynah_session::observe::{self, Answer, CommandKind, Outcome};
use mynah_sql::{Reading, Tokens};
use mynah_x::ClientMessageType;

use crate::subscribe::{Event, Seen, Subscriber};

/// Reloads the proxy's certificates when a client has its server do so (`ALTER INSTANCE RELOAD TLS`): that client
/// means the server that it sees, which is the proxy.
#[derive(Clone, Debug)]
pub(crate) struct TlsReload(pub(crate) TlsServer);

impl Subscriber for TlsReload {
    fn on_event(&mut self, seen: Seen<'_>) {
        if let Event::Observed(observe::Event::Completed(answer)) = seen.event
            && answer.outcome == Outcome::Done
        {
            self.follow_answer(answer);
        }
    }
}

impl TlsReload {
    fn follow_answer(&self, answer: &Answer) {
        let runs = matches!(
            answer.command.kind,
            CommandKind::Classic(CommandCode::QUERY | CommandCode::STMT_EXECUTE)
                | CommandKind::X(ClientMessageType::SQL_STMT_EXECUTE)
        );
        if let Some(sql) = answer.command.sql().filter(|_| runs) {
            self.follow(&sql);
        }
    }

    /// Called when a server has succeeded with this statement.
    fn follow(&self, statement: &[u8]) {
        if !reloads_tls(statement) {
            return;
        }
        match self.0.reload() {
            Ok(()) => log::info!("a server has reloaded TLS, and so has the proxy"),
            Err(error) => {
                log::warn!("a server has reloaded TLS, and the proxy goes on as before: {error}");
            }
        }
    }
}

/// Whether a statement is `ALTER INSTANCE RELOAD TLS` for the main channel (not for the administrators' one).
fn reloads_tls(statement: &[u8]) -> bool {
    let mut words = Tokens::new(statement, Reading::default())
        .map(|token| statement.get(token.range).unwrap_or_default());
    let mut is_next = |text: &str| {
        words
            .next()
            .is_some_and(|word| word.eq_ignore_ascii_case(text.as_bytes()))
    };
    if !["ALTER", "INSTANCE", "RELOAD", "TLS"]
        .into_iter()
        .all(&mut is_next)
    {
        return false;
    }
    match words.next() {
        Some(word) if word.eq_ignore_ascii_case(b"FOR") => words
            .nth(1)
            .is_some_and(|channel| channel.eq_ignore_ascii_case(b"mysql_main")),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_reload_tls_are_known() {
        for yes in [
            "ALTER INSTANCE RELOAD TLS",
            " alter\tinstance\nreload  tls ; ",
            "/* by the operator */ ALTER INSTANCE /**/ RELOAD TLS;",
            "-- now\nALTER INSTANCE RELOAD TLS",
            "alter instance reload tls no rollback on error",
            "ALTER INSTANCE RELOAD TLS FOR CHANNEL mysql_main",
        ] {
            assert!(reloads_tls(yes.as_bytes()), "{yes}");
        }
        for no in [
            "",
            "alter",
            "ALTER INSTANCE RELOAD KEYRING",
            "ALTER INSTANCE RELOAD TLS FOR CHANNEL mysql_admin",
            "select 'ALTER INSTANCE RELOAD TLS'",
            "ALTER TABLE tls RENAME TO other",
        ] {
            assert!(!reloads_tls(no.as_bytes()), "{no}");
        }
    }
}
