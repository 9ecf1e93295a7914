//! The command line: each option, each form, each error.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::TcpListener;

use mysql_async::prelude::Queryable;
use support::{Mock, fixture, program, run, trace_file};

/// How the program ends at once: its exit code, and what it says on standard output.
fn ended(args: &[&str]) -> (Option<i32>, String) {
    let output = run(args);
    assert!(output.stderr.is_empty(), "{output:?}");
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn help_lists_the_options() {
    for form in ["--help", "-?", "-h"] {
        let (code, help) = ended(&["--port", "1", form]);
        assert_eq!(code, Some(0), "{form}");
        for option in [
            "-f, --filename",
            "-B, --bind-address",
            "-P, --port",
            "--socket",
            "-X, --xport",
            "--xsocket",
            "--http-port",
            "--module-prefix",
            "--verbose",
            "--logging-folder",
            "--ssl-mode",
            "--ssl-cert",
            "--ssl-key",
            "--ssl-self-signed",
            "--ssl-ca",
            "--ssl-capath",
            "--ssl-crl",
            "--ssl-crlpath",
            "--ssl-cipher",
            "--tls-version",
            "--core-file",
            "-V, --version",
            "--isolation",
            "--statement-budget",
            "--workers",
        ] {
            assert!(help.contains(option), "{option} in:\n{help}");
        }
    }
}

#[test]
fn the_version_is_the_programs() {
    let expected = concat!("mynah-mock ", env!("CARGO_PKG_VERSION"), "\n");
    for form in ["--version", "-V"] {
        assert_eq!(ended(&[form]), (Some(0), expected.to_owned()));
    }
}

const WRONG: &[(&[&str], &str)] = &[
    (
        &[],
        "option filename in [mock_server:classic] needs a value",
    ),
    (
        &["--filename="],
        "option filename in [mock_server:classic] needs a value",
    ),
    (
        &["--filename"],
        "option '--filename' expects a value, got nothing",
    ),
    (&["-f", "a.js", "--colour"], "unknown option '--colour'."),
    (&["a.js"], "invalid argument 'a.js'."),
    (
        &["--verbose=1"],
        "option '--verbose' does not expect a value, but got a value",
    ),
    (
        &["-f", "a.js", "--port", "65536"],
        "option port in [mock_server:classic] needs value between 0 and 65535 inclusive, was '65536'",
    ),
    (
        &["-f", "a.js", "-P=0xffff"],
        "option port in [mock_server:classic] needs value between 0 and 65535 inclusive, was '0xffff'",
    ),
    (
        &["-f", "a.js", "-X", "x"],
        "option port in [mock_server:x] needs value between 0 and 65535 inclusive, was 'x'",
    ),
    (
        &["-f", "a.js", "--http-port=-1"],
        "option port in [http_server] needs value between 0 and 65535 inclusive, was '-1'",
    ),
    (
        &["-f", "a.js", "--ssl-mode", "maybe"],
        "invalid value 'maybe' in option ssl_mode in [mock_server:classic]. \
         Allowed values: DISABLED,PREFERRED,REQUIRED",
    ),
    (
        &["-f", "a.js", "--tls-version", "TLSv9"],
        "setting 'tls_version=TLSv9' failed. Unknown TLS version.",
    ),
    (
        &["-f", "a.js", "--core-file=2"],
        "Value for parameter '--core-file' needs to be one of: ['0', '1'], was '2'",
    ),
    (
        &["-f", "a.js", "--isolation", "none"],
        "Value for parameter '--isolation' needs to be one of: ['auto', 'context'], was 'none'",
    ),
    (
        &["-f", "a.js", "--statement-budget", "5"],
        "option statement-budget needs a time from 1ms to 24h, like 500ms or 5s, was '5'",
    ),
    (
        &["-f", "a.js", "--workers", "0"],
        "option workers needs value between 1 and 1024 inclusive, was '0'",
    ),
    (
        &["-f", "no/such/trace.js", "-P", "0"],
        "can't read the trace no/such/trace.js: No such file or directory",
    ),
];

#[test]
fn what_is_wrong_is_said_on_standard_output_and_ends_with_1() {
    for (args, expected) in WRONG {
        let (code, message) = ended(args);
        assert_eq!(code, Some(1), "{args:?}: {message}");
        let expected = format!("ERROR: {expected}");
        assert!(message.starts_with(&expected), "{args:?}: {message}");
        assert_eq!(message.matches('\n').count(), 1, "{args:?}: {message}");
    }
}

/// What the program says of these arguments and a trace that is fine.
fn refused(args: &[&str]) -> String {
    let trace = fixture("hello.js");
    let common = ["-f", trace.to_str().unwrap(), "-B", "127.0.0.1"];
    let (code, message) = ended(&[&common[..], args].concat());
    assert_eq!(code, Some(1), "{message}");
    message
}

#[test]
fn what_cannot_be_listened_on_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let expected = format!("ERROR: binding to 127.0.0.1:{port} failed: Address already in use");
    for args in [
        &["--port", &port][..],
        &["--port", "0", "--xport", &port],
        &["--port=0", "--http-port", &port],
    ] {
        let message = refused(args);
        assert!(message.starts_with(&expected), "{args:?}: {message}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no/such.sock");
    let message = refused(&["--socket", path.to_str().unwrap()]);
    let expected = format!("ERROR: binding to {} failed: No such file", path.display());
    assert!(message.starts_with(&expected), "{message}");
}

#[test]
fn tls_needs_certificate_and_key() {
    let tls = |name: &str| format!("{}/../../fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"));
    let (cert, key) = (tls("server.pem"), tls("server-key.pem"));
    let message = refused(&["-P0", "--ssl-mode=Required"]);
    let expected = "ERROR: if ssl_mode is not DISABLED, ssl_key and ssl_cert MUST be set. \
                    ssl_key is empty, ssl_cert is empty; --ssl-self-signed makes both\n";
    assert_eq!(message, expected);
    for (args, option) in [
        (
            &["--ssl-cert", "/no/such.pem", "--ssl-key", &key][..],
            "ssl_cert",
        ),
        (&["--ssl-cert", &cert, "--ssl-key", &cert], "ssl_key"),
        (
            &[
                "--ssl-cert",
                &cert,
                "--ssl-key",
                &key,
                "--ssl-ca",
                "/no/such.pem",
            ],
            "ssl_ca",
        ),
        (
            &[
                "--ssl-cert",
                &cert,
                "--ssl-key",
                &key,
                "--ssl-cipher",
                "ROT13",
            ],
            "ssl_cipher",
        ),
    ] {
        let message = refused(&[&["-P0", "--ssl-mode", "preferred"][..], args].concat());
        let expected = format!("ERROR: setting {option}='");
        assert!(message.starts_with(&expected), "{args:?}: {message}");
    }
}

#[tokio::test]
async fn a_statement_may_run_for_its_budget() {
    let (_folder, path) = trace_file("loop.js", "({ stmts: function(stmt) { while (true); } })");
    let mut mock = program();
    mock.args([
        "--statement-budget",
        "20ms",
        "--isolation",
        "context",
        "--workers",
        "1",
        "-f",
    ]);
    let mock = Mock::start(mock.arg(path));
    let error = mock
        .connect()
        .await
        .query_drop("anything")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("executing statement failed"),
        "{error}"
    );
}

#[tokio::test]
async fn the_last_of_an_option_counts() {
    let mut mock = program();
    mock.args(["-f", "no/such.js", "--core-file", "-f"]);
    mock.arg(fixture("hello.js"))
        .args(["-X", "0", "--http-port=1", "--http-port=0"]);
    let mut mock = Mock::start(&mut mock);
    assert!(mock.listening("x").starts_with("127.0.0.1:"));
    assert!(mock.listening("http").starts_with("127.0.0.1:"));
    mock.connect().await.ping().await.unwrap();
}
