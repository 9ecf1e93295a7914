use std::future::Future;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::pool::Place;
use crate::thread::{Running, ThreadOptions, start_thread};

/// Where a server's tasks run.
#[derive(Clone, Debug)]
pub(crate) enum Host {
    /// Each on a thread of its own.
    OwnThread(ThreadOptions),
    /// All on a thread that servers share.
    Shared(Arc<Place>),
}

impl Host {
    /// Runs a task and the local tasks that it starts, until it ends or is stopped. On a thread of its own, which gets
    /// this name, `around` is called first and its result is dropped last.
    pub(crate) fn run<A, F, T>(
        &self,
        name: &str,
        stop: CancellationToken,
        around: impl FnOnce() -> A + Send + 'static,
        task: F,
    ) -> Result<Running, NetError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Future<Output = ()> + 'static,
    {
        match self {
            Self::OwnThread(options) => start_thread(name, *options, stop, around, task),
            Self::Shared(place) => place.run(stop, task),
        }
    }
}
