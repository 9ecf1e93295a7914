use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets the process open as many files and sockets as it may at most, in place of the lower limit that
/// it has at first. Says how many that are, unless there is no limit.
///
/// # Errors
/// When the operating system refuses.
pub fn raise_open_files() -> io::Result<Option<u64>> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let current = maximum;
    setrlimit(Resource::Nofile, Rlimit { current, maximum })?;
    Ok(maximum)
}
