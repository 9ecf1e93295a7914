//! Compares what two servers answer to the same clients.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use mynah_relay::{Mirror, VolatileRules};
use tempfile::TempDir;

use crate::compare::report;

/// How the answers of two servers are compared.
#[derive(Debug)]
pub(crate) struct CompareWith {
    /// The file that the report is written to.
    pub(crate) report: Option<PathBuf>,
    /// Values that make no difference.
    pub(crate) volatile: VolatileRules,
    /// The folder for the recordings of the answers.
    pub(crate) folder: TempDir,
}

impl CompareWith {
    /// Waits for answers of the second server, compares, and reports; says whether both servers answer in the same way.
    pub(crate) fn finish(self, mirror: &Mirror, timeout: Duration) -> Result<bool, Box<dyn Error>> {
        let check = mirror.finish(timeout, &self.volatile)?;
        report(&check, self.report.as_deref())?;
        Ok(check.is_good())
    }
}
