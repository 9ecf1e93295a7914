use std::error::Error;
use std::thread;
use std::time::Duration;

use mynah::{MockServer, Progress, StartError};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::args::Settings;
use crate::logging::LogFiles;

/// Starts the server on a thread of its own, as nothing interrupts a script there; says so if it lasts, and
/// waits no longer than the settings say.
pub(crate) async fn start(
    settings: Settings,
    files: Option<&'static LogFiles>,
) -> Result<MockServer, Box<dyn Error>> {
    let (budget, progress) = (settings.start_budget, settings.options.progress.clone());
    let (tell, mut told) = oneshot::channel();
    let starting = move || {
        // Nobody waits any more if it took too long.
        let _late = tell.send(start_now(settings, files));
    };
    let name = "mynah start".to_owned();
    thread::Builder::new().name(name).spawn(starting)?;
    let started = timeout(budget, async {
        if let Ok(started) = timeout(UNTIL_NOTICE, &mut told).await {
            return started;
        }
        log::warn!(
            "the start takes more than {UNTIL_NOTICE:?}: {}",
            place(&progress)
        );
        told.await
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
) -> Result<MockServer, Box<dyn Error + Send + Sync>> {
    let server = MockServer::start(settings.options).map_err(|error| match error {
        StartError::Script { .. } => format!("{error}; {ALL_THE_SAME}").into(),
        error => Box::<dyn Error + Send + Sync>::from(error),
    })?;
    if let Some(problem) = server.trace_problem() {
        log::error!("clients will be refused: {problem}");
    }
    if let Some(files) = files {
        let x = server.x_addresses().iter().chain(server.http_address());
        let listeners = server.addresses().iter().chain(x);
        let names: Vec<_> = listeners.map(|address| address.log_name()).collect();
        files.open(&names)?;
    }
    Ok(server)
}

/// What is waited for.
fn place(progress: &Progress) -> String {
    match progress.now() {
        nothing if nothing.is_empty() => "preparing".to_owned(),
        doing => doing,
    }
}

/// What may be done about a script that doesn't load, besides mending it.
const ALL_THE_SAME: &str = "--compatible starts all the same, and tells each client";

/// When a start is worth a word.
const UNTIL_NOTICE: Duration = Duration::from_secs(5);
