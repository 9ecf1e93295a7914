//! Clients that say what no client says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use bytes::BytesMut;
use mynah_x::ClientMessage;
use mynah_x::datatypes::{Any, Array, Object, Scalar};
use mynah_x::sql::StmtExecute;
use support::{front, json_trace};

/// What a client sends before it has logged in is traced in every form and level, and the next client is
/// served.
fn is_traced(said: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    for level in [1, 4] {
        let path = folder.path().join(format!("level-{level}"));
        // A server that waits, as those of the X Protocol may.
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port();
        let front = front(port, |options| {
            options.trace = Some(json_trace(&path, level));
        });
        for _ in 0..2 {
            let mut client = front.client();
            client.write_all(said).unwrap();
            let (mut upstream, _) = server.accept().unwrap();
            assert_eq!(support::read(&mut upstream, said.len())[..], *said);
            drop(upstream);
            let _reset = client.write(b"x");
            drop(client);
        }
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let trace = std::fs::read_to_string(&path).unwrap();
        assert_eq!(trace.matches("\"event\":\"command\"").count(), 2, "{trace}");
    }
}

#[test]
fn values_that_their_type_does_not_name_are_null() {
    let any = b"\x12\x08\x08\x01\x12\x04\x08\x02\x08\x02";
    let execute = [&b"\x08\x01"[..], any].concat();
    let open = [&b"\x08\x01\x22\x10\x08\x00\x12\x0c"[..], &execute].concat();
    for (kind, payload) in [
        (12, [&b"\x0a\x01s"[..], any].concat()),
        (41, execute),
        (43, open),
    ] {
        let len = u32::try_from(payload.len() + 1).unwrap().to_le_bytes();
        is_traced(&[&len[..], &[kind], &payload].concat());
    }
}

#[test]
fn values_may_be_nested_as_deep_as_they_can_be_decoded() {
    for (objects, depth) in [(true, 32), (false, 48), (true, 1000)] {
        let mut value: Any = Scalar::uint(1).into();
        for _ in 0..depth {
            value = match objects {
                true => [("a", value)].into_iter().collect::<Object>().into(),
                false => [value].into_iter().collect::<Array>().into(),
            };
        }
        let mut wire = BytesMut::new();
        let statement = StmtExecute {
            stmt: "x".into(),
            args: vec![value],
            ..StmtExecute::default()
        };
        ClientMessage::from(statement).put(&mut wire);
        is_traced(&wire);
    }
}
