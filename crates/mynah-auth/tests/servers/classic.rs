use std::net::SocketAddr;

use mynah_auth::client::{Credentials, Exchange, ServerKey};
use mynah_auth::{AuthError, Channel, LongNonce};

use crate::stream::{Stream, connect, read, start_tls};

pub(crate) struct Login {
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
    pub(crate) channel: Channel,
    pub(crate) server_key: ServerKey,
}

/// Why a login failed.
#[derive(Debug)]
#[allow(dead_code, reason = "is printed")]
pub(crate) enum Failed {
    Here(AuthError),
    There(String),
}

impl From<AuthError> for Failed {
    fn from(error: AuthError) -> Self {
        Self::Here(error)
    }
}

impl Login {
    /// Logs in; returns the server's AuthMoreData messages.
    pub(crate) fn run(&self, address: SocketAddr) -> Result<Vec<Vec<u8>>, Failed> {
        let mut tcp = connect(address);
        let greeting = packet(&mut tcp).1;
        let (nonce, method) = greeted(&greeting);
        let mut id = 1;
        let mut flags: u32 = 1 | 1 << 9 | 1 << 15 | 1 << 19;
        let mut stream: Box<dyn Stream> = match self.channel {
            Channel::Insecure => Box::new(tcp),
            Channel::Local => unreachable!("logins go over TCP here"),
            Channel::Tls => {
                flags |= 1 << 11;
                send(&mut tcp, id, &fixed_part(flags));
                id += 1;
                Box::new(start_tls(tcp))
            }
        };

        let own = LongNonce::random().unwrap();
        let mut options = Credentials::new(self.password, self.channel, own);
        options.server_key = self.server_key.clone();
        let mut exchange = Exchange::new(options);
        let (method, response) = exchange.greeting(&method, &nonce)?;
        let mut payload = fixed_part(flags);
        payload.extend([self.user.as_bytes(), b"\0"].concat());
        payload.push(response.len().try_into().unwrap());
        payload.extend([&response[..], method.name().as_bytes(), b"\0"].concat());
        send(&mut *stream, id, &payload);

        let mut said = Vec::new();
        loop {
            let (id, payload) = packet(&mut *stream);
            let (tag, data) = payload.split_first().unwrap();
            let answer = match tag {
                0x00 => return Ok(said),
                0x01 => {
                    said.push(data.to_vec());
                    exchange.more_data(data)?
                }
                0xfe => {
                    let name = data.iter().position(|byte| *byte == 0).unwrap();
                    Some(exchange.begin(&data[..name], &data[name + 1..])?)
                }
                _ => return Err(Failed::There(data.escape_ascii().to_string())),
            };
            if let Some(answer) = answer {
                send(&mut *stream, id + 1, &answer);
            }
        }
    }
}

fn fixed_part(flags: u32) -> Vec<u8> {
    let mut payload = [flags.to_le_bytes(), [0, 0, 0, 1]].concat();
    payload.push(45);
    payload.resize(32, 0);
    payload
}

/// The nonce and the method of HandshakeV10.
fn greeted(greeting: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let version = greeting.iter().position(|byte| *byte == 0).unwrap();
    let rest = &greeting[version + 5..];
    let (second, method) = rest[27..].split_at(12);
    let method = method[1..].strip_suffix(b"\0").unwrap();
    ([&rest[..8], second].concat(), method.to_vec())
}

fn packet(stream: &mut dyn Stream) -> (u8, Vec<u8>) {
    let header = read(stream, 4);
    let len = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    (header[3], read(stream, len.try_into().unwrap()))
}

fn send(stream: &mut dyn Stream, id: u8, payload: &[u8]) {
    let len = u32::try_from(payload.len()).unwrap().to_le_bytes();
    let header = [len[0], len[1], len[2], id];
    stream.write_all(&[&header, payload].concat()).unwrap();
}
