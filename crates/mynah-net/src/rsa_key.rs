use std::sync::Arc;

use mynah_auth::rsa::PrivateKey;
use tokio::sync::OnceCell;

/// The key that clients encrypt passwords for. It is made when it is first needed. A clone is the
/// same key.
#[derive(Clone)]
pub(crate) struct RsaKey(Arc<OnceCell<Option<PrivateKey>>>);

impl RsaKey {
    /// The given key, or one that is made later.
    pub(crate) fn new(given: Option<PrivateKey>) -> Self {
        Self(Arc::new(match given {
            Some(key) => OnceCell::new_with(Some(Some(key))),
            None => OnceCell::new(),
        }))
    }

    /// The key; `None` if OpenSSL can't make one. Making it blocks only the sessions that need it.
    pub(crate) async fn get(&self) -> Option<PrivateKey> {
        let make = || async {
            let made = tokio::task::spawn_blocking(PrivateKey::generate).await;
            match made {
                Ok(Ok(key)) => Some(key),
                Ok(Err(error)) => {
                    log::error!("can't make an RSA key: {error}");
                    None
                }
                Err(error) => {
                    log::error!("can't make an RSA key: {error}");
                    None
                }
            }
        };
        self.0.get_or_init(make).await.clone()
    }
}
