//! Real clients of the X Protocol, and MySQL Router between them and the program. If one isn't
//! available, the test prints that it is skipped.
//!
//! `cargo test -p mynah-mock --test x_clients -- --ignored --nocapture`

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use mynah_testkit::servers::{self, Mysqlxtest, Reason, RouterProgram, free_addresses};
use support::{Mock, fixture, program};

/// A mock with a scripted collection, and its address for clients of the X Protocol.
struct Birds {
    mock: Mock,
    x: SocketAddr,
}

impl Birds {
    fn start() -> Self {
        let mut program = program();
        program
            .arg("--filename")
            .arg(fixture("x/collection.js"))
            .args(["--xport", "0", "--ssl-mode", "PREFERRED"])
            .arg("--ssl-cert")
            .arg(in_workspace("fixtures/tls/server.pem"))
            .arg("--ssl-key")
            .arg(in_workspace("fixtures/tls/server-key.pem"));
        let mut mock = Mock::start(&mut program);
        let x: SocketAddr = mock.listening("x").parse().unwrap();
        Self { mock, x }
    }
}

fn in_workspace(path: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../..", path].iter().collect()
}

/// Runs a client of `tests/real/clients`, without and with TLS.
fn run(mut client: impl FnMut() -> Command, address: SocketAddr) {
    for tls in ["0", "1"] {
        let mut client = client();
        client
            .env("MYNAH_HOST", "127.0.0.1")
            .env("MYNAH_PORT", address.port().to_string())
            .env("MYNAH_USER", "ada")
            .env("MYNAH_PASSWORD", "throw-away")
            .env("MYNAH_TLS", tls);
        let said = servers::run(&mut client).unwrap_or_else(|error| panic!("TLS {tls}: {error}"));
        assert_eq!(said.trim(), "ok", "TLS {tls}");
    }
}

/// A cache folder that `install` fills; `None` if that fails.
fn installed(
    name: &str,
    what: &str,
    install: impl FnOnce(&std::path::Path) -> Result<(), Reason>,
) -> Option<PathBuf> {
    servers::cached(name, what, install)
        .inspect_err(|reason| println!("skipped: {reason}"))
        .ok()
}

fn python(package: &str) {
    let name = package.replace("==", "-");
    // The connector uses the compression libraries that it finds.
    let packages = [package, "lz4==4.4.5", "zstandard==0.25.0"];
    let packages = installed(&name, &packages.join("\n"), |folder| {
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--target"]);
        servers::run(pip.arg(folder).args(packages)).map(drop)
    });
    let Some(packages) = packages else { return };
    let client = || {
        let mut python = Command::new("python3");
        python
            .env("PYTHONPATH", &packages)
            .arg(in_workspace("tests/real/clients/python-mysqlx.py"));
        python
    };
    run(client, Birds::start().x);
}

#[test]
#[ignore = "installs mysqlx-connector-python 26.10"]
fn mysqlx_26_10_uses_all_its_features() {
    python("mysqlx-connector-python==26.10.0");
}

#[test]
#[ignore = "installs mysqlx-connector-python 8.3"]
fn mysqlx_8_3_uses_all_its_features() {
    python("mysqlx-connector-python==8.3.0");
}

#[test]
#[ignore = "installs mysql-connector-python 8.0"]
fn mysqlx_of_connector_python_8_0_uses_all_its_features() {
    python("mysql-connector-python==8.0.33");
}

#[test]
#[ignore = "installs @mysql/xdevapi"]
fn npm_xdevapi_uses_all_its_features() {
    let package = "@mysql/xdevapi@8.0.35";
    let packages = installed("node-xdevapi", package, |folder| {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefix",
        ]);
        servers::run(npm.arg(folder).arg(package)).map(drop)
    });
    let Some(packages) = packages else { return };
    let client = || {
        let mut node = Command::new("node");
        node.env("NODE_PATH", packages.join("node_modules"))
            .arg(in_workspace("tests/real/clients/node-xdevapi.js"));
        node
    };
    run(client, Birds::start().x);
}

