//! What tests came to, when the program ends.

use std::error::Error;
use std::path::{Path, PathBuf};

use mynah::Report;
use mynah_program::print_error;

/// What becomes of the report at the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending {
    pub(crate) fail_on_unexpected: bool,
    pub(crate) fail_on_unmet: bool,
    /// The file that it is written to.
    pub(crate) file: Option<PathBuf>,
    /// Whether what was never played leaves the file of the recording.
    pub(crate) prune: bool,
}

impl Ending {
    /// Whether there is a report at all.
    pub(crate) fn wants_report(&self) -> bool {
        self.fail_on_unexpected || self.fail_on_unmet || self.file.is_some()
    }

    /// Writes the reports of all tests; returns the exit code of tests that failed, if they did. Says then on
    /// standard error what failed.
    pub(crate) fn report(&self, reports: &[Report]) -> Result<Option<u8>, Box<dyn Error>> {
        if let Some(path) = &self.file {
            let text = text(path, reports)?;
            // Only the owner may read a new one: it has statements and values.
            mynah_relay::write_text(path, &text)
                .map_err(|error| format!("can't write the report '{}': {error}", path.display()))?;
        }
        let mut failed = reports
            .iter()
            .filter(|report| self.is_failed(report))
            .peekable();
        if failed.peek().is_none() {
            return Ok(None);
        }
        for report in failed {
            print_error(report.to_string().trim_end());
        }
        Ok(Some(FAILED))
    }

    fn is_failed(&self, report: &Report) -> bool {
        (self.fail_on_unexpected && !report.is_expected())
            || (self.fail_on_unmet && !report.is_met())
    }
}

/// The reports in the format that the file's name asks for.
fn text(path: &Path, reports: &[Report]) -> Result<String, serde_json::Error> {
    let extension = path.extension().unwrap_or_default();
    if extension.eq_ignore_ascii_case("json") {
        return serde_json::to_string_pretty(reports).map(|json| json + "\n");
    }
    if extension.eq_ignore_ascii_case("xml") {
        return Ok(Report::all_to_junit(reports));
    }
    Ok(reports.iter().map(ToString::to_string).collect())
}

/// The exit code of tests that failed.
const FAILED: u8 = 3;
