use std::sync::Arc;

use super::queue::Queue;
use crate::thread::Running;

/// A worker, as its server sees it.
#[derive(Debug)]
pub(super) struct Slot {
    /// Unique: a worker that replaces a lost one has another number.
    pub(super) number: u32,
    pub(super) queue: Arc<Queue>,
    pub(super) running: Running,
}
