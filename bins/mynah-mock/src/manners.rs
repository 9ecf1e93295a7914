use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use mynah_program::{one_line, print};

/// How the program behaves in the cases where the original mock is unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manners {
    /// As programs usually do.
    Usual,
    /// As the original does: compatible mode.
    Original,
}

impl Manners {
    /// Chosen by the name under which the program was started, or by an argument; the other
    /// arguments may be wrong.
    pub(crate) fn of(name: &OsStr, args: &[OsString]) -> Self {
        let is_original = Path::new(name).file_name() == Some(OsStr::new(ORIGINAL));
        // Anywhere among the mock's own arguments: also errors about other arguments follow the original then.
        match is_original
            || args
                .iter()
                .take_while(|arg| *arg != "--")
                .any(|arg| arg == COMPATIBLE)
        {
            true => Self::Original,
            false => Self::Usual,
        }
    }

    /// Prints an error in the arguments; returns the exit code.
    pub(crate) fn wrong_usage(self, error: &dyn Error) -> ExitCode {
        match self {
            Self::Usual => mynah_program::wrong_usage(error),
            Self::Original => failed_as_the_original(error),
        }
    }

    /// Prints why the program failed; returns the exit code.
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

/// The original's name. A link with this name replaces the original without further changes.
const ORIGINAL: &str = "mysql_server_mock";

const COMPATIBLE: &str = "--compatible";
