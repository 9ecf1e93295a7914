mod start_of_text;

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::{self, ThreadId};
use std::time::Duration;

use mynah_guard::Guard;
use mynah_session::sql::{Secrets, Settings};

use start_of_text::StartOfText;

/// Whether the thread of a worker is inside a script, and for how long. The worker writes it, the watchdog
/// reads it.
///
/// The worker changes a number before a call and again after it, and reads no clock: only the watchdog
/// has one. A call is too long when the watchdog sees the same number for longer than the limit.
#[derive(Debug, Default)]
pub(crate) struct Beacon {
    /// Counts up when a script is entered, and when it is left: odd means inside.
    crossings: AtomicU64,
    stuck: AtomicBool,
    /// The start of the statement that the script is answering.
    doing: StartOfText,
    /// The thread, if it can be given up; see `mynah_guard`.
    guard: Option<Guard>,
}

impl Beacon {
    /// Marks the thread as inside a script until the result is dropped. `doing` is the statement.
    pub(crate) fn enter<B: Deref<Target = Self>>(beacon: B, doing: &[u8]) -> Inside<B> {
        beacon.doing.set(doing);
        beacon.crossings.fetch_add(1, Ordering::Relaxed);
        let leave = LeaveOnDrop(beacon);
        Inside {
            _may_be_lost: mynah_guard::enter(),
            _leave: leave,
        }
    }

    /// Whether the thread has been inside a call for longer than the limit.
    pub(crate) fn is_stuck(&self) -> bool {
        self.stuck.load(Ordering::Relaxed)
    }

    fn come_back(&self) {
        if self.stuck.swap(false, Ordering::Relaxed)
            && let Some(guard) = &self.guard
        {
            guard.cancel_stop();
        }
    }

    /// Logs, once, that the call can't be interrupted.
    fn give_up(&self, path: &Path, limit: Duration) {
        if !self.stuck.swap(true, Ordering::Relaxed) {
            let follows = match self.guard {
                Some(_) => "and is stopped with its thread",
                None => "and keeps the sessions of its thread waiting",
            };
            log::warn!(
                "{}: can't be interrupted for longer than {limit:?}, {follows}: {}",
                path.display(),
                self.doing()
            );
        }
    }

    /// Stops the thread, if that is possible.
    fn stop(&self) {
        if let Some(guard) = &self.guard {
            guard.stop();
        }
    }

    fn doing(&self) -> String {
        let text = self.doing.get();
        // The text goes to the log, which must not show passwords.
        let masked = Secrets::of(&text, &Settings::default())
            .mask(&text)
            .into_owned();
        String::from_utf8_lossy(&masked).escape_debug().to_string()
    }
}

/// A call into a script that hasn't returned; its thread may be given up meanwhile.
#[derive(Debug)]
pub(crate) struct Inside<B: Deref<Target = Beacon>> {
    /// Declared before `_leave`, so dropped first: a thread that is given up never reports that it has left the call.
    _may_be_lost: mynah_guard::Inside,
    _leave: LeaveOnDrop<B>,
}

#[derive(Debug)]
struct LeaveOnDrop<B: Deref<Target = Beacon>>(B);

impl<B: Deref<Target = Beacon>> Drop for LeaveOnDrop<B> {
    fn drop(&mut self) {
        self.0.crossings.fetch_add(1, Ordering::Relaxed);
        if self.0.stuck.load(Ordering::Relaxed) {
            self.0.stuck.store(false, Ordering::Relaxed);
        }
    }
}

/// The beacons of all workers of a script. The first beacon starts the watchdog thread.
#[derive(Default)]
pub(crate) struct Beacons {
    by_thread: Mutex<HashMap<ThreadId, Arc<Beacon>>>,
    watched: AtomicBool,
}

