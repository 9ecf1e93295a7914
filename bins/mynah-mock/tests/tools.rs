//! Tools that list schemas and tables, with a mock with `--prelude tools`. If one isn't available,
//! the test prints that it is skipped.
//!
//! `cargo test -p mynah-mock --test tools -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use mynah_testkit::servers::{self, Packages, Process, RealServer, Reason, Root, free_addresses};
use mynah_testkit::{Direction, Tap};
use support::{Mock, program, trace_file};
use tempfile::TempDir;

/// A mock with an empty trace, and a recording of its clients.
struct Unscripted {
    tap: Tap,
    _mock: Mock,
    folder: TempDir,
}

impl Unscripted {
    fn start(version: &str) -> Self {
        let trace = format!(
            "({{ handshake: {{ greeting: {{ server_version: '{version}' }} }}, stmts: function () {{}} }})"
        );
        let (folder, path) = trace_file("t.js", &trace);
        let mock = Mock::start(program().arg("-f").arg(path).args(["--prelude", "tools"]));
        Self {
            tap: Tap::start(mock.address).unwrap(),
            _mock: mock,
            folder,
        }
    }

    fn address(&self) -> SocketAddr {
        self.tap.address()
    }

    /// Checks that every statement was answered; returns the statements.
    fn statements(self) -> Vec<String> {
        let recordings = self.tap.finish(Duration::from_secs(10)).unwrap();
        let (mut statements, mut unanswered) = (Vec::new(), Vec::new());
        for recording in recordings {
            let mut last = String::new();
            for line in recording.lines {
                let text = String::from_utf8_lossy(&line.payload).into_owned();
                match (line.direction, line.payload.first()) {
                    // COM_QUERY
                    (Direction::Client, Some(3)) if line.sequence_id == 0 => {
                        last = text.trim_start_matches('\u{3}').to_owned();
                        statements.push(last.clone());
                    }
                    (Direction::Server, Some(0xff))
                        if text.contains("executing statement failed") =>
                    {
                        unanswered.push(last.clone());
                    }
                    _ => {}
                }
            }
        }
        assert!(unanswered.is_empty(), "{unanswered:#?}");
        statements
    }
}

/// Runs a client to its end; it must succeed.
fn run(client: Result<Command, Reason>, with: impl FnOnce(&mut Command)) -> Option<String> {
    let mut client = match client {
        Ok(client) => client,
        Err(why) => {
            println!("skipped: {why}");
            return None;
        }
    };
    with(&mut client);
    Some(servers::run(&mut client).unwrap_or_else(|error| panic!("{error}")))
}

fn has(statements: &[String], wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let mut statements = statements.iter().map(|statement| statement.to_lowercase());
    statements.any(|statement| statement.contains(&wanted))
}

fn dump(server: RealServer, program: &str, version: &str, options: &[&str]) {
    let client = server.fetch().map_err(|unavailable| unavailable.reason);
    let client = client.map(|root| root.command(&root.path(program)));
    let mock = Unscripted::start(version);
    let port = mock.address().port().to_string();
    let dumped = run(client, |client| {
        client
            .args(["--no-defaults", "--host=127.0.0.1", "--user=ada"])
            .arg(format!("--port={port}"))
            .args(options);
    });
    if let Some(dumped) = dumped {
        assert!(dumped.contains("Dump completed"), "{dumped}");
        let statements = mock.statements();
        assert!(has(&statements, "show databases"), "{statements:#?}");
        assert!(has(&statements, "tables"), "{statements:#?}");
    }
}

#[test]
#[ignore = "fetches MySQL"]
fn mysqldump_finds_every_statement_answered() {
    let all = ["--all-databases", "--routines", "--events", "--triggers"];
    for options in [
        [&all[..], &["--ssl-mode=DISABLED"]].concat(),
        [&all[..], &["--ssl-mode=DISABLED", "--single-transaction"]].concat(),
    ] {
        dump(RealServer::MySql97, "usr/bin/mysqldump", "9.7.4", &options);
    }
}

#[test]
#[ignore = "fetches MariaDB"]
fn mariadb_dump_finds_every_statement_answered() {
    let options = ["--all-databases", "--routines", "--events", "--triggers"];
    for version in ["11.8.2-MariaDB", "9.7.4"] {
        dump(
            RealServer::MariaDb1011,
            "usr/bin/mariadb-dump",
            version,
            &options,
        );
    }
}

