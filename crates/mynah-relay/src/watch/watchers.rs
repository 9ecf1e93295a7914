use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Filter;
use crate::trace::{Rule, Taken, Trace, TraceFormat, TraceOptions, WatchQueue};

/// All that watch at present.
#[derive(Debug)]
pub(crate) struct Watchers {
    /// What is hidden besides passwords.
    redact: Arc<[Rule]>,
    /// Changes with the list, so that connections look at the list only then.
    generation: AtomicU64,
    list: Mutex<List>,
}

#[derive(Debug, Default)]
struct List {
    watchers: Vec<Arc<Watcher>>,
    /// How many there were in all.
    total: u64,
}

/// What a watcher asks for.
#[derive(Debug)]
pub(crate) struct WatchOptions {
    /// As that of a trace.
    pub(crate) level: u8,
    pub(crate) filter: Option<Filter>,
    /// The only connection to watch; `None` for all.
    pub(crate) connection: Option<u32>,
}

/// One that watches.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) id: u64,
    pub(super) connection: Option<u32>,
    pub(super) trace: Trace,
    queue: Arc<WatchQueue>,
}

/// The place of a watcher, until this is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    watchers: Arc<Watchers>,
    watcher: Arc<Watcher>,
}

impl Watchers {
    pub(crate) fn new(redact: Arc<[Rule]>) -> Self {
        Self {
            redact,
            generation: AtomicU64::new(0),
            list: Mutex::default(),
        }
    }

    /// Adds a watcher; `None` if there are too many.
    pub(crate) fn watch(self: &Arc<Self>, options: WatchOptions) -> Option<Seat> {
        let mut list = self.list();
        if list.watchers.len() >= Self::MOST {
            return None;
        }
        let queue = Arc::new(WatchQueue::default());
        // Whatever the program's own trace shows: passwords aren't for all that may read over HTTP.
        let trace = TraceOptions {
            format: TraceFormat::Json,
            level: options.level,
            filter: options.filter,
            redact: self.redact.to_vec(),
            ..TraceOptions::default()
        };
        list.total += 1;
        let watcher = Arc::new(Watcher {
            id: list.total,
            connection: options.connection,
            trace: Trace::to_queue(trace, &queue),
            queue,
        });
        list.watchers.push(Arc::clone(&watcher));
        self.changed();
        Some(Seat {
            watchers: Arc::clone(self),
            watcher,
        })
    }

    /// Which list it is that [`list`](Self::list) has.
    #[inline]
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The watchers of a connection, and the generation that they are of.
    pub(super) fn of_connection(&self, id: u32) -> (u64, Vec<Arc<Watcher>>) {
        let list = self.list();
        let watchers = list.watchers.iter();
        let of_it = watchers.filter(|watcher| watcher.connection.is_none_or(|only| only == id));
        (self.generation(), of_it.cloned().collect())
    }

    /// The list has changed, under its lock.
    fn changed(&self) {
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many may watch at once.
    pub(crate) const MOST: usize = 32;
}

impl Seat {
    /// Waits for lines.
    pub(crate) async fn next(&self) -> Taken {
        self.watcher.queue.next().await
    }

    /// The line that says that so many are missing.
    pub(crate) fn lost_line(&self, lines: u64) -> String {
        let why = "the watcher reads too slowly";
        self.watcher.trace.lost_line(lines, why)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut list = self.watchers.list();
        list.watchers.retain(|other| other.id != self.watcher.id);
        self.watchers.changed();
        drop(list);
        self.watcher.queue.end();
    }
}
