//! Servers of ours, a relay in front of them, and clients of either protocol.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mynah_auth::x::Mechanism;
use mynah_net::{Protocol, Server, TlsMode};
use mynah_relay::{HttpOptions, RelayOptions, UpstreamOptions};
use serde_json::Value;
use socket2::{Domain, Socket, Type};

use crate::support::client::Connection;
use crate::support::server::{PASSWORD, Statements, start_at};
use crate::support::x_client::XConnection;
use crate::support::{Front, front};

/// A relay in front of these ports, which shows its upstreams over HTTP.
pub(crate) struct Several {
    pub(crate) front: Front,
    is_x: bool,
}

/// A client that blocks.
pub(crate) enum Client {
    Classic(Box<Connection>),
    X(Box<XConnection>),
}

/// A server that can be ended and started again at the same port.
pub(crate) struct Backend {
    pub(crate) port: u16,
    protocol: Protocol,
    running: Option<(Server, Statements)>,
}

/// A port that refuses connections as long as this lives.
pub(crate) struct Closed {
    pub(crate) port: u16,
    _socket: Socket,
}

impl Several {
    /// Without slow start, and with quick checks, which are late only after a minute: the machine may be slow.
    pub(crate) fn new(is_x: bool, ports: &[u16], change: impl FnOnce(&mut RelayOptions)) -> Self {
        let front = front(ports[0], |options| {
            let addresses = ports.iter().map(|port| address(*port).parse().unwrap());
            options.routes[0].upstreams = addresses.collect();
            options.upstreams = UpstreamOptions {
                slow_start: Duration::ZERO,
                check_interval: Duration::from_millis(20),
                check_timeout: Duration::from_secs(60),
                check_rise: 1,
                ..UpstreamOptions::default()
            };
            options.http = Some(HttpOptions {
                bind: "127.0.0.1".to_owned(),
                port: 0,
                token: None,
            });
            change(options);
        });
        Self { front, is_x }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.front.port))
    }

    /// A client that has logged in.
    pub(crate) fn client(&self) -> Client {
        self.try_client().unwrap()
    }

    /// The same, or why it can't log in.
    pub(crate) fn try_client(&self) -> Result<Client, String> {
        if !self.is_x {
            let client = Connection::log_in(self.address(), false, "ada", PASSWORD);
            let client = client.map_err(|error| error.to_string())?;
            return Ok(Client::Classic(Box::new(client)));
        }
        let mut client = XConnection::open(self.address());
        let logged_in = client.log_in(Mechanism::Mysql41, "ada", PASSWORD);
        logged_in.map_err(|error| format!("the server refused: {} {}", error.code, error.msg))?;
        Ok(Client::X(Box::new(client)))
    }

    /// The status of an answer, and its body.
    pub(crate) fn ask(&self, request: &str) -> (u16, String) {
        let port = self.front.relay.http_address().unwrap().port();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let head = "HTTP/1.1\r\nHost: localhost\r\nConnection: close";
        write!(stream, "{request} {head}\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }

    /// An upstream, as `/upstreams/` has it.
    pub(crate) fn upstream(&self, port: u16) -> Value {
        let (status, body) = self.ask(&format!("GET /upstreams/{}", address(port)));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Waits until an upstream is in this state.
    pub(crate) fn wait_for(&self, port: u16, state: &str) {
        wait_until(&format!("the state is {state}"), || {
            self.upstream(port)["state"] == state
        });
    }

    /// Waits until checks that are due have begun: this is before connections of a drained upstream are closed.
    pub(crate) fn wait_for_checks(&self, drained: u16) {
        let drain = format!("/upstreams/{}/drain", address(drained));
        assert_eq!(self.ask(&format!("PUT {drain}?close_after=1ms")).0, 204);
        wait_until("the drained connections are closed", || {
            self.upstream(drained).get("closes").is_none()
        });
    }

    /// How many connections to each of these were made.
    pub(crate) fn totals(&self, ports: &[u16]) -> Vec<u64> {
        let total = |port: &u16| self.upstream(*port)["connections_total"].as_u64().unwrap();
        ports.iter().map(total).collect()
    }

    /// Waits until no connection is left.
    pub(crate) fn wait_until_all_have_left(&self) {
        wait_until("all connections have ended", || {
            self.front.relay.connections().count() == 0
        });
    }
}

impl Client {
    /// How many rows a statement has, or what went wrong.
    pub(crate) fn sql(&mut self, text: &str) -> Result<usize, String> {
        match self {
            Self::Classic(client) => match client.query(text) {
                Ok(rows) => rows.ok_or_else(|| "an error".to_owned()),
                Err(error) => Err(error.to_string()),
            },
            Self::X(client) => client.try_sql(text).map_err(|error| error.to_string()),
        }
    }
}

impl Backend {
    pub(crate) fn start(is_x: bool) -> Self {
        let protocol = match is_x {
            true => Protocol::X,
            false => Protocol::Classic,
        };
        let mut backend = Self {
            port: 0,
            protocol,
            running: None,
        };
        backend.start_again();
        backend
    }

    pub(crate) fn start_again(&mut self) {
        let method = match self.protocol {
            Protocol::X => None,
            Protocol::Classic => Some("caching_sha2_password"),
        };
        let (server, seen) = start_at(self.port, self.protocol, method, TlsMode::Preferred);
        self.port = server.addresses()[0].port();
        self.running = Some((server, seen));
    }

    pub(crate) fn is_x(&self) -> bool {
        self.protocol == Protocol::X
    }

    /// Ends all connections, and refuses further ones.
    pub(crate) fn end(&mut self) {
        let (server, _) = self.running.take().unwrap();
        assert!(server.shut_down(Duration::from_secs(10)));
    }

    /// The statements since the last call.
    pub(crate) fn statements(&self) -> Vec<String> {
        let (_, seen) = self.running.as_ref().unwrap();
        seen.take()
    }
}

impl Closed {
    pub(crate) fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        socket.bind(&any.into()).unwrap();
        let port = socket.local_addr().unwrap().as_socket().unwrap().port();
        Self {
            port,
            _socket: socket,
        }
    }
}

/// Waits until something is so, and panics if it takes far too long.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::yield_now();
    }
}

/// A server that treats each client as this function does.
pub(crate) fn server(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (serve, stream) = (serve.clone(), stream.unwrap());
            std::thread::spawn(move || serve(stream));
        }
    });
    port
}

/// A server that closes the first connection at once, which shows a client's that it is down, and reports what it gets on
/// the others.
pub(crate) fn observed(
    serve: impl Fn(&mut TcpStream) -> Vec<u8> + Send + 'static,
) -> (u16, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (said, heard) = channel();
    std::thread::spawn(move || {
        drop(listener.accept().unwrap());
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            if said.send(serve(&mut stream)).is_err() {
                return;
            }
        }
    });
    (port, heard)
}

pub(crate) fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

/// The events of a trace.
pub(crate) fn events(path: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
