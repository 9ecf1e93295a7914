use std::path::PathBuf;
use std::sync::Arc;

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslVerifyMode};
use openssl::x509::verify::X509CheckFlags;

use super::{TlsError, TlsMirror, authorities, certificate, ignore_unexpected_eof, key_log};

/// How a client uses TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsClientOptions {
    /// A file with the authorities for verifying the server's certificate, in PEM; with `None`, the system's are used.
    /// Nothing is verified unless [`verify`](Self::verify) says so.
    pub ca: Option<PathBuf>,
    /// Which parts of the server's certificate are verified; by default none.
    pub verify: TlsVerify,
    /// The name or IP address that the certificate must be for with [`TlsVerify::Identity`]; with `None`, that isn't
    /// verified. The handshake also sends a name as SNI, whatever is verified, unless the caller asks for another.
    pub server_name: Option<String>,
    /// The client's own certificate, in PEM, for servers that ask for one; none by default.
    pub cert: Option<PathBuf>,
    /// The private key of [`cert`](Self::cert), in PEM; none by default. A certificate without a key isn't used.
    pub key: Option<PathBuf>,
    /// A file that receives the secrets of each handshake in NSS's key log format, so that recorded traffic can be
    /// decrypted; none by default.
    pub key_log: Option<PathBuf>,
}

/// Which parts of a server's certificate are verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVerify {
    /// No part: any certificate is accepted.
    #[default]
    Nothing,
    /// That an authority has signed the certificate, for whatever name.
    Authority,
    /// That an authority has signed the certificate, and that the certificate is for
    /// [`TlsClientOptions::server_name`], if that is set.
    Identity,
}

/// The TLS settings of a client, with certificate and authorities loaded. Clones share them.
#[derive(Clone)]
pub struct TlsClient(Arc<Shared>);

struct Shared {
    context: SslContext,
    options: TlsClientOptions,
}

impl TlsClient {
    /// Reads the files that the options name.
    ///
    /// # Errors
    /// [`TlsError`], which names the option at fault, unless OpenSSL itself fails.
    pub fn new(options: TlsClientOptions) -> Result<Self, TlsError> {
        let mut context = SslContextBuilder::new(SslMethod::tls_client())?;
        // A retried write may pass its data in another buffer.
        context.set_mode(
            SslMode::AUTO_RETRY
                | SslMode::ACCEPT_MOVING_WRITE_BUFFER
                | SslMode::ENABLE_PARTIAL_WRITE,
        );
        ignore_unexpected_eof(&mut context);
        context.set_verify(match options.verify {
            TlsVerify::Nothing => SslVerifyMode::NONE,
            TlsVerify::Authority | TlsVerify::Identity => SslVerifyMode::PEER,
        });
        match &options.ca {
            Some(path) => {
                for authority in certificate::certificates("ssl_ca", path)? {
                    context.cert_store_mut().add_cert(authority)?;
                }
            }
            None => authorities::trust_the_systems(&mut context)?,
        }
        if let (Some(cert), Some(key)) = (&options.cert, &options.key) {
            certificate::set(&mut context, cert, key)?;
        }
        if let Some(path) = &options.key_log {
            key_log::set(&mut context, path)?;
        }
        Ok(Self(Arc::new(Shared {
            context: context.build(),
            options,
        })))
    }

    /// A new connection, before its handshake. `asked_for` is the name to ask the server for, if it
    /// isn't the one of the options; `mirror` is the client whose version and ciphers to use.
    pub(crate) fn connection(
        &self,
        asked_for: Option<&str>,
        mirror: Option<&TlsMirror>,
    ) -> Result<Ssl, ErrorStack> {
        let mut ssl = Ssl::new(&self.0.context)?;
        if let Some(mirror) = mirror {
            mirror.apply(&mut ssl)?;
        }
        let options = &self.0.options;
        if let Some(name) = asked_for {
            ssl.set_hostname(name)?;
        }
        if let Some(name) = &options.server_name {
            let address = name.parse::<std::net::IpAddr>();
            if options.verify == TlsVerify::Identity {
                let param = ssl.param_mut();
                param.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
                // A certificate has separate fields for addresses and names.
                match address {
                    Ok(address) => param.set_ip(address)?,
                    Err(_) => param.set_host(name)?,
                }
            }
            // SNI is defined for names only.
            if address.is_err() && asked_for.is_none() {
                ssl.set_hostname(name)?;
            }
        }
        Ok(ssl)
    }
}

impl std::fmt::Debug for TlsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("TlsClient").field(&self.0.options).finish()
    }
}
