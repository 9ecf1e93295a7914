//! Section 3: the greeting.

use std::time::{Duration, Instant};

use crate::harness::{Greeting, Login, Refusal, err, js, json};
use crate::life_cycle::refused;

/// The greeting of a trace with these keys of `handshake.greeting`.
fn greeting(keys: &str) -> Greeting {
    let handshake = format!("handshake: {{ greeting: {{ {keys} }} }}");
    let from_object = js(&format!("({{ stmts: [], {handshake} }})")).play(greeted);
    let function = format!(
        "({{ stmts: [], handshake: function() {{ return {{ {handshake} }}.handshake; }} }})"
    );
    assert_eq!(
        js(&function).play(greeted),
        from_object,
        "function and object"
    );
    from_object
}

/// A greeting without its random parts.
fn greeted(mock: &crate::harness::Mock) -> Greeting {
    let greeting = mock.greeting().expect("a greeting");
    assert_eq!(greeting.nonce.len(), 20);
    Greeting {
        nonce: Vec::new(),
        ..greeting
    }
}

/// The error in place of the greeting, with the handshake as an object and as a function.
fn refused_with(handshake: &str) -> (u16, String) {
    let Refusal { code, message, .. } =
        refused(&js(&format!("({{ stmts: [], handshake: {handshake} }})")));
    let function = format!("({{ stmts: [], handshake: function() {{ return {handshake}; }} }})");
    let from_function = refused(&js(&function));
    assert_eq!(
        (from_function.code, &from_function.message),
        (code, &message),
        "{handshake}"
    );
    (code, message)
}

#[test]
fn the_defaults_of_a_greeting() {
    let defaults = greeting("");
    let version = defaults
        .server_version
        .strip_suffix("-mock")
        .expect("a mock's version");
    let numbers: Vec<u32> = version
        .split('.')
        .map(|number| number.parse().unwrap())
        .collect();
    assert_eq!(numbers.len(), 3, "{version}");
    assert_eq!(defaults.connection_id, 1);
    assert_eq!(defaults.status_flags, 0);
    assert_eq!(defaults.character_set, 0);
    assert_eq!(defaults.auth_method, "caching_sha2_password");
    assert_eq!(
        defaults.capabilities, 0x01fe_a2df,
        "{:#x}",
        defaults.capabilities
    );
}

#[test]
fn a_json_trace_greets_the_same_way() {
    let trace = json(
        r#"{ "stmts": [], "handshake": { "greeting": {
        "server_version": "5.6.4", "connection_id": 7 } } }"#,
    );
    let from_json = trace.play(greeted);
    assert_eq!(
        from_json,
        greeting("server_version: '5.6.4', connection_id: 7")
    );
}

#[test]
fn the_bytes_of_a_greeting() {
    let trace = js("({ stmts: [], handshake: { greeting: {
        server_version: '8.0.5', connection_id: 0x01020304, status_flags: 0x0506,
        character_set: 0x07, auth_method: 'mysql_native_password',
        nonce: 'abcdefghijklmnopqrst' } } })");
    let packet = trace.play(|mock| mock.client().packet().unwrap());
    let expected = [
        &b"\x0a8.0.5\0\x04\x03\x02\x01abcdefgh\0\xdf\xa2\x07\x06\x05\xfe\x01\x15"[..],
        &[0; 10],
        b"ijklmnopqrst\0mysql_native_password\0",
    ];
    assert_eq!(packet, (0, expected.concat()));
}

#[test]
fn the_server_version_and_the_method_are_the_trace_s() {
    let greeting = greeting("server_version: 'ä 1', auth_method: 'some_password'");
    assert_eq!(greeting.server_version, "ä 1");
    assert_eq!(greeting.auth_method, "some_password");
}

#[test]
fn integers_of_a_greeting_go_up_to_their_widths() {
    let least = greeting("connection_id: 0, status_flags: 0, character_set: 0");
    assert_eq!(
        (least.connection_id, least.status_flags, least.character_set),
        (0, 0, 0)
    );
    let most = greeting("connection_id: 4294967295, status_flags: 65535, character_set: 255");
    let found = (most.connection_id, most.status_flags, most.character_set);
    assert_eq!(found, (u32::MAX, u16::MAX, u8::MAX));
}

#[test]
fn capabilities_are_the_trace_s() {
    assert_eq!(greeting("capabilities: 0x8a200").capabilities, 0x0008_a200);
    assert_eq!(
        greeting("capabilities: 0x1fea2df").capabilities,
        0x01fe_a2df
    );
}

