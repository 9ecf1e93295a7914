use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// The server's request for a client's file, in answer to LOAD DATA LOCAL INFILE. The client sends the file in any
/// number of [`LocalInfileData`], and an empty one at the end; only the empty one if it refuses.
///
/// Documentation page: LOCAL INFILE Request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LocalInfileRequest {
    /// The path of the file on the client's side, up to the end of the packet.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub filename: Bytes,
}

impl Message for LocalInfileRequest {
    type Context = ();
    const NAME: &'static str = "LOCAL INFILE Request";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("packet_type", HEADER)?;
        Ok(Self {
            filename: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(HEADER);
        w.put_slice(&self.filename);
        Ok(())
    }
}

/// A piece of the file that a [`LocalInfileRequest`] asked for, from the client. The server answers only the empty
/// piece at the end, with OK or an error.
///
/// Documentation page: LOCAL INFILE Data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LocalInfileData {
    /// The piece of the file; empty at the end of the file, and if the client refuses to send it.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub data: Bytes,
}

impl Message for LocalInfileData {
    type Context = ();
    const NAME: &'static str = "LOCAL INFILE Data";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        Ok(Self {
            data: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_slice(&self.data);
        Ok(())
    }
}

const HEADER: u8 = 0xfb;
