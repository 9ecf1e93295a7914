//! The tables of `mynah-sql` about functions and variables, made from what real servers say.
//!
//! `cargo test -p mynah-programs --test sql_tables -- --ignored --nocapture` compares the files of the checkout with
//! what the servers say now; with `MYNAH_WRITE=1` in the environment, it writes the files.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod functions;
mod variables;

use std::fs;
use std::path::Path;

use mynah_client::{Address, Client, Error, OkPacket, Options};
use mynah_testkit::servers::{RealServer, SCHEMA, Server};

fn start(kind: RealServer) -> Option<Server> {
    match Server::start(kind) {
        Ok(server) => Some(server),
        Err(unavailable) => {
            println!("{kind}: skipped: {unavailable}");
            None
        }
    }
}

async fn connect(server: &Server) -> Client {
    let accounts = server.kind().accounts();
    let open = accounts.iter().find(|account| account.password.is_empty());
    let account = open.unwrap_or(&accounts[0]);
    let options = Options::new(account.user, account.password).schema(SCHEMA);
    let address = Address::Tcp(server.address());
    Client::connect(&address, options).await.unwrap()
}

/// Runs a statement, and returns its first rows as texts, and its OK.
async fn run(
    client: &mut Client,
    sql: &str,
) -> Result<(Vec<Vec<String>>, Option<OkPacket>), Error> {
    let mut answer = client.query(sql.to_owned()).await?;
    let rows = answer.rows().await?;
    let ok = answer.ok().cloned();
    while answer.next_result().await? {
        answer.rows().await?;
    }
    let text = |cell: &Option<bytes::Bytes>| {
        let cell = cell.as_deref().unwrap_or(b"NULL");
        String::from_utf8_lossy(cell).into_owned()
    };
    let rows = rows
        .iter()
        .map(|row| row.cells().iter().map(text).collect());
    Ok((rows.collect(), ok))
}

/// Compares a file of `mynah-sql` with its new text, or writes it.
fn compare(file: &str, text: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("crates/mynah-sql/src").join(file);
    if std::env::var_os("MYNAH_WRITE").is_some() {
        fs::write(&path, text).unwrap();
        println!("{file}: written");
        return;
    }
    let own = fs::read_to_string(&path).unwrap();
    let differs = |(own, new): &(&str, &str)| own != new;
    let first = own.lines().zip(text.lines()).find(differs);
    assert!(own == text, "{file} differs, first here: {first:?}");
}

#[tokio::test]
#[ignore = "fetches and starts real servers"]
async fn functions_are_those_of_servers() {
    if let Some(server) = start(RealServer::MySql97) {
        let found = functions::of(&server).await;
        let text = functions::file("Names before parentheses in MySQL, from MySQL 9.7.", &found);
        compare("effects/tables/mysql.rs", &text);
    }
    let both = (
        start(RealServer::MariaDb1011),
        start(RealServer::MariaDb118),
    );
    if let (Some(old), Some(new)) = both {
        let found = functions::common(&functions::of(&old).await, &functions::of(&new).await);
        let doc = "Names before parentheses in MariaDB, those that 10.11 and 11.8 have in common.";
        compare("effects/tables/mariadb.rs", &functions::file(doc, &found));
    }
}

#[tokio::test]
#[ignore = "fetches and starts real servers"]
async fn variables_are_those_of_servers() {
    for (kind, file) in [
        (RealServer::MySql97, "variable/tables/mysql.rs"),
        (RealServer::MariaDb1011, "variable/tables/mariadb.rs"),
    ] {
        if let Some(server) = start(kind) {
            compare(file, &variables::file(&server).await);
        }
    }
}
