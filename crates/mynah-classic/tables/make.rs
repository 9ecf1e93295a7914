//! Generates the tables in `src/tables/*_of_*.rs` from real servers:
//!
//! ```text
//! cargo run -p mynah-classic --example make-tables
//! cargo fmt -p mynah-classic
//! ```
//!
//! Collations are queried from the running servers. Errors are read from the servers' programs:
//! MariaDB has no SQL for them, and MySQL has it only with its performance schema switched on. Both
//! programs have a static table of errors, which is found by the programs' relocations. MariaDB's
//! has no names; those are in its header `mysqld_error.h`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a tool that stops when something isn't as expected"
)]

mod program;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use mynah_testkit::servers::{RealServer, Server, run};
use program::Program;

fn main() {
    for (kind, product, client, sql, errors) in [
        (
            RealServer::MySql97,
            "mysql",
            "usr/bin/mysql",
            MYSQL_COLLATIONS,
            mysql_errors as fn(&Server) -> Errors,
        ),
        (
            RealServer::MariaDb118,
            "mariadb",
            "usr/bin/mariadb",
            MARIADB_COLLATIONS,
            mariadb_errors,
        ),
    ] {
        let server = Server::start(kind).expect("a real server");
        let version = server.version().split('-').next().unwrap();
        let from = format!("{} {version}", kind.product());
        let rows = query(&server, client, sql);
        write(
            &format!("collations_of_{product}.rs"),
            &collations(&from, &rows),
        );
        write(
            &format!("errors_of_{product}.rs"),
            &errors_table(&from, &errors(&server)),
        );
    }
}

/// Name and SQLSTATE of each error, by its number.
type Errors = BTreeMap<u16, (String, String)>;

fn query(server: &Server, client: &str, sql: &str) -> String {
    let root = server.root();
    let mut command = root.command(&root.path(client));
    let port = server.address().port();
    command
        .args([
            "--no-defaults",
            "-h",
            "127.0.0.1",
            "-u",
            "nobody",
            "-N",
            "-B",
        ])
        .arg(format!("--port={port}"))
        .args(["-e", sql]);
    run(&mut command).expect("the client's answer")
}

fn collations(from: &str, rows: &str) -> String {
    let mut text = head(from, "Collations", "Collation");
    for row in rows.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let [id, name, charset, max_len, is_default] = cells[..] else {
            panic!("{row:?}");
        };
        let is_default = is_default == "Yes";
        writeln!(
            text,
            "    collation({id}, {name:?}, {charset:?}, {max_len}, {is_default}),"
        )
        .unwrap();
    }
    text + "];\n"
}

fn errors_table(from: &str, errors: &Errors) -> String {
    assert!(errors.len() > 900, "{} errors of {from}", errors.len());
    let mut text = head(from, "Errors", "ServerError");
    for (code, (name, state)) in errors {
        writeln!(text, "    error({code}, {name:?}, *b{state:?}),").unwrap();
    }
    text + "];\n"
}

fn head(from: &str, what: &str, element: &str) -> String {
    let (upper, function) = (
        what.to_uppercase(),
        match element {
            "Collation" => "collation::{Collation, collation}",
            _ => "server_error::{ServerError, error}",
        },
    );
    format!(
        "//! {what} of {from}. Made by `tables/make.rs`, which says how; not to be edited.\n\n\
         use super::{function};\n\n\
         pub(super) const {upper}: &[{element}] = &[\n"
    )
}

fn write(name: &str, text: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tables");
    fs::write(folder.join(name), text).unwrap();
    println!("{name}: {} lines", text.lines().count());
}

/// Reads entries of name, number, text, state, state for ODBC. Numbers from 10000 on belong to the
/// error log and never reach a client.
fn mysql_errors(server: &Server) -> Errors {
    let program = Program::read(&server.root().path("usr/sbin/mysqld"));
    let mut errors = Errors::new();
    for at in program.pointers() {
        let name = program.string_at(at);
        let state = program.string_at(at + 24);
        let (Some(name), Some(state), Some(_)) = (name, state, program.string_at(at + 16)) else {
            continue;
        };
        let code = program.number(at + 8);
        let is_name = name.starts_with("ER_") || name.starts_with("WARN_");
        if is_name && is_state(&state) && (1000..10000).contains(&code) {
            errors.insert(u16::try_from(code).unwrap(), (name, state));
        }
    }
    for (_, state) in errors.values_mut() {
        or_general(state);
    }
    errors
}

/// Reads entries of number, state, state for JDBC, for the errors that have a state.
fn mariadb_errors(server: &Server) -> Errors {
    let program = Program::read(&server.root().path("usr/sbin/mariadbd"));
    let mut states = BTreeMap::new();
    for at in program.pointers() {
        let (state, jdbc) = (program.string_at(at), program.string_at(at + 8));
        let (Some(mut state), Some(_)) = (state, jdbc) else {
            continue;
        };
        let code = program.number(at - 8);
        if is_state(&state) && (1000..10000).contains(&code) {
            or_general(&mut state);
            states.insert(u16::try_from(code).unwrap(), state);
        }
    }
    let header = server.root().path("usr/include/mariadb/mysqld_error.h");
    let header = fs::read_to_string(header).unwrap();
    let mut errors = Errors::new();
    for line in header.lines() {
        let mut words = line.split_whitespace();
        if let (Some("#define"), Some(name), Some(code)) =
            (words.next(), words.next(), words.next())
            && let Ok(code) = code.parse()
            && !matches!(name, "ER_ERROR_FIRST" | "ER_ERROR_LAST")
            && !name.contains("_SECTION_")
        {
            let state = states
                .get(&code)
                .cloned()
                .unwrap_or_else(|| GENERAL_ERROR.to_owned());
            errors.entry(code).or_insert((name.to_owned(), state));
        }
    }
    errors
}

fn is_state(state: &str) -> bool {
    let is_state = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    state.is_empty() || (state.len() == 5 && state.bytes().all(is_state))
}

fn or_general(state: &mut String) {
    if state.is_empty() {
        GENERAL_ERROR.clone_into(state);
    }
}

const GENERAL_ERROR: &str = "HY000";

const MYSQL_COLLATIONS: &str = "SELECT c.ID, c.COLLATION_NAME, c.CHARACTER_SET_NAME, s.MAXLEN, \
    c.IS_DEFAULT FROM information_schema.COLLATIONS c \
    JOIN information_schema.CHARACTER_SETS s USING (CHARACTER_SET_NAME) ORDER BY 1";

/// A collation that several character sets have has an id with each of them.
const MARIADB_COLLATIONS: &str = "SELECT c.ID, c.FULL_COLLATION_NAME, c.CHARACTER_SET_NAME, \
    s.MAXLEN, c.IS_DEFAULT FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY c \
    JOIN information_schema.CHARACTER_SETS s USING (CHARACTER_SET_NAME) ORDER BY 1";
