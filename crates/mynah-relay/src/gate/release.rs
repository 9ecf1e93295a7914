use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::Decision;

/// A decision on a command that is made later, for [`Decision::Hold`].
#[derive(Debug)]
pub struct Held(oneshot::Receiver<Decision>);

/// Gives the decision on a command that waits in [`Decision::Hold`], from any thread. If it is dropped without one,
/// the command is forwarded.
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
    /// Makes a pair: the [`Held`] for [`Decision::Hold`], and the [`Release`] that gives the decision later.
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
    /// Gives the decision. It has no effect if the connection has ended meanwhile.
    pub fn decide(self, decision: Decision) {
        let _ended = self.0.send(decision);
    }
}
