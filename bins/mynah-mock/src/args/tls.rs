use std::path::PathBuf;

use clap::Args;
use mynah::{SelfSigned, TlsMode, TlsOptions, TlsVersion};
use mynah_program::{UsageError, values};

use super::ArgsError;

#[derive(Debug, Args)]
#[command(next_help_heading = "TLS")]
pub(super) struct TlsArgs {
    /// whether clients may or must use TLS: disabled, preferred or required (default disabled; preferred with
    /// --ssl-self-signed)
    #[arg(long, value_name = "MODE")]
    ssl_mode: Option<String>,

    /// file with the server's certificate, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_cert: Option<String>,

    /// file with the key of the certificate, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_key: Option<String>,

    /// make a self-signed certificate for localhost, 127.0.0.1 and ::1: in memory, or with DIR as server-cert.pem in
    /// this folder, which clients can verify the server with and later starts use again
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "")]
    ssl_self_signed: Option<String>,

    /// file with authorities for verifying client certificates, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_ca: Option<String>,

    /// folder with authorities for verifying client certificates, in files named by OpenSSL's hash
    #[arg(long, value_name = "DIR")]
    ssl_capath: Option<String>,

    /// file with lists of revoked certificates, in PEM
    #[arg(long, value_name = "FILE")]
    ssl_crl: Option<String>,

    /// folder with lists of revoked certificates, in files named by OpenSSL's hash
    #[arg(long, value_name = "DIR")]
    ssl_crlpath: Option<String>,

    /// the ciphers that clients may use, by OpenSSL's names separated by colons (default: OpenSSL's)
    #[arg(long, value_name = "LIST")]
    ssl_cipher: Option<String>,

    /// the only TLS version that clients may use: TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3 (default: TLSv1.2 and later)
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
