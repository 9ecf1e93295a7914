//! Where log records go: to standard error, or to a file for each listener.

mod files;
mod line;

use std::path::Path;

use env_logger::{Builder, Env, Logger};

pub(crate) use files::{LogError, LogFiles};

/// Starts logging: all there is if `verbose`, else what `RUST_LOG` says, else warnings and errors.
/// With a folder, to the files that this gives back.
pub(crate) fn start(
    verbose: bool,
    folder: Option<&Path>,
) -> Result<Option<&'static LogFiles>, LogError> {
    let logger = logger(verbose);
    log::set_max_level(logger.filter());
    let Some(folder) = folder else {
        install(Box::leak(Box::new(logger)));
        return Ok(None);
    };
    // They are needed as long as the program runs.
    let files = Box::leak(Box::new(LogFiles::new(folder, logger)?));
    install(files);
    Ok(Some(files))
}

fn logger(verbose: bool) -> Logger {
    let mut builder = if verbose {
        let mut builder = Builder::new();
        builder.filter_level(log::LevelFilter::Debug);
        builder
    } else {
        Builder::from_env(Env::default().default_filter_or("warn"))
    };
    builder
        .format(|to, record| line::write(to, record, to.default_level_style(record.level())))
        .build()
}

fn install(logger: &'static dyn log::Log) {
    // Nobody was before us: this is called once, by `main`.
    let _first = log::set_logger(logger);
}
