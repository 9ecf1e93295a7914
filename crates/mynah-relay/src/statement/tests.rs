use std::sync::Arc;

use bytes::Bytes;
use mynah_classic::StatusFlags;
use mynah_classic::command::CommandCode;
use mynah_session::observe::{Answer, Command, CommandKind, Outcome, ServerError};
use mynah_session::sql::Settings;
use mynah_sql::StatementKind;
use mynah_x::crud::{Collection, Find, Insert};
use mynah_x::cursor::{self, Close, Fetch, Open};
use mynah_x::prepare::{Deallocate, Execute, OneOfMessage, Prepare};
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessageType, Message as _};

use super::*;
use crate::trace::{Rule, Rules};

fn facts(sql: &str, own: &[Rule]) -> StatementFacts {
    let sql = Bytes::copy_from_slice(sql.as_bytes());
    StatementFacts::of(&sql, &Settings::default(), Rules::hiding(own), Wants::ALL)
}

fn digest(facts: &StatementFacts) -> &str {
    facts.digest.as_ref().map_or("", Digest::text)
}

#[test]
fn what_differs_only_in_values_has_one_digest_with_a_lasting_name() {
    let one = facts("select * from shop.t where a = 1 and b in (1, 2)", &[]);
    let other = facts("SELECT * FROM shop.t WHERE a = 'x' AND b IN (3)", &[]);
    assert_eq!(one.digest, other.digest);
    let text = "SELECT * FROM `shop` . `t` WHERE `a` = ? AND `b` IN (...)";
    let digest = one.digest.unwrap();
    // As `printf %s TEXT | sha256sum | cut -c 1-16` has it.
    assert_eq!((digest.text(), digest.name()), (text, NAME));
    assert_eq!(one.tables, ["shop.t"]);
    assert_eq!(one.table_texts, ["shop.t", "t"]);
}

const NAME: &str = "1-8e808a053b70d3cb";

#[test]
fn of_a_long_statement_nothing_is_known() {
    let of_length = |len: usize| {
        let start = "select * from t where a = 1 -- ";
        facts(&format!("{start}{}", "x".repeat(len - start.len())), &[])
    };
    assert_eq!(of_length(64 * 1024).tables, ["t"]);
    assert_eq!(of_length(64 * 1024 + 1), StatementFacts::default());
}

#[test]
fn passwords_are_in_no_text() {
    let one = facts("create user a identified by 'SEKRET'", &[]);
    assert_eq!(one.kind, StatementKind::Account);
    assert_eq!(digest(&one), "CREATE SYSTEM_USER `a` IDENTIFIED BY ?");
    assert_eq!(one.shown, "create user a identified by (hidden)");
    // Without its quotes, a password and all behind it is hidden.
    let bare = facts("set password = SEKRET", &[]);
    assert!(!format!("{bare:?}").contains("SEKRET"), "{bare:?}");
}

#[test]
fn a_statement_that_is_hidden_as_a_whole_has_neither_digest_nor_tables() {
    for sql in [
        "set password for a = 'SEKRET",
        "insert into users (password) select 'SEKRET /* from t",
    ] {
        let hidden = facts(sql, &[]);
        assert_eq!(hidden, StatementFacts::default(), "{sql}");
    }
    let all = ["(?s).*".parse().unwrap()];
    let hidden = facts("select * from t", &all);
    assert_eq!(hidden, StatementFacts::of_kind(StatementKind::Select));
}

#[test]
fn effects_are_known_of_what_is_hidden_but_not_what_is_set() {
    let of = |sql: &str, own: &[Rule]| {
        let facts = facts(sql, own);
        (facts.effects.join(" "), facts.sets.join(" "))
    };
    let one = |effects: &str, sets: &str| (effects.to_owned(), sets.to_owned());
    let sql = "set @card123 = 5, sql_mode = 'x'";
    assert_eq!(
        of(sql, &[]),
        one("variable user_variable", "@card123 sql_mode")
    );
    let digits = ["[0-9]{3}".parse().unwrap()];
    assert_eq!(of(sql, &digits), one("variable user_variable", ""));
    let in_value = "set @card = '123', sql_mode = 'x'";
    let sets = "@card sql_mode";
    assert_eq!(of(in_value, &digits), one("variable user_variable", sets));
    let all = ["(?s).*".parse().unwrap()];
    assert_eq!(of(sql, &all), one("variable user_variable", ""));
    assert_eq!(
        of("set password = 'SEKRET'", &[]),
        one("account own_account", "")
    );
    assert_eq!(of("set @a = 'SEKRET", &[]), one("unknown", ""));
    assert_eq!(of("select 1 from t", &[]), one("", ""));
    assert_eq!(StatementFacts::default().effects, ["unknown"]);
}

