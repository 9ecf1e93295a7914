//! The server is connected to, it turns out what it speaks, and the login is carried as far as
//! there is anything to do about it.

use std::io;

use bytes::BytesMut;
use mynah_net::{Admitted, Stream};
use tokio::time::timeout;

use super::greeting::{Greeting, greeting, late};
use super::{OpenRoute, Shared};
use crate::Failure;
use crate::login::{self, Entered, Tools};
use crate::refusal::Refusal;
use crate::witness::Witness;

/// The server, and how far the login has come; nothing if the client has left before the server
/// greeted.
pub(super) async fn begin(
    shared: &Shared,
    route: &OpenRoute,
    admitted: &Admitted,
    client: &mut Stream,
    witness: &mut Witness,
) -> Result<Option<(Stream, Entered)>, Failure> {
    let most = shared.options.max_connections;
    if most.is_some_and(|most| admitted.connections().count() > most) {
        return Err(Failure::Told(Refusal::too_many_connections()));
    }
    let mut server = connect(shared, route).await?;
    let (protocol, patience) = (route.route.protocol, shared.options.connect_timeout);
    let name = route.route.upstream.to_string();
    let greeting = greeting(client, &mut server, protocol, patience, &name).await?;
    let (of_client, of_server) = match greeting {
        Greeting::Gone => return Ok(None),
        Greeting::Classic(first) => (BytesMut::new(), first),
        Greeting::X(first) => {
            witness.speaks_x(shared.own_tls.is_some());
            (BytesMut::new(), first)
        }
        Greeting::ClientFirst(first) => {
            witness.speaks_x(shared.own_tls.is_some());
            (first, BytesMut::new())
        }
    };
    let (Some(own), Some(servers)) = (&shared.own_tls, &route.servers_tls) else {
        let entered = Entered {
            of_client,
            of_server,
            ..Entered::default()
        };
        return Ok(Some((server, entered)));
    };
    let tools = Tools {
        tls: shared.tls,
        server: own,
        client: servers,
        keys: &shared.keys,
        patience: shared.options.login_timeout,
    };
    let entered = if witness.is_x() {
        let ahead = (of_client, of_server);
        login::login_x(client, &mut server, ahead, &tools, witness).await?
    } else {
        let login = login::login(client, &mut server, of_server, &tools, witness).await;
        login.map_err(|failed| {
            witness.failed_at(failed.sequence_id);
            failed.failure
        })?
    };
    if let Some(tls) = client.tls() {
        admitted.set_tls(tls);
    }
    for (side, tls) in [("client", client.tls()), ("server", server.tls())] {
        if let Some(tls) = tls {
            witness.encrypted(side, tls);
        }
    }
    Ok(Some((server, entered)))
}

async fn connect(shared: &Shared, route: &OpenRoute) -> Result<Stream, Failure> {
    let upstream = &route.route.upstream;
    let patience = shared.options.connect_timeout;
    let refusal = match timeout(patience, upstream.connect()).await {
        Ok(Ok(server)) => return Ok(server),
        // It was there, and has closed at once.
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
            return Err(Failure::Server(error));
        }
        Ok(Err(error)) => Refusal::unreachable(&upstream.to_string(), &error.to_string()),
        Err(_late) => {
            let what = format!("the server at '{upstream}' did not accept the connection");
            Refusal::late(&late(&what, patience))
        }
    };
    Err(Failure::Told(refusal))
}
