use mynah_expect::statement_text;
use mynah_recording::{Entry, Protocol, Text};
use mynah_session::observe::CommandKind;

use super::params;
use crate::trace::CommandText;

/// What a command says of itself: its text and its query attributes.
pub(super) fn entry(text: &CommandText, protocol: Protocol) -> Entry {
    let attributes = text.given.attributes.iter();
    let attributes = attributes.map(|(name, value)| {
        let name = String::from_utf8_lossy(name).into_owned();
        (name, params::of_shown(value))
    });
    Entry {
        stmt: Text(statement_text(&text.sql).into_owned()),
        protocol,
        attributes: attributes.collect(),
        ..Entry::default()
    }
}

/// An entry of a command that is about the session, by the command's name.
pub(super) fn of_session(entry: Entry, kind: CommandKind) -> Entry {
    Entry {
        command: Some(kind.name().to_ascii_lowercase()),
        ..entry
    }
}
