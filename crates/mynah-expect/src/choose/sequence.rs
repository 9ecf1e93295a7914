use super::rank::ExpectationId;
use crate::model::Times;

/// A list of expectations that have to come one after the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sequence {
    steps: Vec<Step>,
    /// The step that came last.
    at: usize,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    id: ExpectationId,
    times: Times,
    calls: u64,
}

impl Step {
    fn is_met(self) -> bool {
        self.calls >= self.times.min
    }
}

impl Sequence {
    pub(super) fn push(&mut self, id: ExpectationId, times: Times) {
        self.steps.push(Step {
            id,
            times,
            calls: 0,
        });
    }

    pub(super) fn remove(&mut self, id: ExpectationId) {
        let Some(index) = self.position(id) else {
            return;
        };
        self.steps.remove(index);
        if index < self.at {
            self.at -= 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn reset(&mut self) {
        self.at = 0;
        for step in &mut self.steps {
            step.calls = 0;
        }
    }

    /// Whether a step may come now: no later one has, and all before it came as often as they must.
    pub(super) fn is_due(&self, id: ExpectationId) -> bool {
        let Some(index) = self.position(id) else {
            // A step that was removed, or a stub, which never was one, is always due.
            return true;
        };
        // `at` is the last step that came. A step before it isn't due any more: its range is empty.
        let before = self.steps.get(self.at..index);
        before.is_some_and(|steps| steps.iter().all(|step| step.is_met()))
    }

    /// A step came.
    pub(super) fn on_call(&mut self, id: ExpectationId) {
        if let Some(index) = self.position(id) {
            self.at = index;
            if let Some(step) = self.steps.get_mut(index) {
                step.calls += 1;
            }
        }
    }

    /// The step that has to come next, or may.
    pub(crate) fn due(&self) -> Option<ExpectationId> {
        let mut rest = self.steps.iter().skip(self.at);
        let open = rest.find(|step| !step.times.is_used_up(step.calls));
        open.map(|step| step.id)
    }

    fn position(&self, id: ExpectationId) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }
}
