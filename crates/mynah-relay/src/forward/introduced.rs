//! Reads the client's address from a PROXY protocol header, if a load balancer sends one.

use std::io;

use bytes::BytesMut;
use mynah_net::{Admitted, Stream};
use tokio::time::timeout;
use tokio_util::io::read_buf;

use super::unreached::late;
use crate::LoginFailure;
use crate::proxy_protocol::{Ends, Introduction, cut};
use crate::refusal::Refusal;
use crate::shared::Shared;

/// The ends of the client's connection, and what was read of what follows.
#[derive(Debug)]
pub(super) struct Introduced {
    /// Absent where it isn't TCP.
    pub(super) ends: Option<Ends>,
    pub(super) ahead: BytesMut,
}

/// Reads the header of a sender that has to send one.
pub(super) async fn introduced(
    shared: &Shared,
    admitted: &Admitted,
    client: &mut Stream,
) -> Result<Introduced, LoginFailure> {
    let own = client.tcp_addresses();
    let ends = own.map(|(client, server)| Ends { client, server });
    let mut ahead = BytesMut::new();
    let senders = &shared.options.accept_proxy_protocol;
    // Only listed senders are believed: any other client could claim an address. From these, a header is
    // required.
    if !senders.include(own.map(|(peer, _)| peer.ip())) {
        return Ok(Introduced { ends, ahead });
    }
    let connect_timeout = shared.options.connect_timeout;
    let read = timeout(connect_timeout, read(client, &mut ahead)).await;
    let introduction = read.unwrap_or_else(|_late| {
        let what = late("no PROXY protocol header came", connect_timeout);
        Err(LoginFailure::WithError(Refusal::late(&what)))
    })?;
    let ends = match introduction {
        Introduction::Of(ends) => {
            admitted.set_client_address(ends.client);
            Some(ends)
        }
        Introduction::OfSender => ends,
    };
    Ok(Introduced { ends, ahead })
}

async fn read(client: &mut Stream, input: &mut BytesMut) -> Result<Introduction, LoginFailure> {
    loop {
        match cut(input) {
            Ok(Some(introduction)) => return Ok(introduction),
            Ok(None) => {}
            Err(_) => return Err(LoginFailure::WithError(Refusal::not_introduced())),
        }
        match read_buf(client, input).await {
            Ok(0) => return Err(LoginFailure::Client(io::ErrorKind::UnexpectedEof.into())),
            Ok(_) => {}
            Err(error) => return Err(LoginFailure::Client(error)),
        }
    }
}
