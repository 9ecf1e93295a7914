//! Where log records go: to standard error, or to a file for each listener.

mod files;

use std::path::Path;

use log::{Log, Metadata, Record};

pub(crate) use files::{LogError, LogFiles};

/// Starts logging: all there is if `verbose`, else what `RUST_LOG` says, else warnings and errors.
/// With a folder, to the files that this gives back.
pub(crate) fn start(
    verbose: bool,
    folder: Option<&Path>,
) -> Result<Option<&'static LogFiles>, LogError> {
    let logger = mynah_program::logging::builder(verbose).build();
    log::set_max_level(logger.filter());
    let Some(folder) = folder else {
        install(Whole(logger));
        return Ok(None);
    };
    // They are needed as long as the program runs.
    let files: &'static LogFiles = Box::leak(Box::new(LogFiles::new(folder, logger)?));
    install(Whole(files));
    Ok(Some(files))
}

fn install(logger: impl Log + 'static) {
    // Nobody was before us: this is called once, by `main`.
    let _first = log::set_logger(Box::leak(Box::new(logger)));
}

/// A logger that no thread is lost in: others wait for its locks.
struct Whole<L>(L);

impl<L: Log> Log for Whole<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.0.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        let _deferred = mynah_guard::defer();
        self.0.log(record);
    }

    fn flush(&self) {
        let _deferred = mynah_guard::defer();
        self.0.flush();
    }
}
