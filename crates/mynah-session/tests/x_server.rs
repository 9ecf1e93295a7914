//! The server's side of an X Protocol connection: what connectors do at their start, in their order,
//! and what each message is answered.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use bytes::{Bytes, BytesMut};
use mynah_auth::Channel;
use mynah_auth::server::PasswordCache;
use mynah_auth::x::{ClientExchange, Mechanism};
use mynah_classic::ColumnType;
use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_session::x::server::{BadFrame, Event, Options};
use mynah_session::x::{Notice, NoticePayload, NoticeScope};
use mynah_session::{
    Account, Completion, Failure, FullAuthentication, Outcome, Reply, ResultSet, Rows,
    StatementCommand, Warning, WarningLevel,
};
use mynah_x::compress::{Algorithm, Compressor, Decompressor};
use mynah_x::connection::{CapabilitiesGet, Close};
use mynah_x::crud::{Collection, Find, Insert, Limit, TypedRow, Update, UpdateOperation};
use mynah_x::datatypes::{Any, Object, Scalar};
use mynah_x::expect::{Condition, Open};
use mynah_x::expr::{ColumnIdentifier, DocumentPathItem, Expr, Operator};
use mynah_x::notice::{Parameter, SessionStateChanged};
use mynah_x::prepare::{Execute, OneOfMessage, Prepare};
use mynah_x::session::{AuthenticateContinue, AuthenticateStart, Reset};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, Frame, FrameCodec, Message, ServerMessage, cursor};
use tokio_util::codec::Decoder;
use x_support::{Talk, error, failure, is_ok, options, text};

fn rows(names: &[&str], column_type: ColumnType, lines: &[&[Option<&str>]]) -> Reply {
    let columns = names.iter().map(|name| ColumnDefinition41 {
        names: ColumnNames::new(&NameParts {
            name: name.as_bytes(),
            ..NameParts::default()
        }),
        character_set: 255,
        column_type,
        ..ColumnDefinition41::default()
    });
    let line = |line: &&[Option<&'static str>]| {
        line.iter()
            .map(|cell| cell.map(str::as_bytes))
            .collect::<Vec<_>>()
    };
    let lines: Vec<&[Option<&'static str>]> = lines
        .iter()
        .map(|line| {
            let line: Vec<Option<&'static str>> = line
                .iter()
                .map(|cell| cell.map(|cell| &*cell.to_owned().leak()))
                .collect();
            &*line.leak()
        })
        .collect();
    Outcome::Rows(ResultSet {
        columns: columns.collect(),
        rows: lines.iter().map(line).collect::<Rows>(),
        end: Completion::default(),
        is_out_parameters: false,
    })
    .into()
}

fn names(said: &[ServerMessage]) -> Vec<&'static str> {
    let short = |message: &ServerMessage| message.name().rsplit('.').next().unwrap();
    said.iter().map(short).collect()
}

/// What notices of the session's state say.
fn states(said: &[ServerMessage]) -> Vec<(Parameter, Vec<Scalar>)> {
    let notice = |message: &ServerMessage| {
        let ServerMessage::Notice(notice) = message else {
            return None;
        };
        let payload = notice.payload.as_ref()?;
        let state = SessionStateChanged::from_payload(payload).ok()?;
        Some((state.param(), state.value))
    };
    said.iter().filter_map(notice).collect()
}

