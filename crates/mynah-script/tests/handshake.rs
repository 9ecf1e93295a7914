//! The greeting of a connection, and the accounts that may log in: `handshake`.

mod common;

use std::time::Duration;

use common::{ask, error_parts, ok, with_both, with_session};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_session::{
    Account, Certificate, Failure, FullAuthentication, Greeting, Handler, Login, PublicKey,
};

/// A trace with this handshake, and a script with the same.
fn json(handshake: &str) -> String {
    format!(r#"{{"stmts": [{{"ok": {{}}}}], "handshake": {handshake}}}"#)
}

#[test]
fn without_a_handshake_all_clients_may_log_in() {
    for trace in [r#"{"stmts": []}"#, r#"{"stmts": [], "handshake": {}}"#] {
        with_both(trace, |name, session| {
            assert_eq!(session.greeting(), Ok(Greeting::default()), "{name}");
            assert_eq!(
                session.login(&Login::default()),
                Ok(Account::default()),
                "{name}"
            );
        });
    }
}

#[test]
fn a_greeting_has_every_key() {
    let trace = json(
        r#"{"greeting": {"exec_time": 0.5, "server_version": "5.7.1-x", "connection_id": 4294967295,
        "status_flags": 2, "character_set": 255, "capabilities": 4294967295,
        "auth_method": "mysql_native_password", "nonce": "abcdefghijklmnopqrst", "other": 1}}"#,
    );
    let want = Greeting {
        exec_time: Duration::from_micros(500),
        server_version: Some("5.7.1-x".into()),
        connection_id: Some(u32::MAX),
        status_flags: StatusFlags::AUTOCOMMIT,
        character_set: 255,
        capabilities: Some(Capabilities::from_halves(u32::MAX, 0)),
        more_capabilities: Capabilities::empty(),
        auth_method: Some("mysql_native_password".into()),
        nonce: Some("abcdefghijklmnopqrst".into()),
        fault: None,
    };
    with_both(&trace, |name, session| {
        assert_eq!(session.greeting(), Ok(want.clone()), "{name}");
    });
}

