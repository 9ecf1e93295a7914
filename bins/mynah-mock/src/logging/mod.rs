//! Sends log records to standard error, or to a file per listener.

mod files;

use std::path::Path;

use log::{Log, Metadata, Record};

pub(crate) use files::{LogError, LogFiles};

/// Starts logging: everything if `verbose`, else as `RUST_LOG` says, else warnings and errors. With
/// a folder, logs go to the returned files.
pub(crate) fn start(
    verbose: bool,
    folder: Option<&Path>,
) -> Result<Option<&'static LogFiles>, LogError> {
    let logger = mynah_program::logging::builder(verbose).build();
    log::set_max_level(logger.filter());
    let Some(folder) = folder else {
        install(NeverLost(logger));
        return Ok(None);
    };
    // Needed as long as the program runs.
    let files: &'static LogFiles = Box::leak(Box::new(LogFiles::new(folder, logger)?));
    install(NeverLost(files));
    Ok(Some(files))
}

fn install(logger: impl Log + 'static) {
    // Can't fail: `main` calls this only once.
    let _first = log::set_logger(Box::leak(Box::new(logger)));
}

/// A logger in which no thread is lost, as other threads wait for its locks.
struct NeverLost<L>(L);

impl<L: Log> Log for NeverLost<L> {
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
