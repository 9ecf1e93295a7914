use std::{fmt, path::PathBuf, process::Command, time::Duration};

use mynah_testkit::servers::{Reason, Unavailable};

use crate::column::Place;

/// A row of the table: a real client, and the program of ours that uses it.
#[derive(Debug)]
pub(crate) struct Client {
    /// Its name on the command line and in the table.
    pub(crate) name: &'static str,
    /// Its family.
    pub(crate) family: &'static str,
    /// Name, version and origin.
    pub(crate) about: &'static str,
    pub(crate) protocol: Protocol,
    /// Whether it can use TLS.
    pub(crate) knows_tls: bool,
    pub(crate) program: Box<dyn Program>,
    /// The places where it can't work, and why.
    pub(crate) skips: Vec<Skip>,
    /// Rules for what is another value in each run: see `--volatile` of the proxy.
    pub(crate) volatile: &'static [&'static str],
}

/// The protocol that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// MySQL's original protocol.
    Classic,
    /// The X Protocol.
    X,
}

/// Places where a client can't work.
#[derive(Debug)]
pub(crate) struct Skip {
    at: fn(Place) -> bool,
    why: &'static str,
}

/// How to build and run a client's program.
pub(crate) trait Program: fmt::Debug + Send + Sync {
    /// Downloads and builds what is missing; returns the command, without the server's address.
    fn command(&self) -> Result<Command, NotHere>;
}

/// Why a client can't be run on this machine.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotHere {
    /// It can't be downloaded: a reason to skip it.
    #[error(transparent)]
    Reason(#[from] Reason),
    /// It comes with a server that can't be downloaded.
    #[error(transparent)]
    Server(#[from] Unavailable),
    /// Everything was downloaded, but our program can't be built: a failure.
    #[error("the client can't be built: {0}")]
    Broken(Reason),
}

impl NotHere {
    /// The error of a compiler. Without a compiler, the client is skipped.
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
            volatile: &[],
        }
    }

    /// The client has no options for TLS.
    pub(crate) fn without_tls(mut self) -> Self {
        self.knows_tls = false;
        self
    }

    /// These rules name what is another value in each run.
    pub(crate) fn volatile(mut self, rules: &'static [&'static str]) -> Self {
        self.volatile = rules;
        self
    }

    /// The client speaks the X Protocol.
    pub(crate) fn x(mut self) -> Self {
        self.protocol = Protocol::X;
        self
    }

    /// The client can't work at these places, for this reason.
    pub(crate) fn skip(mut self, at: fn(Place) -> bool, why: &'static str) -> Self {
        self.skips.push(Skip { at, why });
        self
    }

    /// MySQL Router can't log it in, with any server behind it: seen with MySQL 9.7.
    pub(crate) fn not_by_router(self) -> Self {
        let why = "MySQL Router can't forward the client's login, not even to MySQL 9.7";
        self.skip(Place::is_router, why)
    }

    /// Whether a word on the command line selects this client.
    pub(crate) fn is(&self, word: &str) -> bool {
        self.name == word || self.family == word
    }

    /// The reason to skip it at a place, if there is one.
    pub(crate) fn skipped(&self, place: Place) -> Option<&'static str> {
        let skip = self.skips.iter().find(|skip| (skip.at)(place));
        skip.map(|skip| skip.why)
    }
}

/// How long a registry may take; usually it takes seconds.
pub(crate) const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(150);

/// A file in `tests/real/clients`.
pub(crate) fn source(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("clients")
        .join(name)
}
