use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::Instant;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::client::Client;
use crate::thread::{Thread, start_thread};

/// How the clients of a [`Server`](crate::Server) are served: something shared by all threads.
pub trait Threads: Send + Sync + 'static {
    /// What each thread has of its own. It stays there, so it need not be [`Send`].
    type Local: 'static;

    /// Called once on each worker thread.
    fn local(&self) -> Self::Local;

    /// Serves one client, to its end.
    fn serve(local: Rc<Self::Local>, client: Client) -> impl Future<Output = ()>;

    /// Whether the worker of that thread doesn't come back to its other clients: it gets no new
    /// ones as long as others do. Called for each worker and each client that connects, so it has
    /// to be cheap.
    fn is_stuck(&self, _thread: ThreadId) -> bool {
        false
    }
}

/// The threads that serve clients. A client stays on the thread it was handed to.
pub(crate) struct Workers {
    workers: Vec<OneWorker>,
    is_stuck: Box<dyn Fn(ThreadId) -> bool + Send + Sync>,
}

#[derive(Debug)]
struct OneWorker {
    clients: UnboundedSender<Client>,
    busy: Arc<AtomicUsize>,
    thread: Thread,
}

impl Workers {
    pub(crate) fn start<T: Threads>(
        threads: T,
        count: usize,
        stack_size: usize,
        stop: &CancellationToken,
    ) -> Result<Self, NetError> {
        let threads = Arc::new(threads);
        let workers = (1..=count.max(1)).map(|number| {
            let (clients, receiver) = mpsc::unbounded_channel();
            let busy = Arc::new(AtomicUsize::new(0));
            let (threads, count) = (Arc::clone(&threads), Arc::clone(&busy));
            let thread = start_thread(
                &format!("mynah worker {number}"),
                Some(stack_size),
                stop.clone(),
                move || serve::<T>(threads.local(), receiver, count),
            )?;
            Ok(OneWorker {
                clients,
                busy,
                thread,
            })
        });
        Ok(Self {
            workers: workers.collect::<Result<_, _>>()?,
            is_stuck: Box::new(move |thread| threads.is_stuck(thread)),
        })
    }

    /// Gives a client to the worker that has the fewest, if it can be to one that isn't stuck.
    pub(crate) fn hand_over(&self, client: Client) {
        let load = |worker: &&OneWorker| {
            let stuck = (self.is_stuck)(worker.thread.id());
            (stuck, worker.busy.load(Ordering::Relaxed))
        };
        if let Some(worker) = self.workers.iter().min_by_key(load) {
            worker.busy.fetch_add(1, Ordering::Relaxed);
            // A worker that is gone was told to stop, and the client with it.
            let _stopped = worker.clients.send(client);
        }
    }

    /// Waits for all threads to end, and says whether they did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.workers
            .iter()
            .all(|worker| worker.thread.wait_until(deadline))
    }
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.workers.fmt(f)
    }
}

/// Serves the clients that are handed to one worker.
async fn serve<T: Threads>(
    local: T::Local,
    mut clients: UnboundedReceiver<Client>,
    busy: Arc<AtomicUsize>,
) {
    let local = Rc::new(local);
    while let Some(client) = clients.recv().await {
        let busy = Busy(Arc::clone(&busy));
        let connection = Arc::clone(client.connection());
        let session = T::serve(Rc::clone(&local), client);
        let task = tokio::task::spawn_local(async move {
            session.await;
            drop(busy);
        });
        connection.set_task(task.abort_handle());
    }
}

/// Counts a client until it is gone, however it goes.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
