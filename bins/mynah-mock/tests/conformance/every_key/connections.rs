//! The keys that are read before the first statement: the sections of a trace, `handshake` and its
//! members.

use super::{
    Case, Key, NO_OBJECT, Value, assert_as_wanted, ignored, millis, missing, string, unsigned,
};
use crate::harness::{Answer, Done, Greeting, Login, Mock, Refusal, js, json, ok};

/// The outcome of a connection.
#[derive(Clone, Debug, PartialEq)]
enum Seen {
    Greeting(Greeting),
    Answer(Answer),
    Refused(u16, String),
}

/// The keys that affect the greeting.
fn greeting_keys() -> Vec<Key<Seen>> {
    const GREETING: &str = r#"{"stmts": [], "handshake": {"greeting": {$}}}"#;
    let text = |name, default, make: fn(String) -> Greeting| {
        string(name, GREETING, Some(default), move |text| {
            Seen::Greeting(make(text.to_owned()))
        })
    };
    let number = |name, default, make: fn(u32) -> Greeting| {
        unsigned(name, GREETING, Some(default), move |number| {
            Seen::Greeting(make(number))
        })
    };
    vec![
        may_be_an_object(
            "handshake",
            r#"{$, "stmts": []}"#,
            "handshake must be an object, if set. Is",
        ),
        may_be_an_object(
            "greeting",
            r#"{"stmts": [], "handshake": {$}}"#,
            "handshake.greeting must be an object, if set. Is",
        ),
        Key::new(
            "error",
            r#"{"stmts": [], "handshake": {$}}"#,
            |value| match value {
                Value::Absent | Value::Undefined => Ok(Seen::Greeting(greeting())),
                value if value.is_object() => Err(missing("code")),
                _ => Err(NO_OBJECT.to_owned()),
            },
        ),
        unsigned(
            "code",
            r#"{"stmts": [], "handshake": {"error": {$, "message": "m"}}}"#,
            None,
            |code| Seen::Refused(code.try_into().unwrap(), "m".to_owned()),
        ),
        string(
            "message",
            r#"{"stmts": [], "handshake": {"error": {$, "code": 1}}}"#,
            None,
            |message| Seen::Refused(1, message.to_owned()),
        ),
        millis(
            "exec_time",
            GREETING,
            "exec_time must be a number, if set. Is",
            || Seen::Greeting(greeting()),
        ),
        text("server_version", "9.7.4-mock", |server_version| Greeting {
            server_version,
            ..greeting()
        }),
        text("auth_method", "caching_sha2_password", |auth_method| {
            Greeting {
                auth_method,
                ..greeting()
            }
        }),
        number("connection_id", 0, |_| greeting()),
        number("status_flags", 0, |flags| Greeting {
            status_flags: flags.try_into().unwrap(),
            ..greeting()
        }),
        number("character_set", 0, |collation| Greeting {
            character_set: collation.try_into().unwrap(),
            ..greeting()
        }),
        // A number lacks capabilities that a greeting needs; an array is a list of names.
        number("capabilities", 0, |_| greeting()).except(&[
            Value::Number,
            Value::Array,
            Value::Hole,
        ]),
        Key::new("nonce", GREETING, |value| match value {
            Value::Absent | Value::Undefined => Ok(Seen::Greeting(greeting())),
            Value::Empty | Value::Text => Err(format!(
                "handshake.greeting.nonce must be 8 bytes or more, is {}",
                value.text().len()
            )),
            _ => Err(super::not_a_string("nonce")),
        }),
    ]
}

/// The keys that affect the login, or what follows it.
fn login_keys() -> Vec<Key<Seen>> {
    const SECTION: &str = r#"{$, "stmts": [{"ok": {}}]}"#;
    const AUTH: &str = r#"{"stmts": [{"ok": {}}], "handshake": {"auth": {$}}}"#;
    const CERTIFICATE: &str =
        r#"{"stmts": [{"ok": {}}], "handshake": {"auth": {"certificate": {$}}}}"#;
    vec![
        Key::new("stmts", "{$}", |value| match value.is_array() {
            true => Ok(refused(1064, "Unknown statement. (end of stmts)")),
            false => Err(format!(
                "expected 'stmts' to be one of callable, thread or array, got {}",
                value.kind()
            )),
        }),
        Key::new(
            "",
            r#"{"stmts": [$, {"ok": {"message": "next"}}]}"#,
            |value| match value {
                Value::Absent | Value::Hole => Ok(answer("next")),
                value if value.is_object() => Ok(failed("expected 'error', 'ok' or 'result'")),
                _ => Ok(failed(&format!(
                    "expected 'stmts' to return an 'object', got {}",
                    value.kind()
                ))),
            },
        ),
        Key::new("notices", SECTION, |value| {
            match !value.is_set() || value.is_array() {
                true => Ok(answer("")),
                false => Err(format!(
                    "expected 'notices' to be one of callable, thread or array, got {}",
                    value.kind()
                )),
            }
        }),
        ignored("defaults", SECTION, || answer("")),
        ignored(
            "exec_time",
            r#"{"stmts": [{"ok": {}}], "defaults": {$}}"#,
            || answer(""),
        )
        .in_json(
            millis(
                "exec_time",
                "",
                "exec_time must be a number, if set, got",
                || answer(""),
            )
            .rule,
        ),
        auth(
            "auth",
            r#"{"stmts": [{"ok": {}}], "handshake": {$}}"#,
            |value| value.is_object().then(|| answer("")),
        ),
        auth("username", AUTH, |value| match value {
            Value::Empty => Some(access_denied()),
            Value::Text => Some(answer("")),
            _ => None,
        }),
        auth("password", AUTH, |value| match value {
            Value::Empty => Some(answer("")),
            Value::Text => Some(access_denied()),
            _ => None,
        }),
        auth("auth_method_name", AUTH, |value| match value {
            Value::Empty => Some(refused(1524, "Plugin '' is not loaded")),
            Value::Text => Some(refused(1524, "Plugin 'x' is not loaded")),
            _ => None,
        }),
        auth("certificate", AUTH, |value| {
            value.is_object().then(access_denied)
        }),
        of_certificate("issuer", CERTIFICATE),
        of_certificate("subject", CERTIFICATE),
    ]
}

