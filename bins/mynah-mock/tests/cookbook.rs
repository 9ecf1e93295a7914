//! The cookbook: each recipe's script is served by its command, and a client gets the answers on
//! the page.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder, Row, SslOpts, Value};
use support::{Mock, program};
use tempfile::TempDir;

#[tokio::test]
async fn every_recipe_does_what_the_page_shows() {
    let page = include_str!("../../../docs/cookbook.md");
    let recipes: Vec<_> = page.split("\n## ").skip(1).collect();
    assert!(recipes.len() >= 7, "only {} recipes", recipes.len());
    for recipe in recipes {
        let (title, text) = recipe.split_once('\n').unwrap();
        println!("{title}");
        Kitchen::new(text).play(text).await;
    }
}

#[tokio::test]
async fn the_first_script_does_what_the_readme_shows() {
    let page = include_str!("../../../README.md");
    let command = "mynah-mock --filename script.js";
    let session = page.split_once("$ mariadb").unwrap().1;
    let (session, _) = session.split_once("\n```").unwrap();
    // The prompt and frames of the client on the page are those of a terminal.
    let session = session.lines().skip(1).filter_map(|line| {
        let is_frame = line.starts_with('+') || line.contains(" in set ") || line.is_empty();
        let line = line.replace("MySQL [(none)]> ", "mysql> ");
        (!is_frame).then(|| line.trim_end_matches(';').to_owned())
    });
    let session: Vec<_> = session.collect();
    let script = blocks(page)
        .find(|(language, _)| *language == "js")
        .unwrap();
    let recipe = format!(
        "\n```js\n{}\n```\n\n```sh\n{command}\n```\n\n```text\n{}\n```\n",
        script.1,
        session.join("\n")
    );
    Kitchen::new(&recipe).play(&recipe).await;
}

/// A mock with a recipe's script, and its clients.
struct Kitchen {
    folder: TempDir,
    mock: Mock,
    /// The address for HTTP, if the command has `--http-port`.
    http: Option<String>,
    /// All connections; the last one sends the statements.
    clients: Vec<Conn>,
}

