use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::PathBuf,
};

use mynah_testkit::servers::{self, RealServer, Reason};

use crate::client::NotHere;

/// MariaDB's client library, from the packages of MariaDB 10.11.
pub(crate) struct Library {
    pub(crate) include: PathBuf,
    /// A folder with only this library: the C library next to it isn't the machine's.
    pub(crate) alone: PathBuf,
    pub(crate) plugins: PathBuf,
}

impl Library {
    pub(crate) fn fetch() -> Result<Self, NotHere> {
        let root = RealServer::MariaDb1011.fetch()?;
        let Some(libraries) = root.libraries() else {
            return Err(Reason::Missing(root.path("usr/lib")).into());
        };
        let (plugins, real) = (
            libraries.join("libmariadb3/plugin"),
            libraries.join("libmariadb.so.3"),
        );
        let alone = servers::cached("libmariadb", &real.display().to_string(), |folder| {
            for name in ["libmariadb.so.3", "libmariadb.so"] {
                let link = folder.join(name);
                symlink(&real, &link).map_err(|source| Reason::Io { path: link, source })?;
            }
            // Programs that are built with the library run this; the original names folders of the
            // machine. The folder loses `.new` when it is complete.
            let config = folder.join("mariadb_config");
            fs::write(
                &config,
                format!(
                    "#!/bin/sh\nroot={}\nlib={}\nplugins={}\n{CONFIG}",
                    root.path("usr").display(),
                    folder.with_extension("").display(),
                    plugins.display()
                ),
            )
            .and_then(|()| fs::set_permissions(&config, fs::Permissions::from_mode(0o755)))
            .map_err(|source| Reason::Io {
                path: config,
                source,
            })
        })?;
        Ok(Self {
            include: root.path("usr/include/mariadb"),
            alone,
            plugins,
        })
    }
}

const CONFIG: &str = r#"case "$1" in
--cflags|--include) echo "-I$root/include/mariadb" ;;
--libs|--libs_r) echo "-L$lib -lmariadb" ;;
--plugindir) echo "$plugins" ;;
--cc_version|--version) echo 3.3.14 ;;
--tlsinfo) echo OpenSSL ;;
esac
"#;
