use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

/// A file of whole lines: when one can't be written whole, the file is cut back to the line before,
/// or, where that can't be done, a new line is begun.
#[derive(Debug)]
pub(crate) struct LineFile {
    file: File,
    /// How many bytes it has; of what isn't a file of ours alone, how many were written.
    len: u64,
    can_be_cut: bool,
    /// Whether it ends inside a line.
    torn: bool,
}

/// What came of lines.
#[derive(Debug)]
pub(crate) struct Written {
    /// How many bytes of them are written: whole lines.
    pub(crate) bytes: usize,
    /// Why the rest isn't.
    pub(crate) error: Option<io::Error>,
}

impl LineFile {
    pub(crate) fn append_to(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        // Only the owner may read it: a trace may have personal data.
        options.read(true).append(true).create(true).mode(0o600);
        let file = match options.open(path) {
            // What can only be written to is no file that has lines.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                OpenOptions::new().append(true).open(path)?
            }
            opened => opened?,
        };
        let metadata = file.metadata()?;
        let (len, can_be_cut) = (metadata.len(), metadata.is_file());
        let mut last = [b'\n'];
        if can_be_cut && let Some(at) = len.checked_sub(1) {
            // A file that can't be read is taken as one that ends with a whole line.
            let _unread = file.read_exact_at(&mut last, at);
        }
        Ok(Self {
            file,
            len,
            can_be_cut,
            torn: last != *b"\n",
        })
    }

    /// One that others may write to as well: a new line is begun where one was torn.
    pub(super) fn shared(file: File) -> Self {
        Self {
            file,
            len: 0,
            can_be_cut: false,
            torn: false,
        }
    }

    /// Locks the file until it is closed.
    pub(crate) fn try_lock(&self) -> Result<(), TryLockError> {
        self.file.try_lock()
    }

    /// Whether the file is at this path, so that others who open the path find it. If that isn't known, it is.
    pub(crate) fn is_at(&self, path: &Path) -> bool {
        match (self.file.metadata(), path.metadata()) {
            (Ok(own), Ok(there)) => (own.dev(), own.ino()) == (there.dev(), there.ino()),
            (Ok(_), Err(error)) => error.kind() != io::ErrorKind::NotFound,
            (Err(_), _) => true,
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Writes whole lines, as many as can be written.
    // Readers of the trace take each line for a whole one. What is written of a line before an error is taken
    // back, or ended by a newline at the next write.
    pub(crate) fn write(&mut self, lines: &[u8]) -> Written {
        if self.torn {
            if let (_, Some(error)) = self.put(b"\n") {
                let error = Some(error);
                return Written { bytes: 0, error };
            }
            self.torn = false;
        }
        let (put, error) = self.put(lines);
        let bytes = match error {
            None => lines.len(),
            Some(_) => lines_within(lines, put),
        };
        self.cut_back(put - bytes);
        Written { bytes, error }
    }

    fn put(&mut self, bytes: &[u8]) -> (usize, Option<io::Error>) {
        let mut put = 0;
        while let Some(rest) = bytes.get(put..).filter(|rest| !rest.is_empty()) {
            let error = match self.file.write(rest) {
                Ok(0) => io::ErrorKind::WriteZero.into(),
                Ok(len) => {
                    put += len;
                    self.len += len as u64;
                    continue;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => error,
            };
            return (put, Some(error));
        }
        (put, None)
    }

    /// Removes the beginning of a line that could not be written as a whole.
    fn cut_back(&mut self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        // Another process may have written behind it since; its lines must not be cut off.
        let is_last = |file: &File| file.metadata().is_ok_and(|data| data.len() == self.len);
        let whole = self.len.saturating_sub(bytes as u64);
        if self.can_be_cut && is_last(&self.file) && self.file.set_len(whole).is_ok() {
            self.len = whole;
        } else {
            self.torn = true;
        }
    }
}

/// How many bytes the lines have that fit.
pub(super) fn lines_within(lines: &[u8], room: usize) -> usize {
    let fitting = lines.get(..room).unwrap_or(lines);
    let end = fitting.iter().rposition(|&byte| byte == b'\n');
    end.map_or(0, |at| at + 1)
}

/// How many lines these are.
pub(in crate::trace) fn count(lines: &[u8]) -> u64 {
    lines.iter().filter(|&&byte| byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_begun_before_is_not_continued() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        std::fs::write(&path, "whole\nhal").unwrap();
        let mut file = LineFile::append_to(&path).unwrap();
        assert!(file.write(b"next\n").error.is_none());
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "whole\nhal\nnext\n"
        );
    }

    #[test]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        LineFile::append_to(&path).unwrap();
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_was_removed_or_replaced_is_no_longer_at_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rec.jsonl");
        let file = LineFile::append_to(&path).unwrap();
        assert!(file.is_at(&path));
        std::fs::remove_file(&path).unwrap();
        assert!(!file.is_at(&path));
        File::create(&path).unwrap();
        assert!(!file.is_at(&path));
    }

    #[test]
    fn the_beginning_of_a_line_is_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let mut file = LineFile::append_to(&path).unwrap();
        assert!(file.write(b"whole\n").error.is_none());
        // As when the disk is full after a part of it.
        assert_eq!(file.put(b"one\nha").0, 6);
        file.cut_back(2);
        assert!(file.write(b"next\n").error.is_none());
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "whole\none\nnext\n"
        );
    }

    #[test]
    fn what_can_not_be_cut_gets_a_new_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let mut file = LineFile::shared(File::create(&path).unwrap());
        assert_eq!(file.put(b"ha").0, 2);
        file.cut_back(2);
        assert!(file.write(b"next\n").error.is_none());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "ha\nnext\n");
    }

    #[test]
    fn a_full_disk_takes_nothing() {
        let mut full = LineFile::append_to(Path::new("/dev/full")).unwrap();
        let written = full.write(b"one\ntwo\n");
        assert_eq!(written.bytes, 0);
        let error = written.error.unwrap();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