fn may_be_an_object(name: &'static str, at: &'static str, wrong: &'static str) -> Key<Seen> {
    Key::new(name, at, move |value| {
        match !value.is_set() || value.is_object() {
            true => Ok(Seen::Greeting(greeting())),
            false => Err(format!("{wrong} {}", value.kind())),
        }
    })
}

/// A key of `auth`; an invalid value is an invalid argument.
fn auth(
    name: &'static str,
    at: &'static str,
    taken: impl Fn(Value) -> Option<Seen> + 'static,
) -> Key<Seen> {
    Key::new(name, at, move |value| match value.is_set() {
        false => Ok(answer("")),
        true => Ok(taken(value).unwrap_or_else(|| refused(2013, "Invalid argument"))),
    })
}

fn of_certificate(name: &'static str, at: &'static str) -> Key<Seen> {
    Key::new(name, at, |value| match value {
        Value::Absent | Value::Undefined | Value::Empty | Value::Text => Ok(access_denied()),
        _ => Ok(refused(2013, "Invalid argument")),
    })
}

/// The greeting of a trace without `greeting`, without its nonce and its connection id.
fn greeting() -> Greeting {
    Greeting {
        server_version: "9.7.4-mock".to_owned(),
        connection_id: 0,
        nonce: Vec::new(),
        capabilities: 0x01fe_a2df,
        character_set: 0,
        status_flags: 0,
        auth_method: "caching_sha2_password".to_owned(),
    }
}

fn answer(message: &str) -> Seen {
    let message = message.to_owned();
    Seen::Answer(Done { message, ..ok() }.into())
}

fn failed(reason: &str) -> Seen {
    Seen::Answer(crate::harness::failed(reason).into())
}

fn refused(code: u16, message: &str) -> Seen {
    Seen::Refused(code, message.to_owned())
}

fn access_denied() -> Seen {
    refused(1045, "Access Denied for user 'x'@'localhost'")
}

impl From<Refusal> for Seen {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.code, refusal.message)
    }
}

fn greeted(mock: &Mock) -> Seen {
    match mock.greeting() {
        Ok(greeting) => Seen::Greeting(Greeting {
            connection_id: 0,
            nonce: Vec::new(),
            ..greeting
        }),
        Err(refusal) => refusal.into(),
    }
}

fn logged_in(mock: &Mock) -> Seen {
    let mut client = mock.client();
    match client.login(&Login::user("x", "")) {
        Ok(_) => match client.query("q") {
            Answer::Error(refusal) if refusal.message.ends_with("(end of stmts)") => refusal.into(),
            answer => Seen::Answer(answer),
        },
        Err(refusal) => refusal.into(),
    }
}

fn wanted(cases: Vec<Case<Seen>>) -> Vec<(String, Seen)> {
    let cases = cases.into_iter();
    cases
        .map(|(source, want)| {
            let want = want.unwrap_or_else(|reason| refused(1064, &reason));
            (source, want)
        })
        .collect()
}

/// One trace that differs for each connection.
fn in_script(keys: &[Key<Seen>], see: fn(&Mock) -> Seen) {
    let cases: Vec<_> = keys.iter().flat_map(Key::cases_in_js).collect();
    let sources: Vec<String> = cases
        .iter()
        .map(|(source, _)| format!("function() {{ return {source}; }}"))
        .collect();
    let text = format!(
        "var cases = [{}], number = mysqld.global.number || 0;
        mysqld.global.number = number + 1;
        cases[number]()",
        sources.join(",\n")
    );
    let found = js(&text).play(|mock| cases.iter().map(|_| see(mock)).collect::<Vec<_>>());
    assert_as_wanted(found, wanted(cases));
}

fn in_json(keys: &[Key<Seen>], see: fn(&Mock) -> Seen) {
    let cases: Vec<_> = keys.iter().flat_map(Key::cases_in_json).collect();
    let found = cases.iter().map(|(source, _)| json(source).play(see));
    assert_as_wanted(found.collect(), wanted(cases));
}

#[test]
fn every_key_of_the_greeting_is_read_by_its_rule_in_a_script() {
    in_script(&greeting_keys(), greeted);
}

#[test]
fn every_key_of_the_greeting_is_read_by_its_rule_in_json() {
    in_json(&greeting_keys(), greeted);
}

#[test]
fn every_key_of_the_login_is_read_by_its_rule_in_a_script() {
    in_script(&login_keys(), logged_in);
}

#[test]
fn every_key_of_the_login_is_read_by_its_rule_in_json() {
    in_json(&login_keys(), logged_in);
}
