use clap::Args;
use mynah::{Compression, Isolation, Options, PreludeKind};
use mynah_program::{UsageError, values};

use super::ArgsError;

#[derive(Debug, Args)]
#[command(next_help_heading = "Script")]
pub(super) struct ScriptArgs {
    /// the trace to answer from: JavaScript, or JSON if its name ends in .json
    #[arg(short = 'f', long, value_name = "FILE")]
    filename: Option<String>,

    /// where require() looks for modules that are named without a path (default: the current
    /// directory)
    #[arg(long, value_name = "DIR")]
    module_prefix: Option<String>,

    /// compare statements with the entries of a trace that is an array, whatever the trace sets
    #[arg(long)]
    strict: bool,

    /// answers to statements that drivers send on connect, where the trace has none: default (those),
    /// tools (also lists of schemas and tables), or none (default: default)
    #[arg(long, value_name = "KIND")]
    prelude: Option<String>,

    /// how clients may compress their connections: a list of zlib, zstd and uncompressed (default
    /// uncompressed)
    #[arg(long, value_name = "LIST")]
    compression_algorithms: Option<String>,

    /// what sessions of a script may share: auto, as much as is safe, or context, nothing (default
    /// auto)
    #[arg(long, value_name = "KIND")]
    isolation: Option<String>,
}

impl ScriptArgs {
    pub(super) fn options(self) -> Result<Options, ArgsError> {
        let mut options = Options::new(self.filename.ok_or(ArgsError::NoFilename)?);
        if let Some(prefix) = self.module_prefix {
            options.module_prefix = prefix.into();
        }
        options.strict = self.strict;
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

const ISOLATIONS: [(&str, Isolation); 2] =
    [("auto", Isolation::Auto), ("context", Isolation::Context)];
