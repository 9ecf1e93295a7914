use std::io::IsTerminal;
use std::time::Duration;

use mynah_relay::RelayOptions;

use super::{Args, ArgsError};

/// The settings of the relay and the program.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The relay's options.
    pub(crate) options: RelayOptions,
    /// Whether to log everything.
    pub(crate) verbose: bool,
    /// How long clients have to disconnect at the end.
    pub(crate) drain: Duration,
}

impl TryFrom<Args> for Settings {
    type Error = ArgsError;

    fn try_from(args: Args) -> Result<Self, ArgsError> {
        let (routes, limits) = (&args.routes, &args.limits);
        let defaults = RelayOptions::default();
        let trace = args.trace.options()?;
        let is_watched = trace.is_some() && std::io::stdout().is_terminal();
        let connect_timeout = limits.connect_timeout()?;
        let login_timeout = limits.login_timeout()?;
        let tls = args.tls.options()?;
        let options = RelayOptions {
            routes: routes.routes()?,
            summary: args.trace.summary || is_watched,
            workers: limits.workers()?.unwrap_or(defaults.workers),
            record: args.record.options(tls.passthrough, args.trace.rules()?)?,
            tls,
            trace,
            subscriptions: defaults.subscriptions,
            gates: defaults.gates,
            faults: args.faults.rules()?,
            http: args.http.options()?,
            socket_mode: routes.socket_mode()?.unwrap_or(defaults.socket_mode),
            accept_proxy_protocol: routes.accept_proxy_protocol()?,
            send_proxy_protocol: routes.send_proxy_protocol()?,
            max_connections: limits.max_connections()?,
            connect_timeout: connect_timeout.unwrap_or(defaults.connect_timeout),
            login_timeout: login_timeout.unwrap_or(defaults.login_timeout),
            idle_timeout: limits.idle_timeout()?,
        };
        Ok(Self {
            options,
            verbose: args.verbose,
            drain: limits.drain()?,
        })
    }
}
