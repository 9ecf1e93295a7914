//! The seam between this crate and the engine that runs scripts in JavaScript.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mynah_session::{Connection, Failure};

use crate::Positions;
use crate::beacon::Beacons;
use crate::source::Source;

/// A script that isn't data: its code runs for each connection.
pub(crate) trait Code: fmt::Debug + Send + Sync {
    /// The script's file.
    fn path(&self) -> &Path;

    /// The files of the modules that the script required so far.
    fn modules(&self) -> Vec<PathBuf>;

    /// Opens sessions on the calling thread, which the watchdog sees from now on.
    fn worker(&self, beacons: &Arc<Beacons>, positions: &Positions) -> Box<dyn CodeWorker>;
}

/// Opens sessions of a script's code on one thread.
pub(crate) trait CodeWorker: fmt::Debug {
    /// Runs the script from the first line, for a new connection.
    fn open(&self, connection: Connection) -> Result<Box<dyn Source>, Failure>;
}
