use bytes::{BufMut, Bytes, BytesMut};
use mynah_wire::{DecodeError, EncodeError, Message, Reader, Writer};

use super::CommandCode;

/// A replica identifies itself before it requests binary logs. The server answers OK or an error.
///
/// Documentation page: COM_REGISTER_SLAVE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ComRegisterSlave {
    /// The server id of the replica that sends the command.
    pub server_id: u32,
    /// Host name of the replica, for display; up to 255 bytes, usually empty.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub slaves_hostname: Bytes,
    /// A user of the replica; up to 255 bytes, usually empty.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub slaves_user: Bytes,
    /// The password of `slaves_user`; up to 255 bytes, usually empty.
    #[cfg_attr(feature = "serde", serde(with = "mynah_wire::readable::text"))]
    pub slaves_password: Bytes,
    /// The TCP port of the replica; usually 0.
    pub slaves_mysql_port: u16,
    /// A rank for the replica; servers ignore it.
    pub replication_rank: u32,
    /// Server id of the source; 0 stands for the id of the server that gets this command.
    pub master_id: u32,
}

impl Message for ComRegisterSlave {
    type Context = ();
    const NAME: &'static str = "COM_REGISTER_SLAVE";

    fn decode(r: &mut Reader<'_>, (): ()) -> Result<Self, DecodeError> {
        r.expect("command", CommandCode::REGISTER_SLAVE.0)?;
        Ok(Self {
            server_id: r.u32("server-id")?,
            slaves_hostname: read_string(r, "slaves_hostname")?,
            slaves_user: read_string(r, "slaves_user")?,
            slaves_password: read_string(r, "slaves_password")?,
            slaves_mysql_port: r.u16("slaves_mysql_port")?,
            replication_rank: r.u32("replication_rank")?,
            master_id: r.u32("master-id")?,
        })
    }

    fn encode(&self, w: &mut BytesMut, (): ()) -> Result<(), EncodeError> {
        w.put_u8(CommandCode::REGISTER_SLAVE.0);
        w.put_u32_le(self.server_id);
        w.put_u8_string("slaves_hostname", &self.slaves_hostname)?;
        w.put_u8_string("slaves_user", &self.slaves_user)?;
        w.put_u8_string("slaves_password", &self.slaves_password)?;
        w.put_u16_le(self.slaves_mysql_port);
        w.put_u32_le(self.replication_rank);
        w.put_u32_le(self.master_id);
        Ok(())
    }
}

/// A string behind a length of one byte.
fn read_string(r: &mut Reader<'_>, field: &'static str) -> Result<Bytes, DecodeError> {
    let len = r.u8(field)?;
    r.string(field, len.into())
}