#[test]
fn rules_hide_parts_of_names() {
    let own = ["[0-9]{6}".parse().unwrap(), "(?i)iban".parse().unwrap()];
    let hidden = facts(
        "select a, 'x 123456' from card_123456, `the iban` where b = 654321",
        &own,
    );
    let text = format!("{hidden:?}");
    for secret in ["123456", "654321", "iban"] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(hidden.tables, ["card_", "`the ?`"]);
}

#[test]
fn a_rule_that_matches_across_a_quote_makes_no_name_of_a_literal() {
    for (rule, sql) in [
        ("select 'a", "select 'a, b from mine, yours' from t"),
        (
            "' from t where x = '",
            "select 'a' from t where x = 'select 1 from mine'",
        ),
        (
            "x' from t, `",
            "select 'x' from t, `u`, (select 'from mine') v",
        ),
        ("` where a = '", "select 1 from `t` where a = 'mine`'"),
        ("mine \\*/", "select 1 /* from mine */ from t -- */"),
        ("/\\* a", "select 1 /* a from mine */ from t"),
        ("it''s", "select 'it''s, mine from mine' from t"),
        ("-- a", "select 1 -- a from mine\n from t"),
    ] {
        let hidden = facts(sql, &[rule.parse().unwrap()]);
        let text = format!("{:?}, {}", hidden.table_texts, digest(&hidden));
        assert!(!text.contains("mine"), "{rule}: {text}");
    }
    // A rule that matches within a literal, or whole tokens, leaves names as they are.
    for (rule, sql) in [
        ("secret", "select 'a secret b' from t"),
        ("'a secret b'", "select 'a secret b' from t"),
        ("1, 2", "select 1, 2 from t"),
        ("secret", "select 1 /* a secret */ from t"),
        ("secret", "select 'x', 'secret' from t -- it's a secret"),
    ] {
        let shown = facts(sql, &[rule.parse().unwrap()]);
        assert_eq!(shown.tables, ["t"], "{rule}");
        assert!(shown.digest.is_some(), "{rule}");
    }
}

#[test]
fn a_rule_across_a_quote_is_seen_in_each_way_to_read_the_statement() {
    let own: Rule = "select \"a".parse().unwrap();
    let sql = Bytes::from_static(b"select \"a, b from mine\" from t");
    for ansi_quotes in [None, Some(false)] {
        let settings = Settings {
            ansi_quotes,
            ..Settings::default()
        };
        let own = std::slice::from_ref(&own);
        let hidden = StatementFacts::of(&sql, &settings, Rules::hiding(own), Wants::ALL);
        let text = format!("{:?}, {}", hidden.table_texts, digest(&hidden));
        assert!(!text.contains("mine"), "{text}");
    }
}

#[test]
fn an_execution_of_an_unknown_statement_is_a_statement() {
    let mut statements = Statements::new(Wants::ALL, &[].into());
    for (code, is_one) in [
        (CommandCode::STMT_EXECUTE, true),
        (CommandCode::STMT_BULK_EXECUTE, true),
        (CommandCode::STMT_FETCH, false),
        (CommandCode::STMT_CLOSE, false),
        (CommandCode::PING, false),
    ] {
        let command = Command {
            kind: CommandKind::Classic(code),
            ..Command::none()
        };
        let answer = Answer::to(command, 0, StatusFlags::empty());
        let facts = statements.completed(&answer);
        let wanted = is_one.then(|| Arc::new(StatementFacts::default()));
        assert_eq!(facts, wanted, "{code:?}");
    }
}

