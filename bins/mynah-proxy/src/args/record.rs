use clap::Args;
use mynah::ReplayOptions;
use mynah_program::{UsageError, values};
use mynah_relay::{Pseudonyms, RecordOptions, RowsLimit, Rule, VolatileRules};

use super::ArgsError;
use super::error::together;
use super::mode::{Mode, has_pseudonyms, rows_limit_of};
use crate::compare::Compare;

#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(super) struct RecordArgs {
    /// record the servers' answers to this file, for mynah-mock to play; the file is written when the program ends
    #[arg(long, value_name = "FILE")]
    record: Option<String>,

    /// answer clients from this recording; see --record-mode
    #[arg(long, value_name = "FILE")]
    replay: Option<String>,

    /// what is recorded with --replay: none (no server is used), once (everything if the recording doesn't exist), new
    /// (statements that the recording lacks) or all (everything again) (default: the variable MYNAH_RECORD_MODE, or
    /// none)
    #[arg(long, value_name = "MODE")]
    record_mode: Option<String>,

    /// values that differ from run to run, in whose place stable values are recorded: column:NAME, parameter:NUMBER,
    /// literal:PATTERN, or type:TYPE, such as type:uuid; may be repeated
    #[arg(long, value_name = "RULE")]
    volatile: Vec<String>,

    /// how many rows a result may have in the recording's own file; the rows of larger results are in side files, in the
    /// folder FILE.rows; none: all rows are in the file (default: 1000, or the limit of a recording that exists)
    #[arg(long, value_name = "ROWS")]
    record_rows_limit: Option<String>,

    /// compare the servers' answers with this recording, and end with exit code 3 if they differ. Given twice, with two
    /// recordings of one server, values that differ between these two aren't compared
    #[arg(long, value_name = "FILE")]
    compare: Vec<String>,

    /// at the end, write the differences of --compare or --compare-with to this file: as JSON if its name ends in .json, as JUnit XML if
    /// in .xml, else as text
    #[arg(long, value_name = "FILE")]
    report: Option<String>,

    /// values that are recorded as pseudonyms, by rules like those of --volatile; may be repeated
    #[arg(long, value_name = "RULE")]
    pseudonym: Vec<String>,

    /// file with the key of the pseudonyms, at least 16 bytes; required unless all rules for pseudonyms are type:uuid
    #[arg(long, value_name = "FILE")]
    redact_key: Option<String>,
}

/// What is recorded, and compared.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    pub(super) record: Option<RecordOptions>,
    pub(super) compare: Option<Compare>,
}

impl RecordArgs {
    /// How a recording is played, if one is.
    pub(super) fn mode(&self) -> Result<Option<Mode>, ArgsError> {
        if self.replay.is_some() && (self.record.is_some() || !self.compare.is_empty()) {
            let problem = "with --record or --compare";
            let remedy = "say by --record-mode what is recorded";
            return Err(together("--replay", problem, remedy));
        }
        Mode::new(self.replay.as_deref(), self.record_mode.as_deref())
    }

    pub(super) fn options(
        &self,
        passthrough: bool,
        redact: Vec<Rule>,
        has_second: bool,
    ) -> Result<Recorded, ArgsError> {
        let volatile = rules("--volatile", &self.volatile)?;
        let pseudonyms = self.pseudonyms()?;
        if pseudonyms.is_some() && self.replay.is_some() {
            return Err(with_own_salt());
        }
        if self.report.is_some() && self.compare.is_empty() && !has_second {
            let problem = "without --compare or --compare-with";
            return Err(together("--report", problem, "say what to compare with"));
        }
        let record = self.record.as_ref().or(self.replay.as_ref());
        let rows_limit = self.rows_limit()?;
        let option = match (record, self.compare.is_empty()) {
            (_, false) => "--compare",
            (Some(_), true) => "--record",
            (None, true) => {
                let option = match (volatile.is_empty(), &pseudonyms) {
                    (true, None) => return Ok(Recorded::default()),
                    // They say what of the two servers' answers isn't compared.
                    (false, None) if has_second => return Ok(Recorded::default()),
                    (false, _) => "--volatile",
                    (true, Some(_)) => "--pseudonym",
                };
                let remedy = "write --record FILE, too";
                return Err(together(option, "without --record", remedy));
            }
        };
        if passthrough {
            let problem = "with --tls passthrough, where nothing can be read";
            return Err(together(option, problem, "leave one of them out"));
        }
        if self.compare.len() > MOST_COMPARED {
            let problem = "more than twice";
            return Err(together("--compare", problem, "two recordings are enough"));
        }
        if self
            .compare
            .iter()
            .any(|path| has_pseudonyms(path.as_ref()))
        {
            let problem =
                "with a recording that has pseudonyms, from which all answers would differ";
            let remedy = "compare with one that was made without --pseudonym";
            return Err(together("--compare", problem, remedy));
        }
        let (path, folder) = match record {
            Some(path) => (path.into(), None),
            None => {
                let folder = tempfile::tempdir().map_err(ArgsError::NoFolder)?;
                (folder.path().join("now.json"), Some(folder))
            }
        };
        let compare = (!self.compare.is_empty()).then(|| Compare {
            recordings: self.compare.iter().map(Into::into).collect(),
            report: self.report.as_ref().map(Into::into),
            volatile: volatile.clone(),
            now: path.clone(),
            folder,
        });
        Ok(Recorded {
            record: Some(RecordOptions {
                path,
                made_by: Some(MADE_BY.to_owned()),
                redact,
                // Values are compared by the rules at the end.
                volatile: match record {
                    Some(_) => volatile,
                    None => VolatileRules::default(),
                },
                pseudonyms,
                rows_limit,
                ..RecordOptions::default()
            }),
            compare,
        })
    }

