use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::{TestError, Tests};
use crate::model::{Expectations, Order};
use crate::registry::{NeverMet, Reset, Test};

/// The parts of a recording.
#[derive(Debug)]
pub(super) struct Parts<A> {
    pub(super) by_name: BTreeMap<String, Arc<Test<A>>>,
    /// The part of statements without an id; absent for what all parts share.
    pub(super) current: Option<String>,
    /// When each part was recorded, by its name.
    recorded_at: BTreeMap<String, Timestamp>,
}

/// A recording is played: its parts are tests that are always open.
impl<A> Tests<A> {
    /// Replaces the expectations of the script's file by a recording: `setup` has the entries of the shared test,
    /// `parts` those of each part, by its name. For a part, its own entries are tried first, then the stubs in `setup`.
    /// A part is a test that need not be opened.
    pub fn set_recording(&self, setup: Expectations<A>, parts: BTreeMap<String, Expectations<A>>) {
        let mut state = self.write();
        state.from_file = Expectations::default();
        self.tally.set_used();
        self.shared.replace_from_file(setup);
        let parts = parts.into_iter().map(|(name, list)| {
            let before = state.get(&name);
            let test = before.unwrap_or_else(|| Arc::new(self.over_shared(&name)));
            // A test of this name that was opened before there was a recording has no stubs of `setup` yet.
            test.set_base(Arc::clone(&self.shared));
            test.replace_from_file(list);
            (name, test)
        });
        let by_name = parts.collect();
        state.parts = Some(Parts {
            by_name,
            current: None,
            recorded_at: BTreeMap::new(),
        });
    }

    /// Sets when the parts of the recording were recorded, by their names, that of `setup` among them. Without a
    /// recording, it has no effect.
    pub fn set_recorded_at(&self, times: BTreeMap<String, Timestamp>) {
        if let Some(parts) = &mut self.write().parts {
            parts.recorded_at = times;
        }
    }

    /// When a part of the recording was recorded; `None` if it isn't known, or if there is no such part.
    #[must_use]
    pub fn recorded_at(&self, part: &str) -> Option<Timestamp> {
        self.read().parts.as_ref()?.recorded_at.get(part).copied()
    }

    /// Replaces the expectations of the script's file by the recording of another registry. `order` is the order in
    /// which the statements of each part must come.
    pub fn take_recording(&self, other: &Self, order: Order) {
        let lists = |test: &Test<A>| Expectations {
            order,
            list: test.of_file(),
        };
        let (parts, recorded_at) = {
            let state = other.read();
            let recorded_at = state.parts.as_ref().map(|parts| parts.recorded_at.clone());
            let parts = state.parts.iter().flat_map(|parts| &parts.by_name);
            let parts = parts.map(|(name, test)| (name.clone(), lists(test)));
            (parts.collect(), recorded_at.unwrap_or_default())
        };
        self.set_recording(lists(&other.shared), parts);
        self.set_recorded_at(recorded_at);
    }

    /// From now on, statements without an id belong to this part of the recording, which starts again at its first
    /// answers, unless an open test gets them (see [`open_default`](Self::open_default)). `setup` stands for the part
    /// that all parts share, which doesn't start again.
    ///
    /// # Errors
    /// If there is no part with this name, or no recording.
    pub fn begin_part(&self, name: &str) -> Result<(), TestError> {
        let mut state = self.write();
        let missing = || TestError::NoPart(name.to_owned());
        let parts = state.parts.as_mut().ok_or_else(missing)?;
        if name == SETUP {
            parts.current = None;
            return Ok(());
        }
        let part = parts.by_name.get(name).ok_or_else(missing)?;
        part.reset(PART_BEGINS);
        parts.current = Some(name.to_owned());
        Ok(())
    }

    /// Whether a recording is played.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.read().parts.is_some()
    }

    /// The entries of the recording that were never played, by the names of their parts; empty without a recording.
    /// Parts without such entries are left out.
    #[must_use]
    pub fn never_played(&self) -> BTreeMap<String, Vec<NeverMet>> {
        let state = self.read();
        let Some(parts) = &state.parts else {
            return BTreeMap::new();
        };
        let of_parts = parts.by_name.iter();
        let of_parts = of_parts.map(|(name, test)| (name.clone(), test.never_met()));
        let setup = (SETUP.to_owned(), self.shared.never_met());
        let all = std::iter::once(setup).chain(of_parts);
        all.filter(|(_, never)| !never.is_empty()).collect()
    }

    pub(super) fn over_shared(&self, id: &str) -> Test<A> {
        let tally = Arc::clone(&self.tally);
        let test = Test::sharing(Some(id.into()), self.options, tally);
        test.based_on(Arc::clone(&self.shared))
    }
}

/// The part of a recording that all others share.
const SETUP: &str = "setup";

/// What is set back where a part begins.
const PART_BEGINS: Reset = Reset {
    journal: false,
    scenarios: true,
    counts: true,
};
