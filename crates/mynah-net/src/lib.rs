#![doc = include_str!("../README.md")]

mod buffers;
mod client;
mod connections;
mod drive;
mod ended;
mod error;
mod host;
mod http;
mod limits;
mod listener;
mod lost;
mod open_files;
mod options;
mod pool;
mod protocol;
mod rate_limit;
mod rsa_key;
mod server;
mod service;
mod sessions;
mod stream;
mod thread;
mod tls;
mod workers;

pub use client::Client;
pub use connections::{Admitted, ClientConnection, ConnectionInfo, ConnectionTls, Connections};
pub use error::NetError;
pub use http::{
    HttpBody, HttpListener, HttpReply, HttpServer, HttpService, http_body, read_http_token,
};
pub use limits::Limits;
pub use listener::{ListenAddress, Listener};
pub use lost::{Containment, LossCause, LostWorker, LostWorkers};
pub use mynah_auth::rsa::PrivateKey;
pub use open_files::raise_open_files;
pub use options::ServerOptions;
pub use pool::Pool;
pub use protocol::Protocol;
pub use server::Server;
pub use service::{Service, Worker};
pub use stream::Stream;
pub use tls::{
    HandshakeError, OPENSSL_IS_VENDORED, SelfSigned, TlsClient, TlsClientOptions, TlsError,
    TlsMirror, TlsMode, TlsOptions, TlsServer, TlsVerify, TlsVersion, UnknownTlsVersion,
    openssl_version,
};
pub use workers::Threads;
