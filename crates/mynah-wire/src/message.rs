use bytes::{Bytes, BytesMut};

use crate::{DecodeError, EncodeError, Reader};

/// The content of one packet, or of several that continue each other, or a part of such content.
///
/// One trait covers both directions: a message that can be read but not written doesn't compile.
pub trait Message: Sized {
    /// What reading and writing need besides the bytes, such as the capabilities that client and server share.
    type Context: Copy;

    /// The message's name, that of MySQL's documentation if it has the message.
    const NAME: &'static str;

    /// Reads the message from the reader's position.
    ///
    /// # Errors
    /// The first field that is cut short or has a value that isn't allowed.
    fn decode(r: &mut Reader<'_>, cx: Self::Context) -> Result<Self, DecodeError>;

    /// Appends the message's payload, without a packet header, to `w`.
    ///
    /// # Errors
    /// The first field that can't be expressed under `cx`; `w` then holds part of the message.
    fn encode(&self, w: &mut BytesMut, cx: Self::Context) -> Result<(), EncodeError>;

    /// Reads a message that takes the whole payload.
    ///
    /// # Errors
    /// As [`decode`](Self::decode), and bytes left over after the last field.
    fn from_payload(payload: &Bytes, cx: Self::Context) -> Result<Self, DecodeError> {
        let mut r = Reader::new(payload);
        let message = Self::decode(&mut r, cx)?;
        r.finish(Self::NAME)?;
        Ok(message)
    }

    /// Reads the message at the start of a payload, and returns the bytes after it as well. MySQL's and
    /// MariaDB's servers and clients, too, read the fields they know and ignore the rest.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    fn from_payload_lenient(
        payload: &Bytes,
        cx: Self::Context,
    ) -> Result<(Self, Bytes), DecodeError> {
        let mut r = Reader::new(payload);
        let message = Self::decode(&mut r, cx)?;
        Ok((message, r.rest_string()))
    }

    /// Writes the payload into a buffer of its own.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    fn to_payload(&self, cx: Self::Context) -> Result<Bytes, EncodeError> {
        let mut w = BytesMut::new();
        self.encode(&mut w, cx)?;
        Ok(w.freeze())
    }
}
