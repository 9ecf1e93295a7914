use std::fs::TryLockError;
use std::path::{Path, PathBuf};

use mynah_recording::{Line, added_to, journal_of};

use super::file::{LeftJournal, RecordError};
use crate::trace::LineFile;

/// The journal of a recording that is being made. No other program records to it meanwhile: the file is locked.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: LineFile,
    /// The first line, until it is written: without it, a journal can't be read.
    opening: Option<Vec<u8>>,
    failures: u64,
    is_failing: bool,
}

impl Journal {
    /// Begins the journal of a recording with its first line, which is made when the journal is locked.
    ///
    /// # Errors
    /// If the file can't be opened, if another program is recording to it, and if it has lines of an earlier recording.
    pub(super) fn begin(
        recording: &Path,
        open: impl FnOnce() -> Line,
    ) -> Result<Self, RecordError> {
        let path = journal_of(recording);
        let file = locked(&path, recording)?;
        let data = path.metadata();
        if data.is_ok_and(|data| data.is_file() && data.len() > 0) {
            let added_to = added_to(&path);
            let left = match &added_to {
                Some(_) => LeftJournal::Adds,
                None if recording.exists() => LeftJournal::Replaces,
                None => LeftJournal::IsNew,
            };
            let recording = added_to.unwrap_or_else(|| recording.to_owned());
            return Err(RecordError::Unfinished {
                path,
                recording,
                left,
            });
        }
        let mut journal = Self {
            path,
            file,
            opening: None,
            failures: 0,
            is_failing: false,
        };
        let open = open();
        if !journal.write(&open) {
            journal.opening = open.to_bytes().ok();
        }
        Ok(journal)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its size in bytes.
    pub(super) fn len(&self) -> u64 {
        self.file.len()
    }

    /// How many lines are lost.
    pub(super) fn failures(&self) -> u64 {
        self.failures
    }

    /// Writes a line. Says whether it is written.
    pub(super) fn write(&mut self, line: &Line) -> bool {
        self.write_bytes(line.to_bytes())
    }

    /// Writes a line at once, so that a crash loses none but the one that is being written. Says whether it is written.
    pub(super) fn write_bytes(&mut self, line: Result<Vec<u8>, serde_json::Error>) -> bool {
        let error = match line {
            Ok(line) => self.put(&line),
            Err(error) => Some(error.to_string()),
        };
        let Some(error) = error else {
            if std::mem::take(&mut self.is_failing) {
                log::warn!(
                    "the recording to '{}' goes on: {} lines are lost",
                    self.path.display(),
                    self.failures
                );
            }
            return true;
        };
        self.failures += 1;
        if !std::mem::replace(&mut self.is_failing, true) {
            log::error!("can't record to '{}': {error}", self.path.display());
        }
        false
    }

    /// Puts a line behind the first one. Says why it can't.
    fn put(&mut self, line: &[u8]) -> Option<String> {
        if let Some(opening) = &self.opening {
            if let Some(error) = self.file.write(opening).error {
                return Some(error.to_string());
            }
            self.opening = None;
            // It isn't lost after all.
            self.failures = self.failures.saturating_sub(1);
        }
        self.file.write(line).error.map(|error| error.to_string())
    }
}

/// Opens a journal, and locks it until it is closed.
fn locked(path: &Path, recording: &Path) -> Result<LineFile, RecordError> {
    loop {
        let file = LineFile::append_to(path).map_err(|source| RecordError::Write {
            path: path.to_owned(),
            source,
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RecordError::InUse {
                    recording: recording.to_owned(),
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => {
                log::warn!("'{}' can't be locked: {error}", path.display());
            }
        }
        // A program that has finished its recording meanwhile has removed the file that was opened.
        if file.is_at(path) {
            return Ok(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_first_line_is_written_as_soon_as_there_is_room() {
        let open = line(
            r#"{"open": {"version": 1, "digest": 1, "made_by": "a test", "recorded_at": "2026-11-29T20:00:00Z"}}"#,
        );
        let part = line(r#"{"part": "t7", "recorded_at": "2026-11-29T20:00:00Z"}"#);
        // As when the disk is full.
        let mut journal = Journal::begin(Path::new("/dev/ful"), || open.clone()).unwrap();
        assert_eq!(journal.failures(), 1);
        assert!(!journal.write(&part));
        assert_eq!(journal.failures(), 2);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rec.jsonl");
        journal.file = LineFile::append_to(&path).unwrap();
        assert!(journal.write(&part));
        assert_eq!(journal.failures(), 1);
        let lines: Vec<Line> = std::fs::read_to_string(&path)
            .unwrap()
            .lines()
            .map(line)
            .collect();
        assert_eq!(lines, [open, part]);
    }
}
