use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::Sink;
use super::line_file::{LineFile, count};
use crate::trace::format::Format;
use crate::trace::stamp::notice;

/// The file of one connection, where each has one.
#[derive(Debug)]
pub(in crate::trace) struct ConnectionFile {
    path: PathBuf,
    /// Absent until there is something to write.
    file: Option<LineFile>,
    /// Lines that wait for others.
    held: String,
    /// Lines that are missing in the file, and why.
    lost: Option<(u64, String)>,
    sink: Arc<Sink>,
    format: Arc<dyn Format>,
}

impl ConnectionFile {
    /// Nothing where all write to one place.
    pub(in crate::trace) fn create(
        sink: &Arc<Sink>,
        format: &Arc<dyn Format>,
        connection: u32,
        stamp: &str,
    ) -> Option<Self> {
        let stamp: String = stamp.chars().filter(char::is_ascii_digit).collect();
        let path = sink.folder()?.join(format!("{stamp}-{connection}.hex"));
        Some(Self {
            path,
            file: None,
            held: String::new(),
            lost: None,
            sink: Arc::clone(sink),
            format: Arc::clone(format),
        })
    }

    pub(in crate::trace) fn put(&mut self, lines: &str) {
        self.held.push_str(lines);
        if self.held.len() >= WORTH_WRITING {
            self.write();
        }
    }

    fn write(&mut self) {
        let lines = std::mem::take(&mut self.held);
        if lines.is_empty() {
            return;
        }
        let file = match self.file.take() {
            Some(file) => Ok(file),
            None => LineFile::append_to(&self.path),
        };
        let file = match file {
            Ok(file) => self.file.insert(file),
            Err(error) => return self.miss(count(lines.as_bytes()), 0, &error),
        };
        let mut all = String::new();
        if let Some((lost, why)) = &self.lost {
            all = notice(&*self.format, *lost, why);
        }
        let written_before = all.len();
        all.push_str(&lines);
        let written = file.write(all.as_bytes());
        let (before, _) = self
            .lost
            .take()
            .filter(|_| written.bytes < written_before)
            .unwrap_or_default();
        let Some(error) = written.error else { return };
        let rest = all
            .get(written.bytes.max(written_before)..)
            .unwrap_or_default();
        self.miss(count(rest.as_bytes()), before, &error);
    }

    /// Counts lines that could not be written; `before` were lost earlier.
    fn miss(&mut self, lines: u64, before: u64, error: &io::Error) {
        if before == 0 && self.lost.is_none() {
            log::error!("can't trace to '{}': {error}", self.path.display());
        }
        self.sink.lost(lines);
        let before = before + self.lost.take().map_or(0, |(lost, _)| lost);
        self.lost = Some((before + lines, error.to_string()));
    }
}

impl Drop for ConnectionFile {
    fn drop(&mut self) {
        self.write();
    }
}

/// How much is written at once.
const WORTH_WRITING: usize = 8 * 1024;
