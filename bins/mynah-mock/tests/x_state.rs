//! Session state, accounts and schemas as clients of the X Protocol see them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use openssl::sha::sha1;
use serde_json::json;
use support::{Mock, program, trace_file};

const ERROR: u8 = 1;
const RESET: u8 = 6;
const EXECUTE: u8 = 12;
const COLUMN: u8 = 12;
const ROW: u8 = 13;
const EXECUTE_OK: u8 = 17;

/// A client with a few messages.
struct Client(TcpStream);

impl Client {
    /// Logs in by MYSQL41; returns the error number if it is refused.
    fn log_in(mock: &mut XMock, user: &str, password: &str, schema: &str) -> Result<Self, u32> {
        let mut client = Self(TcpStream::connect(&mock.address).unwrap());
        client.read(); // ServerHello
        client.write(4, &field(1, b"MYSQL41"));
        let (_, asked) = client.read();
        let nonce = &asked[2..22];
        let response = match password {
            "" => String::new(),
            password => {
                let first = sha1(password.as_bytes());
                let second = sha1(&[nonce, &sha1(&first)].concat());
                let scrambled = first.iter().zip(second).map(|(one, other)| one ^ other);
                let hex = scrambled.map(|byte| format!("{byte:02X}"));
                format!("*{}", hex.collect::<String>())
            }
        };
        let data = format!("{schema}\0{user}\0{response}");
        client.write(5, &field(1, data.as_bytes()));
        loop {
            match client.read() {
                (4, _) => return Ok(client),
                (ERROR, error) => return Err(code(&error)),
                _ => {}
            }
        }
    }

    /// The only cell of a statement's answer, or the error number.
    fn ask(&mut self, text: &str) -> Result<Option<String>, u32> {
        self.write(EXECUTE, &field(1, text.as_bytes()));
        let mut cell = None;
        loop {
            match self.read() {
                (ROW, row) => {
                    let text = row[2..].strip_suffix(b"\0").unwrap_or(&row[2..]);
                    cell = Some(String::from_utf8_lossy(text).into_owned());
                }
                (EXECUTE_OK, _) => return Ok(cell),
                (ERROR, error) => return Err(code(&error)),
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) -> String {
        self.ask(text).unwrap().unwrap()
    }

    /// The next message of this type.
    fn answer(&mut self, wanted: u8) -> Vec<u8> {
        loop {
            let (message_type, payload) = self.read();
            assert_ne!(message_type, ERROR);
            if message_type == wanted {
                return payload;
            }
        }
    }

    fn read(&mut self) -> (u8, Vec<u8>) {
        let mut header = [0; 5];
        self.0.read_exact(&mut header).unwrap();
        let [a, b, c, d, message_type] = header;
        let len = u32::from_le_bytes([a, b, c, d]) - 1;
        let mut payload = vec![0; len as usize];
        self.0.read_exact(&mut payload).unwrap();
        (message_type, payload)
    }

    fn write(&mut self, message_type: u8, payload: &[u8]) {
        let len = u32::try_from(payload.len() + 1).unwrap().to_le_bytes();
        let frame = [&len[..], &[message_type], payload].concat();
        self.0.write_all(&frame).unwrap();
    }
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let len = u8::try_from(bytes.len()).unwrap();
    assert!(len < 0x80);
    [&[number << 3 | 2, len], bytes].concat()
}

/// The number of an Error: its second field, after the severity.
fn code(error: &[u8]) -> u32 {
    let mut bytes = error.iter().skip_while(|byte| **byte != 0x10).skip(1);
    let low = u32::from(bytes.next().unwrap() & 0x7f);
    low | u32::from(*bytes.next().unwrap()) << 7
}

struct XMock {
    _mock: Mock,
    _folder: tempfile::TempDir,
    address: String,
}

fn start(trace: &str) -> XMock {
    start_file("trace.js", trace)
}

fn start_file(name: &str, trace: &str) -> XMock {
    let (folder, path) = trace_file(name, trace);
    let mut mock = Mock::start(program().arg("-f").arg(path).args(["--xport", "0"]));
    let address = mock.listening("x");
    XMock {
        _mock: mock,
        _folder: folder,
        address,
    }
}

#[test]
fn the_prelude_reads_and_changes_the_state_of_an_x_session() {
    let mut mock = start(
        "({ stmts: function (stmt) {
               if (stmt === 'off') return { ok: { status: 0 } };
               if (stmt === 'SET NAMES cp1251') return { ok: {} };
           } })",
    );
    let mut client = Client::log_in(&mut mock, "ada", "", "").map_err(|code| panic!("{code}"));
    let client = client.as_mut().unwrap();
    let charset = "select @@character_set_client";
    assert_eq!(client.text(charset), "utf8mb4");
    client.ask("SET NAMES latin1").unwrap();
    assert_eq!(client.text(charset), "latin1");
    assert_eq!(client.ask("SET NAMES klingon"), Err(1115));
    // The trace has accepted it, and the session follows.
    client.ask("SET NAMES cp1251").unwrap();
    assert_eq!(client.text(charset), "cp1251");
    let autocommit = "select concat(@@autocommit)";
    assert_eq!(client.text(autocommit), "1");
    client.ask("off").unwrap();
    assert_eq!(client.text(autocommit), "0");
    client.ask("SET autocommit = 1").unwrap();
    assert_eq!(client.text(autocommit), "1");
    client.ask("SET @a = 'kept'").unwrap();
    client.ask("SET autocommit = 0").unwrap();
    // Reset { keep_open: true }
    client.write(RESET, &[0x08, 1]);
    assert_eq!(client.read().0, 0);
    assert_eq!(client.text(autocommit), "1");
    assert_eq!(client.text(charset), "utf8mb4");
    assert_eq!(client.ask("select @a"), Ok(Some(String::new())));
}