#[test]
fn a_fetch_by_a_cursor_of_the_x_protocol_is_about_its_statement() {
    let mut statements = Statements::new(Wants::ALL, &[].into());
    let text = StmtExecute {
        stmt: "select 1 from t".into(),
        ..StmtExecute::default()
    };
    let text = OneOfMessage {
        r#type: 5,
        stmt_execute: Some(Box::new(text)),
        ..OneOfMessage::default()
    };
    shown(&mut statements, &prepare(7, text, Outcome::Done));
    let open = |cursor_id, outcome| {
        let execute = Execute {
            stmt_id: 7,
            ..Execute::default()
        };
        let open = Open {
            cursor_id,
            stmt: cursor::OneOfMessage {
                prepare_execute: Some(execute),
                ..cursor::OneOfMessage::default()
            },
            ..Open::default()
        };
        answer(ClientMessageType::CURSOR_OPEN, open.to_payload(), outcome)
    };
    let fetch = |cursor_id| {
        let fetch = Fetch {
            cursor_id,
            ..Fetch::default()
        };
        answer(
            ClientMessageType::CURSOR_FETCH,
            fetch.to_payload(),
            Outcome::Done,
        )
    };
    let close = |cursor_id| {
        let close = Close { cursor_id };
        answer(
            ClientMessageType::CURSOR_CLOSE,
            close.to_payload(),
            Outcome::Done,
        )
    };
    let failed = Outcome::Failed(ServerError {
        code: 1000,
        sql_state: None,
        message: Bytes::new(),
    });
    let deallocate = answer(
        ClientMessageType::PREPARE_DEALLOCATE,
        Deallocate { stmt_id: 7 }.to_payload(),
        Outcome::Done,
    );
    for (answer, wanted) in [
        (fetch(1), "none"),
        (open(1, Outcome::Done), "select t"),
        (open(2, failed), "select t"),
        (fetch(1), "select t"),
        (fetch(2), "none"),
        (close(1), "select t"),
        (fetch(1), "none"),
        // A statement's cursors go with it.
        (open(3, Outcome::Done), "select t"),
        (deallocate, "select t"),
        (fetch(3), "none"),
    ] {
        let kind = answer.command.kind;
        let facts = statements.completed(&answer);
        let found = facts.map_or("none".to_owned(), |facts| {
            format!("{} {}", facts.kind.name(), facts.tables.join(" "))
        });
        assert_eq!(found, wanted, "{kind:?}");
        let runs = kind == CommandKind::X(ClientMessageType::CURSOR_OPEN);
        let fetches = kind == CommandKind::X(ClientMessageType::CURSOR_FETCH);
        assert_eq!((is_execution(kind), is_fetch(kind)), (runs, fetches));
    }
}

#[test]
fn texts_are_read_in_their_character_set() {
    let latin1 = Settings {
        character_set: Some("latin1"),
        ..Settings::default()
    };
    let sql = Bytes::from_static(b"select 1 from caf\xe9");
    let facts = StatementFacts::of(&sql, &latin1, Rules::hiding(&[]), Wants::ALL);
    assert_eq!(facts.tables, ["café"]);
    assert_eq!(digest(&facts), "SELECT ? FROM `café`");
}

#[test]
fn only_what_is_wanted_is_found() {
    let sql = Bytes::from_static(b"select 1 from t");
    let of = |wants| StatementFacts::of(&sql, &Settings::default(), Rules::hiding(&[]), wants);
    let outline = of(Wants {
        outlines: true,
        digests: false,
    });
    assert_eq!((outline.tables.len(), outline.digest), (1, None));
    let digest = of(Wants {
        outlines: false,
        digests: true,
    });
    assert!(digest.tables.is_empty() && digest.digest.is_some());
}

/// A message of the X Protocol that was answered so.
fn answer(message_type: ClientMessageType, payload: Bytes, outcome: Outcome) -> Answer {
    let command = Command {
        kind: CommandKind::X(message_type),
        len: payload.len() as u64,
        payload,
        settings: Settings::of_x(),
        ..Command::none()
    };
    Answer {
        outcome,
        ..Answer::to(command, 0, StatusFlags::empty())
    }
}

fn shown(statements: &mut Statements, answer: &Answer) -> String {
    match statements.completed(answer) {
        Some(facts) => format!("{} {}", facts.kind, facts.tables.join(" ")),
        None => String::new(),
    }
}

fn prepare(id: u32, stmt: OneOfMessage, outcome: Outcome) -> Answer {
    let prepare = Prepare { stmt_id: id, stmt };
    answer(
        ClientMessageType::PREPARE_PREPARE,
        prepare.to_payload(),
        outcome,
    )
}

