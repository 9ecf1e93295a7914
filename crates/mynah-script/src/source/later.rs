use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use mynah_expect::{Call, Test};
use mynah_session::{Failure, Outcome, Prepared, Reply, Statement};

use crate::expectations::{Answer, Made, unexpected};

/// An answer of an expectation that isn't there yet.
pub(crate) struct Later {
    pub(crate) answer: Pin<Box<dyn Future<Output = Result<Made, String>>>>,
    pub(crate) waiting: Waiting,
}

/// What waits for an answer.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// The statement without the comment that names its test.
    pub(crate) statement: Statement,
    pub(crate) test: Arc<Test<Answer>>,
    pub(crate) call: Arc<Call>,
    /// The expectation, for people.
    pub(crate) label: String,
}

/// An answer that came later.
pub(crate) struct Came {
    /// The answer, or why there is none.
    pub(crate) made: Result<Made, String>,
    pub(crate) waiting: Waiting,
}

impl Later {
    pub(crate) async fn wait(self) -> Came {
        Came {
            made: self.answer.await,
            waiting: self.waiting,
        }
    }
}

impl Came {
    pub(crate) fn reply(self) -> Reply {
        match self.made {
            Ok(made) => made.reply,
            Err(problem) => Outcome::Error(unexpected(&problem)).into(),
        }
    }

    pub(crate) fn prepared(self) -> Result<Prepared, Failure> {
        self.made
            .map_err(|problem| unexpected(&problem))
            .and_then(Made::into_preparation)
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later").finish_non_exhaustive()
    }
}
