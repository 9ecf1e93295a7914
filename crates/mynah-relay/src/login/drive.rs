//! Logins on sockets: carries out the actions of a mediator, and gives it the events.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_net::{Stream, TlsClient, TlsServer};
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_util::io::poll_read_buf;

use super::mediator::{Action, Event, Mediator};
use super::{Failed, Keys, LoginDone, NextLogin, Tools, Transport, classic, x};
use crate::LoginFailure;
use crate::pump::Follow;

/// Mediates a login of the classic protocol until it is decided. What was read of
/// either side comes first: the server's is the beginning of a greeting.
pub(crate) async fn login<W: Follow>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<LoginDone, Failed> {
    let transports = (Transport::of(client), Transport::of(server));
    let mediator = classic::Login::new(transports, unsent, tools.tls).compresses(tools.compresses);
    first(mediator, client, server, tools, watch).await
}

/// Mediates the beginning of a connection of the X Protocol up to where its messages can pass as they
/// come.
pub(crate) async fn login_x<W: Follow>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<LoginDone, Failed> {
    let transports = (Transport::of(client), Transport::of(server));
    let mediator = x::Login::new(transports, unsent, tools.tls).compresses(tools.compresses);
    first(mediator, client, server, tools, watch).await
}

/// COM_CHANGE_USER has passed: another login, on a connection of which one side may send passwords in
/// clear and the other not.
pub(crate) async fn change_user<W: Follow>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    next: &NextLogin<'_>,
    watch: &mut W,
) -> Result<LoginDone, LoginFailure> {
    let transports = (Transport::of(client), Transport::of(server));
    let mediator = classic::Login::again(transports, unsent, next.compression);
    another(mediator, client, server, next, watch).await
}

/// A session of the X Protocol has ended, and the client logs in once more, on a connection of which it
/// may send passwords in clear and the proxy not.
pub(crate) async fn login_again<W: Follow>(
    client: &mut Stream,
    server: &mut Stream,
    unsent: (BytesMut, BytesMut),
    next: &NextLogin<'_>,
    watch: &mut W,
) -> Result<LoginDone, LoginFailure> {
    let transports = (Transport::of(client), Transport::of(server));
    let mediator = x::Login::again(transports, unsent);
    another(mediator, client, server, next, watch).await
}

async fn first<M: Mediator, W: Follow>(
    mediator: M,
    client: &mut Stream,
    server: &mut Stream,
    tools: &Tools<'_>,
    watch: &mut W,
) -> Result<LoginDone, Failed> {
    let tls = Some((tools.server, tools.client));
    Driver {
        mediator,
        client,
        server,
        watch,
        tls,
        keys: tools.keys,
        buffer: BytesMut::new(),
    }
    .finish(tools.timeout)
    .await
}

async fn another<M: Mediator, W: Follow>(
    mediator: M,
    client: &mut Stream,
    server: &mut Stream,
    next: &NextLogin<'_>,
    watch: &mut W,
) -> Result<LoginDone, LoginFailure> {
    let driver = Driver {
        mediator,
        client,
        server,
        watch,
        tls: None,
        keys: next.keys,
        buffer: BytesMut::new(),
    };
    driver
        .finish(next.timeout)
        .await
        .map_err(|failed| failed.failure)
}

struct Driver<'a, M, W> {
    mediator: M,
    client: &'a mut Stream,
    server: &'a mut Stream,
    watch: &'a mut W,
    /// Towards clients and towards servers; absent where it can't begin any more.
    tls: Option<(&'a TlsServer, &'a TlsClient)>,
    keys: &'a Keys,
    /// Where both sides' bytes are read to. A whole login mostly fits, so it is allocated once.
    buffer: BytesMut,
}

