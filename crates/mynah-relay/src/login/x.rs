use std::io;

use bytes::{BufMut, Bytes, BytesMut};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_x::connection::CapabilitiesSet;
use mynah_x::datatypes::ScalarValue;
use mynah_x::{ClientMessageType, Frame, FrameCodec, Message, ServerMessageType, put_frame};
use tokio::io::AsyncWriteExt;
use tokio_util::codec::Decoder;
use tokio_util::io::read_buf;

use super::{Entered, Tools};
use crate::Failure;
use crate::pump::Watch;
use crate::refusal::Refusal;

/// Carries a connection of the X Protocol up to where its client authenticates: until then it may
/// switch to TLS, which then begins on both sides at once.
pub(crate) async fn login_x<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    ahead: (BytesMut, BytesMut),
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let (mut of_client, mut of_server) = ahead;
    let mut wants_tls = false;
    loop {
        if let Some(frame) = cut(&mut of_server).map_err(Failure::Server)? {
            let wire = wire(&frame);
            client.write_all(&wire).await.map_err(Failure::Client)?;
            watch.passed(Direction::Server, &wire);
            let message_type = ServerMessageType(frame.message_type);
            if message_type == ServerMessageType::OK && std::mem::take(&mut wants_tls) {
                let read_already = of_client.split().freeze();
                let accepted = client.accept_tls(tools.server, read_already).await;
                accepted.map_err(Failure::ClientTls)?;
                let name = client.server_name();
                let connected = server.connect_tls(tools.client, name.as_deref()).await;
                connected.map_err(|error| {
                    Failure::Told(Refusal::tls(format!("TLS with the server failed: {error}")))
                })?;
            } else if message_type != ServerMessageType::NOTICE {
                wants_tls = false;
            }
            continue;
        }
        // What comes behind a wish for TLS is its handshake.
        if !wants_tls && let Some(frame) = cut(&mut of_client).map_err(Failure::Client)? {
            let wire = wire(&frame);
            server.write_all(&wire).await.map_err(Failure::Server)?;
            watch.passed(Direction::Client, &wire);
            match ClientMessageType(frame.message_type) {
                ClientMessageType::CON_CAPABILITIES_SET => wants_tls = sets_tls(&frame.payload),
                ClientMessageType::SESS_AUTHENTICATE_START => {
                    return Ok(Entered {
                        of_client,
                        of_server,
                        mediated: false,
                    });
                }
                _ => {}
            }
            continue;
        }
        let (read, lost): (_, fn(io::Error) -> Failure) = tokio::select! {
            read = read_buf(server, &mut of_server) => (read, Failure::Server),
            read = read_buf(client, &mut of_client) => (read, Failure::Client),
        };
        if read.map_err(lost)? == 0 {
            return Err(lost(io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

fn sets_tls(payload: &Bytes) -> bool {
    let Ok(set) = CapabilitiesSet::from_payload(payload) else {
        return false;
    };
    match set
        .capabilities
        .get("tls")
        .and_then(|value| value.scalar_value())
    {
        Some(ScalarValue::Bool(on)) => on,
        Some(ScalarValue::Sint(on)) => on != 0,
        Some(ScalarValue::Uint(on)) => on != 0,
        _ => false,
    }
}

fn cut(input: &mut BytesMut) -> io::Result<Option<Frame>> {
    FrameCodec::new(MAX_FRAME)
        .decode(input)
        .map_err(io::Error::other)
}

fn wire(frame: &Frame) -> Bytes {
    let mut wire = BytesMut::new();
    put_frame(&mut wire, frame.message_type, |w| {
        w.put_slice(&frame.payload)
    });
    wire.freeze()
}

/// Nobody has anything long to say before the login.
const MAX_FRAME: usize = 1024 * 1024;