#[test]
#[ignore = "fetches mycli"]
fn mycli_finds_every_statement_answered() {
    let packages = servers::cached("mycli", MYCLI, |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--timeout=30",
            "--retries=2",
            "--target",
        ])
        .arg(folder)
        .arg(MYCLI);
        servers::run_within(Duration::from_secs(300), &pip).map(drop)
    });
    let packages = match packages {
        Ok(packages) => packages,
        Err(why) => return println!("skipped: {why}"),
    };
    let mock = Unscripted::start("9.7.4");
    let address = mock.address();
    let home = mock.folder.path().to_owned();
    let client = |program: &str| {
        let mut python = Command::new("python3");
        python
            .env("PYTHONPATH", &packages)
            .env("HOME", &home)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("MYNAH_PORT", address.port().to_string())
            .args(["-c", program]);
        Ok(python)
    };
    let listed = run(client("from mycli.main import main; main()"), |client| {
        client
            .args(["-h", "127.0.0.1", "-u", "ada", "-D", "test"])
            .args(["-P", &address.port().to_string()])
            .args(["--ssl-mode", "off", "--no-warn"])
            .args(["-e", "show databases; show tables; show processlist"]);
    });
    let completed = run(client(COMPLETIONS), |_| {});
    assert!(listed.is_some() && completed.is_some());
    let statements = mock.statements();
    assert!(has(&statements, "show processlist"), "{statements:#?}");
    assert!(has(&statements, "information_schema"), "{statements:#?}");
}

/// Statements that mycli sends in the background while its user types.
const COMPLETIONS: &str = "
import os
from mycli.client import MyCli
client = MyCli(warn=False)
client.connect(database='test', user='ada', host='127.0.0.1', port=int(os.environ['MYNAH_PORT']))
client.refresh_completions()
client.completion_refresher._completer_thread.join()
if client.schema_prefetcher._thread: client.schema_prefetcher._thread.join()
";
const MYCLI: &str = "mycli==2.30.1";

/// PHP with the extensions that both tools need, from Debian bookworm.
fn php() -> Result<Root, Reason> {
    let packages = Packages {
        name: "php-tools",
        suite: "bookworm",
        complete: &[
            "php8.2-cli",
            "php8.2-mysql",
            "php8.2-mbstring",
            "php8.2-xml",
            "php8.2-curl",
            "phpmyadmin",
            "adminer",
        ],
        alone: &[],
    };
    packages.fetch()
}

/// PHP's own web server, until this is dropped.
struct Site {
    _process: Process,
    address: SocketAddr,
    cookies: PathBuf,
}

impl Site {
    fn start(php: &Root, files: &Path, folder: &Path, mock: SocketAddr) -> Self {
        let [address, _] = free_addresses().unwrap();
        let extensions = std::fs::read_dir(php.path("usr/lib/php")).unwrap();
        let extensions = extensions.flatten().map(|entry| entry.path());
        let extensions = extensions.filter(|path| path.join("mysqli.so").is_file());
        let extensions = extensions.last().expect("PHP's extensions are there");
        let mut command = php.command(&php.path("usr/bin/php8.2"));
        let setting = |name: &str, value: &Path| format!("{name}={}", value.display());
        command
            .arg("-n")
            .arg("-d")
            .arg(setting("extension_dir", &extensions));
        for extension in EXTENSIONS {
            command.arg("-d").arg(format!("extension={extension}"));
        }
        command
            .arg("-d")
            .arg(setting("include_path", &php.path("usr/share/php")))
            .arg("-d")
            .arg(setting("session.save_path", folder))
            .args(["-d", "display_errors=1", "-S", &address.to_string(), "-t"])
            .arg(files)
            .env("MYNAH_PORT", mock.port().to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let process = Process::new(command.spawn().unwrap());
        Self {
            _process: process,
            address,
            cookies: folder.join("cookies"),
        }
    }

    /// A page, as a browser with cookies gets it.
    fn page(&self, path: &str, form: &[&str]) -> String {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--show-error",
            "--fail",
            "--location",
            "--max-time",
            "60",
        ])
        .args([
            "--retry-connrefused",
            "--retry",
            "20",
            "--retry-delay",
            "1",
            "--cookie",
        ])
        .arg(&self.cookies)
        .arg("--cookie-jar")
        .arg(&self.cookies)
        .args(form.iter().flat_map(|field| ["--data-urlencode", field]))
        .arg(format!("http://{}/{path}", self.address));
        let page = servers::run(&mut curl).unwrap_or_else(|error| panic!("{path}: {error}"));
        for trouble in ["Fatal error", "executing statement failed", "Uncaught"] {
            assert!(!page.contains(trouble), "{path}: {page}");
        }
        page
    }
}

