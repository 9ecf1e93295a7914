//! The commands of `docs/expectations.md`, run one after the other against a mock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::path::Path;

use mysql_async::prelude::Queryable;
use support::{Mock, program};

/// The commands of the blocks that this test runs, without comments.
fn commands() -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/expectations.md");
    let page = std::fs::read_to_string(page).unwrap();
    let marked = "<!-- not run: bins/mynah-mock/tests/curl.rs runs each command -->\n```sh\n";
    let blocks = page.split(marked).skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap());
    let mut commands: Vec<String> = Vec::new();
    let mut is_quoted = false;
    for line in blocks.flat_map(str::lines) {
        if is_quoted {
            let last = commands.last_mut().unwrap();
            last.push('\n');
            last.push_str(line);
        } else if line.starts_with('#') || line.is_empty() {
            continue;
        } else {
            let line = line.split("   #").next().unwrap().trim_end();
            commands.push(line.to_owned());
        }
        is_quoted = commands.last().unwrap().matches('\'').count() % 2 == 1
            && !commands.last().unwrap().starts_with("mysql");
    }
    commands
}

/// The words of a command, as a shell would take them.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for char in command.chars().chain([' ']) {
        match (quote, char) {
            (Some(open), char) if open == char => quote = None,
            (None, '\'' | '"') => quote = Some(char),
            (None, ' ' | '\n') if word.is_empty() => {}
            (None, ' ' | '\n') => words.push(std::mem::take(&mut word)),
            (_, char) => word.push(char),
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_of_the_page_does_what_it_says() {
    let mut mock = Mock::start(program().args(["--http-port", "0"]));
    let http = mock.listening("http");
    let mut conn = mock.connect().await;
    let (mut requests, mut refused) = (0, 0);
    for command in commands() {
        let words = words(&command);
        match words[0].as_str() {
            "curl" => {
                let value = |name: &str| {
                    let at = words.iter().position(|word| word == name)?;
                    words.get(at + 1).map(String::as_str)
                };
                let url = words.iter().find_map(|word| word.strip_prefix("$MOCK/"));
                let (method, body) = (value("-X").unwrap_or("GET"), value("-d").unwrap_or(""));
                let (status, answer) = Mock::rest(&http, method, url.unwrap(), body);
                assert!(
                    (200..300).contains(&status),
                    "{command}: {status}: {answer}"
                );
                requests += 1;
            }
            "mysql" => {
                let statement = words.last().unwrap();
                refused += usize::from(conn.query_drop(statement).await.is_err());
            }
            "mynah-mock" => {}
            word => assert!(word.starts_with("MOCK="), "{command}"),
        }
    }
    assert_eq!((requests, refused), (16, 1));
}