impl Kitchen {
    fn new(recipe: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mut script, mut command) = (None, None);
        for (language, text) in blocks(recipe) {
            match language {
                "js" => script = Some(text),
                "sh" if text.starts_with("mynah-mock ") => command = Some(text),
                "csv" => fs::write(folder.path().join("people.csv"), text).unwrap(),
                _ => {}
            }
        }
        fs::write(folder.path().join("script.js"), script.unwrap()).unwrap();
        let mut mock = program();
        mock.current_dir(&folder);
        let (mut words, mut has_http) = (command.unwrap().split_whitespace().skip(1), false);
        while let Some(word) = words.next() {
            match word {
                // The test uses its own address and free ports.
                "--bind-address" | "--port" => drop(words.next()),
                "--http-port" => {
                    has_http = true;
                    words.next();
                    mock.args(["--http-port", "0"]);
                }
                _ => drop(mock.arg(word)),
            }
        }
        let mut mock = Mock::start(&mut mock);
        let http = has_http.then(|| mock.listening("http"));
        Self {
            folder,
            mock,
            http,
            clients: Vec::new(),
        }
    }

    /// Plays the conversations of a recipe, and the HTTP requests between them.
    async fn play(&mut self, recipe: &str) {
        for (language, text) in blocks(recipe) {
            match language {
                "text" => self.converse(text).await,
                "sh" if text.starts_with("curl ") => self.send_over_http(text),
                _ => {}
            }
        }
    }

    async fn converse(&mut self, text: &str) {
        let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in text.lines() {
            if line.starts_with("mysql> ") || line.starts_with("$ mysql") {
                steps.push((line, Vec::new()));
            } else {
                steps.last_mut().expect("a prompt comes first").1.push(line);
            }
        }
        for (line, expected) in steps {
            let seen = match line.strip_prefix("mysql> ") {
                Some(statement) => self.run(statement).await,
                None => self.connect(line.trim_start_matches("$ mysql")).await,
            };
            // The page pads the cells of a table.
            let expected = expected.iter().map(|line| line.split_whitespace());
            let expected = expected.map(|words| words.collect::<Vec<_>>().join(" "));
            assert_eq!(seen, expected.collect::<Vec<_>>(), "{line}");
        }
    }

    /// Connects with these options of the `mysql` program.
    async fn connect(&mut self, options: &str) -> Vec<String> {
        let options: HashMap<_, _> = options
            .split_whitespace()
            .map(|option| option.trim_start_matches("--").split_once('=').unwrap())
            .collect();
        let file = self.folder.path().join("people.csv");
        let client = self.mock.options().user(options.get("user").copied());
        let client = client.pass(options.get("password").copied());
        let client = client.ssl_opts(options.get("ssl-ca").map(|file| self.trusting(file)));
        let connected = Conn::new(sending(client, &file)).await;
        connected
            .map(|client| self.clients.push(client))
            .err()
            .map(|error| shown(&error))
            .into_iter()
            .collect()
    }

    fn trusting(&self, certificate: &str) -> SslOpts {
        let certificate = fs::read(self.folder.path().join(certificate)).unwrap();
        SslOpts::default().with_root_certs(vec![certificate.into()])
    }

    /// Runs a statement, and returns the output of the `mysql` program, without its frames.
    async fn run(&mut self, statement: &str) -> Vec<String> {
        if self.clients.is_empty() {
            self.connect("").await;
        }
        let client = self.clients.last_mut().unwrap();
        let mut result = match client.query_iter(statement).await {
            Ok(result) => result,
            Err(error) => return vec![shown(&error)],
        };
        let rows: Vec<Row> = result.collect().await.unwrap();
        let affected = result.affected_rows();
        result.drop_result().await.unwrap();
        let Some(first) = rows.first() else {
            let rows = if affected == 1 { "row" } else { "rows" };
            return vec![format!("Query OK, {affected} {rows} affected")];
        };
        let names = first.columns_ref().iter();
        let names = names.map(|column| column.name_str().into_owned()).collect();
        let cells = rows.iter().map(|row| {
            let cells = (0..row.len()).map(|at| cell(row.as_ref(at).unwrap()));
            cells.collect()
        });
        std::iter::once(names).chain(cells).map(line).collect()
    }

    fn send_over_http(&self, command: &str) {
        let (_, rest) = command.split_once("-d '").unwrap();
        let (body, rest) = rest.split_once('\'').unwrap();
        let (_, path) = rest.trim().split_once("/mock_server/").unwrap();
        let http = self.http.as_deref().expect("the command has --http-port");
        let (status, answer) = Mock::rest(http, "PUT", path, body);
        assert_eq!(status, 204, "{answer}");
    }
}

/// A client that sends this file when the server requests it.
fn sending(client: OptsBuilder, file: &Path) -> OptsBuilder {
    let Ok(content) = fs::read(file) else {
        return client;
    };
    client.local_infile_handler(Some(move |_name: &[u8]| {
        let content = Bytes::from(content.clone());
        async move { Ok(stream::iter([Ok(content)]).boxed()) }.boxed()
    }))
}

/// The blocks of code of a page: the language, and the text.
fn blocks(page: &str) -> impl Iterator<Item = (&str, &str)> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').unwrap())
}

fn shown(error: &Error) -> String {
    let Error::Server(error) = error else {
        panic!("not the server's: {error}");
    };
    format!("ERROR {} ({}): {}", error.code, error.state, error.message)
}

fn line(cells: Vec<String>) -> String {
    format!("| {} |", cells.join(" | "))
}

fn cell(value: &Value) -> String {
    match value {
        Value::NULL => "NULL".to_owned(),
        Value::Bytes(text) => String::from_utf8(text.clone()).unwrap(),
        other => other.as_sql(true),
    }
}