#[test]
fn capabilities_may_be_named_that_are_offered_besides_the_others() {
    let trace = json(r#"{"greeting": {"capabilities": ["compress", "QUERY_ATTRIBUTES"]}}"#);
    with_both(&trace, |name, session| {
        let greeting = session.greeting().unwrap();
        assert_eq!(greeting.capabilities, None, "{name}");
        let more = Capabilities::COMPRESS | Capabilities::QUERY_ATTRIBUTES;
        assert_eq!(greeting.more_capabilities, more, "{name}");
    });
    let trace = json(r#"{"greeting": {"capabilities": ["compressed"]}}"#);
    with_both(&trace, |name, session| {
        let failure = session.greeting().unwrap_err();
        let (_, _, why) = error_parts(&failure);
        assert_eq!(
            why, "handshake.greeting.capabilities: unknown capability 'compressed'",
            "{name}"
        );
    });
}

#[test]
fn a_nonce_is_made_twenty_bytes_long() {
    let cases = [
        (
            "as it must be",
            "abcdefghijklmnopqrst",
            "abcdefghijklmnopqrst",
        ),
        (
            "with its NUL",
            "abcdefghijklmnopqrst\\u0000",
            "abcdefghijklmnopqrst",
        ),
        ("short", "abcdefgh", "abcdefgh000000000000"),
        ("long", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrst"),
    ];
    for (case, nonce, want) in cases {
        let trace = json(&format!(r#"{{"greeting": {{"nonce": "{nonce}"}}}}"#));
        with_both(&trace, |name, session| {
            let nonce = session.greeting().unwrap().nonce.unwrap();
            assert_eq!(nonce, want, "{name} {case}");
        });
    }
}

#[test]
fn an_account_has_every_key() {
    let trace = json(
        r#"{"auth": {"username": "u", "password": "p", "auth_method_name": "mysql_clear_password",
        "certificate": {"issuer": "/CN=i", "subject": "/CN=s"}, "full": "first",
        "public_key": "wrong", "error": {"code": 1226, "message": "enough"}}}"#,
    );
    let want = Account {
        stored_password: None,
        username: Some("u".into()),
        password: Some("p".into()),
        auth_method_name: Some("mysql_clear_password".into()),
        certificate: Some(Certificate {
            issuer: Some("/CN=i".into()),
            subject: Some("/CN=s".into()),
        }),
        full: FullAuthentication::First,
        public_key: PublicKey::Wrong,
        error: Some(Failure::general(1226, "enough")),
        fault: None,
    };
    with_both(&trace, |name, session| {
        session.greeting().unwrap();
        assert_eq!(session.login(&Login::default()), Ok(want.clone()), "{name}");
    });
    with_both(
        &json(r#"{"auth": {"certificate": {}}}"#),
        |name, session| {
            let account = session.login(&Login::default()).unwrap();
            assert_eq!(account.certificate, Some(Certificate::default()), "{name}");
        },
    );
}

#[test]
fn each_of_several_accounts_is_for_the_client_of_its_name() {
    let trace = json(
        r#"{"auth": [{"username": "u", "password": "p"}, {"username": "v", "password": "q"},
            {"password": "any"}]}"#,
    );
    let login = |username: &'static str| Login {
        username: username.into(),
        ..Login::default()
    };
    with_both(&trace, |name, session| {
        for (username, want) in [("v", "q"), ("u", "p"), ("w", "any"), ("", "any")] {
            let account = session.login(&login(username)).unwrap();
            assert_eq!(account.password.as_deref(), Some(want.as_bytes()), "{name}");
        }
    });
    let trace = json(r#"{"auth": [{"username": "u"}, {"username": "v"}]}"#);
    with_both(&trace, |name, session| {
        let account = session.login(&login("w")).unwrap();
        assert_ne!(account.username.as_deref(), Some(&b"w"[..]), "{name}");
        assert!(account.username.is_some(), "{name}");
    });
    let trace = json(r#"{"auth": [5]}"#);
    with_both(&trace, |name, session| {
        assert_eq!(session.login(&login("u")).unwrap_err().code, 2013, "{name}");
    });
}

#[test]
fn a_handshake_function_gets_the_client_that_logs_in() {
    let script = "({stmts: [], handshake: function (is_greeting, client) {
        if (is_greeting) return {};
        return {error: {code: 1, message: JSON.stringify(client)}};
    }})";
    with_session("t.js", script, |session| {
        session.greeting().unwrap();
        let login = Login {
            username: "ada".into(),
            schema: Some("zoo".into()),
            collation: 8,
            capabilities: Capabilities::PROTOCOL_41 | Capabilities::SESSION_TRACK,
            peer: Some("192.0.2.7:4000".parse().unwrap()),
            ..Login::default()
        };
        let refusal = session.login(&login).unwrap_err().message;
        assert_eq!(
            refusal,
            r#"{"user":"ada","schema":"zoo","collation":"latin1_swedish_ci","peer_address":"192.0.2.7:4000","capabilities":["protocol_41","session_track"],"connection_attributes":{},"connection_id":1}"#
        );
        let without_name = session.login(&Login::default()).unwrap_err().message;
        assert_eq!(
            without_name,
            r#"{"user":"","schema":null,"collation":null,"peer_address":"localhost","capabilities":[],"connection_attributes":{},"connection_id":1}"#
        );
    });
}

#[test]
fn an_error_stands_in_place_of_the_greeting() {
    let trace = json(r#"{"error": {"code": 1040, "message": "full", "sql_state": "08004"}}"#);
    with_both(&trace, |name, session| {
        let failure = error_parts(&session.greeting().unwrap_err());
        assert_eq!(
            failure,
            (1040, "08004".to_owned(), "full".to_owned()),
            "{name}"
        );
    });
}

#[test]
fn a_handshake_function_is_called_twice() {
    let script = "({stmts: function () { return {ok: {message: calls.join()}}; },
        handshake: function (is_greeting) {
            calls.push(is_greeting);
            if (is_greeting) return {greeting: {server_version: '1'}};
            return {error: {code: 1045, message: 'no', sql_state: '28000'}};
        }});";
    with_session("t.js", &format!("var calls = [];\n{script}"), |session| {
        assert_eq!(session.greeting().unwrap().server_version, Some("1".into()));
        let failure = error_parts(&session.login(&Login::default()).unwrap_err());
        assert_eq!(failure, (1045, "28000".to_owned(), "no".to_owned()));
        assert_eq!(ok(ask(session, "x")).message, "true,false");
    });
}

#[test]
fn a_handshake_function_may_return_nothing() {
    let script = "({stmts: [], handshake: function () {}})";
    with_session("t.js", script, |session| {
        assert_eq!(session.greeting(), Ok(Greeting::default()));
        assert_eq!(session.login(&Login::default()), Ok(Account::default()));
    });
}