#[test]
fn wrong_integers_of_a_greeting_are_sent_as_errors() {
    for (field, high) in [
        ("connection_id", "4294967296"),
        ("status_flags", "65536"),
        ("character_set", "256"),
        ("capabilities", "4294967296"),
    ] {
        for value in ["-1", high, "Infinity"] {
            let found = refused_with(&format!("{{ greeting: {{ {field}: {value} }} }}"));
            let message = format!("value out-of-range for field \"{field}\"");
            assert_eq!(found, (1064, message), "{field}: {value}");
        }
        for value in ["'1'", "null", "{}", "true"] {
            let found = refused_with(&format!("{{ greeting: {{ {field}: {value} }} }}"));
            let message = format!("wrong type for field \"{field}\", expected unsigned number");
            assert_eq!(found, (1064, message), "{field}: {value}");
        }
    }
}

#[test]
fn strings_of_a_greeting_of_another_type_are_sent_as_errors() {
    for field in ["server_version", "auth_method", "nonce"] {
        for value in ["5", "null", "{}"] {
            let (code, message) = refused_with(&format!("{{ greeting: {{ {field}: {value} }} }}"));
            assert_eq!(code, 1064, "{field}: {value}: {message}");
            assert!(message.contains(field), "{field}: {value}: {message}");
        }
    }
}

#[test]
fn a_greeting_is_an_object() {
    for (value, types) in [
        ("'x'", "primitive, string"),
        ("5", "number, primitive"),
        ("null", "null, primitive"),
        ("true", "boolean, primitive"),
    ] {
        let found = refused_with(&format!("{{ greeting: {value} }}"));
        let message = format!("handshake.greeting must be an object, if set. Is {types}");
        assert_eq!(found, (1064, message), "{value}");
    }
}

#[test]
fn the_time_of_a_greeting_is_a_number_and_not_negative() {
    for (value, types) in [
        ("'1'", "primitive, string"),
        ("null", "null, primitive"),
        ("{}", "object"),
    ] {
        let found = refused_with(&format!("{{ greeting: {{ exec_time: {value} }} }}"));
        let message = format!("exec_time must be a number, if set. Is {types}");
        assert_eq!(found, (1064, message), "{value}");
    }
    for value in ["-1", "-0.001", "-Infinity"] {
        let found = refused_with(&format!("{{ greeting: {{ exec_time: {value} }} }}"));
        let message = "exec_time must be a non-negative number".to_owned();
        assert_eq!(found, (1064, message), "{value}");
    }
}

#[test]
fn a_greeting_is_delayed_by_its_exec_time() {
    for text in [
        "({ stmts: [], handshake: { greeting: { exec_time: 20.5 } } })",
        "({ stmts: [], handshake: function() { return { greeting: { exec_time: 20.5 } }; } })",
    ] {
        js(text).play(|mock| {
            let began = Instant::now();
            mock.greeting().expect("a greeting");
            assert!(began.elapsed() >= Duration::from_micros(20_500), "{text}");
        });
    }
}

#[test]
fn a_delayed_greeting_does_not_delay_others() {
    let trace = js("var late = mysqld.global.late;
        if (late) mysqld.global.waiting = true;
        ({ handshake: { greeting: { exec_time: late ? 3600000 : 0 } },
           stmts: function(stmt) {
             if (stmt === 'late') mysqld.global.late = true;
             if (stmt === 'in time') mysqld.global.late = false;
             return { ok: { message: String(mysqld.global.waiting) } };
           } })");
    trace.play(|mock| {
        let mut other = mock.login();
        other.query("late").done();
        let waiting = mock.client();
        while other.query("is it waiting").message() != "true" {}
        other.query("in time").done();
        for _ in 0..4 {
            mock.greeting().expect("others are greeted");
        }
        assert!(!waiting.stream.has_input());
    });
}

#[test]
fn connection_ids_count_up_from_1_unless_the_trace_sets_one() {
    let ids =
        js("({ stmts: [] })").play(|mock| [(); 3].map(|()| mock.greeting().unwrap().connection_id));
    assert_eq!(ids, [1, 2, 3]);
    let ids = js("({ stmts: [], handshake: { greeting: { connection_id: 42 } } })")
        .play(|mock| [(); 2].map(|()| mock.greeting().unwrap().connection_id));
    assert_eq!(ids, [42, 42]);
}

#[test]
fn a_nonce_is_random_for_each_connection_unless_the_trace_sets_one() {
    js("({ stmts: [] })").play(|mock| {
        let nonces = [(); 3].map(|()| mock.greeting().unwrap().nonce);
        assert_ne!(nonces[0], nonces[1]);
        assert_ne!(nonces[1], nonces[2]);
        for nonce in nonces {
            assert!(!nonce.contains(&0), "{nonce:?}");
        }
    });
    for nonce in ["01234567890123456789", "01234567890123456789\\0"] {
        let trace = js(&format!(
            "({{ stmts: [], handshake: {{ greeting: {{ nonce: '{nonce}' }} }} }})"
        ));
        let found = trace.play(|mock| mock.greeting().unwrap().nonce_text());
        assert_eq!(found, "01234567890123456789");
    }
}

#[test]
fn a_password_is_checked_against_the_nonce_of_the_trace() {
    let trace = js("({ stmts: [], handshake: {
        greeting: { auth_method: 'mysql_native_password', nonce: '01234567890123456789' },
        auth: { username: 'ada', password: 'secret' } } })");
    let steps = trace.play(|mock| {
        let login = Login::user("ada", "secret");
        let mut client = mock.client();
        let greeting = client.greeting().unwrap();
        client
            .logged_in(&login, &greeting)
            .expect("the login succeeds")
            .1
    });
    assert!(steps.is_empty(), "not switched: {steps:?}");
}

