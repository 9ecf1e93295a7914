//! The command line.

mod error;
mod settings;
mod values;

use std::ffi::OsString;

use argh::FromArgs;

pub(crate) use error::UsageError;
pub(crate) use settings::Settings;

/// What the program is to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Carry clients.
    Serve(Box<Settings>),
    /// Show a text, and end.
    Show(String),
}

/// A proxy that explains what MySQL clients and servers say to each other.
///
/// Prints a line `listening on ADDRESS` to standard error for each place once clients can connect.
/// Ends with SIGTERM or SIGINT, when its clients have left or have had the time to.
#[derive(Debug, Default, FromArgs)]
struct Args {
    /// show the version
    #[argh(switch, short = 'V')]
    version: bool,

    /// where clients come in: HOST:PORT, port 0 for one that is free, or the path of a Unix socket;
    /// may be given again, with an --upstream each
    #[argh(option, short = 'l', arg_name = "address")]
    listen: Vec<String>,

    /// where they are carried to: HOST:PORT or the path of a Unix socket
    #[argh(option, short = 'u', arg_name = "address")]
    upstream: Vec<String>,

    /// what is spoken: auto, as the server greets, classic or x; once, or for each --listen
    /// (default auto)
    #[argh(option, arg_name = "protocol")]
    protocol: Vec<String>,

    /// how much is told: off, 0 connections, 1 commands, 2 columns and rows, 3 packets field by
    /// field, 4 their bytes (default 1)
    #[argh(option, short = 't', arg_name = "level")]
    trace: Option<String>,

    /// the form of the trace: text, json or hex (default text)
    #[argh(option, short = 'f', arg_name = "form")]
    format: Option<String>,

    /// the file that the trace is appended to; in hex, the folder for a file of each connection
    /// (default: standard output)
    #[argh(option, short = 'o', arg_name = "path")]
    output: Option<String>,

    /// how large the file may get before it is put aside: 10m, 1g
    #[argh(option, arg_name = "size")]
    rotate: Option<String>,

    /// how many files that were put aside are kept (default 5)
    #[argh(option, arg_name = "number")]
    keep: Option<String>,

    /// what becomes of lines that are read or written too slowly: block, connections wait, or drop,
    /// they are left out and counted (default block)
    #[argh(option, arg_name = "how")]
    trace_overflow: Option<String>,

    /// which commands are told of: command = query and latency > 10ms
    #[argh(option, arg_name = "condition")]
    filter: Option<String>,

    /// which connections are told of, as a whole: user = ada and client ~ 10.0.
    #[argh(option, arg_name = "condition")]
    only: Option<String>,

    /// whether text has colours: auto, on a terminal, always or never (default auto)
    #[argh(option, arg_name = "when")]
    colour: Option<String>,

    /// how long a command takes that stands out where text has colours (default 1s)
    #[argh(option, arg_name = "time")]
    slow: Option<String>,

    /// say at the end how many commands there were of each kind, how many failed, and how long they
    /// took; on a terminal without being asked, too
    #[argh(switch)]
    summary: bool,

    /// how many characters of a statement or value text shows, 0 for all (default 500)
    #[argh(option, arg_name = "characters")]
    width: Option<String>,

    /// show passwords, and what is computed from them
    #[argh(switch)]
    show_secrets: bool,

    /// hide what matches this regular expression, besides passwords, in statements, names of
    /// columns and values; may be given again
    #[argh(option, arg_name = "regex")]
    redact: Vec<String>,

    /// passthrough: what is encrypted passes as it is, and nothing is seen of it; terminate
    /// (default)
    #[argh(option, arg_name = "how")]
    tls: Option<String>,

    /// whether clients get TLS: disabled, preferred or required (default: as the server offers it)
    #[argh(option, arg_name = "mode")]
    client_tls: Option<String>,

    /// whether servers are spoken to under TLS: disabled, preferred or required (default: as the
    /// client does it)
    #[argh(option, arg_name = "mode")]
    server_tls: Option<String>,

    /// the proxy's certificate for clients, in PEM (default: one is made)
    #[argh(option, arg_name = "file")]
    client_tls_cert: Option<String>,

    /// its key, in PEM
    #[argh(option, arg_name = "file")]
    client_tls_key: Option<String>,

