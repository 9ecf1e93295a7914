//! The start of a connection: connects to the server, finds out its protocol, and forwards the login as far
//! as the proxy takes part in it.

use std::io;

use bytes::Bytes;
use mynah_net::{Admitted, Stream};
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::greeting::{Greeting, greeting, late};
use super::introduced::Introduced;
use crate::login::{self, Failed, LoginDone, Tools};
use crate::observer::ConnectionObserver;
use crate::pump::ByteObserver as _;
use crate::refusal::Refusal;
use crate::shared::{OpenRoute, Shared};
use crate::{LoginFailure, Protocol};

/// The server, and the state after the login; nothing if the client has closed before the server
/// greeted.
pub(super) async fn begin(
    shared: &Shared,
    route: &OpenRoute,
    admitted: &Admitted,
    client: &mut Stream,
    introduced: Introduced,
    observer: &mut ConnectionObserver,
) -> Result<Option<(Stream, LoginDone)>, Failed> {
    let most = shared.options.max_connections;
    if most.is_some_and(|most| admitted.refuse_beyond(most)) {
        return Err(LoginFailure::WithError(Refusal::too_many_connections()).into());
    }
    let mut server = connect(shared, route).await?;
    // Before all other bytes, as the specification of the PROXY protocol has it.
    if let Some(version) = shared.options.send_proxy_protocol {
        let header = version.header(introduced.ends);
        let sent = server.write_all(&header).await;
        sent.map_err(LoginFailure::Server)?;
    }
    let (protocol, connect_timeout) = (route.route.protocol, shared.options.connect_timeout);
    let name = &*route.server;
    let ahead = introduced.ahead;
    let greeting = greeting(client, &mut server, ahead, protocol, connect_timeout, name).await?;
    let Some(Greeting {
        is_x,
        of_client,
        of_server,
    }) = greeting
    else {
        return Ok(None);
    };
    if is_x {
        observer.switch_to_x(shared.own_tls.is_some());
    }
    // With TLS passed through, nothing of the login can be changed.
    let (Some(own), Some(servers)) = (&shared.own_tls, &route.servers_tls) else {
        let done = LoginDone {
            of_client,
            of_server,
            ..LoginDone::default()
        };
        return Ok(Some((server, done)));
    };
    let tools = Tools {
        tls: shared.tls,
        server: own,
        client: servers,
        keys: &shared.keys,
        // Gates and rules for faults have to read commands, so they must not be compressed.
        compresses: shared.options.gates.is_none() && shared.options.faults.is_empty(),
        timeout: shared.options.login_timeout,
    };
    let ahead = (of_client, of_server);
    let done = if is_x {
        let login = login::login_x(client, &mut server, ahead, &tools, observer).await;
        match login {
            Err(Failed {
                failure: LoginFailure::NotX(greeting),
                ..
            }) => {
                return Err(not_x(client, greeting, protocol, name, observer).await);
            }
            login => login?,
        }
    } else {
        login::login(client, &mut server, ahead, &tools, observer).await?
    };
    // Only now is it known which sides use TLS.
    for (side, tls) in [
        (Direction::Client, client.tls()),
        (Direction::Server, server.tls()),
    ] {
        if let Some(tls) = tls {
            observer.encrypted(side, tls);
        }
    }
    Ok(Some((server, done)))
}

/// Refuses a client of the X Protocol at a route to a classic server.
async fn not_x(
    client: &mut Stream,
    greeting: Bytes,
    protocol: Protocol,
    name: &str,
    observer: &mut ConnectionObserver,
) -> Failed {
    if protocol == Protocol::X {
        let refusal = Refusal::not_mysql(name, "it speaks the classic protocol (--protocol)");
        return LoginFailure::WithError(refusal).into();
    }
    // The client spoke first, in the X Protocol, to a classic server. It gets that server's greeting, as without
    // the proxy.
    observer.switch_to_classic();
    if let Err(error) = client.write_all(&greeting).await {
        return LoginFailure::Client(error).into();
    }
    observer.passed(Direction::Server, &greeting);
    Failed {
        failure: LoginFailure::NotX(greeting),
        sequence_id: BEHIND_THE_GREETING,
    }
}

async fn connect(shared: &Shared, route: &OpenRoute) -> Result<Stream, LoginFailure> {
    let upstream = &route.route.upstream;
    let connect_timeout = shared.options.connect_timeout;
    let refusal = match timeout(connect_timeout, upstream.connect()).await {
        Ok(Ok(server)) => return Ok(server),
        // A server that closes at once was there: its reset is no failure to connect.
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionReset => {
            return Err(LoginFailure::Server(error));
        }
        Ok(Err(error)) => Refusal::unreachable(&route.server, &error.to_string()),
        Err(_late) => {
            let what = format!(
                "the server at '{}' did not accept the connection",
                route.server
            );
            Refusal::late(&late(&what, connect_timeout))
        }
    };
    Err(LoginFailure::WithError(refusal))
}

/// The sequence id of what follows a greeting.
const BEHIND_THE_GREETING: u8 = 1;
