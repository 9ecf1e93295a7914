use std::error::Error;
use std::thread;
use std::time::Duration;

use mynah::{Progress, ScriptServer, StartError};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::args::Settings;
use crate::logging::LogFiles;

/// Starts the server on a thread of its own, as a script can't be interrupted there. Logs it if
/// that takes long, and waits no longer than the settings allow.
pub(crate) async fn start(
    settings: Settings,
    files: Option<&'static LogFiles>,
) -> Result<ScriptServer, Box<dyn Error>> {
    let (budget, progress) = (settings.start_budget, settings.options.progress.clone());
    let (sender, mut started) = oneshot::channel();
    // The start runs on a thread of its own: a script that never ends must not keep the program from its
    // signals and its deadline.
    let starting = move || {
        // If it took too long, the receiver is gone.
        let _late = sender.send(start_now(settings, files));
    };
    let name = "mynah start".to_owned();
    thread::Builder::new().name(name).spawn(starting)?;
    let started = timeout(budget, async {
        if let Ok(started) = timeout(UNTIL_NOTICE, &mut started).await {
            return started;
        }
        log::warn!(
            "the start takes more than {UNTIL_NOTICE:?}: {}",
            place(&progress)
        );
        started.await
    });
    match started.await {
        Ok(Ok(started)) => started.map_err(|error| -> Box<dyn Error> { error }),
        Ok(Err(_panicked)) => Err("the start failed".into()),
        Err(_late) => {
            let place = place(&progress);
            Err(format!("the start takes more than {budget:?} (--start-budget): {place}").into())
        }
    }
}

fn start_now(
    settings: Settings,
    files: Option<&'static LogFiles>,
) -> Result<ScriptServer, Box<dyn Error + Send + Sync>> {
    let server = ScriptServer::start(settings.options).map_err(|error| match error {
        StartError::Script { .. } => format!("{error}; {START_ANYWAY}").into(),
        error => Box::<dyn Error + Send + Sync>::from(error),
    })?;
    if let Some(problem) = server.script_problem() {
        log::error!("clients will be refused: {problem}");
    }
    // The files are named after the listeners, so they can't be opened before.
    if let Some(files) = files {
        let x = server.x_addresses().iter().chain(server.http_address());
        let listeners = server.addresses().iter().chain(x);
        let names: Vec<_> = listeners.map(|address| address.log_name()).collect();
        files.open(&names)?;
    }
    Ok(server)
}

/// What the start is waiting for.
fn place(progress: &Progress) -> String {
    match progress.now() {
        nothing if nothing.is_empty() => "preparing".to_owned(),
        doing => doing,
    }
}

/// The advice for a script that doesn't load, other than to correct it.
const START_ANYWAY: &str = "--compatible starts anyway, and sends the error to each client";

/// After this time a log record says that the start is slow.
const UNTIL_NOTICE: Duration = Duration::from_secs(5);
