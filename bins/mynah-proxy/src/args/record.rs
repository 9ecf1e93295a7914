use clap::Args;
use mynah_program::values;
use mynah_relay::{RecordOptions, Rule, VolatileRules};

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(super) struct RecordArgs {
    /// the file that what servers answer is recorded to, for mynah-mock to play; it is written at the end
    #[arg(long, value_name = "FILE")]
    record: Option<String>,

    /// values that differ from run to run, in whose place stable ones are recorded: column:NAME, parameter:NUMBER,
    /// literal:PATTERN, or type:TYPE, such as type:uuid; may be repeated
    #[arg(long, value_name = "RULE")]
    volatile: Vec<String>,
}

impl RecordArgs {
    /// What is recorded, if something is.
    pub(super) fn options(
        &self,
        passthrough: bool,
        redact: Vec<Rule>,
    ) -> Result<Option<RecordOptions>, ArgsError> {
        let mut volatile = VolatileRules::default();
        for text in &self.volatile {
            volatile = volatile.and(&values::parsed("--volatile", text)?);
        }
        let Some(path) = &self.record else {
            return match volatile.is_empty() {
                true => Ok(None),
                false => Err(together(
                    "--volatile",
                    "without --record",
                    "say what to record to",
                )),
            };
        };
        if passthrough {
            let problem = "with --tls passthrough, where nothing can be read";
            return Err(together("--record", problem, "leave one of them out"));
        }
        Ok(Some(RecordOptions {
            path: path.into(),
            made_by: Some(MADE_BY.to_owned()),
            redact,
            volatile,
        }))
    }
}

const MADE_BY: &str = concat!("mynah-proxy ", env!("CARGO_PKG_VERSION"));
