//! A client of the X Protocol, of a few messages. It is independent of the crates that it tests: it writes and reads
//! the bytes of messages itself.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use bytes::{Buf as _, BytesMut};

/// A client of the X Protocol that is logged in.
#[derive(Debug)]
pub struct XClient {
    stream: TcpStream,
    input: BytesMut,
    chunk: Box<[u8]>,
}

impl XClient {
    /// Logs in by MYSQL41, without a password.
    ///
    /// # Errors
    /// When the connection fails, or the login is refused.
    pub fn log_in(address: SocketAddr, user: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let mut client = Self {
            stream,
            input: BytesMut::new(),
            chunk: vec![0; 4 * 1024].into(),
        };
        client.send(&frame(AUTHENTICATE_START, &field(1, b"MYSQL41")))?;
        client.read_to(AUTHENTICATE_CONTINUE)?;
        // No schema, the user, and no response: the password is empty.
        let login = [b"\0", user.as_bytes(), b"\0"].concat();
        client.send(&frame(AUTHENTICATE_CONTINUE_OF_CLIENT, &field(1, &login)))?;
        client.read_to(AUTHENTICATE_OK)?;
        Ok(client)
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// The cells of the first column of the answer to a statement, or the number of its error. Columns must be of texts.
    ///
    /// # Errors
    /// When the connection fails.
    pub fn query(&mut self, statement: &str) -> io::Result<Result<Vec<String>, u32>> {
        self.send(&Self::statement(statement))?;
        let mut cells = Vec::new();
        loop {
            let (message_type, payload) = self.next()?;
            match message_type {
                ROW => {
                    let cell = bytes_of(&payload, 1).unwrap_or_default();
                    let cell = cell.strip_suffix(b"\0").unwrap_or(cell);
                    cells.push(String::from_utf8_lossy(cell).into_owned());
                }
                STMT_EXECUTE_OK => return Ok(Ok(cells)),
                ERROR => return Ok(Err(error_code(&payload))),
                _ => {}
            }
        }
    }

    /// Reads an answer to its end.
    ///
    /// # Errors
    /// When the connection fails, or the answer is an error.
    pub fn read_answer(&mut self) -> io::Result<()> {
        self.read_to(STMT_EXECUTE_OK)
    }

    /// The bytes of a message that runs this SQL statement.
    #[must_use]
    pub fn statement(statement: &str) -> Vec<u8> {
        frame(STMT_EXECUTE, &field(1, statement.as_bytes()))
    }

    /// Reads up to a message of this type, or an error.
    fn read_to(&mut self, wanted: u8) -> io::Result<()> {
        loop {
            let (message_type, payload) = self.next()?;
            if message_type == wanted {
                return Ok(());
            }
            if message_type == ERROR {
                let code = error_code(&payload);
                return Err(io::Error::other(format!("the server sent error {code}")));
            }
        }
    }

    /// The server's next message: its type and its payload.
    fn next(&mut self) -> io::Result<(u8, BytesMut)> {
        loop {
            if let Some(&[a, b, c, d, message_type]) = self.input.first_chunk() {
                let len = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
                if self.input.len() >= len.saturating_add(LEN) {
                    let mut message = self.input.split_to(LEN + len);
                    message.advance(LEN + 1);
                    return Ok((message_type, message));
                }
            }
            let len = self.stream.read(&mut self.chunk)?;
            let Some(read) = self.chunk.get(..len).filter(|read| !read.is_empty()) else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            self.input.extend_from_slice(read);
        }
    }
}

/// A message of a client.
fn frame(message_type: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len() + 1).unwrap_or(u32::MAX);
    [&len.to_le_bytes()[..], &[message_type], payload].concat()
}

/// A field of bytes, as Protocol Buffers have it.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | LENGTH_DELIMITED];
    let mut len = bytes.len();
    while len > 0x7f {
        field.push(u8::try_from(len & 0x7f).unwrap_or_default() | 0x80);
        len >>= 7;
    }
    field.push(u8::try_from(len).unwrap_or_default());
    field.extend_from_slice(bytes);
    field
}

/// The bytes of the first field of this number.
fn bytes_of(message: &[u8], wanted: u64) -> Option<&[u8]> {
    let found = fields(message).find(|(number, _, bytes)| *number == wanted && bytes.is_some());
    found.and_then(|(_, _, bytes)| bytes)
}

fn error_code(error: &[u8]) -> u32 {
    let code = fields(error).find(|(number, ..)| *number == 2);
    code.and_then(|(_, code, _)| u32::try_from(code).ok())
        .unwrap_or_default()
}

/// The fields of a message: number, value or length, and bytes if it has these.
fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, u64, Option<&[u8]>)> {
    std::iter::from_fn(move || {
        let key = varint(&mut message)?;
        let value = varint(&mut message)?;
        let bytes = match key & 7 == u64::from(LENGTH_DELIMITED) {
            true => {
                let (bytes, rest) = message.split_at_checked(usize::try_from(value).ok()?)?;
                message = rest;
                Some(bytes)
            }
            false => None,
        };
        Some((key >> 3, value, bytes))
    })
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// How many bytes the length in front of a message has.
const LEN: usize = 4;
/// The wire type of a field of bytes.
const LENGTH_DELIMITED: u8 = 2;

/// Types of client messages.
const AUTHENTICATE_START: u8 = 4;
const AUTHENTICATE_CONTINUE_OF_CLIENT: u8 = 5;
const STMT_EXECUTE: u8 = 12;
/// Types of server messages.
const ERROR: u8 = 1;
const AUTHENTICATE_CONTINUE: u8 = 3;
const AUTHENTICATE_OK: u8 = 4;
const ROW: u8 = 13;
const STMT_EXECUTE_OK: u8 = 17;
