use std::io;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that end the program, and the one that has files opened anew.
pub(crate) struct End {
    runtime: Runtime,
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

/// Takes the signals over; from now on they don't end the program by themselves.
pub(crate) fn end() -> io::Result<End> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (interrupt, terminate, hang_up) = {
        let _entered = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        )
    };
    Ok(End {
        runtime,
        interrupt,
        terminate,
        hang_up,
    })
}

impl End {
    /// Waits for a signal to end, and names it. At each SIGHUP until then files are reopened.
    pub(crate) fn wait(&mut self, reopen: impl Fn()) -> &'static str {
        self.runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = self.interrupt.recv() => return "SIGINT",
                    _ = self.terminate.recv() => return "SIGTERM",
                    _ = self.hang_up.recv() => reopen(),
                }
            }
        })
    }
}