    /// The file for the differences.
    pub(super) fn report(&self) -> Option<&str> {
        self.report.as_deref()
    }

    /// The rules for volatile values.
    pub(super) fn volatile(&self) -> Result<VolatileRules, UsageError> {
        rules("--volatile", &self.volatile)
    }

    /// Whether a recording is compared or played.
    pub(super) fn has_recording(&self) -> bool {
        self.replay.is_some() || !self.compare.is_empty()
    }

    /// How a recording is played that alone answers.
    pub(super) fn replay_options(
        &self,
        defaults: ReplayOptions,
    ) -> Result<ReplayOptions, ArgsError> {
        if !self.pseudonym.is_empty() {
            return Err(with_own_salt());
        }
        if !self.compare.is_empty() || self.report.is_some() {
            let problem = "without --compare, or with --replay";
            return Err(together("--report", problem, "say what to compare with"));
        }
        Ok(ReplayOptions {
            volatile: rules("--volatile", &self.volatile)?,
            redact_key: self.redact_key()?,
            ..defaults
        })
    }

    fn redact_key(&self) -> Result<Option<Vec<u8>>, UsageError> {
        let key = self.redact_key.as_deref();
        key.map(|path| values::secret("--redact-key", path))
            .transpose()
    }

    /// The limit of the option, or that of the recording to which answers are added.
    fn rows_limit(&self) -> Result<RowsLimit, ArgsError> {
        const OPTION: &str = "--record-rows-limit";
        let Some(text) = &self.record_rows_limit else {
            let replayed = self.replay.as_ref();
            let own = replayed.and_then(|path| rows_limit_of(path.as_ref()));
            return Ok(own.unwrap_or(RowsLimit::STANDARD));
        };
        if self.record.is_none() && self.replay.is_none() {
            return Err(together(
                OPTION,
                "without --record",
                "write --record FILE, too",
            ));
        }
        Ok(values::parsed(OPTION, text)?)
    }

    fn pseudonyms(&self) -> Result<Option<Pseudonyms>, ArgsError> {
        let key = self.redact_key()?;
        let rules = rules("--pseudonym", &self.pseudonym)?;
        match (rules.is_empty(), &key) {
            (true, None) => Ok(None),
            (true, Some(_)) => {
                let remedy = "say which values with --pseudonym";
                Err(together("--redact-key", "without --pseudonym", remedy))
            }
            (false, _) => Ok(Some(Pseudonyms::new(rules, key.as_deref())?)),
        }
    }
}

fn with_own_salt() -> ArgsError {
    let problem = "with --replay, whose file has a salt of its own";
    together("--pseudonym", problem, "record with --record FILE")
}

/// The rules of an option.
pub(super) fn rules(option: &'static str, texts: &[String]) -> Result<VolatileRules, UsageError> {
    let mut rules = VolatileRules::default();
    for text in texts {
        rules = rules.and(&values::parsed(option, text)?);
    }
    Ok(rules)
}

/// A recording, and a second one of the same server.
const MOST_COMPARED: usize = 2;

const MADE_BY: &str = concat!("mynah-proxy ", env!("CARGO_PKG_VERSION"));