fn execute(id: u32) -> Answer {
    let execute = Execute {
        stmt_id: id,
        ..Execute::default()
    };
    let kind = ClientMessageType::PREPARE_EXECUTE;
    answer(kind, execute.to_payload(), Outcome::Done)
}

fn collection(name: &str) -> Collection {
    Collection {
        name: name.to_owned(),
        schema: Some("shop".to_owned()),
    }
}

#[test]
fn messages_of_the_x_protocol_have_facts_and_so_have_executions() {
    let mut statements = Statements::new(Wants::ALL, &[].into());
    let sql = |text: &str| StmtExecute {
        stmt: text.to_owned().into(),
        ..StmtExecute::default()
    };
    let of_sql = |text: &str| OneOfMessage {
        r#type: 5,
        stmt_execute: Some(Box::new(sql(text))),
        ..OneOfMessage::default()
    };
    let of_find = OneOfMessage {
        r#type: 0,
        find: Some(Box::new(Find {
            collection: collection("people"),
            ..Find::default()
        })),
        ..OneOfMessage::default()
    };
    let failed = Outcome::Failed(ServerError {
        code: 1064,
        sql_state: None,
        message: Bytes::new(),
    });
    let stmt = ClientMessageType::SQL_STMT_EXECUTE;
    let admin = StmtExecute {
        namespace: Some("mysqlx".to_owned()),
        ..sql("list_objects")
    };
    let insert = Insert {
        collection: collection("people"),
        ..Insert::default()
    };
    let locking = Find {
        collection: collection("people"),
        locking: Some(1),
        ..Find::default()
    };
    let free = Deallocate { stmt_id: 1 }.to_payload();
    for (answer, want) in [
        (
            answer(stmt, sql("update t set a = 1").to_payload(), Outcome::Done),
            "update t",
        ),
        (answer(stmt, admin.to_payload(), Outcome::Done), ""),
        (
            answer(
                ClientMessageType::CRUD_INSERT,
                insert.to_payload(),
                Outcome::Done,
            ),
            "insert shop.people",
        ),
        (
            answer(
                ClientMessageType::CRUD_FIND,
                locking.to_payload(),
                Outcome::Done,
            ),
            "locking_select shop.people",
        ),
        (
            prepare(1, of_sql("delete from t"), Outcome::Done),
            "delete t",
        ),
        (prepare(2, of_find, Outcome::Done), "select shop.people"),
        (execute(1), "delete t"),
        (execute(2), "select shop.people"),
        (prepare(1, of_sql("select 1 from u"), failed), "select u"),
        (execute(1), "unknown "),
        (
            prepare(1, of_sql("select 1 from u"), Outcome::Done),
            "select u",
        ),
        (
            answer(ClientMessageType::PREPARE_DEALLOCATE, free, Outcome::Done),
            "select u",
        ),
        (execute(1), "unknown "),
        (
            answer(ClientMessageType::SESS_RESET, Bytes::new(), Outcome::Done),
            "",
        ),
        (execute(2), "unknown "),
        (
            answer(
                ClientMessageType::CRUD_FIND,
                Bytes::from_static(b"\xff"),
                Outcome::Done,
            ),
            "unknown ",
        ),
    ] {
        assert_eq!(shown(&mut statements, &answer), want, "{answer:?}");
    }
    assert_eq!((statements.prepared.len(), statements.held), (0, 0));
}

#[test]
fn a_collection_that_a_rule_hides_is_no_table() {
    let own = ["people".parse::<Rule>().unwrap()];
    let mut statements = Statements::new(Wants::ALL, &own.into());
    let insert = Insert {
        collection: collection("people"),
        ..Insert::default()
    };
    let kind = ClientMessageType::CRUD_INSERT;
    let answer = answer(kind, insert.to_payload(), Outcome::Done);
    assert_eq!(shown(&mut statements, &answer), "insert ");
}

#[test]
fn what_is_cut_off_is_unknown() {
    let mut statements = Statements::new(Wants::ALL, &[].into());
    let command = Command {
        kind: CommandKind::Classic(CommandCode::QUERY),
        payload: Bytes::from_static(b"\x03select 1 from t"),
        len: 1 << 30,
        ..Command::none()
    };
    let answer = Answer::to(command, 0, StatusFlags::empty());
    assert_eq!(shown(&mut statements, &answer), "unknown ");
}