const EXTENSIONS: [&str; 14] = [
    "mysqlnd",
    "mysqli",
    "pdo",
    "pdo_mysql",
    "mbstring",
    "ctype",
    "tokenizer",
    "dom",
    "xml",
    "xmlreader",
    "xmlwriter",
    "simplexml",
    "iconv",
    "curl",
];

#[test]
#[ignore = "fetches PHP and adminer"]
fn adminer_finds_every_statement_answered() {
    let php = match php() {
        Ok(php) => php,
        Err(why) => return println!("skipped: {why}"),
    };
    for version in ["9.7.4", "11.8.2-MariaDB"] {
        let mock = Unscripted::start(version);
        let site = Site::start(
            &php,
            &php.path("usr/share/adminer"),
            mock.folder.path(),
            mock.address(),
        );
        let server = format!("127.0.0.1:{}", mock.address().port());
        let form = [
            "auth[driver]=server",
            &format!("auth[server]={server}"),
            "auth[username]=ada",
            "auth[password]=throw-away",
            "auth[db]=",
        ];
        let page = site.page("adminer.php", &form);
        assert!(page.contains("information_schema"), "{page}");
        let base = format!("adminer.php?server={server}&username=ada");
        for query in [
            "&db=zoo",
            "&db=information_schema",
            "&variables=",
            "&processlist=",
            "&status=",
            "&privileges=",
        ] {
            let page = site.page(&format!("{base}{query}"), &[]);
            assert!(page.contains("Adminer"), "{query}: {page}");
        }
        drop(site);
        let statements = mock.statements();
        assert!(
            has(&statements, "information_schema.tables"),
            "{statements:#?}"
        );
    }
}

#[test]
#[ignore = "fetches PHP and phpMyAdmin"]
fn phpmyadmin_finds_every_statement_answered() {
    let php = match php() {
        Ok(php) => php,
        Err(why) => return println!("skipped: {why}"),
    };
    for version in ["9.7.4", "11.8.2-MariaDB"] {
        let mock = Unscripted::start(version);
        let files = installed(&php, mock.folder.path());
        let site = Site::start(&php, &files, mock.folder.path(), mock.address());
        let page = site.page("", &[]);
        assert!(page.contains("phpMyAdmin"), "{page}");
        for route in [
            "/server/databases",
            "/database/structure&db=zoo",
            "/database/structure&db=information_schema",
            "/server/variables",
            "/server/status",
            "/server/status/processes",
            "/server/collations",
            "/server/engines",
            "/server/plugins",
            "/server/privileges",
            "/server/export",
        ] {
            let page = site.page(&format!("index.php?route={route}"), &[]);
            assert!(page.contains("phpMyAdmin"), "{route}: {page}");
        }
        drop(site);
        let statements = mock.statements();
        assert!(has(&statements, "schemata"), "{statements:#?}");
        assert!(
            has(&statements, "show tables from `zoo`"),
            "{statements:#?}"
        );
    }
}

/// phpMyAdmin's files with a configuration that logs in to the mock.
fn installed(php: &Root, folder: &Path) -> PathBuf {
    let files = folder.join("phpmyadmin");
    servers::run(
        Command::new("cp")
            .arg("-r")
            .arg(php.path("usr/share/phpmyadmin"))
            .arg(&files),
    )
    .unwrap();
    let config = folder.join("config.inc.php");
    std::fs::write(&config, CONFIG).unwrap();
    let temporary = folder.join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let vendor = files.join("libraries/vendor_config.php");
    let text = std::fs::read_to_string(&vendor).unwrap();
    let text = text
        .replace(
            "/etc/phpmyadmin/config.inc.php",
            &config.display().to_string(),
        )
        .replace("/var/lib/phpmyadmin/tmp", &temporary.display().to_string());
    std::fs::write(vendor, text).unwrap();
    files
}

const CONFIG: &str = "<?php
$cfg['blowfish_secret'] = str_repeat('a', 32);
$cfg['Servers'][1] = [
    'auth_type' => 'config', 'connect_type' => 'tcp', 'host' => '127.0.0.1',
    'port' => getenv('MYNAH_PORT'), 'user' => 'ada', 'password' => 'throw-away',
];
";