#[test]
fn a_type_of_sql_describes_its_column() {
    let mut mock = start(
        "({ stmts: [{ result: { columns: [{ name: 'a', type: 'INT UNSIGNED' }], rows: [[7]] } },
                    { result: { columns: [{ name: 'b', type: 'VARCHAR(20)' }], rows: [['ada']] } }] })",
    );
    let mut client =
        Client::log_in(&mut mock, "ada", "", "").unwrap_or_else(|code| panic!("{code}"));
    client.write(EXECUTE, &field(1, b"select a"));
    let uint_and_length = [0x08, 2, 0x50, 10];
    assert_eq!(client.answer(COLUMN)[..4], uint_and_length);
    assert_eq!(client.answer(ROW), [0x0a, 1, 7]);
    client.answer(EXECUTE_OK);
    client.write(EXECUTE, &field(1, b"select b"));
    let bytes_collation_and_length = [0x08, 7, 0x40, 0xff, 1, 0x50, 80];
    assert_eq!(client.answer(COLUMN)[..7], bytes_collation_and_length);
}

#[test]
fn rows_of_objects_are_a_result() {
    let mut mock = start("({ stmts: [{ result: { rows: [{ a: true, b: 7 }, { b: -1 }] } }] })");
    let mut client =
        Client::log_in(&mut mock, "ada", "", "").unwrap_or_else(|code| panic!("{code}"));
    client.write(EXECUTE, &field(1, b"select a"));
    assert_eq!(client.answer(COLUMN)[..2], [0x08, 1], "SINT");
    assert_eq!(client.answer(ROW), [0x0a, 1, 2, 0x0a, 1, 14]);
    assert_eq!(client.answer(ROW), [0x0a, 0, 0x0a, 1, 1]);
}

#[test]
fn an_open_transaction_is_visible_in_mariadb() {
    let mut mock = start(
        "({ handshake: { greeting: { server_version: '11.8.2-MariaDB' } }, stmts: function () {} })",
    );
    let mut client =
        Client::log_in(&mut mock, "ada", "", "").unwrap_or_else(|code| panic!("{code}"));
    let open = "select concat(@@in_transaction)";
    assert_eq!(client.text(open), "0");
    client.ask("BEGIN").unwrap();
    assert_eq!(client.text(open), "1");
    client.ask("COMMIT AND CHAIN").unwrap();
    assert_eq!(client.text(open), "1");
    client.ask("ROLLBACK").unwrap();
    assert_eq!(client.text(open), "0");
}

#[test]
fn each_of_several_accounts_logs_in_with_its_own_password() {
    let mut mock = start(
        "({ handshake: { auth: [
               { username: 'ada', password: 'one' }, { username: 'bob', password: 'two' }
           ] }, stmts: function () {} })",
    );
    for (user, password) in [("ada", "one"), ("bob", "two")] {
        let client = Client::log_in(&mut mock, user, password, "zoo");
        let mut client = client.unwrap_or_else(|code| panic!("{user}: {code}"));
        assert_eq!(client.text("select user()"), format!("{user}@localhost"));
        assert_eq!(client.text("select database()"), "zoo");
    }
    for (user, password) in [("ada", "two"), ("bob", ""), ("eve", "one")] {
        let refused = Client::log_in(&mut mock, user, password, "");
        assert_eq!(refused.map(drop), Err(1045), "{user}");
    }
}

