use bytes::BytesMut;
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

/// How many columns a result set has. The server sends it first of a result set; as many
/// [`ColumnDefinition41`](super::ColumnDefinition41) follow.
///
/// Documentation page: Text Resultset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnCount(
    /// At least 1: 0 is the first byte of an OK packet.
    pub u64,
);

impl Message for ColumnCount {
    type Context = ();
    const NAME: &'static str = "column_count";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.lenenc_int("column_count").map(Self)
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_lenenc_int(self.0);
        Ok(())
    }
}
