use std::path::PathBuf;

use clap::Args;
use mynah::{SelfSigned, TlsMode, TlsOptions, TlsVersion};
use mynah_program::{UsageError, values};

use super::ArgsError;

#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub(super) struct TlsArgs {
    /// whether clients get TLS: disabled, preferred or required (default disabled)
    #[arg(long, value_name = "MODE")]
    ssl_mode: Option<String>,

    /// the certificate, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_cert: Option<String>,

    /// the key of the certificate, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_key: Option<String>,

    /// use a self-signed certificate (for localhost, 127.0.0.1 and ::1), made in memory, or once in
    /// this folder, where clients find server-cert.pem to verify the server with; clients may then
    /// use TLS unless --ssl-mode sets it otherwise
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "")]
    ssl_self_signed: Option<String>,

    /// authorities for verifying client certificates, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_ca: Option<String>,

    /// folder of such authorities, named by hash
    #[arg(long, value_name = "DIR")]
    ssl_capath: Option<String>,

    /// certificate revocation lists, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_crl: Option<String>,

    /// folder of such lists, named by hash
    #[arg(long, value_name = "DIR")]
    ssl_crlpath: Option<String>,

    /// ciphers, by OpenSSL's names separated by :
    #[arg(long, value_name = "LIST")]
    ssl_cipher: Option<String>,

    /// the one TLS version: TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3 (default TLSv1.2 and later)
    #[arg(long, value_name = "VERSION")]
    tls_version: Option<String>,
}

impl TlsArgs {
    pub(super) fn options(self) -> Result<TlsOptions, UsageError> {
        let mut options = TlsOptions::default();
        if let Some(folder) = self.ssl_self_signed {
            options.mode = TlsMode::Preferred;
            options.self_signed = match folder.as_str() {
                "" => SelfSigned::InMemory,
                folder => SelfSigned::KeptIn(folder.into()),
            };
        }
        if let Some(mode) = self.ssl_mode {
            options.mode = values::tls_mode("--ssl-mode", &mode)?;
        }
        options.cert = self.ssl_cert.map(PathBuf::from);
        options.key = self.ssl_key.map(PathBuf::from);
        options.ca = self.ssl_ca.map(PathBuf::from);
        options.capath = self.ssl_capath.map(PathBuf::from);
        options.crl = self.ssl_crl.map(PathBuf::from);
        options.crlpath = self.ssl_crlpath.map(PathBuf::from);
        options.cipher = self.ssl_cipher;
        let version = self.tls_version.as_deref();
        let version = version.map(|version| values::choice("--tls-version", version, &VERSIONS));
        options.version = version.transpose()?;
        Ok(options)
    }
}

/// Checks that a certificate and its key are set, if TLS is enabled.
pub(super) fn check(options: &TlsOptions) -> Result<(), ArgsError> {
    let is_made = options.self_signed != SelfSigned::Never;
    if options.mode == TlsMode::Disabled || is_made {
        return Ok(());
    }
    match (&options.cert, &options.key) {
        (Some(_), Some(_)) => Ok(()),
        (None, _) => Err(ArgsError::NoCertificate("--ssl-cert")),
        (_, None) => Err(ArgsError::NoCertificate("--ssl-key")),
    }
}

const VERSIONS: [(&str, TlsVersion); 4] = [
    ("TLSv1", TlsVersion::V1_0),
    ("TLSv1.1", TlsVersion::V1_1),
    ("TLSv1.2", TlsVersion::V1_2),
    ("TLSv1.3", TlsVersion::V1_3),
];