#[test]
fn a_handshake_function_that_is_wrong_says_how() {
    let cases = [
        (
            "'x'",
            (2013, "handshake-function must return an object, if set"),
        ),
        (
            "null",
            (2013, "handshake-function must return an object, if set"),
        ),
        ("{auth: 5}", (2013, "Invalid argument")),
        (
            "{greeting: 5}",
            (
                1064,
                "handshake.greeting must be an object, if set. Is number, primitive",
            ),
        ),
        ("(function () { throw 'thrown'; })()", (1064, "thrown")),
    ];
    for (returned, (code, message)) in cases {
        let script = format!("({{stmts: [], handshake: function () {{ return {returned}; }}}})");
        with_session("t.js", &script, |session| {
            let failure = error_parts(&session.greeting().unwrap_err());
            assert_eq!(
                (failure.0, failure.2.as_str()),
                (code, message),
                "{returned}"
            );
            assert_eq!(failure.1, "HY000", "{returned}");
        });
    }
}

#[test]
fn a_handshake_that_is_wrong_says_how() {
    let cases = [
        (
            r#""x""#,
            1064,
            "handshake must be an object, if set. Is primitive, string",
        ),
        (
            "null",
            1064,
            "handshake must be an object, if set. Is null, primitive",
        ),
        (
            r#"{"greeting": "x"}"#,
            1064,
            "handshake.greeting must be an object, if set. Is primitive, string",
        ),
        (
            r#"{"greeting": {"exec_time": "1"}}"#,
            1064,
            "exec_time must be a number, if set. Is primitive, string",
        ),
        (
            r#"{"greeting": {"exec_time": -1}}"#,
            1064,
            "exec_time must be a non-negative number",
        ),
        (
            r#"{"greeting": {"character_set": 256}}"#,
            1064,
            "value out-of-range for field \"character_set\"",
        ),
        (
            r#"{"greeting": {"connection_id": "1"}}"#,
            1064,
            "wrong type for field \"connection_id\", expected unsigned number",
        ),
        (
            r#"{"greeting": {"nonce": "short"}}"#,
            1064,
            "handshake.greeting.nonce must be 8 bytes or more, is 5",
        ),
        (
            r#"{"greeting": {"nonce": "ééé"}}"#,
            1064,
            "handshake.greeting.nonce must be 8 bytes or more, is 6",
        ),
        (
            r#"{"error": {}}"#,
            1064,
            "Wrong statements document structure: missing field \"code\"",
        ),
        (r#"{"auth": 1}"#, 2013, "Invalid argument"),
        (r#"{"auth": null}"#, 2013, "Invalid argument"),
        (
            r#"{"auth": []}"#,
            1064,
            "handshake.auth needs one account at least; without auth, any user may log in",
        ),
        (r#"{"auth": {"username": 1}}"#, 2013, "Invalid argument"),
        (r#"{"auth": {"password": null}}"#, 2013, "Invalid argument"),
        (
            r#"{"auth": {"auth_method_name": []}}"#,
            2013,
            "Invalid argument",
        ),
        (r#"{"auth": {"full": true}}"#, 2013, "Invalid argument"),
        (r#"{"auth": {"error": "no"}}"#, 2013, "Invalid argument"),
        (
            r#"{"auth": {"error": {"code": 1}}}"#,
            1064,
            "Wrong statements document structure: missing field \"message\"",
        ),
        (
            r#"{"auth": {"full": "frist"}}"#,
            1064,
            "auth.full must be one of first, always, if set. Is 'frist'",
        ),
        (
            r#"{"auth": {"public_key": "frist"}}"#,
            1064,
            "auth.public_key must be one of wrong, broken, refused, if set. Is 'frist'",
        ),
        (
            r#"{"auth": {"certificate": "x"}}"#,
            2013,
            "Invalid argument",
        ),
        (
            r#"{"auth": {"certificate": {"issuer": 1}}}"#,
            2013,
            "Invalid argument",
        ),
        (
            r#"{"auth": {"certificate": {"subject": 1}}}"#,
            2013,
            "Invalid argument",
        ),
    ];
    for (handshake, code, message) in cases {
        with_both(&json(handshake), |name, session| {
            let failure = error_parts(&session.greeting().unwrap_err());
            let want = (code, "HY000".to_owned(), message.to_owned());
            assert_eq!(failure, want, "{name} {handshake}");
        });
    }
}
