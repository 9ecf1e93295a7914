use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::{Buf, BytesMut};
use mynah_classic::Capabilities;
use mynah_net::Stream;
use mynah_session::fuzz::cut;
use mynah_session::observe::Direction;
use mynah_session::{Completion, Failure, Outcome};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

use crate::gate::{Decision, GateCommand, Gatekeeper, Held, LoginGate, Standing};
use crate::pump::{ByteObserver, Ending, Follow, Gating, Pump, Scratch};

/// Fuzz target: panics unless the copy loop ends when both sides have closed, all bytes pass in order except those
/// that a gate drops or that are left when a connection stops, and the observer sees all bytes that passed.
///
/// The first byte chooses the gates, the second how much room the streams have; each piece that follows is a byte
/// for the sender and the length, and the bytes. A side that sends nothing closes.
pub fn pump(data: &[u8]) {
    let Some((&[bits, room], rest)) = data.split_first_chunk() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread();
    let Ok(runtime) = { runtime }.enable_time().build() else {
        return;
    };
    let _entered = runtime.enter();
    let is_gated = bits & 1 != 0;
    let (mut of_client, client) = Stream::in_memory(usize::from(room) + 1, false);
    let (mut of_server, server) = Stream::in_memory(usize::from(room) + 1, false);
    let (mut client, mut server) = (Side::new(client), Side::new(server));
    let mut pump = Pump::new(BytesMut::new(), BytesMut::new());
    if is_gated {
        let keeper = Gatekeeper::new(Box::new(decide), bits & 2 != 0);
        pump = pump.gated(Some(Box::new(Gating::new(keeper))));
    }
    if bits & 4 != 0 {
        pump = pump.stopped_by(LoginGate::new(true, 0));
    }
    let mut seen = Seen {
        is_opaque: bits & 8 != 0,
        ..Seen::default()
    };
    let scratch = Scratch::default();
    let ending = {
        let run = pump.run(&mut of_client, &mut of_server, &scratch, &mut seen, None);
        play(pin!(run), &mut client, &mut server, rest)
    };
    let (rest_of_client, _) = pump.take_rest();
    assert!(
        client.sent.starts_with(&seen.of_client),
        "unlike what was sent"
    );
    assert!(
        seen.of_server.starts_with(&client.got),
        "unlike what was seen"
    );
    if !is_gated {
        assert!(
            seen.of_client.starts_with(&server.got),
            "unlike what was seen"
        );
        assert!(
            server.sent.starts_with(&seen.of_server),
            "unlike what was sent"
        );
    }
    match ending {
        Ending::Stopped => {
            let left = client.sent.get(seen.of_client.len()..).unwrap_or_default();
            assert!(left.starts_with(&rest_of_client), "what is left is lost");
        }
        Ending::Closed if !is_gated => {
            assert_eq!(client.sent, server.got, "what the client sent is lost");
            assert_eq!(server.sent, client.got, "what the server sent is lost");
        }
        _ => {}
    }
}

/// Plays all pieces, and closes both sides.
#[allow(clippy::panic, reason = "this is an assertion")]
fn play(
    mut run: Pin<&mut impl Future<Output = Ending>>,
    client: &mut Side,
    server: &mut Side,
    data: &[u8],
) -> Ending {
    for (from, piece) in cut(data.get(..MOST).unwrap_or(data)) {
        let side = match from {
            Direction::Client => &mut *client,
            Direction::Server => &mut *server,
        };
        if !side.closes {
            side.closes = piece.is_empty();
            side.unsent.extend_from_slice(&piece);
        }
        if let Poll::Ready(ending) = go_on(run.as_mut(), client, server) {
            return ending;
        }
    }
    (client.closes, server.closes) = (true, true);
    match go_on(run.as_mut(), client, server) {
        Poll::Ready(ending) => ending,
        Poll::Pending => panic!("both sides have closed, and it doesn't end"),
    }
}

/// Goes on until nothing moves.
fn go_on(
    mut run: Pin<&mut impl Future<Output = Ending>>,
    client: &mut Side,
    server: &mut Side,
) -> Poll<Ending> {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut cx = Context::from_waker(&waker);
    loop {
        let done = run.as_mut().poll(&mut cx);
        client.go_on(&mut cx);
        server.go_on(&mut cx);
        if done.is_ready() || !woken.0.swap(false, Ordering::Relaxed) {
            return done;
        }
    }
}

/// What a gate decides, by what a command carries.
fn decide(command: &GateCommand<'_>) -> Decision {
    match command.payload().first().map_or(0, |first| first % 5) {
        0 => Decision::answer(Outcome::Ok(Completion::default())),
        1 => Decision::Refuse(Failure::general(1105, "no")),
        // It is forgotten at once.
        2 => Decision::Hold(Held::new().0),
        _ => Decision::Pass,
    }
}

/// A client or a server.
struct Side {
    stream: DuplexStream,
    unsent: BytesMut,
    sent: Vec<u8>,
    got: Vec<u8>,
    closes: bool,
}

impl Side {
    fn new(stream: DuplexStream) -> Self {
        Self {
            stream,
            unsent: BytesMut::new(),
            sent: Vec::new(),
            got: Vec::new(),
            closes: false,
        }
    }

    /// Sends and receives what can be.
    fn go_on(&mut self, cx: &mut Context<'_>) {
        while !self.unsent.is_empty() {
            match Pin::new(&mut self.stream).poll_write(cx, &self.unsent) {
                Poll::Ready(Ok(len)) => {
                    self.sent
                        .extend_from_slice(self.unsent.get(..len).unwrap_or_default());
                    self.unsent.advance(len);
                }
                Poll::Ready(Err(_)) => self.unsent.clear(),
                Poll::Pending => break,
            }
        }
        if self.closes && self.unsent.is_empty() {
            let _closed = Pin::new(&mut self.stream).poll_shutdown(cx);
        }
        let mut room = [0; 1024];
        loop {
            let mut read = ReadBuf::new(&mut room);
            match Pin::new(&mut self.stream).poll_read(cx, &mut read) {
                Poll::Ready(Ok(())) if !read.filled().is_empty() => {
                    self.got.extend_from_slice(read.filled());
                }
                _ => return,
            }
        }
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What the observer has seen.
#[derive(Default)]
struct Seen {
    of_client: Vec<u8>,
    of_server: Vec<u8>,
    is_opaque: bool,
}

impl ByteObserver for Seen {
    fn passed(&mut self, from: Direction, bytes: &[u8]) {
        match from {
            Direction::Client => self.of_client.extend_from_slice(bytes),
            Direction::Server => self.of_server.extend_from_slice(bytes),
        }
    }

    fn ended(&mut self, _side: Direction, lost: Option<&io::Error>) {
        assert!(lost.is_none(), "{lost:?}");
    }
}

impl Follow for Seen {
    fn standing(&self) -> Standing {
        match self.is_opaque {
            true => Standing::Opaque,
            false => Standing::Ready(Capabilities::PROTOCOL_41),
        }
    }

    fn awaits_answer(&self) -> bool {
        false
    }

    fn change_users(&self) -> u32 {
        0
    }
}

/// How much of an input is looked at.
const MOST: usize = 16 * 1024;
