use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use mynah_expect::{JournalEntry, Report, Reset, Test};
use mynah_script::Answer;

use super::builder::{Account, Started};
use super::{MockServerBuilder, fail};
use crate::{ListenAddress, ScriptServer, StartError};

/// A MySQL server inside a test: it answers what the test expects, and is checked when it is dropped.
///
/// It runs on threads of its own, so it works under any runtime or none, and listens on a free port of the loopback
/// interface.
///
/// # Panics
/// Dropping it panics if a [`Mock`](crate::Mock) is unmet, unless the thread is panicking already.
#[derive(Debug)]
pub struct MockServer {
    server: ScriptServer,
    test: Arc<Test<Answer>>,
    account: Account,
    certificates: Option<tempfile::TempDir>,
}

impl MockServer {
    /// Starts a server that any user may log in to, and that answers only what drivers send on connect.
    ///
    /// # Panics
    /// When it can't be started; [`MockServerBuilder::try_start`] returns the error.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// As [`start`](Self::start), without a runtime.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    #[track_caller]
    pub fn start_blocking() -> Self {
        Self::builder().start_blocking()
    }

    /// Starts a server with other options.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    pub(super) fn new(started: Started) -> Result<Self, StartError> {
        let Started {
            options,
            account,
            certificates,
        } = started;
        let server = ScriptServer::start(options)?;
        let test = Arc::clone(server.tests().shared());
        Ok(Self {
            server,
            test,
            account,
            certificates,
        })
    }

    /// The TCP address of the classic protocol.
    ///
    /// # Panics
    /// Never: there always is one.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        tcp(self.server.addresses()).unwrap_or_else(|| fail("there is no TCP address"))
    }

    /// The TCP address of the X Protocol, if it is [spoken](MockServerBuilder::x).
    #[must_use]
    pub fn x_address(&self) -> Option<SocketAddr> {
        tcp(self.server.x_addresses())
    }

    /// A URL with this scheme, with the account and without a schema: `mysql://root@127.0.0.1:45123`. For `mysqlx` the
    /// port is that of the X Protocol.
    ///
    /// # Panics
    /// For `mysqlx` if the X Protocol isn't [spoken](MockServerBuilder::x).
    #[must_use]
    #[track_caller]
    pub fn url(&self, scheme: &str) -> String {
        let address = match scheme {
            "mysqlx" => self.x_address(),
            _ => Some(self.address()),
        };
        let Some(address) = address else {
            fail("the mock doesn't speak the X Protocol; start it by MockServer::builder().x()")
        };
        format!("{scheme}://{}@{address}", self.account.user_info())
    }

    /// The certificate that clients verify the server with, if it has [TLS](MockServerBuilder::tls).
    #[must_use]
    pub fn certificate(&self) -> Option<std::path::PathBuf> {
        let folder = self.certificates.as_ref().map(tempfile::TempDir::path);
        folder.map(|folder: &Path| folder.join("server-cert.pem"))
    }

    /// The statements that have come, in their order, with what answered them.
    #[must_use]
    pub fn statements(&self) -> Vec<JournalEntry> {
        self.test.statements(|_| true)
    }

    /// How the mocks stand: which are met and unmet, and which statements nothing answered.
    #[must_use]
    pub fn verify(&self) -> Report {
        self.test.report()
    }

    /// Takes all mocks away, and forgets all statements.
    pub fn reset(&self) {
        self.test.clear();
        self.test.reset(Reset::ALL);
    }

    /// The server behind it: its connections, its globals, its script.
    #[must_use]
    pub fn server(&self) -> &ScriptServer {
        &self.server
    }

    pub(super) fn test(&self) -> &Arc<Test<Answer>> {
        &self.test
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let report = self.verify();
        if !report.is_met() {
            fail(format!("a mock isn't met: {report}"));
        }
    }
}

fn tcp(addresses: &[ListenAddress]) -> Option<SocketAddr> {
    addresses.iter().find_map(|address| match address {
        ListenAddress::Tcp(address) => Some(*address),
        ListenAddress::Unix(_) => None,
    })
}
