use std::time::Duration;

use crate::Draws;

/// How long an answer is delayed: a distribution from which each delay is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Latency {
    /// Each delay between a least and a greatest one is equally likely.
    Uniform {
        /// The least delay that is drawn.
        lower: Duration,
        /// The greatest delay that is drawn.
        upper: Duration,
    },
    /// Delays are normally distributed around a mean; negative ones count as zero.
    Normal {
        /// The mean of the delays.
        mean: Duration,
        /// The standard deviation of the delays.
        deviation: Duration,
    },
    /// Log-normal: most delays are near the median, some are much longer.
    LogNormal {
        /// The median of the delays.
        median: Duration,
        /// The standard deviation of the delays' natural logarithm.
        sigma: f64,
    },
}

impl Latency {
    /// A latency that is the same each time.
    #[must_use]
    pub const fn constant(latency: Duration) -> Self {
        Self::with_jitter(latency, Duration::ZERO)
    }

    /// This delay, plus or minus up to `jitter`, but not below zero.
    #[must_use]
    pub const fn with_jitter(latency: Duration, jitter: Duration) -> Self {
        Self::Uniform {
            lower: latency.saturating_sub(jitter),
            upper: latency.saturating_add(jitter),
        }
    }

    /// Draws a delay, at most a day.
    #[must_use]
    pub fn draw(self, draws: &mut Draws) -> Duration {
        let seconds = match self {
            Self::Uniform { lower, upper } if lower >= upper => return lower.min(LONGEST),
            Self::Uniform { lower, upper } => {
                let range = upper.saturating_sub(lower).as_secs_f64();
                lower.as_secs_f64() + range * draws.fraction()
            }
            Self::Normal { mean, deviation } => {
                mean.as_secs_f64() + deviation.as_secs_f64() * draws.normal()
            }
            Self::LogNormal { median, sigma } => {
                median.as_secs_f64() * (sigma * draws.normal()).exp()
            }
        };
        // Below zero is none at all; what isn't a number can't be, as what is read is checked.
        let bounded = seconds.clamp(0.0, LONGEST.as_secs_f64());
        Duration::try_from_secs_f64(bounded).unwrap_or_default()
    }
}

/// The longest time that a fault takes.
pub(crate) const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
