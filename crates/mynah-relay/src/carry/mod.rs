//! One client, from its first byte to its last.

mod begin;
mod farewell;
mod greeting;
mod introduced;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mynah_net::{Admitted, Client, ListenAddress, Stream, Threads, TlsClient, TlsServer};
use mynah_session::observe::Direction;

use crate::counters::Counters;
use crate::login::{self, Again, Entered, Keys, TlsUse};
use crate::pump::{Ending, Pump, Scratch, Watch as _};
use crate::trace::Trace;
use crate::witness::Witness;
use crate::{Failure, RelayOptions, Route};

use begin::begin;
use farewell::{finish, refuse};
use introduced::introduced;

/// What all threads have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: RelayOptions,
    pub(crate) routes: HashMap<ListenAddress, Arc<OpenRoute>>,
    pub(crate) tls: TlsUse,
    /// Nothing where TLS passes as it is.
    pub(crate) own_tls: Option<TlsServer>,
    pub(crate) keys: Keys,
    pub(crate) counters: Option<Arc<Counters>>,
    pub(crate) trace: Option<Trace>,
}

/// A route that is listened on.
#[derive(Debug)]
pub(crate) struct OpenRoute {
    pub(crate) route: Route,
    pub(crate) servers_tls: Option<TlsClient>,
}

/// Carries the clients of a [`Relay`](crate::Relay).
pub(crate) struct Carriers(pub(crate) Arc<Shared>);

/// What a thread has.
pub(crate) struct Local {
    shared: Arc<Shared>,
    scratch: Scratch,
}

impl Threads for Carriers {
    type Local = Local;

    fn local(&self) -> Local {
        Local {
            shared: Arc::clone(&self.0),
            scratch: Scratch::default(),
        }
    }

    async fn serve(local: Rc<Local>, client: Client) {
        let (admitted, stream) = client.into_stream();
        let Some(route) = local.shared.routes.get(admitted.listener()) else {
            return;
        };
        let route = Arc::clone(route);
        match stream {
            Ok(client) => carry(&local, &route, &admitted, client).await,
            Err(error) => log::warn!(listener:% = admitted.log_name();
                "connection {}: can't be waited for: {error}", admitted.id()),
        }
    }
}

async fn carry(local: &Local, route: &OpenRoute, admitted: &Admitted, mut client: Stream) {
    let shared = &local.shared;
    let introduced = introduced(shared, admitted, &mut client).await;
    let mut witness = Box::new(Witness::new(shared, route, admitted));
    let begun = match introduced {
        // Boxed, as it is needed for a moment and large.
        Ok(introduced) => {
            let client = &mut client;
            Box::pin(begin(
                shared,
                route,
                admitted,
                client,
                introduced,
                &mut witness,
            ))
            .await
        }
        Err(failure) => Err(failure),
    };
    let (mut server, entered) = match begun {
        Ok(Some(begun)) => begun,
        Ok(None) => {
            witness.ended(Direction::Client, None);
            return witness.end(None);
        }
        Err(failure) => {
            let told = Box::pin(refuse(&mut client, &failure, &mut witness, admitted));
            return told.await;
        }
    };
    let idle = shared.options.idle_timeout;
    let mut pump = Pump::new(entered.of_client, entered.of_server);
    if entered.mediated {
        witness.stops_at_logins();
    }
    let mut shut_down = Box::pin(admitted.connections().ending());
    let ending = loop {
        let scratch = &local.scratch;
        let run = pump.run(&mut client, &mut server, scratch, &mut *witness, idle);
        let ending = tokio::select! {
            biased;
            ending = run => ending,
            () = &mut shut_down => Ending::ShutDown,
        };
        if !matches!(ending, Ending::Stopped) {
            break ending;
        }
        let rest = pump.take_rest();
        let again = Again {
            keys: &shared.keys,
            patience: shared.options.login_timeout,
            compression: entered.compression,
        };
        let (client, server) = (&mut client, &mut server);
        let done = Box::pin(log_in_again(client, server, rest, &again, &mut witness));
        match done.await {
            Ok(entered) => {
                witness.stops_at_logins();
                pump = Pump::new(entered.of_client, entered.of_server);
            }
            Err(failure) => break Ending::LoginFailed(failure),
        }
    };
    let is_drained = pump.is_drained();
    let told = finish(ending, is_drained, admitted, &mut client, &mut witness);
    Box::pin(told).await;
}

/// Another login on a connection of which one side may send passwords in clear and the other not.
async fn log_in_again(
    client: &mut Stream,
    server: &mut Stream,
    rest: (bytes::BytesMut, bytes::BytesMut),
    again: &Again<'_>,
    witness: &mut Witness,
) -> Result<Entered, Failure> {
    if witness.is_x() {
        login::login_again(client, server, rest, again, witness).await
    } else {
        login::change_user(client, server, rest, again, witness).await
    }
}
