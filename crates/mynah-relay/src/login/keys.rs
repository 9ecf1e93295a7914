use std::io;
use std::sync::Arc;

use mynah_auth::rsa::PrivateKey;
use tokio::sync::OnceCell;

use crate::LoginFailure;

/// The key that clients encrypt their passwords with, where they can't send them in clear and the
/// server has to have them so. It is made when the first client needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Arc<OnceCell<PrivateKey>>);

impl Keys {
    pub(super) async fn private(&self) -> Result<PrivateKey, LoginFailure> {
        let made = self.0.get_or_try_init(|| async {
            let made = tokio::task::spawn_blocking(PrivateKey::generate).await;
            made.map_err(|error| LoginFailure::Server(io::Error::other(error)))?
                .map_err(LoginFailure::Auth)
        });
        made.await.cloned()
    }
}
