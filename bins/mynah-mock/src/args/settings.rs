use std::path::PathBuf;
use std::time::Duration;

use mynah::{Options, SelfSigned, TlsMode};

use super::{Args, UsageError, values};

/// What the program is to serve, and how it is to behave.
#[derive(Debug)]
pub(crate) struct Settings {
    /// For the server.
    pub(crate) options: Options,
    /// Whether to log all there is.
    pub(crate) verbose: bool,
    /// Where log files are; on standard error if nowhere.
    pub(crate) logging_folder: Option<PathBuf>,
    /// Whether a crash leaves a core file; as the environment has it if nothing is said.
    pub(crate) core_file: Option<bool>,
    /// After how many lost workers the program ends.
    pub(crate) lost_workers: usize,
    /// How long the start may take.
    pub(crate) start_budget: Duration,
}

impl TryFrom<Args> for Settings {
    type Error = UsageError;

    fn try_from(args: Args) -> Result<Self, UsageError> {
        let port = |value: Option<String>, option| {
            let port = value.map(|value| values::port(&value, option));
            port.transpose()
        };
        let mut options = Options::new(args.filename.ok_or(UsageError::NoFilename)?);
        if let Some(address) = args.bind_address {
            options.bind_address = address;
        }
        options.port = port(args.port, "port in [mock_server:classic]")?;
        options.socket = args.socket.map(PathBuf::from);
        options.xport = port(args.xport, "port in [mock_server:x]")?;
        options.xsocket = args.xsocket.map(PathBuf::from);
        if let Some(mode) = args.socket_mode {
            options.socket_mode = values::socket_mode(&mode)?;
        }
        options.http_port = port(args.http_port, "port in [http_server]")?;
        if let Some(address) = args.http_bind {
            options.http_bind = address;
        }
        let token = args.http_token_file.as_deref().map(values::http_token);
        options.http_token = token.transpose()?;
        if let Some(prefix) = args.module_prefix {
            options.module_prefix = prefix.into();
        }
        if let Some(folder) = args.ssl_self_signed {
            options.tls.mode = TlsMode::Preferred;
            options.tls.self_signed = match folder.as_str() {
                "" => SelfSigned::InMemory,
                folder => SelfSigned::KeptIn(folder.into()),
            };
        }
        if let Some(mode) = args.ssl_mode {
            options.tls.mode = values::ssl_mode(&mode)?;
        }
        options.tls.cert = args.ssl_cert.map(PathBuf::from);
        options.tls.key = args.ssl_key.map(PathBuf::from);
        options.tls.ca = args.ssl_ca.map(PathBuf::from);
        options.tls.capath = args.ssl_capath.map(PathBuf::from);
        options.tls.crl = args.ssl_crl.map(PathBuf::from);
        options.tls.crlpath = args.ssl_crlpath.map(PathBuf::from);
        options.tls.cipher = args.ssl_cipher;
        let version = args.tls_version.as_deref().map(values::tls_version);
        options.tls.version = version.transpose()?;
        if let Some(isolation) = args.isolation {
            options.isolation = values::isolation(&isolation)?;
        }
        if let Some(budget) = args.statement_budget {
            options.statement_budget = values::time(&budget, "statement-budget")?;
        }
        options.strict = args.strict;
        if let Some(prelude) = args.prelude {
            options.prelude = values::prelude(&prelude)?;
        }
        if let Some(algorithms) = args.compression_algorithms {
            options.compression = values::compression(&algorithms)?;
        }
        if let Some(connections) = args.max_connections {
            options.limits.connections = values::connections(&connections)?;
        }
        if let Some(size) = args.script_memory {
            options.script_memory = values::size("script-memory", &size)?;
        }
        if let Some(size) = args.max_input {
            options.limits.input = values::size("max-input", &size)?;
        }
        if let Some(size) = args.max_globals {
            options.max_globals = values::size("max-globals", &size)?;
        }
        if let Some(timeout) = args.idle_timeout {
            options.limits.idle_timeout = values::time(&timeout, "idle-timeout")?;
        }
        if let Some(timeout) = args.write_timeout {
            options.limits.write_timeout = values::time(&timeout, "write-timeout")?;
        }
        let workers = args.workers.as_deref().map(values::workers);
        options.workers = workers.transpose()?;
        let lost_workers = args.lost_workers.as_deref().map(values::lost_workers);
        let start_budget = args.start_budget.as_deref();
        let start_budget = start_budget.map(|budget| values::time(budget, "start-budget"));
        let core_file = args.core_file.as_deref().map(values::core_file);
        Ok(Self {
            options,
            verbose: args.verbose,
            logging_folder: args.logging_folder.map(PathBuf::from),
            core_file: core_file.transpose()?,
            lost_workers: lost_workers.transpose()?.unwrap_or(LOST_WORKERS),
            start_budget: start_budget.transpose()?.unwrap_or(START_BUDGET),
        })
    }
}

const LOST_WORKERS: usize = 8;
const START_BUDGET: Duration = Duration::from_secs(60);
