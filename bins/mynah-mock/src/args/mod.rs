//! The command line: what the original mock accepts, and more.

mod error;
mod forms;
mod settings;
mod values;

use std::ffi::OsString;

use argh::{ArgsInfo, FromArgs};

pub(crate) use error::UsageError;
pub(crate) use settings::Settings;

/// What the program is to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Serve.
    Serve(Box<Settings>),
    /// Show a text, and end.
    Show(String),
}

/// A MySQL server that answers from a script.
///
/// Prints a line like `classic listening on ADDRESS:PORT` for each port and socket once clients can
/// connect, and ends with SIGTERM or SIGINT. An option that is given again replaces the one before;
/// one with an empty value is as if it weren't given.
#[derive(Debug, Default, FromArgs, ArgsInfo)]
#[argh(help_triggers("-?", "-h", "--help"))]
struct Args {
    /// show the version
    #[argh(switch, short = 'V')]
    version: bool,

    /// the trace to answer from: JavaScript, or JSON if its name ends in .json
    #[argh(option, short = 'f', arg_name = "file")]
    filename: Option<String>,

    /// name or address to listen on (default 0.0.0.0)
    #[argh(option, short = 'B', arg_name = "address")]
    bind_address: Option<String>,

    /// TCP port of the classic protocol, 0 for one that is free (default 3306, unless there is a
    /// socket)
    #[argh(option, short = 'P')]
    port: Option<String>,

    /// unix socket of the classic protocol
    #[argh(option, arg_name = "path")]
    socket: Option<String>,

    /// TCP port of the X Protocol, 0 for one that is free
    #[argh(option, short = 'X')]
    xport: Option<String>,

    /// unix socket of the X Protocol
    #[argh(option, arg_name = "path")]
    xsocket: Option<String>,

    /// permissions of the unix sockets, as chmod takes them (default 0777)
    #[argh(option, arg_name = "mode")]
    socket_mode: Option<String>,

    /// TCP port to see and change globals and connections on, by HTTP; 0 for one that is free
    #[argh(option)]
    http_port: Option<String>,

    /// name or address that HTTP clients connect to (default 127.0.0.1)
    #[argh(option, arg_name = "address")]
    http_bind: Option<String>,

    /// file with a token that HTTP clients have to send: Authorization: Bearer TOKEN
    #[argh(option, arg_name = "file")]
    http_token_file: Option<String>,

    /// where require() finds modules that are named without a path (default: the current
    /// directory)
    #[argh(option, arg_name = "dir")]
    module_prefix: Option<String>,

    /// log connections and statements too, not only what went wrong
    #[argh(switch)]
    verbose: bool,

    /// log to files mock_server_PORT.log in this folder, not to standard error
    #[argh(option, arg_name = "dir")]
    logging_folder: Option<String>,

    /// whether clients get TLS: disabled, preferred or required (default disabled)
    #[argh(option, arg_name = "mode")]
    ssl_mode: Option<String>,

    /// the certificate, in PEM
    #[argh(option, arg_name = "file")]
    ssl_cert: Option<String>,

    /// the key of the certificate, in PEM
    #[argh(option, arg_name = "file")]
    ssl_key: Option<String>,

    /// make key and certificate (for localhost, 127.0.0.1 and ::1): in memory, or in this folder
    /// and kept there, where clients find server-cert.pem to verify the server with; clients may
    /// then have TLS unless --ssl-mode says otherwise
    #[argh(option, arg_name = "dir")]
    ssl_self_signed: Option<String>,

    /// authorities that client certificates are verified with, in PEM
    #[argh(option, arg_name = "file")]
    ssl_ca: Option<String>,

    /// folder of such authorities, named by hash
    #[argh(option, arg_name = "dir")]
    ssl_capath: Option<String>,

    /// certificates that are revoked, in PEM
    #[argh(option, arg_name = "file")]
    ssl_crl: Option<String>,

    /// folder of such lists, named by hash
    #[argh(option, arg_name = "dir")]
    ssl_crlpath: Option<String>,

    /// ciphers, by OpenSSL's names with : between them
    #[argh(option, arg_name = "list")]
    ssl_cipher: Option<String>,

    /// the one TLS version: TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3 (default TLSv1.2 and later)
    #[argh(option, arg_name = "version")]
    tls_version: Option<String>,

    /// write a core file when the program crashes: 1 (also without a value), or 0 not to
    #[argh(option, arg_name = "0|1")]
    core_file: Option<String>,

    /// what sessions of a script may have in common: auto, as much as is safe, or context, nothing
    /// (default auto)
    #[argh(option, arg_name = "kind")]
    isolation: Option<String>,

    /// how long a script may run for one statement: 500ms, 5s, 1m (default 5s)
    #[argh(option, arg_name = "time")]
    statement_budget: Option<String>,

    /// compare the entries of a trace that is an array with the statements, whatever the trace says
    #[argh(switch)]
    strict: bool,

    /// answers to what clients ask by themselves, where the trace has none: default (when they connect),
    /// tools (also lists of schemas and tables), or none (default: default)
    #[argh(option, arg_name = "kind")]
    prelude: Option<String>,

    /// how clients may compress what they send and get: a list of zlib, zstd and uncompressed
    /// (default uncompressed)
    #[argh(option, arg_name = "list")]
    compression_algorithms: Option<String>,

    /// how many threads serve clients (default: as many as there are processors)
    #[argh(option)]
    workers: Option<String>,

    /// after how many threads that were lost to scripts the program ends (default 8)
    #[argh(option)]
    lost_workers: Option<String>,

    /// how long the start may take: 500ms, 5s, 1m (default 60s)
    #[argh(option, arg_name = "time")]
    start_budget: Option<String>,
    /// how many connections there may be at once; one more gets error 1040 (default 4096)
    #[argh(option, arg_name = "n")]
    max_connections: Option<String>,

    /// how many bytes a script may hold for one statement (default 256M)
    #[argh(option, arg_name = "size")]
    script_memory: Option<String>,

    /// how many bytes all large statements may take together while they are read and answered; more
    /// wait: 64M, 1G (default 1G)
    #[argh(option, arg_name = "size")]
    max_input: Option<String>,

    /// how many bytes the values of mysqld.global may take (default 64M)
    #[argh(option, arg_name = "size")]
    max_globals: Option<String>,

    /// how long a client may send nothing (default 8h)
    #[argh(option, arg_name = "time")]
    idle_timeout: Option<String>,

    /// how long a client may take nothing of what it is sent (default 60s)
    #[argh(option, arg_name = "time")]
    write_timeout: Option<String>,
}

/// Reads the arguments after the program's name.
pub(crate) fn read(args: impl IntoIterator<Item = OsString>) -> Result<Task, UsageError> {
    let args: Vec<String> = args
        .into_iter()
        .map(|arg| arg.into_string().map_err(UsageError::NotUtf8))
        .collect::<Result<_, _>>()?;
    let args = forms::plain(&args, Args::get_args_info().flags)?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match Args::from_args(&[NAME], &args) {
        Ok(args) if args.version => Ok(Task::Show(format!("{NAME} {VERSION}"))),
        Ok(args) => Ok(Task::Serve(Box::new(Settings::try_from(args)?))),
        Err(exit) if exit.status.is_ok() => Ok(Task::Show(exit.output.trim_end().to_owned())),
        Err(exit) => Err(UsageError::Other(exit.output.trim().replace('\n', " "))),
    }
}

const NAME: &str = "mynah-mock";

const VERSION: &str = env!("CARGO_PKG_VERSION");
