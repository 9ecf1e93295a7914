use mynah_sql::Comments;

use super::*;

fn of(text: &str) -> Effects {
    Effects::of(text, Reading::default())
}

#[test]
fn a_statement_is_known_by_its_words_whatever_stands_around_them() {
    for (statement, kind) in [
        ("SET NAMES utf8mb4", Kind::Session),
        ("/* app */ begin", Kind::Session),
        ("-- why\nuse shop", Kind::Session),
        ("/*!40101 SET NAMES utf8mb4 */", Kind::Session),
        ("/*!40101 SET */ @a = 1", Kind::Session),
        ("/*!80000 insert into t */ values (1)", Kind::Changing),
        ("create temporary table t (a int)", Kind::Session),
        ("create or replace temporary table t (a int)", Kind::Session),
        ("drop temporary table if exists t", Kind::Session),
        ("create or replace table t (a int)", Kind::Committing),
        ("xa start 'a'", Kind::Session),
        ("select @n := 1", Kind::Session),
        ("select @n:=1", Kind::Session),
        ("select ':='", Kind::Reading),
        ("select a into @x from t", Kind::Session),
        ("select a into\n@x from t", Kind::Session),
        ("select a into/* why */@x from t for update", Kind::Session),
        ("select ' into @x'", Kind::Reading),
        ("select get_lock ('a', 1)", Kind::Session),
        ("do release_lock('a')", Kind::Session),
        ("do f()", Kind::Changing),
        ("select nextval(s)", Kind::Changing),
        ("select next value for s", Kind::Changing),
        ("(select 1) union (select 2)", Kind::Reading),
        ("WITH a AS (SELECT 1) SELECT * FROM a", Kind::Reading),
        (
            "with a as (select 1) delete from t where i in (table a)",
            Kind::Changing,
        ),
        ("with a as (select 1) update t set i = 1", Kind::Changing),
        ("insert into t values (1)", Kind::Changing),
        ("create table t (a int)", Kind::Committing),
        ("DROP VIEW v", Kind::Committing),
        ("optimize table t", Kind::Committing),
        ("call p()", Kind::Changing),
        ("", Kind::Changing),
        ("/* only a comment", Kind::Changing),
        ("select 1; select 2", Kind::Reading),
        ("select 1; insert into t values (1);", Kind::Changing),
        ("insert into t values (1); drop table t", Kind::Committing),
        ("select 1; set @a = 1", Kind::Session),
        ("begin; insert into t values (1); commit", Kind::Session),
        (
            "create procedure p() begin set @a = 1; end",
            Kind::Committing,
        ),
    ] {
        assert_eq!(of(statement).kind, kind, "{statement}");
    }
    let comments = Comments::OfServer {
        version: 110_809,
        is_mariadb: true,
    };
    let reading = Reading {
        comments,
        ..Reading::default()
    };
    let of_mariadb = |text| Effects::of(text, reading).kind;
    assert_eq!(of_mariadb("/*M!100100 set @a = 1 */"), Kind::Session);
    assert_eq!(
        of_mariadb("set statement max_statement_time = 1 for select 1"),
        Kind::Reading
    );
    assert_eq!(of("/*M!100100 set @a = 1 */").kind, Kind::Changing);
}

#[test]
fn each_statement_of_a_text_is_a_step() {
    let change = |text: &str| of(text).steps;
    let t = change("insert into t values (1)");
    assert_eq!(t.len(), 1);
    let commit = |chains| Step::Commit { chains };
    let rollback = |chains| Step::Rollback { chains };
    for (text, steps) in [
        ("begin", vec![Step::Begin]),
        ("START TRANSACTION READ WRITE", vec![Step::Begin]),
        ("xa start 'a'", vec![Step::Begin]),
        ("xa commit 'a'", vec![commit(false)]),
        ("commit and chain", vec![commit(true)]),
        ("commit and no chain", vec![commit(false)]),
        ("rollback work and chain", vec![rollback(true)]),
        ("rollback to savepoint s", vec![]),
        ("SET AUTOCOMMIT = 0", vec![Step::Autocommit(false)]),
        ("set session autocommit=off", vec![Step::Autocommit(false)]),
        (
            "set @@session.autocommit := 1",
            vec![Step::Autocommit(true)],
        ),
        (
            "set names utf8mb4, autocommit = 0",
            vec![Step::Autocommit(false)],
        ),
        ("set global autocommit = 0", vec![]),
        ("set @@global.autocommit = 0", vec![]),
        ("set @autocommit = 0", vec![]),
        ("set @a = @@autocommit", vec![]),
        (
            "set autocommit = 0, @a = @@autocommit",
            vec![Step::Autocommit(false)],
        ),
        (
            "set @@global.a = 1, autocommit = 'OFF'",
            vec![Step::Autocommit(false)],
        ),
        ("set autocommit = ?", vec![Step::Autocommit(true)]),
        ("execute s", vec![Step::Change(Tables::Any)]),
        ("start replica", vec![Step::Change(Tables::Any)]),
        ("handler t open", vec![]),
        ("lock tables t write", vec![commit(false)]),
        ("select * from t", vec![]),
    ] {
        assert_eq!(of(text).steps, steps, "{text}");
    }
    let both = change("begin; insert into t values (1); commit");
    assert_eq!(both, [&[Step::Begin], &t[..], &[commit(false)]].concat());
    let ends = change("drop table t");
    assert_eq!(ends, [&[commit(false)], &t[..], &[commit(false)]].concat());
}

