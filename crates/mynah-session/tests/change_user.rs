//! COM_CHANGE_USER on the server's side: a login like the first, with a fresh nonce.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mynah_auth::{LongNonce, Nonce, caching_sha2_password, native_password};
use mynah_classic::Capabilities;
use mynah_classic::command::ComChangeUser;
use mynah_classic::connection::AuthSwitchRequest;
use mynah_classic::response::OkPacket;
use mynah_session::classic::server::{Action, Event, Server};
use mynah_session::{Account, Answer, Failure, Login, Question};
use mynah_wire::Message;
use support::Step::{In, Out, Sends};
use support::{NONCE, SHARED, error, packet, play, sends, server};

const FRESH: &[u8; 32] = b"FRESHfreshFRESHfreshFRESHfreshFR";

fn logged_in(capabilities: Capabilities) -> Server {
    let server = support::logged_in(server(), None, capabilities);
    assert_eq!(server.login_version(), 1);
    server
}

fn change(capabilities: Capabilities, response: &[u8]) -> Event {
    let change = ComChangeUser {
        user: "eve".into(),
        auth_response: response.to_vec().into(),
        ..ComChangeUser::default()
    };
    packet(0, change.to_payload(capabilities).unwrap())
}

fn eve() -> Login {
    eve_with(SHARED)
}

/// Of a client with these capabilities.
fn eve_with(capabilities: Capabilities) -> Login {
    Login {
        username: "eve".into(),
        capabilities,
        max_packet_size: 1 << 24,
        ..Login::default()
    }
}

fn account() -> Account {
    Account {
        username: Some("eve".into()),
        password: Some("secret".into()),
        ..Account::default()
    }
}

fn nonce() -> Event {
    Event::from(Answer::Nonce(LongNonce::from_bytes(FRESH)))
}

fn switch(method: &'static str) -> AuthSwitchRequest {
    AuthSwitchRequest {
        plugin_name: method.into(),
        plugin_provided_data: [&FRESH[..20], b"\0"].concat().into(),
    }
}

#[test]
fn the_password_is_asked_for_with_a_fresh_nonce() {
    let right = caching_sha2_password::response(b"secret", &Nonce::from_bytes(FRESH));
    let mut server = logged_in(SHARED);
    play(
        &mut server,
        [
            // Made with the nonce of the greeting, which has been used.
            In(change(SHARED, b"whatever")),
            Out(Action::Ask(Question::Nonce)),
            In(nonce()),
            Out(Action::Ask(Question::Account(eve().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account()))))),
            sends(1, &switch("caching_sha2_password"), ()),
            In(packet(2, right)),
            Sends(vec![
                (3, b"\x01\x03"[..].into()),
                (4, OkPacket::default().to_payload(SHARED).unwrap()),
            ]),
            In(packet(0, &b"\x0e"[..])),
            sends(1, &OkPacket::default(), SHARED),
        ],
    );
    assert_eq!(server.login(), Some(&eve()));
    assert_eq!(server.login_version(), 2);
}

#[test]
fn a_wrong_password_ends_the_session() {
    let denied = error(1045, b"28000", "Access Denied for user 'eve'@'localhost'");
    let mut server = logged_in(SHARED);
    play(
        &mut server,
        [
            In(change(SHARED, b"")),
            Out(Action::Ask(Question::Nonce)),
            In(nonce()),
            Out(Action::Ask(Question::Account(eve().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(account()))))),
            sends(1, &switch("caching_sha2_password"), ()),
            In(packet(2, vec![7; 32])),
            sends(3, &denied, SHARED),
            Out(Action::Close),
        ],
    );
    assert_eq!(server.login(), None);
}

#[test]
fn the_method_of_the_account_is_asked_for() {
    let native = Account {
        auth_method_name: Some("mysql_native_password".into()),
        ..account()
    };
    let right = native_password::response(b"secret", &Nonce::from_bytes(FRESH));
    play(
        &mut logged_in(SHARED),
        [
            In(change(SHARED, b"")),
            Out(Action::Ask(Question::Nonce)),
            In(nonce()),
            Out(Action::Ask(Question::Account(eve().into()))),
            In(Event::from(Answer::Account(Ok(Box::new(native))))),
            sends(1, &switch("mysql_native_password"), ()),
            In(packet(2, right)),
            sends(3, &OkPacket::default(), SHARED),
        ],
    );
}

#[test]
fn a_client_from_before_method_names_answers_the_greeting_again() {
    let before_names = SHARED - Capabilities::PLUGIN_AUTH;
    let right = native_password::response(b"secret", &Nonce::from_bytes(NONCE));
    play(
        &mut logged_in(before_names),
        [
            In(change(before_names, &right)),
            Out(Action::Ask(Question::Nonce)),
            In(nonce()),
            Out(Action::Ask(Question::Account(
                eve_with(before_names).into(),
            ))),
            In(Event::from(Answer::Account(Ok(Box::new(account()))))),
            sends(1, &OkPacket::default(), before_names),
        ],
    );
}

#[test]
fn a_handler_that_will_not_have_the_user_ends_the_session() {
    let failure = Failure::general(1040, "Too many connections");
    play(
        &mut logged_in(SHARED),
        [
            In(change(SHARED, b"")),
            Out(Action::Ask(Question::Nonce)),
            In(nonce()),
            Out(Action::Ask(Question::Account(eve().into()))),
            In(Event::from(Answer::Account(Err(failure)))),
            sends(1, &error(1040, b"HY000", "Too many connections"), SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn a_user_without_its_nul_is_refused_and_the_session_continues() {
    let refused = error(1064, b"HY000", "change-user: missing nul-terminator");
    play(
        &mut logged_in(SHARED),
        [
            In(packet(0, &b"\x11eve"[..])),
            sends(1, &refused, SHARED),
            In(packet(0, &b"\x11"[..])),
            sends(1, &refused, SHARED),
            In(packet(0, &b"\x0e"[..])),
            sends(1, &OkPacket::default(), SHARED),
        ],
    );
}
