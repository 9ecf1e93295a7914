use std::time::Duration;

use clap::Parser;
use mynah_program::{UsageError, values};

/// Which mock is asked for its health.
#[derive(Debug)]
pub(crate) struct Ping {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) token: Option<String>,
    pub(crate) timeout: Duration,
}

#[derive(Debug, Parser)]
#[command(
    name = "mynah-mock ping",
    version,
    about = "Asks a running mock over HTTP whether it serves clients. The exit code is 0 if it does, else 1.",
    override_usage = "mynah-mock ping --http-port <PORT> [OPTIONS]",
    args_override_self = true
)]
pub(super) struct PingArgs {
    /// TCP port of the mock's HTTP listener (default 8080)
    #[arg(long, value_name = "PORT")]
    http_port: Option<String>,

    /// name or address of the mock's HTTP listener (default 127.0.0.1)
    #[arg(long, value_name = "ADDRESS")]
    http_bind: Option<String>,

    /// file with the token that the mock's HTTP listener requires (default: none)
    #[arg(long, value_name = "FILE")]
    http_token_file: Option<String>,

    /// the longest time to wait for the answer: 500ms, 5s (default 5s)
    #[arg(long, value_name = "TIME")]
    timeout: Option<String>,
}

impl PingArgs {
    pub(super) fn ping(self) -> Result<Ping, UsageError> {
        let host = self.http_bind.as_deref().unwrap_or("127.0.0.1");
        let host = values::host("--http-bind", host, "--http-port")?;
        let token = self.http_token_file.as_deref();
        let token = token.map(|path| values::http_token("--http-token-file", path));
        Ok(Ping {
            // A mock that listens on all addresses is asked on this machine.
            host: match host.as_str() {
                "0.0.0.0" => "127.0.0.1".to_owned(),
                "::" => "::1".to_owned(),
                _ => host,
            },
            port: values::port("--http-port", self.http_port.as_deref().unwrap_or("8080"))?,
            token: token.transpose()?,
            timeout: values::time("--timeout", self.timeout.as_deref().unwrap_or("5s"))?,
        })
    }
}
