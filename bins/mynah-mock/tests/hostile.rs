//! The table of hostile forms: whatever a script does, it ends in an error to its own client or costs its
//! worker, while sessions on the other worker and newcomers are served.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{TryRecvError, channel};
use std::thread;
use std::time::Duration;

use support::raw::{Answer, RawClient};
use support::{Mock, trace_file};

/// Forms with a name, each a function's body. `big` is an object that claims to be a long array, `deep(n)` an
/// array nested so deep.
const FORMS: &[(&str, &str)] = &[
    ("loop", "for (;;);"),
    (
        "loop in finally",
        "for (;;) { try { for (;;); } finally { continue } }",
    ),
    ("loop of throws", "for (;;) try { throw 1 } catch (e) {}"),
    ("double a string", "var s = 'x'; for (;;) s += s"),
    (
        "append to a string",
        "var s = ''; for (;;) s += 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'",
    ),
    ("concat", "var s = 'x'; for (;;) s = s.concat(s)"),
    ("template", "var s = 'x'; for (;;) s = `${s}${s}`"),
    ("repeat", "'x'.repeat(2 ** 29)"),
    ("repeat much", "'xy'.repeat(2 ** 52)"),
    ("padStart", "'x'.padStart(2 ** 30, 'ab')"),
    ("padEnd", "'x'.padEnd(2 ** 30, 'ab')"),
    ("join", "new Array(2 ** 28).join('xx')"),
    ("join often", "for (;;) new Array(1000).join('x')"),
    (
        "split often",
        "var s = 'x,'.repeat(1000); for (;;) s.split('')",
    ),
    (
        "replaceAll",
        "var s = 'x'; for (;;) s = s.replaceAll('x', 'xx')",
    ),
    (
        "replace by a function",
        "'x'.repeat(1e6).replace(/x/g, function () { return 'y'.repeat(1000) })",
    ),
    (
        "sort a sparse array",
        "var a = []; a[2 ** 32 - 2] = 1; a.sort()",
    ),
    ("fill", "for (;;) new Array(1000).fill(0)"),
    ("push", "var a = []; for (;;) a.push('x'.repeat(1000))"),
    (
        "length of arrays",
        "var all = []; for (;;) all.push(new Array(1e6).fill(1))",
    ),
    ("from a length", "Array.from({ length: 2 ** 32 - 1 })"),
    ("spread", "Math.max(...new Array(1e8))"),
    ("apply", "String.fromCharCode.apply(null, big)"),
    (
        "spread a generator",
        "[...(function* () { for (;;) yield 1 })()]",
    ),
    (
        "a set of a generator",
        "new Set((function* () { var i = 0; for (;;) yield i++ })())",
    ),
    (
        "from a generator",
        "Array.from((function* () { for (;;) yield 1 })())",
    ),
    ("a map", "var m = new Map(); for (;;) m.set({}, 1)"),
    (
        "properties",
        "var o = {}; for (var i = 0; ; i++) o['p' + i] = i",
    ),
    ("symbols", "for (var i = 0; ; i++) Symbol.for('s' + i)"),
    ("typed array", "new Uint8Array(2 ** 33)"),
    (
        "buffers",
        "var a = []; for (;;) a.push(new ArrayBuffer(1e7))",
    ),
    (
        "sort a typed array",
        "new Float64Array(3e7).map(Math.random).sort()",
    ),
    ("power", "var b = 3n; b ** 100000000n"),
    ("multiply", "var b = 3n; for (;;) b *= b"),
    ("shift", "1n << (2n ** 40n)"),
    ("a long number", "BigInt('9'.repeat(1e6))"),
    ("digits", "(7n ** 1000000n).toString()"),
    ("backtracking", "/^(a+)+$/.test('a'.repeat(60) + 'b')"),
    (
        "backtracking by stars",
        "/a.*b.*c.*d/.test('abc'.repeat(20000))",
    ),
    (
        "backtracking in split",
        "('a'.repeat(60) + 'b').split(/^(a+)+$/)",
    ),
    (
        "a large expression",
        "new RegExp('((((x{500}){500}){500}){500})').test('x')",
    ),
    (
        "a deep expression",
        "new RegExp('('.repeat(1e6) + ')'.repeat(1e6))",
    ),
    (
        "stringify",
        "var a = []; for (var i = 0; i < 1000; i++) a.push({ i: i }); for (;;) JSON.stringify(a)",
    ),
    ("stringify deep", "JSON.stringify(deep(1e5))"),
    ("text of deep", "String(deep(1e5))"),
    ("flat", "deep(1e5).flat(Infinity)"),
    ("parse deep", "JSON.parse('['.repeat(1e6))"),
    (
        "return deep",
        "return { result: { columns: [{ name: 'a', type: 'STRING' }], rows: [[deep(1e5)]] } }",
    ),
    (
        "return deep rows",
        "return { result: { columns: [{ name: 'a', type: 'STRING' }], rows: deep(1e5) } }",
    ),
    ("share deep", "mysqld.global.deep = deep(1e5)"),
    ("share much", "mysqld.global.much = 'x'.repeat(3e8)"),
    ("recursion", "function f() { return f() + 1 } f()"),
    ("recursion in map", "function f() { return [1].map(f) } f()"),
    (
        "recursion in sort",
        "function f() { return [2, 1].sort(f) } f()",
    ),
    (
        "recursion in replace",
        "function f() { return 'x'.replace(/x/, f) } f()",
    ),
    (
        "recursion in toString",
        "var o = { toString: function () { return '' + this } }; '' + o",
    ),
    (
        "recursion in toJSON",
        "var o = { toJSON: function () { return JSON.stringify(this) } }; JSON.stringify(o)",
    ),
    (
        "recursion in a getter",
        "var o = { get a() { return this.a } }; o.a",
    ),
    (
        "recursion in a proxy",
        "var p = new Proxy({}, { get: function (t, k, r) { return r[k] } }); p.a",
    ),
    (
        "a chain of proxies",
        "var p = {}; for (var i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.a",
    ),
    (
        "a chain of prototypes",
        "var p = {}; for (var i = 0; i < 1e6; i++) p = Object.create(p); p.a",
    ),
    (
        "a chain of bound functions",
        "var f = function () {}; for (var i = 0; i < 1e5; i++) f = f.bind(); f()",
    ),
    ("parse brackets", "new Function('['.repeat(1e5))"),
    (
        "parse assignments",
        "new Function('a = '.repeat(150000) + '1')",
    ),
    ("parse members", "new Function('o' + '.a'.repeat(150000))"),
    (
        "parse operators",
        "new Function('return ' + '!'.repeat(150000) + '1')",
    ),
    (
        "parse terms",
        "new Function('return 1' + '+1'.repeat(300000))",
    ),
    ("parse a number", "new Function('return 3n ** 100000000n')"),
    (
        "wait",
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    ),
    ("log", "for (;;) console.log('x'.repeat(1e6))"),
];

