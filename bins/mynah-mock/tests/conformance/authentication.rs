//! Section 3: which logins succeed, and by which method.

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder};

use crate::harness::{Login, Mock, Refusal, capability, err, js};
use crate::life_cycle::refused;

const NATIVE: &str = "mysql_native_password";
const SHA2: &str = "caching_sha2_password";
const CLEAR: &str = "mysql_clear_password";

/// A trace whose greeting has this method and whose `auth` has these keys.
fn trace(greeted: &str, auth: &str) -> crate::harness::Script {
    js(&format!(
        "({{ stmts: [{{ ok: {{ message: 'in' }} }}],
             handshake: {{ greeting: {{ auth_method: '{greeted}' }}, auth: {{ {auth} }} }} }})"
    ))
}

fn denied(user: &str) -> Refusal {
    err(
        1045,
        "28000",
        &format!("Access Denied for user '{user}'@'localhost'"),
    )
}

/// Logs in; returns the steps before the outcome, or the refusal.
fn login(mock: &Mock, login: &Login) -> Result<Vec<String>, Refusal> {
    let mut client = mock.client();
    let greeting = client.greeting().expect("a greeting");
    let (_, steps) = client.logged_in(login, &greeting)?;
    assert_eq!(client.query("x").message(), "in");
    Ok(steps)
}

#[test]
fn without_auth_every_user_may_log_in_by_each_method() {
    for greeted in [SHA2, NATIVE, CLEAR] {
        trace(greeted, "").play(|mock| {
            for method in [SHA2, NATIVE, CLEAR, "some_password"] {
                for password in ["", "secret"] {
                    let login_as = Login::user("bert", password).method(method);
                    login(mock, &login_as).unwrap_or_else(|error| panic!("{method}: {error:?}"));
                }
            }
        });
    }
}

#[test]
fn another_user_is_denied() {
    for greeted in [SHA2, NATIVE, CLEAR] {
        let results = trace(greeted, "username: 'ada'").play(|mock| {
            ["ada", "Ada", "", "adam", "b'ö"].map(|user| {
                [
                    login(mock, &Login::user(user, "x")).err(),
                    login(mock, &Login::user(user, "")).err(),
                ]
            })
        });
        let expected = [None, Some("Ada"), Some(""), Some("adam"), Some("b'ö")]
            .map(|user| [user.map(denied), user.map(denied)]);
        assert_eq!(results, expected, "{greeted}");
    }
}

#[test]
fn any_user_with_the_right_password_may_log_in_where_no_user_is_named() {
    let results = trace(SHA2, "password: 'secret'").play(|mock| {
        [("ada", "secret"), ("bert", "secret"), ("bert", "guess")]
            .map(|(user, password)| login(mock, &Login::user(user, password)).err())
    });
    assert_eq!(results, [None, None, Some(denied("bert"))]);
}

#[test]
fn a_password_is_checked_by_each_method() {
    for greeted in [SHA2, NATIVE, CLEAR] {
        for method in [SHA2, NATIVE, CLEAR] {
            let results = trace(greeted, "password: 'geheim ö'").play(|mock| {
                ["geheim ö", "geheim", "geheim öö", "Geheim ö", ""].map(|password| {
                    login(mock, &Login::user("ada", password).method(method)).is_ok()
                })
            });
            let only_right = [true, false, false, false, false];
            assert_eq!(
                results, only_right,
                "greeted with {greeted}, client's is {method}"
            );
        }
    }
}

#[test]
fn an_empty_password_is_one_too() {
    for method in [SHA2, NATIVE, CLEAR] {
        let results = trace(method, "password: ''").play(|mock| {
            ["", "x"].map(|password| login(mock, &Login::user("ada", password)).is_ok())
        });
        assert_eq!(results, [true, false], "{method}");
    }
}

#[test]
fn a_client_with_another_method_is_switched() {
    // The greeting's method, the client's, and the one it is switched to.
    for (greeted, method, switched) in [
        (NATIVE, NATIVE, None),
        (CLEAR, CLEAR, None),
        (NATIVE, SHA2, Some(SHA2)),
        (CLEAR, SHA2, Some(SHA2)),
        (NATIVE, CLEAR, Some(CLEAR)),
        (SHA2, CLEAR, Some(CLEAR)),
        (SHA2, NATIVE, Some(SHA2)),
        (CLEAR, NATIVE, Some(SHA2)),
        (SHA2, "some_password", Some(SHA2)),
        ("some_password", "some_password", Some(SHA2)),
    ] {
        let login_as = Login::user("ada", "secret").method(method);
        let steps = trace(greeted, "password: 'secret'").play(|mock| login(mock, &login_as));
        let mut expected = Vec::new();
        // A switch to the client's own method brings a fresh nonce.
        if let Some(switched) = switched.filter(|switched| greeted != method || *switched != CLEAR)
        {
            expected.push(format!("switch {switched}"));
        }
        if switched == Some(SHA2) {
            expected.push("fast".to_owned());
        }
        assert_eq!(
            steps,
            Ok(expected),
            "greeted with {greeted}, client's is {method}"
        );
    }
}

#[test]
fn caching_sha2_takes_the_fast_path_or_none_for_an_empty_password() {
    for (password, last) in [("secret", Some("fast")), ("", None)] {
        let auth = format!("password: '{password}'");
        let login_as = Login::user("ada", password);
        let steps = trace(SHA2, &auth)
            .play(|mock| login(mock, &login_as))
            .unwrap();
        // A preceding switch to a fresh nonce is allowed, but not required.
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let steps = steps
            .strip_prefix(&["switch caching_sha2_password"])
            .unwrap_or(&steps);
        assert_eq!(steps.first().copied(), last);
    }
}

