//! One try to connect to a server, up to its greeting.

use std::io;

use mynah_net::Stream;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::greeting::{Greeting, greeting};
use super::introduced::Introduced;
use super::unreached::Unreached;
use crate::Protocol;
use crate::shared::{OpenUpstream, Shared};

/// The client for which a server is connected.
#[derive(Debug)]
pub(super) struct Origin<'a> {
    pub(super) shared: &'a Shared,
    /// The protocol of the route.
    pub(super) protocol: Protocol,
    pub(super) client: &'a mut Stream,
    pub(super) introduced: Introduced,
}

/// A server that is connected, and the first bytes of both sides.
#[derive(Debug)]
pub(super) struct Reached {
    pub(super) server: Stream,
    pub(super) greeting: Greeting,
}

/// Connects to a server, and waits for its greeting; nothing if the client leaves meanwhile. If it fails, what was read
/// of the client is kept, and another server can be tried.
pub(super) async fn reach(
    upstream: &OpenUpstream,
    origin: &mut Origin<'_>,
) -> Result<Option<Reached>, Unreached> {
    let Origin {
        shared,
        protocol,
        client,
        introduced,
    } = origin;
    let mut server = connect(upstream, shared).await?;
    // Before all other bytes, as the specification of the PROXY protocol has it.
    if let Some(version) = shared.options.send_proxy_protocol {
        let header = version.header(introduced.ends);
        let sent = server.write_all(&header).await;
        sent.map_err(Unreached::Server)?;
    }
    let greeting = greeting(
        client,
        &mut server,
        &mut introduced.ahead,
        *protocol,
        shared.options.connect_timeout,
    )
    .await?;
    Ok(greeting.map(|greeting| Reached { server, greeting }))
}

async fn connect(upstream: &OpenUpstream, shared: &Shared) -> Result<Stream, Unreached> {
    let connect_timeout = shared.options.connect_timeout;
    match timeout(connect_timeout, upstream.address.connect()).await {
        Ok(Ok(server)) => Ok(server),
        // A server that closes at once was there: its reset is no failure to connect.
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
            Err(Unreached::Server(error))
        }
        Ok(Err(error)) => Err(Unreached::Refused(error)),
        Err(_late) => Err(Unreached::NotAccepted(connect_timeout)),
    }
}
