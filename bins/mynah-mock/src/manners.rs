use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use mynah_program::{one_line, print};

/// How the program behaves where the original mock differs from what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// As programs do.
    Usual,
    /// As the original does: in compatible mode.
    Original,
}

impl Manners {
    /// By the name that the program was started under, and its arguments, which may be wrong otherwise.
    pub(crate) fn of(name: &OsStr, args: &[OsString]) -> Self {
        let is_original = Path::new(name).file_name() == Some(OsStr::new(ORIGINAL));
        match is_original || args.iter().any(|arg| arg == COMPATIBLE) {
            true => Self::Original,
            false => Self::Usual,
        }
    }

    /// Says what is wrong with the arguments; gives the exit code.
    pub(crate) fn wrong_usage(self, error: &dyn Error) -> ExitCode {
        match self {
            Self::Usual => mynah_program::wrong_usage(error),
            Self::Original => failed_as_the_original(error),
        }
    }

    /// Says why the program failed; gives the exit code.
    pub(crate) fn failed(self, error: &dyn Error) -> ExitCode {
        match self {
            Self::Usual => mynah_program::failed(error),
            Self::Original => failed_as_the_original(error),
        }
    }
}

fn failed_as_the_original(error: &dyn Error) -> ExitCode {
    print(&format!("ERROR: {}", one_line(error)));
    ExitCode::FAILURE
}

/// The original's name. A link of this name drops into what starts the original.
const ORIGINAL: &str = "mysql_server_mock";

const COMPATIBLE: &str = "--compatible";
