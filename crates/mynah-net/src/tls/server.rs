use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use mynah_session::{Certificate, Tls};
use openssl::error::ErrorStack;
use openssl::ssl::{Ssl, SslAcceptor, SslContext, SslMethod, SslOptions, SslRef};
use openssl::ssl::{SslSessionCacheMode, SslVersion};
use openssl::x509::X509VerifyResult;

use super::name::one_line;
use super::self_signed::KeyPair;
use super::{
    SelfSigned, TlsError, TlsMode, TlsOptions, certificate, ciphers, clients,
    ignore_unexpected_eof, kept, key_log, mirror,
};

/// The TLS settings of a server: certificate, key and authorities, and the sessions that clients may resume. Clones
/// share them.
#[derive(Clone)]
pub struct TlsServer(Arc<Shared>);

struct Shared {
    options: TlsOptions,
    /// The certificate, if the options name none and it is kept in memory.
    in_memory: Option<KeyPair>,
    context: RwLock<SslContext>,
    session_cache_hits: AtomicU64,
}

impl TlsServer {
    /// Reads all files that the options name, and makes the self-signed certificate if one is wanted and none is kept.
    /// A certificate is needed whatever the [mode](TlsOptions::mode).
    ///
    /// # Errors
    /// [`TlsError`], which names the option at fault, unless OpenSSL itself fails.
    pub fn new(options: &TlsOptions) -> Result<Self, TlsError> {
        let mut options = options.clone();
        let in_memory = match (&options.cert, &options.key, &options.self_signed) {
            (None, None, SelfSigned::InMemory) => Some(KeyPair::make()?),
            (None, None, SelfSigned::KeptIn(folder)) => {
                let kept = kept::in_folder(folder)?;
                (options.cert, options.key) = (Some(kept.cert), Some(kept.key));
                None
            }
            _ => None,
        };
        let context = context(&options, in_memory.as_ref())?;
        Ok(Self(Arc::new(Shared {
            options,
            in_memory,
            context: RwLock::new(context),
            session_cache_hits: AtomicU64::new(0),
        })))
    }

    /// Reads the files of the options again. Handshakes wait for it, and earlier sessions can't be
    /// resumed afterwards. A certificate that is only in memory stays.
    ///
    /// # Errors
    /// As for [`new`](Self::new); nothing has changed then.
    pub fn reload(&self) -> Result<(), TlsError> {
        // New handshakes wait until the files are read; open connections keep the context that they began
        // with.
        let mut place = self
            .0
            .context
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *place = context(&self.0.options, self.0.in_memory.as_ref())?;
        Ok(())
    }

    /// Whether clients may or must use TLS.
    #[must_use]
    pub fn mode(&self) -> TlsMode {
        self.0.options.mode
    }

    /// How many handshakes have resumed an earlier TLS session since the start.
    #[must_use]
    pub fn session_cache_hits(&self) -> u64 {
        self.0.session_cache_hits.load(Ordering::Relaxed)
    }

    /// A new connection, before its handshake.
    pub(crate) fn connection(&self) -> Result<Ssl, ErrorStack> {
        let context = self.0.context.read();
        Ssl::new(&context.unwrap_or_else(PoisonError::into_inner))
    }

    /// The result of a handshake, for the session.
    pub(crate) fn established(&self, ssl: &SslRef) -> Tls {
        if ssl.session_reused() {
            self.0.session_cache_hits.fetch_add(1, Ordering::Relaxed);
        }
        Tls {
            version: ssl.version_str().to_owned(),
            cipher: cipher_name(ssl).to_owned(),
            session_cache_hits: self.session_cache_hits(),
            certificate: verified(ssl),
        }
    }
}

fn context(options: &TlsOptions, in_memory: Option<&KeyPair>) -> Result<SslContext, TlsError> {
    let mut context = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    // The profile forbids old versions, which `options.version` may allow.
    context.clear_options(SslOptions::NO_TLSV1 | SslOptions::NO_TLSV1_1);
    // MySQL has no renegotiation, and each one costs the server a handshake.
    context.set_options(SslOptions::NO_RENEGOTIATION);
    ignore_unexpected_eof(&mut context);
    context.set_cipher_list("DEFAULT")?;
    match options.version {
        Some(version) => {
            let one = Some(version.of_openssl());
            // OpenSSL 3 has no ciphers for these versions at its default security level.
            if version.is_weak() {
                context.set_security_level(0);
                context.set_cipher_list("DEFAULT:@SECLEVEL=0")?;
            }
            context.set_min_proto_version(one)?;
            context.set_max_proto_version(one)?;
        }
        None => context.set_min_proto_version(Some(SslVersion::TLS1_2))?,
    }
    if let Some(list) = &options.cipher {
        ciphers::set(&mut context, list)?;
    }
    match (in_memory, &options.cert, &options.key) {
        (Some(own), ..) => own.set(&mut context)?,
        (None, Some(cert), Some(key)) => certificate::set(&mut context, cert, key)?,
        (None, cert, key) => {
            return Err(TlsError::NoCertificate {
                key: key.is_some(),
                cert: cert.is_some(),
            });
        }
    }
    if let Some(path) = &options.key_log {
        key_log::set(&mut context, path)?;
    }
    mirror::note_offers(&mut context);
    clients::set(&mut context, options)?;
    // Lets clients resume sessions. With client certificates OpenSSL demands an id for that.
    context.set_session_cache_mode(SslSessionCacheMode::SERVER);
    context.set_session_id_context(b"mynah")?;
    Ok(context.build().into_context())
}

/// The name of the cipher in use.
pub(crate) fn cipher_name(ssl: &SslRef) -> &'static str {
    ssl.current_cipher().map_or("", |cipher| cipher.name())
}

/// Subject and issuer of the client's certificate, if it sent a valid one.
fn verified(ssl: &SslRef) -> Option<Certificate> {
    let certificate = ssl.peer_certificate()?;
    (ssl.verify_result() == X509VerifyResult::OK).then(|| Certificate {
        issuer: Some(one_line(certificate.issuer_name()).into()),
        subject: Some(one_line(certificate.subject_name()).into()),
    })
}

impl std::fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsServer")
            .field("mode", &self.0.options.mode)
            .field("session_cache_hits", &self.session_cache_hits())
            .finish_non_exhaustive()
    }
}
