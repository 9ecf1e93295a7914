use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::volatile::Identity;

/// Which new values stand for which recorded ones, in a part: those of `setup`, and its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    of_setup: Rc<Pairs>,
    own: Pairs,
}

#[derive(Clone, Debug, Default)]
struct Pairs {
    /// The recorded values, by the new ones that stand for them.
    recorded: HashMap<Identity, Identity>,
    /// The recorded values that new ones stand for.
    taken: HashSet<Identity>,
}

impl Bound {
    /// For the parts behind the part `setup`, whose values these are. A clone shares them.
    pub(super) fn behind(setup: Self) -> Self {
        Self {
            of_setup: Rc::new(setup.own),
            own: Pairs::default(),
        }
    }

    /// The recorded value that a new one stands for.
    pub(super) fn of(&self, new: &Identity) -> Option<&Identity> {
        let own = self.own.recorded.get(new);
        own.or_else(|| self.of_setup.recorded.get(new))
    }

    /// Whether a new value stands for this recorded one.
    pub(super) fn is_taken(&self, recorded: &Identity) -> bool {
        self.own.taken.contains(recorded) || self.of_setup.taken.contains(recorded)
    }

    /// From here on, the new values stand for the recorded ones, place by place.
    pub(super) fn bind(&mut self, recorded: &[Identity], new: &[Identity]) {
        for (recorded, new) in recorded.iter().zip(new) {
            if recorded.is_common() || new.is_common() {
                continue;
            }
            // A column may keep fewer digits.
            for new in new.in_millis().into_iter().chain([new.clone()]) {
                if self.of(&new).is_none() {
                    self.own.recorded.insert(new, recorded.clone());
                }
            }
            self.own.taken.insert(recorded.clone());
        }
    }
}