impl Beacons {
    /// The beacon of the calling thread, which is watched from now on: a call that takes
    /// longer than `limit` is logged, with the name of the script at `path`.
    pub(crate) fn light(self: &Arc<Self>, path: &Path, limit: Duration) -> Arc<Beacon> {
        // A thread has one, also where sessions of a script before this one are still open on it.
        let new = || {
            Arc::new(Beacon {
                guard: Guard::current().filter(Guard::can_be_lost),
                ..Beacon::default()
            })
        };
        let mut beacons = self.beacons();
        let beacon = beacons.entry(thread::current().id()).or_insert_with(new);
        let beacon = Arc::clone(beacon);
        drop(beacons);
        if !self.watched.swap(true, Ordering::Relaxed) {
            let (beacons, path) = (Arc::downgrade(self), path.to_owned());
            let watch = move || watch(&beacons, &path, limit);
            let started = thread::Builder::new()
                .name("mynah watchdog".to_owned())
                .spawn(watch);
            if let Err(error) = started {
                log::warn!("can't start the watchdog, so endless scripts aren't stopped: {error}");
            }
        }
        beacon
    }

    /// Whether a thread has been inside a call for longer than the limit.
    pub(crate) fn is_stuck(&self, thread: ThreadId) -> bool {
        let beacon = self.beacons().get(&thread).cloned();
        beacon.is_some_and(|beacon| beacon.is_stuck())
    }

    /// Forgets a thread that was lost, and says what it was doing.
    pub(crate) fn lost(&self, thread: ThreadId) -> Option<String> {
        let beacon = self.beacons().remove(&thread);
        beacon.map(|beacon| beacon.doing())
    }

    fn beacons(&self) -> std::sync::MutexGuard<'_, HashMap<ThreadId, Arc<Beacon>>> {
        self.by_thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Beacons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beacons").finish_non_exhaustive()
    }
}

/// The watchdog thread: looks at all beacons at intervals, until they are dropped.
fn watch(beacons: &Weak<Beacons>, path: &Path, limit: Duration) {
    let interval = (limit / LOOKS).clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL);
    let mut seen: HashMap<ThreadId, (u64, Duration)> = HashMap::new();
    loop {
        thread::sleep(interval);
        let Some(beacons) = beacons.upgrade() else {
            return;
        };
        let all: Vec<_> = {
            let mut all = beacons.beacons();
            // The map holds one reference, the worker the other: a single one means that the worker has ended.
            all.retain(|_, beacon| Arc::strong_count(beacon) > 1);
            all.iter()
                .map(|(thread, beacon)| (*thread, beacon.clone()))
                .collect()
        };
        drop(beacons);
        seen.retain(|thread, _| all.iter().any(|(other, _)| other == thread));
        for (thread, beacon) in all {
            let crossings = beacon.crossings.load(Ordering::Relaxed);
            let (last, since) = seen.entry(thread).or_default();
            if *last != crossings || crossings % 2 == 0 {
                (*last, *since) = (crossings, Duration::ZERO);
                beacon.come_back();
                continue;
            }
            *since += interval;
            // The engine ends a call at its limit by itself wherever it looks at the clock. The two intervals are
            // its time to do so; a call that lasts longer is in native code that doesn't look.
            if *since > limit + interval * 2 {
                beacon.give_up(path, limit);
            }
            if *since > limit + (interval * 2).max(SHORTEST_GRACE) {
                beacon.stop();
            }
        }
    }
}

/// How often a call is looked at before it is too long.
const LOOKS: u32 = 5;
/// How much longer than it may a call lasts at least before its thread is stopped: the engine looks at the
/// clock from time to time only.
const SHORTEST_GRACE: Duration = Duration::from_millis(500);
const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);
const LONGEST_INTERVAL: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_call_that_lasts_is_noticed_and_forgotten_when_it_is_over() {
        let beacons = Arc::new(Beacons::default());
        let (sender, steps) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let lit = beacons.clone();
        let worker = thread::spawn(move || {
            let beacon = lit.light(Path::new("t.js"), Duration::from_millis(20));
            let inside = Beacon::enter(&*beacon, b"select 1");
            sender.send(thread::current().id()).unwrap();
            wait.recv().unwrap();
            drop(inside);
            sender.send(thread::current().id()).unwrap();
            wait.recv().unwrap();
        });
        let id = steps.recv().unwrap();
        while !beacons.is_stuck(id) {
            thread::yield_now();
        }
        go_on.send(()).unwrap();
        steps.recv().unwrap();
        assert!(!beacons.is_stuck(id));
        assert!(!beacons.is_stuck(thread::current().id()));
        go_on.send(()).unwrap();
        worker.join().unwrap();
    }
}
