use std::time::Instant;

/// Whether an upstream is up, by what connections and checks have shown.
///
/// ```text
///       fail, or `fall` failed checks in a row
///    Up ----------------------------------------> Down
///       <----------------------------------------
///       reached, or `rise` passed checks in a row
/// ```
#[derive(Debug)]
pub(super) struct Health {
    is_up: bool,
    /// How many checks in a row speak against the present state.
    against: u32,
    since: Instant,
    /// Why it failed last; empty while it is up and its last check was not failed.
    why: String,
    /// When a connection was made or a check was passed last.
    good_at: Option<Instant>,
}

impl Health {
    /// Of an upstream that isn't known yet, which counts as up.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            is_up: true,
            against: 0,
            since: now,
            why: String::new(),
            good_at: None,
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.is_up
    }

    /// When the state began.
    pub(super) fn since(&self) -> Instant {
        self.since
    }

    pub(super) fn why(&self) -> &str {
        &self.why
    }

    /// Whether a connection was made or a check was passed after this time.
    pub(super) fn was_good_after(&self, time: Instant) -> bool {
        self.good_at.is_some_and(|good_at| good_at > time)
    }

    /// A connection was made. This says nothing of logins, so failed checks still count while the upstream is up.
    /// Returns whether the state has changed.
    pub(super) fn reached(&mut self, now: Instant) -> bool {
        self.good_at = Some(now);
        !self.is_up && self.turn(true, now, String::new())
    }

    /// A connection couldn't be made. Returns whether the state has changed.
    pub(super) fn fail(&mut self, now: Instant, why: String) -> bool {
        self.turn(false, now, why)
    }

    /// A check was passed. Returns whether the state has changed.
    pub(super) fn pass_check(&mut self, now: Instant, rise: u32) -> bool {
        self.good_at = Some(now);
        if !self.is_up {
            self.against += 1;
            return self.against >= rise && self.turn(true, now, String::new());
        }
        self.against = 0;
        self.why.clear();
        false
    }

    /// A check was failed. Returns whether the state has changed.
    pub(super) fn fail_check(&mut self, now: Instant, fall: u32, why: String) -> bool {
        if self.is_up {
            self.against += 1;
            if self.against >= fall {
                return self.turn(false, now, why);
            }
        } else {
            self.against = 0;
        }
        self.why = why;
        false
    }

    fn turn(&mut self, is_up: bool, now: Instant, why: String) -> bool {
        let has_changed = self.is_up != is_up;
        if has_changed {
            self.since = now;
        }
        (self.is_up, self.against, self.why) = (is_up, 0, why);
        has_changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_connection_is_enough_and_so_is_one_that_is_made() {
        let now = Instant::now();
        let mut health = Health::new(now);
        assert!(health.is_up());
        assert!(health.fail(now, "refused".to_owned()));
        assert!(!health.fail(now, "reset".to_owned()));
        assert_eq!((health.is_up(), health.why()), (false, "reset"));
        assert!(health.reached(now));
        assert_eq!((health.is_up(), health.why()), (true, ""));
    }

    #[test]
    fn connections_that_are_made_do_not_end_a_row_of_failed_checks() {
        let now = Instant::now();
        let mut health = Health::new(now);
        let refused = || "the login failed".to_owned();
        for is_gone in [false, false, true] {
            assert_eq!(health.fail_check(now, 3, refused()), is_gone);
            assert_eq!(health.why(), "the login failed");
            if !is_gone {
                assert!(!health.reached(now));
            }
        }
        assert!(!health.is_up());
    }

    #[test]
    fn checks_count_only_in_a_row() {
        let now = Instant::now();
        let mut health = Health::new(now);
        let late = || "late".to_owned();
        assert!(!health.fail_check(now, 2, late()));
        assert!(!health.pass_check(now, 2));
        assert!(!health.fail_check(now, 2, late()));
        assert_eq!((health.is_up(), health.why()), (true, "late"));
        assert!(health.fail_check(now, 2, late()));
        assert!(!health.pass_check(now, 2));
        assert!(!health.fail_check(now, 2, late()));
        assert!(!health.pass_check(now, 2));
        assert!(!health.is_up());
        assert!(health.pass_check(now, 2));
        assert!(health.is_up());
    }
}
