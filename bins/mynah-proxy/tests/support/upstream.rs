//! A server that plays a script, and clients by `mysql_async`.

use std::path::Path;
use std::time::Duration;

use mynah::{Options, ScriptServer};
use mysql_async::OptsBuilder;
use tempfile::TempDir;

/// A server that plays a script, and can be ended and started again at the same port.
pub(crate) struct Upstream {
    folder: TempDir,
    port: u16,
    running: Option<ScriptServer>,
}

impl Upstream {
    pub(crate) fn start(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(SCRIPT), script).unwrap();
        let mut upstream = Self {
            folder,
            port: 0,
            running: None,
        };
        upstream.start_again();
        upstream
    }

    pub(crate) fn start_again(&mut self) {
        let mut options = Options::new(self.folder.path().join(SCRIPT));
        options.port = Some(self.port);
        options.bind_address = "127.0.0.1".to_owned();
        let server = ScriptServer::start(options).unwrap();
        let address = server.address().to_string();
        self.port = address.rsplit_once(':').unwrap().1.parse().unwrap();
        self.running = Some(server);
    }

    pub(crate) fn end(&mut self) {
        let server = self.running.take().unwrap();
        assert!(server.shut_down(Duration::from_secs(10)));
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A folder that lives as long as this.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A client that asks for nothing when it connects.
pub(crate) fn options(port: u16) -> OptsBuilder {
    OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(port)
        .max_allowed_packet(Some(16 * 1024 * 1024))
        .wait_timeout(Some(60))
        .prefer_socket(false)
}

const SCRIPT: &str = "server.js";
