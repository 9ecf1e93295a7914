use std::cell::Cell;
use std::time::Duration;

use mynah_session::observe::Direction;
use tokio::time::timeout;

use crate::Failure;

/// Whose turn it is to say something: who is to blame if it takes too long.
#[derive(Debug)]
pub(super) struct Turn(Cell<Direction>);

impl Turn {
    /// It is this side's.
    pub(super) fn of(side: Direction) -> Self {
        Self(Cell::new(side))
    }

    /// From now on it is this side's.
    pub(super) fn is(&self, side: Direction) {
        self.0.set(side);
    }

    /// Waits for something, so long at most.
    pub(super) async fn within<T>(
        &self,
        patience: Duration,
        steps: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        timeout(patience, steps).await.unwrap_or_else(|_late| {
            let waits_for = self.0.get();
            Err(Failure::Late {
                waits_for,
                patience,
            })
        })
    }
}
