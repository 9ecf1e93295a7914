//! One client, from its first byte to its last.

use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_net::{Admitted, Client, ListenAddress, Stream, Threads, TlsClient, TlsServer};
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_util::io::read_buf;

use crate::counters::Counters;
use crate::failure::with_causes;
use crate::login::{self, Entered, Keys, TlsUse, Tools};
use crate::pump::{Ending, Pump, Scratch, Watch};
use crate::refusal::Refusal;
use crate::trace::Trace;
use crate::witness::{Bare, Witness};
use crate::{Failure, Protocol, RelayOptions, Route, x};

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

/// What the server said first.
enum Greeting {
    Classic(BytesMut),
    X(BytesMut),
    /// The client spoke before the server did.
    ClientFirst(BytesMut),
    /// The client left before the server spoke.
    Gone,
}

async fn carry(local: &Local, route: &OpenRoute, admitted: &Admitted, mut client: Stream) {
    let shared = &local.shared;
    // Boxed, as it is gone before long if nobody wants to know.
    let mut witness = Box::new(Witness::new(shared, route, admitted));
    // Boxed, as it is needed for a moment and large.
    let begun = Box::pin(begin(shared, route, admitted, &mut client, &mut witness)).await;
    let (mut server, entered) = match begun {
        Ok(Some(begun)) => begun,
        Ok(None) => return witness.end("the client left before the server greeted"),
        Err(failure) => {
            let why = with_causes(&failure);
            log::warn!(listener:% = admitted.log_name(); "connection {}: {why}", admitted.id());
            witness.end(&why);
            let told = Box::pin(refuse(&mut client, &failure, &witness, route));
            return told.await;
        }
    };
    let mut pump = Pump::new(entered.of_client, entered.of_server);
    let idle = shared.options.idle_timeout;
    if !entered.mediated && !witness.is_needed() {
        let mut bare = Bare::new(&witness, &route.route.upstream);
        drop(witness);
        let run = pump.run(&mut client, &mut server, &local.scratch, &mut bare, idle);
        let ending = run.await;
        let words = last_words(&pump, &ending, &mut bare);
        return Box::pin(finish(ending, words, admitted, &mut client, None)).await;
    }
    witness.stops_at_change_user = entered.mediated;
    let ending = loop {
        let run = pump.run(
            &mut client,
            &mut server,
            &local.scratch,
            &mut *witness,
            idle,
        );
        let ending = run.await;
        if !matches!(ending, Ending::Stopped) {
            break ending;
        }
        let unsent = pump.take_unsent();
        let (keys, watch) = (&shared.keys, &mut *witness);
        let done = Box::pin(login::change_user(
            &mut client,
            &mut server,
            unsent,
            keys,
            watch,
        ));
        match done.await {
            Ok(entered) => pump = Pump::new(entered.of_client, entered.of_server),
            Err(failure) => break Ending::ServerLost(io::Error::other(with_causes(&failure))),
        }
    };
    let words = match &ending {
        Ending::Idle if pump.is_drained() => witness.words_of_idle(),
        _ => last_words(&pump, &ending, &mut *witness),
    };
    Box::pin(finish(
        ending,
        words,
        admitted,
        &mut client,
        Some(&mut witness),
    ))
    .await;
}

/// What the client is told when its server is gone.
fn last_words(pump: &Pump, ending: &Ending, watch: &mut impl Watch) -> Option<Bytes> {
    let lost = matches!(ending, Ending::ServerLost(_)) && pump.is_drained();
    lost.then(|| watch.last_words(pump.client_spoke_last()))
        .flatten()
}

