use bytes::{BufMut, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// The server's request to authenticate by mysql_old_password, with the first 8 bytes of the
/// greeting's nonce. The server sends it to clients without PLUGIN_AUTH, in place of an
/// [`AuthSwitchRequest`](super::AuthSwitchRequest), which is longer.
///
/// Documentation page: Protocol::OldAuthSwitchRequest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OldAuthSwitchRequest;

impl OldAuthSwitchRequest {
    /// The message's only byte.
    pub const HEADER: u8 = 0xfe;
}

impl Message for OldAuthSwitchRequest {
    type Context = ();
    const NAME: &'static str = "OldAuthSwitchRequest";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("status_tag", Self::HEADER)?;
        Ok(Self)
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(Self::HEADER);
        Ok(())
    }
}
