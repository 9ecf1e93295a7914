use std::io::IsTerminal;
use std::time::Duration;

use mynah_relay::RelayOptions;

use super::compare_with::Others;
use super::mode::Mode;
use super::{Args, ArgsError};
use crate::compare::Compare;
use crate::compare_with::CompareWith;

/// The settings of the relay and the program.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The relay's options.
    pub(crate) options: RelayOptions,
    /// What the servers' answers are compared with, if they are.
    pub(crate) compare: Option<Compare>,
    /// How the answers of two servers are compared, if they are.
    pub(crate) compare_with: Option<CompareWith>,
    /// Whether the page is opened in a browser.
    pub(crate) opens_page: bool,
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
        let has_second = args.compare_with.is_given();
        let redact = args.trace.rules()?;
        let recorded = args.record.options(tls.passthrough, redact, has_second)?;
        let compare_with = args.compare_with.options(Others {
            report: args.record.report(),
            volatile: args.record.volatile()?,
            redact: args.trace.rules()?,
            passthrough: tls.passthrough,
            has_recording: args.record.has_recording(),
            listens: routes.count(),
        })?;
        let (mirror, compare_with) = compare_with.unzip();
        let routed = routes.routes(&args.upstreams.policies()?)?;
        let has_several = routed.iter().any(|route| route.upstreams.len() > 1);
        let mut options = RelayOptions {
            routes: routed,
            upstreams: args.upstreams.options(has_several)?,
            summary: args.trace.summary || is_watched,
            workers: limits.workers()?.unwrap_or(defaults.workers),
            record: recorded.record,
            mirror,
            tls,
            trace,
            subscriptions: defaults.subscriptions,
            gates: defaults.gates,
            faults: args.faults.rules()?,
            http: args.http.options()?,
            digests: args.http.digests(args.trace.rules()?)?,
            socket_mode: routes.socket_mode()?.unwrap_or(defaults.socket_mode),
            accept_proxy_protocol: routes.accept_proxy_protocol()?,
            send_proxy_protocol: routes.send_proxy_protocol()?,
            max_connections: limits.max_connections()?,
            connect_timeout: connect_timeout.unwrap_or(defaults.connect_timeout),
            login_timeout: login_timeout.unwrap_or(defaults.login_timeout),
            idle_timeout: limits.idle_timeout()?,
        };
        if let Some(mode) = args.record.mode()? {
            mode.set(&mut options)?;
        }
        Ok(Self {
            options,
            compare: recorded.compare,
            compare_with,
            opens_page: args.http.opens_page()?,
            verbose: args.verbose,
            drain: limits.drain()?,
        })
    }
}

/// The options of a mock, where a recording alone answers.
pub(super) fn replay(args: &Args) -> Result<Option<mynah::Options>, ArgsError> {
    let Some(mode) = args.record.mode()?.filter(Mode::is_alone) else {
        return Ok(None);
    };
    let mut mock = mode.mock(
        &args.routes.listeners()?,
        args.http.options()?,
        args.routes.socket_mode()?,
    )?;
    mock.tls = args.tls.of_clients()?;
    mock.replay = args.record.replay_options(mock.replay)?;
    mock.workers = args.limits.workers()?;
    Ok(Some(mock))
}
