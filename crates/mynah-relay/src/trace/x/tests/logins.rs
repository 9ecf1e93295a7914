//! Passwords in logins and statements.

use bytes::Bytes;
use mynah_x::cursor;
use mynah_x::datatypes::{Any, Array, Object, Scalar};
use mynah_x::prepare::Execute;
use mynah_x::session::{AuthenticateContinue, AuthenticateOk, AuthenticateStart};

use super::{SECRET, Sent, client, done, error, ok, prepare, server, statement, warning};

pub(super) fn conversations() -> Vec<(&'static str, Vec<Sent>)> {
    let sha256_memory = "8E".repeat(32);
    let login = |mechanism: &str, data: Vec<u8>| {
        vec![
            client(AuthenticateStart {
                mech_name: mechanism.to_owned(),
                ..AuthenticateStart::default()
            }),
            server(AuthenticateContinue {
                auth_data: Bytes::from_static(b"01234567890123456789"),
            }),
            client(AuthenticateContinue {
                auth_data: data.into(),
            }),
            server(AuthenticateOk::default()),
        ]
    };
    let secret = || Scalar::string(SECRET).into();
    let by_place = || statement("ALTER USER eve IDENTIFIED BY ?", vec![]);
    let execute = |args| Execute {
        stmt_id: 7,
        args,
        compact_metadata: None,
    };
    let nested: Object = [("a", Any::from(Array::from_iter([secret()])))]
        .into_iter()
        .collect();
    let number = || Scalar::uint(4_711_471_147_114_711).into();
    vec![
        (
            "PLAIN",
            vec![
                client(AuthenticateStart {
                    mech_name: "PLAIN".to_owned(),
                    auth_data: Some(format!("shop\0ada\0{SECRET}").into()),
                    initial_response: None,
                }),
                server(AuthenticateOk::default()),
            ],
        ),
        (
            "PLAIN as the initial response",
            vec![
                client(AuthenticateStart {
                    mech_name: "PLAIN".to_owned(),
                    auth_data: None,
                    initial_response: Some(format!("shop\0ada\0{SECRET}").into()),
                }),
                server(AuthenticateOk::default()),
            ],
        ),
        (
            "a login that isn't in the form it should be",
            vec![client(AuthenticateStart {
                mech_name: "PLAIN".to_owned(),
                auth_data: Some(SECRET.into()),
                initial_response: None,
            })],
        ),
        (
            "an answer that isn't in the form it should be",
            login("MYSQL41", SECRET.into()),
        ),
        (
            "MYSQL41",
            login("MYSQL41", format!("shop\0ada\0*{SECRET}").into()),
        ),
        (
            "SHA256_MEMORY",
            login(
                "SHA256_MEMORY",
                format!("shop\0ada\0{sha256_memory}{SECRET}").into(),
            ),
        ),
        (
            "SET PASSWORD",
            vec![
                client(statement(&format!("SET PASSWORD = '{SECRET}'"), vec![])),
                done(),
            ],
        ),
        (
            "CREATE USER that fails",
            vec![
                client(statement(
                    &format!("CREATE USER eve IDENTIFIED BY '{SECRET}' OOPS"),
                    vec![],
                )),
                warning(),
                error(),
            ],
        ),
        (
            "arguments",
            vec![
                client(statement(
                    "CREATE USER ? IDENTIFIED BY ?",
                    vec![Scalar::string("eve").into(), secret()],
                )),
                done(),
                client(statement(
                    "SET PASSWORD = ?",
                    vec![Scalar::octets(SECRET).into()],
                )),
                error(),
                client(statement("SET PASSWORD = ?", vec![number()])),
                done(),
                client(statement("SET PASSWORD = ?", vec![nested.into()])),
                error(),
            ],
        ),
        (
            "a password in a prepared statement",
            vec![
                prepare(
                    7,
                    statement(&format!("CREATE USER eve IDENTIFIED BY '{SECRET}'"), vec![]),
                ),
                error(),
            ],
        ),
        (
            "a prepared statement with arguments, pipelined",
            vec![
                prepare(7, by_place()),
                client(execute(vec![secret()])),
                client(execute(vec![number()])),
                ok(),
                warning(),
                error(),
                done(),
            ],
        ),
        (
            "a cursor over a prepared statement",
            vec![
                prepare(7, by_place()),
                ok(),
                client(cursor::Open {
                    cursor_id: 1,
                    stmt: cursor::OneOfMessage {
                        r#type: cursor::OneOfMessageType::PrepareExecute.into(),
                        prepare_execute: Some(execute(vec![secret()])),
                    },
                    fetch_rows: None,
                }),
                error(),
            ],
        ),
    ]
}
