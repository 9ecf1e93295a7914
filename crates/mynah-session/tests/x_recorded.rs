//! What a real server answered is what this one answers, byte for byte where that depends on the
//! protocol alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use bytes::BytesMut;
use mynah_classic::response::SqlState;
use mynah_session::{Account, Failure, Outcome, Reply, Statement};
use mynah_testkit::{Fixture, fixtures_folder};
use mynah_x::session::AuthenticateContinue;
use mynah_x::{Frame, ServerMessage};
use x_support::{Talk, options};

/// The client's messages, each with the server's answers to it.
fn exchanges(name: &str) -> Vec<(Frame, Vec<Frame>)> {
    let file = fixtures_folder("x")
        .join("mysql-9.7")
        .join(format!("{name}.hex"));
    x_support::exchanges(&Fixture::read(file).unwrap())
}

/// What the server said to statements, where this one's handler has to say it.
fn answer(statement: &Statement) -> Option<Reply> {
    let near = |what: &str| {
        format!(
            "You have an error in your SQL syntax; check the manual that corresponds to your MySQL \
             server version for the right syntax to use near '{what}' at line 1"
        )
    };
    let (code, message) = match &statement.text[..] {
        b"nonsense" => (1064, near("nonsense")),
        b"SELECT ?" => (1064, near("?")),
        b"" => (1065, "Query was empty".to_owned()),
        _ => return None,
    };
    let sql_state = SqlState(*b"42000");
    let message = message.into();
    Some(
        Outcome::Error(Failure {
            code,
            sql_state,
            message,
        })
        .into(),
    )
}

/// Repeats what the client said, and compares all that is answered; rows and what goes with them are
/// left out on both sides.
fn replay(name: &str, account: Account) {
    let mut talk = Talk::new(options()).answering(answer);
    talk.account = account;
    for (said, answered) in exchanges(name) {
        let mut found = Vec::new();
        for message in talk.send(said.clone()) {
            let mut w = BytesMut::new();
            message.put(&mut w);
            found.push((message.name(), w.split_off(5).freeze()));
        }
        let mut wanted = Vec::new();
        for frame in answered {
            let message = ServerMessage::from_frame(&frame).unwrap();
            // The client came from elsewhere, whose name is as long.
            let mut payload = frame.payload.to_vec();
            let from = payload.windows(11).position(|text| text == b"'127.0.0.1'");
            if let Some(at) = from {
                payload[at..at + 11].copy_from_slice(b"'localhost'");
            }
            wanted.push((message.name(), payload.into()));
        }
        for list in [&mut found, &mut wanted] {
            list.retain(|(name, _)| !name.starts_with("Mysqlx.Resultset"));
        }
        let names =
            |list: &[(&'static str, _)]| -> Vec<_> { list.iter().map(|(name, _)| *name).collect() };
        assert_eq!(names(&found), names(&wanted), "{name}: {said:?}: {found:?}");
        for ((name, found), (_, wanted)) in found.iter().zip(&wanted) {
            // A nonce is another each time, and so is the number of a connection.
            let may_differ = ["Mysqlx.Session.AuthenticateContinue", "Mysqlx.Notice.Frame"];
            if !may_differ.contains(name) {
                assert_eq!(found, wanted, "{name}: {said:?}");
            }
        }
    }
}

#[test]
fn refusals_of_capabilities_are_those_of_the_server() {
    let mut exchanges = exchanges("capabilities-refused").into_iter();
    let mut talk = Talk::new(options());
    for (said, answered) in exchanges.by_ref() {
        let mut w = BytesMut::new();
        for message in talk.send(said.clone()) {
            message.put(&mut w);
        }
        assert_eq!(w[5..], answered[0].payload, "{said:?}");
    }
    assert!(talk.closed);
}

#[test]
fn logins_are_refused_as_by_the_server() {
    let other = Account {
        password: Some("another".into()),
        ..Account::default()
    };
    replay("login-refused", other);
    replay("login-mechanism", Account::default());
    replay("too-early", Account::default());
    replay("unreadable", Account::default());
}

#[test]
fn blocks_with_expectations_end_as_with_the_server() {
    replay("expectations", Account::default());
}

#[test]
fn messages_that_fail_fail_as_with_the_server() {
    for (said, answered) in exchanges("failures") {
        // This one's handler decides about placeholders, and says nothing of arguments too many.
        let skipped = [&b"\x0a\x08SELECT 1\x12"[..], b"\x0a\x08SELECT ?"];
        if answered.is_empty() || skipped.iter().any(|start| said.payload.starts_with(start)) {
            continue;
        }
        let mut talk = Talk::logged_in().answering(answer);
        let mut w = BytesMut::new();
        if said.message_type < 12 && said.message_type != 1 {
            continue;
        }
        for message in talk.send(said.clone()) {
            message.put(&mut w);
        }
        assert_eq!(w[5..], answered[0].payload, "{said:?}");
    }
}

#[test]
fn sessions_begin_anew_as_with_the_server() {
    replay("session-close", Account::default());
    replay("pipelined", Account::default());
}

#[test]
fn capabilities_are_those_of_the_server_and_one_mechanism_more() {
    let exchanges = exchanges("capabilities");
    let mut talk = Talk::new(options());
    let (get, answered) = &exchanges[0];
    let [ServerMessage::Capabilities(found)] = &talk.send(get.clone())[..] else {
        panic!("no capabilities");
    };
    let ServerMessage::Capabilities(wanted) = ServerMessage::from_frame(&answered[0]).unwrap()
    else {
        panic!("no capabilities");
    };
    let names = found.capabilities.iter().map(|capability| &capability.name);
    assert!(
        names.eq(wanted
            .capabilities
            .iter()
            .map(|capability| &capability.name))
    );
    for (found, wanted) in found.capabilities.iter().zip(&wanted.capabilities) {
        if found.name != "authentication.mechanisms" {
            assert_eq!(found, wanted);
        }
    }
    for (said, answered) in &exchanges[1..] {
        let mut w = BytesMut::new();
        for message in talk.send(said.clone()) {
            message.put(&mut w);
        }
        assert_eq!(w[5..], answered[0].payload, "{said:?}");
    }
}

#[test]
fn every_nonce_is_as_long_as_clients_insist_on() {
    let said = Talk::new(options()).say(mynah_x::session::AuthenticateStart {
        mech_name: "SHA256_MEMORY".to_owned(),
        ..Default::default()
    });
    let [ServerMessage::AuthenticateContinue(AuthenticateContinue { auth_data })] = &said[..]
    else {
        panic!("{said:?}");
    };
    assert_eq!(auth_data.len(), 20);
}
