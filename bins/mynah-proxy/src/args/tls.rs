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
    /// what happens to TLS of clients: terminate (it ends at the proxy) or passthrough (encrypted traffic passes
    /// unread) (default terminate)
    #[arg(long, value_name = "HOW")]
    tls: Option<String>,

    /// whether clients may or must use TLS: disabled, preferred or required (default: as the server offers it)
    #[arg(long, value_name = "MODE")]
    client_tls: Option<String>,

    /// whether the proxy uses TLS with servers: disabled, preferred or required (default: as the client does)
    #[arg(long, value_name = "MODE")]
    server_tls: Option<String>,

    /// file with the proxy's certificate for clients, in PEM (default: one is made at each start)
    #[arg(long, value_name = "FILE")]
    client_tls_cert: Option<String>,

    /// file with the key of --client-tls-cert, in PEM
    #[arg(long, value_name = "FILE")]
    client_tls_key: Option<String>,

    /// folder in which a self-signed certificate is made once and kept, as server-cert.pem, which clients can verify
    /// the proxy with
    #[arg(long, value_name = "DIR")]
    client_tls_self_signed: Option<String>,

    /// file with authorities for verifying client certificates, in PEM (default: none is required)
    #[arg(long, value_name = "FILE")]
    client_tls_ca: Option<String>,

    /// what is verified of a server's certificate: nothing, ca (its authority) or identity (also its host name,
    /// localhost for a Unix socket) (default nothing; ca with --server-tls-ca)
    #[arg(long, value_name = "WHAT")]
    server_tls_verify: Option<String>,

    /// file with authorities for verifying server certificates, in PEM (default: the system's)
    #[arg(long, value_name = "FILE")]
    server_tls_ca: Option<String>,

    /// file with the proxy's certificate for servers that ask for one, in PEM (default: none)
    #[arg(long, value_name = "FILE")]
    server_tls_cert: Option<String>,

    /// file with the key of --server-tls-cert, in PEM
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

    /// The options of TLS to clients where no server is asked.
    pub(super) fn of_clients(&self) -> Result<TlsOptions, ArgsError> {
        let options = self.options()?;
        Ok(TlsOptions {
            mode: options.client.unwrap_or(TlsMode::Preferred),
            key_log: options.key_log,
            ..options.own
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
