use std::path::PathBuf;

use super::{apt::Packages, unavailable::Reason};

/// The folder with the traces of MySQL Router's own tests, and with the modules they need beside them:
/// it is also the prefix of these modules.
///
/// They come with the source package of MySQL in Debian sid, of which nothing else is kept.
///
/// # Errors
/// The [`Reason`] why apt or the cache can't do it.
pub fn router_traces() -> Result<PathBuf, Reason> {
    let packages = Packages {
        name: "mysql-router-traces",
        suite: "sid",
        complete: &[],
        alone: &["mysql-source"],
    };
    packages.taken(TAKE_TRACES)
}

/// Takes the traces out of the archive that is in the package.
const TAKE_TRACES: &str = r#"data='*/router/tests/component/data'
dpkg-deb --fsys-tarfile "$1" |
    tar -x --to-stdout ./usr/src/mysql/mysql-source.tar.gz |
    tar -xz --strip-components=5 --wildcards "$data/*.js" "$data/*/package.json""#;
