//! The program itself, in front of servers that play recordings of real ones.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use mynah_testkit::{Direction, Fixture};
use serde_json::Value;
use support::{Proxy, ask, client, play, recording, run, server, wires};

#[test]
fn wrong_usage_is_one_line_and_ends_with_2() {
    for (args, said) in [
        (&[][..], "needs one --listen and one --upstream"),
        (&["--listen", "1"], "here are 1 and 0"),
        (
            &["--listen", "x:", "--upstream", "1"],
            "'x:' is neither HOST:PORT",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--trace", "5"],
            "bad value '5' in --trace; use off, 0, 1, 2, 3 or 4",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--filter", "rows > x"],
            "column 8: a number",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--filter",
                "command = qury",
            ],
            "column 11: a command (one of",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--only",
                "user = ada and rows > 1",
            ],
            "rows in --only, which is about connections: ",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--only", "user"],
            "bad value 'user' in --only: column 5",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--accept-proxy-protocol",
                "10.0.0.0/8,lb",
            ],
            "in --accept-proxy-protocol: 'lb' is neither an address, a network",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--send-proxy-protocol",
                "3",
            ],
            "bad value '3' in --send-proxy-protocol; use v1 or v2",
        ),
        (
            &["-l0", "-u1", "--fault", "sql ~ commit: reset_peer"],
            "in --fault: it has no before_forward or after_execute; write sql ~",
        ),
        (
            &[
                "-l0",
                "-u1",
                "--fault",
                "latency > 1s: after_execute timeout",
            ],
            "in --fault: when: latency is known only with the answer; a rule can ask for",
        ),
        (&["-l0", "-u1", "--open"], "--open without --http-port"),
        (
            &["-l0", "-u1", "--digests=10"],
            "--digests without --http-port",
        ),
        (
            &["-l0", "-u1", "--http-port=0", "--digests=100001"],
            "bad value '100001' in --digests; use a number from 0 to 100000",
        ),
        (
            &["-l0", "-u1", "--upstream-policy=round-robin"],
            "--upstream-policy without a route that has several upstreams; write --upstream A,B",
        ),
        (
            &["-l0", "-u1,2", "--upstream-policy=random"],
            "bad value 'random' in --upstream-policy; use first-available or round-robin",
        ),
        (
            &[
                "-l0",
                "-u1,2",
                "--upstream-policy=round-robin",
                "--upstream-policy=first-available",
            ],
            "--upstream-policy is there 2 times, with 1 routes",
        ),
        (
            &["-l0", "-u1,"],
            "bad value '' in --upstream: '' is neither",
        ),
        (
            &["-l0", "-u1,2", "--upstream-check-rise=0"],
            "bad value '0' in --upstream-check-rise; use a number from 1 to 1000",
        ),
        (
            &["-l0", "-u1,2", "--upstream-slow-start=never"],
            "bad value 'never' in --upstream-slow-start; use a time like",
        ),
        (
            &["-l0", "-u1,2", "--upstream-check-password-file=x"],
            "--upstream-check-password-file without --upstream-check-user",
        ),
        (
            &["-l0", "-u1", "--filter", "kind = selct"],
            "column 8: a kind of statement (one of select, ",
        ),
        (
            &["-l0", "-u1", "--faults=/nowhere"],
            "option --faults '/nowhere': No such file",
        ),
        (
            &["-l0", "-u1", "--faults=Cargo.toml"],
            "option --faults 'Cargo.toml': expected value at line 1 column 2",
        ),
        (
            &["-l0", "-u1", "--fault-seed=x"],
            "bad value 'x' in --fault-seed; use a number from 0",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--redact", "a("],
            "bad value 'a(' in --redact: unclosed group",
        ),
        (
            &["--listen=0", "--upstream=1", "--redact=a", "--show-secrets"],
            "--redact with --show-secrets, which hides nothing",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--idle-timeout", "5"],
            "bad value '5' in --idle-timeout; use a time like",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--rotate", "1m"],
            "there is no --output",
        ),
        (
            &["-l0", "-u1", "--format=hex", "--output=x", "--rotate=1m"],
            "--rotate with --format hex, which has a file per connection",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--format=hex",
                "--filter=rows=1",
            ],
            "all or none",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--trace-overflow",
                "wait",
            ],
            "bad value 'wait' in --trace-overflow; use block or drop",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--protocol", "http"],
            "bad value 'http' in --protocol; use auto, classic or x",
        ),
        (
            &[
                "--listen",
                "0",
                "--upstream",
                "1",
                "--tls=passthrough",
                "--client-tls=required",
            ],
            "what passes through",
        ),
        (
            &["--listen", "0", "--upstream", "1", "--client-tls-cert", "x"],
            "a certificate and its key go together",
        ),
        (
            &["--nonsense"],
            "unknown option '--nonsense'; --help lists the options",
        ),
        (
            &["--lsten", "0"],
            "unknown option '--lsten'; did you mean --listen?",
        ),
        (
            &["-f", "json"],
            "unknown option '-f'; did you mean --format or --output?",
        ),
        (&["0"], "unexpected argument '0'; --help lists the options"),
        (&["-l"], "no value for --listen; write --listen <ADDRESS>"),
        (&["-l", "-u"], "no value for --listen"),
        (
            &["--trace=1", "--trace=2"],
            "--trace is there more than once; leave one of them",
        ),
        (
            &["--verbose=1"],
            "value '1' for --verbose, which takes none; write --verbose alone",
        ),
        (
            &["-l0", "-u1", "--width", "-1"],
            "bad value '-1' in --width; use a number from 0",
        ),
        (
            &["-l0", "-u1", "--http-port=0", "--http-bind=127.0.0.1:80"],
            "use a name or an address, and --http-port for the port",
        ),
        (
            &["-l0", "-u1", "--tls=passthrough", "--record=rec.json"],
            "--record with --tls passthrough, where nothing can be read",
        ),
        (
            &["convert", "rec.jsonl"],
            "write mynah-proxy convert rec.jsonl rec.json",
        ),
    ] {
        let output = run(args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
        assert!(
            text.starts_with("error: ") && text.contains(said),
            "{args:?}: {text}"
        );
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn the_help_and_the_version_are_on_standard_output() {
    for form in ["--help", "-h", "-?"] {
        let output = run(&["--trace", "1", form]);
        assert_eq!(output.status.code(), Some(0), "{form}");
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(help.contains("  -l, --listen <ADDRESS>\n"), "{help}");
    }
    for form in ["--version", "-V"] {
        let output = run(&[form]);
        let version = String::from_utf8(output.stdout).unwrap();
        let line = concat!("mynah-proxy ", env!("CARGO_PKG_VERSION"), "\ncommit: ");
        assert!(version.starts_with(line), "{version}");
        assert!(version.contains("\nlibrary: OpenSSL "), "{version}");
    }
}

#[test]
fn each_form_of_an_option_is_understood_and_an_empty_value_counts_as_absent() {
    let listen: [&[&str]; 4] = [
        &["-l127.0.0.1:0"],
        &["-l=127.0.0.1:0"],
        &["-l", "127.0.0.1:0"],
        &["--listen", "127.0.0.1:0"],
    ];
    for listen in listen {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mynah-proxy"));
        command.args(listen).args([
            "-u1",
            "--filter",
            "",
            "--only=",
            "--protocol=auto",
            "--protocol=",
        ]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        said.read_line(&mut line).unwrap();
        assert!(line.starts_with("listening on 127.0.0.1:"), "{line}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn a_failure_ends_with_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["--listen", &address, "--upstream", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains(&format!("binding to {address} failed")),
        "{text}"
    );
    for (cert, key) in [
        ("--client-tls-cert", "--client-tls-key"),
        ("--server-tls-cert", "--server-tls-key"),
    ] {
        let args = [
            "--listen",
            "0",
            "--upstream",
            "1",
            cert,
            "no.pem",
            key,
            "no.pem",
        ];
        let output = run(&args);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains(&format!("setting {cert}='no.pem' failed")),
            "{text}"
        );
    }
}

#[test]
fn a_proxy_in_front_of_itself_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let path = path.to_str().unwrap();
    let output = run(&["--listen", path, "--upstream", path]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let expected = format!("the upstream {path} of {path} is this proxy itself");
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn at_sighup_the_trace_continues_in_a_new_file_and_clients_stay() {
    let folder = tempfile::tempdir().unwrap();
    let (path, moved) = (folder.path().join("trace"), folder.path().join("moved"));
    let output = format!("--output={}", path.display());
    let proxy = Proxy::start(&[server(&["mysql-5.6/ping.hex"])], &[&output]);
    let mut client = TcpStream::connect(("127.0.0.1", proxy.ports[0])).unwrap();
    client.read_exact(&mut [0; 4]).unwrap();
    std::fs::rename(&path, &moved).unwrap();
    let hung_up = Command::new("kill")
        .args(["-s", "HUP", &proxy.child.id().to_string()])
        .status();
    assert!(hung_up.unwrap().success());
    while !path.exists() {
        drop(TcpStream::connect(("127.0.0.1", proxy.ports[0])));
        std::thread::yield_now();
    }
    client.set_nonblocking(true).unwrap();
    let mut rest = [0; 1024];
    while let Ok(read) = client.read(&mut rest) {
        assert_ne!(read, 0, "the client is still there");
    }
    drop(client);
    proxy.end();
    assert!(!std::fs::read_to_string(&path).unwrap().is_empty());
}

#[test]
fn help_and_version_are_shown() {
    for (option, said) in [
        ("--help", "--server-tls-verify"),
        ("--version", "mynah-proxy 0."),
    ] {
        let output = run(&[option]);
        assert_eq!(output.status.code(), Some(0));
        assert!(String::from_utf8(output.stdout).unwrap().contains(said));
    }
}

#[test]
fn text_has_a_line_for_each_command() {
    const NAMES: &[&str] = &[
        "mysql-9.7/query.hex",
        "mysql-9.7/statement-parameters.hex",
        "mysql-9.7/query-errors.hex",
    ];
    let proxy = Proxy::start(&[server(NAMES)], &[]);
    for name in NAMES {
        client(proxy.ports[0], name);
    }
    let text = proxy.end();
    for said in [
        "= server 9.7",
        "logged in",
        "STMT_PREPARE",
        "STMT_EXECUTE",
        " <- (",
        "ERROR ",
        "- closed after",
    ] {
        assert!(text.contains(said), "no {said:?} in\n{text}");
    }
    assert!(!text.contains('\x1b'), "colours without a terminal");
}

#[test]
fn a_summary_is_printed_at_the_end_on_request() {
    const NAMES: &[&str] = &["mysql-9.7/query-errors.hex"];
    for (args, is_asked) in [(&["--summary", "--trace=off"][..], true), (&[], false)] {
        let proxy = Proxy::start(&[server(NAMES)], args);
        client(proxy.ports[0], NAMES[0]);
        let (_, words) = proxy.end_with_errors();
        let said = |what: &str| words.lines().any(|line| line.starts_with(what));
        for line in ["command ", "QUERY ", "1 connection"] {
            assert_eq!(said(line), is_asked, "{line:?}: {words}");
        }
    }
}

#[test]
fn json_has_an_object_for_each_command_that_the_filter_chooses() {
    const NAMES: &[&str] = &["mariadb-10.11/query-errors.hex"];
    let commands = |args: &[&str]| -> Vec<Value> {
        let args = [&["--format=json"], args].concat();
        let proxy = Proxy::start(&[server(NAMES)], &args);
        client(proxy.ports[0], NAMES[0]);
        let text = proxy.end();
        let events = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        events.filter(|event| event["event"] == "command").collect()
    };
    let all = commands(&[]);
    let errors = commands(&["--filter=error != 0"]);
    assert!(
        !errors.is_empty() && errors.len() < all.len(),
        "{} {}",
        errors.len(),
        all.len()
    );
    assert!(errors.iter().all(|command| command["outcome"] == "error"));
    for command in &all {
        for key in ["latency_us", "first_byte_us", "waited_us"] {
            let answered = command["outcome"] != "not answered";
            assert_eq!(command[key].is_u64(), answered, "{command}");
        }
    }
}

#[test]
fn one_connection_can_be_traced_without_the_others() {
    const NAMES: &[&str] = &[
        "mysql-9.7/query.hex",
        "mysql-5.6/ping.hex",
        "mysql-9.7/query.hex",
    ];
    let folder = tempfile::tempdir().unwrap();
    for format in ["text", "json", "hex"] {
        let output = folder.path().join(format);
        let args = [
            format!("--format={format}"),
            "--trace=3".to_owned(),
            "--only=connection = 2 or user = no-such-user".to_owned(),
            format!("--output={}", output.display()),
        ];
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let proxy = Proxy::start(&[server(NAMES)], &args);
        for name in NAMES {
            client(proxy.ports[0], name);
        }
        proxy.end();
        let mut text = String::new();
        if format == "hex" {
            let mut files = std::fs::read_dir(&output).unwrap();
            text = std::fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap();
            assert!(files.next().is_none());
        } else {
            text.push_str(&std::fs::read_to_string(&output).unwrap());
        }
        let (ours, others) = match format {
            "text" => (" [2] + ", [" [1] ", " [3] "]),
            "json" => (
                "\"event\":\"connect\",\"connection\":2",
                ["\"connection\":1", "\"connection\":3"],
            ),
            _ => ("# connection: 2", ["connection: 1", "connection: 3"]),
        };
        assert!(text.contains(ours), "{format}: {text}");
        assert!(
            others.iter().all(|other| !text.contains(other)),
            "{format}: {text}"
        );
    }
}

/// Every `packet` of a recording, at level 3.
fn packets(name: &'static str, args: &[&str]) -> Vec<Value> {
    let names: &'static [&'static str] = Box::leak(Box::new([name]));
    let args = [&["--format=json", "--trace=3"], args].concat();
    let proxy = Proxy::start(&[server(names)], &args);
    client(proxy.ports[0], name);
    let text = proxy.end();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event"] == "packet").collect()
}

#[test]
fn packets_are_objects_with_a_value_for_each_field() {
    let all = packets("mysql-9.7/query.hex", &[]);
    let fields = |message: &str| {
        let packet = all.iter().find(|packet| packet["message"] == message);
        let packet = packet.unwrap_or_else(|| panic!("no {message} in {all:?}"));
        assert!(packet["fields"].is_object(), "{packet}");
        &packet["fields"]
    };
    let greeting = fields("HandshakeV10");
    assert!(
        greeting["server_version"]
            .as_str()
            .unwrap()
            .starts_with("9.7")
    );
    assert!(greeting["thread_id"].is_u64() && greeting["capabilities"].is_u64());
    let login = fields("HandshakeResponse41");
    assert!(login["attributes"]["_client_name"].is_string(), "{login}");
    let hidden = login["auth_response"].as_str().unwrap();
    assert!(hidden.bytes().all(|byte| byte == b'*'), "{login}");
    assert!(fields("COM_QUERY")["query"].is_string());
    let column = fields("ColumnDefinition41");
    assert!(column["name"].is_string() && column["column_type"].is_string());
    assert!(fields("OK_Packet")["affected_rows"].is_u64());
    assert!(all.iter().all(|packet| packet.get("why").is_none()));
}

#[test]
fn messages_of_the_x_protocol_are_nested_objects() {
    let all = packets("x/mysql-9.7/documents.hex", &["--protocol=x"]);
    assert!(all.iter().all(|packet| packet["fields"].is_object()));
    let find = |message: &str| {
        let packet = all.iter().find(|packet| packet["message"] == message);
        &packet.unwrap_or_else(|| panic!("no {message}"))["fields"]
    };
    let insert = find("Mysqlx.Crud.Insert");
    assert!(insert["collection"]["name"].is_string(), "{insert}");
    assert!(insert["row"][0]["field"][0]["type"].is_string(), "{insert}");
    assert_eq!(find("Mysqlx.Crud.Find")["data_model"], "DOCUMENT");
    let start = &find("Mysqlx.Session.AuthenticateStart");
    assert!(start["mech_name"].is_string());
    let changed = all.iter().find(|packet| {
        packet["message"] == "Mysqlx.Notice.Frame"
            && packet["fields"]["payload"]["param"] == "ROWS_AFFECTED"
    });
    let value = &changed.unwrap()["fields"]["payload"]["value"][0];
    assert!(value["v_unsigned_int"].is_u64(), "{value}");
}

#[test]
fn hex_is_a_fixture_for_each_connection_without_secrets() {
    const NAMES: &[&str] = &["mysql-9.7/query.hex"];
    let folder = tempfile::tempdir().unwrap();
    let traced = |output: &Path, more: &[&str]| -> Fixture {
        let output = format!("--output={}", output.display());
        let args = [&["--format=hex", output.as_str()], more].concat();
        let proxy = Proxy::start(&[server(NAMES)], &args);
        client(proxy.ports[0], NAMES[0]);
        proxy.end();
        let path = output.strip_prefix("--output=").unwrap();
        let mut files = std::fs::read_dir(path).unwrap();
        let fixture = Fixture::read(files.next().unwrap().unwrap().path()).unwrap();
        assert!(files.next().is_none());
        fixture
    };
    let recorded = recording(NAMES[0]);
    let whole = traced(&folder.path().join("all"), &["--show-secrets"]);
    assert_eq!(whole.lines, recorded.lines);
    let masked = traced(&folder.path().join("masked"), &[]);
    assert_eq!(masked.lines.len(), recorded.lines.len());
    let differing = masked
        .lines
        .iter()
        .zip(&recorded.lines)
        .filter(|(a, b)| a != b);
    assert_eq!(
        differing.count(),
        1,
        "only the handshake response has a secret"
    );
}

#[test]
fn http_clients_read_counters_and_connections_and_may_close_one() {
    const NAMES: &[&str] = &["mysql-9.7/query.hex"];
    let upstream = server(NAMES);
    let proxy = Proxy::start(&[upstream], &["--trace=off", "--http-port=0"]);
    let (port, http) = (proxy.ports[0], proxy.ports[1]);
    let ask = |request: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", http)).unwrap();
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    };
    assert!(ask("GET /health").starts_with("HTTP/1.1 200"));
    assert!(ask("GET /ready").starts_with("HTTP/1.1 200"));
    assert!(ask("POST /health").starts_with("HTTP/1.1 405"));
    assert!(ask("GET /nowhere").starts_with("HTTP/1.1 404"));

    let mut open = wires(NAMES[0]);
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // All messages but the last one, which ends the session.
    open.pop();
    play(&mut stream, &open, Direction::Client);
    let metrics = ask("GET /metrics");
    for said in [
        "mynah_proxy_connections_open 1",
        "mynah_proxy_connections_total 1",
        "mynah_proxy_commands_total{command=\"query\"}",
        "mynah_proxy_command_duration_seconds_bucket{command=\"query\",le=\"+Inf\"}",
        "mynah_proxy_commands_total{command=\"query\"}",
        "# TYPE mynah_proxy_command_duration_seconds histogram",
    ] {
        assert!(metrics.contains(said), "no {said} in\n{metrics}");
    }
    let list = ask("GET /connections/");
    let list: Value = serde_json::from_str(list.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert!(
        list[0]["user"].is_string() && list[0]["commands"].as_u64().unwrap() > 0,
        "{list}"
    );
    assert!(ask("DELETE /connections/4711").starts_with("HTTP/1.1 404"));
    assert!(ask(&format!("DELETE /connections/{}", list[0]["id"])).starts_with("HTTP/1.1 204"));
    assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    proxy.end();
}

#[test]
fn refused_logins_are_counted_by_their_number() {
    const NAMES: &[&str] = &["mysql-9.7/login-no-such-user.hex"];
    let proxy = Proxy::start(&[server(NAMES)], &["--http-port=0", "--colour=always"]);
    client(proxy.ports[0], NAMES[0]);
    let mut metrics = String::new();
    while !metrics.contains("mynah_proxy_connections_refused_total 1") {
        metrics = ask(proxy.ports[1], "GET /metrics");
    }
    assert!(
        metrics.contains("mynah_proxy_errors_total{code=\"1045\"} 1"),
        "{metrics}"
    );
    let text = proxy.end();
    assert!(
        text.contains("the server refuses: \x1b[31mERROR 1045 (28000)"),
        "{text}"
    );
}

/// A client that sends statements until it gets no answer, at a level that traces bytes.
fn fill(port: u16) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        client.set_nodelay(true).unwrap();
        let greeting_to_ok = wires("mysql-5.6/ping.hex");
        play(&mut client, &greeting_to_ok[..3], Direction::Client);
        let query = [&b"\x00\x40\x00\x00\x03"[..], &[b'x'; 0x3fff]].concat();
        let ok = b"\x07\0\0\x01\0\0\0\x02\0\0\0";
        let mut answer = [0; 11];
        while client.write_all(&query).is_ok() && client.read_exact(&mut answer).is_ok() {
            if answer[4] == 0xff {
                break; // The proxy has ended.
            }
            assert_eq!(answer, *ok);
        }
    })
}

