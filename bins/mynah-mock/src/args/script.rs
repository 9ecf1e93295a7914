use clap::Args;
use mynah::{Compression, Isolation, Options, PreludeKind};
use mynah_program::{UsageError, values};

use super::ArgsError;
use crate::manners::Manners;

#[derive(Debug, Args)]
#[command(next_help_heading = "Script")]
pub(super) struct ScriptArgs {
    /// the file to answer from: a script in JavaScript, or in JSON if its name ends in .json; or a recording. Without
    /// it, the mock answers only statements that drivers send on connect, until it gets expectations over HTTP
    #[arg(short = 'f', long, value_name = "FILE")]
    filename: Option<String>,

    /// what happens to open sessions when the script is reloaded: keep (they keep the old script) or close (they are
    /// closed) (default keep)
    #[arg(long, value_name = "KIND")]
    reload_sessions: Option<String>,

    /// how many statements the journal of each test keeps, 0 for no journal (default 10000 with HTTP, else 0)
    #[arg(long, value_name = "N")]
    journal: Option<String>,

    /// the folder whose subfolders local_modules and npm/node_modules are searched for modules that are named without a path (default: the current directory)
    #[arg(long, value_name = "DIR")]
    module_prefix: Option<String>,

    /// compare each statement with the next entry of an array of statements, as with strict: true in the script
    #[arg(long)]
    strict: bool,

    /// built-in answers for statements that the script doesn't answer: default (statements that drivers send on
    /// connect), tools (also lists of schemas and tables), or none (default: default)
    #[arg(long, value_name = "KIND")]
    prelude: Option<String>,

    /// the seed of random faults: the same number plays the same faults (default: random)
    #[arg(long, value_name = "N")]
    fault_seed: Option<String>,

    /// how clients may compress their connections: zlib, zstd, uncompressed, separated by commas (default uncompressed)
    #[arg(long, value_name = "LIST")]
    compression_algorithms: Option<String>,

    /// which sessions share a JavaScript context: auto (as many as is safe) or context (none) (default auto)
    #[arg(long, value_name = "KIND")]
    isolation: Option<String>,
}

impl ScriptArgs {
    pub(super) fn options(self, manners: Manners) -> Result<Options, ArgsError> {
        let mut options = match self.filename {
            Some(filename) => Options::new(filename),
            None if manners == Manners::Original => return Err(ArgsError::NoFilename),
            None => Options::empty(),
        };
        if let Some(prefix) = self.module_prefix {
            options.module_prefix = prefix.into();
        }
        options.strict = self.strict;
        if let Some(sessions) = self.reload_sessions {
            let close = values::choice("--reload-sessions", &sessions, &SESSIONS)?;
            options.close_on_reload = close;
        }
        let journal = self.journal.as_deref();
        let journal = journal.map(|number| values::number("--journal", number, 0..=10_000_000));
        options.journal = journal.transpose()?;
        let seed = self.fault_seed.as_deref();
        let seed = seed.map(|number| values::number("--fault-seed", number, 0..=u64::MAX));
        options.fault_seed = seed.transpose()?;
        if let Some(prelude) = self.prelude {
            options.prelude = values::choice("--prelude", &prelude, &PRELUDES)?;
        }
        if let Some(algorithms) = self.compression_algorithms {
            options.compression = compression(&algorithms)?;
        }
        if let Some(isolation) = self.isolation {
            options.isolation = values::choice("--isolation", &isolation, &ISOLATIONS)?;
        }
        Ok(options)
    }
}

/// Algorithms separated by commas, as in MySQL's own option.
fn compression(list: &str) -> Result<Compression, UsageError> {
    let mut compression = Compression::default();
    for name in list.split(',') {
        match values::choice("--compression-algorithms", name.trim(), &ALGORITHMS)? {
            Algorithm::Zlib => compression.zlib = true,
            Algorithm::Zstd => compression.zstd = true,
            Algorithm::None => {}
        }
    }
    Ok(compression)
}

#[derive(Clone, Copy)]
enum Algorithm {
    Zlib,
    Zstd,
    None,
}

const ALGORITHMS: [(&str, Algorithm); 3] = [
    ("zlib", Algorithm::Zlib),
    ("zstd", Algorithm::Zstd),
    ("uncompressed", Algorithm::None),
];

const PRELUDES: [(&str, PreludeKind); 3] = [
    ("default", PreludeKind::Default),
    ("tools", PreludeKind::Tools),
    ("none", PreludeKind::None),
];

const SESSIONS: [(&str, bool); 2] = [("keep", false), ("close", true)];

const ISOLATIONS: [(&str, Isolation); 2] =
    [("auto", Isolation::Auto), ("context", Isolation::Context)];