/// Methods of arrays that walk as far as `length` says.
const WALKS: &[&str] = &[
    "concat",
    "copyWithin",
    "every",
    "fill",
    "filter",
    "find",
    "findIndex",
    "findLast",
    "flat",
    "flatMap",
    "forEach",
    "includes",
    "indexOf",
    "join",
    "lastIndexOf",
    "map",
    "push",
    "reduce",
    "reduceRight",
    "reverse",
    "shift",
    "slice",
    "some",
    "sort",
    "splice",
    "toLocaleString",
    "toReversed",
    "toSorted",
    "toSpliced",
    "unshift",
];

/// Where in a script a form stands. `run(name)` runs the form of that name.
const PLACES: &[(&str, &str)] = &[
    (
        "function",
        "({ stmts: function (stmt) { return run(stmt) } })",
    ),
    (
        "coroutine",
        "({ stmts: new Duktape.Thread(function (stmt) {
             for (;;) stmt = Duktape.Thread.yield(run(stmt));
         }) })",
    ),
    (
        "generator",
        "({ stmts: function* () { var stmt = yield; for (;;) stmt = yield run(stmt) } })",
    ),
    (
        "handshake",
        "({ handshake: function () { later(); return {} }, stmts: function (stmt) { return set(stmt) } })",
    ),
    (
        "top level",
        "later(); ({ stmts: function (stmt) { return set(stmt) } })",
    ),
];

