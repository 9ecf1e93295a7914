//! How long it takes to open a session, and to answer a statement, for each class of script.

#![allow(clippy::unwrap_used, reason = "a bench may panic")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use mynah_script::{Globals, Isolation, STACK_SIZE, Script, ScriptOptions, Session, Worker};
use mynah_session::{Connection, Handler, Statement};

/// A function that answers with one row, and one that needs what scripts commonly need.
const FUNCTION: &str = r#"({ stmts: function (stmt) {
    return { result: {
        columns: [{ name: "id", type: "LONG" }, { name: "name", type: "VAR_STRING" }],
        rows: [["1", "ada"]],
    } };
} })"#;
const TYPICAL: &str = r#"
var helper = require("./helper");
var calls = 0;
if (mysqld.global.x === undefined) mysqld.global.x = 0;
({
  handshake: { auth: { username: "me" } },
  stmts: function (stmt) {
    calls += 1;
    return helper.get(stmt) || { ok: { affected_rows: calls } };
  },
})"#;
const HELPER: &str = r#"
var known = { "select 1": { ok: { message: "one" } } };
exports.get = function (stmt) { return known.hasOwnProperty(stmt) ? known[stmt] : undefined; };"#;
const ARRAY: &str = r#"({ loop: true, stmts: [{ result: {
    columns: [{ name: "id", type: "LONG" }, { name: "name", type: "VAR_STRING" }],
    rows: [["1", "ada"]],
} }] })"#;

fn load(text: &str, isolation: Isolation) -> Script {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("t.js"), text).unwrap();
    std::fs::write(dir.path().join("helper.js"), HELPER).unwrap();
    let mut options = ScriptOptions::default();
    options.isolation = isolation;
    let path = dir.path().join("t.js");
    Script::load(path, options, Arc::new(Globals::new())).unwrap()
}

fn open(worker: &Worker) -> Session {
    worker.open(Connection { id: 1, port: 3306 })
}

fn sessions(c: &mut Criterion) {
    let scripts = [
        ("static", load(ARRAY, Isolation::Auto)),
        ("factory", load(FUNCTION, Isolation::Auto)),
        ("factory, typical", load(TYPICAL, Isolation::Auto)),
        ("isolated", load(FUNCTION, Isolation::Context)),
    ];
    for (name, script) in &scripts {
        let worker = script.worker();
        c.bench_function(&format!("open/{name}"), |b| b.iter(|| open(&worker)));
    }
    for (name, script) in &scripts {
        let worker = script.worker();
        let mut session = open(&worker);
        let statement = Statement::query("select 1");
        c.bench_function(&format!("statement/{name}"), |b| {
            b.iter(|| black_box(session.statement(&statement)));
        });
    }
}

/// Scripts need a large stack.
fn main() {
    let run = || {
        let mut criterion = Criterion::default().configure_from_args();
        sessions(&mut criterion);
        criterion.final_summary();
    };
    let thread = std::thread::Builder::new().stack_size(STACK_SIZE);
    thread.spawn(run).unwrap().join().unwrap();
}
