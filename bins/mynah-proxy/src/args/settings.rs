use std::io::IsTerminal;
use std::time::Duration;

use mynah_net::{SelfSigned, TlsClientOptions, TlsOptions, TlsVerify};
use mynah_relay::{
    Address, Filter, Format, HttpOptions, Output, Protocol, RelayOptions, RelayTls, Route, Rule,
    TraceOptions,
};

use super::{Args, UsageError, values};

/// What the program is to do, and how it is to behave.
#[derive(Debug)]
pub(crate) struct Settings {
    /// For the relay.
    pub(crate) options: RelayOptions,
    /// Whether to log all there is.
    pub(crate) verbose: bool,
    /// How long clients have to leave at the end.
    pub(crate) drain: Duration,
}

impl TryFrom<Args> for Settings {
    type Error = UsageError;

    fn try_from(args: Args) -> Result<Self, UsageError> {
        let time = |value: &Option<String>, option| {
            let time = value.as_deref().map(|value| values::time(value, option));
            time.transpose()
        };
        let number = |value: &Option<String>, option, least, most| {
            let number = value
                .as_deref()
                .map(|value| values::number(value, option, least, most));
            number.transpose()
        };
        let defaults = RelayOptions::default();
        let workers = number(&args.workers, "--workers", 1, 1024)?;
        let most = number(&args.max_connections, "--max-connections", 1, 1_000_000)?;
        let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let trace = trace(&args)?;
        let is_watched = trace.is_some() && std::io::stdout().is_terminal();
        let options = RelayOptions {
            routes: routes(&args)?,
            summary: args.summary || is_watched,
            workers: workers.map_or(defaults.workers, whole),
            tls: tls(&args)?,
            trace,
            http: http(&args)?,
            socket_mode: match &args.socket_mode {
                Some(mode) => values::socket_mode(mode)?,
                None => defaults.socket_mode,
            },
            accept_proxy_protocol: values::senders(&args.accept_proxy_protocol)?,
            send_proxy_protocol: args
                .send_proxy_protocol
                .as_deref()
                .map(values::proxy_version)
                .transpose()?,
            max_connections: most.map(whole),
            connect_timeout: time(&args.connect_timeout, "--connect-timeout")?
                .unwrap_or(defaults.connect_timeout),
            login_timeout: time(&args.login_timeout, "--login-timeout")?
                .unwrap_or(defaults.login_timeout),
            idle_timeout: time(&args.idle_timeout, "--idle-timeout")?,
        };
        Ok(Self {
            options,
            verbose: args.verbose,
            drain: time(&args.drain, "--drain")?.unwrap_or(DRAIN),
        })
    }
}

fn routes(args: &Args) -> Result<Vec<Route>, UsageError> {
    let (listen, upstream) = (args.listen.len(), args.upstream.len());
    if listen != upstream || listen == 0 {
        return Err(UsageError::Routes { listen, upstream });
    }
    let protocols: Vec<Protocol> = args
        .protocol
        .iter()
        .map(|protocol| values::protocol(protocol))
        .collect::<Result<_, _>>()?;
    if protocols.len() > 1 && protocols.len() != listen {
        return Err(UsageError::Protocols {
            routes: listen,
            protocols: protocols.len(),
        });
    }
    let only = protocols.first().copied().unwrap_or_default();
    let pairs = args.listen.iter().zip(&args.upstream).enumerate();
    pairs
        .map(|(index, (listen, upstream))| {
            Ok(Route {
                listen: values::address(listen, "--listen")?,
                upstream: values::address(upstream, "--upstream")?,
                protocol: protocols.get(index).copied().unwrap_or(only),
            })
        })
        .collect()
}

fn trace(args: &Args) -> Result<Option<TraceOptions>, UsageError> {
    let level = args.trace.as_deref().map_or(Ok(Some(1)), values::level)?;
    let Some(level) = level else {
        return Ok(None);
    };
    let format = args
        .format
        .as_deref()
        .map_or(Ok(Format::Text), values::format)?;
    let filter = match &args.filter {
        Some(_) if format == Format::Hex => {
            return Err(UsageError::Together(
                "--filter",
                "packets in hex are all or none",
            ));
        }
        Some(text) => Some(condition(text, "--filter")?),
        None => None,
    };
    let only = args.only.as_deref().map(|text| condition(text, "--only"));
    let only = only.transpose()?;
    if let Some(field) = only.as_ref().and_then(Filter::field_of_commands) {
        return Err(UsageError::Only(field));
    }
    let rotate = args
        .rotate
        .as_deref()
        .map(|size| values::size(size, "--rotate"));
    let rotate_at = rotate.transpose()?;
    let keep = args
        .keep
        .as_deref()
        .map(|keep| values::number(keep, "--keep", 0, 1000));
    let output = match &args.output {
        Some(path) => Output::File {
            path: path.into(),
            rotate_at,
            keep: u32::try_from(keep.transpose()?.unwrap_or(5)).unwrap_or(u32::MAX),
        },
        None if rotate_at.is_some() => {
            return Err(UsageError::Together("--rotate", "there is no --output"));
        }
        None => Output::Stdout,
    };
    let colours = match args.colour.as_deref() {
        None | Some("auto") => output == Output::Stdout && std::io::stdout().is_terminal(),
        Some("always") => true,
        Some("never") => false,
        Some(value) => return Err(values::one_of("--colour", "auto, always, never", value)),
    };
    let overflow = args.trace_overflow.as_deref().map(values::overflow);
    let slow = args
        .slow
        .as_deref()
        .map(|slow| values::time(slow, "--slow"));
    let most = u64::from(u32::MAX);
    let width = args
        .width
        .as_deref()
        .map(|width| values::number(width, "--width", 0, most));
    Ok(Some(TraceOptions {
        format,
        level,
        output,
        filter,
        only,
        show_secrets: args.show_secrets,
        redact: rules(args)?,
        colours,
        slow: slow.transpose()?.unwrap_or(TraceOptions::default().slow),
        width: width
            .transpose()?
            .map_or(TraceOptions::default().width, |width| {
                usize::try_from(width).unwrap_or(usize::MAX)
            }),
        overflow: overflow.transpose()?.unwrap_or_default(),
    }))
}

