//! Logins by each method, with an independent client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use mysql_async::prelude::Queryable;
use mysql_async::{ChangeUserOpts, Conn, Error};
use support::Mock;

/// A trace whose greeting offers one method and whose account demands another.
fn trace(greeted: &str, demanded: Option<&str>, password: &str) -> String {
    let demanded = match demanded {
        Some(method) => format!(", auth_method_name: '{method}'"),
        None => String::new(),
    };
    format!(
        "({{ handshake: {{
               greeting: {{ auth_method: '{greeted}' }},
               auth: {{ username: 'ada', password: '{password}'{demanded} }} }},
             stmts: [ {{ result: {{ columns: [{{ name: 'a', type: 'LONG' }}], rows: [[1]] }} }} ] }})"
    )
}

const METHODS: &[(&str, &str, Option<&str>)] = &[
    ("native from the start", "mysql_native_password", None),
    ("sha2 from the start", "caching_sha2_password", None),
    (
        "sha2 to native",
        "caching_sha2_password",
        Some("mysql_native_password"),
    ),
    (
        "native to sha2",
        "mysql_native_password",
        Some("caching_sha2_password"),
    ),
    (
        "sha2 to clear",
        "caching_sha2_password",
        Some("mysql_clear_password"),
    ),
    ("an unknown method", "sha1024_password", None),
];

fn denied(result: Result<Conn, Error>) -> (u16, String, String) {
    match result {
        Err(Error::Server(error)) => (error.code, error.state, error.message),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_right_password_is_accepted_by_each_method() {
    for (name, greeted, demanded) in METHODS {
        for password in ["secret", "geheim öäü", ""] {
            let mock = Mock::script(&trace(greeted, *demanded, password));
            let options = mock
                .options()
                .user(Some("ada"))
                .pass(Some(password))
                .enable_cleartext_plugin(true);
            let mut conn = Conn::new(options)
                .await
                .unwrap_or_else(|error| panic!("{name}, '{password}': {error}"));
            let row: Option<u32> = conn.query_first("select 1").await.unwrap();
            assert_eq!(row, Some(1), "{name}");
            conn.disconnect().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_wrong_password_or_user_is_denied_by_each_method() {
    for (name, greeted, demanded) in METHODS {
        let mock = Mock::script(&trace(greeted, *demanded, "secret"));
        for (user, password) in [
            ("ada", Some("guess")),
            ("ada", Some("")),
            ("ada", None),
            ("bert", Some("secret")),
        ] {
            let options = mock
                .options()
                .user(Some(user))
                .pass(password)
                .enable_cleartext_plugin(true);
            let message = format!("Access Denied for user '{user}'@'localhost'");
            assert_eq!(
                denied(Conn::new(options).await),
                (1045, "28000".to_owned(), message),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn without_an_account_every_user_may_log_in() {
    let mock = Mock::script("({ stmts: [] })");
    for (user, password) in [
        (Some("ada"), Some("secret")),
        (Some("bert"), None),
        (None, None),
    ] {
        let options = mock.options().user(user).pass(password);
        Conn::new(options)
            .await
            .unwrap()
            .disconnect()
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_here_cannot_be_demanded() {
    let mock = Mock::script(&trace(
        "caching_sha2_password",
        Some("mysql_old_password"),
        "secret",
    ));
    let options = mock.options().user(Some("ada")).pass(Some("secret"));
    let (code, state, message) = denied(Conn::new(options).await);
    assert_eq!((code, &state[..]), (1524, "HY000"));
    assert_eq!(message, "Plugin 'mysql_old_password' is not loaded");
}

#[tokio::test]
async fn a_handshake_function_is_asked_for_the_greeting_and_for_the_login() {
    let mock = Mock::script(
        "({ handshake: function(is_greeting) {
              if (is_greeting) return { greeting: { server_version: '5.7.1-' + is_greeting } };
              return { auth: { username: 'ada' } };
            }, stmts: [] })",
    );
    let conn = Conn::new(mock.options().user(Some("ada"))).await.unwrap();
    assert_eq!(conn.server_version(), (5, 7, 1));
    let (code, ..) = denied(Conn::new(mock.options().user(Some("bert"))).await);
    assert_eq!(code, 1045);
}

#[tokio::test]
async fn connection_ids_count_up_unless_the_trace_sets_one() {
    let mock = Mock::script("({ stmts: [] })");
    let (first, second) = (mock.connect().await, mock.connect().await);
    assert_eq!((first.id(), second.id()), (1, 2));
    let mock = Mock::script("({ handshake: { greeting: { connection_id: 42 } }, stmts: [] })");
    assert_eq!(mock.connect().await.id(), 42);
}

#[tokio::test]
async fn an_error_in_place_of_the_greeting_reaches_the_client() {
    let mock = Mock::script(
        "({ handshake: { error: { code: 1040, message: 'Too many connections' } }, stmts: [] })",
    );
    let (code, _, message) = denied(Conn::new(mock.options()).await);
    assert_eq!((code, &message[..]), (1040, "Too many connections"));
}

/// A trace whose account has these keys besides name and password.
fn with(keys: &str) -> Mock {
    Mock::script(&format!(
        "({{ handshake: {{ auth: {{ username: 'ada', password: 'secret', {keys} }} }},
             stmts: function() {{ return {{ ok: {{}} }}; }} }})"
    ))
}

async fn log_in(mock: &Mock, password: &str) -> Result<Conn, Error> {
    let options = mock.options().user(Some("ada")).pass(Some(password));
    Conn::new(options).await
}

#[tokio::test]
async fn a_password_in_full_authentication_is_encrypted_by_the_client() {
    for full in ["first", "always"] {
        let mock = with(&format!("full: '{full}'"));
        for _ in 0..2 {
            let mut conn = log_in(&mock, "secret").await.unwrap();
            let again = ChangeUserOpts::default()
                .with_user(Some("ada".to_owned()))
                .with_pass(Some("secret".to_owned()));
            conn.change_user(again).await.unwrap();
            conn.query_drop("select 1").await.unwrap();
            conn.disconnect().await.unwrap();
            assert_eq!(denied(log_in(&mock, "guess").await).0, 1045);
        }
    }
}

#[tokio::test]
async fn a_password_that_is_encrypted_for_another_key_is_denied() {
    for key in ["wrong", "refused"] {
        let mock = with(&format!("full: 'always', public_key: '{key}'"));
        assert_eq!(denied(log_in(&mock, "secret").await).0, 1045, "{key}");
    }
}

#[tokio::test]
async fn the_error_of_an_account_is_sent_to_a_client_with_the_right_password() {
    let mock = with("error: { code: 1226, sql_state: '42000', message: 'enough' }");
    let refused = (1226, "42000".to_owned(), "enough".to_owned());
    assert_eq!(denied(log_in(&mock, "secret").await), refused);
    assert_eq!(denied(log_in(&mock, "guess").await).0, 1045);
}