/// The text of a script with these forms at a place.
fn script(forms: &[(String, String)], place: &str) -> String {
    let mut text = "var big = { length: Math.pow(2, 53) - 1 };
        function deep(n) { var a = []; for (var i = 0; i < n; i++) a = [a]; return a }
        // Says what sessions by the Unix socket run where they begin.
        function set(stmt) { if (stmt !== 'ok') mysqld.global.next = stmt; return { ok: {} } }
        function later() { if (mysqld.session.port === 0) run(mysqld.global.next) }
        function run(name) { return (forms[name] || ok)() || { ok: {} } }
        function ok() {}
        var forms = {\n"
        .to_owned();
    for (name, body) in forms {
        text.push_str(&format!("'{name}': function () {{ {body} }},\n"));
    }
    text.push_str("};\n");
    text.push_str(place);
    text
}

/// All forms there are.
fn forms() -> Vec<(String, String)> {
    let forms = FORMS
        .iter()
        .map(|(name, body)| ((*name).to_owned(), (*body).to_owned()));
    let walks = WALKS.iter().map(|walk| {
        let body = format!("Array.prototype.{walk}.call(big, function () {{ return false }}, 1)");
        (format!("walk {walk}"), body)
    });
    forms.chain(walks).collect()
}

/// Starts the mock with so little memory that it has to keep house.
fn start(script: &str, isolation: &str, budget: &str) -> (Mock, tempfile::TempDir) {
    let (folder, path) = trace_file("hostile.js", script);
    let mut mock = Command::new("sh");
    mock.args([
        "-c",
        "ulimit -v 8000000; exec \"$0\" \"$@\" 2> \"$LOG\"",
        env!("CARGO_BIN_EXE_mynah-mock"),
        "-f",
    ])
    .arg(path)
    .args([
        "--workers",
        "2",
        "--lost-workers",
        "100",
        "--isolation",
        isolation,
    ])
    .args(["--statement-budget", budget])
    .arg("--socket")
    .arg(folder.path().join("socket"))
    .env("LOG", folder.path().join("log"))
    .env_remove("RUST_LOG");
    (Mock::start(&mut mock), folder)
}

struct Table {
    budget: &'static str,
    /// How long others wait for their answers.
    timeout: Duration,
}

impl Table {
    /// Runs forms at a place, a few in a program: what they cost isn't given back. Gives those that others had to
    /// wait for. With `MYNAH_HOSTILE_FORMS` only those whose line contains that text.
    fn run(&self, forms: &[(String, String)], place: (&str, &str), isolation: &str) -> Vec<String> {
        let only = std::env::var("MYNAH_HOSTILE_FORMS").unwrap_or_default();
        let line = |name: &str| format!("{name}, {}, {isolation}", place.0);
        let forms: Vec<_> = forms
            .iter()
            .filter(|(name, _)| line(name).contains(&only))
            .cloned()
            .collect();
        let mut failed = Vec::new();
        for forms in forms.chunks(4) {
            let script = script(forms, place.1);
            let (mut mock, mut folder) = start(&script, isolation, self.budget);
            for (name, _) in forms {
                let socket = folder.path().join("socket");
                let what = line(name);
                // That the two are on different workers is likely, and no more.
                let mut tries = (0..3).map(|_| self.form(&mock, &socket, name, place.0));
                let outcome = tries.try_fold(String::new(), |failed, tried| match tried {
                    Ok(outcome) => Err(outcome),
                    Err(error) => Ok(format!("{failed} {error};")),
                });
                match outcome {
                    Err(outcome) => println!("{what}: {outcome}"),
                    Ok(outcome) => {
                        let log = std::fs::read_to_string(folder.path().join("log"));
                        println!("{what}: OTHERS WAITED:{outcome}\n{log:?}");
                        failed.push(what);
                        (mock, folder) = start(&script, isolation, self.budget);
                    }
                }
            }
        }
        failed
    }

    /// Runs a form in a session, and gives what came of it; an error if others had to wait meanwhile.
    fn form(&self, mock: &Mock, socket: &Path, name: &str, place: &str) -> io::Result<String> {
        let address = mock.address;
        // One for each worker: the one that has the hostile session's worker is lost with it, or waits.
        let mut others = Vec::new();
        for _ in 0..2 {
            let mut other = RawClient::connect(address, self.timeout)?;
            other.query("ok")?;
            others.push(other);
        }
        let is_early = matches!(place, "handshake" | "top level");
        if let (true, Some(other)) = (is_early, others.first_mut()) {
            other.query(name)?;
        }
        let (sender, outcomes) = channel();
        let (begin, begun) = channel();
        let statement = if is_early { "ok" } else { name }.to_owned();
        let socket = socket.to_owned();
        thread::spawn(move || {
            let own = || {
                if is_early {
                    begin.send(()).ok();
                }
                let mut own = RawClient::connect_unix(&socket, OWN_PATIENCE)?;
                own.send_query(&statement)?;
                begin.send(()).ok();
                own.answer()
            };
            sender.send(own())
        });
        // A client that is on its worker already would be lost with it.
        begun.recv().ok();
        let outcome = loop {
            let outcome = outcomes.try_recv();
            if let Err(error) = self.serves_others(address, &mut others) {
                // Else the next try would find a busy worker.
                outcomes.recv().ok();
                return Err(error);
            }
            match outcome {
                Ok(outcome) => break outcome,
                Err(TryRecvError::Empty) => thread::yield_now(),
                Err(TryRecvError::Disconnected) => panic!("the client panicked"),
            }
        };
        for other in others {
            other.quit()?;
        }
        match outcome {
            Ok(answer) => Ok(format!("{answer:?}")),
            Err(error) => {
                let waited = [io::ErrorKind::WouldBlock, io::ErrorKind::TimedOut];
                if waited.contains(&error.kind()) {
                    return Err(io::Error::other("it was never ended"));
                }
                Ok(format!("closed: {error}"))
            }
        }
    }

    /// Whether one of the sessions is answered, and a newcomer. Those that aren't are given up.
    fn serves_others(&self, address: SocketAddr, others: &mut Vec<RawClient>) -> io::Result<()> {
        let mut failed = None;
        let asked = std::mem::take(others);
        for mut other in asked {
            match served(&mut other) {
                Ok(()) => others.push(other),
                Err(error) => failed = Some(error),
            }
        }
        if let (true, Some(error)) = (others.is_empty(), failed) {
            return Err(error);
        }
        let mut newcomer = RawClient::connect(address, self.timeout)?;
        served(&mut newcomer)?;
        newcomer.quit()
    }
}

/// Asks something harmless.
fn served(client: &mut RawClient) -> io::Result<()> {
    match client.query("ok")? {
        Answer::Ok => Ok(()),
        other => Err(io::Error::other(format!("{other:?}"))),
    }
}

/// How long a hostile session may last.
const OWN_PATIENCE: Duration = Duration::from_secs(120);

#[test]
fn whatever_a_script_does_others_are_served() {
    let table = Table {
        budget: "1s",
        timeout: Duration::from_secs(10),
    };
    let forms = forms();
    let mut failed = Vec::new();
    // Each form once, and in each place some of them, in both ways to run a script.
    for (number, place) in PLACES.iter().enumerate() {
        for (way, isolation) in ["auto", "context"].into_iter().enumerate() {
            let due = number * 2 + way;
            let some: Vec<_> = forms
                .iter()
                .skip(due)
                .step_by(PLACES.len() * 2)
                .cloned()
                .collect();
            failed.extend(table.run(&some, *place, isolation));
        }
    }
    assert_eq!(failed, [""; 0], "others had to wait");
}

#[test]
#[ignore = "the whole table takes twenty minutes"]
fn whatever_a_script_does_wherever_others_are_served() {
    let table = Table {
        budget: "2s",
        timeout: Duration::from_secs(1),
    };
    let mut failed = Vec::new();
    for place in PLACES {
        for isolation in ["auto", "context"] {
            failed.extend(table.run(&forms(), *place, isolation));
        }
    }
    assert_eq!(failed, [""; 0], "others had to wait");
}
