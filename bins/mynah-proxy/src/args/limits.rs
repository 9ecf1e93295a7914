use std::time::Duration;

use clap::Args;
use mynah_program::{UsageError, values};

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// the most clients at a time; further clients get error 1040 (default: no limit)
    #[arg(long, value_name = "NUMBER")]
    max_connections: Option<String>,

    /// the longest time that a server may take to accept a connection and to send its greeting: 500ms, 5s (default 10s)
    #[arg(long, value_name = "TIME")]
    connect_timeout: Option<String>,

    /// the longest time that a login may take: 30s, 1m (default 60s)
    #[arg(long, value_name = "TIME")]
    login_timeout: Option<String>,

    /// close a connection on which neither side sends anything for this time: 30s, 8h (default: never)
    #[arg(long, value_name = "TIME")]
    idle_timeout: Option<String>,

    /// how long open connections may continue when the program ends: 500ms, 10s (default 10s)
    #[arg(long, value_name = "TIME")]
    drain: Option<String>,

    /// number of threads that serve clients (default: the number of processors)
    #[arg(long, value_name = "NUMBER")]
    workers: Option<String>,
}

impl LimitArgs {
    pub(super) fn max_connections(&self) -> Result<Option<usize>, UsageError> {
        let number = self.max_connections.as_deref();
        let number = number.map(|text| values::number("--max-connections", text, 1..=1_000_000));
        number.transpose()
    }

    pub(super) fn connect_timeout(&self) -> Result<Option<Duration>, UsageError> {
        time("--connect-timeout", self.connect_timeout.as_deref())
    }

    pub(super) fn login_timeout(&self) -> Result<Option<Duration>, UsageError> {
        time("--login-timeout", self.login_timeout.as_deref())
    }

    pub(super) fn idle_timeout(&self) -> Result<Option<Duration>, UsageError> {
        time("--idle-timeout", self.idle_timeout.as_deref())
    }

    pub(super) fn drain(&self) -> Result<Duration, UsageError> {
        Ok(self.given_drain()?.unwrap_or(DRAIN))
    }

    /// The time that the option says.
    pub(super) fn given_drain(&self) -> Result<Option<Duration>, UsageError> {
        time("--drain", self.drain.as_deref())
    }

    pub(super) fn workers(&self) -> Result<Option<usize>, UsageError> {
        let number = self.workers.as_deref();
        let number = number.map(|text| values::number("--workers", text, 1..=1024));
        number.transpose()
    }
}

fn time(option: &'static str, value: Option<&str>) -> Result<Option<Duration>, UsageError> {
    value.map(|value| values::time(option, value)).transpose()
}

/// How long clients have to disconnect at the end.
const DRAIN: Duration = Duration::from_secs(10);
