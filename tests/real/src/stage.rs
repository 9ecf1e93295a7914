use std::{io, net::SocketAddr, process::Command, thread};

use mynah_testkit::fixtures_folder;
use mynah_testkit::servers::{
    Account, PASSWORD, RealServer, Router, RouterProgram, Server, Unavailable, free_addresses,
};

use crate::{
    client::Protocol,
    column::{Column, Place},
    ours::{Kind, Mock, OursError, Proxy, Sqlite, is_there},
};

/// All servers that clients connect to.
#[derive(Debug)]
pub(crate) struct Stage {
    mock: Option<Mock>,
    mock_tls: Option<Mock>,
    mock_mariadb: Option<Mock>,
    router: Option<Result<(Router, SocketAddr), String>>,
    sqlite: Option<Sqlite>,
    servers: Vec<(RealServer, Result<Server, Unavailable>)>,
    /// Whether clients of real servers require TLS.
    tls: bool,
    proxies: Vec<(RealServer, Protocol, Result<Proxy, OursError>)>,
}

/// A server's address and the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) tls: bool,
    /// Whether the schema has a table and a view to browse.
    pub(crate) browse: bool,
}

impl Stage {
    /// Starts the servers for the columns. Our programs must start; other servers that aren't
    /// available are left out.
    pub(crate) fn set(columns: &[Column], tls: bool) -> Result<Self, OursError> {
        let needs = |place: Place| columns.iter().any(|column| column.place() == place);
        let mut kinds = RealServer::ALL.to_vec();
        kinds.retain(|kind| needs(Place::Direct(*kind)) || needs(Place::Proxy(*kind)));
        // Servers take seconds to start, and mostly wait for the disk.
        let starting: Vec<_> = kinds
            .into_iter()
            .map(|kind| {
                (
                    kind,
                    thread::spawn(move || {
                        let options = if tls { insisting_on_tls() } else { Vec::new() };
                        Server::start_with(kind, &options)
                    }),
                )
            })
            .collect();
        let mock = needs(Place::Mock)
            .then(|| Mock::start(Kind::Plain))
            .transpose()?;
        let mock_mariadb = needs(Place::MockMariaDb)
            .then(|| Mock::start(Kind::MariaDb))
            .transpose()?;
        let mock_tls = (needs(Place::MockTls) || needs(Place::Router))
            .then(|| Mock::start(Kind::Tls))
            .transpose()?;
        let sqlite = needs(Place::Sqlite).then(Sqlite::start).transpose()?;
        let router = match &mock_tls {
            Some(mock) if needs(Place::Router) => Some(router(mock.address(Protocol::Classic))),
            _ => None,
        };
        let mut servers = Vec::new();
        for (kind, started) in starting {
            let started = started.join().map_err(|_| OursError::Panicked(kind))?;
            if let Ok(server) = &started {
                warm_up(server);
            }
            servers.push((kind, started));
        }
        let mut proxies = Vec::new();
        for (kind, server) in &servers {
            let Ok(server) = server else { continue };
            if !needs(Place::Proxy(*kind)) || !is_there(Proxy::NAME) {
                continue;
            }
            for protocol in [Protocol::Classic, Protocol::X] {
                if let Some(upstream) = address(server, protocol) {
                    proxies.push((*kind, protocol, Proxy::start(upstream, tls)));
                }
            }
        }
        Ok(Self {
            mock,
            mock_tls,
            mock_mariadb,
            router,
            sqlite,
            servers,
            tls,
            proxies,
        })
    }

    /// The address of a place, or the reason why there is none.
    pub(crate) fn target(&self, place: Place, protocol: Protocol) -> Result<Target, String> {
        let ours = |address: Option<SocketAddr>, tls| match address {
            Some(address) => Ok(Target {
                address,
                user: "app",
                password: PASSWORD,
                tls,
                browse: place == Place::Sqlite,
            }),
            None => Err("no mock was started".to_owned()),
        };
        let mock = |mock: &Option<Mock>| mock.as_ref().map(|mock| mock.address(protocol));
        match place {
            Place::Mock => ours(mock(&self.mock), false),
            Place::MockTls => ours(mock(&self.mock_tls), true),
            Place::MockMariaDb if protocol == Protocol::X => Err(NOT_SPOKEN.to_owned()),
            Place::MockMariaDb => ours(mock(&self.mock_mariadb), false),
            Place::Router => match &self.router {
                _ if protocol == Protocol::X => Err(NOT_SPOKEN.to_owned()),
                Some(Ok((_, address))) => Ok(Target {
                    address: *address,
                    ..ours(mock(&self.mock_tls), false)?
                }),
                Some(Err(why)) => Err(why.clone()),
                None => Err("no router was started".to_owned()),
            },
            Place::Sqlite => {
                let server = self.sqlite.as_ref();
                ours(server.map(|server| server.address(protocol)), false)
            }
            Place::Direct(kind) => self.at(kind, protocol),
            Place::Proxy(kind) => {
                let target = self.at(kind, protocol)?;
                let proxy = self
                    .proxies
                    .iter()
                    .find(|(of, speaks, _)| (*of, *speaks) == (kind, protocol));
                match proxy {
                    Some((_, _, Ok(proxy))) => Ok(Target {
                        address: proxy.address(),
                        ..target
                    }),
                    Some((_, _, Err(error))) => Err(error.to_string()),
                    None => Err(format!("no {}", Proxy::NAME)),
                }
            }
        }
    }

