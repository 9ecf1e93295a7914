//! The workers, which serve clients, each on a thread. A client stays with the worker that began to serve it.

mod number;
mod queue;
mod slot;
mod supervisor;

use std::future::Future;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use mynah_guard::{Losses, Reporter};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(crate) use self::number::Number;

use self::queue::{Queue, Served};
use self::slot::Slot;
use crate::client::Client;
use crate::host::Host;
use crate::rate_limit::RateLimit;
use crate::thread::Running;
use crate::{Connections, Containment, NetError};

/// How a [`Server`](crate::Server) serves its clients. All threads share it.
pub trait Threads: Send + Sync + 'static {
    /// The state of one thread. It stays there, so it need not be [`Send`].
    type Local: 'static;

    /// Makes the state of one thread. Called once on each worker thread.
    fn local(&self) -> Self::Local;

    /// Serves one client until it disconnects or is disconnected.
    fn serve(local: Rc<Self::Local>, client: Client) -> impl Future<Output = ()>;

    /// Whether the worker whose thread has this id is busy with one client and doesn't get to the others. While other
    /// workers aren't, that worker gets no new clients. The method is called for each worker and each client that
    /// connects, so it has to be cheap. `false` by default.
    fn is_stuck(&self, _thread: ThreadId) -> bool {
        false
    }

    /// Limits beyond which a thread is lost; `None`, the default, if no thread runs untrusted code.
    fn containment(&self) -> Option<Containment> {
        None
    }

    /// Called on another thread when the thread with this id was lost. Returns what the lost thread was doing, in
    /// words; by default an empty text.
    fn lost(&self, _thread: ThreadId) -> String {
        String::new()
    }
}

/// A handle to the threads. When it is dropped, lost threads are no longer replaced.
#[derive(Debug)]
pub(crate) struct Workers {
    pool: Arc<Pool>,
    supervisor: Option<Reporter>,
}

struct Pool {
    slots: Mutex<Vec<Slot>>,
    /// Workers that weren't needed any more, and may not have ended yet. Locked after `slots`.
    leaving: Mutex<Vec<Running>>,
    number: Number,
    /// Of starting workers.
    failures: Mutex<RateLimit>,
    last_number: AtomicU32,
    start_one: Box<StartOne>,
    is_stuck: Box<dyn Fn(ThreadId) -> bool + Send + Sync>,
    lost: Box<dyn Fn(ThreadId) -> String + Send + Sync>,
    /// Wakes [`Workers::move_waiting`]: a client waits for its worker.
    handed_over: Notify,
}

type StartOne = dyn Fn(&Arc<Pool>, u32, Arc<Queue>) -> Result<Slot, NetError> + Send + Sync;

