use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mynah_fault::Draws;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{DueFault, FaultRule, FaultRuleError};
use crate::filter::Upcoming;
use crate::statement::Wants;

/// The rules by which a relay plays faults. A clone is a handle to the same rules. Rules may change while
/// connections are open: a change applies from the next command of each connection on, unless the connection
/// compresses, or encrypts without the proxy's part in it: such commands match no rule.
#[derive(Clone, Debug, Default)]
pub struct FaultRules(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Whether there are any: all that a connection looks at where there are none.
    any: AtomicBool,
    list: Mutex<List>,
    seed: u64,
}

#[derive(Debug, Default)]
struct List {
    /// In the order in which they were added. A list isn't changed: another one takes its place.
    rules: Arc<Vec<Arc<InstalledFault>>>,
    last_id: u64,
}

/// A rule that is in force, with its counts. In JSON, `id`, `matched` and `played` are added to the keys of the
/// rule.
#[derive(Debug)]
pub struct InstalledFault {
    id: u64,
    rule: FaultRule,
    matched: AtomicU64,
    played: AtomicU64,
}

/// A command that a fault may be played at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UpcomingCommand<'a> {
    pub(crate) command: Upcoming<'a>,
    /// Its number in the connection.
    pub(crate) number: u64,
    /// Whether the client logs in anew by it.
    pub(crate) logs_in: bool,
}

impl FaultRules {
    /// An empty list of rules. The random choices of rules that are added later depend on this seed.
    #[must_use]
    pub fn with_seed(seed: u64) -> Self {
        Self(Arc::new(Shared {
            seed,
            ..Shared::default()
        }))
    }

    /// Adds rules after the existing ones: all of them or, on an error, none.
    ///
    /// # Errors
    /// [`FaultRuleError::TooMany`].
    pub fn add(
        &self,
        rules: impl IntoIterator<Item = FaultRule>,
    ) -> Result<Vec<Arc<InstalledFault>>, FaultRuleError> {
        let mut list = self.lock();
        let before = list.last_id;
        let added: Vec<_> = rules
            .into_iter()
            .zip(before + 1..)
            .map(|(rule, id)| {
                Arc::new(InstalledFault {
                    id,
                    rule,
                    matched: AtomicU64::new(0),
                    played: AtomicU64::new(0),
                })
            })
            .collect();
        if list.rules.len() + added.len() > MOST {
            return Err(FaultRuleError::TooMany(MOST));
        }
        list.last_id = added.last().map_or(before, |rule| rule.id);
        let all = list.rules.iter().chain(&added).cloned().collect();
        self.replace(&mut list, all);
        Ok(added)
    }

    /// All rules, in the order in which they were added.
    #[must_use]
    pub fn list(&self) -> Arc<Vec<Arc<InstalledFault>>> {
        Arc::clone(&self.lock().rules)
    }

    /// Removes the rule with this id. Returns whether there was one.
    pub fn remove(&self, id: u64) -> bool {
        let mut list = self.lock();
        let all: Vec<_> = list
            .rules
            .iter()
            .filter(|rule| rule.id != id)
            .cloned()
            .collect();
        let found = all.len() < list.rules.len();
        self.replace(&mut list, all);
        found
    }

    /// Removes all rules for faults.
    pub fn clear(&self) {
        let mut list = self.lock();
        self.replace(&mut list, Vec::new());
    }

    /// Whether there are no rules for faults.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        !self.0.any.load(Ordering::Acquire)
    }

    /// What the conditions of the rules ask for of statements.
    pub(crate) fn wants(&self) -> Wants {
        let rules = self.list();
        let wants = rules.iter().map(|installed| installed.rule.wants());
        wants.fold(Wants::default(), Wants::or)
    }

    /// The fault that is to be played at a command: that of the first rule that holds and is drawn.
    pub(crate) fn due(&self, upcoming: &UpcomingCommand<'_>) -> Option<DueFault> {
        let rules = self.list();
        let connection = u64::from(upcoming.command.about.id);
        rules.iter().find_map(|installed| {
            let rule = &installed.rule;
            if (upcoming.logs_in && rule.forwards()) || !rule.holds(&upcoming.command) {
                return None;
            }
            installed.matched.fetch_add(1, Ordering::Relaxed);
            // Each rule draws numbers of its own.
            let seed = self.0.seed.wrapping_add(installed.id);
            let draws = Draws::new(seed, None, connection, upcoming.number);
            let drawn = rule.fault().draw(draws)?;
            installed.count_played().then(|| DueFault {
                rule: Arc::clone(installed),
                drawn,
            })
        })
    }

    fn replace(&self, list: &mut List, rules: Vec<Arc<InstalledFault>>) {
        self.0.any.store(!rules.is_empty(), Ordering::Release);
        list.rules = Arc::new(rules);
    }

    fn lock(&self) -> MutexGuard<'_, List> {
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InstalledFault {
    /// The rule's id, by which it can be removed; counted from 1.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The rule that was installed.
    #[must_use]
    pub fn rule(&self) -> &FaultRule {
        &self.rule
    }

    /// The number of commands for which the rule's condition held, except those at which the fault of an earlier
    /// rule was played, and those that log in anew if the rule's fault forwards commands.
    #[must_use]
    pub fn matched(&self) -> u64 {
        self.matched.load(Ordering::Relaxed)
    }

    /// How often the rule's fault was played.
    #[must_use]
    pub fn played(&self) -> u64 {
        self.played.load(Ordering::Relaxed)
    }

    /// Counts that it is played, unless it was as often as it may be.
    fn count_played(&self) -> bool {
        let most = self.rule.times().unwrap_or(u64::MAX);
        let more = |played| (played < most).then(|| played + 1);
        let counted = self
            .played
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        counted.is_ok()
    }
}

impl Serialize for InstalledFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        self.rule.put(&mut map)?;
        map.serialize_entry("matched", &self.matched())?;
        map.serialize_entry("played", &self.played())?;
        map.end()
    }
}

/// How many rules there may be: each is asked at each command.
const MOST: usize = 1000;
