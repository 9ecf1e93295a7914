use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end a program, and the one that has files opened anew.
#[derive(Debug)]
pub struct Signals {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

/// What came first.
#[derive(Debug)]
pub enum Waited<T> {
    /// The signal of this name.
    Signal(&'static str),
    /// What was waited for besides.
    Other(T),
}

impl Signals {
    /// Takes the signals over; from now on they don't end the program by themselves.
    ///
    /// # Errors
    /// When the system refuses it.
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

    /// Waits for a signal to end, and names it. At each SIGHUP until then files are reopened.
    pub fn wait(&mut self, reopen: impl Fn()) -> &'static str {
        match self.wait_or(std::future::pending::<std::convert::Infallible>(), reopen) {
            Waited::Signal(name) => name,
            Waited::Other(never) => match never {},
        }
    }

    /// Waits for a signal to end, or for something else. At each SIGHUP until then files are reopened.
    pub fn wait_or<T>(&mut self, other: impl Future<Output = T>, reopen: impl Fn()) -> Waited<T> {
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
