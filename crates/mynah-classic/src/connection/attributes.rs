use bytes::{Bytes, BytesMut};
use mynah_wire::{DecodeError, Reader, Writer};

/// Names and values that describe a client. They are kept as bytes and read by an iterator.
///
/// Documentation page: Protocol::HandshakeResponse41, client attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectAttributes(Bytes);

impl ConnectAttributes {
    /// Encodes these names and values, in this order.
    #[must_use]
    pub fn new<'a>(attributes: impl IntoIterator<Item = (&'a [u8], &'a [u8])>) -> Self {
        let mut w = BytesMut::new();
        for (name, value) in attributes {
            w.put_lenenc_string(name);
            w.put_lenenc_string(value);
        }
        Self(w.freeze())
    }

    /// Takes the bytes of the attributes as in a packet, without the length before them.
    #[must_use]
    pub fn from_bytes(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The bytes of the attributes as in a packet, without the length before them.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// Whether there are no connection attributes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names and values, in order. The iterator ends after the first invalid pair.
    pub fn iter(&self) -> impl Iterator<Item = Result<(Bytes, Bytes), DecodeError>> + '_ {
        let mut reader = Some(Reader::new(&self.0));
        std::iter::from_fn(move || {
            let r = reader.as_mut().filter(|r| r.remaining() > 0)?;
            let name = r.lenenc_string("attribute_name");
            let attribute = name.and_then(|name| Ok((name, r.lenenc_string("attribute_value")?)));
            if attribute.is_err() {
                reader = None;
            }
            Some(attribute)
        })
    }
}
