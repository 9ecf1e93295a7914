//! The start of a connection: connects to the server, finds out its protocol, and forwards the login as far
//! as the proxy takes part in it.

use std::sync::Arc;

use bytes::Bytes;
use mynah_net::{Admitted, Stream};
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;

use super::greeting::Greeting;
use super::introduced::Introduced;
use super::reach::{Origin, Reached, reach};
use super::search::{Several, search};
use crate::login::{self, Failed, LoginDone, Tools};
use crate::observer::ConnectionObserver;
use crate::pump::ByteObserver as _;
use crate::refusal::Refusal;
use crate::shared::{OpenRoute, OpenUpstream, Shared, Target};
use crate::upstreams::Lease;
use crate::{LoginFailure, Protocol};

/// A connection after its login, or up to where the proxy takes part in it.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) server: Stream,
    pub(super) login: LoginDone,
    /// Present on a route with several upstreams.
    pub(super) lease: Option<Lease>,
}

/// Connects to the server, and logs in; nothing if the client has closed before the server greeted.
pub(super) async fn begin(
    shared: &Shared,
    route: &OpenRoute,
    admitted: &Admitted,
    client: &mut Stream,
    introduced: Introduced,
    observer: &mut ConnectionObserver,
) -> Result<Option<Begun>, Failed> {
    let most = shared.options.max_connections;
    if most.is_some_and(|most| admitted.refuse_beyond(most)) {
        return Err(LoginFailure::WithError(Refusal::too_many_connections()).into());
    }
    let mut origin = Origin {
        shared,
        protocol: route.route.protocol,
        client,
        introduced,
    };
    let (upstream, reached, lease) = match &route.target {
        Target::One(upstream) => {
            let reached = reach(upstream, &mut origin).await;
            let reached = reached.map_err(|unreached| unreached.failure(&upstream.name))?;
            (upstream, reached, None)
        }
        Target::Several {
            upstreams,
            route: number,
            members,
        } => {
            let several = Several {
                upstreams,
                route: *number,
                members,
            };
            match search(several, &mut origin, admitted, observer).await? {
                Some((upstream, reached, lease)) => (upstream, Some(reached), Some(lease)),
                None => return Ok(None),
            }
        }
    };
    let Some(mut reached) = reached else {
        return Ok(None);
    };
    admitted.set_server(Arc::clone(&upstream.name));
    let login = log_in(shared, route, upstream, client, &mut reached, observer).await;
    if let (Err(failed), Some(lease)) = (&login, &lease)
        && matches!(failed.failure, LoginFailure::Server(_))
    {
        lease.note_lost();
    }
    Ok(Some(Begun {
        server: reached.server,
        login: login?,
        lease,
    }))
}

async fn log_in(
    shared: &Shared,
    route: &OpenRoute,
    upstream: &OpenUpstream,
    client: &mut Stream,
    reached: &mut Reached,
    observer: &mut ConnectionObserver,
) -> Result<LoginDone, Failed> {
    let server = &mut reached.server;
    let Greeting {
        is_x,
        of_client,
        of_server,
    } = std::mem::take(&mut reached.greeting);
    if is_x {
        observer.switch_to_x(shared.own_tls.is_some());
    }
    // With TLS passed through, nothing of the login can be changed.
    let (Some(own), Some(servers)) = (&shared.own_tls, &upstream.tls) else {
        return Ok(LoginDone {
            of_client,
            of_server,
            ..LoginDone::default()
        });
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
        let login = login::login_x(client, server, ahead, &tools, observer).await;
        match login {
            Err(Failed {
                failure: LoginFailure::NotX(greeting),
                ..
            }) => {
                let protocol = route.route.protocol;
                return Err(not_x(client, greeting, protocol, &upstream.name, observer).await);
            }
            login => login?,
        }
    } else {
        login::login(client, server, ahead, &tools, observer).await?
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
    Ok(done)
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

/// The sequence id of what follows a greeting.
const BEHIND_THE_GREETING: u8 = 1;