#[test]
fn a_method_that_is_demanded_is_enforced() {
    for demanded in [SHA2, NATIVE, CLEAR] {
        for greeted in [SHA2, NATIVE, CLEAR] {
            for method in [SHA2, NATIVE, CLEAR] {
                let auth = format!("password: 'secret', auth_method_name: '{demanded}'");
                let results = trace(greeted, &auth).play(|mock| {
                    let steps = login(mock, &Login::user("ada", "secret").method(method));
                    let wrong = login(mock, &Login::user("ada", "guess").method(method));
                    (steps, wrong)
                });
                let steps = results.0.expect("the login succeeds");
                let switch = format!("switch {demanded}");
                let case = format!("{greeted}, {method}, {demanded}: {steps:?}");
                if method != demanded {
                    assert_eq!(steps.first(), Some(&switch), "{case}");
                }
                assert_eq!(results.1, Err(denied("ada")), "{case}");
            }
        }
    }
}

#[test]
fn the_nonce_of_a_switch_is_random() {
    trace(NATIVE, "auth_method_name: 'caching_sha2_password'").play(|mock| {
        let nonces = [(); 2].map(|()| {
            let mut client = mock.client();
            let greeting = client.greeting().unwrap();
            client.capabilities = Login::default().capabilities;
            client.send(&Login::default().response(NATIVE, &greeting.nonce));
            let request = client.payload();
            let nonce = request
                .strip_prefix(b"\xfecaching_sha2_password\0")
                .expect("a switch");
            let nonce = nonce.strip_suffix(b"\0").expect("a NUL at the end");
            assert_eq!(nonce.len(), 20);
            assert!(!nonce.contains(&0), "{nonce:?}");
            assert_ne!(nonce, greeting.nonce);
            nonce.to_vec()
        });
        assert_ne!(nonces[0], nonces[1]);
    });
}

#[test]
fn wrong_types_in_auth_are_an_error_in_place_of_the_greeting() {
    for auth in [
        "5",
        "'x'",
        "null",
        "true",
        "{ username: 5 }",
        "{ username: null }",
        "{ password: {} }",
        "{ password: null }",
        "{ auth_method_name: 5 }",
        "{ auth_method_name: null }",
        "{ certificate: 'x' }",
        "{ certificate: null }",
        "{ certificate: { issuer: 5 } }",
        "{ certificate: { issuer: null } }",
        "{ certificate: { subject: 5 } }",
        "{ certificate: { subject: null } }",
    ] {
        for text in [
            format!("({{ stmts: [], handshake: {{ auth: {auth} }} }})"),
            format!("({{ stmts: [], handshake: function() {{ return {{ auth: {auth} }}; }} }})"),
        ] {
            let refusal = refused(&js(&text));
            let found = (refusal.code, &refusal.message[..]);
            assert_eq!(found, (2013, "Invalid argument"), "{text}");
        }
    }
}

#[test]
fn a_certificate_that_is_demanded_is_missing_without_tls() {
    let refusal = trace(SHA2, "certificate: {}").play(|mock| login(mock, &Login::default()));
    assert_eq!(refusal, Err(denied("ada")));
}

#[test]
fn the_login_s_ok_has_the_transaction_s_characteristics_for_clients_that_share_session_track() {
    let (tracked, untracked) = trace(SHA2, "").play(|mock| {
        let tracked = mock.attempt(&Login::default()).unwrap();
        let without = Login::default().without(capability::SESSION_TRACK);
        (tracked, mock.attempt(&without).unwrap())
    });
    assert_eq!(tracked.trackers, b"\x04\x01\x00");
    assert_eq!(tracked.status & 0x4000, 0x4000);
    assert_eq!((untracked.trackers, untracked.status), (Vec::new(), 0));
}

/// Whether an independent client can log in.
async fn connects(
    mock: &Mock,
    user: &str,
    password: &str,
) -> Result<String, (u16, String, String)> {
    let address = mock.address();
    let options = OptsBuilder::default()
        .ip_or_hostname(address.ip().to_string())
        .tcp_port(address.port())
        .max_allowed_packet(Some(1 << 20))
        .wait_timeout(Some(60))
        .prefer_socket(false)
        .enable_cleartext_plugin(true)
        .user(Some(user))
        .pass(Some(password));
    match Conn::new(options).await {
        Ok(mut conn) => {
            let result = conn.query_iter("x").await.unwrap();
            let info = result.info().into_owned();
            drop(result);
            conn.disconnect().await.unwrap();
            Ok(info)
        }
        Err(Error::Server(error)) => Err((error.code, error.state, error.message)),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn an_independent_client_logs_in_or_is_denied_by_each_method() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for greeted in [SHA2, NATIVE, CLEAR] {
        for demanded in [SHA2, NATIVE, CLEAR] {
            let auth =
                format!("username: 'ada', password: 'secret', auth_method_name: '{demanded}'");
            let results = trace(greeted, &auth).play(|mock| {
                [
                    ("ada", "secret"),
                    ("ada", "guess"),
                    ("ada", ""),
                    ("bert", "secret"),
                ]
                .map(|(user, password)| runtime.block_on(connects(mock, user, password)))
            });
            let denied = |user| {
                let message = format!("Access Denied for user '{user}'@'localhost'");
                Err((1045, "28000".to_owned(), message))
            };
            let expected = [
                Ok("in".to_owned()),
                denied("ada"),
                denied("ada"),
                denied("bert"),
            ];
            assert_eq!(results, expected, "{greeted}, {demanded}");
        }
    }
}
