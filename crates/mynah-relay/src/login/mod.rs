//! The connection phase of the classic protocol, where the proxy has a part in it: TLS ends here,
//! on one side or on both.

mod capabilities;
mod exchange;
mod keys;
mod tls_use;
mod wire;
mod x;

use bytes::{Bytes, BytesMut};
use mynah_auth::Nonce;
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_net::{Stream, TlsClient, TlsServer};
use mynah_session::observe::Direction;
use mynah_wire::{Message, Packet};
use tokio::io::AsyncWriteExt;

pub(crate) use exchange::Verdict;
use exchange::{ASK_SHA256, Exchange};
pub(crate) use keys::Keys;
pub(crate) use tls_use::TlsUse;
use wire::{Wire, wire};
pub(crate) use x::{LoginGate, login as login_x, login_again};

use crate::Failure;
use crate::pump::Watch;
use crate::refusal::Refusal;

/// What a login needs besides the two sides.
#[derive(Debug)]
pub(crate) struct Tools<'a> {
    pub(crate) tls: TlsUse,
    /// For clients that ask for TLS.
    pub(crate) server: &'a TlsServer,
    /// For servers that are asked for it.
    pub(crate) client: &'a TlsClient,
    pub(crate) keys: &'a Keys,
}

/// Where a connection stands when the proxy's part in its login is done.
#[derive(Debug)]
pub(crate) struct Entered {
    /// What was read of the client and not been sent on.
    pub(crate) of_client: BytesMut,
    /// What was read of the server and not been sent on.
    pub(crate) of_server: BytesMut,
    /// Whether one side may send passwords in clear and the other not: then the proxy has a part
    /// in COM_CHANGE_USER too.
    pub(crate) mediated: bool,
}

/// Carries a login up to where its packets can pass as they come. The server's first bytes are
/// there, and are those of a greeting.
pub(crate) async fn login<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    first: BytesMut,
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let mut to_client = Wire::new(client, BytesMut::new(), 0);
    let mut to_server = Wire::new(server, first, 0);

    let packet = to_server.expect().await.map_err(Failure::Server)?;
    let Ok(greeting) = HandshakeV10::from_payload(&packet.payload, ()) else {
        // An error in its place, or one of long ago: it passes as it is.
        pass(&mut to_client, &packet, watch).await?;
        return Ok(entered(to_client, to_server, false));
    };
    let offered = tools.tls.is_offered(greeting.capabilities);
    let mut payload = BytesMut::from(&packet.payload[..]);
    capabilities::offer_tls(&mut payload, offered);
    to_client.next = packet.sequence_id;
    let sent = to_client.send(&payload).await.map_err(Failure::Client)?;
    watch.passed(Direction::Server, &sent);

    let mut packet = to_client.expect().await.map_err(Failure::Client)?;
    watch.passed(Direction::Client, &wire(&packet));
    let client_has_tls = offered && is_ssl_request(&packet.payload);
    if client_has_tls {
        let read_already = to_client.input.split().freeze();
        let accepted = to_client.stream.accept_tls(tools.server, read_already);
        accepted.await.map_err(Failure::ClientTls)?;
        watch.tls_is_ended_here();
        packet = to_client.expect().await.map_err(Failure::Client)?;
        watch.passed(Direction::Client, &wire(&packet));
    } else if tools.tls.is_required() && !to_client.stream.is_secure() {
        return Err(Failure::Told(Refusal::insecure()));
    }

    let server_offers = greeting.capabilities.contains(Capabilities::SSL);
    let use_tls = tools.tls.with_server(client_has_tls, server_offers);
    let use_tls = use_tls
        .map_err(|()| Failure::Told(Refusal::tls("TLS is required, and the server offers none")))?;
    let mut response = BytesMut::from(&packet.payload[..]);
    to_server.next = 1;
    if use_tls {
        let request = capabilities::ssl_request(&response).ok_or_else(|| {
            Failure::Told(Refusal::tls(
                "the client is too old to be carried on under TLS",
            ))
        })?;
        to_server.send(&request).await.map_err(Failure::Server)?;
        // As the client would have asked the server itself.
        let name = to_client.stream.server_name();
        let connected = to_server.stream.connect_tls(tools.client, name.as_deref());
        let connected = connected.await;
        connected.map_err(|error| {
            Failure::Told(Refusal::tls(format!("TLS with the server failed: {error}")))
        })?;
    }
    if is_response41(&response) {
        capabilities::use_tls(&mut response, use_tls);
    }
    let secure = (to_client.stream.is_secure(), to_server.stream.is_secure());
    let mut exchange = Exchange {
        client: &mut to_client,
        server: &mut to_server,
        keys: tools.keys,
        watch,
        nonce: Nonce::from_bytes(&greeting.auth_plugin_data),
    };
    let response = with_password(&mut exchange, response.freeze(), secure).await?;
    if let Some(response) = response {
        let sent = exchange.server.send(&response).await;
        sent.map_err(Failure::Server)?;
    }
    let mediated = secure.0 != secure.1;
    if client_has_tls == use_tls && !mediated {
        return Ok(entered(to_client, to_server, false));
    }
    let verdict = exchange.run().await?;
    if verdict == Verdict::Refused {
        // There is nothing left to say.
        let _closed = to_client.stream.shutdown().await;
    }
    Ok(entered(to_client, to_server, mediated))
}

