use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the program.
pub(crate) struct End {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
}

/// What came first.
pub(crate) enum Waited<T> {
    /// The signal of this name.
    Signal(&'static str),
    /// What was waited for besides.
    Other(T),
}

/// Takes the signals over; from now on they don't end the program by themselves.
pub(crate) fn end() -> io::Result<End> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (interrupt, terminate) = {
        let _entered = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    Ok(End {
        runtime,
        interrupt,
        terminate,
    })
}

impl End {
    /// Waits for one of them, which it names, or for something else.
    pub(crate) fn wait_or<T>(&mut self, other: impl Future<Output = T>) -> Waited<T> {
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.interrupt.recv() => Waited::Signal("SIGINT"),
                _ = self.terminate.recv() => Waited::Signal("SIGTERM"),
                other = other => Waited::Other(other),
            }
        })
    }
}
