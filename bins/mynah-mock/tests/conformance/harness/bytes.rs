use std::io::{self, Read};

/// A packet: its sequence id and payload.
pub(crate) type Packet = (u8, Vec<u8>);

/// Reads the next packet, or `None` at the end of the stream. A message of 16 MiB and more is
/// several packets.
pub(crate) fn read_packet(stream: &mut impl Read) -> Option<Packet> {
    let mut header = [0; 4];
    match stream.read_exact(&mut header) {
        Ok(()) => {}
        Err(error) if ended(&error) => return None,
        Err(error) => panic!("no packet came: {error}"),
    }
    let mut payload = vec![0; u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize];
    stream.read_exact(&mut payload).expect("a whole packet");
    Some((header[3], payload))
}

fn ended(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe
    )
}

/// One packet as bytes. The payload is shorter than 16 MiB.
pub(crate) fn packet(sequence_id: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap().to_le_bytes();
    assert_eq!(len[3], 0, "one packet holds less than 16 MiB");
    [&[len[0], len[1], len[2], sequence_id], payload].concat()
}

/// A length-encoded string of less than 251 bytes.
pub(crate) fn lenenc(text: &[u8]) -> Vec<u8> {
    let len = u8::try_from(text.len()).unwrap();
    assert!(len < 251);
    [&[len], text].concat()
}

/// Reads a payload field by field.
#[derive(Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    pub(crate) fn u8(&mut self) -> u8 {
        self.take(1)[0]
    }

    pub(crate) fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take(2).try_into().unwrap())
    }

    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    /// A length-encoded integer; `None` for NULL.
    pub(crate) fn lenenc_int(&mut self) -> Option<u64> {
        let wide = match self.u8() {
            0xfb => return None,
            0xfc => 2,
            0xfd => 3,
            0xfe => 8,
            small => return Some(small.into()),
        };
        let mut bytes = [0; 8];
        bytes[..wide].copy_from_slice(self.take(wide));
        Some(u64::from_le_bytes(bytes))
    }

    /// A length-encoded string; `None` for NULL.
    pub(crate) fn lenenc(&mut self) -> Option<&'a [u8]> {
        let len = self.lenenc_int()?;
        Some(self.take(usize::try_from(len).unwrap()))
    }

    pub(crate) fn lenenc_text(&mut self) -> String {
        text(self.lenenc().expect("a string, not NULL"))
    }

    /// A string up to the next NUL, which is read, too.
    pub(crate) fn nul_text(&mut self) -> String {
        let len = self.0.iter().position(|byte| *byte == 0).expect("a NUL");
        let taken = text(self.take(len));
        self.take(1);
        taken
    }

    pub(crate) fn finish(self) {
        assert!(self.0.is_empty(), "{:?} follow", self.0);
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
