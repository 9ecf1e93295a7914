use std::{fmt, path::PathBuf, process::Command, time::Duration};

use mynah_testkit::servers::{Reason, Unavailable};

use crate::column::Place;

/// A row of the table: a real client, and the program of ours that uses it.
#[derive(Debug)]
pub(crate) struct Client {
    /// Its name on the command line and in the table.
    pub(crate) name: &'static str,
    /// Of which family it is.
    pub(crate) family: &'static str,
    /// Name, version, and where it's from.
    pub(crate) about: &'static str,
    pub(crate) protocol: Protocol,
    /// Whether it can be told to use TLS.
    pub(crate) knows_tls: bool,
    pub(crate) program: Box<dyn Program>,
    /// Where it can't be expected to work, and why.
    pub(crate) skips: Vec<Skip>,
}

/// The protocol that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// MySQL's own from the beginning.
    Classic,
    /// The X Protocol.
    X,
}

/// Places where a client can't be expected to work.
#[derive(Debug)]
pub(crate) struct Skip {
    at: fn(Place) -> bool,
    why: &'static str,
}

/// How a client's program is had and run.
pub(crate) trait Program: fmt::Debug + Send + Sync {
    /// Fetches and builds what isn't there yet; returns the command, without where to connect to.
    fn command(&self) -> Result<Command, NotHere>;
}

/// Why a client can't be run on this machine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotHere {
    /// It can't be fetched: a reason to skip it.
    #[error(transparent)]
    Reason(#[from] Reason),
    /// It comes with a server that can't be fetched.
    #[error(transparent)]
    Server(#[from] Unavailable),
    /// What was fetched is all there, but our program can't be built of it: a failure.
    #[error("it can't be built: {0}")]
    Broken(Reason),
}

impl NotHere {
    /// What a compiler that doesn't like our program says. Without a compiler, there's nothing to
    /// run.
    pub(crate) fn of_building(reason: Reason) -> Self {
        match reason {
            Reason::Failed { .. } => Self::Broken(reason),
            reason => Self::Reason(reason),
        }
    }
}

impl Client {
    pub(crate) fn new(
        family: &'static str,
        name: &'static str,
        about: &'static str,
        program: impl Program + 'static,
    ) -> Self {
        Self {
            name,
            family,
            about,
            protocol: Protocol::Classic,
            knows_tls: true,
            program: Box::new(program),
            skips: Vec::new(),
        }
    }

    /// It has no options for TLS.
    pub(crate) fn without_tls(mut self) -> Self {
        self.knows_tls = false;
        self
    }

    /// It speaks the X Protocol, and connects where that is spoken.
    pub(crate) fn x(mut self) -> Self {
        self.protocol = Protocol::X;
        self
    }

    /// It can't work at some places, for this reason.
    pub(crate) fn skip(mut self, at: fn(Place) -> bool, why: &'static str) -> Self {
        self.skips.push(Skip { at, why });
        self
    }

    /// MySQL Router can't log it in, whatever server is behind: seen with MySQL 9.7.
    pub(crate) fn not_by_router(self) -> Self {
        let why = "MySQL Router can't hand its login on, to MySQL 9.7 neither";
        self.skip(Place::is_router, why)
    }

    /// Whether a user means this client by a word.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.name == word || self.family == word
    }

    /// Why it isn't run at a place, if it isn't.
    pub(crate) fn skipped(&self, place: Place) -> Option<&'static str> {
        let skip = self.skips.iter().find(|skip| (skip.at)(place));
        skip.map(|skip| skip.why)
    }
}

/// How long a registry may take; most take seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(150);

/// A file in `tests/real/clients`.
pub(crate) fn source(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}
