//! Bytes behind messages of the X Protocol: what a real server makes of them, this one does.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use mynah_classic::resultset::ColumnDefinition41;
use mynah_session::{Completion, Outcome, Reply, ResultSet, RowsBuilder, Statement};
use mynah_testkit::{Fixture, fixtures_folder};
use mynah_x::{Frame, ServerMessage};
use x_support::{Talk, options};

/// The end of an answer.
#[derive(Debug, PartialEq)]
enum Answer {
    Accepted,
    /// An Error with its number and severity.
    Refused(u32, i32),
    /// None.
    Closed,
}

impl Answer {
    fn of(messages: &[ServerMessage]) -> Self {
        match messages.last() {
            None => Self::Closed,
            Some(ServerMessage::Error(error)) => {
                let severity = error.severity.unwrap_or_default();
                Self::Refused(error.code, severity)
            }
            Some(_) => Self::Accepted,
        }
    }
}

/// Two rows to a SELECT.
fn rows(statement: &Statement) -> Option<Reply> {
    let is_select = statement.text.starts_with(b"SELECT");
    let mut rows = RowsBuilder::default();
    for _ in 0..2 {
        rows.cell(Some(b"1"));
        rows.end_row();
    }
    let result = ResultSet {
        columns: [ColumnDefinition41::default()].into(),
        rows: rows.finish(),
        end: Completion::default(),
        is_out_parameters: false,
    };
    is_select.then(|| Outcome::Rows(result).into())
}

/// The client's messages, each with what it was answered.
fn exchanges(fixture: &Fixture) -> Vec<(Frame, Vec<ServerMessage>)> {
    let read = |answer: &Frame| ServerMessage::from_frame(answer).unwrap();
    let all = x_support::exchanges(fixture).into_iter();
    all.map(|(asked, answers)| (asked, answers.iter().map(read).collect()))
        .collect()
}

#[test]
fn bytes_behind_a_message_are_taken_or_refused_as_by_the_server() {
    let folder = fixtures_folder("x").join("mysql-9.7");
    let (mut count, mut different) = (0, Vec::new());
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if !name.starts_with("behind-") {
            continue;
        }
        count += 1;
        let mut talk = Talk::new(options()).answering(rows);
        let (mut wanted, mut found) = (Answer::Closed, Answer::Closed);
        for (said, answers) in exchanges(&Fixture::read(&path).unwrap()) {
            wanted = Answer::of(&answers);
            found = Answer::of(&talk.send(said));
        }
        if wanted != found {
            different.push(format!("{name}: {wanted:?}, here {found:?}"));
        }
    }
    assert!(count >= 108, "{count}");
    assert!(different.is_empty(), "{different:#?}");
}
