use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use mynah_expect::{JournalEntry, Report, Reset, Test};
use mynah_script::Answer;

use super::builder::{Account, Started};
use super::{MockServerBuilder, fail};
use crate::{ListenAddress, ScriptServer, StartError};

/// A MySQL server inside a test: it answers the statements that the test expects, and checks them when it is
/// dropped.
///
/// The server doesn't run on the test's thread, so it works under any runtime or none, and by default listens on a
/// free port of 127.0.0.1. The servers of a process share as many threads as there are processors, but nothing else: a
/// server has its own mocks, users, connections and limits. A server has threads of its own if it may run a script in
/// JavaScript (it has one, or an [HTTP listener](crate::Options#structfield.http_port)), or if its options say [how
/// many](crate::Options#structfield.workers).
///
/// # Panics
/// Dropping the server panics if a [`Mock`](crate::Mock) is unmet, unless the thread is already panicking.
#[derive(Debug)]
pub struct MockServer {
    server: ScriptServer,
    test: Arc<Test<Answer>>,
    account: Account,
    certificates: Option<tempfile::TempDir>,
}

impl MockServer {
    /// Starts a server that accepts any user, and answers only statements about the session, such as drivers send on
    /// connect, until mocks are mounted.
    ///
    /// # Panics
    /// If the server can't be started; [`MockServerBuilder::try_start`] returns the error instead.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts a server, as [`start`](Self::start), without a future.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    #[must_use]
    #[track_caller]
    pub fn start_blocking() -> Self {
        Self::builder().start_blocking()
    }

    /// Returns a builder for a server with other options.
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    pub(super) fn new(started: Started) -> Result<Self, StartError> {
        let Started {
            options,
            account,
            certificates,
        } = started;
        let server = ScriptServer::start_small(options)?;
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
    /// If [`MockServerBuilder::options`] took away its TCP port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        tcp(self.server.addresses()).unwrap_or_else(|| fail("there is no TCP address"))
    }

    /// The TCP address of the X Protocol; `None` if there is none, as without [`MockServerBuilder::x`].
    #[must_use]
    pub fn x_address(&self) -> Option<SocketAddr> {
        tcp(self.server.x_addresses())
    }

    /// A URL of the server with this scheme and no schema: `mysql://root@127.0.0.1:45123`. It has the name and
    /// password of the first [user](MockServerBuilder::user), or else `root` without a password. For the scheme
    /// `mysqlx`, the port is that of the X Protocol.
    ///
    /// # Panics
    /// For `mysqlx` if the X Protocol isn't [served](MockServerBuilder::x), otherwise as [`address`](Self::address).
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

    /// The file of the certificate with which clients can verify the server; `None` without a call of
    /// [`MockServerBuilder::tls`].
    #[must_use]
    pub fn certificate(&self) -> Option<std::path::PathBuf> {
        let folder = self.certificates.as_ref().map(tempfile::TempDir::path);
        folder.map(|folder: &Path| folder.join("server-cert.pem"))
    }

    /// The last statements that clients have sent, in order, each with what answered it, without those of tests that
    /// were opened by an id: at most 10,000, or as many as [`Options::journal`](crate::Options#structfield.journal)
    /// says.
    #[must_use]
    pub fn statements(&self) -> Vec<JournalEntry> {
        self.test.statements(|_| true)
    }

    /// The report so far: which mocks are met and unmet, and which statements were unexpected.
    #[must_use]
    pub fn verify(&self) -> Report {
        self.test.report()
    }

    /// Removes all mocks and the expectations of a script's file, brings scenarios back to the state `start`, and
    /// empties the journal of statements. A script, its globals, open connections, and tests that were opened by an id
    /// stay as they are.
    pub fn reset(&self) {
        self.test.clear();
        self.test.reset(Reset::ALL);
    }

    /// The [`ScriptServer`] that serves the clients, for its connections, globals and script.
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
        _ => None,
    })
}