impl Workers {
    pub(crate) fn start<T: Threads>(
        threads: T,
        number: Number,
        host: Host,
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
        let start_one = move |pool: &Arc<Pool>, number: u32, queue: Arc<Queue>| {
            let (threads, limits, served) = (Arc::clone(&own), limits.clone(), Arc::clone(&queue));
            let pool = Arc::downgrade(pool);
            let running = host.run(
                &format!("mynah worker {number}"),
                stop.clone(),
                move || limits.map(|(to, c)| mynah_guard::enlist(number, &to, c.memory)),
                move || serve::<T>(threads.local(), pool, served, number),
            )?;
            Ok(Slot {
                number,
                queue,
                running,
            })
        };
        let (stuck, lost) = (Arc::clone(&threads), threads);
        let pool = Arc::new(Pool {
            slots: Mutex::default(),
            leaving: Mutex::default(),
            number,
            failures: Mutex::default(),
            last_number: AtomicU32::new(0),
            start_one: Box::new(start_one),
            is_stuck: Box::new(move |thread| stuck.is_stuck(thread)),
            lost: Box::new(move |thread| lost.lost(thread)),
            handed_over: Notify::new(),
        });
        for _ in 0..number.least.max(1) {
            pool.add_one(Arc::default())?;
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

    /// Gives a client to the worker that has the fewest, stuck ones last.
    pub(crate) fn hand_over(&self, client: Client) {
        self.pool.hand_over(client);
        // Wakes `move_waiting`, which looks after clients until a worker has taken them.
        self.pool.handed_over.notify_one();
    }

    /// Moves clients whose worker doesn't begin to serve them to other workers. Runs for ever.
    pub(crate) async fn move_waiting(&self) {
        let pool = &*self.pool;
        loop {
            pool.handed_over.notified().await;
            while pool.look_for_waiting() {
                tokio::time::sleep(LATE_AFTER).await;
            }
        }
    }

    /// Waits until all threads have ended; returns whether they did before the deadline.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        // Without the lock, which a worker needs that ends as it is unused.
        let running = {
            let slots = self.pool.slots();
            let workers = slots.iter().map(|slot| &slot.running);
            workers
                .chain(&*self.pool.leaving())
                .cloned()
                .collect::<Vec<_>>()
        };
        running.iter().all(|worker| worker.wait_until(deadline))
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
    /// Gives a client to the best worker, or to another one if each has a client and there may be more.
    fn hand_over(self: &Arc<Self>, client: Client) {
        let queue = {
            let slots = self.slots();
            let may_grow = self.number.varies() && slots.len() < self.number.most;
            match self.best(&slots) {
                Some(best) if best.queue.load() == 0 || !may_grow => {
                    return best.queue.push(client);
                }
                _ => Arc::new(Queue::default()),
            }
        };
        queue.push(client);
        if let Err(error) = self.add_one(Arc::clone(&queue)) {
            let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(more) = failures.allow(Instant::now()) {
                log::error!(
                    "a client shares its thread with others: {error} (and {more} times before)"
                );
            }
            if let Some(best) = self.best(&self.slots()) {
                best.queue.take_over(&queue);
            }
        }
    }

    /// Removes a worker that has no client, if there are more than the least; returns whether it was removed.
    fn shrink(&self, number: u32) -> bool {
        let mut slots = self.slots();
        let at = slots.iter().position(|slot| slot.number == number);
        let unneeded = at.filter(|at| {
            let slot = slots.get(*at);
            slots.len() > self.number.least.max(1)
                && slot.is_some_and(|slot| slot.queue.load() == 0)
        });
        let Some(at) = unneeded else {
            return false;
        };
        let removed = slots.swap_remove(at);
        let mut leaving = self.leaving();
        leaving.retain(|worker| !worker.wait_until(Instant::now()));
        leaving.push(removed.running);
        true
    }

    fn add_one(self: &Arc<Self>, queue: Arc<Queue>) -> Result<(), NetError> {
        let slot = self.start_one(queue)?;
        self.slots().push(slot);
        Ok(())
    }

    fn start_one(self: &Arc<Self>, queue: Arc<Queue>) -> Result<Slot, NetError> {
        let number = self
            .last_number
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1);
        (self.start_one)(self, number, queue)
    }

    /// Moves the waiting clients of a worker to another queue, and returns the worker's thread.
    fn set_queue(&self, number: u32, queue: &Arc<Queue>) -> Option<ThreadId> {
        let mut slots = self.slots();
        let slot = slots.iter_mut().find(|slot| slot.number == number)?;
        queue.take_over(&slot.queue);
        slot.queue = Arc::clone(queue);
        Some(slot.running.thread())
    }

    /// Replaces a worker by another one. Without another one, its waiting clients go to the best of
    /// the rest.
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

    /// The best worker for a new client: not stuck, not late, and with the fewest clients.
    fn best<'a>(&self, slots: &'a [Slot]) -> Option<&'a Slot> {
        slots.iter().min_by_key(|slot| {
            let stuck = (self.is_stuck)(slot.running.thread());
            // The order of importance: a stuck worker serves no client, a late one serves clients
            // late.
            (stuck, slot.queue.is_late(), slot.queue.load())
        })
    }

    /// Updates which workers are late, and moves their waiting clients to a better worker. Returns
    /// whether any client still waits.
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

    fn leaving(&self) -> MutexGuard<'_, Vec<Running>> {
        self.leaving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.slots.fmt(f)
    }
}

/// Serves the clients in a worker's queue.
async fn serve<T: Threads>(local: T::Local, pool: Weak<Pool>, queue: Arc<Queue>, number: u32) {
    let local = Rc::new(local);
    loop {
        let Some((mut client, served)) = next(&pool, &queue, number).await else {
            return;
        };
        let connection = Arc::clone(client.connection());
        connection.set_worker(number);
        // From here on another thread can take the socket over, if this worker is lost.
        client.lend();
        let session = T::serve(Rc::clone(&local), client);
        let task = tokio::task::spawn_local(async move {
            session.await;
            drop(served);
        });
        // A connection is closed by aborting its task, whatever it is waiting for.
        connection.set_task(task.abort_handle());
    }
}

/// The next client; `None` if the worker isn't needed any more: it had no client at two looks in a row, and no tasks.
async fn next(pool: &Weak<Pool>, queue: &Arc<Queue>, number: u32) -> Option<(Client, Served)> {
    let varies = pool.upgrade().is_some_and(|pool| pool.number.varies());
    if !varies {
        return Some(queue.next().await);
    }
    let runtime = Handle::current().metrics();
    let mut was_unused = false;
    loop {
        if let Ok(next) = tokio::time::timeout(LOOK_AFTER, queue.next()).await {
            return Some(next);
        }
        // A handler's tasks may go on when its connection has ended.
        let is_unused = queue.load() == 0 && runtime.num_alive_tasks() == 0;
        if is_unused && was_unused && pool.upgrade()?.shrink(number) {
            return None;
        }
        was_unused = is_unused;
    }
}

/// How often a worker looks whether it is needed.
const LOOK_AFTER: Duration = Duration::from_secs(10);
/// How long a client waits for its worker before another one is tried.
const LATE_AFTER: Duration = Duration::from_millis(100);

#[cfg(test)]
mod tests;
