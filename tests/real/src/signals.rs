use std::{io, process, thread};

use mynah_testkit::servers::give_all_back;
use tokio::{
    runtime::Builder,
    signal::unix::{SignalKind, signal},
};

/// Makes a signal that ends the program first stop its servers and remove their folders.
pub(crate) fn give_back_first() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let [mut hangup, mut interrupt, mut terminate] = {
        let _entered = runtime.enter();
        [
            signal(SignalKind::hangup())?,
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        ]
    };
    thread::Builder::new().spawn(move || {
        let ended_by = runtime.block_on(async {
            tokio::select! {
                _ = hangup.recv() => SignalKind::hangup(),
                _ = interrupt.recv() => SignalKind::interrupt(),
                _ = terminate.recv() => SignalKind::terminate(),
            }
        });
        give_all_back();
        // The exit code of shells.
        process::exit(128 + ended_by.as_raw_value());
    })?;
    Ok(())
}
