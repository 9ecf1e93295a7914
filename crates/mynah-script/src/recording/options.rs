use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mynah_expect::Order;
use mynah_recording::Rules;

/// How a recording is played.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayOptions {
    /// The password that logins need; by default any is accepted.
    pub password: Option<String>,
    /// Whether the statements of a part must come in the order in which they were recorded; by default each
    /// statement is looked up in any order.
    pub is_strict: bool,
    /// How long the answers of a recording take when it is played.
    pub time: ReplayTime,
    /// Rules for values that differ from run to run, in addition to the rules in the recording.
    pub volatile: Rules,
    /// The key that the recording's pseudonyms were made with; `None` if the recording has no pseudonyms, or
    /// pseudonyms without a key.
    pub redact_key: Option<Vec<u8>>,
    /// Whether the time since the recording is added to volatile dates and times that the recorded server made; not
    /// by default.
    pub shifts_time: bool,
}

/// How long the answers of a recording take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplayTime {
    /// The answers come at once.
    #[default]
    None,
    /// Each answer takes as many thousandths of its recorded time (of at most a day): 1,000 for the recorded time,
    /// 500 for half of it.
    Thousandths(u32),
}

impl ReplayTime {
    /// Each answer takes as long as it took when it was recorded.
    pub const RECORDED: Self = Self::Thousandths(1_000);

    pub(super) fn of(self, micros: u64) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Thousandths(thousandths) => {
                let micros = Duration::from_micros(micros).min(LONGEST);
                micros.saturating_mul(thousandths) / 1_000
            }
        }
    }
}

/// The error for a text that isn't a [`ReplayTime`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected none, recorded, or a factor from 0 to 1000, such as 0.5")]
pub struct UnknownReplayTime;

impl FromStr for ReplayTime {
    type Err = UnknownReplayTime;

    /// Of `none`, `recorded` or a factor.
    fn from_str(text: &str) -> Result<Self, UnknownReplayTime> {
        match text {
            "none" => Ok(Self::None),
            "recorded" => Ok(Self::RECORDED),
            _ => {
                let factor: f64 = text.parse().map_err(|_| UnknownReplayTime)?;
                if !(0.0..=1_000.0).contains(&factor) {
                    return Err(UnknownReplayTime);
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "in range"
                )]
                let thousandths = (factor * 1_000.0).round() as u32;
                Ok(Self::Thousandths(thousandths))
            }
        }
    }
}

impl ReplayOptions {
    /// How much later moments of a part are that was recorded at this time, in whole seconds.
    pub(super) fn shift(&self, recorded_at: Timestamp) -> Option<SignedDuration> {
        let since = Timestamp::now().duration_since(recorded_at);
        self.shifts_time
            .then(|| SignedDuration::from_secs(since.as_secs()))
    }

    pub(super) fn order(&self) -> Order {
        match self.is_strict {
            true => Order::Sequence,
            false => Order::Any,
        }
    }
}

/// No recorded answer takes longer.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
