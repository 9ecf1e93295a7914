//! A client of the X Protocol, of a few messages.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use bytes::{Bytes, BytesMut};
use mynah_x::session::AuthenticateStart;
use mynah_x::sql::StmtExecute;
use mynah_x::{ClientMessage, Frame, ServerMessage};

pub(crate) struct XClient {
    stream: TcpStream,
    input: BytesMut,
}

impl XClient {
    /// Logs in by MYSQL41, without a password.
    pub(crate) fn log_in(address: SocketAddr, user: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        let mut client = Self {
            stream,
            input: BytesMut::new(),
        };
        client.send(&ClientMessage::AuthenticateStart(AuthenticateStart {
            mech_name: "MYSQL41".to_owned(),
            auth_data: None,
            initial_response: None,
        }));
        loop {
            match client.next() {
                ServerMessage::AuthenticateContinue(_) => {
                    let auth_data = Bytes::from(format!("\0{user}\0"));
                    let response = mynah_x::session::AuthenticateContinue { auth_data };
                    client.send(&ClientMessage::AuthenticateContinue(response));
                }
                ServerMessage::AuthenticateOk(_) => return client,
                ServerMessage::Error(error) => panic!("{error:?}"),
                _ => {}
            }
        }
    }

    /// The cells of the first column, or the error's number.
    pub(crate) fn query(&mut self, text: &str) -> Result<Vec<String>, u32> {
        self.send(&ClientMessage::StmtExecute(StmtExecute {
            stmt: Bytes::copy_from_slice(text.as_bytes()),
            args: Vec::new(),
            namespace: None,
            compact_metadata: None,
        }));
        let mut cells = Vec::new();
        loop {
            match self.next() {
                ServerMessage::Row(row) => {
                    let cell = row.field[0].strip_suffix(b"\0").unwrap_or(&row.field[0]);
                    cells.push(String::from_utf8_lossy(cell).into_owned());
                }
                ServerMessage::StmtExecuteOk(_) => return Ok(cells),
                ServerMessage::Error(error) => return Err(error.code),
                _ => {}
            }
        }
    }

    fn send(&mut self, message: &ClientMessage) {
        let mut output = BytesMut::new();
        message.put(&mut output);
        self.stream.write_all(&output).unwrap();
    }

    fn next(&mut self) -> ServerMessage {
        loop {
            if let Some(frame) = Frame::take(&mut self.input, 1 << 20).unwrap() {
                return ServerMessage::from_frame(&frame).unwrap();
            }
            let mut piece = [0; 4096];
            let len = self.stream.read(&mut piece).unwrap();
            assert_ne!(len, 0, "closed");
            self.input.extend_from_slice(&piece[..len]);
        }
    }
}
