use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::walk::{Found, walk_entry};
use super::{Identity, Rules};
use crate::Entry;

/// Replaces volatile values in the entries of a part by stable values, in the order in which the entries were recorded.
/// A repetition of a volatile value, also of one in `setup`, gets the same stable value, at a place that no rule names
/// only if the value is [distinctive](Identity::is_distinctive).
#[derive(Debug)]
pub struct Canon<'a> {
    rules: &'a Rules,
    setup: Option<&'a Self>,
    known: HashMap<Identity, Identity>,
    /// How many values there are of each kind.
    counts: [u64; 5],
    at: DateTime,
}

impl<'a> Canon<'a> {
    /// A replacer for the part `setup`, which began at `recorded_at`.
    #[must_use]
    pub fn of_setup(rules: &'a Rules, recorded_at: Timestamp) -> Self {
        Self {
            rules,
            setup: None,
            known: HashMap::new(),
            counts: [0; 5],
            at: base(recorded_at),
        }
    }

    /// A replacer for another part, which began at `recorded_at`. `setup` is the replacer of the part `setup`.
    #[must_use]
    pub fn of_part(setup: &'a Self, recorded_at: Timestamp) -> Self {
        Self {
            setup: Some(setup),
            ..Self::of_setup(setup.rules, recorded_at)
        }
    }

    /// Replaces the volatile values in an entry.
    pub fn entry(&mut self, entry: &mut Entry) {
        if !self.rules.is_empty() {
            walk_entry(self.rules, entry, &mut |found| self.stable(found));
        }
    }

    fn stable(&mut self, found: &Found<'_>) -> Option<Identity> {
        let identity = found.identity;
        // A date may be equal to another one by chance, so repetitions can't be recognized: all dates of a part
        // get the same value.
        if identity.is_common() {
            return found.is_ruled.then(|| identity.stable(0, self.at));
        }
        if let Some(known) = self.known(identity) {
            return (found.is_ruled || identity.is_distinctive()).then(|| known.clone());
        }
        if !found.is_ruled {
            return None;
        }
        let count = self.counts.get_mut(identity.kind())?;
        *count += 1;
        // Even numbers in `setup` and odd ones elsewhere, so that no part has a value of `setup` by chance.
        let number = 2 * *count - u64::from(self.setup.is_some());
        let stable = identity.stable(number, self.at);
        // A column may round a moment to three digits: the rounded value then gets the same stable value.
        if let Some(rounded) = identity.in_millis() {
            self.known.entry(rounded).or_insert_with(|| stable.clone());
        }
        self.known.insert(identity.clone(), stable.clone());
        Some(stable)
    }

    fn known(&self, identity: &Identity) -> Option<&Identity> {
        let of_setup = || self.setup.and_then(|setup| setup.known.get(identity));
        self.known.get(identity).or_else(of_setup)
    }
}

/// A moment without a fraction, and even, in UTC.
fn base(at: Timestamp) -> DateTime {
    let seconds = at.as_second();
    let even = Timestamp::from_second(seconds - seconds.rem_euclid(2));
    TimeZone::UTC.to_datetime(even.unwrap_or(at))
}
