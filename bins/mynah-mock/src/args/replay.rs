use clap::Args;
use mynah::Options;
use mynah_program::{UsageError, values};

#[derive(Debug, Args)]
#[command(next_help_heading = "Recording")]
pub(super) struct ReplayArgs {
    /// in which order a recording is played: keyed (any order) or strict (the recorded order) (default keyed)
    #[arg(long, value_name = "KIND")]
    replay: Option<String>,

    /// how long the answers of a recording take: none (sent at once), recorded (as long as recorded), or a factor such
    /// as 0.5 (default none)
    #[arg(long, value_name = "TIME")]
    replay_time: Option<String>,

    /// the password that logins need when a recording is played (default: any is accepted)
    #[arg(long, value_name = "PASSWORD")]
    replay_password: Option<String>,

    /// values of the recording that differ from run to run, in addition to those that the recording names: column:NAME,
    /// parameter:NUMBER, literal:PATTERN, or type:TYPE, such as type:uuid; may be repeated
    #[arg(long, value_name = "RULE")]
    volatile: Vec<String>,

    /// file with the key that the recording's pseudonyms were made with
    #[arg(long, value_name = "FILE")]
    redact_key: Option<String>,

    /// add the time since the recording to volatile dates and times that the recorded server made
    #[arg(long)]
    shift_time: bool,

    /// at the end, delete the entries that were never played from the recording's file
    #[arg(long)]
    prune: bool,
}

impl ReplayArgs {
    pub(super) fn set(self, options: &mut Options) -> Result<bool, UsageError> {
        if let Some(kind) = self.replay {
            options.replay.is_strict = values::choice("--replay", &kind, &KINDS)?;
        }
        if let Some(time) = self.replay_time {
            options.replay.time = values::parsed("--replay-time", &time)?;
        }
        options.replay.password = self.replay_password;
        let key = self.redact_key.as_deref();
        let key = key.map(|path| values::secret("--redact-key", path));
        options.replay.redact_key = key.transpose()?;
        options.replay.shifts_time = self.shift_time;
        for rule in &self.volatile {
            let rule = values::parsed("--volatile", rule)?;
            options.replay.volatile = std::mem::take(&mut options.replay.volatile).and(&rule);
        }
        Ok(self.prune)
    }
}

const KINDS: [(&str, bool); 2] = [("keyed", false), ("strict", true)];
