//! Section 10: `process` and `console`.

use crate::harness::{are_worth, js, values_of};

#[test]
fn the_environment_of_the_program() {
    let found = values_of(
        |text| js(text).env("MYNAH_SAID", "so ä").env("MYNAH_EMPTY", ""),
        &[
            "process.env.MYNAH_SAID",
            "process.getenv('MYNAH_SAID')",
            "process.env.MYNAH_EMPTY",
            "typeof process.env.PATH",
            "!process.env.MYNAH_NOPE",
            "!process.getenv('MYNAH_NOPE')",
        ],
    );
    assert_eq!(
        found,
        ["\"so ä\"", "\"so ä\"", "\"\"", "\"string\"", "true", "true"]
    );
}

#[test]
fn the_directory_of_the_program() {
    let found = values_of(js, &["process.cwd()"]);
    let directory = std::env::current_dir().unwrap().canonicalize().unwrap();
    assert_eq!(found, [format!("{:?}", directory.to_str().unwrap())]);
}

#[test]
fn the_rest_of_process() {
    are_worth(&[
        ("process.argv", "[]"),
        ("process.stdout.fd", "1"),
        ("process.stderr.fd", "2"),
        ("typeof process.stdout.write", "\"function\""),
        ("typeof process.stderr.write", "\"function\""),
        (
            "(process.on('exit', function() { throw 'never'; }), 1)",
            "1",
        ),
        ("(process.removeListener('exit', function() {}), 1)", "1"),
        (
            "(function() { var said = []; process.nextTick(function() { said.push('now'); });
               said.push('then'); return said; })()",
            "[\"now\",\"then\"]",
        ),
        (
            "(function() { var said; process.nextTick(function(a, b) { said = [a, b]; }, 1, 2);
               return said; })()",
            "[1,2]",
        ),
    ]);
}

#[test]
fn the_output_of_a_script_is_printed() {
    let trace = js("({ stmts: function(stmt) {
        process.stderr.write('to stderr\\n'); process.stdout.write('to stdout\\n');
        return { ok: {} }; } })");
    trace.play(|mock| mock.answer("x").done());
    for isolation in [
        crate::harness::Isolation::Auto,
        crate::harness::Isolation::Context,
    ] {
        let mock = crate::harness::Mock::start(&trace, isolation);
        mock.answer("x").done();
        let log = mock.log();
        let (_, stdout) = mock.end("TERM");
        assert!(log.contains("to stderr"), "{log}");
        assert!(stdout.contains("to stdout"), "{stdout}");
    }
}

#[test]
fn console_formats_what_it_logs() {
    let trace = js("({ stmts: function() {
        console.log('a %s b %d c %i d %j e %f f %% g', 'text', 1.5, 2.9, { k: [1] }, 0.25, 'rest');
        console.log('plain', 5, true, null);
        console.warn('warned of %s', 'it');
        console.log();
        return { ok: {} };
    } })");
    let loud = trace.args(&["--verbose"]);
    loud.play(|mock| {
        mock.answer("x").done();
        let log = mock.log();
        for line in [
            "a text b 1.5 c 2 d {\"k\":[1]} e 0.25 f % g rest",
            "plain 5 true null",
            "warned of it",
        ] {
            assert!(log.contains(line), "{line} in:\n{log}");
        }
    });
}

#[test]
fn only_warnings_of_the_console_are_shown_by_default() {
    let trace = js("({ stmts: function() {
        console.log('quiet'); console.warn('loud'); return { ok: {} }; } })");
    trace.play(|mock| {
        mock.answer("x").done();
        let log = mock.log();
        assert!(log.contains("loud") && !log.contains("quiet"), "{log}");
    });
}
