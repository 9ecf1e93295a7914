use std::error::Error;

use clap::Args;
use mynah_program::values;
use mynah_relay::{FaultRule, FaultRules};

use super::ArgsError;

#[derive(Debug, Args)]
#[command(next_help_heading = "Faults")]
pub(super) struct FaultArgs {
    /// rule for a fault that is played on purpose: 'sql ~ commit: after_execute reset_peer'; may be repeated
    #[arg(long, value_name = "RULE")]
    fault: Vec<String>,

    /// file with rules for faults: one per line, or a JSON list
    #[arg(long, value_name = "FILE")]
    faults: Option<String>,

    /// the seed of random faults: the same number plays the same faults (default 0)
    #[arg(long, value_name = "NUMBER")]
    fault_seed: Option<String>,
}

impl FaultArgs {
    pub(super) fn rules(&self) -> Result<FaultRules, ArgsError> {
        let seed = self.fault_seed.as_deref().unwrap_or("0");
        let rules = FaultRules::with_seed(values::number("--fault-seed", seed, 0..=u64::MAX)?);
        let all = self.fault.iter();
        let all = all.map(|text| values::parsed("--fault", text));
        let mut all: Vec<FaultRule> = all.collect::<Result<_, _>>()?;
        if let Some(path) = &self.faults {
            all.extend(of_file(path)?);
        }
        rules.add(all)?;
        Ok(rules)
    }
}

fn of_file(path: &str) -> Result<Vec<FaultRule>, ArgsError> {
    let failed = |source: Box<dyn Error + Send + Sync>| ArgsError::FaultFile {
        path: path.to_owned(),
        source,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.into()))?;
    FaultRule::list(&text).map_err(|error| failed(error.into()))
}
