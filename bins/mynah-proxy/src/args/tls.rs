use std::path::PathBuf;

use clap::Args;
use mynah_net::{SelfSigned, TlsClientOptions, TlsMode, TlsOptions, TlsVerify};
use mynah_program::{UsageError, values};
use mynah_relay::RelayTls;

use super::ArgsError;
use super::error::together;

#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub(super) struct TlsArgs {
    /// passthrough: encrypted traffic passes unread; terminate: TLS ends at the proxy (default)
    #[arg(long, value_name = "HOW")]
    tls: Option<String>,

    /// whether clients may or must use TLS: disabled, preferred or required (default: as the server
    /// offers it)
    #[arg(long, value_name = "MODE")]
    client_tls: Option<String>,

    /// whether the proxy uses TLS to servers: disabled, preferred or required (default: as the
    /// client does)
    #[arg(long, value_name = "MODE")]
    server_tls: Option<String>,

    /// the proxy's certificate for clients, in PEM (default: one is made)
    #[arg(long, value_name = "FILE")]
    client_tls_cert: Option<String>,

    /// its key, in PEM
    #[arg(long, value_name = "FILE")]
    client_tls_key: Option<String>,

    /// folder in which to make a self-signed certificate once and keep it, for clients that verify
    /// the proxy with server-cert.pem there
    #[arg(long, value_name = "DIR")]
    client_tls_self_signed: Option<String>,

    /// authorities for verifying client certificates, in PEM
    #[arg(long, value_name = "FILE")]
    client_tls_ca: Option<String>,

    /// what to verify of a server's certificate: nothing, ca or identity (default nothing, ca if
    /// authorities are given)
    #[arg(long, value_name = "WHAT")]
    server_tls_verify: Option<String>,

    /// authorities for verifying server certificates, in PEM (default: the system's)
    #[arg(long, value_name = "FILE")]
    server_tls_ca: Option<String>,

    /// the proxy's certificate for servers that ask for one, in PEM
    #[arg(long, value_name = "FILE")]
    server_tls_cert: Option<String>,

    /// its key, in PEM
    #[arg(long, value_name = "FILE")]
    server_tls_key: Option<String>,
}

impl TlsArgs {
    pub(super) fn options(&self) -> Result<RelayTls, ArgsError> {
        let passthrough = self.passthrough()?;
        for (cert, key, option) in [
            (
                &self.client_tls_cert,
                &self.client_tls_key,
                "--client-tls-cert",
            ),
            (
                &self.server_tls_cert,
                &self.server_tls_key,
                "--server-tls-cert",
            ),
        ] {
            if cert.is_some() != key.is_some() {
                let problem = "and its key are not both there";
                return Err(together(
                    option,
                    problem,
                    "a certificate and its key go together",
                ));
            }
        }
        Ok(RelayTls {
            passthrough,
            client: mode("--client-tls", self.client_tls.as_deref())?,
            server: mode("--server-tls", self.server_tls.as_deref())?,
            own: self.own(),
            servers: self.servers()?,
            key_log: std::env::var_os("SSLKEYLOGFILE")
                .filter(|path| !path.is_empty())
                .map(Into::into),
        })
    }

    fn passthrough(&self) -> Result<bool, ArgsError> {
        let choices = [("passthrough", true), ("terminate", false)];
        let tls = self.tls.as_deref().unwrap_or("terminate");
        let passthrough = values::choice("--tls", tls, &choices)?;
        if passthrough && (self.client_tls.is_some() || self.server_tls.is_some()) {
            let problem = "passthrough leaves TLS as it is, what passes through has no mode";
            let remedy = "leave out --client-tls and --server-tls";
            return Err(together("--tls", problem, remedy));
        }
        Ok(passthrough)
    }

    /// The options of TLS to clients.
    fn own(&self) -> TlsOptions {
        TlsOptions {
            cert: path(self.client_tls_cert.as_deref()),
            key: path(self.client_tls_key.as_deref()),
            self_signed: match &self.client_tls_self_signed {
                Some(folder) => SelfSigned::KeptIn(folder.into()),
                None => SelfSigned::InMemory,
            },
            ca: path(self.client_tls_ca.as_deref()),
            ..TlsOptions::default()
        }
    }

    fn servers(&self) -> Result<TlsClientOptions, UsageError> {
        let choices = [
            ("nothing", TlsVerify::Nothing),
            ("ca", TlsVerify::Authority),
            ("identity", TlsVerify::Identity),
        ];
        let default = match &self.server_tls_ca {
            Some(_) => "ca",
            None => "nothing",
        };
        let verify = self.server_tls_verify.as_deref().unwrap_or(default);
        Ok(TlsClientOptions {
            ca: path(self.server_tls_ca.as_deref()),
            verify: values::choice("--server-tls-verify", verify, &choices)?,
            cert: path(self.server_tls_cert.as_deref()),
            key: path(self.server_tls_key.as_deref()),
            ..TlsClientOptions::default()
        })
    }
}

fn mode(option: &'static str, value: Option<&str>) -> Result<Option<TlsMode>, UsageError> {
    let mode = value.map(|value| values::tls_mode(option, value));
    mode.transpose()
}

fn path(value: Option<&str>) -> Option<PathBuf> {
    value.map(PathBuf::from)
}
