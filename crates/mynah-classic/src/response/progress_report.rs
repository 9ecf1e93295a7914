use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

/// MariaDB: the progress of a long statement. If MARIADB_PROGRESS is shared, any number of progress reports can come
/// at any place of an answer, each in the form of an error with number 0xffff. The answer continues after each.
///
/// Documentation page: MariaDB, ERR_Packet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProgressReport {
    /// The stage that the statement has reached, from 1.
    pub stage: u8,
    /// How many stages the statement has.
    pub max_stage: u8,
    /// How much of the stage is done, in thousandths of a percent (0 to 100,000).
    pub progress: u32,
    /// The name of the stage, for display.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub progress_info: Bytes,
}

impl ProgressReport {
    /// The number in the place of an error number, which marks a progress report; no error has it.
    pub const ERROR_CODE: u16 = 0xffff;
}

impl Message for ProgressReport {
    type Context = ();
    const NAME: &'static str = "Progress report";

    /// Before the stage, servers (MariaDB 10.11, 11.8) send a number of strings, always 1. The
    /// documentation has no such byte.
    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("header", HEADER)?;
        let code = r.clone().u16("error_code")?;
        if code != Self::ERROR_CODE {
            return Err(r.unexpected("error_code", code.into()));
        }
        r.skip("error_code", 2)?;
        r.expect("number_of_strings", STRINGS)?;
        let (stage, max_stage) = (r.u8("stage")?, r.u8("max_stage")?);
        let [a, b, c] = r.array("progress")?;
        Ok(Self {
            stage,
            max_stage,
            progress: u32::from_le_bytes([a, b, c, 0]),
            progress_info: r.lenenc_string("progress_info")?,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(HEADER);
        w.put_u16_le(Self::ERROR_CODE);
        w.put_slice(&[STRINGS, self.stage, self.max_stage]);
        w.put_u24("progress", self.progress)?;
        w.put_lenenc_string(&self.progress_info);
        Ok(())
    }
}

const HEADER: u8 = 0xff;
const STRINGS: u8 = 1;