    /// folder to make the proxy's certificate in and to keep it, for clients that verify it with
    /// server-cert.pem there
    #[argh(option, arg_name = "dir")]
    client_tls_self_signed: Option<String>,

    /// authorities that client certificates are verified with, in PEM
    #[argh(option, arg_name = "file")]
    client_tls_ca: Option<String>,

    /// what of a server's certificate is verified: nothing, ca or identity (default nothing, ca if
    /// authorities are given)
    #[argh(option, arg_name = "what")]
    server_tls_verify: Option<String>,

    /// authorities that server certificates are verified with, in PEM (default: the system's)
    #[argh(option, arg_name = "file")]
    server_tls_ca: Option<String>,

    /// the proxy's certificate for servers that want one, in PEM
    #[argh(option, arg_name = "file")]
    server_tls_cert: Option<String>,

    /// its key, in PEM
    #[argh(option, arg_name = "file")]
    server_tls_key: Option<String>,

    /// where HTTP clients see /metrics, /connections/ and /health: HOST:PORT or PORT, 0 for one
    /// that is free
    #[argh(option, arg_name = "address")]
    http_port: Option<String>,

    /// name or address that HTTP clients connect to, where --http-port is a port alone (default
    /// 127.0.0.1)
    #[argh(option, arg_name = "address")]
    http_bind: Option<String>,

    /// file with a token that HTTP clients have to send: Authorization: Bearer TOKEN
    #[argh(option, arg_name = "file")]
    http_token_file: Option<String>,

    /// permissions of unix sockets that are listened on, as chmod takes them (default 0777)
    #[argh(option, arg_name = "mode")]
    socket_mode: Option<String>,

    /// addresses and networks whose connections begin with a header of the PROXY protocol, which says where
    /// the client is: 10.0.0.0/8,::1; localhost for Unix sockets, * for all; may be given again
    #[argh(option, arg_name = "from")]
    accept_proxy_protocol: Vec<String>,

    /// send servers a header of the PROXY protocol in front of each connection: v1 or v2
    #[argh(option, arg_name = "version")]
    send_proxy_protocol: Option<String>,

    /// how many clients there may be at once (default: no limit)
    #[argh(option, arg_name = "number")]
    max_connections: Option<String>,

    /// how long a server may take to accept and to greet (default 10s)
    #[argh(option, arg_name = "time")]
    connect_timeout: Option<String>,

    /// how long a login may take (default 60s)
    #[argh(option, arg_name = "time")]
    login_timeout: Option<String>,

    /// after how long a silence a connection is closed (default: never)
    #[argh(option, arg_name = "time")]
    idle_timeout: Option<String>,

    /// how long clients have to leave when the program ends (default 10s)
    #[argh(option, arg_name = "time")]
    drain: Option<String>,

    /// how many threads carry clients (default: as many as there are processors)
    #[argh(option, arg_name = "number")]
    workers: Option<String>,

    /// log connections too, not only what went wrong
    #[argh(switch)]
    verbose: bool,
}

/// Reads the arguments after the program's name: `--option value` or `--option=value`.
pub(crate) fn read(args: impl IntoIterator<Item = OsString>) -> Result<Task, UsageError> {
    let mut plain: Vec<String> = Vec::new();
    for arg in args {
        let arg = arg.into_string().map_err(UsageError::NotUtf8)?;
        match arg.split_once('=') {
            Some((option, value)) if option.starts_with("--") => {
                plain.extend([option.to_owned(), value.to_owned()]);
            }
            _ => plain.push(arg),
        }
    }
    let args: Vec<&str> = plain.iter().map(String::as_str).collect();
    match Args::from_args(&[NAME], &args) {
        Ok(args) if args.version => Ok(Task::Show(format!("{NAME} {VERSION}"))),
        Ok(args) => Ok(Task::Serve(Box::new(Settings::try_from(args)?))),
        Err(exit) if exit.status.is_ok() => Ok(Task::Show(exit.output.trim_end().to_owned())),
        Err(exit) => Err(UsageError::Other(exit.output.trim().replace('\n', " "))),
    }
}

const NAME: &str = "mynah-proxy";

const VERSION: &str = env!("CARGO_PKG_VERSION");
