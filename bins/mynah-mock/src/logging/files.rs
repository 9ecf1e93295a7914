use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use env_logger::Logger;
use env_logger::fmt::style::Style;
use log::{Log, Metadata, Record};
use mynah_program::logging;
use thiserror::Error;

/// The log files, one per listener.
#[derive(Debug)]
pub(crate) struct LogFiles {
    folder: PathBuf,
    /// Selects the records to log.
    filter: Logger,
    files: Mutex<Files>,
}

/// Why the log files can't be written.
#[derive(Debug, Error)]
#[error("can't log to '{}'", path.display())]
pub(crate) struct LogError {
    path: PathBuf,
    source: io::Error,
}

#[derive(Debug, Default)]
struct Files {
    open: BTreeMap<String, LogFile>,
    /// The file of records without a listener.
    first: Option<String>,
    /// Records without a listener from before `open`, which chooses their file.
    early: Vec<u8>,
}

#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    file: File,
    failed: bool,
}

impl LogFiles {
    /// Makes the folder if it is missing.
    pub(super) fn new(folder: &Path, filter: Logger) -> Result<Self, LogError> {
        fs::create_dir_all(folder).map_err(|source| LogError {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            filter,
            files: Mutex::default(),
        })
    }

    /// Opens the files of these listeners. The first one also gets the records without a listener.
    pub(crate) fn open(&self, listeners: &[String]) -> Result<(), LogError> {
        let mut files = self.files();
        for listener in listeners {
            self.file(&mut files, listener)?;
        }
        files.first = listeners.first().cloned();
        let early = std::mem::take(&mut files.early);
        if let Some(first) = listeners.first() {
            self.file(&mut files, first)?.write(&early);
        }
        Ok(())
    }

    /// Reopens all files at their paths: the previous files may have been moved away.
    pub(crate) fn reopen(&self) {
        for log in self.files().open.values_mut() {
            match open(&log.path) {
                Ok(file) => log.file = file,
                Err(error) => {
                    let path = log.path.display();
                    let _unreported = writeln!(io::stderr(), "can't reopen '{path}': {error}");
                }
            }
        }
    }

    /// The file of a listener: `mock_server_<port>.log`; for a Unix socket the port is replaced by
    /// the name of its file, without its extension.
    fn file<'a>(&self, files: &'a mut Files, listener: &str) -> Result<&'a mut LogFile, LogError> {
        let stem = Path::new(listener).file_stem().unwrap_or_default();
        let name = format!("mock_server_{}.log", stem.to_string_lossy());
        if !files.open.contains_key(&name) {
            let path = self.folder.join(&name);
            let file = match open(&path) {
                Ok(file) => LogFile {
                    path,
                    file,
                    failed: false,
                },
                Err(source) => return Err(LogError { path, source }),
            };
            files.open.insert(name.clone(), file);
        }
        files.open.get_mut(&name).ok_or_else(|| LogError {
            path: self.folder.join(&name),
            source: io::ErrorKind::NotFound.into(),
        })
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options().append(true).create(true).open(path)
}

impl Log for LogFiles {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.filter.matches(record) {
            return;
        }
        let mut text = Vec::new();
        // Writing to memory can't fail.
        let _written = logging::write(&mut text, record, Style::new());
        let listener = record.key_values().get("listener".into());
        let listener = listener.map(|listener| listener.to_string());
        let mut files = self.files();
        let Some(listener) = listener.or_else(|| files.first.clone()) else {
            files.early.extend(text);
            return;
        };
        // `open` has opened it, or has ended the program.
        if let Ok(file) = self.file(&mut files, &listener) {
            file.write(&text);
        }
    }

    fn flush(&self) {}
}

/// Prints the records that have no file, when the program ends before `open`.
impl LogFiles {
    pub(crate) fn show_early(&self) {
        // An error of standard error can't be reported anywhere.
        let _shown = io::stderr().write_all(&self.files().early);
    }
}

impl LogFile {
    /// Writes a complete line. A failure is reported once, and again after a success.
    fn write(&mut self, line: &[u8]) {
        let written = self.file.write_all(line);
        if let (Err(error), false) = (&written, self.failed) {
            let path = self.path.display();
            let _unreported = writeln!(io::stderr(), "can't log to '{path}': {error}");
        }
        self.failed = written.is_err();
    }
}
