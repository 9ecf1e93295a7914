//! The connection phase of the classic protocol, where the proxy has a part in it: TLS ends here,
//! on one side or on both.

use bytes::{Bytes, BytesMut};
use mynah_auth::Nonce;
use mynah_classic::Capabilities;
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_net::Stream;
use mynah_session::observe::Direction;
use mynah_wire::Message;
use tokio::io::AsyncWriteExt;

use super::exchange::{ASK_SHA256, Exchange, Verdict};
use super::turn::Turn;
use super::wire::{Received, Wire};
use super::{Again, Entered, Failed, Tools, capabilities, passing};
use crate::Failure;
use crate::pump::Watch;
use crate::refusal::Refusal;

/// Carries a login until it is decided who the client is. What was read of either side comes
/// first: the server's is the beginning of a greeting.
pub(crate) async fn login<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    (of_client, of_server): (BytesMut, BytesMut),
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<Entered, Failed> {
    let turn = Turn::of(Direction::Server);
    let mut to_client = Wire::new(client, of_client, 0, Direction::Client, &turn);
    let mut to_server = Wire::new(server, of_server, 0, Direction::Server, &turn);
    let steps = carry(&mut to_client, &mut to_server, tools, watch);
    let done = turn.within(tools.patience, steps).await;
    if let Err(Failure::Server(_)) = &done
        && let Some(error) = to_server.last_words()
        && let Ok(sent) = to_client.send(&error.payload).await
    {
        watch.passed(Direction::Server, &sent);
    }
    let sequence_id = to_client.next;
    done.and_then(|entered| entered.with_rests(to_client, to_server))
        .map_err(|failure| Failed {
            failure,
            sequence_id,
        })
}

async fn carry<'w, W: Watch>(
    to_client: &mut Wire<'w>,
    to_server: &mut Wire<'w>,
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let packet = to_server.expect().await.map_err(Failure::Server)?;
    let Ok((greeting, _rest)) = HandshakeV10::from_payload_lenient(&packet.payload, ()) else {
        // An error in its place, or one of long ago: it passes as it is.
        pass(to_client, &packet, watch).await?;
        return Ok(Entered::default());
    };
    let offered = tools.tls.is_offered(greeting.capabilities);
    let mut payload = BytesMut::from(&packet.payload[..]);
    capabilities::offer_tls(&mut payload, offered);
    to_client.next = packet.sequence_id;
    let sent = to_client.send(&payload).await.map_err(Failure::Client)?;
    watch.passed(Direction::Server, &sent);

    let mut packet = to_client.expect_while(to_server).await?;
    watch.passed(Direction::Client, &packet.wire);
    let client_has_tls = offered && is_ssl_request(&packet.payload);
    if client_has_tls {
        let read_already = to_client.input.split().freeze();
        tokio::select! {
            biased;
            accepted = to_client.stream.accept_tls(tools.server, read_already) => {
                accepted.map_err(Failure::ClientTls)?;
            }
            error = to_server.gone() => return Err(Failure::Server(error)),
        }
        watch.tls_is_ended_here();
        packet = to_client.expect_while(to_server).await?;
        watch.passed(Direction::Client, &packet.wire);
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
        to_server.turn.is(Direction::Server);
        // As the client would have asked the server itself.
        let name = to_client.stream.server_name();
        let mirror = to_client.stream.tls_mirror();
        let connected =
            to_server
                .stream
                .connect_tls(tools.client, name.as_deref(), mirror.as_ref());
        connected.await.map_err(Failure::server_tls)?;
    }
    if is_response41(&response) {
        capabilities::use_tls(&mut response, use_tls);
    }
    let secure = (to_client.stream.is_secure(), to_server.stream.is_secure());
    let entered = match secure.0 == secure.1 {
        true => Entered::default(),
        false => Entered {
            mediated: true,
            compression: capabilities::compression(&greeting, &response),
            ..Entered::default()
        },
    };
    let mut exchange = Exchange {
        client: to_client,
        server: to_server,
        keys: tools.keys,
        watch,
        nonce: Nonce::from_bytes(&greeting.auth_plugin_data),
    };
    let response = with_password(&mut exchange, response.freeze(), secure).await?;
    if let Some(response) = response {
        let sent = exchange.server.send(&response).await;
        sent.map_err(Failure::Server)?;
    }
    if client_has_tls == use_tls && !entered.mediated {
        passing::pass_on(to_client, to_server, watch).await?;
        return Ok(entered);
    }
    if exchange.run().await? == Verdict::Refused {
        // There is nothing left to say.
        let _closed = to_client.stream.shutdown().await;
    }
    Ok(entered)
}

/// COM_CHANGE_USER has passed: another login, on a connection of which one side may send passwords
/// in clear and the other not. It had the first sequence id.
pub(crate) async fn change_user<W: Watch>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    again: &Again<'_>,
    watch: &mut W,
) -> Result<Entered, Failure> {
    let turn = Turn::of(Direction::Server);
    let mut to_client = Wire::new(client, unsent.0, 1, Direction::Client, &turn);
    let mut to_server = Wire::new(server, unsent.1, 1, Direction::Server, &turn);
    if let Some(algorithm) = again.compression {
        to_client = to_client.compressed(algorithm);
        to_server = to_server.compressed(algorithm);
    }
    let exchange = Exchange {
        client: &mut to_client,
        server: &mut to_server,
        keys: again.keys,
        watch: &mut *watch,
        // The server says a new one before anything is done with it.
        nonce: Nonce::from_bytes(&[]),
    };
    let done = turn.within(again.patience, exchange.run()).await;
    if let Err(failure) = &done
        && let Some(refusal) = failure.refusal()
    {
        let payload = refusal.payload(Capabilities::PROTOCOL_41);
        // Who is gone needs not be told.
        if let Ok(sent) = to_client.send(&payload).await {
            watch.passed(Direction::Server, &sent);
        }
    }
    done?;
    let entered = Entered {
        mediated: true,
        compression: again.compression,
        ..Entered::default()
    };
    entered.with_rests(to_client, to_server)
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
    let Ok((mut response, _rest)) = HandshakeResponse41::from_payload_lenient(&payload, ()) else {
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
    packet: &Received,
    watch: &mut W,
) -> Result<(), Failure> {
    to_client.next = packet.sequence_id;
    let sent = to_client.send(&packet.payload).await;
    watch.passed(Direction::Server, &sent.map_err(Failure::Client)?);
    Ok(())
}

impl Entered {
    fn with_rests(mut self, client: Wire<'_>, server: Wire<'_>) -> Result<Self, Failure> {
        self.of_client = client.into_rest().map_err(Failure::Client)?;
        self.of_server = server.into_rest().map_err(Failure::Server)?;
        Ok(self)
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
