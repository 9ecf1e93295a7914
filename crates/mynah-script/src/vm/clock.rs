//! Measures the time that a script takes, and decides when garbage is collected.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use boa_engine::error::RuntimeLimitError;
use boa_engine::{Context, JsError, JsResult};

use crate::{ScriptOptions, Time};

/// How long a script has been at a statement, all its coroutines together.
///
/// Work is charged to it, and it reads the time only after a certain amount: about as much as takes a
/// millisecond, as it turns out. For most statements that is never.
#[derive(Debug)]
pub(super) struct Clock {
    budget: Duration,
    time: Time,
    /// Work before the time was last read, and since when it counts.
    worked: Cell<u64>,
    made: Instant,
    /// How many bytes a statement may hold more than its thread did at the start.
    memory: usize,
    started: Cell<Option<Instant>>,
    /// When the time was last read.
    read: Cell<Option<Instant>>,
    /// Work since then.
    work: Cell<u64>,
    /// The work after which it is read again.
    interval: Cell<u64>,
    /// What the thread held at the start.
    held: Cell<isize>,
    /// Whether the statement has taken too much memory.
    is_greedy: Cell<bool>,
    /// All work that was ever noted.
    #[cfg(test)]
    pub(super) total: Cell<u64>,
}

impl Clock {
    pub(super) fn new(options: &ScriptOptions) -> Rc<Self> {
        Rc::new(Self {
            budget: options.budget,
            time: options.time,
            worked: Cell::new(0),
            made: Instant::now(),
            memory: options.memory,
            started: Cell::new(None),
            read: Cell::new(None),
            work: Cell::new(0),
            interval: Cell::new(SHORTEST_INTERVAL),
            held: Cell::new(mynah_guard::held()),
            is_greedy: Cell::new(false),
            #[cfg(test)]
            total: Cell::new(0),
        })
    }

    /// A new statement.
    pub(super) fn restart(&self) {
        self.started.set(None);
        self.read.set(None);
        self.work.set(0);
        self.interval.set(SHORTEST_INTERVAL);
        self.held.set(mynah_guard::held());
        self.is_greedy.set(false);
    }

    /// Notes work, in instructions of Boa's; whether the budget is used up.
    pub(super) fn spend(&self, work: u64) -> bool {
        #[cfg(test)]
        self.total.set(self.total.get().saturating_add(work));
        let work = self.work.get().saturating_add(work);
        self.work.set(work);
        if work < self.interval.get() {
            return false;
        }
        self.work.set(0);
        self.worked.set(self.worked.get().saturating_add(work));
        collect_what_is_left();
        // Much of it may be garbage, so only what a collection leaves counts.
        if self.holds_too_much() {
            boa_gc::force_collect();
            self.is_greedy.set(self.holds_too_much());
        }
        let now = self.now();
        // At the first reading, the interval began with the statement.
        let before = self.read.replace(Some(now)).or(self.started.get());
        if let Some(before) = before {
            self.adapt(now - before);
        }
        self.is_over()
    }

    /// The next interval, after one that took so long.
    fn adapt(&self, took: Duration) {
        let interval = self.interval.get();
        // A unit of work can take from nanoseconds to microseconds. Doubling and halving finds the interval at
        // which the clock is read about once per millisecond.
        if took < SHORT {
            self.interval.set((interval * 2).min(LONGEST_INTERVAL));
        } else if took > LONG {
            self.interval.set((interval / 2).max(SHORTEST_INTERVAL));
        }
    }

    fn holds_too_much(&self) -> bool {
        let more = mynah_guard::held().wrapping_sub(self.held.get());
        usize::try_from(more).is_ok_and(|more| more > self.memory)
    }

    /// Why a statement had to end that is over.
    pub(super) fn reason(&self) -> String {
        match self.is_greedy.get() {
            true => format!(
                "the script took more than {} for one statement and was ended",
                Bytes(self.memory)
            ),
            false => format!(
                "the script ran for longer than {:?} and was ended",
                self.budget
            ),
        }
    }

