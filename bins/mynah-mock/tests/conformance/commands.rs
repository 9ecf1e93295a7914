//! Section 11: commands of the classic protocol.

use crate::harness::{Answer, Client, Login, Mock, Refusal, err, js, ok};

const ECHO: &str = "({ stmts: function(stmt) { return { ok: { message: stmt } }; } })";

#[test]
fn a_query_is_answered_by_the_script() {
    let said = js(ECHO).play(|mock| mock.answers(&["select 1", "", "select\n2;"]));
    let said: Vec<String> = said.into_iter().map(Answer::message).collect();
    assert_eq!(said, ["select 1", "", "select\n2;"]);
}

#[test]
fn ping_and_reset_connection_are_ok() {
    let said = js(ECHO).play(|mock| {
        let mut client = mock.login();
        [
            client.command(b"\x0e"),
            client.command(b"\x1f"),
            client.query("on"),
        ]
    });
    assert_eq!(said[..2], [ok().into(), ok().into()]);
    assert_eq!(said[2].clone().message(), "on");
}

#[test]
fn quit_ends_the_connection_without_an_answer() {
    let answer = js(ECHO).play(|mock| mock.login().command(b"\x01"));
    assert_eq!(answer, Answer::Closed);
}

/// Sends COM_CHANGE_USER, and completes the login.
fn change_user(client: &mut Client, login: &Login, method: &str) -> Result<(), Refusal> {
    let mut payload = b"\x11".to_vec();
    payload.extend(login.user.as_bytes());
    // An empty authentication response, and no schema.
    payload.extend(b"\0\0\0");
    payload.extend(b"\x2d\0");
    payload.extend(method.as_bytes());
    payload.push(0);
    client.start_command(&payload);
    client.finish_login(login).map(|_| ())
}

#[test]
fn change_user_is_ok_where_every_user_may_log_in() {
    for method in [
        "caching_sha2_password",
        "mysql_native_password",
        "mysql_clear_password",
    ] {
        let message = js(ECHO).play(|mock| {
            let mut client = mock.login();
            change_user(&mut client, &Login::user("bert", "x"), method).expect("an OK");
            client.query("on").message()
        });
        assert_eq!(message, "on", "{method}");
    }
}

#[test]
fn change_user_is_checked_as_a_login_is() {
    let trace = js(
        "({ handshake: { auth: { username: 'ada', password: 'secret' } },
        stmts: function(stmt) { return { ok: { message: stmt } }; } })",
    );
    let logged_in = |mock: &Mock| mock.login_as(&Login::user("ada", "secret"));
    let results = trace.play(|mock| {
        [("ada", "secret"), ("ada", "guess"), ("bert", "secret")].map(|(user, password)| {
            let mut client = logged_in(mock);
            change_user(
                &mut client,
                &Login::user(user, password),
                "caching_sha2_password",
            )?;
            Ok(client.query("on").message())
        })
    });
    let denied = |user| {
        Err(err(
            1045,
            "28000",
            &format!("Access Denied for user '{user}'@'localhost'"),
        ))
    };
    assert_eq!(
        results,
        [Ok("on".to_owned()), denied("ada"), denied("bert")]
    );
}

#[test]
fn change_user_without_its_nul_is_an_error() {
    let refusal = js(ECHO).play(|mock| mock.login().command(b"\x11ada").refusal());
    assert_eq!(
        refusal,
        err(1064, "HY000", "change-user: missing nul-terminator")
    );
}

#[test]
fn other_commands_are_unsupported_and_the_connection_stays() {
    // Only the first byte of each matters.
    let commands: &[&[u8]] = &[b"\x05zoo", b"\x06zoo", b"\x63", b"\xfe"];
    let said = js(ECHO).play(|mock| {
        let mut client = mock.login();
        let pairs = commands
            .iter()
            .map(|command| (client.command(command), client.query("on")));
        pairs.collect::<Vec<_>>()
    });
    for ((answer, next), command) in said.into_iter().zip(commands) {
        let message = format!("Unsupported command: {}", command[0]);
        assert_eq!(answer, err(1064, "HY000", &message).into(), "{command:?}");
        assert_eq!(next.message(), "on", "after {command:?}");
    }
}

#[test]
fn commands_without_an_answer_get_none() {
    let message = js(ECHO).play(|mock| {
        let mut client = mock.login();
        client.start_command(b"\x19\x01\0\0\0");
        client.start_command(b"\x18\x01\0\0\0\0\0data");
        client.query("on").message()
    });
    assert_eq!(message, "on");
}

#[test]
fn an_unexpected_sequence_id_ends_the_connection() {
    let packets = js(ECHO).play(|mock| {
        let mut client = mock.login();
        client.write(b"\x02\0\0\x05\x03x");
        (client.packet(), client.packet())
    });
    let (refusal, end) = (Refusal::read(&packets.0.unwrap().1), packets.1);
    assert_eq!((refusal.code, end), (1156, None));
}

#[test]
fn a_statement_of_16_mib_and_more_arrives_complete() {
    let trace = js("({ stmts: function(stmt) {
        return { ok: { message: stmt.length + stmt.slice(-3) } }; } })");
    let sizes = [0xff_fffe_usize, 0xff_ffff, 0x100_0000];
    let said = trace.play(|mock| {
        let mut client = mock.login();
        sizes.map(|size| {
            let command = [b"\x03", vec![b'x'; size - 3].as_slice(), b"end"].concat();
            client.start_long_command(&command);
            let (_, payload) = client.packet().unwrap();
            String::from_utf8_lossy(&payload[8..]).into_owned()
        })
    });
    assert_eq!(said, sizes.map(|size| format!("{size}end")));
}

#[test]
fn a_schema_of_the_login_is_accepted() {
    let login = Login {
        schema: Some("zoo".to_owned()),
        ..Login::default()
    };
    let message = js(ECHO).play(|mock| mock.login_as(&login).query("on").message());
    assert_eq!(message, "on");
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let said = js(ECHO).play(|mock| {
        let mut client = mock.login();
        client.write(b"\x02\0\0\0\x03a\x01\0\0\0\x0e\x02\0\0\0\x03b");
        [client.answer(), client.answer(), client.answer()].map(Answer::message)
    });
    assert_eq!(said, ["a", "", "b"]);
}