/// Options of `mysqlxtest` for a login, and for compression.
const LOGINS: [&[&str]; 6] = [
    &["--mysql41-auth"],
    &["--cached-auth"],
    &["--mysql41-auth", "--ssl-mode=REQUIRED"],
    &["--cached-auth", "--ssl-mode=REQUIRED"],
    &["--plain-auth", "--ssl-mode=REQUIRED"],
    &["--using-cap-auth", "--ssl-mode=REQUIRED"],
];
const COMPRESSIONS: [&[&str]; 6] = [
    &[],
    &[
        "--compression-mode=REQUIRED",
        "--compression-algorithm=DEFLATE_STREAM",
    ],
    &[
        "--compression-mode=REQUIRED",
        "--compression-algorithm=LZ4_MESSAGE",
    ],
    &[
        "--compression-mode=REQUIRED",
        "--compression-algorithm=ZSTD_STREAM",
    ],
    &[
        "--compression-mode=REQUIRED",
        "--compression-algorithm=ZSTD_STREAM",
        "--compression-combine-mixed-messages=0",
    ],
    &[
        "--compression-mode=REQUIRED",
        "--compression-algorithm=LZ4_MESSAGE",
        "--compression-max-combine-messages=1",
        "--compression-level=9",
    ],
];

fn mysqlxtest() -> Option<Mysqlxtest> {
    Mysqlxtest::fetch()
        .inspect_err(|unavailable| println!("skipped: {unavailable}"))
        .ok()
}

fn options<'a>(port: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec![
        "--host=127.0.0.1",
        "--user=ada",
        "--password=throw-away",
        port,
    ];
    all.extend(more);
    all
}

#[test]
#[ignore = "fetches mysqlxtest 9.7"]
fn mysqlxtest_logs_in_by_each_mechanism_and_compresses_in_each_way() {
    let Some(client) = mysqlxtest() else { return };
    let birds = Birds::start();
    let port = format!("--port={}", birds.x.port());
    for login in LOGINS {
        for compression in COMPRESSIONS {
            let all = options(&port, &[login, compression].concat());
            let said = client
                .run(&all, "-->sql\nselect types\n-->endsql\n")
                .unwrap_or_else(|error| panic!("{login:?} {compression:?}: {error}"));
            assert!(
                said.contains("18446744073709551615\t1.5\t-2.25\t12.40\t-01:02:03"),
                "{said}"
            );
        }
    }
}

#[test]
#[ignore = "fetches mysqlxtest 9.7"]
fn mysqlxtest_changes_documents_and_fetches_by_cursors() {
    let Some(client) = mysqlxtest() else { return };
    let birds = Birds::start();
    let port = format!("--port={}", birds.x.port());
    let script = std::fs::read_to_string(in_workspace("tests/real/clients/mysqlxtest.xt")).unwrap();
    for login in LOGINS {
        let said = client.run(&options(&port, login), &script).unwrap();
        assert!(
            said.contains("{\"_id\":\"1\",\"name\":\"mynah\"}"),
            "{said}"
        );
    }
}

#[test]
#[ignore = "fetches and starts MySQL Router"]
fn a_router_routes_clients_of_the_x_protocol() {
    let router = RouterProgram::fetch().inspect_err(|error| println!("skipped: {error}"));
    let (Ok(router), Some(client)) = (router, mysqlxtest()) else {
        return;
    };
    let birds = [Birds::start(), Birds::start()];
    let destinations = birds.each_ref().map(|birds| birds.x.to_string()).join(",");
    for (mode, logins) in [
        (
            "client_ssl_mode=PASSTHROUGH\nserver_ssl_mode=AS_CLIENT",
            &LOGINS[..],
        ),
        (
            "client_ssl_mode=DISABLED\nserver_ssl_mode=DISABLED",
            &LOGINS[..2],
        ),
    ] {
        let [address] = free_addresses().unwrap();
        let port = address.port();
        let _router = router
            .start(&format!(
                "[routing:x]\nbind_address=127.0.0.1\nbind_port={port}\nprotocol=x\n\
                 destinations={destinations}\nrouting_strategy=round-robin\n{mode}\n"
            ))
            .unwrap();
        let port = format!("--port={port}");
        for login in logins {
            let said = client
                .run(&options(&port, login), "-->sql\nselect types\n-->endsql\n")
                .unwrap_or_else(|error| panic!("{mode} {login:?}: {error}"));
            assert!(said.contains("18446744073709551615"), "{said}");
        }
    }
    drop(birds.map(|birds| birds.mock));
}
