//! Languages whose libraries are all in Debian.

use std::process::Command;

use mynah_testkit::servers::{Packages, Root};

use crate::client::{Client, NotHere, Program, source};

/// A program in a language whose interpreter and libraries are Debian packages, unpacked into a
/// separate folder.
#[derive(Clone, Copy, Debug)]
struct Script {
    packages: Packages,
    interpreter: &'static str,
    /// Sets the paths of the libraries for the interpreter.
    prepare: fn(&mut Command, &Root),
    file: &'static str,
    variant: &'static str,
}

pub(crate) fn clients() -> Vec<Client> {
    let perl = |variant| Script {
        packages: bookworm(
            "perl",
            &["perl", "libdbd-mysql-perl", "libdbd-mariadb-perl"],
        ),
        interpreter: "usr/bin/perl",
        prepare: prepare_perl,
        file: "perl-dbd.pl",
        variant,
    };
    let ruby = Script {
        packages: bookworm("ruby", &["ruby", "ruby-mysql2"]),
        interpreter: "usr/bin/ruby3.1",
        prepare: prepare_ruby,
        file: "ruby-mysql2.rb",
        variant: "",
    };
    let lua = |file| Script {
        packages: bookworm("lua", &["lua5.3", "lua-sql-mysql", "lua-dbi-mysql"]),
        interpreter: "usr/bin/lua5.3",
        prepare: prepare_lua,
        file,
        variant: "",
    };
    let tcl = Script {
        packages: bookworm("tcl", &["tcl8.6", "tcl8.6-tdbc-mysql", "libmariadb3"]),
        interpreter: "usr/bin/tclsh8.6",
        prepare: prepare_tcl,
        file: "tcl-tdbc.tcl",
        variant: "",
    };
    vec![
        Client::new("php", "php-mysqli", "PHP 8.2 mysqli", php("php-mysqli.php")),
        Client::new("php", "php-pdo", "PHP 8.2 PDO", php("php-pdo.php")),
        Client::new(
            "perl",
            "perl-dbd-mysql",
            "DBD::mysql 4.050 on libmariadb",
            perl("mysql"),
        ),
        Client::new(
            "perl",
            "perl-dbd-mariadb",
            "DBD::MariaDB 1.22",
            perl("MariaDB"),
        ),
        Client::new("ruby", "ruby-mysql2", "mysql2 0.5.3 on libmariadb", ruby),
        Client::new(
            "lua",
            "lua-luasql",
            "LuaSQL 2.6.0 on libmariadb",
            lua("lua-luasql.lua"),
        )
        .without_tls(),
        Client::new(
            "lua",
            "lua-luadbi",
            "LuaDBI 0.7.2 on libmariadb",
            lua("lua-luadbi.lua"),
        )
        .without_tls(),
        Client::new("tcl", "tcl-tdbc", "tdbc::mysql 1.1.5 on libmariadb", tcl),
    ]
}

/// A program in PHP.
const fn php(file: &'static str) -> Script {
    Script {
        packages: bookworm("php", &["php8.2-cli", "php8.2-mysql"]),
        interpreter: "usr/bin/php8.2",
        prepare: prepare_php,
        file,
        variant: "",
    }
}

/// A program in PHP that isn't a row of the table.
pub(crate) fn php_program(file: &'static str) -> impl Program {
    php(file)
}

/// Packages of Debian bookworm with all their dependencies.
pub(crate) const fn bookworm(name: &'static str, complete: &'static [&'static str]) -> Packages {
    Packages {
        name,
        suite: "bookworm",
        complete,
        alone: &[],
    }
}

impl Program for Script {
    fn command(&self) -> Result<Command, NotHere> {
        let root = self.packages.fetch()?;
        let mut command = root.command(&root.path(self.interpreter));
        (self.prepare)(&mut command, &root);
        command
            .env(
                "MARIADB_PLUGIN_DIR",
                root.path("usr/lib/x86_64-linux-gnu/libmariadb3/plugin"),
            )
            .env("MYNAH_VARIANT", self.variant)
            .arg(source(self.file));
        Ok(command)
    }
}

fn prepare_php(command: &mut Command, root: &Root) {
    let extensions = root.path("usr/lib/php/20220829");
    command
        .arg("-n")
        .arg("-d")
        .arg(format!("extension_dir={}", extensions.display()));
    for extension in ["mysqlnd", "mysqli", "pdo", "pdo_mysql"] {
        command.arg("-d").arg(format!("extension={extension}"));
    }
}

fn prepare_perl(command: &mut Command, root: &Root) {
    command.env(
        "PERL5LIB",
        paths(
            root,
            &[
                "usr/lib/x86_64-linux-gnu/perl5/5.36",
                "usr/share/perl5",
                "usr/lib/x86_64-linux-gnu/perl/5.36",
                "usr/share/perl/5.36",
                "usr/lib/x86_64-linux-gnu/perl-base",
            ],
        ),
    );
}

fn prepare_ruby(command: &mut Command, root: &Root) {
    command.args(["--disable-gems"]).env(
        "RUBYLIB",
        paths(
            root,
            &[
                "usr/lib/ruby/vendor_ruby",
                "usr/lib/x86_64-linux-gnu/ruby/vendor_ruby/3.1.0",
                "usr/lib/ruby/3.1.0",
                "usr/lib/x86_64-linux-gnu/ruby/3.1.0",
            ],
        ),
    );
}

fn prepare_lua(command: &mut Command, root: &Root) {
    let path = |below: &str| root.path(below).display().to_string();
    command
        .env("LUA_PATH", path("usr/share/lua/5.3/?.lua"))
        .env("LUA_CPATH", path("usr/lib/x86_64-linux-gnu/lua/5.3/?.so"));
}

fn prepare_tcl(command: &mut Command, root: &Root) {
    command
        .env("TCL_LIBRARY", root.path("usr/share/tcltk/tcl8.6"))
        .env(
            "TCLLIBPATH",
            paths(root, &["usr/lib/tcltk/x86_64-linux-gnu", "usr/lib/tcltk"]).replace(':', " "),
        );
}

fn paths(root: &Root, below: &[&str]) -> String {
    let paths: Vec<String> = below
        .iter()
        .map(|below| root.path(below).display().to_string())
        .collect();
    paths.join(":")
}
