use std::time::{Duration, Instant};

use super::health::Health;
use super::schedule::Schedule;
use super::slow_start::SlowStart;
use crate::upstreams::{UpstreamOptions, UpstreamView};

/// The state of one upstream.
#[derive(Debug)]
pub(super) struct UpstreamState {
    health: Health,
    schedule: Schedule,
    drain: Option<Drain>,
    slow_start: Option<SlowStart>,
    /// Its open connections, also those that are being made; never more than the limit.
    connections: usize,
    /// How many connections were made.
    total: u64,
    /// How many clients' connections couldn't be made.
    failures: u64,
    failed_checks: u64,
}

/// No new connections are made.
#[derive(Clone, Copy, Debug)]
struct Drain {
    /// When the open connections are closed; `None` if they aren't, or already were.
    close_at: Option<Instant>,
}

impl UpstreamState {
    pub(super) fn new(is_checked: bool, options: &UpstreamOptions, now: Instant) -> Self {
        Self {
            health: Health::new(now),
            schedule: Schedule::new(is_checked, options.check_interval, now),
            drain: None,
            slow_start: None,
            connections: 0,
            total: 0,
            failures: 0,
            failed_checks: 0,
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.health.is_up()
    }

    pub(super) fn is_drained(&self) -> bool {
        self.drain.is_some()
    }

    pub(super) fn is_full(&self, options: &UpstreamOptions) -> bool {
        let most = options.max_connections;
        most.is_some_and(|most| self.connections >= most)
    }

    /// Whether it may have another connection.
    pub(super) fn has_room(&self, options: &UpstreamOptions) -> bool {
        !self.is_drained() && !self.is_full(options)
    }

    /// Whether it takes a turn that it has.
    pub(super) fn takes_turn(&mut self, now: Instant) -> bool {
        self.slow_start.take_if(|slow| slow.is_over(now));
        let slow = self.slow_start.as_mut();
        slow.is_none_or(|slow| slow.takes_turn(now))
    }

    /// It gets another connection.
    pub(super) fn take(&mut self) {
        self.connections += 1;
    }

    /// A connection that it was chosen for has ended, or couldn't be made.
    pub(super) fn release(&mut self) {
        self.connections = self.connections.saturating_sub(1);
    }

    /// A client's connection was made. Returns whether it is up only now.
    pub(super) fn reached(&mut self, now: Instant, options: &UpstreamOptions) -> bool {
        self.total += 1;
        let is_back = self.health.reached(now);
        if is_back {
            self.slow_start = SlowStart::new(now, options.slow_start);
        }
        is_back
    }

    /// A client's connection, for which it was chosen at a time, couldn't be made. Returns whether it is down only now.
    pub(super) fn fail(&mut self, chosen: Instant, now: Instant, why: String) -> bool {
        // What was seen later says more: a check is to decide.
        if self.is_up() && self.health.was_good_after(chosen) {
            self.schedule.suspect(now);
            return false;
        }
        let is_gone = self.health.fail(now, why);
        self.schedule.plan(false, now);
        is_gone
    }

    pub(super) fn count_failure(&mut self) {
        self.failures += 1;
    }

    /// It may be gone: a connection was lost, or it is silent.
    pub(super) fn suspect(&mut self, now: Instant) {
        self.schedule.suspect(now);
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.schedule.due()
    }

    pub(super) fn begin_check(&mut self, now: Instant) {
        self.schedule.begin(now);
    }

    /// The check that is running takes too long, which is enough if there is a suspicion, also one that came meanwhile.
    /// Returns whether the upstream is down only now.
    pub(super) fn note_late_check(
        &mut self,
        now: Instant,
        why: String,
        options: &UpstreamOptions,
    ) -> bool {
        self.failed_checks += 1;
        match self.schedule.running() {
            Some((began, is_suspected)) if began >= self.health.since() || !self.is_up() => {
                let fall = if is_suspected { 1 } else { options.check_fall };
                self.health.fail_check(now, fall, why)
            }
            _ => false,
        }
    }

    /// A check is done. Returns whether the upstream's state has changed.
    pub(super) fn end_check(
        &mut self,
        now: Instant,
        result: Option<Result<(), String>>,
        options: &UpstreamOptions,
    ) -> bool {
        self.failed_checks += u64::from(matches!(result, Some(Err(_))));
        let has_changed = match self.schedule.end() {
            // It says nothing of the state that has begun meanwhile.
            None => false,
            Some((began, _)) if began < self.health.since() => false,
            Some((_, is_suspected)) => match result {
                None => false,
                Some(Ok(())) => self.health.pass_check(now, options.check_rise),
                Some(Err(why)) => {
                    let fall = if is_suspected { 1 } else { options.check_fall };
                    self.health.fail_check(now, fall, why)
                }
            },
        };
        if has_changed && self.is_up() {
            self.slow_start = SlowStart::new(now, options.slow_start);
        }
        self.schedule.plan(self.is_up(), now);
        has_changed
    }

    /// It gets no further connections; those that are open are closed at this time, if one is given.
    pub(super) fn begin_drain(&mut self, close_at: Option<Instant>) {
        self.drain = Some(Drain { close_at });
    }

    /// It gets connections again. Returns whether it was drained.
    pub(super) fn end_drain(&mut self, now: Instant, options: &UpstreamOptions) -> bool {
        let was_drained = self.drain.take().is_some();
        if was_drained {
            self.slow_start = SlowStart::new(now, options.slow_start);
        }
        was_drained
    }

    /// When its connections are closed.
    pub(super) fn close_at(&self) -> Option<Instant> {
        self.drain?.close_at
    }

    /// Its connections are closed now.
    pub(super) fn note_closed(&mut self) {
        if let Some(drain) = &mut self.drain {
            drain.close_at = None;
        }
    }

    pub(super) fn view(&self, now: Instant) -> UpstreamView {
        let slow = self.slow_start.filter(|slow| !slow.is_over(now));
        let ago = |then: Instant| now.saturating_duration_since(then);
        let left = |then: Instant| then.saturating_duration_since(now);
        UpstreamView {
            is_up: self.is_up(),
            unchanged_for: ago(self.health.since()),
            why: self.health.why().to_owned(),
            is_drained: self.is_drained(),
            closes_in: self.close_at().map(left),
            share: slow.map_or(1.0, |slow| slow.share(now)),
            connections: self.connections,
            total: self.total,
            failures: self.failures,
            failed_checks: self.failed_checks,
            checked_before: self.schedule.last().map(ago),
        }
    }
}

/// A time that never comes is none.
pub(super) fn after(now: Instant, time: Option<Duration>) -> Option<Instant> {
    now.checked_add(time?)
}
