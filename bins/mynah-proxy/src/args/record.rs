use clap::Args;
use mynah_relay::{RecordOptions, Rule};

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(super) struct RecordArgs {
    /// the file that what servers answer is recorded to, for mynah-mock to play; it is written at the end
    #[arg(long, value_name = "FILE")]
    record: Option<String>,
}

impl RecordArgs {
    /// What is recorded, if something is.
    pub(super) fn options(
        &self,
        passthrough: bool,
        redact: Vec<Rule>,
    ) -> Result<Option<RecordOptions>, ArgsError> {
        let Some(path) = &self.record else {
            return Ok(None);
        };
        if passthrough {
            let problem = "with --tls passthrough, where nothing can be read";
            return Err(together("--record", problem, "leave one of them out"));
        }
        Ok(Some(RecordOptions {
            path: path.into(),
            made_by: Some(MADE_BY.to_owned()),
            redact,
        }))
    }
}

const MADE_BY: &str = concat!("mynah-proxy ", env!("CARGO_PKG_VERSION"));
