//! The command line: each option, each form, each error.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Stdio;

use mysql_async::prelude::Queryable;
use support::{Mock, fixture, program, run, trace_file};

/// Runs the program with wrong arguments; returns its exit code, standard output and standard
/// error.
fn ended(args: &[&str]) -> (Option<i32>, String, String) {
    let output = run(args);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn help_lists_the_options() {
    for form in ["--help", "-?", "-h"] {
        let (code, help, error) = ended(&["--port", "1", form]);
        assert_eq!((code, &*error), (Some(0), ""), "{form}");
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
    let expected = [
        concat!("mynah-mock ", env!("CARGO_PKG_VERSION"), "\ncommit: "),
        "\nfeatures: ",
        &format!("\nlibrary: {}\n", openssl::version::version()),
    ];
    for args in [&["--version"][..], &["-V"], &["run", "-V"]] {
        let (code, version, error) = ended(args);
        assert_eq!((code, &*error), (Some(0), ""), "{args:?}");
        for part in expected {
            assert!(version.contains(part), "{args:?}: {version}");
        }
    }
}

/// The arguments, the program's error, and the original's error.
const WRONG: &[(&[&str], &str, &str)] = &[
    (
        &[],
        "--filename is missing, the script to answer from; write mynah-mock --filename script.js",
        "option filename in [mock_server:classic] needs a value",
    ),
    (
        &["--filename="],
        "--filename is missing",
        "option filename in [mock_server:classic] needs a value",
    ),
    (
        &["--filename"],
        "no value for --filename; write --filename <FILE>",
        "option '--filename' expects a value, got nothing",
    ),
    (
        &["-f", "a.js", "--nonsense"],
        "unknown option '--nonsense'; --help lists the options",
        "unknown option '--nonsense'.",
    ),
    (
        &["-f", "a.js", "--bind-adress", "::"],
        "unknown option '--bind-adress'; did you mean --bind-address?",
        "unknown option '--bind-adress'.",
    ),
    (
        &["a.js"],
        "unexpected argument 'a.js'; did you mean --filename a.js?",
        "invalid argument 'a.js'.",
    ),
    (
        &["--verbose=1"],
        "value '1' for --verbose, which takes none; write --verbose alone",
        "option '--verbose' does not expect a value, but got a value",
    ),
    (
        &["-f", "a.js", "--port", "65536"],
        "bad value '65536' in --port; use a number from 0 to 65535",
        "option port in [mock_server:classic] needs value between 0 and 65535 inclusive, was '65536'",
    ),
    (
        &["-f", "a.js", "-P=0xffff"],
        "bad value '0xffff' in --port; use a number from 0 to 65535",
        "option port in [mock_server:classic] needs value between 0 and 65535 inclusive, was '0xffff'",
    ),
    (
        &["-f", "a.js", "-P", "-1"],
        "bad value '-1' in --port; use a number from 0 to 65535",
        "option '-P' expects a value, got nothing",
    ),
    (
        &["-f", "a.js", "-X", "x"],
        "bad value 'x' in --xport; use a number from 0 to 65535",
        "option port in [mock_server:x] needs value between 0 and 65535 inclusive, was 'x'",
    ),
    (
        &["-f", "a.js", "--http-port=-1"],
        "bad value '-1' in --http-port; use a number from 0 to 65535",
        "option port in [http_server] needs value between 0 and 65535 inclusive, was '-1'",
    ),
    (
        &["-f", "a.js", "--ssl-mode", "maybe"],
        "bad value 'maybe' in --ssl-mode; use disabled, preferred or required",
        "invalid value 'maybe' in option ssl_mode in [mock_server:classic]. \
         Allowed values: DISABLED,PREFERRED,REQUIRED",
    ),
    (
        &["-f", "a.js", "--tls-version", "TLSv9"],
        "bad value 'TLSv9' in --tls-version; use TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3",
        "setting 'tls_version=TLSv9' failed. Unknown TLS version.",
    ),
    (
        &["-f", "a.js", "--core-file=2"],
        "bad value '2' in --core-file; use 0 or 1",
        "Value for parameter '--core-file' needs to be one of: ['0', '1'], was '2'",
    ),
    (
        &["-f", "a.js", "--ssl-mode", "required", "--ssl-key", "k"],
        "--ssl-cert is missing, TLS needs a certificate and its key; give both",
        "can't read the script a.js: No such file or directory",
    ),
];

/// Errors of options that the original doesn't have.
const WRONG_OF_OURS: &[(&[&str], &str)] = &[
    (
        &["--isolation", "none"],
        "bad value 'none' in --isolation; use auto or context",
    ),
    (
        &["--statement-budget", "5"],
        "bad value '5' in --statement-budget; use a time like 500ms, 5s or 10m",
    ),
    (
        &["--workers", "0"],
        "bad value '0' in --workers; use a number from 1 to 1024",
    ),
    (
        &["-B", "127.0.0.1:26040"],
        "bad value '127.0.0.1:26040' in --bind-address; use a name or an address, and --port for the port",
    ),
    (
        &["--http-bind", "[::1]:80"],
        "bad value '[::1]:80' in --http-bind; use a name or an address, and --http-port for the port",
    ),
    (
        &["--prelude", "all"],
        "bad value 'all' in --prelude; use default, tools or none",
    ),
    (
        &["--compression-algorithms", "zlib,lz4"],
        "bad value 'lz4' in --compression-algorithms; use zlib, zstd or uncompressed",
    ),
];

/// The arguments, in compatible mode.
fn compatible<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["--compatible"], args].concat()
}

