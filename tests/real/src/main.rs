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
mod run;
mod stage;
mod table;

use std::{fs, process::ExitCode, time::Instant};

use crate::{args::Args, matrix::Matrix, stage::Stage};

fn main() -> ExitCode {
    let args: Args = argh::from_env();
    let clients = families::all();
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
    let start = Instant::now();
    let stage = match Stage::set(&columns) {
        Ok(stage) => stage,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let matrix = Matrix::fill(&clients, &columns, &stage, args.jobs);
    let seconds = start.elapsed().as_secs();
    print!("{}", table::plain(&matrix));
    println!("{} s", seconds);
    let written = [
        args.json
            .as_ref()
            .map(|path| fs::write(path, json::report(&matrix, &stage, seconds))),
        args.readme
            .as_ref()
            .map(|path| readme::write(path, &matrix, &stage)),
    ];
    for error in written.into_iter().flatten().filter_map(Result::err) {
        eprintln!("error: the report can't be written: {error}");
        return ExitCode::FAILURE;
    }
    if matrix.counts().failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
