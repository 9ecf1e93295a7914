use std::pin::Pin;
use std::task::Context;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::gate::{Admitted, Gatekeeper, Standing};

/// A gate, and the time that it waits for.
#[derive(Debug)]
pub(crate) struct Gating {
    keeper: Gatekeeper,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Gating {
    pub(crate) fn new(keeper: Gatekeeper) -> Self {
        Self {
            keeper,
            timer: None,
        }
    }

    /// Whether nothing needs it any more, once there are no rules for faults.
    pub(super) fn is_dispensable(&self) -> bool {
        self.keeper.is_dispensable()
    }

    /// What cuts the client's bytes.
    pub(crate) fn keeper(&mut self) -> &mut Gatekeeper {
        &mut self.keeper
    }

    /// Decides on these bytes. For `Wait`, the task is woken when the decision is there, except for
    /// answers that are due, which only the caller sees.
    pub(super) fn admit(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        standing: Standing,
    ) -> Admitted {
        loop {
            let now = Instant::now().into_std();
            let admitted = self.keeper.admit(bytes, standing, now);
            // A timer of an earlier decision must not wake the task any more.
            let Admitted::Wait(until) = admitted else {
                self.timer = None;
                return admitted;
            };
            // Polling registers the task, so a release between two polls isn't missed.
            if self.keeper.poll_held(cx, now).is_ready() {
                continue;
            }
            let Some(until) = until else {
                return admitted;
            };
            let timer = self
                .timer
                .get_or_insert_with(|| Box::pin(sleep_until(Instant::from_std(until))));
            // If the time has passed in between, the keeper decides again at once.
            if timer.as_mut().poll(cx).is_pending() {
                return admitted;
            }
            self.timer = None;
        }
    }
}
