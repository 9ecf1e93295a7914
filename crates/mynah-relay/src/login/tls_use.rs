use mynah_classic::Capabilities;
use mynah_net::TlsMode;

use crate::LoginFailure;
use crate::refusal::Refusal;

/// Which sides of a connection are under TLS.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TlsUse {
    /// Towards clients; absent, they are offered what the server offers.
    pub(crate) client: Option<TlsMode>,
    /// Towards servers; absent, as the client does it.
    pub(crate) server: Option<TlsMode>,
}

impl TlsUse {
    /// Whether clients of a server that offers this are offered TLS.
    pub(crate) fn is_offered(self, server: Capabilities) -> bool {
        match self.client {
            None => server.contains(Capabilities::SSL),
            Some(mode) => mode != TlsMode::Disabled,
        }
    }

    /// Whether a client may only come in under TLS.
    pub(crate) fn is_required(self) -> bool {
        self.client == Some(TlsMode::Required)
    }

    /// Whether the server is spoken to under TLS, if it offers it; an error if it would have to.
    pub(crate) fn with_server(self, client_has_tls: bool, offered: bool) -> Result<bool, ()> {
        match self.server {
            None => Ok(client_has_tls && offered),
            Some(TlsMode::Disabled) => Ok(false),
            Some(TlsMode::Preferred) => Ok(offered),
            Some(TlsMode::Required) if offered => Ok(true),
            Some(TlsMode::Required) => Err(()),
        }
    }
}

/// A server without TLS, where it would have to have it.
pub(super) fn no_tls() -> LoginFailure {
    LoginFailure::WithError(Refusal::tls("TLS is required, and the server offers none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_used_as_is_asked_for() {
        use TlsMode::{Disabled, Preferred, Required};
        for (server, client_has, offered, used) in [
            (None, false, true, Ok(false)),
            (None, true, true, Ok(true)),
            (None, true, false, Ok(false)),
            (Some(Disabled), true, true, Ok(false)),
            (Some(Preferred), false, true, Ok(true)),
            (Some(Preferred), true, false, Ok(false)),
            (Some(Required), false, true, Ok(true)),
            (Some(Required), true, false, Err(())),
        ] {
            let tls = TlsUse {
                client: None,
                server,
            };
            assert_eq!(tls.with_server(client_has, offered), used, "{server:?}");
        }
    }
}
