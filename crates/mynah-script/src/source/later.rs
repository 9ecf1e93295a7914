use std::fmt;
use std::pin::Pin;

use mynah_session::{Outcome, Reply, Statement};

use crate::expectations::{Made, unexpected};

/// An answer of an expectation that isn't there yet.
pub(crate) struct Later {
    pub(crate) answer: Pin<Box<dyn Future<Output = Result<Made, String>>>>,
    /// What is answered, without the comment that names its test.
    pub(crate) statement: Statement,
}

/// An answer that came later.
pub(crate) struct Came {
    pub(crate) made: Made,
    pub(crate) statement: Statement,
}

impl Later {
    pub(crate) async fn wait(self) -> Came {
        let refused = |problem| Made::from(Reply::from(Outcome::Error(unexpected(&problem))));
        Came {
            made: self.answer.await.unwrap_or_else(refused),
            statement: self.statement,
        }
    }
}

impl Came {
    pub(crate) fn reply(self) -> Reply {
        self.made.reply
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Later").finish_non_exhaustive()
    }
}