#[test]
fn wrong_usage_is_reported_on_standard_error_and_ends_with_2() {
    let ours = WRONG_OF_OURS.iter();
    let ours = ours.map(|(args, expected)| ([&["-f", "a.js"], *args].concat(), *expected));
    let all = WRONG
        .iter()
        .map(|(args, expected, _)| (args.to_vec(), *expected));
    for (args, expected) in all.chain(ours) {
        let (code, said, error) = ended(&args);
        assert_eq!((code, &*said), (Some(2), ""), "{args:?}: {error}");
        let expected = format!("error: {expected}");
        assert!(error.starts_with(&expected), "{args:?}: {error}");
        assert_eq!(error.matches('\n').count(), 1, "{args:?}: {error}");
    }
}

#[test]
fn in_compatible_mode_wrong_usage_is_reported_on_standard_output_and_ends_with_1() {
    let ours = WRONG_OF_OURS.iter();
    let ours = ours.map(|(args, expected)| ([&["-f", "a.js"], *args].concat(), *expected));
    let all = WRONG
        .iter()
        .map(|(args, _, expected)| (args.to_vec(), *expected));
    for (args, expected) in all.chain(ours) {
        let (code, said, error) = ended(&compatible(&args));
        assert_eq!((code, &*error), (Some(1), ""), "{args:?}: {said}");
        let expected = format!("ERROR: {expected}");
        assert!(said.starts_with(&expected), "{args:?}: {said}");
        assert_eq!(said.matches('\n').count(), 1, "{args:?}: {said}");
    }
}

#[test]
fn a_failure_is_reported_where_wrong_usage_is_and_ends_with_1() {
    let args = ["-f", "no/such/trace.js", "-P", "0"];
    let expected = "can't read the script no/such/trace.js: No such file or directory";
    let (code, said, error) = ended(&args);
    assert_eq!((code, &*said), (Some(1), ""));
    assert!(error.starts_with(&format!("error: {expected}")), "{error}");
    let (code, said, error) = ended(&compatible(&args));
    assert_eq!((code, &*error), (Some(1), ""));
    assert!(said.starts_with(&format!("ERROR: {expected}")), "{said}");
}

/// The program's error for these arguments with a valid trace, the same in compatible mode.
fn refused(args: &[&str]) -> String {
    let trace = fixture("hello.js");
    let common = ["-f", trace.to_str().unwrap(), "-B", "127.0.0.1"];
    let args = [&common[..], args].concat();
    let (code, said, message) = ended(&args);
    assert_eq!((code, &*said), (Some(1), ""), "{message}");
    let (code, said, error) = ended(&compatible(&args));
    assert_eq!((code, &*error), (Some(1), ""), "{said}");
    assert_eq!(said, message.replacen("error: ", "ERROR: ", 1));
    message
}

#[test]
fn an_address_that_cannot_be_listened_on_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let expected = format!("error: binding to 127.0.0.1:{port} failed: Address already in use");
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
    let expected = format!("error: binding to {} failed: No such file", path.display());
    assert!(message.starts_with(&expected), "{message}");
}

#[test]
fn tls_needs_certificate_and_key() {
    let tls = |name: &str| format!("{}/../../fixtures/tls/{name}", env!("CARGO_MANIFEST_DIR"));
    let (cert, key) = (tls("server.pem"), tls("server-key.pem"));
    let trace = fixture("hello.js");
    let args = ["-f", trace.to_str().unwrap(), "-P0", "--ssl-mode=Required"];
    let (code, message, _) = ended(&compatible(&args));
    let expected = "ERROR: if ssl_mode is not DISABLED, ssl_key and ssl_cert MUST be set. \
                    ssl_key is empty, ssl_cert is empty; --ssl-self-signed makes both\n";
    assert_eq!((code, &*message), (Some(1), expected));
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
        let expected = format!("error: setting {option}='");
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

#[test]
fn an_address_may_have_brackets_as_when_it_is_printed() {
    for mode in [&[][..], &["--compatible"]] {
        let mut mock = program();
        mock.args(mode).args(["-P0", "-B", "[::1]", "-f"]);
        let mut mock = mock
            .arg(fixture("hello.js"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(mock.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        mock.kill().unwrap();
        mock.wait().unwrap();
        assert!(line.starts_with("classic listening on [::1]:"), "{line}");
    }
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
