use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::Decision;

/// A command that is decided later: see [`Decision::Hold`].
#[derive(Debug)]
pub struct Held(oneshot::Receiver<Decision>);

/// Decides what becomes of a command that is held back. One that is dropped undecided lets it pass.
///
/// ```
/// use mynah_relay::{Decision, Held};
///
/// let (held, release) = Held::new();
/// let decided_for_now = Decision::Hold(held);
/// std::thread::spawn(move || release.decide(Decision::Pass));
/// ```
#[derive(Debug)]
pub struct Release(oneshot::Sender<Decision>);

impl Held {
    /// A command to hold back, and what decides it.
    #[must_use]
    pub fn new() -> (Self, Release) {
        let (sender, receiver) = oneshot::channel();
        (Self(receiver), Release(sender))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Decision> {
        let decided = Pin::new(&mut self.0).poll(cx);
        decided.map(|decision| decision.unwrap_or(Decision::Pass))
    }
}

impl Release {
    /// Decides it. This has no effect if the connection has ended meanwhile.
    pub fn decide(self, decision: Decision) {
        let _ended = self.0.send(decision);
    }
}
