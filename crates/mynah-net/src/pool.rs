use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ThreadId;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use crate::NetError;
use crate::thread::{Running, ThreadOptions, start_thread, until_stopped};

/// Threads that [`Server`](crate::Server)s share, for many small servers in one program. A server is on one thread of
/// the pool, the one with the fewest servers; as long as each thread has one, and there are fewer threads than there may
/// be, the next server starts another thread. The threads end when the pool and all its servers are dropped. A clone is
/// another handle to the same pool.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    stack_size: usize,
    places: Mutex<Vec<Arc<Place>>>,
}

/// A thread of a pool. It has as many owners as servers, and the pool; without any, the thread ends.
#[derive(Debug)]
pub(crate) struct Place {
    name: String,
    thread: ThreadId,
    jobs: UnboundedSender<Job>,
}

/// Starts a task on the thread.
type Job = Box<dyn FnOnce() + Send>;

impl Pool {
    /// A pool of at most so many threads, at least one, with stacks of `stack_size` bytes. The first thread is started
    /// for the first server.
    #[must_use]
    pub fn new(most: usize, stack_size: usize) -> Self {
        Self(Arc::new(Shared {
            most: most.max(1),
            stack_size,
            places: Mutex::default(),
        }))
    }

    /// The thread for the next server.
    pub(crate) fn place(&self) -> Result<Arc<Place>, NetError> {
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        let best = places.iter().min_by_key(|place| place.load());
        match best {
            Some(best) if best.load() == 0 || places.len() >= self.0.most => Ok(Arc::clone(best)),
            _ => {
                let place = Place::start(places.len() + 1, self.0.stack_size)?;
                let place = Arc::new(place);
                places.push(Arc::clone(&place));
                Ok(place)
            }
        }
    }
}

impl Place {
    fn start(number: usize, stack_size: usize) -> Result<Self, NetError> {
        let name = format!("mynah pool {number}");
        let (jobs, mut next) = unbounded_channel::<Job>();
        let started = start_thread(
            &name,
            ThreadOptions {
                stack_size: Some(stack_size),
                is_shared: true,
                ..ThreadOptions::default()
            },
            // It ends when nothing can send it a task any more.
            CancellationToken::new(),
            || (),
            move || async move {
                while let Some(job) = next.recv().await {
                    job();
                }
            },
        )?;
        let thread = started.thread();
        Ok(Self { name, thread, jobs })
    }

    /// How many servers are on the thread.
    fn load(self: &Arc<Self>) -> usize {
        Arc::strong_count(self).saturating_sub(1)
    }

    /// Runs a task and the local tasks that it starts on the thread, until it ends or is stopped.
    pub(crate) fn run<F, T>(&self, stop: CancellationToken, task: F) -> Result<Running, NetError>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Future<Output = ()> + 'static,
    {
        let (ending, running) = Running::new(self.thread);
        let job = move || {
            let until_stopped = until_stopped(stop, task);
            drop(tokio::task::spawn_local(async move {
                // A panic ends this task alone, and was printed.
                let _ended = until_stopped.await;
                drop(ending);
            }));
        };
        let sent = self.jobs.send(Box::new(job));
        sent.map(|()| running).map_err(|_| NetError::Thread {
            name: self.name.clone(),
            source: io::ErrorKind::BrokenPipe.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);
    const STACK_SIZE: usize = 2 << 20;

    #[test]
    fn a_server_gets_a_free_thread_or_a_new_one_or_the_one_with_the_fewest() {
        let pool = Pool::new(2, STACK_SIZE);
        let place = || pool.place().unwrap();
        let first = place().thread;
        let (one, two) = (place(), place());
        assert_eq!(one.thread, first, "it was free again");
        assert_ne!(two.thread, one.thread);
        let three = place();
        let four = place();
        assert_ne!(three.thread, four.thread);
        let taken = three.thread;
        drop(three);
        assert_eq!(place().thread, taken);
        assert_eq!(pool.0.places.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_thread_ends_with_the_pool_and_the_servers_on_it() {
        thread_local! {
            static DROPPED_AT_THE_END: RefCell<Option<mpsc::Sender<()>>> = const { RefCell::new(None) };
        }
        let pool = Pool::new(1, STACK_SIZE);
        let place = pool.place().unwrap();
        let (sender, end) = mpsc::channel();
        let task = move || async move { DROPPED_AT_THE_END.set(Some(sender)) };
        let ran = place.run(CancellationToken::new(), task).unwrap();
        assert!(ran.wait_until(Instant::now() + LONG));
        drop(pool);
        let again = place.run(CancellationToken::new(), || async {}).unwrap();
        assert!(again.wait_until(Instant::now() + LONG));
        assert_eq!(end.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(place);
        let ended = end.recv_timeout(LONG);
        assert_eq!(ended, Err(mpsc::RecvTimeoutError::Disconnected));
    }

    #[test]
    fn a_task_that_panics_or_is_stopped_ends_alone() {
        let pool = Pool::new(1, STACK_SIZE);
        let place = pool.place().unwrap();
        let stop = CancellationToken::new();
        let (sender, dropped) = mpsc::channel::<()>();
        let endless = move || async move {
            drop(tokio::task::spawn_local(async move {
                let _dropped_with_the_task = sender;
                std::future::pending::<()>().await;
            }));
            std::future::pending::<()>().await;
        };
        let other = place
            .run(CancellationToken::new(), std::future::pending)
            .unwrap();
        let stopped = place.run(stop.clone(), endless).unwrap();
        let panicked = place
            .run(CancellationToken::new(), || async { panic!("on purpose") })
            .unwrap();
        assert!(panicked.wait_until(Instant::now() + LONG));
        assert!(!stopped.wait_until(Instant::now()));
        stop.cancel();
        assert!(stopped.wait_until(Instant::now() + LONG));
        let dropped = dropped.try_recv();
        assert_eq!(dropped, Err(mpsc::TryRecvError::Disconnected));
        assert!(!other.wait_until(Instant::now()));
    }
}
