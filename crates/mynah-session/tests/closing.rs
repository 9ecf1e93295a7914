//! With which error a session has closed its connection, and whether that refused the client or ended it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;
mod x_support;

use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::x::server::{BadFrame, Event as XEvent, Server as XServer};
use mynah_session::{Answer, Failure, Kill, Outcome, Question};
use support::{SHARED, greet, logged_in, packet, server};
use x_support::{Talk, options};

/// The number of each error: of the one that refused the client, and of the one that ended the connection.
type Codes = (Option<u16>, Option<u16>);

fn codes(server: &Server) -> Codes {
    let code = |failure: Option<&Failure>| failure.map(|failure| failure.code);
    (code(server.refusal()), code(server.ended_with()))
}

fn x_codes(server: &XServer) -> Codes {
    let code = |failure: Option<&Failure>| failure.map(|failure| failure.code);
    (code(server.refusal()), code(server.ended_with()))
}

#[test]
fn a_client_that_is_logged_in_is_ended_and_not_refused() {
    for (event, x_event, code) in [
        (Event::ShutDown, XEvent::ShutDown, 1053),
        (Event::IdleTooLong, XEvent::IdleTooLong, 4031),
    ] {
        let mut server = logged_in(server(), None, SHARED);
        assert_eq!(codes(&server), (None, None));
        server.handle(event).unwrap();
        assert_eq!(codes(&server), (None, Some(code)));
        let mut talk = Talk::logged_in();
        talk.give(x_event);
        assert_eq!(x_codes(&talk.server), (None, Some(code)));
    }
}

#[test]
fn a_client_that_kills_its_own_connection_is_ended() {
    let kill = || Outcome::Kill(Kill::connection(7)).into();
    let mut server = logged_in(server(), None, SHARED);
    server.handle(packet(0, "\x03kill")).unwrap();
    let asked = server.poll_action();
    assert!(matches!(asked, Some(Action::Ask(Question::Statement(_)))));
    let answer = Answer::Reply(Box::new(kill()));
    server.handle(Event::from(answer)).unwrap();
    assert_eq!(codes(&server), (None, Some(1317)));
    let mut talk = Talk::logged_in();
    talk.replies.push_back(kill());
    talk.sql("kill");
    assert_eq!(x_codes(&talk.server), (None, Some(1317)));
}

#[test]
fn what_is_no_frame_refuses_a_client_before_its_login_and_ends_it_behind() {
    let mut before = Talk::new(options());
    before.send_bad(BadFrame::Empty);
    assert_eq!(x_codes(&before.server), (Some(5000), None));
    let mut behind = Talk::logged_in();
    behind.send_bad(BadFrame::Empty);
    assert_eq!(x_codes(&behind.server), (None, Some(5000)));
}

#[test]
fn a_login_that_is_denied_refuses_the_client() {
    let mut server = server();
    greet(&mut server);
    let response = support::response(SHARED, "caching_sha2_password", b"");
    server.handle(response).unwrap();
    let denied = Failure::access_denied("LOGIN");
    server
        .handle(Event::from(Answer::Account(Err(denied))))
        .unwrap();
    assert_eq!(codes(&server), (Some(1227), None));
}

#[test]
fn an_error_of_the_protocol_is_neither() {
    let mut server = logged_in(server(), None, SHARED);
    server.handle(packet(7, "\x0e")).unwrap_err();
    assert_eq!(codes(&server), (None, None));
}
