use std::sync::LazyLock;

use openssl::error::ErrorStack;
use openssl::ex_data::Index;
use openssl::ssl::{ClientHelloResponse, Ssl, SslContextBuilder, SslRef, SslVersion};

use super::{cipher_name, ciphers};

/// The TLS version and ciphers of the client on one side of a proxy, so that the proxy uses no later version on the
/// other side and, if the client has ciphers for the version that is used there, no others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsMirror {
    version: Option<SslVersion>,
    /// The cipher in use, and then the others that the client offered.
    ciphers: Vec<String>,
}

impl TlsMirror {
    /// Reads them from a connection whose handshake is done.
    pub(crate) fn of(ssl: &SslRef) -> Self {
        // First the cipher in use, so that the other side prefers it.
        let mut ciphers = vec![cipher_name(ssl).to_owned()];
        let offered = OFFERED.as_ref().and_then(|index| ssl.ex_data(*index));
        let offered = offered.and_then(|bytes| ssl.bytes_to_cipher_list(bytes, false).ok());
        for cipher in offered.iter().flat_map(|lists| &lists.suites) {
            if !ciphers.iter().any(|known| known == cipher.name()) {
                ciphers.push(cipher.name().to_owned());
            }
        }
        Self {
            version: ssl.version2(),
            ciphers,
        }
    }

    /// Restricts a client to no later version and no other ciphers. An earlier version is allowed,
    /// as the server may support no other.
    pub(super) fn apply(&self, ssl: &mut SslRef) -> Result<(), ErrorStack> {
        if self.version.is_some() {
            ssl.set_max_proto_version(self.version)?;
        }
        let is_of_1_3 = |name: &&String| ciphers::is_of_1_3(name);
        let (of_1_3, up_to_1_2): (Vec<_>, Vec<_>) = self.ciphers.iter().partition(is_of_1_3);
        let joined = |names: Vec<&String>| {
            let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
            names.join(":")
        };
        // OpenSSL has a setting per kind; an empty list would forbid the kind.
        if !of_1_3.is_empty() {
            ssl.set_ciphersuites(&joined(of_1_3))?;
        }
        if !up_to_1_2.is_empty() {
            ssl.set_cipher_list(&joined(up_to_1_2))?;
        }
        Ok(())
    }
}

/// Makes a server record what its clients offer.
pub(super) fn note_offers(context: &mut SslContextBuilder) {
    context.set_client_hello_callback(|ssl, _| {
        let offered = ssl.client_hello_ciphers().map(<[u8]>::to_vec);
        if let (Some(index), Some(offered)) = (&*OFFERED, offered) {
            ssl.set_ex_data(*index, offered);
        }
        Ok(ClientHelloResponse::SUCCESS)
    });
}

/// Where a client's offer is kept, as it was sent.
static OFFERED: LazyLock<Option<Index<Ssl, Vec<u8>>>> = LazyLock::new(|| Ssl::new_ex_index().ok());
