use super::bytes::{Reader, text};

/// A greeting as its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Greeting {
    pub(crate) server_version: String,
    pub(crate) connection_id: u32,
    /// Without the closing NUL.
    pub(crate) nonce: Vec<u8>,
    pub(crate) capabilities: u32,
    pub(crate) character_set: u8,
    pub(crate) status_flags: u16,
    pub(crate) auth_method: String,
}

impl Greeting {
    pub(crate) fn read(payload: &[u8]) -> Self {
        let mut reader = Reader(payload);
        assert_eq!(reader.u8(), 10, "the protocol's version");
        let server_version = reader.nul_text();
        let connection_id = reader.u32();
        let mut nonce = reader.take(8).to_vec();
        assert_eq!(reader.u8(), 0, "a filler");
        let low = reader.u16();
        let character_set = reader.u8();
        let status_flags = reader.u16();
        let high = reader.u16();
        assert_eq!(reader.u8(), 21, "the nonce's length, with its NUL");
        assert_eq!(reader.take(10), [0; 10], "what is reserved");
        nonce.extend(reader.take(12));
        assert_eq!(reader.u8(), 0, "the nonce's NUL");
        let auth_method = reader.nul_text();
        reader.finish();
        Self {
            server_version,
            connection_id,
            nonce,
            capabilities: u32::from(high) << 16 | u32::from(low),
            character_set,
            status_flags,
            auth_method,
        }
    }

    pub(crate) fn nonce_text(&self) -> String {
        text(&self.nonce)
    }
}
