//! Records each client through the proxy, with a real server behind it, and then plays it the recording: what it
//! prints has to be the same.

use std::{fs, io, path::Path};

use mynah_testkit::servers::RealServer;

use crate::{
    client::Client,
    column::{Column, Place},
    ours::{Mock, OursError, Proxy},
    run::Ran,
    stage::{Stage, Target},
};

/// The result for one client.
#[derive(Debug)]
pub(crate) enum Replayed {
    Same,
    Differs(String),
    Skipped(String),
}

/// Why a client isn't recorded or played to.
#[derive(Debug, thiserror::Error)]
enum ReplayError {
    #[error(transparent)]
    Ours(#[from] OursError),
    #[error("the proxy doesn't end")]
    NoEnd,
    #[error("the recording: {0}")]
    Io(#[from] io::Error),
}

/// The servers that are recorded.
pub(crate) const SERVERS: [RealServer; 2] = [RealServer::MySql97, RealServer::MariaDb118];

/// The columns that need them.
pub(crate) const COLUMNS: [Column; 2] = [
    Column::Direct(RealServer::MySql97),
    Column::Direct(RealServer::MariaDb118),
];

/// Records a client, and plays it the recording.
pub(crate) fn replay(
    client: &Client,
    stage: &Stage,
    server: RealServer,
    keep: Option<&Path>,
) -> Replayed {
    let place = Place::Direct(server);
    if let Some(why) = client.skipped(place) {
        return Replayed::Skipped(why.to_owned());
    }
    let target = match stage.target(place, client.protocol) {
        Ok(target) => target,
        Err(why) => return Replayed::Skipped(why),
    };
    let command = match client.program.command() {
        Ok(command) => command,
        Err(why) => return Replayed::Skipped(why.to_string()),
    };
    let folder = match keep {
        Some(folder) => folder.to_owned(),
        None => std::env::temp_dir().join(format!("mynah-replay-{}", std::process::id())),
    };
    let file = folder.join(format!("{}-{}.json", client.name, server.name()));
    let ran = fs::create_dir_all(&folder)
        .map_err(ReplayError::from)
        .and_then(|()| twice(&command, target, client, &file));
    if keep.is_none() {
        // What is left over is in the folder for temporary files.
        let _left = fs::remove_dir_all(&folder);
    }
    match ran {
        Err(error) => Replayed::Differs(error.to_string()),
        Ok((recorded, _)) if recorded.failed().is_some() => {
            Replayed::Differs(format!("recorded: {}", recorded.said()))
        }
        Ok((recorded, played)) if recorded.said() == played.said() => Replayed::Same,
        Ok((recorded, played)) => Replayed::Differs(format!(
            "recorded: {}\n    played:   {}",
            recorded.said(),
            played.said()
        )),
    }
}

/// Runs a client at the server through the proxy, and at the mock that plays what came of it.
fn twice(
    command: &std::process::Command,
    target: Target,
    client: &Client,
    file: &Path,
) -> Result<(Ran, Ran), ReplayError> {
    if file.exists() {
        fs::remove_file(file)?;
    }
    let proxy = Proxy::record(target.address, target.tls, file, client.volatile)?;
    let at = |address| Target { address, ..target };
    let recorded = Ran::of(command, at(proxy.address()));
    if !proxy.end() {
        return Err(ReplayError::NoEnd);
    }
    let mock = Mock::replay(file)?;
    let played = Ran::of(command, at(mock.address(client.protocol)));
    Ok((recorded, played))
}