fn object(fields: impl IntoIterator<Item = (&'static str, Any)>) -> Any {
    fields.into_iter().collect::<Object>().into()
}

fn plain(talk: &mut Talk) -> Vec<ServerMessage> {
    talk.say(AuthenticateStart {
        mech_name: "PLAIN".to_owned(),
        auth_data: Some(Bytes::from_static(b"zoo\0ada\0secret")),
        initial_response: None,
    })
}

#[test]
fn connector_j_gets_through_its_start() {
    let mut talk = Talk::new(options());
    let [ServerMessage::Capabilities(capabilities)] = &talk.say(CapabilitiesGet {})[..] else {
        panic!("no capabilities");
    };
    assert!(capabilities.get("tls").is_some());
    let attributes = [("_client_name", text("MySQL Connector/J"))];
    assert!(is_ok(
        &talk.set([("session_connect_attrs", object(attributes))])
    ));
    assert!(is_ok(&talk.set([("tls", Scalar::bool(true).into())])));
    assert!(talk.tls_started);
    let compression = object([("algorithm", text("zstd_stream"))]);
    assert!(is_ok(&talk.set([("compression", compression)])));
    let said = plain(&mut talk);
    assert_eq!(names(&said), ["Frame", "AuthenticateOk"]);
    let reply = rows(
        &["@@mysqlx_max_allowed_packet"],
        ColumnType::LONGLONG,
        &[&[Some("67108864")]],
    );
    talk.replies.push_back(reply);
    let said = talk.sql("select @@mysqlx_max_allowed_packet");
    assert_eq!(names(&said), ["Compression", "StmtExecuteOk"]);
    assert_eq!(talk.server.login().unwrap().attributes.iter().count(), 1);
    // Whether it can be reset and stay logged in.
    let open = Open {
        op: None,
        cond: vec![Condition {
            condition_key: 2,
            condition_value: Some("6.1".into()),
            op: None,
        }],
    };
    assert!(is_ok(&talk.say(open)));
    assert!(is_ok(&talk.say(Reset {
        keep_open: Some(true)
    })));
    assert!(is_ok(&talk.say(mynah_x::expect::Close {})) || talk.server.login().is_some());
    assert!(is_ok(&talk.say(mynah_x::session::Close {})));
}

#[test]
fn connector_net_sets_all_at_once_and_tls_as_text() {
    let mut talk = Talk::new(options());
    talk.say(CapabilitiesGet {});
    let algorithms = object([("algorithm", text("lz4_message"))]);
    let all = [
        ("tls", text("1")),
        ("session_connect_attrs", object([("_os", text("Linux"))])),
        ("compression", algorithms),
    ];
    assert!(is_ok(&talk.set(all)));
    assert!(talk.tls_started);
    assert_eq!(names(&plain(&mut talk)), ["Frame", "AuthenticateOk"]);
    assert!(is_ok(&talk.say(mynah_x::session::Close {})));
}

#[test]
fn connector_cpp_never_asks_and_sends_before_it_reads() {
    let mut talk = Talk::new(options());
    assert!(is_ok(&talk.set([("tls", Scalar::bool(true).into())])));
    for algorithm in ["deflate_stream", "lz4_message", "zstd_stream"] {
        let compression = object([("algorithm", text(algorithm))]);
        assert!(is_ok(&talk.set([("compression", compression)])));
    }
    let attributes = object([("_client_name", text("mysql-connector-cpp"))]);
    assert!(is_ok(&talk.set([("session_connect_attrs", attributes)])));
    assert_eq!(names(&plain(&mut talk)), ["Frame", "AuthenticateOk"]);
    for feature in ["6.1", "17.12", "18.6", "40", "46"] {
        let condition = Condition {
            condition_key: 2,
            condition_value: Some(feature.into()),
            op: None,
        };
        let open = Open {
            op: None,
            cond: vec![condition],
        };
        assert!(is_ok(&talk.say(open)), "{feature}");
        assert!(is_ok(&talk.say(mynah_x::expect::Close {})), "{feature}");
    }
}

#[test]
fn connector_node_reads_names_out_of_refusals() {
    let mut talk = Talk::new(Options {
        offer_tls: false,
        ..options()
    });
    let said = talk.set([("tls", Scalar::bool(true).into())]);
    assert_eq!(error(&said), (5001, "Capability prepare failed for 'tls'"));
    let said = talk.set([("nope", Scalar::bool(true).into())]);
    assert_eq!(error(&said), (5002, "Capability 'nope' doesn't exist"));
    let [ServerMessage::Capabilities(capabilities)] = &talk.say(CapabilitiesGet {})[..] else {
        panic!("no capabilities");
    };
    assert!(capabilities.get("tls").is_none());
    // Its `expectClose` is a message of type 24 without a payload.
    let mut talk = Talk::logged_in();
    let empty = Frame {
        message_type: 24,
        payload: Bytes::new(),
    };
    assert!(is_ok(&talk.send(empty)));
}

#[test]
fn a_login_reports_the_connections_number() {
    let mut talk = Talk::new(options());
    let said = talk.log_in();
    assert_eq!(
        states(&said),
        [(Parameter::ClientIdAssigned, vec![Scalar::uint(7)])]
    );
    assert_eq!(talk.notices_asked, 1);
    let login = talk.server.login().unwrap();
    assert_eq!(
        (&login.username[..], login.schema.as_deref()),
        (&b"ada"[..], Some(&b"zoo"[..]))
    );
}

#[test]
fn a_password_in_clear_is_taken_over_a_secure_channel() {
    let mut talk = Talk::new(options());
    let said = plain(&mut talk);
    assert_eq!(error(&said), (1251, "Invalid authentication method PLAIN"));
    assert!(talk.closed);
    let mut talk = Talk::new(Options {
        channel: Channel::Local,
        ..options()
    });
    talk.account = Account {
        username: Some("ada".into()),
        password: Some("secret".into()),
        ..Account::default()
    };
    assert_eq!(names(&plain(&mut talk)), ["Frame", "AuthenticateOk"]);
}

/// Logs in by the hash of the password.
fn sha256_memory(talk: &mut Talk) -> Vec<ServerMessage> {
    let mechanism = Mechanism::Sha256Memory;
    let client = ClientExchange::new(mechanism, b"zoo", b"ada", "secret", Channel::Insecure);
    let said = talk.say(AuthenticateStart {
        mech_name: mechanism.name().to_owned(),
        ..AuthenticateStart::default()
    });
    let [ServerMessage::AuthenticateContinue(salt)] = &said[..] else {
        panic!("{said:?}");
    };
    let answer = client.unwrap().handle(&salt.auth_data).unwrap();
    talk.say(AuthenticateContinue {
        auth_data: answer.into(),
    })
}

#[test]
fn a_hash_is_refused_until_the_password_was_sent_in_full() {
    let passwords = PasswordCache::default();
    let connect = |channel, full| {
        let mut talk = Talk::new(Options {
            channel,
            passwords: passwords.clone(),
            ..options()
        });
        talk.account = Account {
            username: Some("ada".into()),
            password: Some("secret".into()),
            full,
            ..Account::default()
        };
        talk
    };
    let by_hash = |full| sha256_memory(&mut connect(Channel::Insecure, full));
    assert_eq!(error(&by_hash(FullAuthentication::First)).0, 1045);
    let entered = ["Frame", "AuthenticateOk"];
    let said = plain(&mut connect(Channel::Local, FullAuthentication::First));
    assert_eq!(names(&said), entered);
    assert_eq!(names(&by_hash(FullAuthentication::First)), entered);
    assert_eq!(error(&by_hash(FullAuthentication::Always)).0, 1045);
}

#[test]
fn an_error_takes_the_place_of_success_for_a_client_that_has_passed() {
    let mut talk = Talk::new(Options {
        channel: Channel::Local,
        ..options()
    });
    talk.account = Account {
        username: Some("ada".into()),
        password: Some("secret".into()),
        error: Some(Failure::general(1226, "enough")),
        ..Account::default()
    };
    assert_eq!(error(&plain(&mut talk)), (1226, "enough"));
    assert!(talk.closed);
}

#[test]
fn the_end_of_the_server_is_reported_in_a_notice_and_an_error() {
    let mut talk = Talk::new(options());
    talk.log_in();
    talk.server.handle(Event::ShutDown).unwrap();
    let sent = talk.server.output().split();
    // As MySQL 9.7.4 says it at SIGTERM.
    let notice =
        b"\x27\0\0\0\x0b\x08\x01\x1a\x22\x08\x03\x10\x9d\x08\x1a\x1bServer shutdown in progress";
    let error =
        b"\x2a\0\0\0\x01\x08\x01\x10\x9d\x08\x1a\x1bServer shutdown in progress\x22\x0508S01";
    assert_eq!(sent[..], [&notice[..], error].concat());

    let mut talk = Talk::new(options());
    talk.server.handle(Event::ShutDown).unwrap();
    assert!(talk.server.output().is_empty());
}

#[test]
fn the_accounts_method_is_the_only_one() {
    let account = Account {
        auth_method_name: Some("caching_sha2_password".into()),
        ..Account::default()
    };
    let mut talk = Talk::new(options());
    talk.account = account;
    let said = talk.log_in();
    assert_eq!(error(&said).0, 1045);
    assert!(!talk.closed);
    talk.account = Account::default();
    assert_eq!(names(&talk.log_in()), ["Frame", "AuthenticateOk"]);
}

#[test]
fn where_tls_is_required_no_client_logs_in_without() {
    let mut talk = Talk::new(Options {
        require_secure_transport: true,
        ..options()
    });
    let said = talk.say(AuthenticateStart {
        mech_name: "MYSQL41".to_owned(),
        ..Default::default()
    });
    assert_eq!(error(&said).0, 3159);
    assert!(talk.closed);
}

#[test]
fn what_is_no_frame_ends_the_connection() {
    for bad in [BadFrame::Empty, BadFrame::TooLarge] {
        let mut talk = Talk::new(options());
        assert_eq!(error(&talk.send_bad(bad)).0, 5000);
        assert!(talk.closed);
    }
}

#[test]
fn completions_are_reported_by_notices() {
    let mut talk = Talk::logged_in();
    let completion = Completion {
        affected_rows: 2,
        last_insert_id: 5,
        message: "Records: 2".into(),
        ..Completion::default()
    };
    talk.replies.push_back(Outcome::Ok(completion).into());
    let said = talk.sql("insert");
    assert_eq!(
        states(&said),
        [
            (Parameter::RowsAffected, vec![Scalar::uint(2)]),
            (Parameter::GeneratedInsertId, vec![Scalar::uint(5)]),
            (
                Parameter::ProducedMessage,
                vec![Scalar::string("Records: 2")]
            ),
        ]
    );
    assert_eq!(names(&said), ["Frame", "Frame", "Frame", "StmtExecuteOk"]);
}

#[test]
fn warnings_are_sent_as_long_as_the_client_wants_them() {
    let mut talk = Talk::logged_in();
    let completion = Completion {
        warnings: vec![Warning {
            level: WarningLevel::Note,
            code: 1051,
            message: "Unknown table 'zoo.t'".into(),
        }],
        ..Completion::default()
    };
    for _ in 0..2 {
        talk.replies
            .push_back(Outcome::Ok(completion.clone()).into());
    }
    let said = talk.sql("drop table if exists t");
    let ServerMessage::Notice(notice) = &said[0] else {
        panic!("{said:?}");
    };
    let payload = notice.payload.as_deref();
    assert_eq!(
        payload,
        Some(&b"\x08\x01\x10\x9b\x08\x1a\x15Unknown table 'zoo.t'"[..])
    );
    assert_eq!(names(&said), ["Frame", "Frame", "StmtExecuteOk"]);
    let warnings = object([("notice", text("warnings"))]);
    talk.say(command("disable_notices", Some(warnings)));
    assert_eq!(
        names(&talk.sql("drop table if exists t")),
        ["Frame", "StmtExecuteOk"]
    );
}

#[test]
fn several_results_follow_each_other() {
    let mut talk = Talk::logged_in();
    let one = || rows(&["a"], ColumnType::LONG, &[&[Some("1")]]).outcome;
    let reply = Reply {
        more: vec![one(), Outcome::Ok(Completion::default())],
        ..one().into()
    };
    talk.replies.push_back(reply);
    let wanted = [
        "ColumnMetaData",
        "Row",
        "FetchDoneMoreResultsets",
        "ColumnMetaData",
        "Row",
        "FetchDoneMoreResultsets",
        "FetchDone",
        "Frame",
        "StmtExecuteOk",
    ];
    assert_eq!(names(&talk.sql("call p()")), wanted);
}

#[test]
fn a_cell_that_is_none_of_its_type_is_an_error_in_place_of_the_result() {
    let mut talk = Talk::logged_in();
    talk.replies.push_back(rows(
        &["n"],
        ColumnType::LONG,
        &[&[Some("1")], &[Some("x")]],
    ));
    let said = talk.sql("select n");
    let message = "executing statement failed: column \"n\" is of type SINT, and \"x\" isn't";
    assert_eq!(error(&said), (1064, message));
    talk.replies
        .push_back(rows(&["a", "b"], ColumnType::LONG, &[&[Some("1")]]));
    let message = "executing statement failed: 2 columns, and a row of 1 cells";
    assert_eq!(error(&talk.sql("select a, b")), (1064, message));
}

#[test]
fn compact_columns_have_no_names() {
    let mut talk = Talk::logged_in();
    talk.replies.push_back(rows(&["n"], ColumnType::LONG, &[]));
    let said = talk.say(StmtExecute {
        stmt: "select n".into(),
        compact_metadata: Some(true),
        ..Default::default()
    });
    let ServerMessage::ColumnMetaData(column) = &said[0] else {
        panic!("{said:?}");
    };
    assert_eq!((&column.name, &column.catalog), (&None, &None));
}

fn member(name: &str) -> Expr {
    Expr {
        r#type: 1,
        identifier: Some(Box::new(ColumnIdentifier {
            document_path: vec![DocumentPathItem {
                r#type: 1,
                value: Some(name.to_owned()),
                index: None,
            }],
            ..Default::default()
        })),
        ..Default::default()
    }
}

fn literal(scalar: Scalar) -> Expr {
    Expr {
        r#type: 2,
        literal: Some(Box::new(scalar)),
        ..Default::default()
    }
}

fn placeholder(position: u32) -> Expr {
    Expr {
        r#type: 6,
        position: Some(position),
        ..Default::default()
    }
}

fn operator(name: &str, param: Vec<Expr>) -> Expr {
    Expr {
        r#type: 5,
        operator: Some(Box::new(Operator {
            name: name.to_owned(),
            param,
        })),
        ..Default::default()
    }
}

fn birds() -> Collection {
    Collection {
        name: "birds".to_owned(),
        schema: Some("zoo".to_owned()),
    }
}

fn find() -> Find {
    let old = operator(">", vec![member("age"), placeholder(0)]);
    let named = operator("==", vec![member("name"), literal(Scalar::string("it's"))]);
    Find {
        collection: birds(),
        data_model: Some(1),
        criteria: Some(operator("&&", vec![old, named])),
        limit: Some(Limit {
            row_count: 3,
            offset: Some(1),
        }),
        ..Default::default()
    }
}

#[test]
fn a_find_is_asked_as_sql_and_as_what_it_is() {
    let mut talk = Talk::logged_in();
    talk.say(Find {
        args: vec![Scalar::uint(3)],
        ..find()
    });
    let statement = &talk.asked[0];
    assert_eq!(statement.command, StatementCommand::Find);
    let sql = "SELECT doc FROM `zoo`.`birds` WHERE (doc->'$.age' > 3) AND (doc->'$.name' = 'it''s') \
               LIMIT 3 OFFSET 1";
    assert_eq!(statement.text, sql);
    let request = statement.x.as_ref().unwrap();
    assert_eq!(
        request.criteria.as_deref(),
        Some("(age > 3) && (name == 'it''s')")
    );
    assert_eq!((request.limit, request.offset), (Some(3), Some(1)));
    assert_eq!(
        request.to_json(),
        r#"{"schema": "zoo", "collection": "birds", "is_table": false, "criteria": "(age > 3) && (name == 'it''s')", "limit": 3, "offset": 1}"#
    );
    let said = talk.say(find());
    assert_eq!(error(&said), (5154, "Invalid value of placeholder"));
}

#[test]
fn a_prepared_find_asks_the_same_as_one_that_is_not() {
    let mut talk = Talk::logged_in();
    let prepare = Prepare {
        stmt_id: 5,
        stmt: OneOfMessage {
            r#type: 0,
            find: Some(Box::new(find())),
            ..Default::default()
        },
    };
    assert!(is_ok(&talk.say(prepare)));
    assert!(talk.asked[0].text.ends_with(b"LIMIT 3 OFFSET 1"));
    assert!(talk.asked[0].text.windows(4).any(|text| text == b"> ?)"));
    let said = talk.say(Execute {
        stmt_id: 5,
        args: vec![Scalar::uint(3).into()],
        compact_metadata: None,
    });
    assert_eq!(names(&said), ["StmtExecuteOk"]);
    talk.say(Find {
        args: vec![Scalar::uint(3)],
        ..find()
    });
    assert_eq!(talk.asked[1].text, talk.asked[2].text);
    assert_eq!(talk.asked[1].statement_id, Some(5));
    let said = talk.say(Execute {
        stmt_id: 6,
        ..Default::default()
    });
    assert_eq!(error(&said), (5110, "Statement with ID=6 was not prepared"));
}

#[test]
fn documents_without_an_id_get_one() {
    let mut talk = Talk::logged_in();
    let completion = Completion {
        affected_rows: 2,
        ..Completion::default()
    };
    talk.replies.push_back(Outcome::Ok(completion).into());
    let row = |text: &'static str| TypedRow {
        field: vec![literal(Scalar::string(text))],
    };
    let said = talk.say(Insert {
        collection: birds(),
        data_model: Some(1),
        row: vec![row(r#"{"_id": "1"}"#), row(r#"{"name": "owl"}"#)],
        ..Default::default()
    });
    let id = "0000000000070000000000000001";
    assert_eq!(
        states(&said),
        [
            (Parameter::RowsAffected, vec![Scalar::uint(2)]),
            (Parameter::GeneratedDocumentIds, vec![Scalar::octets(id)]),
        ]
    );
    let request = talk.asked[0].x.as_ref().unwrap();
    let wanted = format!(r#"{{"_id": "{id}", "name": "owl"}}"#);
    assert_eq!(request.documents, [r#"{"_id": "1"}"#.to_owned(), wanted]);
    let said = talk.say(Insert {
        collection: birds(),
        data_model: Some(1),
        row: vec![row("no document")],
        ..Default::default()
    });
    assert_eq!(error(&said).0, 3140);
}

#[test]
fn an_update_says_what_it_changes() {
    let mut talk = Talk::logged_in();
    let change = |operation, name: &str, value| UpdateOperation {
        source: *member(name).identifier.unwrap(),
        operation,
        value,
    };
    talk.say(Update {
        collection: birds(),
        data_model: Some(1),
        operation: vec![
            change(3, "age", Some(literal(Scalar::uint(4)))),
            change(2, "name", None),
        ],
        ..Default::default()
    });
    assert_eq!(
        talk.asked[0].text,
        "UPDATE `zoo`.`birds` SET doc = JSON_REMOVE(JSON_SET(doc, '$.age', 4), '$.name')"
    );
    let changes = &talk.asked[0].x.as_ref().unwrap().changes;
    assert_eq!(
        (changes[0].operation, &changes[0].path[..]),
        ("item_set", "age")
    );
    assert_eq!(changes[0].value.as_deref(), Some("4"));
    assert_eq!(changes[1].operation, "item_remove");
}

fn command(name: &'static str, arguments: Option<Any>) -> StmtExecute {
    StmtExecute {
        stmt: name.into(),
        namespace: Some("mysqlx".to_owned()),
        args: arguments.into_iter().collect(),
        ..Default::default()
    }
}

#[test]
fn commands_reach_the_handler_and_are_done_if_it_says_nothing() {
    let mut talk = Talk::logged_in();
    assert_eq!(names(&talk.say(command("ping", None))), ["StmtExecuteOk"]);
    assert_eq!(talk.asked[0].command, StatementCommand::Admin);
    let zoo = object([("schema", text("zoo")), ("name", text("birds"))]);
    let said = talk.say(command("create_collection", Some(zoo)));
    assert_eq!(names(&said), ["StmtExecuteOk"]);
    let arguments = &talk.asked[1].x.as_ref().unwrap().arguments;
    assert_eq!(
        arguments.as_deref(),
        Some(r#"{"schema": "zoo", "name": "birds"}"#)
    );
    for (said, wanted) in [
        (command("nope", None), (5157, "Invalid mysqlx command nope")),
        (
            command("create_collection", None),
            (
                5015,
                "Invalid number of arguments, expected value for 'schema'",
            ),
        ),
        (
            command("ping", Some(object([("a", text("b"))]))),
            (5021, "'a' is not a valid field for ping command"),
        ),
        (
            command("ping", Some(Scalar::uint(1).into())),
            (
                5016,
                "Invalid type of arguments, expected object of arguments",
            ),
        ),
    ] {
        assert_eq!(error(&talk.say(said)), wanted);
    }
    let mut talk = Talk::logged_in().answering(|_| Some(failure(1, "mine")));
    assert_eq!(error(&talk.say(command("ping", None))), (1, "mine"));
}

#[test]
fn rows_are_fetched_by_a_cursor() {
    let mut talk = Talk::logged_in();
    let prepare = Prepare {
        stmt_id: 1,
        stmt: OneOfMessage {
            r#type: 5,
            stmt_execute: Some(Box::new(StmtExecute {
                stmt: "select n".into(),
                ..Default::default()
            })),
            ..Default::default()
        },
    };
    assert!(is_ok(&talk.say(prepare)));
    let three: [&[Option<&str>]; 3] = [&[Some("1")], &[Some("2")], &[Some("3")]];
    talk.replies
        .push_back(rows(&["n"], ColumnType::LONG, &three));
    let open = cursor::Open {
        cursor_id: 9,
        stmt: cursor::OneOfMessage {
            r#type: 0,
            prepare_execute: Some(Execute {
                stmt_id: 1,
                ..Default::default()
            }),
        },
        fetch_rows: Some(1),
    };
    assert_eq!(
        names(&talk.say(open)),
        ["ColumnMetaData", "Row", "FetchSuspended", "StmtExecuteOk"]
    );
    let fetch = |fetch_rows| cursor::Fetch {
        cursor_id: 9,
        fetch_rows: Some(fetch_rows),
    };
    assert_eq!(
        names(&talk.say(fetch(2))),
        ["Row", "Row", "FetchSuspended", "StmtExecuteOk"]
    );
    assert_eq!(
        names(&talk.say(fetch(1))),
        ["FetchDone", "Frame", "StmtExecuteOk"]
    );
    assert_eq!(
        error(&talk.say(fetch(1))),
        (5123, "No more data in cursor (cursor id:9)")
    );
    assert!(is_ok(&talk.say(cursor::Close { cursor_id: 9 })));
    assert_eq!(
        error(&talk.say(fetch(1))),
        (5111, "Cursor with ID=9 was not opened.")
    );
}

#[test]
fn notices_come_between_answers() {
    let mut talk = Talk::logged_in();
    talk.give(Event::Notice(Notice {
        send_offset: std::time::Duration::ZERO,
        scope: NoticeScope::Global,
        payload: NoticePayload::GroupReplicationStateChanged {
            kind: 2,
            view_id: Some("view".into()),
        },
    }));
    let [ServerMessage::Notice(notice)] = &talk.heard()[..] else {
        panic!("no notice");
    };
    assert_eq!((notice.r#type, notice.scope), (4, Some(1)));
    assert_eq!(
        notice.payload.as_deref(),
        Some(&b"\x08\x02\x12\x04view"[..])
    );
}

#[test]
fn messages_in_one_piece_are_answered_in_order_and_compressed() {
    for algorithm in Algorithm::ALL {
        let mut talk = Talk::new(options());
        let wanted = object([
            ("algorithm", text(algorithm.name())),
            ("server_max_combine_messages", Scalar::uint(2).into()),
        ]);
        assert!(is_ok(&talk.set([("compression", wanted)])));
        talk.log_in();
        let mut frames = BytesMut::new();
        for text in ["one", "two"] {
            let statement = StmtExecute {
                stmt: text.into(),
                ..Default::default()
            };
            ClientMessage::from(statement).put(&mut frames);
        }
        let mut there = Compressor::new(algorithm, algorithm.levels().1).unwrap();
        let mut back = Decompressor::new(algorithm).unwrap();
        talk.replies
            .push_back(rows(&["n"], ColumnType::LONG, &[&[Some("1")]]));
        let said = talk.say(there.client_message(&frames).unwrap());
        let texts: Vec<_> = talk
            .asked
            .iter()
            .map(|statement| &statement.text[..])
            .collect();
        assert_eq!(texts, [b"one", b"two"]);
        let mut inside = Vec::new();
        for message in said {
            let ServerMessage::Compression(message) = message else {
                inside.push(message.name());
                continue;
            };
            let mut src = BytesMut::from(back.frames(&message, 10_000).unwrap());
            let mut count = 0;
            while let Some(frame) = FrameCodec::new(10_000).decode(&mut src).unwrap() {
                inside.push(ServerMessage::from_frame(&frame).unwrap().name());
                count += 1;
            }
            assert!(count <= 2);
        }
        let inside: Vec<_> = inside
            .iter()
            .map(|name| name.rsplit('.').next().unwrap())
            .collect();
        assert_eq!(
            inside,
            [
                "ColumnMetaData",
                "Row",
                "FetchDone",
                "Frame",
                "StmtExecuteOk",
                "Frame",
                "StmtExecuteOk"
            ]
        );
    }
}

#[test]
fn a_compressed_message_without_an_agreement_ends_the_connection() {
    let mut talk = Talk::logged_in();
    let message = Compressor::new(Algorithm::Zstd, 3)
        .unwrap()
        .client_message(b"\x01\0\0\0\x01")
        .unwrap();
    assert_eq!(error(&talk.say(message)).0, 5170);
    assert!(talk.closed);
}

#[test]
fn a_compressed_message_without_a_payload_ends_the_connection() {
    let payloads = [&b""[..], b"\x08\x05", b"\x07", b"\x08\x05\x22\x01\x00"];
    for (payload, refused) in payloads.into_iter().zip([
        (5174, "Invalid compressed frame."),
        (5174, "Invalid compressed frame."),
        (5174, "Invalid compressed frame."),
        (5171, "Payload decompression failed"),
    ]) {
        let mut talk = Talk::new(options());
        let wanted = object([("algorithm", text("deflate_stream"))]);
        assert!(is_ok(&talk.set([("compression", wanted)])));
        talk.log_in();
        let said = talk.send(Frame {
            message_type: 46,
            payload: payload.into(),
        });
        assert_eq!(error(&said), refused);
        assert!(talk.closed);
    }
}

#[test]
fn a_compressed_message_before_the_login_ends_the_connection_even_if_compression_was_agreed_on() {
    let start = AuthenticateStart {
        mech_name: "MYSQL41".to_owned(),
        ..Default::default()
    };
    for in_the_login in [false, true] {
        let mut talk = Talk::new(options());
        let wanted = object([("algorithm", text("zstd_stream"))]);
        assert!(is_ok(&talk.set([("compression", wanted)])));
        if in_the_login {
            talk.say(start.clone());
        }
        let message = Compressor::new(Algorithm::Zstd, 3)
            .unwrap()
            .client_message(b"\x01\0\0\0\x01")
            .unwrap();
        assert_eq!(
            error(&talk.say(message)),
            (5170, "Client didn't enable the compression.")
        );
        assert!(talk.closed);
    }
}

#[test]
fn a_block_ends_with_the_first_error() {
    let mut talk = Talk::logged_in();
    let condition = Condition {
        condition_key: 1,
        ..Default::default()
    };
    assert!(is_ok(&talk.say(Open {
        op: None,
        cond: vec![condition]
    })));
    talk.replies.push_back(failure(1146, "no such table"));
    assert_eq!(error(&talk.sql("one")).0, 1146);
    assert_eq!(
        error(&talk.sql("two")),
        (5159, "Expectation failed: no_error")
    );
    assert_eq!(talk.asked.len(), 1);
    assert_eq!(error(&talk.say(mynah_x::expect::Close {})).0, 5159);
    assert_eq!(names(&talk.sql("three")), ["Frame", "StmtExecuteOk"]);
}

#[test]
fn what_this_protocol_has_not_is_an_error() {
    let mut talk = Talk::logged_in();
    talk.replies.push_back(Outcome::Binlog(Vec::new()).into());
    assert_eq!(error(&talk.sql("binlog")).0, 1235);
}

#[test]
fn a_client_that_leaves_hears_so() {
    let mut talk = Talk::logged_in();
    let said = talk.say(Close {});
    let [ServerMessage::Ok(ok)] = &said[..] else {
        panic!("{said:?}");
    };
    assert_eq!(ok.msg.as_deref(), Some("bye!"));
    assert!(talk.closed);
}

#[test]
fn a_statement_ends_another_connection_or_says_that_there_is_none() {
    let mut talk = Talk::new(options());
    talk.log_in();
    for (kill, code, closes) in [
        (mynah_session::Kill::connection(9), 1094, false),
        (
            mynah_session::Kill {
                connection_id: 7,
                only_statement: true,
            },
            1317,
            false,
        ),
        (mynah_session::Kill::connection(7), 1317, true),
    ] {
        talk.replies.push_back(Outcome::Kill(kill).into());
        let said = talk.sql("kill");
        assert_eq!(error(&said).0, code, "{kill:?}");
        assert_eq!(talk.closed, closes, "{kill:?}");
    }
}