/// COM_CHANGE_USER has passed: another login, on a connection of which one side may send passwords
/// in clear and the other not.
pub(crate) async fn change_user<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    keys: &Keys,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let mut to_client = Wire::new(client, unsent.0, 1);
    let mut to_server = Wire::new(server, unsent.1, 1);
    let exchange = Exchange {
        client: &mut to_client,
        server: &mut to_server,
        keys,
        watch,
        // The server says a new one before anything is done with it.
        nonce: Nonce::from_bytes(&[]),
    };
    exchange.run().await?;
    Ok(entered(to_client, to_server, true))
}

/// The response of a client that says its password in it, or wants to, as the server has to have
/// it. Nothing if that has been sent already.
async fn with_password<W: Watch>(
    exchange: &mut Exchange<'_, '_, W>,
    payload: Bytes,
    secure: (bool, bool),
) -> Result<Option<Bytes>, Failure> {
    if secure.0 == secure.1 {
        return Ok(Some(payload));
    }
    let Ok(mut response) = HandshakeResponse41::from_payload(&payload, ()) else {
        return Ok(Some(payload));
    };
    let is_sha256 = response.client_plugin_name[..] == *b"sha256_password";
    let password = response.auth_response.clone();
    if !is_sha256 || password.is_empty() {
        return Ok(Some(payload));
    }
    let encode = |response: &HandshakeResponse41| response.to_payload(()).map_err(Failure::Encode);
    match secure {
        (true, false) if password.len() > 1 => {
            response.auth_response = Bytes::from_static(&[ASK_SHA256]);
            // The first of the two is in the response, where the server expects it.
            let sent = exchange.server.send(&encode(&response)?).await;
            sent.map_err(Failure::Server)?;
            exchange.encrypt_for_answer(&password).await?;
            Ok(None)
        }
        (false, true) if password[..] == [ASK_SHA256] => {
            response.auth_response = exchange.decrypted().await?;
            encode(&response).map(Some)
        }
        _ => Ok(Some(payload)),
    }
}

async fn pass<W: Watch>(
    to_client: &mut Wire<'_>,
    packet: &Packet,
    watch: &mut W,
) -> Result<(), Failure> {
    to_client.next = packet.sequence_id;
    let sent = to_client.send(&packet.payload).await;
    watch.passed(Direction::Server, &sent.map_err(Failure::Client)?);
    Ok(())
}

fn entered(to_client: Wire<'_>, to_server: Wire<'_>, mediated: bool) -> Entered {
    Entered {
        of_client: to_client.input,
        of_server: to_server.input,
        mediated,
    }
}

fn is_ssl_request(payload: &Bytes) -> bool {
    SslRequest::from_payload(payload, ()).is_ok_and(|request| {
        request.capabilities.contains(Capabilities::SSL)
            && payload.len() == SslRequest::len(request.capabilities)
    })
}

fn is_response41(payload: &[u8]) -> bool {
    // PROTOCOL_41 is bit 9.
    payload.get(1).is_some_and(|byte| byte & 0x02 != 0)
}
