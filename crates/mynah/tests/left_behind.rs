//! What servers leave behind in their process. The test is alone in its program, because it counts what a process has.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::Read;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use mynah::MockServer;

const LONG: Duration = Duration::from_secs(60);

/// How many threads and descriptors the process has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counts {
    threads: usize,
    descriptors: usize,
}

impl Counts {
    fn now() -> Self {
        let count = |folder| fs::read_dir(folder).unwrap().count();
        Self {
            threads: count("/proc/self/task"),
            descriptors: count("/proc/self/fd"),
        }
    }

    /// Waits until the process has no more than these.
    fn wait_for(self) {
        let deadline = Instant::now() + LONG;
        loop {
            let now = Self::now();
            if now.threads <= self.threads && now.descriptors <= self.descriptors {
                return;
            }
            assert!(Instant::now() < deadline, "{now:?} in place of {self:?}");
            thread::yield_now();
        }
    }
}

/// A client that the server serves.
fn connect(server: &MockServer) -> TcpStream {
    let mut client = TcpStream::connect(server.address()).unwrap();
    client.read_exact(&mut [0; 5]).unwrap();
    client
}

#[test]
fn servers_leave_no_threads_and_no_descriptors_behind() {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let before = Counts::now();
    let many: Vec<_> = (0..200)
        .map(|_| {
            let server = MockServer::start_blocking();
            (connect(&server), server)
        })
        .collect();
    let at_once = Counts::now();
    assert!(at_once.threads <= before.threads + processors);
    // A listener, and both ends of a connection; and those of the threads.
    let of_threads = 16 * processors;
    assert!(at_once.descriptors <= before.descriptors + 3 * many.len() + of_threads);
    drop(many);
    // The threads of the pool stay.
    let idle = Counts {
        threads: at_once.threads,
        descriptors: before.descriptors + of_threads,
    };
    idle.wait_for();
    let idle = Counts::now();
    for _ in 0..1000 {
        let server = MockServer::start_blocking();
        let client = connect(&server);
        drop(server);
        drop(client);
    }
    idle.wait_for();
    for _ in 0..3 {
        let own_threads = MockServer::builder().options(|options| options.workers(2));
        let server = own_threads.start_blocking();
        let _client = connect(&server);
    }
    idle.wait_for();
}