#[test]
fn a_schema_that_the_trace_refuses_leaves_the_current_one() {
    let mut mock = start(
        "({ stmts: function (stmt, call) {
               if (stmt === 'USE nowhere') {
                   return { error: { code: 1049, sql_state: '42000', message: \"Unknown database 'nowhere'\" } };
               }
           } })",
    );
    let mut client =
        Client::log_in(&mut mock, "ada", "", "zoo").unwrap_or_else(|code| panic!("{code}"));
    assert_eq!(client.ask("USE nowhere"), Err(1049));
    assert_eq!(client.text("select database()"), "zoo");
    assert_eq!(client.ask("USE ``"), Err(1046));
    client.ask("USE farm").unwrap();
    assert_eq!(client.text("select database()"), "farm");
}

#[test]
fn what_tests_expect_is_answered_over_the_x_protocol_too() {
    let mut mock = start(
        r#"({stmts: [], expectations: [
            {stmt: "select name from t where id = 5", protocol: "x", times: 1,
             result: {columns: [{name: "name", type: "STRING"}], rows: [["ada"]]}},
            {stmt: "only classic", protocol: "classic", ok: {}},
        ]})"#,
    );
    let mut client = Client::log_in(&mut mock, "app", "", "").unwrap();
    assert_eq!(client.text("select name from t  where id=5"), "ada");
    assert_eq!(client.ask("select name from t where id = 5"), Err(1105));
    assert_eq!(client.ask("only classic"), Err(1105));
    assert_eq!(client.ask("select nmae from t"), Err(1105));
}

#[test]
fn statements_of_the_x_protocol_are_expected_and_found_over_http() {
    let options = ["--http-port", "0", "--xport", "0"];
    let mut mock = Mock::start(program().args(options));
    let (x, http) = (mock.listening("x"), mock.listening("http"));
    let mut mock = XMock {
        _mock: mock,
        _folder: tempfile::tempdir().unwrap(),
        address: x,
    };
    let ask = |method: &str, path: &str, body: &str| {
        let (status, body) = Mock::rest(&http, method, path, body);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        (status, body)
    };
    let expected = r#"[
        {"stmt": "select 1", "protocol": "x", "times": 1, "error": "ER_LOCK_DEADLOCK"},
        {"stmt": "slow", "exec_time": 3600000,
         "result": {"columns": [{"name": "a", "type": "STRING"}], "rows": [["done"]]}}
    ]"#;
    assert_eq!(ask("POST", "expectations/", expected).0, 201);
    let mut client = Client::log_in(&mut mock, "app", "", "zoo").unwrap();
    assert_eq!(client.ask("select 1"), Err(1213));
    assert_eq!(client.ask("select a from b"), Err(1105));
    let filter = "statements/?filter=sql+~+select";
    let (_, list) = ask("GET", filter, "");
    let statements = list["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 2, "{list}");
    assert_eq!(statements[0]["protocol"], "x");
    assert_eq!(
        (&statements[0]["user"], &statements[0]["schema"]),
        (&"app".into(), &"zoo".into())
    );
    assert_eq!(statements[0]["outcome"]["error"]["code"], 1213);
    assert_eq!(statements[1]["answered_by"], "nothing");
    let waiting = std::thread::spawn(move || client.text("slow"));
    let pending = "wait?filter=sql+%3D+slow+and+progress+%3D+pending";
    assert_eq!(ask("GET", pending, "").0, 200);
    assert_eq!(ask("POST", "reset", r#"{"delays": true}"#).0, 204);
    assert_eq!(waiting.join().unwrap(), "done");
}

#[test]
fn a_recording_is_played_to_clients_of_the_protocol_it_was_recorded_by() {
    let about = "2026-11-29T20:00:00Z";
    let rows = |cell: &str| {
        json!([{"result": {"columns": [{"name": "a", "type": "VAR_STRING", "character_set": 255, "length": 80,
            "flags": 0, "decimals": 0}], "rows": [[cell]]}}])
    };
    let recording = json!({
        "recording": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": about},
        "server": {"version": "9.7.4", "protocols": ["classic", "x"]},
        "parts": {"setup": {"recorded_at": about, "expectations": [
            {"stmt": "select a from t", "protocol": "x", "answers": rows("by X")},
            {"stmt": "select a from s", "answers": rows("by classic")},
        ]}},
    });
    let mut mock = start_file("rec.json", &recording.to_string());
    let mut client = Client::log_in(&mut mock, "ada", "any", "").map_err(|code| panic!("{code}"));
    let client = client.as_mut().unwrap();
    assert_eq!(client.text("select a from t"), "by X");
    assert_eq!(client.ask("select a from s"), Err(1105));
    assert_eq!(client.ask("select a from u"), Err(1105));
    assert_eq!(client.text("select concat(@@autocommit)"), "1");
}

#[test]
fn scripts_share_values_within_a_test_of_an_x_session() {
    let (folder, path) = trace_file(
        "trace.js",
        "({ stmts: function () {
               var n = process.increment('n');
               return { result: { columns: [{ name: 'n', type: 'LONG' }], rows: [[n]] } };
           } })",
    );
    let mut program = program();
    let program = program.arg("-f").arg(path);
    let mut mock = Mock::start(program.args(["--xport", "0", "--http-port", "0"]));
    let address = mock.listening("x");
    let http = mock.listening("http");
    assert_eq!(Mock::rest(&http, "POST", "tests/t7", "").0, 201);
    let mut mock = XMock {
        _mock: mock,
        _folder: folder,
        address,
    };
    let mut client = |user: &str| match Client::log_in(&mut mock, user, "", "") {
        Ok(client) => client,
        Err(code) => panic!("{code}"),
    };
    let (mut one, mut other) = (client("ada+t7"), client("ada"));
    for number in 1..=2 {
        // A column of type LONG is a number of one byte, twice its value.
        let cell = String::from_utf8(vec![2 * number]).unwrap();
        assert_eq!(one.text("a"), cell);
    }
    assert_eq!(other.text("a"), "\u{2}");
    assert_eq!(other.text("a /*mynah_test='t7'*/"), "\u{6}");
    let (_, held) = Mock::rest(&http, "GET", "globals/?test=t7", "");
    assert_eq!(held, r#"{"n":3}"#);
}

