//! The threads that serve clients. A client stays on the thread that began to serve it.

mod queue;
mod slot;
mod supervisor;

use std::future::Future;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use mynah_guard::{Losses, Reporter};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::queue::Queue;
use self::slot::Slot;
use crate::client::Client;
use crate::thread::start_thread;
use crate::{Connections, Containment, NetError};

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

    /// How far a thread may go before it is lost; nothing if it runs nobody else's code.
    fn containment(&self) -> Option<Containment> {
        None
    }

    /// Called when a thread was lost, by another one; says what the thread was doing.
    fn lost(&self, _thread: ThreadId) -> String {
        String::new()
    }
}

/// A handle to the threads; when it is dropped, no lost one is replaced any more.
#[derive(Debug)]
pub(crate) struct Workers {
    pool: Arc<Pool>,
    supervisor: Option<Reporter>,
}

struct Pool {
    slots: Mutex<Vec<Slot>>,
    last_number: AtomicU32,
    start_one: Box<StartOne>,
    is_stuck: Box<dyn Fn(ThreadId) -> bool + Send + Sync>,
    lost: Box<dyn Fn(ThreadId) -> String + Send + Sync>,
    /// A client waits for its worker.
    handed_over: Notify,
}

type StartOne = dyn Fn(u32, Arc<Queue>) -> Result<Slot, NetError> + Send + Sync;

impl Workers {
    pub(crate) fn start<T: Threads>(
        threads: T,
        count: usize,
        stack_size: usize,
        connections: &Connections,
        stop: &CancellationToken,
    ) -> Result<Self, NetError> {
        let threads = Arc::new(threads);
        let containment = threads.containment();
        let (losses, supervisor) = match containment {
            Some(_) => {
                mynah_guard::losses().map(|(losses, reporter)| (Some(losses), Some(reporter)))
            }
            None => Ok((None, None)),
        }
        .map_err(|source| NetError::Thread {
            name: supervisor::NAME.to_owned(),
            source,
        })?;
        let limits = supervisor.clone().zip(containment);
        let (own, stop) = (Arc::clone(&threads), stop.clone());
        let start_one = move |number: u32, queue: Arc<Queue>| {
            let (threads, limits, served) = (Arc::clone(&own), limits.clone(), Arc::clone(&queue));
            let thread = start_thread(
                &format!("mynah worker {number}"),
                Some(stack_size),
                stop.clone(),
                move || limits.map(|(to, c)| mynah_guard::enlist(number, &to, c.memory)),
                move || serve::<T>(threads.local(), served, number),
            )?;
            Ok(Slot {
                number,
                queue,
                thread,
            })
        };
        let (stuck, lost) = (Arc::clone(&threads), threads);
        let pool = Arc::new(Pool {
            slots: Mutex::default(),
            last_number: AtomicU32::new(0),
            start_one: Box::new(start_one),
            is_stuck: Box::new(move |thread| stuck.is_stuck(thread)),
            lost: Box::new(move |thread| lost.lost(thread)),
            handed_over: Notify::new(),
        });
        for _ in 0..count.max(1) {
            let slot = pool.start_one(Arc::default())?;
            pool.slots().push(slot);
        }
        let workers = Self { pool, supervisor };
        if let Some(losses) = losses {
            workers.supervise(losses, connections)?;
        }
        Ok(workers)
    }

    fn supervise(&self, losses: Losses, connections: &Connections) -> Result<(), NetError> {
        supervisor::start(Arc::clone(&self.pool), losses, connections.clone())
    }

    /// Gives a client to the worker that has the fewest, if it can be to one that isn't stuck.
    pub(crate) fn hand_over(&self, client: Client) {
        if let Some(slot) = self.pool.best(&self.pool.slots()) {
            slot.queue.push(client);
        }
        self.pool.handed_over.notify_one();
    }

    /// Gives clients whose worker doesn't begin to serve them to others that do, for ever.
    pub(crate) async fn move_waiting(&self) {
        let pool = &*self.pool;
        loop {
            pool.handed_over.notified().await;
            while pool.look_for_waiting() {
                tokio::time::sleep(PATIENCE).await;
            }
        }
    }

    /// Waits for all threads to end, and says whether they did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.pool
            .slots()
            .iter()
            .all(|slot| slot.thread.wait_until(deadline))
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if let Some(supervisor) = &self.supervisor {
            supervisor.report(supervisor::STOP);
        }
    }
}

impl Pool {
    fn start_one(&self, queue: Arc<Queue>) -> Result<Slot, NetError> {
        let number = self
            .last_number
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1);
        (self.start_one)(number, queue)
    }

    /// Has the clients of a worker wait in another queue, and gives its thread.
    fn set_queue(&self, number: u32, queue: &Arc<Queue>) -> Option<ThreadId> {
        let mut slots = self.slots();
        let slot = slots.iter_mut().find(|slot| slot.number == number)?;
        queue.take_over(&slot.queue);
        slot.queue = Arc::clone(queue);
        Some(slot.thread.id())
    }

    /// Puts another worker in the place of one, if there is another.
    fn replace(&self, number: u32, new: Option<Slot>) {
        let mut slots = self.slots();
        let Some(at) = slots.iter().position(|slot| slot.number == number) else {
            return;
        };
        let old = slots.swap_remove(at);
        match new {
            Some(new) => slots.push(new),
            None => {
                if let Some(other) = self.best(&slots) {
                    other.queue.take_over(&old.queue);
                }
            }
        }
    }

    /// The worker that a client had best be given to.
    fn best<'a>(&self, slots: &'a [Slot]) -> Option<&'a Slot> {
        slots.iter().min_by_key(|slot| {
            let stuck = (self.is_stuck)(slot.thread.id());
            (stuck, slot.queue.is_late(), slot.queue.load())
        })
    }

    /// Notes which workers have taken no client since this was last called, though one waited, and gives
    /// what waits for them to a better one. Says whether a client still waits.
    fn look_for_waiting(&self) -> bool {
        let slots = self.slots();
        for slot in slots.iter() {
            slot.queue.look();
        }
        for slot in slots.iter().filter(|slot| slot.queue.is_late()) {
            let better = self.best(&slots).filter(|best| !best.queue.is_late());
            if let Some(better) = better {
                better.queue.take_over(&slot.queue);
            }
        }
        slots.iter().any(|slot| slot.queue.has_waiting())
    }

    fn slots(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.slots.fmt(f)
    }
}

/// Serves the clients that are handed to one worker.
async fn serve<T: Threads>(local: T::Local, queue: Arc<Queue>, number: u32) {
    let local = Rc::new(local);
    loop {
        let mut client = queue.next().await;
        let served = queue.served();
        let connection = Arc::clone(client.connection());
        connection.set_worker(number);
        client.lend();
        let session = T::serve(Rc::clone(&local), client);
        let task = tokio::task::spawn_local(async move {
            session.await;
            drop(served);
        });
        connection.set_task(task.abort_handle());
    }
}

/// How long a client waits for its worker before another one is tried.
const PATIENCE: Duration = Duration::from_millis(100);