/// Connects to the server, finds out what it speaks, and carries the login as far as there is
/// anything to do about it.
async fn begin(
    shared: &Shared,
    route: &OpenRoute,
    admitted: &Admitted,
    client: &mut Stream,
    witness: &mut Witness,
) -> Result<Option<(Stream, Entered)>, Failure> {
    let options = &shared.options;
    if let Some(most) = options.max_connections
        && admitted.connections().count() > most
    {
        return Err(Failure::Told(Refusal::too_many_connections()));
    }
    let upstream = &route.route.upstream;
    let name = upstream.to_string();
    let connected = timeout(options.connect_timeout, upstream.connect()).await;
    let mut server = match connected {
        Ok(Ok(server)) => server,
        Ok(Err(error)) => {
            return Err(Failure::Told(Refusal::unreachable(
                &name,
                &error.to_string(),
            )));
        }
        Err(_late) => {
            let why = late("it didn't accept the connection", options.connect_timeout);
            return Err(Failure::Told(Refusal::unreachable(&name, &why)));
        }
    };
    let protocol = route.route.protocol;
    let greeting = greeting(
        client,
        &mut server,
        protocol,
        options.connect_timeout,
        &name,
    );
    let passes = |of_client, of_server| Entered {
        of_client,
        of_server,
        mediated: false,
    };
    let entered = match greeting.await? {
        Greeting::Gone => return Ok(None),
        Greeting::Classic(first) => match (&shared.own_tls, &route.servers_tls) {
            (Some(own), Some(servers)) => {
                let tools = Tools {
                    tls: shared.tls,
                    server: own,
                    client: servers,
                    keys: &shared.keys,
                };
                let login = login::login(client, &mut server, first, &tools, witness);
                let done = timeout(options.login_timeout, login).await;
                let entered = done.map_err(|_late| Failure::Late)??;
                witness.passed(Direction::Client, &entered.of_client);
                witness.passed(Direction::Server, &entered.of_server);
                if let Some(tls) = client.tls() {
                    admitted.set_tls(tls);
                    witness.encrypted("client", tls);
                }
                if let Some(tls) = server.tls() {
                    witness.encrypted("server", tls);
                }
                entered
            }
            _ => {
                witness.passed(Direction::Server, &first);
                passes(BytesMut::new(), first)
            }
        },
        Greeting::X(first) => {
            carry_x(
                shared,
                route,
                client,
                &mut server,
                (BytesMut::new(), first),
                witness,
            )
            .await?
        }
        Greeting::ClientFirst(first) => {
            carry_x(
                shared,
                route,
                client,
                &mut server,
                (first, BytesMut::new()),
                witness,
            )
            .await?
        }
    };
    Ok(Some((server, entered)))
}

/// The beginning of a connection of the X Protocol.
async fn carry_x(
    shared: &Shared,
    route: &OpenRoute,
    client: &mut Stream,
    server: &mut Stream,
    ahead: (BytesMut, BytesMut),
    witness: &mut Witness,
) -> Result<Entered, Failure> {
    let tools = match (&shared.own_tls, &route.servers_tls) {
        (Some(own), Some(servers)) => Tools {
            tls: shared.tls,
            server: own,
            client: servers,
            keys: &shared.keys,
        },
        _ => {
            witness.speaks_x(false);
            witness.passed(Direction::Client, &ahead.0);
            witness.passed(Direction::Server, &ahead.1);
            return Ok(Entered {
                of_client: ahead.0,
                of_server: ahead.1,
                mediated: false,
            });
        }
    };
    witness.speaks_x(true);
    let login = login::login_x(client, server, ahead, &tools, witness);
    let done = timeout(shared.options.login_timeout, login).await;
    let entered = done.map_err(|_late| Failure::Late)??;
    witness.passed(Direction::Client, &entered.of_client);
    witness.passed(Direction::Server, &entered.of_server);
    for (side, tls) in [("client", client.tls()), ("server", server.tls())] {
        if let Some(tls) = tls {
            witness.encrypted(side, tls);
        }
    }
    Ok(entered)
}

/// Waits for somebody to speak.
async fn greeting(
    client: &mut Stream,
    server: &mut Stream,
    protocol: Protocol,
    patience: Duration,
    name: &str,
) -> Result<Greeting, Failure> {
    if protocol == Protocol::X {
        return Ok(Greeting::X(BytesMut::new()));
    }
    let (mut first, mut ahead) = (BytesMut::new(), BytesMut::new());
    let deadline = tokio::time::sleep(patience);
    let mut deadline = std::pin::pin!(deadline);
    while first.len() < ENOUGH_TO_TELL {
        tokio::select! {
            read = read_buf(server, &mut first) => match read {
                Ok(0) => {
                    let why = "it closed the connection without a greeting";
                    return Err(Failure::Told(Refusal::lost(name, why)));
                }
                Ok(_) => {}
                Err(error) => {
                    return Err(Failure::Told(Refusal::lost(name, &error.to_string())));
                }
            },
            read = read_buf(client, &mut ahead), if protocol == Protocol::Auto => match read {
                Ok(0) => return Ok(Greeting::Gone),
                // What is sent ahead of a greeting that is on its way would be lost else.
                Ok(_) if first.is_empty() => return Ok(Greeting::ClientFirst(ahead)),
                Ok(_) => return Err(Failure::Client(io::ErrorKind::InvalidData.into())),
                Err(error) => return Err(Failure::Client(error)),
            },
            () = &mut deadline => {
                let why = late("it did not greet", patience);
                return Err(Failure::Told(Refusal::lost(name, &why)));
            }
        }
    }
    match first.get(..ENOUGH_TO_TELL) {
        Some([_, _, _, 0, 9 | 10 | 0xff]) => Ok(Greeting::Classic(first)),
        _ if protocol == Protocol::Classic => Err(Failure::Told(not_mysql(name, &first))),
        _ if x::is_frame(&first) => Ok(Greeting::X(first)),
        _ => Err(Failure::Told(not_mysql(name, &first))),
    }
}

