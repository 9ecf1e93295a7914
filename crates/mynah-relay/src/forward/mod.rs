//! One connection, from accept to close.

mod begin;
mod closing;
mod greeting;
mod introduced;
mod last_error;
mod reach;
mod search;
mod unreached;

use std::rc::Rc;
use std::sync::Arc;

use mynah_net::{Admitted, Client, Stream, Threads};
use mynah_session::observe::Direction;

use crate::LoginFailure;
use crate::fault::{self, Scene};
use crate::gate::{Gatekeeper, LoginGate};
use crate::login::{self, LoginDone, NextLogin};
use crate::observer::ConnectionObserver;
use crate::pump::{ByteObserver as _, Ending, Follow as _, Gating, Pump, Scratch};
use crate::shared::{OpenRoute, Shared};
use crate::upstreams::Lease;

use begin::{Begun, begin};
use closing::{finish, refuse};
use introduced::introduced;

/// The service that runs each connection of a [`Relay`](crate::Relay).
pub(crate) struct ForwardService(pub(crate) Arc<Shared>);

/// What each worker thread has of its own.
pub(crate) struct Local {
    shared: Arc<Shared>,
    scratch: Scratch,
}

impl Threads for ForwardService {
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
            Ok(client) => forward(&local, &route, &admitted, client).await,
            Err(error) => log::warn!(listener:% = admitted.log_name();
                "connection {}: can't be waited for: {error}", admitted.id()),
        }
    }
}

async fn forward(local: &Local, route: &OpenRoute, admitted: &Admitted, mut client: Stream) {
    let shared = &local.shared;
    let introduced = introduced(shared, admitted, &mut client).await;
    let mut observer = Box::new(ConnectionObserver::new(shared, route, admitted));
    // The observer exists before the server does, so a connection that fails here has its events, too.
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
                &mut observer,
            ))
            .await
        }
        Err(failure) => Err(failure.into()),
    };
    let Begun {
        mut server,
        login: entered,
        lease,
    } = match begun {
        Ok(Some(begun)) => begun,
        Ok(None) => {
            observer.ended(Direction::Client, None);
            return observer.end(None);
        }
        Err(failed) => {
            let refused = Box::pin(refuse(&mut client, &failed, &mut observer, admitted));
            return refused.await;
        }
    };
    let idle = shared.options.idle_timeout;
    let gates = shared.options.gates.as_ref();
    let gate = gates.and_then(|gates| gates.open(admitted.id()));
    let gating = gate.map(|gate| Box::new(Gating::new(Gatekeeper::new(gate, observer.is_x()))));
    let mut pump = Pump::new(entered.of_client, entered.of_server).gated(gating);
    if entered.mediated {
        pump = pump.stopped_by(login_gate(&observer));
    }
    let mut is_in_answer = false;
    // The pump stops for each login that the proxy has a part in, and for each command at which a fault is due; a new
    // one begins behind it with the bytes that both have read ahead. All other ends of the pump are the connection's end.
    let ending = loop {
        let scratch = &local.scratch;
        let run = pump.run(&mut client, &mut server, scratch, &mut *observer, idle);
        let ending = tokio::select! {
            // An end that the sides have made comes before a shutdown that is noticed at the same time.
            biased;
            ending = run => ending,
            ending = closing(admitted, lease.as_ref()) => ending,
        };
        if !matches!(ending, Ending::Stopped) {
            break ending;
        }
        let rest = pump.take_rest();
        let mut gating = pump.take_gating();
        let (of_client, of_server) = match (pump.take_fault(), &mut gating) {
            (Some(due), Some(gating)) => {
                let scene = Scene {
                    client: &mut client,
                    server: &mut server,
                    of_client: rest.0,
                    of_server: rest.1,
                    keeper: gating.keeper(),
                    observer: &mut observer,
                    idle,
                };
                let played = Box::pin(fault::play(&due, scene));
                tokio::select! {
                    biased;
                    played = played => match played {
                        Ok(rest) => rest,
                        Err(ending) => {
                            is_in_answer = true;
                            break ending;
                        }
                    },
                    ending = closing(admitted, lease.as_ref()) => {
                        is_in_answer = true;
                        break ending;
                    }
                }
            }
            _ => {
                let next = NextLogin {
                    keys: &shared.keys,
                    timeout: shared.options.login_timeout,
                    compression: entered.compression,
                };
                let (client, server) = (&mut client, &mut server);
                let done = Box::pin(log_in_again(client, server, rest, &next, &mut observer));
                match done.await {
                    Ok(entered) => (entered.of_client, entered.of_server),
                    Err(failure) => break Ending::LoginFailed(failure),
                }
            }
        };
        pump = Pump::new(of_client, of_server).gated(gating);
        if entered.mediated {
            pump = pump.stopped_by(login_gate(&observer));
        }
    };
    if let Some(lease) = lease {
        // The upstream has one connection less before the client sees the end, and may connect again.
        drop(server);
        leave(&lease, &ending, &observer);
    }
    // An error may only be put behind bytes that have all reached the client.
    let is_drained = pump.is_drained() && !is_in_answer;
    let finished = finish(ending, is_drained, admitted, &mut client, &mut observer);
    Box::pin(finished).await;
}

/// Notes how a connection to one of several upstreams has ended.
fn leave(lease: &Lease, ending: &Ending, observer: &ConnectionObserver) {
    let is_lost = match ending {
        Ending::LoginFailed(LoginFailure::Server(_)) => true,
        Ending::Fault { .. } => false,
        _ => observer.is_lost_by_server(),
    };
    if is_lost {
        lease.note_lost();
    }
}

/// Returns how the connection ends when it is to be closed: by the proxy's end, by request, or because its upstream is
/// drained.
async fn closing(admitted: &Admitted, lease: Option<&Lease>) -> Ending {
    let Some(lease) = lease else {
        admitted.ending().await;
        return Ending::ShutDown;
    };
    tokio::select! {
        biased;
        () = admitted.ending() => Ending::ShutDown,
        () = lease.closing() => Ending::Drained,
    }
}

/// The place where the copy loop stops if the client logs in again.
fn login_gate(observer: &ConnectionObserver) -> LoginGate {
    LoginGate::new(observer.is_x(), observer.change_users())
}

/// Another login on a connection of which one side may send passwords in clear and the other not.
async fn log_in_again(
    client: &mut Stream,
    server: &mut Stream,
    rest: (bytes::BytesMut, bytes::BytesMut),
    next: &NextLogin<'_>,
    observer: &mut ConnectionObserver,
) -> Result<LoginDone, LoginFailure> {
    if observer.is_x() {
        login::login_again(client, server, rest, next, observer).await
    } else {
        login::change_user(client, server, rest, next, observer).await
    }
}
