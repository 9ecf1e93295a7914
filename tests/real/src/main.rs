//! Runs real clients against the mock, through the proxy, and straight at real servers; prints what
//! held as one table. See `tests/real/README.md`.

mod args;
mod client;
mod column;
mod families;
mod json;
mod matrix;
mod ours;
mod readme;
mod replayed;
mod run;
mod side_by_side;
mod signals;
mod stage;
mod suites;
mod table;

use std::{fs, io, path::Path, process::ExitCode, time::Instant};

use crate::{
    args::Args,
    client::Client,
    column::Column,
    matrix::Matrix,
    replayed::Replayed,
    side_by_side::{Compared, PAIRS},
    stage::Stage,
};

fn main() -> ExitCode {
    let args: Args = argh::from_env();
    let clients = match args.replay {
        true => families::replayed(),
        false => families::all(),
    };
    let (clients, columns) = match args.choose(clients) {
        Ok(chosen) => chosen,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    if args.list {
        for client in &clients {
            println!("{:<10} {:<24} {}", client.family, client.name, client.about);
        }
        return ExitCode::SUCCESS;
    }
    if let Err(error) = signals::give_back_first() {
        eprintln!("error: signals can't be waited for: {error}");
        return ExitCode::FAILURE;
    }
    let start = Instant::now();
    let columns = match (args.side_by_side, args.replay) {
        (true, _) => Column::SIDE_BY_SIDE.to_vec(),
        (_, true) => replayed::COLUMNS.to_vec(),
        _ => columns,
    };
    let stage = match Stage::set(&columns, args.tls) {
        Ok(stage) => stage,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    if args.side_by_side {
        return side_by_side(&clients, &stage, args.recordings.as_deref());
    }
    if args.replay {
        return replay(&clients, &stage, args.recordings.as_deref());
    }
    let mut matrix = Matrix::fill(&clients, &columns, &stage, args.jobs);
    matrix.suites = suites::run(&stage, |name| args.wants_suite(name));
    let seconds = start.elapsed().as_secs();
    print!("{}", table::plain(&matrix));
    println!("{seconds} s");
    if let Err(error) = write_reports(&args, &matrix, &stage, seconds) {
        eprintln!("error: the report can't be written: {error}");
        return ExitCode::FAILURE;
    }
    if matrix.counts().failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn write_reports(args: &Args, matrix: &Matrix<'_>, stage: &Stage, seconds: u64) -> io::Result<()> {
    if let Some(path) = &args.json {
        fs::write(path, json::report(matrix, stage, seconds))?;
    }
    if let Some(path) = &args.readme {
        readme::write(path, matrix, stage)?;
    }
    Ok(())
}

/// Records each client with real servers, and plays it the recordings.
fn replay(clients: &[Client], stage: &Stage, keep: Option<&Path>) -> ExitCode {
    let (mut same, mut differ, mut skipped) = (0, 0, 0);
    let pairs = clients
        .iter()
        .flat_map(|client| replayed::SERVERS.map(|server| (client, server)));
    for (client, server) in pairs {
        let name = format!("{:<24} {:<14}", client.name, server.name());
        match replayed::replay(client, stage, server, keep) {
            Replayed::Same => {
                same += 1;
                println!("{name} same");
            }
            Replayed::Differs(why) => {
                differ += 1;
                println!("{name} DIFFERS\n    {why}");
            }
            Replayed::Skipped(why) => {
                skipped += 1;
                println!("{name} skipped: {why}");
            }
        }
    }
    println!("{same} passed, {differ} failed, {skipped} skipped");
    match differ {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Compares the answers of both servers, one client after the other.
fn side_by_side(clients: &[Client], stage: &Stage, keep: Option<&Path>) -> ExitCode {
    let (mut same, mut differ, mut skipped) = (0, 0, 0);
    let pairs = clients
        .iter()
        .flat_map(|client| PAIRS.map(|pair| (client, pair)));
    for (client, pair) in pairs {
        let name = format!("{:<24} {:<14}", client.name, pair.server.name());
        match side_by_side::compare(client, stage, pair, keep) {
            Compared::Same {
                commands,
                connections,
            } => {
                same += 1;
                println!("{name} same: {commands} commands, {connections} connections");
            }
            Compared::Differs(differences) => {
                differ += 1;
                println!("{name} DIFFERS");
                for difference in differences {
                    println!("    {difference}");
                }
            }
            Compared::Skipped(why) => {
                skipped += 1;
                println!("{name} skipped: {why}");
            }
        }
    }
    println!("{same} passed, {differ} failed, {skipped} skipped");
    if differ > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
