//! A REST server for one test, and a small HTTP client that sends exactly the given bytes.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use mynah_expect::{TestOptions, Tests};
use mynah_net::{Connections, ListenAddress};
use mynah_rest::{NewScript, Replaced, RestListener, RestServer, ScriptControl, Served};
use mynah_script::{Answer, Globals};

pub(crate) const GLOBALS: &str = "/api/v1/mock_server/globals/";
pub(crate) const CONNECTIONS: &str = "/api/v1/mock_server/connections/";
pub(crate) const JSON: &[(&str, &str)] = &[("Content-Type", "application/json")];

pub(crate) struct Rest {
    pub(crate) globals: Arc<Globals>,
    pub(crate) tests: Arc<Tests<Answer>>,
    pub(crate) address: SocketAddr,
    _server: RestServer,
}

impl Rest {
    /// A server with these globals.
    pub(crate) fn start(globals: &[(&str, &str)]) -> Self {
        Self::start_with(Globals::new(), globals)
    }

    /// A server whose tests keep this.
    pub(crate) fn start_full(options: TestOptions) -> Self {
        Self::start_of(Globals::new(), &[], options)
    }

    /// A server with this store, to which these globals are added.
    pub(crate) fn start_with(store: Globals, globals: &[(&str, &str)]) -> Self {
        Self::start_of(store, globals, TestOptions::default())
    }

    fn start_of(store: Globals, globals: &[(&str, &str)], options: TestOptions) -> Self {
        let store = Arc::new(store);
        for (key, value) in globals {
            store.set(key, *value).unwrap();
        }
        let listener = RestListener::bind("127.0.0.1", 0, None).unwrap();
        let mut served = Served::new(Arc::clone(&store), Connections::default());
        served.script = Some(Arc::new(NoScript));
        served.tests = Arc::new(Tests::new(options));
        let tests = Arc::clone(&served.tests);
        let server = listener.serve(served).unwrap();
        let ListenAddress::Tcp(address) = *server.address() else {
            panic!("{:?}", server.address());
        };
        Self {
            globals: store,
            tests,
            address,
            _server: server,
        }
    }

    /// The server's globals, as `key=json` separated by spaces.
    pub(crate) fn held(&self) -> String {
        let entries = self.globals.entries().into_iter();
        let entries: Vec<_> = entries.map(|(key, json)| format!("{key}={json}")).collect();
        entries.join(" ")
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], "")
    }

    /// Sends a request on a new connection.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Reply {
        let body = body.as_ref();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if !body.is_empty() {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head += "\r\n";
        let answer = self.send(&[head.as_bytes(), body].concat());
        Reply::read(&answer)
    }

    /// Sends these bytes, and returns all bytes that arrive until the server closes.
    pub(crate) fn send(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        // A server that refuses early may close before everything is sent.
        let _refused = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        answer
    }
}

/// Takes scripts that aren't empty.
#[derive(Debug)]
struct NoScript;

impl ScriptControl for NoScript {
    fn replace(&self, script: Option<NewScript>) -> Result<Replaced, String> {
        match script.map(|script| script.text).as_deref() {
            Some("{") => Err("a script that is no script".to_owned()),
            _ => Ok(Replaced {
                class: "static".to_owned(),
            }),
        }
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").expect("an answer has a head");
        let mut lines = head.lines();
        let status = lines.next().expect("a head has a status line");
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(": ").expect("a header has a name");
            (name.to_lowercase(), value.to_owned())
        });
        Self {
            status: status.split(' ').nth(1).unwrap().parse().unwrap(),
            headers: headers.collect(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}