/// A value of a parameter, or of a literal.
#[derive(Clone, Copy)]
enum Given {
    Null,
    Number(u8),
    Text(&'static str),
    Bytes(&'static [u8]),
}

impl Given {
    fn literal(self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("'{text}'"),
            Self::Bytes(bytes) => bytes
                .iter()
                .fold("0x".to_owned(), |hex, byte| format!("{hex}{byte:02x}")),
        }
    }

    fn classic(self) -> mysql_async::Value {
        match self {
            Self::Null => mysql_async::Value::NULL,
            Self::Number(number) => number.into(),
            Self::Text(text) => text.into(),
            Self::Bytes(bytes) => bytes.into(),
        }
    }

    /// An `Any` with a scalar.
    fn x(self) -> Vec<u8> {
        let scalar = match self {
            Self::Null => vec![8, 3],
            Self::Number(number) => vec![8, 2, 0x18, number],
            Self::Text(text) => [vec![8, 8], field(9, &field(1, text.as_bytes()))].concat(),
            Self::Bytes(bytes) => [vec![8, 4], field(5, &field(1, bytes))].concat(),
        };
        [vec![8, 1], field(2, &scalar)].concat()
    }
}

impl Client {
    /// Whether a message is answered; else the number of the error.
    fn is_answered(&mut self, message_type: u8, payload: &[u8]) -> Result<(), u32> {
        const OK: u8 = 0;
        self.write(message_type, payload);
        loop {
            match self.read() {
                (OK | EXECUTE_OK, _) => return Ok(()),
                (ERROR, error) => return Err(code(&error)),
                _ => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_matcher_matches_over_both_protocols_in_text_and_prepared() {
    use Given::{Bytes, Null, Number, Text};
    use mysql_async::prelude::Queryable;

    /// What an expectation says besides its answer, the text with a placeholder, and values that match and don't.
    type Case = (
        &'static str,
        &'static str,
        &'static [Given],
        &'static [Given],
    );
    const CASES: &[Case] = &[
        (
            r#""stmt": "is a = ?", "params": [7]"#,
            "is a = ?",
            &[Number(7), Text("7")],
            &[Number(8), Text("x"), Null],
        ),
        (
            r#""stmt": "is 'b'""#,
            "is ?",
            &[Text("b")],
            &[Text("B"), Number(1)],
        ),
        (
            r#""stmt": "nil = ?", "params": [null]"#,
            "nil = ?",
            &[Null],
            &[Number(0), Text("")],
        ),
        (
            r#""stmt": "any = ?", "params": [{"any": true}]"#,
            "any = ?",
            &[Null, Number(1), Text("x"), Bytes(&[0xff])],
            &[],
        ),
        (
            r#""stmt": "number = ?", "params": [{"type": "number"}]"#,
            "number = ?",
            &[Number(1), Text("1.5")],
            &[Text("x"), Null],
        ),
        (
            r#""stmt": "integer = ?", "params": [{"type": "integer"}]"#,
            "integer = ?",
            &[Number(1)],
            &[Text("1.5"), Null],
        ),
        (
            r#""stmt": "string = ?", "params": [{"type": "string"}]"#,
            "string = ?",
            &[Text("x")],
            &[Number(1), Null, Bytes(&[0xff])],
        ),
        (
            r#""stmt": "bytes = ?", "params": [{"type": "bytes"}]"#,
            "bytes = ?",
            &[Bytes(&[0xff]), Text("x")],
            &[Number(1), Null],
        ),
        (
            r#""stmt": "matches = ?", "params": [{"matches": "^a.$"}]"#,
            "matches = ?",
            &[Text("ab")],
            &[Text("abc"), Number(1), Null],
        ),
        (
            r#""stmt": "between = ?", "params": [{"between": [2, 4]}]"#,
            "between = ?",
            &[Number(2), Number(4), Text("3")],
            &[Number(5), Null],
        ),
        (
            r#""stmt": "one of = ?", "params": [{"one_of": [1, "b", {"matches": "^c"}]}]"#,
            "one of = ?",
            &[Number(1), Text("b"), Text("cd")],
            &[Number(2), Null],
        ),
        (
            r#""stmt_prefix": "prefix of""#,
            "prefix  of ?",
            &[Number(1), Text("x"), Null],
            &[],
        ),
        (
            r#""stmt_regex": "^regex (of|by)""#,
            "regex  of ?",
            &[Number(7), Text("x"), Null],
            &[],
        ),
        (r#""stmt_regex": "^regex$""#, "regex = ?", &[], &[Number(7)]),
        (
            r#""digest": "update t set a = 1""#,
            "UPDATE t SET  a = ?",
            &[Number(7), Text("x"), Null],
            &[],
        ),
        (
            r#""stmt": "user ?", "user": "app""#,
            "user ?",
            &[Number(1)],
            &[],
        ),
        (
            r#""stmt": "no user ?", "user": "root""#,
            "no user ?",
            &[],
            &[Number(1)],
        ),
        (
            r#""stmt": "schema ?", "schema": "zoo""#,
            "schema ?",
            &[Number(1)],
            &[],
        ),
        (
            r#""stmt": "no schema ?", "schema": "farm""#,
            "no schema ?",
            &[],
            &[Number(1)],
        ),
    ];
    let expectations = CASES
        .iter()
        .map(|(expected, ..)| format!("{{{expected}, \"ok\": {{}}}}"));
    let expectations = expectations.collect::<Vec<_>>().join(",\n");
    let mut mock = start(&format!("({{stmts: [], expectations: [{expectations}]}})"));
    let options = mock._mock.options().user(Some("app")).db_name(Some("zoo"));
    let mut conn = mysql_async::Conn::new(options).await.unwrap();
    let mut client = Client::log_in(&mut mock, "app", "", "zoo").unwrap();
    let mut id = 0;
    for (expected, text, good, bad) in CASES {
        let good = good.iter().map(|given| (given, true));
        for (given, is_met) in good.chain(bad.iter().map(|given| (given, false))) {
            let literal = text.replace('?', &given.literal());
            let mut found = Vec::new();
            found.push(conn.query_drop(&*literal).await.is_ok());
            found.push(conn.exec_drop(*text, (given.classic(),)).await.is_ok());
            found.push(client.ask(&literal).is_ok());
            let statement = field(1, text.as_bytes());
            let args = field(2, &given.x());
            let with_args = [statement.clone(), args.clone()].concat();
            found.push(client.is_answered(EXECUTE, &with_args).is_ok());
            id += 1;
            let message = [vec![8, 5], field(6, &statement)].concat();
            let prepare = [vec![8, id], field(2, &message)].concat();
            let prepared = client.is_answered(PREPARE, &prepare);
            found.push(
                prepared.is_ok() && {
                    let execute = [vec![8, id], args].concat();
                    client.is_answered(PREPARED_EXECUTE, &execute).is_ok()
                },
            );
            assert_eq!(found, [is_met; 5], "{expected}: {literal}");
        }
    }
}

const PREPARE: u8 = 40;
const PREPARED_EXECUTE: u8 = 41;
