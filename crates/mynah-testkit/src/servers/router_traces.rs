use std::path::PathBuf;

use super::{apt::Packages, unavailable::Reason};

/// The folder with the traces of MySQL Router's own tests, and with the modules that they load: it
/// is also the prefix of these modules.
///
/// They are in the source package of MySQL in Debian sid, of which nothing else is kept.
///
/// # Errors
/// The [`Reason`] why apt or the cache failed.
pub fn router_traces() -> Result<PathBuf, Reason> {
    let packages = Packages {
        name: "mysql-router-traces",
        suite: "sid",
        complete: &[],
        alone: &["mysql-source"],
    };
    packages.taken(TAKE_TRACES)
}

/// Extracts the traces from the archive in the package.
const TAKE_TRACES: &str = r#"data='*/router/tests/component/data'
dpkg-deb --fsys-tarfile "$1" |
    tar -x --to-stdout ./usr/src/mysql/mysql-source.tar.gz |
    tar -xz --strip-components=5 --wildcards "$data/*.js" "$data/*/package.json""#;
