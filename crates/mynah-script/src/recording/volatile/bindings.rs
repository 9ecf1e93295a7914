use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mynah_expect::Test;
use mynah_recording::{Found, Identity};

/// Which values a test has sent in place of recorded ones.
#[derive(Debug, Default)]
pub(super) struct Bindings {
    /// The recorded values, and what was sent for each.
    sent: HashMap<Identity, Identity>,
    /// The same the other way round.
    recorded: HashMap<Identity, Identity>,
    /// The last moment that was sent for each column.
    moments: HashMap<Option<String>, Identity>,
    /// How many statements of a group have no value left that nothing was sent for, by the group's number.
    pub(super) used: HashMap<usize, usize>,
    resets: u64,
}

/// A volatile value of a statement that a client sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) identity: Identity,
    pub(super) column: Option<String>,
}

/// The bindings of a test that has begun anew are forgotten.
pub(super) fn lock<'b, A>(
    bindings: &'b Mutex<Bindings>,
    test: &Test<A>,
) -> MutexGuard<'b, Bindings> {
    let mut locked = bindings.lock().unwrap_or_else(PoisonError::into_inner);
    let resets = test.resets();
    if locked.resets != resets {
        *locked = Bindings {
            resets,
            ..Bindings::default()
        };
    }
    locked
}

impl Bindings {
    pub(super) fn sent_for(&self, recorded: &Identity) -> Option<&Identity> {
        self.sent.get(recorded)
    }

    pub(super) fn recorded_for(&self, sent: &Identity) -> Option<&Identity> {
        self.recorded.get(sent)
    }

    /// A value is sent in place of a recorded one.
    pub(super) fn bind(&mut self, recorded: &Identity, sent: &Sent) {
        if let Identity::Moment(_) | Identity::Date(_) = sent.identity {
            self.moments
                .insert(sent.column.clone(), sent.identity.clone());
        }
        if recorded.is_common() || self.sent.contains_key(recorded) {
            return;
        }
        // A column may keep fewer digits.
        for sent in sent.identity.in_millis().iter().chain([&sent.identity]) {
            self.recorded.insert(sent.clone(), recorded.clone());
        }
        self.sent.insert(recorded.clone(), sent.identity.clone());
    }
}

/// What a test has sent, and what was sent before all tests.
pub(super) struct Known<'b> {
    pub(super) own: &'b mut Bindings,
    pub(super) of_shared: Option<&'b Bindings>,
}

impl Known<'_> {
    /// The recorded value that a sent one stands for, if it is known.
    pub(super) fn of_setting(&self, found: &Found<'_>) -> Option<Identity> {
        let is_meant = found.is_ruled || found.identity.is_distinctive();
        let all = [Some(&*self.own), self.of_shared];
        let mut all = all.into_iter().flatten();
        let recorded = all.find_map(|each| each.recorded_for(found.identity));
        recorded.filter(|_| is_meant).cloned()
    }

    /// What was sent in place of a recorded value.
    pub(super) fn sent_for(&self, found: &Found<'_>) -> Option<Identity> {
        let all = [Some(&*self.own), self.of_shared];
        let mut all = all.into_iter().flatten();
        if found.identity.is_common() {
            let column = found.column.map(str::to_owned);
            let moment = all.find_map(|each| each.moments.get(&column));
            return moment.filter(|_| found.is_ruled).cloned();
        }
        let sent = all.find_map(|each| each.sent_for(found.identity));
        let is_meant = found.is_ruled || found.identity.is_distinctive();
        sent.filter(|_| is_meant).cloned()
    }
}
