//! The scripts in `fixtures/scripts` do what they say.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{ask, cells, error, ok, on_worker, open, rows, told};
use mynah_script::{Session, Trace, TraceOptions};
use mynah_session::Handler;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/scripts")
        .join(name)
}

fn load(name: &str) -> Trace {
    let trace = common::load(&fixture(name), TraceOptions::default(), Arc::default());
    assert_eq!(trace.problem(), None, "{name}");
    trace
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn answers_hello(session: &mut Session) {
    assert!(session.greeting().is_ok());
    let version = rows(ask(session, "select @@version_comment limit 1"));
    assert_eq!(cells(&version), [[text("Mynah")]]);
    let databases = rows(ask(session, "show databases"));
    assert_eq!(
        cells(&databases),
        [[text("information_schema")], [text("zoo")]]
    );
    let people = rows(ask(session, "select name, age from people"));
    assert_eq!(
        cells(&people),
        [[text("ada"), text("36")], [text("bert"), None]]
    );
    let inserted = ok(ask(session, "insert into people values ('cleo', 52)"));
    assert_eq!((inserted.affected_rows, inserted.last_insert_id), (1, 3));
    assert_eq!(told(&error(ask(session, "drop table people"))).1, "42000");
}

#[test]
fn hello_answers_as_its_comments_say() {
    for name in ["hello.js", "hello.json"] {
        let trace = load(name);
        on_worker(|| answers_hello(&mut open(&trace)));
    }
}

#[test]
fn examples_of_the_user_guide_can_be_loaded() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/scripts.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let dir = common::Dir::new();
    let blocks = guide.split("\n```").skip(1).step_by(2);
    let mut loaded = 0;
    for block in blocks {
        let (language, text) = block.split_once('\n').unwrap();
        // What has no statements shows a line or two of a script.
        if text.contains("stmts") {
            let name = format!("example.{language}");
            dir.write(&name, text);
            assert_eq!(dir.load(&name).problem(), None, "{text}");
            loaded += 1;
        }
    }
    assert!(loaded >= 10, "{loaded}");
}

#[test]
fn what_is_measured_answers_one_row_for_ever() {
    for name in ["bench_function.js", "bench.json"] {
        let trace = load(name);
        on_worker(|| {
            let session = &mut open(&trace);
            for _ in 0..3 {
                let result = rows(ask(session, "x"));
                assert_eq!(cells(&result), [[text("1"), text("ada")]], "{name}");
            }
        });
    }
}
