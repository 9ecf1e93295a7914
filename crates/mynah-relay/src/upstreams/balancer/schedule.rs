use std::time::{Duration, Instant};

/// When an upstream is checked.
#[derive(Debug)]
pub(super) struct Schedule {
    /// Whether it is checked also while nothing speaks against it.
    is_regular: bool,
    interval: Duration,
    next: Option<Instant>,
    /// When the check began that runs, and whether it was made because of a suspicion.
    running: Option<(Instant, bool)>,
    /// When the last check began.
    last: Option<Instant>,
    /// Whether there was a suspicion since the last check began: then a check is planned.
    is_suspected: bool,
}

impl Schedule {
    pub(super) fn new(is_regular: bool, interval: Duration, now: Instant) -> Self {
        Self {
            is_regular,
            interval,
            next: is_regular.then_some(now),
            running: None,
            last: None,
            is_suspected: false,
        }
    }

    /// When the next check is due; `None` if none is planned, or one is running.
    pub(super) fn due(&self) -> Option<Instant> {
        self.next.filter(|_| self.running.is_none())
    }

    pub(super) fn last(&self) -> Option<Instant> {
        self.last
    }

    pub(super) fn begin(&mut self, now: Instant) {
        self.next = None;
        let is_suspected = std::mem::take(&mut self.is_suspected);
        (self.running, self.last) = (Some((now, is_suspected)), Some(now));
    }

    /// When the check began that is running, and whether there is a suspicion, which may be younger.
    pub(super) fn running(&self) -> Option<(Instant, bool)> {
        let (began, is_suspected) = self.running?;
        Some((began, is_suspected || self.is_suspected))
    }

    /// The check that was running is done. Returns when it began, and whether it was made because of a suspicion.
    pub(super) fn end(&mut self) -> Option<(Instant, bool)> {
        self.running.take()
    }

    /// Plans the next check, if there is to be one.
    pub(super) fn plan(&mut self, is_up: bool, now: Instant) {
        if self.next.is_none() && (self.is_regular || !is_up) {
            self.next = now.checked_add(self.interval);
        }
    }

    /// Something speaks against the upstream: a check is due at once, but never more often than once in an interval.
    pub(super) fn suspect(&mut self, now: Instant) {
        if self.is_suspected {
            return;
        }
        self.is_suspected = true;
        let allowed = self.last.and_then(|last| last.checked_add(self.interval));
        let next = allowed.map_or(now, |allowed| allowed.max(now));
        self.next = Some(self.next.map_or(next, |planned| planned.min(next)));
    }
}
