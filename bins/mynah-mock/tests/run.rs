//! `mynah-mock run`: a command that finds the mock by its environment.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use support::{fixture, program, run};

/// Runs a shell command with the mock of an example.
fn ran(command: &str) -> Output {
    let script = fixture("hello.js");
    run(&[
        "run",
        "-f",
        script.to_str().unwrap(),
        "--",
        "sh",
        "-c",
        command,
    ])
}

fn variable(name: &str) -> String {
    let output = ran(&format!("printf %s \"${name}\""));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_command_finds_addresses_in_its_environment_and_nothing_else_is_printed() {
    let output = ran(
        "echo $MYSQL_HOST; echo $MYSQL_TCP_PORT; echo $MYSQLX_TCP_PORT; test -S $MYSQL_UNIX_PORT; \
        echo $?; echo $MYNAH_HTTP",
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(
        (lines[0], lines[3], lines.len()),
        ("127.0.0.1", "0", 5),
        "{stdout}"
    );
    assert_ne!(lines[1].parse::<u16>().unwrap(), 0);
    assert_ne!(lines[2].parse::<u16>().unwrap(), 0);
    assert!(lines[4].starts_with("http://127.0.0.1:"), "{stdout}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn a_command_can_connect_to_the_port_and_the_socket_is_gone_afterwards() {
    let output = run(&[
        "run",
        "-f",
        fixture("hello.js").to_str().unwrap(),
        "--",
        "bash",
        "-c",
        "exec 3<>/dev/tcp/$MYSQL_HOST/$MYSQL_TCP_PORT; head -c 5 <&3 | tail -c 1 | od -An -tu1",
    ]);
    // The version of the greeting.
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), "10");
    assert!(!std::fs::exists(variable("MYSQL_UNIX_PORT")).unwrap());
}

#[test]
fn a_command_may_start_a_mock_of_its_own() {
    let mock = program().get_program().to_str().unwrap().to_owned();
    let script = fixture("hello.js");
    let script = script.to_str().unwrap();
    let inner = r#"echo $MYSQL_TCP_PORT; "$0" run -f "$1" -- sh -c 'echo $MYSQL_TCP_PORT'"#;
    let output = run(&["run", "-f", script, "--", "sh", "-c", inner, &mock, script]);
    let stdout = String::from_utf8(output.stdout).unwrap();
    let ports: Vec<_> = stdout.lines().collect();
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert_eq!(ports.len(), 2, "{stdout}");
    assert_ne!(ports[0], ports[1]);
}

#[test]
fn no_variable_of_the_command_is_an_option() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let options: Vec<_> = help
        .split(|c: char| c != '-' && !c.is_ascii_alphanumeric())
        .filter_map(|word| word.strip_prefix("--"))
        .map(|option| format!("MYNAH_{}", option.replace('-', "_").to_ascii_uppercase()))
        .collect();
    assert!(options.contains(&"MYNAH_PORT".to_owned()), "{help}");
    let output = String::from_utf8(ran("env").stdout).unwrap();
    let names: Vec<_> = output
        .lines()
        .filter_map(|line| line.split('=').next())
        .filter(|name| name.starts_with("MYNAH_"))
        .collect();
    assert_eq!(names, ["MYNAH_HTTP"]);
    assert!(!options.contains(&names[0].to_owned()));
}

#[test]
fn it_ends_with_the_exit_code_of_the_command_or_its_signal() {
    for (command, code) in [("exit 0", 0), ("exit 42", 42), ("kill -9 $$", 137)] {
        assert_eq!(ran(command).status.code(), Some(code), "{command}");
    }
}

#[test]
fn signals_are_passed_on_to_the_command() {
    for (signal, code) in [("TERM", 7), ("INT", 8), ("HUP", 9)] {
        let script = "trap 'kill $!; exit 7' TERM; trap 'kill $!; exit 8' INT; trap 'kill $!; exit 9' HUP; \
                      sleep 1000 >&2 & echo ready; wait";
        let mut mock = program()
            .args(["run", "-f", fixture("hello.js").to_str().unwrap()])
            .args(["--", "bash", "-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(mock.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let sent = Command::new("kill")
            .args(["-s", signal, &mock.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        assert_eq!(mock.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn what_cannot_be_run_is_said() {
    let script = fixture("hello.js");
    let script = script.to_str().unwrap();
    let said = |args: &[&str]| {
        let output = run(args);
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said.trim_end().to_owned())
    };
    let no_command = "error: run has no command; write it behind --: mynah-mock run --filename script.js -- pytest";
    assert_eq!(
        said(&["run", "-f", script]),
        (Some(2), no_command.to_owned())
    );
    assert_eq!(
        said(&["run", "-f", script, "--"]),
        (Some(2), no_command.to_owned())
    );
    let (code, unknown) = said(&["run", "-f", script, "--", "no-such-program-here"]);
    assert_eq!(code, Some(1));
    assert!(
        unknown.starts_with("error: can't run the command 'no-such-program-here': "),
        "{unknown}"
    );
    // An option of the command is none of the mock's.
    let output = run(&["run", "-f", script, "--", "echo", "--compatible"]);
    assert_eq!(output.stdout, b"--compatible\n");
    let mut help = String::new();
    run(&["run", "--help"])
        .stdout
        .as_slice()
        .read_to_string(&mut help)
        .unwrap();
    assert!(
        help.contains("mynah-mock run [OPTIONS] -- <COMMAND>"),
        "{help}"
    );
}

#[test]
fn a_command_whose_tests_say_what_they_expect_needs_no_script() {
    let output = run(&["run", "--", "sh", "-c", "echo $MYNAH_HTTP"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(
        output.stdout.starts_with(b"http://127.0.0.1:"),
        "{output:?}"
    );
}
