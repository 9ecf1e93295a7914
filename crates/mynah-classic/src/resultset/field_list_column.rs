use bytes::{Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

use crate::Capabilities;

/// Describes one column of a table, with its default value. The server answers COM_FIELD_LIST by one such message
/// per column, and then an EOF, or an OK if DEPRECATE_EOF is shared.
///
/// `D` is [`ColumnDefinition41`](super::ColumnDefinition41), or
/// [`ColumnDefinition320`](super::ColumnDefinition320) if PROTOCOL_41 isn't shared.
///
/// Documentation page: COM_FIELD_LIST Response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FieldListColumn<D> {
    /// The definition of the column.
    pub definition: D,
    /// The column's default value as text; `None` for NULL.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub default_values: Option<Bytes>,
}

impl<D: Message<Context = Capabilities>> Message for FieldListColumn<D> {
    type Context = Capabilities;
    const NAME: &'static str = "COM_FIELD_LIST Response";

    fn decode(r: &mut Reader<'_>, shared: Capabilities) -> Result<Self, DecodeError> {
        let definition = D::decode(r, shared)?;
        let default_values = if r.peek() == Some(NULL) {
            r.skip("default_values", 1)?;
            None
        } else {
            Some(r.lenenc_string("default_values")?)
        };
        Ok(Self {
            definition,
            default_values,
        })
    }

    fn encode(&self, w: &mut BytesMut, shared: Capabilities) -> Result<(), EncodeError> {
        self.definition.encode(w, shared)?;
        match &self.default_values {
            Some(default) => w.put_lenenc_string(default),
            None => w.put_null(),
        }
        Ok(())
    }
}

const NULL: u8 = 0xfb;