    /// Whether the budget is used up, or too much memory. The first question starts it.
    pub(super) fn is_over(&self) -> bool {
        let started = self.started.get().unwrap_or_else(|| {
            let now = self.now();
            self.started.set(Some(now));
            now
        });
        self.is_greedy.get() || self.now() - started >= self.budget
    }

    fn now(&self) -> Instant {
        match self.time {
            Time::Real => Instant::now(),
            Time::Work => {
                self.made + Duration::from_nanos(self.worked.get().saturating_mul(NANOS_PER_UNIT))
            }
        }
    }
}

/// A number of bytes, in words.
struct Bytes(usize);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 % MIB {
            0 => write!(f, "{} MiB", self.0 / MIB),
            _ => write!(f, "{} bytes", self.0),
        }
    }
}

/// What an instruction of Boa's takes, if the time is counted by work.
const NANOS_PER_UNIT: u64 = 200;
const MIB: usize = 1024 * 1024;

/// Notes work that a built-in function does or is about to do.
///
/// # Errors
/// The budget is used up; no script can catch that.
pub(super) fn spend(work: u64, context: &Context) -> JsResult<()> {
    match context.get_data::<Rc<Clock>>() {
        Some(clock) if clock.spend(work) => Err(overdue()),
        _ => Ok(()),
    }
}

/// What ends a script from within.
pub(super) fn overdue() -> JsError {
    RuntimeLimitError::LoopIteration.into()
}

/// Notes that a text, or bytes, were handed to a script or made by one.
pub(super) fn left(bytes: usize) {
    LEFT.set(LEFT.get().saturating_add(bytes));
}

/// Collects values that scripts have left behind, if there may be many. Boa's collector counts
/// only its own boxes: what strings and arrays have besides would stay for long.
///
/// During a statement. What is in use then may be left behind by its end.
fn collect_what_is_left() {
    let left = LEFT.get();
    if left >= ENOUGH_LEFT {
        LEFT.set(0);
        IN_USE.set(IN_USE.get().saturating_add(left));
        boa_gc::force_collect();
    }
}

/// The same at the end of a statement.
pub(super) fn collect_at_the_end() {
    let left = LEFT.get().saturating_add(IN_USE.take());
    match left >= ENOUGH_LEFT {
        true => {
            LEFT.set(0);
            boa_gc::force_collect();
        }
        false => LEFT.set(left),
    }
}

thread_local! {
    /// What scripts of the thread were handed or have made since the last collection, in bytes.
    static LEFT: Cell<usize> = const { Cell::new(0) };
    /// What they had been by collections during the statement, which may still be in use.
    static IN_USE: Cell<usize> = const { Cell::new(0) };
}

/// How much may be left: a statement of the largest size that comes in one packet.
const ENOUGH_LEFT: usize = 16 * 1024 * 1024;
/// What Boa runs, in its own unit, before it hands back control.
pub(super) const SLICE: u32 = 1000;
const SHORTEST_INTERVAL: u64 = SLICE as u64;
/// A thousand slices: a millisecond or two of cheap instructions.
const LONGEST_INTERVAL: u64 = 1000 * SHORTEST_INTERVAL;
/// How long an interval should take.
const SHORT: Duration = Duration::from_micros(250);
const LONG: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_adapt_to_what_the_work_costs() {
        let clock = Clock::new(&ScriptOptions::default());
        for _ in 0..100 {
            clock.adapt(Duration::from_micros(1));
        }
        assert_eq!(clock.interval.get(), LONGEST_INTERVAL);
        clock.adapt(Duration::from_micros(500));
        assert_eq!(clock.interval.get(), LONGEST_INTERVAL);
        for _ in 0..100 {
            clock.adapt(Duration::from_millis(40));
        }
        assert_eq!(clock.interval.get(), SHORTEST_INTERVAL);
    }

    #[test]
    fn a_budget_that_is_used_up_is_noticed_when_the_time_is_read() {
        let clock = Clock::new(&ScriptOptions {
            budget: Duration::ZERO,
            ..ScriptOptions::default()
        });
        assert!(!clock.spend(SHORTEST_INTERVAL - 1));
        assert!(clock.spend(1));
        clock.restart();
        assert!(!clock.spend(1));
        assert!(clock.spend(u64::MAX));
    }
}