/// A server that answers any command of 16 KiB with OK.
fn agreeable() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        play(
            &mut stream,
            &wires("mysql-5.6/ping.hex")[..3],
            Direction::Server,
        );
        let mut query = vec![0; 0x4004];
        while stream.read_exact(&mut query).is_ok() {
            let said = stream.write_all(b"\x07\0\0\x01\0\0\0\x02\0\0\0");
            if said.is_err() {
                break;
            }
        }
    });
    port
}

#[test]
fn a_trace_that_is_not_read_blocks_clients_with_a_log_record_and_a_signal_still_ends_the_program() {
    let args = ["--trace=4", "--http-port=0", "--drain=1s"];
    let mut proxy = Proxy::start(&[agreeable()], &args);
    let client = fill(proxy.ports[0]);
    while !ask(proxy.ports[1], "GET /health").starts_with("HTTP/1.1 503") {
        std::thread::yield_now();
    }
    let mut line = String::new();
    proxy.said.read_line(&mut line).unwrap();
    assert!(line.contains("connections wait for it"), "{line}");
    assert!(ask(proxy.ports[1], "GET /metrics").contains("mynah_proxy_trace_blocks 1"));
    let killed = Command::new("kill")
        .arg(proxy.child.id().to_string())
        .status();
    assert!(killed.unwrap().success());
    proxy.child.wait().unwrap();
    client.join().unwrap();
}

