//! Compares what servers answer with what was recorded.

use std::error::Error;
use std::path::{Path, PathBuf};

use mynah_program::print_error;
use mynah_relay::{Check, Recording, VolatileRules, check};
use tempfile::TempDir;

/// What servers' answers are compared with, and what becomes of the report.
#[derive(Debug)]
pub(crate) struct Compare {
    /// The recording, and perhaps a second one of the same server.
    pub(crate) recordings: Vec<PathBuf>,
    /// The file that the report is written to.
    pub(crate) report: Option<PathBuf>,
    /// Values that make no difference.
    pub(crate) volatile: VolatileRules,
    /// The recording of what servers answer now.
    pub(crate) now: PathBuf,
    /// The folder that it is in, unless it is kept.
    pub(crate) folder: Option<TempDir>,
}

/// A comparison whose recordings were read.
#[derive(Debug)]
pub(crate) struct Comparing {
    compare: Compare,
    recorded: Recording,
    second: Option<Recording>,
}

impl Compare {
    /// Reads the recordings, so that one that can't be read ends the program before a client is served.
    pub(crate) fn start(self) -> Result<Comparing, Box<dyn Error>> {
        let mut recordings = Vec::new();
        for path in &self.recordings {
            recordings.push(mynah_relay::read_recording(path)?);
        }
        let mut recordings = recordings.into_iter();
        Ok(Comparing {
            recorded: recordings.next().ok_or("--compare has no recording")?,
            second: recordings.next(),
            compare: self,
        })
    }
}

impl Comparing {
    /// The folder to remove in which the recording of the present answers is, unless that is kept.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        let folder = self.compare.folder.as_ref();
        folder.map(|folder| folder.path().to_owned())
    }

    /// Compares, and reports; says whether servers answer as recorded.
    pub(crate) fn finish(self) -> Result<bool, Box<dyn Error>> {
        let Self {
            compare,
            recorded,
            second,
        } = self;
        let now = mynah_relay::read_recording(&compare.now)?;
        let check = check(&recorded, second.as_ref(), &now, &compare.volatile);
        report(&check, compare.report.as_deref())?;
        drop(compare.folder);
        Ok(check.is_good())
    }
}

/// Prints the report, and writes it to the file if there is one.
pub(crate) fn report(check: &Check, path: Option<&Path>) -> Result<(), Box<dyn Error>> {
    if let Some(path) = path {
        let text = text(path, check)?;
        // Only the owner may read a new one: it has statements and values.
        mynah_relay::write_text(path, &text)
            .map_err(|error| format!("can't write the report '{}': {error}", path.display()))?;
    }
    print_error(check.to_string().trim_end());
    Ok(())
}

/// The report in the format that the file's name asks for.
fn text(path: &Path, check: &Check) -> Result<String, serde_json::Error> {
    let extension = path.extension().unwrap_or_default();
    if extension.eq_ignore_ascii_case("json") {
        return serde_json::to_string_pretty(check).map(|json| json + "\n");
    }
    if extension.eq_ignore_ascii_case("xml") {
        return Ok(check.to_junit());
    }
    Ok(check.to_string())
}
