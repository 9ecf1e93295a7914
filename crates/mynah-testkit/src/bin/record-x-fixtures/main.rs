//! Records `fixtures/x/mysql-9.7/*.hex`: starts the real server, runs real clients through a tap.
//!
//! Arguments: names of fixtures; none for all.

mod plan;

use std::error::Error;
use std::net::SocketAddr;
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{env, fs};

use mynah_testkit::servers::{self, Mysqlxtest, RealServer, Server};
use mynah_testkit::{Fixture, Tap, fixtures_folder};

use crate::plan::{Asked, Client};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let only: Vec<String> = env::args().skip(1).collect();
    match record(&only) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Records the fixtures, and returns how many failed. A server that isn't available is skipped, not
/// an error.
fn record(only: &[String]) -> Outcome<usize> {
    let server = match Server::start(RealServer::MySql97) {
        Ok(server) => server,
        Err(unavailable) => {
            eprintln!("skipped: {unavailable}");
            return Ok(0);
        }
    };
    let address = server.x_address().ok_or("no port of the X Protocol")?;
    println!("{}: {}", server.kind(), server.version());
    run(python("x_messages.py", address)?.arg("before"))?;
    let mut failed = 0;
    for asked in plan::all() {
        if !only.is_empty() && !only.contains(&asked.name) {
            continue;
        }
        if let Err(error) = record_one(&server, address, &asked) {
            eprintln!("error: {}: {error}", asked.name);
            failed += 1;
        }
    }
    Ok(failed)
}

fn record_one(server: &Server, address: SocketAddr, asked: &Asked) -> Outcome {
    let tap = Tap::start_x(address)?;
    let client = match asked.client {
        Client::Messages(topic) => {
            run(python("x_messages.py", tap.address())?.arg(topic))?;
            "x_messages.py"
        }
        Client::Behind(message, rest) => {
            run(python("x_messages.py", tap.address())?.args(["behind", message, rest]))?;
            "x_messages.py"
        }
        Client::Connector(options) => {
            run(python("x_connector_python.py", tap.address())?.args(options))?;
            "mysqlx-connector-python"
        }
        Client::Mysqlxtest(options) => {
            let mut command = Mysqlxtest::fetch()?.command();
            command.args(["--host=127.0.0.1", "--user=sha2", "--password=throw-away"]);
            command.arg(format!("--port={}", tap.address().port()));
            run(command.args(options))?;
            "mysqlxtest 9.7"
        }
    };
    let mut recordings = tap.finish(TIMEOUT)?;
    recordings.retain(|recording| !recording.lines.is_empty());
    let (Some(recording), true) = (recordings.pop(), recordings.is_empty()) else {
        return Err("not one connection".into());
    };
    let fixture = Fixture {
        comments: vec![
            format!("server: MySQL {}", server.version()),
            format!("client: {client}"),
            format!("asked: {}", asked.what),
            "account: sha2, throw-away (caching_sha2_password)".to_owned(),
        ],
        lines: recording.lines,
    };
    let folder = fixtures_folder("x").join(server.kind().name());
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join(format!("{}.hex", asked.name)),
        fixture.to_string(),
    )?;
    Ok(())
}

/// A program of the folder `record`, with the packages it needs.
fn python(script: &str, address: SocketAddr) -> Outcome<Command> {
    let packages = servers::cached("python-mysqlx", &PACKAGES.join("\n"), |folder| {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(folder)
            .args(PACKAGES);
        servers::run(&mut pip).map(drop)
    })?;
    let mut python = Command::new("timeout");
    python
        .arg(TIMEOUT.as_secs().to_string())
        .arg("python3")
        .env("PYTHONPATH", packages)
        .arg(
            [env!("CARGO_MANIFEST_DIR"), "record", script]
                .iter()
                .collect::<std::path::PathBuf>(),
        )
        .args([address.ip().to_string(), address.port().to_string()]);
    Ok(python)
}

fn run(command: &mut Command) -> Outcome {
    servers::run(command)?;
    Ok(())
}

const PACKAGES: [&str; 3] = [
    "mysqlx-connector-python==26.10.0",
    "lz4==4.4.5",
    "zstandard==0.25.0",
];
/// How long a client may take, and then the server to close the connection.
const TIMEOUT: Duration = Duration::from_secs(30);
