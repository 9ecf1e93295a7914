use std::path::PathBuf;
use std::sync::Arc;

use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslContext, SslContextBuilder, SslMethod, SslMode, SslVerifyMode};
use openssl::x509::verify::X509CheckFlags;

use super::{TlsError, TlsMirror, certificate, ignore_unexpected_eof, key_log};

/// How a client speaks TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsClientOptions {
    /// The authorities that the server's certificate is verified with, in PEM; absent, the
    /// system's if it is verified at all.
    pub ca: Option<PathBuf>,
    /// What of the server's certificate is verified.
    pub verify: TlsVerify,
    /// The name that a certificate has to be for, where that is verified.
    pub server_name: Option<String>,
    /// The client's own certificate, in PEM, for servers that want one.
    pub cert: Option<PathBuf>,
    /// Its key, in PEM.
    pub key: Option<PathBuf>,
    /// A file that secrets are appended to which let others decipher what was recorded, in NSS's
    /// key log format.
    pub key_log: Option<PathBuf>,
}

/// What of a server's certificate is verified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVerify {
    /// Nothing.
    #[default]
    Nothing,
    /// That an authority has signed it.
    Authority,
    /// That, and that it is for the server's name.
    Identity,
}

/// What a client needs to speak TLS. A clone shares all of it.
#[derive(Clone)]
pub struct TlsClient(Arc<Shared>);

struct Shared {
    context: SslContext,
    options: TlsClientOptions,
}

impl TlsClient {
    /// Reads all that the options name.
    ///
    /// # Errors
    /// [`TlsError`], which says of which option what is wrong.
    pub fn new(options: TlsClientOptions) -> Result<Self, TlsError> {
        let mut context = SslContextBuilder::new(SslMethod::tls_client())?;
        // What couldn't be written is written again out of another buffer.
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
            None => context.set_default_verify_paths()?,
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

    /// A new connection, before its handshake. `asked_for` is the name that the server is told,
    /// if it isn't its own; `mirror` is whom it is to speak like.
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
                match address {
                    Ok(address) => param.set_ip(address)?,
                    Err(_) => param.set_host(name)?,
                }
            }
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