#[test]
fn tables_are_the_same_whatever_the_case_of_their_names() {
    for (one, other, meets) in [
        ("select * from t", "insert into T values (1)", true),
        ("select * from shop.t", "insert into t values (1)", true),
        (
            "select * from shop.t",
            "insert into `SHOP`.t values (1)",
            true,
        ),
        (
            "select * from shop.t",
            "insert into zoo.t values (1)",
            false,
        ),
        ("select * from u", "insert into t values (1)", false),
        ("select 1", "insert into t values (1)", false),
        ("call p()", "insert into t values (1)", true),
        ("show tables", "create table t (a int)", true),
        ("show full tables", "create table t (a int)", true),
        ("show variables", "create table t (a int)", false),
        (
            "select * from information_schema.tables",
            "create table t (a int)",
            true,
        ),
        ("select * from u", "create database d", true),
        ("select * from u", "call p()", true),
        ("select 1", "call p()", false),
        ("select * from u", "grant all on t to a", false),
        ("select * from \"t\"", "insert into t values (1)", true),
        (
            "select * from u, \"shop\".\"t\"",
            "insert into t values (1)",
            true,
        ),
        ("select * from u", "insert into \"t\" values (1)", true),
        (
            "select * from u where a = \"t\"",
            "insert into t values (1)",
            false,
        ),
        (
            "select * from t",
            "insert into u select * from \"v\"",
            false,
        ),
        (
            "select 1; select * from t",
            "insert into t values (1)",
            true,
        ),
    ] {
        let changed = of(other).steps.into_iter().find_map(|step| match step {
            Step::Change(tables) => Some(tables),
            _ => None,
        });
        assert_eq!(
            of(one).uses.meet(&changed.unwrap()),
            meets,
            "{one} after {other}"
        );
    }
}

#[test]
fn questions_about_the_last_statement_are_known_by_their_words() {
    for (text, insert_id, last) in [
        ("select last_insert_id()", true, false),
        ("select LAST_INSERT_ID ( )", true, false),
        ("select @@identity", true, false),
        ("select 'last_insert_id()'", false, false),
        ("select row_count()", false, true),
        ("select found_rows()", false, true),
        ("show\nwarnings", false, true),
        ("show count(*) errors", false, true),
        ("select @@session.warning_count", false, true),
        ("get diagnostics @n = number", false, true),
        ("select 1", false, false),
        ("select 1; select row_count()", false, false),
        ("show warnings; select 1", false, true),
        ("select 1; select last_insert_id()", true, false),
    ] {
        assert_eq!(of(text).asks, Asks { insert_id, last }, "{text}");
    }
}

#[test]
fn of_a_text_that_is_not_whole_the_rest_may_use_anything() {
    for (text, uses) in [
        ("commit /* why", Tables::none()),
        ("rollback and no chain", Tables::none()),
        ("use shop", Tables::none()),
        ("begin; insert into t values ('xxx", Tables::Any),
        (
            "set foreign_key_checks = 0; insert into t values ('x",
            Tables::Any,
        ),
        ("set @a = (select 'xxx", Tables::Any),
        ("select 'xxx", Tables::Any),
    ] {
        let effects = Effects::of_beginning(text, Reading::default());
        assert_eq!(effects.uses, uses, "{text}");
    }
    let begins = Effects::of_beginning("begin; insert into t values ('x", Reading::default());
    assert_eq!(begins.steps.first(), Some(&Step::Begin));
}
