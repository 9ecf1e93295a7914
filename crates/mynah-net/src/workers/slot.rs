use std::sync::Arc;

use super::queue::Queue;
use crate::thread::Thread;

/// A worker, as others see it.
#[derive(Debug)]
pub(super) struct Slot {
    /// No other worker has it, not even one that takes its place.
    pub(super) number: u32,
    pub(super) queue: Arc<Queue>,
    pub(super) thread: Thread,
}
