use std::path::PathBuf;

use clap::Args;

use crate::report::Ending;

#[derive(Debug, Args)]
#[command(next_help_heading = "Tests")]
pub(super) struct ReportArgs {
    /// end with exit code 3 if there was an unexpected statement: one that nothing answered, or that an expectation
    /// forbids
    #[arg(long)]
    fail_on_unexpected: bool,

    /// end with exit code 3 if an expectation wasn't matched as often as it must be
    #[arg(long)]
    fail_on_unmet: bool,

    /// at the end, write met and unmet expectations and unexpected statements to this file: as JSON if its name ends in
    /// .json, as JUnit XML if in .xml, else as text
    #[arg(long, value_name = "FILE")]
    report: Option<String>,
}

impl ReportArgs {
    pub(super) fn ending(self) -> Ending {
        Ending {
            fail_on_unexpected: self.fail_on_unexpected,
            fail_on_unmet: self.fail_on_unmet,
            file: self.report.map(PathBuf::from),
            prune: false,
        }
    }
}
