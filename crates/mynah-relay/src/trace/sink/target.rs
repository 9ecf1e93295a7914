use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::TraceError;
use super::line_file::{LineFile, Written, count};
use super::rotated::Rotated;
use crate::trace::format::Format;
use crate::trace::options::{Output, TraceOptions};
use crate::trace::stamp::notice;

/// What is written to, and what of the trace it doesn't have.
#[derive(Debug)]
pub(super) struct Target {
    place: Place,
    name: String,
    format: Arc<dyn Format>,
    lost: Option<Lost>,
    reopen: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Place {
    /// Standard output, without Rust's buffer, which would keep bytes that could not be written.
    Stdout(LineFile),
    File(Box<Rotated>),
}

/// Lost lines, to be noted in the trace once writing works again.
#[derive(Debug)]
struct Lost {
    lines: u64,
    why: String,
}

impl Target {
    pub(super) fn open(
        options: &TraceOptions,
        format: &Arc<dyn Format>,
    ) -> Result<Self, TraceError> {
        let (place, name) = match &options.output {
            Output::Stdout => {
                let descriptor = io::stdout().as_fd().try_clone_to_owned();
                let file = File::from(descriptor.map_err(TraceError::Stdout)?);
                let place = Place::Stdout(LineFile::shared(file));
                (place, "standard output".to_owned())
            }
            Output::File {
                path,
                rotate_at,
                keep,
            } => {
                let file = Rotated::open(path, *rotate_at, *keep);
                let file = file.map_err(|source| TraceError::Open {
                    path: path.clone(),
                    source,
                })?;
                (Place::File(Box::new(file)), format!("'{}'", path.display()))
            }
        };
        Ok(Self {
            place,
            name,
            format: Arc::clone(format),
            lost: None,
            reopen: Arc::default(),
        })
    }

    /// Once it is set, the next lines go to the file that has the path then.
    pub(super) fn reopen(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.reopen)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Writes whole lines; gives how many of them are lost. That it fails is logged once, and again
    /// after it has worked.
    pub(super) fn write(&mut self, lines: &[u8]) -> u64 {
        // Here and not in the signal's thread: no other thread writes to the file.
        if self.reopen.swap(false, Ordering::Relaxed)
            && let Place::File(file) = &mut self.place
        {
            file.reopen();
        }
        // Once lines are lost, the note about them has to be written first. As long as that fails, so does
        // all else.
        if let Some(lost) = &mut self.lost {
            let note = notice(&*self.format, lost.lines, &lost.why);
            if self.place.write(note.as_bytes()).error.is_some() {
                lost.lines += count(lines);
                return count(lines);
            }
            log::warn!(
                "the trace to {} goes on: {} lines are lost",
                self.name,
                lost.lines
            );
            self.lost = None;
        }
        let written = self.place.write(lines);
        let Some(error) = written.error else { return 0 };
        log::error!("can't trace to {}: {error}", self.name);
        let lines = count(lines.get(written.bytes..).unwrap_or_default());
        self.miss(lines, error.to_string());
        lines
    }

    /// Lines are missing here that were lost before.
    pub(super) fn miss(&mut self, lines: u64, why: String) {
        match &mut self.lost {
            Some(lost) => lost.lines += lines,
            None => self.lost = Some(Lost { lines, why }),
        }
    }
}

impl Place {
    fn write(&mut self, lines: &[u8]) -> Written {
        match self {
            Self::Stdout(file) => file.write(lines),
            Self::File(file) => file.write(lines),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::format::format_of;
    use crate::trace::options::TraceFormat;

    #[test]
    fn lines_that_are_missing_are_noted_in_every_form() {
        for (format, said) in [
            (
                TraceFormat::Text,
                " 3 lines of the trace are lost: no reason\n",
            ),
            (TraceFormat::Json, "\"lines\":3,\"why\":\"no reason\"}\n"),
            (
                TraceFormat::Hex,
                "# 3 lines of the trace are lost: no reason\n",
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("trace");
            let options = TraceOptions {
                format,
                output: Output::File {
                    path: path.clone(),
                    rotate_at: None,
                    keep: 0,
                },
                ..TraceOptions::default()
            };
            let mut target = Target::open(&options, &format_of(&options)).unwrap();
            target.miss(2, "no reason".to_owned());
            target.miss(1, "another".to_owned());
            assert_eq!(target.write(b"next\n"), 0);
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.ends_with(&format!("{said}next\n")), "{text}");
        }
    }
}
