use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that a program handles: those that end it (SIGINT, SIGTERM), and SIGHUP, on which it reopens files such
/// as its log.
#[derive(Debug)]
pub struct Signals {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

/// The cause that ended a wait: a signal or another event.
#[derive(Debug)]
pub enum Waited<T> {
    /// A signal of this name, `SIGINT` or `SIGTERM`, ended the wait.
    Signal(&'static str),
    /// The other event ended the wait, with this result.
    Other(T),
}

impl Signals {
    /// Starts to handle the signals: from now on the operating system doesn't end the program when one arrives.
    ///
    /// # Errors
    /// When the operating system refuses it.
    pub fn take() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (interrupt, terminate, hang_up) = {
            let _entered = runtime.enter();
            (
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            )
        };
        Ok(Self {
            runtime,
            interrupt,
            terminate,
            hang_up,
        })
    }

    /// Waits for a signal that ends the program, and returns its name. Meanwhile, SIGHUP calls `reopen`.
    pub fn wait(&mut self, reopen: impl Fn()) -> &'static str {
        match self.wait_or(std::future::pending::<std::convert::Infallible>(), reopen) {
            Waited::Signal(name) => name,
            Waited::Other(never) => match never {},
        }
    }

    /// Waits for a signal that ends the program, or for `other`. Meanwhile, SIGHUP calls `reopen`.
    pub fn wait_or<T>(&mut self, other: impl Future<Output = T>, reopen: impl Fn()) -> Waited<T> {
        // A hang-up reopens log files and goes back to waiting; all else ends the wait.
        self.runtime.block_on(async {
            tokio::pin!(other);
            loop {
                tokio::select! {
                    _ = self.interrupt.recv() => return Waited::Signal("SIGINT"),
                    _ = self.terminate.recv() => return Waited::Signal("SIGTERM"),
                    _ = self.hang_up.recv() => reopen(),
                    other = &mut other => return Waited::Other(other),
                }
            }
        })
    }
}
