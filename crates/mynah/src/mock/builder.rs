use std::path::PathBuf;
use std::thread;

use mynah_net::{SelfSigned, TlsMode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};
use tokio::sync::oneshot;

use super::{MockServer, fail};
use crate::{Options, StartError};

/// The options of a [`MockServer`].
#[derive(Clone, Debug)]
#[must_use]
pub struct MockServerBuilder {
    options: Options,
    has_tls: bool,
    accounts: Vec<Account>,
    version: Option<String>,
}

/// An account that clients log in to.
#[derive(Clone, Debug)]
pub(super) struct Account {
    name: String,
    password: String,
}

/// What a server is started with.
pub(super) struct Started {
    pub(super) options: Options,
    pub(super) account: Account,
    pub(super) certificates: Option<tempfile::TempDir>,
}

impl Default for MockServerBuilder {
    /// A server on a free port of the loopback interface.
    fn default() -> Self {
        let mut options = Options::empty().bind_address("127.0.0.1").port(0);
        options.journal = Some(10_000);
        Self {
            options,
            has_tls: false,
            accounts: Vec::new(),
            version: None,
        }
    }
}

impl MockServerBuilder {
    /// Also serves the X Protocol, on another free port.
    pub fn x(mut self) -> Self {
        self.options.xport = Some(0);
        self
    }

    /// Also serves the classic protocol on a Unix socket at this path.
    pub fn socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.socket = Some(path.into());
        self
    }

    /// Offers TLS, with a self-signed certificate for `localhost`, `127.0.0.1` and `::1`; see
    /// [`MockServer::certificate`].
    pub fn tls(mut self) -> Self {
        self.has_tls = true;
        self
    }

    /// Adds a user that may log in with this password. Without a call of this, any user may log in with any
    /// password. With a script, the script's users are used instead.
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.accounts.push(Account {
            name: name.to_owned(),
            password: password.to_owned(),
        });
        self
    }

    /// Sets the server version in the greeting, by which clients recognize the product: `8.0.36`, `11.8.2-MariaDB`.
    /// With a script, the script's version is used instead.
    pub fn version(mut self, version: &str) -> Self {
        self.version = Some(version.to_owned());
        self
    }

    /// Answers statements that no mock matches from a script in this file. Users and version are then those of the
    /// script.
    pub fn script(mut self, path: impl Into<PathBuf>) -> Self {
        self.options.filename = Some(path.into());
        self
    }

    /// Answers statements that no mock matches from a script in this text. Error messages call the script `name`;
    /// if the name ends in `.json`, the script is JSON, else JavaScript. Users and version are then those of the
    /// script.
    pub fn inline_script(mut self, name: &str, text: &str) -> Self {
        self.options = self.options.inline(name, text);
        self
    }

    /// Changes the server's [`Options`] by a function.
    pub fn options(mut self, change: impl FnOnce(Options) -> Options) -> Self {
        self.options = change(self.options);
        self
    }

    /// Starts the server; the future needs no runtime.
    ///
    /// # Panics
    /// If the server can't be started.
    #[must_use = "a server is started when this is awaited"]
    pub async fn start(self) -> MockServer {
        let (done, started) = oneshot::channel();
        let starting = move || {
            // The caller may have stopped to wait.
            let _unused = done.send(self.try_start());
        };
        let thread = thread::Builder::new().name("mynah start".to_owned());
        match (thread.spawn(starting), started.await) {
            (Ok(_), Ok(Ok(server))) => server,
            (Ok(_), Ok(Err(error))) => fail(format!("can't start a mock server: {error}")),
            (Err(error), _) => fail(format!("can't start a mock server: {error}")),
            (_, Err(_)) => fail("can't start a mock server: its thread has ended"),
        }
    }

    /// Starts the server, as [`start`](Self::start), without a future.
    ///
    /// # Panics
    /// If the server can't be started.
    #[must_use]
    #[track_caller]
    pub fn start_blocking(self) -> MockServer {
        match self.try_start() {
            Ok(server) => server,
            Err(error) => fail(format!("can't start a mock server: {error}")),
        }
    }

    /// Starts the server, as [`start_blocking`](Self::start_blocking), but returns the error in place of a panic.
    ///
    /// # Errors
    /// As [`ScriptServer::start`](crate::ScriptServer::start), or if no temporary folder for the certificate
    /// can be made.
    pub fn try_start(mut self) -> Result<MockServer, StartError> {
        let certificates = match self.has_tls {
            true => Some(tempfile::tempdir().map_err(StartError::Folder)?),
            false => None,
        };
        if let Some(folder) = &certificates {
            self.options.tls.mode = TlsMode::Preferred;
            self.options.tls.self_signed = SelfSigned::KeptIn(folder.path().to_owned());
        }
        let has_script = self.options.filename.is_some() || self.options.inline.is_some();
        if let (false, Some(handshake)) = (has_script, self.handshake()) {
            let script = json!({"handshake": handshake, "stmts": []}).to_string();
            self.options = self.options.inline("mock.json", script);
        }
        let first = self.accounts.into_iter().next();
        MockServer::new(Started {
            options: self.options,
            account: first.unwrap_or_default(),
            certificates,
        })
    }

    /// The `handshake` of a script, if it isn't the default one.
    fn handshake(&self) -> Option<Json> {
        let mut handshake = Map::new();
        if let Some(version) = &self.version {
            let greeting = json!({"server_version": version});
            handshake.insert("greeting".to_owned(), greeting);
        }
        if !self.accounts.is_empty() {
            let account = |Account { name, password }: &Account| json!({"username": name, "password": password});
            let accounts: Vec<_> = self.accounts.iter().map(account).collect();
            handshake.insert("auth".to_owned(), accounts.into());
        }
        (!handshake.is_empty()).then_some(Json::Object(handshake))
    }
}

impl Default for Account {
    /// What every mock without users takes.
    fn default() -> Self {
        Self {
            name: "root".to_owned(),
            password: String::new(),
        }
    }
}

impl Account {
    /// As in a URL.
    pub(super) fn user_info(&self) -> String {
        let [name, password] = [&self.name, &self.password]
            .map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        match password.is_empty() {
            true => name,
            false => format!("{name}:{password}"),
        }
    }
}
