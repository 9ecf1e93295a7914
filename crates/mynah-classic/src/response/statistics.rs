use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader};

/// The answer to COM_STATISTICS: text without a header or an end.
///
/// Documentation page: COM_STATISTICS Response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StatisticsResponse {
    /// A line of text for people: uptime, threads, questions and so on.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub statistics: Bytes,
}

impl Message for StatisticsResponse {
    type Context = ();
    const NAME: &'static str = "COM_STATISTICS Response";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        Ok(Self {
            statistics: r.rest_string(),
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_slice(&self.statistics);
        Ok(())
    }
}
