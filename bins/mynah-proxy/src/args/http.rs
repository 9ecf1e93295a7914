use clap::Args;
use mynah_program::values;
use mynah_relay::{Address, DigestOptions, HttpOptions, Rule};

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "HTTP")]
pub(super) struct HttpArgs {
    /// address of the HTTP listener for a page (/), /events/, /metrics, /connections/, /upstreams/, /digests/, /faults/ and /health:
    /// HOST:PORT or PORT, port 0 for any free port (default: none)
    #[arg(long, value_name = "ADDRESS")]
    http_port: Option<String>,

    /// name or address of the HTTP listener, if --http-port is only a port (default 127.0.0.1)
    #[arg(long, value_name = "ADDRESS")]
    http_bind: Option<String>,

    /// file with a token that HTTP requests must have: Authorization: Bearer TOKEN (default: none)
    #[arg(long, value_name = "FILE")]
    http_token_file: Option<String>,

    /// open the page of the HTTP listener in a browser
    #[arg(long)]
    open: bool,

    /// how many digests of statements /digests/ has at most, 0 for none: then statements aren't counted by their
    /// digests (default 1000)
    #[arg(long, value_name = "NUMBER")]
    digests: Option<String>,
}

impl HttpArgs {
    pub(super) fn options(&self) -> Result<Option<HttpOptions>, ArgsError> {
        let Some(text) = &self.http_port else {
            return Ok(None);
        };
        let bind = self.http_bind.as_deref();
        let bind = bind.map(|bind| values::host("--http-bind", bind, "--http-port"));
        let bind = bind.transpose()?;
        let Address::Tcp { host, port } = values::parsed("--http-port", text)? else {
            let problem = "is the path of a Unix socket";
            return Err(together("--http-port", problem, "write HOST:PORT or PORT"));
        };
        let is_alone = text.bytes().all(|byte| byte.is_ascii_digit());
        let token = self.http_token_file.as_deref();
        let token = token.map(|path| values::http_token("--http-token-file", path));
        Ok(Some(HttpOptions {
            bind: bind.filter(|_| is_alone).unwrap_or(host),
            port,
            token: token.transpose()?,
        }))
    }

    /// Whether the page is opened in a browser.
    pub(super) fn opens_page(&self) -> Result<bool, ArgsError> {
        if self.open && self.http_port.is_none() {
            let remedy = "say where the page is with --http-port";
            return Err(together("--open", "without --http-port", remedy));
        }
        Ok(self.open)
    }

    /// How statements are counted by their digests; `None` if they aren't. `redact` is what is hidden besides
    /// passwords.
    pub(super) fn digests(&self, redact: Vec<Rule>) -> Result<Option<DigestOptions>, ArgsError> {
        if self.digests.is_some() && self.http_port.is_none() {
            let remedy = "say where they are shown with --http-port";
            return Err(together("--digests", "without --http-port", remedy));
        }
        let defaults = DigestOptions::default();
        let most = self.digests.as_deref();
        let most = most.map(|most| values::number("--digests", most, 0..=MOST_DIGESTS));
        let most = most.transpose()?.unwrap_or(defaults.most);
        Ok((most > 0).then_some(DigestOptions { most, redact }))
    }
}

/// The most digests that may be asked for: each takes a few kilobytes.
const MOST_DIGESTS: u64 = 100_000;