#[test]
fn a_trace_that_may_drop_lines_does_not_block_clients() {
    let args = [
        "--trace=4",
        "--http-port=0",
        "--trace-overflow=drop",
        "--drain=1s",
    ];
    let mut proxy = Proxy::start(&[agreeable()], &args);
    let client = fill(proxy.ports[0]);
    let mut health = String::new();
    while !health.contains("lines of the trace are lost") {
        health = ask(proxy.ports[1], "GET /health");
        assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    }
    let mut line = String::new();
    proxy.said.read_line(&mut line).unwrap();
    assert!(line.contains("lines are left out"), "{line}");
    proxy.child.kill().unwrap();
    proxy.child.wait().unwrap();
    client.join().unwrap();
}

#[test]
fn a_trace_that_standard_output_refuses_is_reported_on_standard_error() {
    const NAMES: &[&str] = &["mysql-9.7/query.hex"];
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let mut child = Command::new(env!("CARGO_BIN_EXE_mynah-proxy"))
        .arg("--listen=127.0.0.1:0")
        .arg(format!("--upstream=127.0.0.1:{}", server(NAMES)))
        .stdin(Stdio::null())
        .stdout(full.unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    client(
        line.trim().rsplit_once(':').unwrap().1.parse().unwrap(),
        NAMES[0],
    );
    line.clear();
    said.read_line(&mut line).unwrap();
    assert!(
        line.contains("can't trace to standard output: No space"),
        "{line}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn several_routes_are_served_by_one_process() {
    let (one, two) = (
        server(&["mysql-9.7/ping.hex"]),
        server(&["mariadb-10.11/ping.hex"]),
    );
    let proxy = Proxy::start(&[one, two], &["--trace=off"]);
    client(proxy.ports[1], "mariadb-10.11/ping.hex");
    client(proxy.ports[0], "mysql-9.7/ping.hex");
    assert_eq!(proxy.end(), "");
}

/// How many statements each part of a recording has.
fn statements(path: &Path) -> Vec<(String, usize)> {
    let recording: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let parts = recording["parts"].as_object().unwrap().iter();
    parts
        .map(|(name, part)| {
            let entries = part["expectations"].as_array().unwrap();
            (name.clone(), entries.len())
        })
        .collect()
}

#[test]
fn what_a_server_answers_is_recorded_by_parts_and_made_a_file_at_the_end() {
    let upstream = server(&["mysql-9.7/query.hex", "mysql-9.7/statement-cursor.hex"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec.json");
    let journal = folder.path().join("rec.jsonl");
    let record = format!("--record={}", path.display());
    let proxy = Proxy::start(&[upstream], &["--trace=off", "--http-port=0", &record]);
    let (port, http) = (proxy.ports[0], proxy.ports[1]);
    client(port, "mysql-9.7/query.hex");
    assert!(ask(http, "POST /recording/parts/test%207").starts_with("HTTP/1.1 204"));
    assert!(ask(http, "POST /recording/parts/").starts_with("HTTP/1.1 400"));
    assert!(ask(http, "GET /recording/parts/a").starts_with("HTTP/1.1 405"));
    assert!(ask(http, "GET /recording/nothing").starts_with("HTTP/1.1 404"));
    client(port, "mysql-9.7/statement-cursor.hex");
    let status = ask(http, "GET /recording/");
    let status: Value = serde_json::from_str(status.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(status["part"], "test 7");
    assert_eq!(status["failures"], 0);

    // As a crash would leave it.
    let torn = folder.path().join("torn.jsonl");
    let bytes = std::fs::read(&journal).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() - 2]).unwrap();
    proxy.end();
    assert!(!journal.exists());
    let parts = statements(&path);
    let [(setup, some), (test, two)] = &parts[..] else {
        panic!("{parts:?}");
    };
    assert_eq!((&**setup, &**test), ("setup", "test 7"));
    // What was said when the statement was prepared, and its rows.
    assert!(*some > 0 && *two == 2, "{parts:?}");

    let again = folder.path().join("again.json");
    let output = run(&["convert", torn.to_str().unwrap(), again.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(statements(&again)[1], ("test 7".to_owned(), 1));

    std::fs::write(&journal, "{}").unwrap();
    let output = run(&["-l127.0.0.1:0", "-u127.0.0.1:1", &record]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("the journal of a recording that wasn't finished"),
        "{said}"
    );
    let output = run(&[
        "convert",
        journal.to_str().unwrap(),
        again.to_str().unwrap(),
    ]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("rec.jsonl line 1: "), "{said}");
}

#[test]
fn without_a_recording_http_clients_are_told_how_to_make_one() {
    let proxy = Proxy::start(&[1], &["--trace=off", "--http-port=0"]);
    let said = ask(proxy.ports[1], "GET /recording/");
    assert!(
        said.starts_with("HTTP/1.1 404") && said.contains("--record FILE"),
        "{said}"
    );
    proxy.end();
}
