use std::f64::consts::TAU;
use std::num::NonZeroU64;
use std::sync::Arc;

use crate::{Fault, Framing, Playing};

/// Random numbers for one statement. They depend only on the arguments of [`new`](Self::new), not on threads,
/// other statements or the version of a library, so that a run can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws(u64);

/// A fault that is going to be played, after a draw with the fault's toxicity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    fault: Arc<Fault>,
    draws: Draws,
}

impl Draws {
    /// The random numbers for one statement. `statement` is its number on the connection, from 1; 0 stands for what
    /// comes before the first statement, such as the greeting.
    #[must_use]
    pub fn new(seed: u64, test_id: Option<&str>, connection: u64, statement: u64) -> Self {
        let mut draws = Self(seed);
        // Without a test isn't a test with an empty id.
        draws.mix(u64::from(test_id.is_some()));
        for byte in test_id.unwrap_or_default().bytes() {
            draws.mix(u64::from(byte));
        }
        draws.mix(connection);
        draws.mix(statement);
        draws
    }

    /// The next of the statement's random numbers.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        scramble(self.0)
    }

    /// The next random number, at least 0 and below 1.
    pub fn fraction(&mut self) -> f64 {
        // As many bits as such a number has.
        let bits = self.number() >> 32;
        f64::from(u32::try_from(bits).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
    }

    /// The next number of those from `low` to `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let count = u128::from(high.saturating_sub(low)) + 1;
        let offset = (u128::from(self.number()) * count) >> 64;
        low.saturating_add(u64::try_from(offset).unwrap_or_default())
    }

    /// The next number of a normal distribution of mean 0 and deviation 1, by Box and Muller.
    pub(crate) fn normal(&mut self) -> f64 {
        let (radius, angle) = (1.0 - self.fraction(), self.fraction());
        (-2.0 * radius.ln()).sqrt() * (TAU * angle).cos()
    }

    fn mix(&mut self, value: u64) {
        self.0 = scramble(self.0.wrapping_add(GOLDEN) ^ value);
    }
}

impl Fault {
    /// Draws whether the fault is played: with the probability `toxicity`. `None` if it isn't.
    #[must_use]
    pub fn draw(self: &Arc<Self>, mut draws: Draws) -> Option<Drawn> {
        let is_played = draws.fraction() < self.toxicity;
        is_played.then(|| Drawn {
            fault: Arc::clone(self),
            draws,
        })
    }
}

impl Drawn {
    /// The fault that is going to be played.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Starts to play the fault on one answer, whose bytes are framed in this way.
    #[must_use]
    pub fn play(&self, framing: Framing) -> Playing {
        Playing::new(&self.fault, self.draws, framing)
    }
}

/// A piece of about so many bytes.
pub(crate) fn size(draws: &mut Draws, average: NonZeroU64, variation: u64) -> usize {
    let average = average.get();
    let low = average.saturating_sub(variation).max(1);
    let size = draws.between(low, average.saturating_add(variation));
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// The finalizer of SplitMix64.
fn scramble(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
