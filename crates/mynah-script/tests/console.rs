//! `console`: what a script says goes to the log, once, and harms no terminal.

mod common;

use std::sync::Mutex;

use common::{Dir, ask, ok, on_worker, open};
use log::{Level, LevelFilter, Log, Metadata, Record};

struct Lines(Mutex<Vec<(Level, String)>>);

impl Log for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        if record.target() == "mynah_script::console" {
            let line = (record.level(), record.args().to_string());
            self.0.lock().unwrap_or_else(|e| e.into_inner()).push(line);
        }
    }

    fn flush(&self) {}
}

static LINES: Lines = Lines(Mutex::new(Vec::new()));

#[test]
fn what_a_script_says_is_logged_once_and_printable() {
    assert!(log::set_logger(&LINES).is_ok());
    log::set_max_level(LevelFilter::Trace);
    let dir = Dir::new();
    dir.write(
        "t.js",
        "console.log('started %d', mysqld.session.port);
        ({stmts: function (stmt) {
            console.warn('%s!', stmt, {a: 1});
            console.log(null);
            console.log('%d %i %f %d', 5n, -6n, 7n, Symbol('a'));
            return {ok: {}};
        }})",
    );
    let trace = dir.load("t.js");
    assert_eq!(trace.problem(), None);
    on_worker(|| ok(ask(&mut open(&trace), "\u{1b}[31m\tred\n\u{7}")));
    let lines = LINES.0.lock().unwrap_or_else(|e| e.into_inner());
    let want = [
        (Level::Info, "started 3306"),
        (Level::Warn, "\\u{1b}[31m\tred\n\\u{7}! {\"a\":1}"),
        (Level::Info, "null"),
        (Level::Info, "5n -6n 7 NaN"),
    ];
    assert_eq!(*lines, want.map(|(level, line)| (level, line.to_owned())));
}
