use std::path::PathBuf;

use clap::Args;

use crate::report::Ending;

#[derive(Debug, Args)]
#[command(next_help_heading = "Tests")]
pub(super) struct ReportArgs {
    /// end with 3 if a statement came that nothing answered
    #[arg(long)]
    fail_on_unexpected: bool,

    /// end with 3 if an expectation didn't come as often as it must
    #[arg(long)]
    fail_on_unmet: bool,

    /// at the end, write to this file what was met, unmet and unexpected: as text, as JSON if its
    /// name ends in .json, as JUnit XML if in .xml
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
