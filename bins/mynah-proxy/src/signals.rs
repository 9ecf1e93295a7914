use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the program.
pub(crate) struct End {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
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
    /// Waits for one of them, and names it.
    pub(crate) fn wait(&mut self) -> &'static str {
        self.runtime.block_on(async {
            tokio::select! {
                _ = self.interrupt.recv() => "SIGINT",
                _ = self.terminate.recv() => "SIGTERM",
            }
        })
    }
}
