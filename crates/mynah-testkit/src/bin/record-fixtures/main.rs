//! Records `fixtures/classic/<server>/*.hex`: starts real servers, runs real clients through a tap.
//!
//! Arguments: names of servers, or `all`; then, after `--only`, names of fixtures.

mod asked;
mod client;
mod clients;
mod plan;
mod record;

use std::{env, process::ExitCode};

use mynah_testkit::servers::{RealServer, Server};

use crate::{clients::Clients, record::Recorder};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let names: Vec<String> = arguments
        .by_ref()
        .take_while(|name| name != "--only")
        .collect();
    let only: Vec<String> = arguments.collect();
    let servers = if names == ["all"] {
        Ok(RealServer::ALL.to_vec())
    } else {
        names
            .iter()
            .map(|name| name.parse())
            .collect::<Result<Vec<RealServer>, _>>()
    };
    let servers = match servers {
        Ok(servers) if !servers.is_empty() => servers,
        Ok(_) => return usage("no server named"),
        Err(error) => return usage(&error.to_string()),
    };

    let mut failed = false;
    for server in servers {
        failed |= !record(server, &only);
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn usage(error: &str) -> ExitCode {
    let names = RealServer::ALL.map(RealServer::name).join(", ");
    eprintln!("error: {error}; say all, or some of {names}");
    ExitCode::from(2)
}

/// Whether all fixtures of the server could be recorded. A server that isn't available is skipped,
/// not an error.
fn record(server: RealServer, only: &[String]) -> bool {
    let running = match Server::start(server) {
        Ok(running) => running,
        Err(unavailable) => {
            eprintln!("skipped: {unavailable}");
            return true;
        }
    };
    println!("{server}: {}", running.version());
    let clients = Clients::new(running.folder());
    let recorder = Recorder::new(&running, &clients);
    if only.is_empty() {
        recorder.remove_old();
    }
    let mut failed = 0;
    for asked in plan::of(server) {
        if !only.is_empty() && !only.contains(&asked.name) {
            continue;
        }
        if let Err(error) = recorder.record(&asked) {
            eprintln!("error: {server}/{}: {error}", asked.name);
            failed += 1;
        }
    }
    failed == 0
}
