use mynah_classic::connection::ConnectAttributes;

use super::compression::Wanted;
use crate::Tls;

/// What a client has set that isn't logged in.
#[derive(Clone, Debug, Default)]
pub(super) struct Entering {
    pub(super) tls: Option<Tls>,
    pub(super) starts_tls: bool,
    pub(super) attributes: ConnectAttributes,
    pub(super) compression: Option<Wanted>,
    pub(super) interactive: bool,
    pub(super) pwd_expire_ok: bool,
    /// How many logins were refused.
    pub(super) refused: u8,
    /// Whether it was logged in before, and what it has set can't be changed.
    pub(super) again: bool,
}
