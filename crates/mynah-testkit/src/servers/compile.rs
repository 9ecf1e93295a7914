use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{RealServer, Root, program::run, unavailable::Reason};

/// Compiles a C program with the client library of a server's packages. Run it with
/// [`Root::command`].
///
/// # Errors
/// [`Reason::Failed`] with the compiler's errors, or [`Reason::CannotRun`] if there is none.
pub fn compile(of: RealServer, root: &Root, source: &Path, program: &Path) -> Result<(), Reason> {
    let (include, file) = match of.product() {
        "MySQL" => ("usr/include/mysql", "libmysqlclient.so"),
        _ => ("usr/include/mariadb", "libmariadb.so"),
    };
    let mut cc = Command::new("cc");
    cc.args(["-O1", "-Wall", "-Wl,--allow-shlib-undefined", "-o"])
        .arg(program);
    cc.arg("-I")
        .arg(root.path(include))
        .arg("-I")
        .arg(root.path("usr/include"));
    if let Some(triplet) = root.libraries().and_then(Path::file_name) {
        cc.arg("-I")
            .arg(root.path("usr/include").join(triplet).join("mariadb"))
            .arg("-I")
            .arg(root.path("usr/include").join(triplet));
    }
    cc.arg(source)
        .arg(root.libraries().unwrap_or(Path::new("")).join(file));
    run(&mut cc).map(drop)
}

/// The plugin folder of the client library in a server's packages.
#[must_use]
pub fn client_plugins(of: RealServer, root: &Root) -> PathBuf {
    match (of.product(), root.libraries()) {
        ("MariaDB", Some(libraries)) => libraries.join("libmariadb3/plugin"),
        _ => root.path("usr/lib/mysql/plugin"),
    }
}