    /// The versions of the running servers.
    pub(crate) fn versions(&self) -> Vec<String> {
        let running = self
            .servers
            .iter()
            .filter_map(|(_, server)| server.as_ref().ok());
        running
            .map(|server| {
                // MariaDB 10 adds a version for old clients in front.
                let version = server.version().trim_start_matches("5.5.5-");
                let version = version.split('-').next().unwrap_or(version);
                format!("{} {version}", server.kind().product())
            })
            .collect()
    }

    fn at(&self, kind: RealServer, protocol: Protocol) -> Result<Target, String> {
        let server = self.server(kind)?;
        let Account { user, password, .. } = account(kind);
        Ok(Target {
            address: address(server, protocol).ok_or(NOT_SPOKEN)?,
            user,
            password,
            // Without TLS an X client can't log in before the server has received the password
            // once.
            tls: self.tls || protocol == Protocol::X,
            browse: false,
        })
    }

    fn server(&self, kind: RealServer) -> Result<&Server, String> {
        match self.servers.iter().find(|(of, _)| *of == kind) {
            Some((_, Ok(server))) => Ok(server),
            Some((_, Err(unavailable))) => Err(unavailable.to_string()),
            None => Err(format!("{kind} was not started")),
        }
    }
}

/// Options that make servers require TLS, so that a client can't pass by only pretending to use it.
/// Some clients verify the certificate in any case.
fn insisting_on_tls() -> Vec<String> {
    let file = |name| fixtures_folder("tls").join(name).display().to_string();
    vec![
        "--require-secure-transport=ON".to_owned(),
        format!("--ssl-ca={}", file("ca.pem")),
        format!("--ssl-cert={}", file("server.pem")),
        format!("--ssl-key={}", file("server-key.pem")),
    ]
}

/// A server's address for clients of a protocol, if it has one.
fn address(server: &Server, protocol: Protocol) -> Option<SocketAddr> {
    match protocol {
        Protocol::Classic => Some(server.address()),
        Protocol::X => server.x_address(),
    }
}

/// Why an X client can't connect to a place.
const NOT_SPOKEN: &str = "the server has no X Protocol";

/// A router that decodes the protocol on both sides, without TLS to clients and with TLS to the
/// mock. It can't forward logins by `mysql_native_password`, neither to the mock nor to MariaDB.
fn router(mock: SocketAddr) -> Result<(Router, SocketAddr), String> {
    let program = RouterProgram::fetch().map_err(|why| why.to_string())?;
    let [address] = free_addresses().map_err(|why| why.to_string())?;
    let sections = format!(
        "[routing:mock]\nbind_address={}\nbind_port={}\nprotocol=classic\ndestinations={mock}\n\
         routing_strategy=round-robin\nclient_ssl_mode=DISABLED\nserver_ssl_mode=REQUIRED\n",
        address.ip(),
        address.port()
    );
    let router = program.start(&sections).map_err(|why| why.to_string())?;
    Ok((router, address))
}

/// The account that clients use: one with the server's usual authentication method.
fn account(kind: RealServer) -> Account {
    let usual = kind.accounts().first().copied();
    usual.unwrap_or(Account {
        user: "root",
        password: "",
        plugin: "mysql_native_password",
    })
}

/// Logs in once under TLS. After that MySQL 9.7 knows the password's hash, and doesn't ask clients
/// for the password itself.
fn warm_up(server: &Server) {
    if server.kind() != RealServer::MySql97 {
        return;
    }
    let Account { user, password, .. } = account(server.kind());
    let mut login = server
        .root()
        .command(&server.root().path("usr/bin/mysqladmin"));
    login
        .args(["--no-defaults", "--protocol=TCP", "--host=127.0.0.1"])
        .arg(format!("--port={}", server.address().port()))
        .arg(format!("--user={user}"))
        .arg(format!("--password={password}"))
        .arg("ping");
    // If this fails, the clients that need it report the failure themselves.
    let _logged_in: io::Result<_> = Command::output(&mut login);
}
