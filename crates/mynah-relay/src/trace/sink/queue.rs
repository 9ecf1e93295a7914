use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::line_file::{count, lines_within};
use super::target::Target;
use crate::trace::options::Overflow;

/// Lines on their way from the connections to the thread that writes them.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Notified when there is something to write, and at the end.
    something: Condvar,
    /// Notified when there is room again, and when connections stop waiting for it.
    room: Condvar,
    /// Notified when something was written, and when all is.
    progress: Condvar,
}

#[derive(Debug)]
struct State {
    text: Vec<u8>,
    overflow: Overflow,
    /// How many connections wait for room.
    blocked: usize,
    /// Lines that there was no room for since the writer last looked.
    dropped: u64,
    /// Whether it was logged that there is no room; until there is.
    full: bool,
    lost: u64,
    /// How often something was written.
    writes: u64,
    ended: bool,
    /// The writer has ended.
    done: bool,
}

/// The state of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TraceHealth {
    /// How many lines are lost.
    pub(crate) lost: u64,
    /// How many bytes wait to be written.
    pub(crate) waiting: usize,
    /// Whether there is no room for more, and connections with further lines wait for it.
    pub(crate) blocks: bool,
}

impl Queue {
    pub(super) fn new(overflow: Overflow) -> Self {
        Self {
            state: Mutex::new(State {
                text: Vec::new(),
                overflow,
                blocked: 0,
                dropped: 0,
                full: false,
                lost: 0,
                writes: 0,
                ended: false,
                done: false,
            }),
            something: Condvar::new(),
            room: Condvar::new(),
            progress: Condvar::new(),
        }
    }

    pub(super) fn put(&self, lines: &[u8]) {
        let mut state = self.state();
        while state.must_wait() && !state.ended {
            state.blocked += 1;
            state = self.wait_for_room(state);
            state.blocked -= 1;
        }
        if state.ended || state.text.len() > MOST_HELD {
            let lines = count(lines);
            state.dropped += lines;
            state.lost += lines;
            let first = !std::mem::replace(&mut state.full, true) && !state.ended;
            drop(state);
            if first {
                log::warn!("the trace is not read or written fast enough: lines are left out");
            }
            return;
        }
        // Only the first line wakes the writer, which then gathers what follows.
        let first = state.text.is_empty();
        state.text.extend_from_slice(lines);
        drop(state);
        if first {
            self.something.notify_one();
        }
    }

    /// Waits for a while: the wait for room is a series of short ones, so that the first long one can be logged.
    fn wait_for_room<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let waited = self.room.wait_timeout(state, LONG);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        let is_long = timeout.timed_out() && state.must_wait();
        if !is_long || std::mem::replace(&mut state.full, true) {
            return state;
        }
        // The log is written without the lock.
        drop(state);
        log::warn!(
            "the trace is not read or written fast enough: connections wait for it \
             (--trace-overflow drop leaves lines out instead)"
        );
        self.state()
    }

    #[cfg(feature = "fuzz")]
    pub(super) fn keep(&self, lines: &[u8]) {
        self.state().text.extend_from_slice(lines);
    }

    #[cfg(feature = "fuzz")]
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.state().text)
    }

    pub(super) fn lost(&self, lines: u64) {
        self.state().lost += lines;
    }

    pub(super) fn health(&self) -> TraceHealth {
        let state = self.state();
        TraceHealth {
            lost: state.lost,
            waiting: state.text.len(),
            blocks: state.blocked > 0 && state.must_wait(),
        }
    }

    pub(super) fn stop_blocking(&self) {
        self.state().overflow = Overflow::Drop;
        self.room.notify_all();
    }

    /// Waits for the writer to end, as long as it makes progress.
    pub(super) fn close(&self) {
        let mut state = self.state();
        state.ended = true;
        self.something.notify_one();
        self.room.notify_all();
        let (mut writes, mut since) = (state.writes, Instant::now());
        // The writer may be stuck in a write that never returns, so the wait ends when nothing is written for
        // STALL_TIMEOUT.
        while !state.done {
            let waited = self.progress.wait_timeout(state, STALL_TIMEOUT);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if state.writes != writes {
                (writes, since) = (state.writes, Instant::now());
            } else if since.elapsed() >= STALL_TIMEOUT && !state.done {
                drop(state);
                log::warn!("the trace is not read or written: what waits of it is lost");
                return;
            }
        }
    }

    /// Writes what comes, until the end.
    pub(super) fn write_all(&self, target: &mut Target) {
        let mut text = Vec::new();
        // Each round takes all lines that wait and writes them in pieces without the lock, so connections go
        // on putting lines meanwhile.
        while let Some(dropped) = self.next(&mut text) {
            let mut rest = &text[..];
            while !rest.is_empty() {
                // A line longer than a piece is written whole.
                let len = match lines_within(rest, PIECE) {
                    0 => lines_within(rest, rest.len()),
                    len => len,
                };
                let (piece, after) = rest.split_at(if len == 0 { rest.len() } else { len });
                let lost = target.write(piece);
                rest = after;
                let mut state = self.state();
                state.lost += lost;
                state.writes += 1;
                drop(state);
                self.progress.notify_all();
            }
            // The note about dropped lines stands where they would have stood.
            if dropped > 0 {
                target.miss(dropped, format!("no room while {} waited", target.name()));
            }
            if text.capacity() > MOST_HELD {
                text = Vec::new();
            }
        }
        self.state().done = true;
        self.progress.notify_all();
    }

    /// Replaces `text` by the next lines, and returns how many lines were dropped after them; `None` at the
    /// end.
    fn next(&self, text: &mut Vec<u8>) -> Option<u64> {
        let mut state = self.state();
        while state.text.is_empty() && !state.ended {
            let waited = self.something.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if state.text.is_empty() {
            return None;
        }
        if !state.ended && state.text.len() < WORTH_WRITING {
            // More follows: one write for all of it.
            drop(state);
            thread::sleep(GATHERING);
            state = self.state();
        }
        text.clear();
        // The two buffers change places, so neither is allocated again.
        std::mem::swap(text, &mut state.text);
        state.full = false;
        let dropped = std::mem::take(&mut state.dropped);
        drop(state);
        self.room.notify_all();
        Some(dropped)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a connection with lines has to wait for room.
    fn must_wait(&self) -> bool {
        self.text.len() > MOST_HELD && self.overflow == Overflow::Block
    }
}

/// How much may wait to be written.
const MOST_HELD: usize = 16 * 1024 * 1024;

const WORTH_WRITING: usize = 256 * 1024;

/// How much is written at once: small enough that progress shows.
const PIECE: usize = 1024 * 1024;

/// How long lines wait for others.
const GATHERING: Duration = Duration::from_millis(20);

/// How long a connection waits before the wait is logged.
const LONG: Duration = Duration::from_secs(1);

/// How long writing may make no progress at the end, before the rest is given up.
const STALL_TIMEOUT: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_blocks_only_while_a_connection_waits_with_a_line() {
        let queue = Queue::new(Overflow::Block);
        queue.put(&vec![b'\n'; MOST_HELD + 1]);
        let full = queue.health();
        assert_eq!((full.waiting, full.blocks), (MOST_HELD + 1, false));
        thread::scope(|scope| {
            scope.spawn(|| queue.put(b"line\n"));
            while !queue.health().blocks {
                thread::yield_now();
            }
            let mut text = Vec::new();
            assert_eq!(queue.next(&mut text), Some(0));
            assert_eq!(text.len(), MOST_HELD + 1);
        });
        let after = queue.health();
        assert_eq!((after.waiting, after.blocks), (5, false));
    }
}
