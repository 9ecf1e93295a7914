use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Lets the kernel write a core file when the program crashes, of the size that is allowed at most;
/// or doesn't.
pub(crate) fn set(wanted: bool) -> rustix::io::Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let current = if wanted { maximum } else { Some(0) };
    setrlimit(Resource::Core, Rlimit { current, maximum })
}