#[test]
fn a_nonce_that_is_too_short_is_padded_or_refused() {
    let trace = js("({ stmts: [], handshake: { greeting: { nonce: '1234567' } } })");
    let refusal = trace.play(|mock| mock.greeting().map(|greeting| greeting.nonce.len()));
    match refusal {
        Ok(len) => assert_eq!(len, 20),
        Err(refusal) => assert!(refusal.message.contains("nonce"), "{refusal:?}"),
    }
}

#[test]
fn an_error_in_place_of_the_greeting_has_no_state() {
    for handshake in [
        "{ error: { code: 1040, sql_state: '08004', message: 'Too many connections' } }",
        "function(is_greeting) {
           return is_greeting ? { error: { code: 1040, message: 'Too many connections' } } : {};
         }",
        "{ greeting: 5, error: { code: 1040, message: 'Too many connections' } }",
    ] {
        let refusal = refused(&js(&format!("({{ stmts: [], handshake: {handshake} }})")));
        let found = (refusal.code, &refusal.message[..]);
        assert_eq!(found, (1040, "Too many connections"), "{handshake}");
    }
}

#[test]
fn the_bytes_of_an_error_in_place_of_the_greeting() {
    let trace = js("({ stmts: [], handshake: {
        error: { code: 1040, sql_state: '08004', message: 'Full' } } })");
    let packets = trace.play(|mock| {
        let mut client = mock.client();
        (client.packet(), client.packet())
    });
    assert_eq!(packets, (Some((0, b"\xff\x10\x04Full".to_vec())), None));
}

#[test]
fn an_error_of_the_second_call_refuses_the_login_with_its_state() {
    let trace = js("({ stmts: [], handshake: function(is_greeting) {
        return is_greeting ? {} : { error: { code: 1129, sql_state: 'HY123', message: 'No' } };
    } })");
    let refusal = trace.play(|mock| mock.attempt(&Login::default()).unwrap_err());
    assert_eq!(refusal, err(1129, "HY123", "No"));
}

#[test]
fn a_wrong_error_of_a_handshake_is_an_error_itself() {
    for (error, message) in [
        (
            "{}",
            "Wrong statements document structure: missing field \"code\"",
        ),
        (
            "{ code: 1 }",
            "Wrong statements document structure: missing field \"message\"",
        ),
        (
            "{ code: -1, message: 'x' }",
            "value out-of-range for field \"code\"",
        ),
        (
            "{ code: 65536, message: 'x' }",
            "value out-of-range for field \"code\"",
        ),
        (
            "{ code: '1', message: 'x' }",
            "wrong type for field \"code\", expected unsigned number",
        ),
        ("'x'", "expect an object"),
        ("null", "expect an object"),
    ] {
        let found = refused_with(&format!("{{ error: {error} }}"));
        assert_eq!(found, (1064, message.to_owned()), "{error}");
    }
}

#[test]
fn the_exception_of_a_handshake_function_is_sent_to_its_client() {
    let trace = js("({ stmts: [], handshake: function(is_greeting) {
        if (mysqld.global.calm) return {};
        throw new RangeError(is_greeting ? 'first' : 'second');
    } })");
    let refusal = refused(&trace);
    assert_eq!(refusal.code, 1064);
    assert!(
        refusal
            .message
            .contains("$DIR/trace.js:3: RangeError: first"),
        "{refusal:?}"
    );

    let trace = js("({ stmts: [{ ok: {} }], handshake: function(is_greeting) {
        if (is_greeting) return {};
        mysqld.global.n = (mysqld.global.n || 0) + 1;
        if (mysqld.global.n === 1) throw 'only once';
        return {};
    } })");
    let (refusal, next) = trace.play(|mock| {
        (
            mock.attempt(&Login::default()).unwrap_err(),
            mock.answer("x"),
        )
    });
    assert_eq!(refusal, err(1064, "HY000", "only once"));
    next.done();
}
