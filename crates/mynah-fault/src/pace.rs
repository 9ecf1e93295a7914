use std::num::NonZeroU64;
use std::time::Duration;

use crate::draws::size;
use crate::{Draws, Fault, Slicer};

/// Cuts bytes into pieces, each with its time.
#[derive(Debug)]
pub(crate) struct Pace {
    slicer: Option<Slicer>,
    bandwidth: Option<NonZeroU64>,
    is_first: bool,
}

impl Pace {
    pub(crate) fn new(fault: &Fault) -> Self {
        Self {
            slicer: fault.slicer,
            bandwidth: fault.bandwidth,
            is_first: true,
        }
    }

    /// How many of so many bytes the next piece has, and how long to wait before it.
    pub(crate) fn next(&mut self, available: usize, draws: &mut Draws) -> (usize, Duration) {
        let mut len = available;
        let mut wait = Duration::ZERO;
        if let Some(slicer) = self.slicer {
            len = len.min(size(draws, slicer.average_size, slicer.size_variation));
            if !self.is_first {
                wait += slicer.delay;
            }
        }
        if let Some(rate) = self.bandwidth {
            let tenth = usize::try_from(rate.get() / 10).unwrap_or(usize::MAX);
            len = len.min(tenth.max(1));
            wait += time_of(len, rate);
        }
        self.is_first = false;
        (len, wait)
    }
}

/// How long so many bytes take.
fn time_of(len: usize, rate: NonZeroU64) -> Duration {
    let nanos = u128::try_from(len).unwrap_or(u128::MAX) * 1_000_000_000 / u128::from(rate.get());
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