impl<M: Mediator, W: Follow> Driver<'_, M, W> {
    /// Comes to the login's end, within this time.
    async fn finish(mut self, limit: Duration) -> Result<LoginDone, Failed> {
        if let Ok(done) = timeout(limit, self.run()).await {
            return done;
        }
        // The mediator now sends both sides their errors, for which it needs no further event.
        self.mediator.handle(Event::TimedOut(limit));
        self.run().await
    }

    async fn run(&mut self) -> Result<LoginDone, Failed> {
        loop {
            // All actions come before the next event: they decide which side is read, and whether through TLS.
            while let Some(action) = self.mediator.next_action(self.watch.awaits_answer()) {
                if let Action::Done(done) = action {
                    return done;
                }
                if let Some(event) = self.perform(action).await {
                    self.mediator.handle(event);
                }
            }
            let event = self.read().await;
            self.mediator.handle(event);
        }
    }

    async fn perform(&mut self, action: Action) -> Option<Event> {
        match action {
            Action::ToClient(bytes) => match self.client.write_all(&bytes).await {
                Ok(()) => self.watch.passed(Direction::Server, &bytes),
                Err(error) => return Some(Event::Lost(Direction::Client, error)),
            },
            // Not observed here: the observer gets the client's bytes as the client sent them (`Action::Observe`),
            // before passwords are converted for the server.
            Action::ToServer(bytes) => {
                let sent = self.server.write_all(&bytes).await;
                return sent
                    .err()
                    .map(|error| Event::Lost(Direction::Server, error));
            }
            Action::Observe(bytes) => self.watch.passed(Direction::Client, &bytes),
            Action::ObserveDecrypted => self.watch.begin_decrypted(),
            Action::AcceptTls(start) => return Some(self.accept_tls(start).await),
            Action::ConnectTls => return Some(self.connect_tls().await),
            Action::MakeKey => return Some(Event::Key(self.keys.private().await)),
            Action::CloseClient => {
                let _closed = self.client.shutdown().await;
            }
            Action::Done(_) => {}
        }
        None
    }

    /// Waits for a side that is read.
    async fn read(&mut self) -> Event {
        poll_fn(|cx| {
            // If both sides have sent something, the mediator's order counts and not chance.
            for side in M::READ_ORDER {
                if !self.mediator.reads(side) {
                    continue;
                }
                let stream = match side {
                    Direction::Client => &mut *self.client,
                    Direction::Server => &mut *self.server,
                };
                let event = poll_receive(stream, side, &mut self.buffer, cx);
                if event.is_ready() {
                    return event;
                }
            }
            Poll::Pending
        })
        .await
    }

    /// The client's handshake, as long as the server stays.
    async fn accept_tls(&mut self, start: Bytes) -> Event {
        let Some((tls, _)) = self.tls else {
            return no_tls(Direction::Client);
        };
        // The server is read meanwhile: if it closes during the client's handshake, the login has failed.
        let mut accepted = pin!(self.client.accept_tls(tls, start));
        loop {
            let event = tokio::select! {
                biased;
                accepted = &mut accepted => return encrypted(Direction::Client, accepted),
                event = poll_fn(|cx| {
                    poll_receive(self.server, Direction::Server, &mut self.buffer, cx)
                }), if self.mediator.reads(Direction::Server) => event,
            };
            if !matches!(event, Event::Received(..)) {
                return event;
            }
            self.mediator.handle(event);
        }
    }

    async fn connect_tls(&mut self) -> Event {
        let Some((_, tls)) = self.tls else {
            return no_tls(Direction::Server);
        };
        // The name that the client has asked for, as without the proxy.
        let name = self.client.server_name();
        let mirror = self.client.tls_mirror();
        let connected = self
            .server
            .connect_tls(tls, name.as_deref(), mirror.as_ref());
        encrypted(Direction::Server, connected.await)
    }
}

fn poll_receive(
    stream: &mut Stream,
    side: Direction,
    buffer: &mut BytesMut,
    cx: &mut Context<'_>,
) -> Poll<Event> {
    if buffer.capacity() < MIN_READ {
        buffer.reserve(READ);
    }
    Poll::Ready(match ready!(poll_read_buf(Pin::new(stream), cx, buffer)) {
        Ok(0) => Event::Closed(side),
        Ok(_) => Event::Received(side, buffer.split()),
        Err(error) => Event::Lost(side, error),
    })
}

fn encrypted(side: Direction, begun: std::io::Result<()>) -> Event {
    match begun {
        Ok(()) => Event::Encrypted(side),
        Err(error) => Event::NotEncrypted(side, error),
    }
}

fn no_tls(side: Direction) -> Event {
    encrypted(side, Err(std::io::ErrorKind::Unsupported.into()))
}

/// How many bytes the buffer has when it is new.
const READ: usize = 4 * 1024;

/// With less room than this, a read gets a new buffer.
const MIN_READ: usize = 1024;
