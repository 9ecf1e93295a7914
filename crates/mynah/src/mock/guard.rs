use std::sync::Arc;
use std::thread;

use mynah_expect::{ExpectationId, Test};
use mynah_script::Answer;

use super::fail;

/// Keeps a [`Mock`](crate::Mock) mounted until the guard is dropped. Dropping the guard removes the mock, and panics if
/// the mock didn't match as often as it had to, unless the thread is already panicking.
#[derive(Debug)]
#[must_use = "the mock is mounted as long as its guard is kept"]
pub struct MockGuard {
    test: Arc<Test<Answer>>,
    id: ExpectationId,
}

impl MockGuard {
    pub(super) fn new(test: Arc<Test<Answer>>, id: ExpectationId) -> Self {
        Self { test, id }
    }
}

impl Drop for MockGuard {
    fn drop(&mut self) {
        let mut report = self.test.report();
        let _line = self.test.remove(self.id);
        report.met.clear();
        report.unmet.retain(|line| line.id == self.id);
        if !report.is_met() && !thread::panicking() {
            fail(format!("a mock isn't met: {report}"));
        }
    }
}
