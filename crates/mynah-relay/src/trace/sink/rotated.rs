use std::io;
use std::path::{Path, PathBuf};

use super::line_file::{LineFile, Written, lines_within};

/// A file that is replaced by a new one when it reaches a size.
#[derive(Debug)]
pub(super) struct Rotated {
    path: PathBuf,
    file: LineFile,
    rotate_at: Option<u64>,
    keep: u32,
    /// Whether it can't be put aside, which was said.
    stuck: bool,
}

impl Rotated {
    pub(super) fn open(path: &Path, rotate_at: Option<u64>, keep: u32) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            file: LineFile::append_to(path)?,
            rotate_at,
            keep,
            stuck: false,
        })
    }

    /// Continues in the file that has the path now: the one before may have been moved away.
    pub(super) fn reopen(&mut self) {
        match LineFile::append_to(&self.path) {
            Ok(file) => self.file = file,
            Err(error) => log::error!("can't reopen '{}': {error}", self.path.display()),
        }
    }

    /// Writes whole lines; those that are too many for this file go to the next.
    pub(super) fn write(&mut self, lines: &[u8]) -> Written {
        let mut bytes = 0;
        // Each round writes the lines that fit into the current file, and begins the next one when none does.
        while let Some(rest) = lines.get(bytes..).filter(|rest| !rest.is_empty()) {
            let room = self
                .rotate_at
                .map_or(u64::MAX, |limit| limit.saturating_sub(self.file.len()));
            let written = match lines_within(rest, whole(room)) {
                0 if self.file.len() == 0 => self.file.write(first(rest, first_line(rest))),
                0 => self.rotate(rest),
                len => self.file.write(first(rest, len)),
            };
            bytes += written.bytes;
            if written.error.is_some() || written.bytes == 0 {
                return Written { bytes, ..written };
            }
        }
        Written { bytes, error: None }
    }

    /// Begins the next file with some of these lines. The file before is renamed once they are in the new
    /// one, so that no full file is given up for an empty one.
    fn rotate(&mut self, lines: &[u8]) -> Written {
        let limit = whole(self.rotate_at.unwrap_or(u64::MAX));
        // A line that no file has room for gets one of its own.
        let len = match lines_within(lines, limit) {
            0 => first_line(lines),
            len => len,
        };
        let lines = first(lines, len);
        let path = self.name("next");
        match remove(&path).and_then(|()| LineFile::append_to(&path)) {
            Ok(next) => self.go_on_in(next, &path, lines),
            Err(error) => self.go_on(lines, &error),
        }
    }

    fn go_on_in(&mut self, mut next: LineFile, path: &Path, lines: &[u8]) -> Written {
        let written = next.write(lines);
        if written.bytes == 0 {
            let _absent = remove(path);
            return written;
        }
        if let Err(error) = self.put_aside(path) {
            let _absent = remove(path);
            return self.go_on(lines, &error);
        }
        self.file = next;
        self.stuck = false;
        written
    }

    fn put_aside(&self, next: &Path) -> io::Result<()> {
        // From the oldest to the newest, so that none is overwritten.
        for number in (1..self.keep).rev() {
            // There may be fewer.
            let _absent = std::fs::rename(self.numbered(number), self.numbered(number + 1));
        }
        if self.keep > 0 {
            std::fs::rename(&self.path, self.numbered(1))?;
        }
        std::fs::rename(next, &self.path)
    }

    /// Continues with a file that can't be renamed, however long it gets.
    fn go_on(&mut self, lines: &[u8], error: &io::Error) -> Written {
        if !std::mem::replace(&mut self.stuck, true) {
            log::error!("can't rotate '{}': {error}", self.path.display());
        }
        self.file.write(lines)
    }

    fn numbered(&self, number: u32) -> PathBuf {
        self.name(&number.to_string())
    }

    fn name(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".{suffix}"));
        PathBuf::from(name)
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn first(lines: &[u8], len: usize) -> &[u8] {
    lines.get(..len).unwrap_or(lines)
}

fn first_line(lines: &[u8]) -> usize {
    let end = lines.iter().position(|&byte| byte == b'\n');
    end.map_or(lines.len(), |at| at + 1)
}

fn whole(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_rotated_between_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let mut file = Rotated::open(&path, Some(10), 2).unwrap();
        let lines = b"one\ntwo\nthree\na line that is too long\nfour\n";
        let written = file.write(lines);
        assert_eq!(written.bytes, lines.len());
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("trace"), "four\n");
        assert_eq!(read("trace.1"), "a line that is too long\n");
        assert_eq!(read("trace.2"), "three\n");
        assert!(!folder.path().join("trace.3").exists());
        assert!(!folder.path().join("trace.next").exists());
    }

    #[test]
    fn a_file_that_was_moved_away_is_left_when_it_is_reopened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let mut file = Rotated::open(&path, None, 0).unwrap();
        file.write(b"one\n");
        std::fs::rename(&path, folder.path().join("moved")).unwrap();
        file.write(b"two\n");
        file.reopen();
        file.write(b"three\n");
        assert_eq!(read(folder.path(), "moved"), "one\ntwo\n");
        assert_eq!(read(folder.path(), "trace"), "three\n");
    }

    /// A file at its limit, and one that was put aside before.
    fn full(folder: &Path) -> Rotated {
        let mut file = Rotated::open(&folder.join("trace"), Some(10), 1).unwrap();
        assert!(file.write(b"before\nat last\n").error.is_none());
        file
    }

    fn read(folder: &Path, name: &str) -> String {
        std::fs::read_to_string(folder.join(name)).unwrap()
    }

    #[test]
    fn no_file_is_given_up_for_one_that_stays_empty() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut file = full(folder);
        let disk = LineFile::append_to(Path::new("/dev/full")).unwrap();
        let written = file.go_on_in(disk, &folder.join("trace.next"), b"lost\n");
        assert!(written.bytes == 0 && written.error.is_some());
        assert_eq!(read(folder, "trace.1"), "before\n");
        assert_eq!(read(folder, "trace"), "at last\n");
        // There is room again.
        assert!(file.write(b"here\n").error.is_none());
        assert_eq!(read(folder, "trace.1"), "at last\n");
        assert_eq!(read(folder, "trace"), "here\n");
    }

    #[test]
    fn a_file_that_can_not_be_put_aside_grows() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let mut file = full(folder);
        std::fs::create_dir(folder.join("trace.next")).unwrap();
        assert!(file.write(b"more\n").error.is_none());
        assert_eq!(read(folder, "trace"), "at last\nmore\n");
    }
}
