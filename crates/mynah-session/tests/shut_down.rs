//! The errors that clients get when the server ends.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah_classic::Capabilities;
use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::{Answer, LocalInfile, Outcome, Question, Reply};
use support::Step::{In, Out};
use support::{SHARED, error, greet, packet, play, sends, server};

fn logged_in() -> Server {
    support::logged_in(server(), None, SHARED | Capabilities::LOCAL_FILES)
}

fn asked(text: &str) -> Server {
    let mut server = logged_in();
    server.handle(packet(0, format!("\x03{text}"))).unwrap();
    assert!(matches!(
        server.poll_action(),
        Some(Action::Ask(Question::Statement(_)))
    ));
    server
}

/// How it ends for a client that has room for an error of this number.
fn ends_with_error(server: &mut Server, sequence_id: u8) {
    let shut_down = error(1053, b"08S01", "Server shutdown in progress");
    play(
        server,
        [
            In(Event::ShutDown),
            sends(sequence_id, &shut_down, SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn an_idle_client_gets_the_error_unasked() {
    ends_with_error(&mut logged_in(), 0);
}

#[test]
fn a_client_that_waits_for_its_answer_gets_the_error_as_the_answer() {
    ends_with_error(&mut asked("select 1"), 1);
}

#[test]
fn a_client_that_has_not_logged_in_gets_no_error() {
    let mut server = server();
    greet(&mut server);
    play(&mut server, [In(Event::ShutDown), Out(Action::Close)]);
}

#[test]
fn a_client_that_sends_a_file_gets_no_error() {
    let mut server = asked("load data");
    let file = LocalInfile {
        filename: "birds.csv".into(),
        limit: 1,
    };
    let reply = Reply::from(Outcome::LocalInfile(file));
    server
        .handle(Event::from(Answer::Reply(Box::new(reply))))
        .unwrap();
    server.output().clear();
    play(&mut server, [In(Event::ShutDown), Out(Action::Close)]);
}