fn rules(args: &Args) -> Result<Vec<Rule>, UsageError> {
    if args.show_secrets && !args.redact.is_empty() {
        return Err(UsageError::Together(
            "--redact",
            "--show-secrets hides nothing",
        ));
    }
    let rules = args.redact.iter().map(|text| {
        text.parse().map_err(|source| UsageError::Rule {
            text: text.clone(),
            source,
        })
    });
    rules.collect()
}

fn condition(text: &str, option: &'static str) -> Result<Filter, UsageError> {
    text.parse().map_err(|source| UsageError::Filter {
        option,
        text: text.to_owned(),
        source,
    })
}

fn tls(args: &Args) -> Result<RelayTls, UsageError> {
    let passthrough = match args.tls.as_deref() {
        None | Some("terminate") => false,
        Some("passthrough") => true,
        Some(value) => return Err(values::one_of("--tls", "passthrough, terminate", value)),
    };
    if passthrough && (args.client_tls.is_some() || args.server_tls.is_some()) {
        let why = "what passes through has no --client-tls and no --server-tls";
        return Err(UsageError::Together("--tls", why));
    }
    for (cert, key, option) in [
        (
            &args.client_tls_cert,
            &args.client_tls_key,
            "--client-tls-cert",
        ),
        (
            &args.server_tls_cert,
            &args.server_tls_key,
            "--server-tls-cert",
        ),
    ] {
        if cert.is_some() != key.is_some() {
            return Err(UsageError::Together(
                option,
                "a certificate and its key go together",
            ));
        }
    }
    let mode = |value: &Option<String>, option| {
        let mode = value
            .as_deref()
            .map(|value| values::tls_mode(value, option));
        mode.transpose()
    };
    let verify = match &args.server_tls_verify {
        Some(value) => values::verify(value)?,
        None if args.server_tls_ca.is_some() => TlsVerify::Authority,
        None => TlsVerify::Nothing,
    };
    let path = |value: &Option<String>| value.as_ref().map(Into::into);
    Ok(RelayTls {
        passthrough,
        client: mode(&args.client_tls, "--client-tls")?,
        server: mode(&args.server_tls, "--server-tls")?,
        own: TlsOptions {
            cert: path(&args.client_tls_cert),
            key: path(&args.client_tls_key),
            self_signed: match &args.client_tls_self_signed {
                Some(folder) => SelfSigned::KeptIn(folder.into()),
                None => SelfSigned::InMemory,
            },
            ca: path(&args.client_tls_ca),
            ..TlsOptions::default()
        },
        servers: TlsClientOptions {
            ca: path(&args.server_tls_ca),
            verify,
            cert: path(&args.server_tls_cert),
            key: path(&args.server_tls_key),
            ..TlsClientOptions::default()
        },
        key_log: std::env::var_os("SSLKEYLOGFILE")
            .filter(|path| !path.is_empty())
            .map(Into::into),
    })
}

fn http(args: &Args) -> Result<Option<HttpOptions>, UsageError> {
    let Some(text) = &args.http_port else {
        return Ok(None);
    };
    match values::address(text, "--http-port")? {
        Address::Tcp { host, port } => {
            let is_alone = text.bytes().all(|byte| byte.is_ascii_digit());
            let token = args.http_token_file.as_deref().map(values::http_token);
            Ok(Some(HttpOptions {
                bind: args.http_bind.clone().filter(|_| is_alone).unwrap_or(host),
                port,
                token: token.transpose()?,
            }))
        }
        Address::Unix(_) => Err(UsageError::Together(
            "--http-port",
            "it is HOST:PORT or PORT",
        )),
    }
}

/// How long clients have to leave at the end.
const DRAIN: Duration = Duration::from_secs(10);
