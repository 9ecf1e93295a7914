use std::collections::VecDeque;
use std::io;
use std::sync::LazyLock;

use bytes::{Bytes, BytesMut};
use mynah_auth::rsa::PrivateKey;
use mynah_net::TlsMode;
use mynah_session::fuzz::cut;
use mynah_session::observe::Direction;

use super::form::Form;
use crate::login::mediator::{Action, Event, Mediator};
use crate::login::{Failed, LoginDone, TlsUse, Transport, classic, x};
use crate::observer::ConnectionObserver;
use crate::pump::{ByteObserver as _, Follow as _};

/// Fuzz target: changes logins of the classic protocol, with COM_CHANGE_USER after them, and panics unless the
/// login ends when both sides close.
///
/// The first two bytes choose the form of the trace, the third which sides are local sockets or offer TLS, and
/// whether it can begin; each piece that follows is a byte for the sender and the length, and the bytes.
pub fn login(data: &[u8]) {
    mediate(data, false);
}

/// Fuzz target: as [`login`](fn@login), for logins of the X Protocol.
pub fn login_x(data: &[u8]) {
    mediate(data, true);
}

fn mediate(data: &[u8], is_x: bool) {
    let Some((form, [bits, rest @ ..])) = Form::cut(data) else {
        return;
    };
    let mut observer = form.observer();
    if is_x {
        observer.switch_to_x(true);
    }
    let mut wire = Wire::new(rest, *bits);
    let _done = log_in(&mut wire, &mut observer);
    observer.end(None);
    drop(observer);
    let _lines = form.text();
}

/// A login, and another where the proxy has a part in that, too.
fn log_in(wire: &mut Wire, observer: &mut ConnectionObserver) -> Result<(), Failed> {
    let mode = |bit| wire.has(bit).then_some(TlsMode::Preferred);
    let tls = TlsUse {
        client: mode(4),
        server: mode(8),
    };
    let transport = |bit| Transport {
        is_secure: wire.has(bit),
        has_tls: false,
    };
    let mut transports = (transport(1), transport(2));
    let ahead = (BytesMut::new(), BytesMut::new());
    let is_x = observer.is_x();
    let done = if is_x {
        wire.play(x::Login::new(transports, ahead, tls), observer)?
    } else {
        wire.play(classic::Login::new(transports, ahead, tls), observer)?
    };
    let LoginDone {
        of_client,
        of_server,
        compression,
        mediated,
    } = done;
    if !mediated {
        return Ok(());
    }
    transports = wire.encrypted(transports);
    let rest = (of_client, of_server);
    let again = if is_x {
        wire.play(x::Login::again(transports, rest), observer)
    } else {
        wire.play(
            classic::Login::again(transports, rest, compression),
            observer,
        )
    };
    again.map(drop)
}

/// What both sides have still to say.
struct Wire {
    client: VecDeque<Bytes>,
    server: VecDeque<Bytes>,
    bits: u8,
    has_tls: (bool, bool),
}

impl Wire {
    fn new(data: &[u8], bits: u8) -> Self {
        let mut wire = Self {
            client: VecDeque::new(),
            server: VecDeque::new(),
            bits,
            has_tls: (false, false),
        };
        for (from, piece) in cut(data.get(..MOST).unwrap_or(data)) {
            if !piece.is_empty() {
                wire.of(from).push_back(piece);
            }
        }
        wire
    }

    fn has(&self, bit: u8) -> bool {
        self.bits & bit != 0
    }

    fn of(&mut self, side: Direction) -> &mut VecDeque<Bytes> {
        match side {
            Direction::Client => &mut self.client,
            Direction::Server => &mut self.server,
        }
    }

    fn encrypted(&self, transports: (Transport, Transport)) -> (Transport, Transport) {
        let of = |transport, has_tls| if has_tls { Transport::TLS } else { transport };
        (
            of(transports.0, self.has_tls.0),
            of(transports.1, self.has_tls.1),
        )
    }

    /// Plays a login to its end.
    ///
    /// # Panics
    /// When it waits for a side that isn't read.
    fn play<M: Mediator>(
        &mut self,
        mut mediator: M,
        observer: &mut ConnectionObserver,
    ) -> Result<LoginDone, Failed> {
        loop {
            while let Some(action) = mediator.next_action(observer.awaits_answer()) {
                let event = match action {
                    Action::Done(done) => return done,
                    Action::ToClient(bytes) => {
                        observer.passed(Direction::Server, &bytes);
                        continue;
                    }
                    Action::Observe(bytes) => {
                        observer.passed(Direction::Client, &bytes);
                        continue;
                    }
                    Action::ObserveDecrypted => {
                        observer.begin_decrypted();
                        continue;
                    }
                    Action::ToServer(_) | Action::CloseClient => continue,
                    Action::AcceptTls(_) => self.encrypt(Direction::Client),
                    Action::ConnectTls => self.encrypt(Direction::Server),
                    Action::MakeKey => Event::Key(Ok(KEY.clone())),
                };
                mediator.handle(event);
            }
            let event = self.next(&mediator);
            mediator.handle(event);
        }
    }

    fn encrypt(&mut self, side: Direction) -> Event {
        if !self.has(16) {
            return Event::NotEncrypted(side, io::ErrorKind::InvalidData.into());
        }
        match side {
            Direction::Client => self.has_tls.0 = true,
            Direction::Server => self.has_tls.1 = true,
        }
        Event::Encrypted(side)
    }

    /// What a side that is read says next, or that it closes.
    #[allow(clippy::panic, reason = "this is an assertion")]
    fn next(&mut self, mediator: &impl Mediator) -> Event {
        let sides = [Direction::Client, Direction::Server];
        for side in sides.into_iter().filter(|side| mediator.reads(*side)) {
            if let Some(piece) = self.of(side).pop_front() {
                return Event::Received(side, BytesMut::from(&piece[..]));
            }
        }
        let read = sides.into_iter().find(|side| mediator.reads(*side));
        read.map_or_else(
            || panic!("the login waits, and no side is read"),
            Event::Closed,
        )
    }
}

/// Made once, since making keys takes long.
#[allow(clippy::expect_used, reason = "this is an assertion")]
static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate().expect("a key can be made"));

/// How much of an input is looked at.
const MOST: usize = 256 * 1024;
