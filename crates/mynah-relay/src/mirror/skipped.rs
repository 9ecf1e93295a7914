//! Commands that the second server doesn't get.

use mynah_classic::command::CommandCode;
use mynah_expect::Statement;
use mynah_session::observe::{Answer, CommandKind, Outcome};
use mynah_x::ClientMessageType;

/// Why the second server doesn't get a command that the first one has answered; `None` if it gets it.
pub(super) fn skipped(answer: &Answer) -> Option<&'static str> {
    if matches!(answer.outcome, Outcome::CutOff | Outcome::Undecodable(_)) {
        return Some("the first server's answer is incomplete");
    }
    let command = &answer.command;
    match command.kind {
        CommandKind::Classic(CommandCode::PROCESS_KILL) => Some(KILL),
        CommandKind::Classic(
            CommandCode::SHUTDOWN | CommandCode::DEBUG | CommandCode::TABLE_DUMP,
        ) => Some(OF_THE_SERVER),
        CommandKind::Classic(
            CommandCode::BINLOG_DUMP
            | CommandCode::BINLOG_DUMP_GTID
            | CommandCode::REGISTER_SLAVE
            | CommandCode::CLONE
            | CommandCode::SUBSCRIBE_GROUP_REPLICATION_STREAM,
        ) => Some("replication isn't mirrored"),
        CommandKind::Classic(CommandCode::CHANGE_USER) if answer.error().is_some() => {
            Some("the first server refused COM_CHANGE_USER")
        }
        CommandKind::Classic(CommandCode::STMT_EXECUTE | CommandCode::STMT_FETCH) => None,
        CommandKind::X(ClientMessageType::SQL_STMT_EXECUTE) if is_kill_client(answer) => Some(KILL),
        _ => of_text(&command.sql()?),
    }
}

/// Whether it is the X Plugin's `kill_client`.
fn is_kill_client(answer: &Answer) -> bool {
    use mynah_x::Message as _;
    let execute = mynah_x::sql::StmtExecute::from_payload(&answer.command.payload);
    execute.is_ok_and(|execute| {
        matches!(execute.namespace_or_default(), "mysqlx" | "xplugin")
            && &execute.stmt[..] == b"kill_client"
    })
}

/// Looks at each statement of a text.
fn of_text(text: &[u8]) -> Option<&'static str> {
    let words = WORDS.iter().map(|(word, _)| word.as_bytes());
    let is_there = |word: &[u8]| {
        let mut windows = text.windows(word.len());
        windows.any(|window| window.eq_ignore_ascii_case(word))
    };
    // Most texts need no closer look.
    if !words.into_iter().any(is_there) {
        return None;
    }
    let text = String::from_utf8_lossy(text);
    let statement = Statement::new(&text);
    let mut is_first = true;
    for word in statement.digest().split_whitespace() {
        let found = WORDS.iter().find(|(name, _)| is_first && *name == word);
        if let Some((_, reason)) = found {
            return Some(reason);
        }
        is_first = word == ";";
    }
    None
}

const KILL: &str = "KILL isn't mirrored: connections have other ids on the second server";

const OF_THE_SERVER: &str = "commands to stop or debug a server aren't mirrored";

/// First words of statements, and why these aren't mirrored.
const WORDS: [(&str, &str); 3] = [
    ("KILL", KILL),
    ("SHUTDOWN", OF_THE_SERVER),
    ("RESTART", OF_THE_SERVER),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_is_found_wherever_a_statement_begins() {
        for (text, is_skipped) in [
            ("KILL 5", true),
            ("/* x */ kill query 5", true),
            ("select 1; kill 5", true),
            ("shutdown", true),
            ("restart", true),
            ("select kill from skills", false),
            ("select 'x; kill 5'", false),
            ("call shutdown()", false),
        ] {
            assert_eq!(of_text(text.as_bytes()).is_some(), is_skipped, "{text}");
        }
    }
}