fn late(what: &str, patience: Duration) -> String {
    format!("{what} within {} s", patience.as_secs_f32())
}

fn not_mysql(name: &str, first: &[u8]) -> Refusal {
    let start = first.get(..SHOWN).unwrap_or(first);
    Refusal::not_mysql(name, &format!("it starts with '{}'", start.escape_ascii()))
}

/// Tells the client why, if it can be told.
async fn refuse(client: &mut Stream, failure: &Failure, witness: &Witness, route: &OpenRoute) {
    let refusal = match failure {
        Failure::Told(refusal) => refusal.clone(),
        Failure::Server(error) => {
            Refusal::lost(&route.route.upstream.to_string(), &error.to_string())
        }
        Failure::Late => {
            Refusal::lost(&route.route.upstream.to_string(), "the login took too long")
        }
        Failure::Auth(error) => Refusal::password(error.to_string()),
        Failure::Encode(error) => Refusal::password(error.to_string()),
        Failure::Client(_) | Failure::ClientTls(_) => return,
        Failure::Refused => return say_goodbye(client).await,
    };
    let packet = if witness.is_x() {
        x::error(refusal.code, &refusal.message)
    } else {
        let (sequence_id, shared) = witness.place_for_refusal();
        refusal.packet(sequence_id, shared)
    };
    if client.write_all(&packet).await.is_ok() {
        say_goodbye(client).await;
    }
}

/// Closes the connection so that the client gets what was sent last: a socket closed with
/// something unread takes that back.
async fn say_goodbye(client: &mut Stream) {
    let _closed = client.shutdown().await;
    let mut rest = BytesMut::new();
    let read_on = async {
        while read_buf(client, &mut rest).await.is_ok_and(|read| read > 0) {
            rest.clear();
        }
    };
    let _late = timeout(LAST_WORDS, read_on).await;
}

async fn finish(
    ending: Ending,
    words: Option<Bytes>,
    admitted: &Admitted,
    client: &mut Stream,
    witness: Option<&mut Witness>,
) {
    let id = admitted.id();
    let why = match &ending {
        Ending::Closed | Ending::Stopped => String::new(),
        Ending::ClientLost(error) => format!("the client was lost: {error}"),
        Ending::ServerLost(error) => format!("the server was lost: {error}"),
        Ending::Idle => "nobody said anything for too long".to_owned(),
    };
    match &ending {
        Ending::Closed | Ending::Stopped => {
            log::info!(listener:% = admitted.log_name(); "connection {id}: closed");
        }
        Ending::ServerLost(_) => {
            log::warn!(listener:% = admitted.log_name(); "connection {id}: {why}");
        }
        _ => log::info!(listener:% = admitted.log_name(); "connection {id}: {why}"),
    }
    if let Some(witness) = witness {
        witness.end(&why);
    }
    if let Some(words) = words
        && client.write_all(&words).await.is_err()
    {
        return;
    }
    if matches!(ending, Ending::ServerLost(_) | Ending::Idle) {
        say_goodbye(client).await;
    }
}

/// How many bytes of a server are looked at to tell what it speaks.
const ENOUGH_TO_TELL: usize = 5;

/// How many bytes of what is no greeting are shown.
const SHOWN: usize = 16;

/// How long a client has to read what it was told last.
const LAST_WORDS: Duration = Duration::from_secs(1);
