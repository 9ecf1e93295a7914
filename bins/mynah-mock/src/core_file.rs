use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Sets whether the kernel writes a core file when the program crashes, of the greatest size
/// allowed.
pub(crate) fn set(wanted: bool) -> rustix::io::Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Core);
    let current = if wanted { maximum } else { Some(0) };
    setrlimit(Resource::Core, Rlimit { current, maximum })
}
