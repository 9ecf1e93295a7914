use std::time::{Instant, SystemTime};

use bytes::BytesMut;
use mynah_classic::Capabilities;
use mynah_classic::connection::Handshake;
use mynah_session::observe::{self, Direction, Observer, Options};
use mynah_wire::Message as _;

use super::line::Packet;
use crate::record::{ConnectionRecorder, Recorder};
use crate::subscribe::{Closed, Connection, Event, Seen, Subscriber as _};

/// A connection whose packets are followed as if they came now.
pub(super) struct Played {
    observer: Observer,
    recorder: ConnectionRecorder,
    about: Connection,
    began: Instant,
    is_x: bool,
    /// Whether packets are written as they were before compression.
    is_plain: bool,
}

impl Played {
    /// A connection that begins with this packet. Only servers of the classic protocol speak first with a greeting.
    pub(super) fn begin(first: &Packet, is_framed: bool, recorder: &Recorder) -> Self {
        let options = Options {
            messages: true,
            ..Options::default()
        };
        let is_x = first.direction == Direction::Client || first.id != 0;
        let began = Instant::now();
        Self {
            observer: match is_x {
                true => Observer::x(options, true, began),
                false => Observer::classic(options, began),
            },
            recorder: ConnectionRecorder::new(recorder),
            about: Connection::default(),
            began,
            is_x,
            is_plain: !is_framed,
        }
    }

    pub(super) fn packet(&mut self, mut packet: Packet) {
        if self.is_plain && !self.is_x && packet.direction == Direction::Server {
            self.is_plain = false;
            without_compression(&mut packet);
        }
        let wire = packet.wire(self.is_x);
        let (recorder, about) = (&mut self.recorder, &mut self.about);
        self.observer
            .observe(packet.direction, &wire, self.began, &mut |event| {
                see(recorder, about, event);
            });
        // The proxy writes what comes behind an SSLRequest decrypted.
        self.observer.begin_decrypted();
    }

    pub(super) fn end(mut self) {
        let (recorder, about) = (&mut self.recorder, &mut self.about);
        self.observer
            .end(self.began, &mut |event| see(recorder, about, event));
        recorder.on_event(Seen {
            connection: about,
            event: &Event::Closed(Closed::default()),
            at: SystemTime::UNIX_EPOCH,
            statement: None,
            is_of_gate: false,
        });
    }
}

fn see(recorder: &mut ConnectionRecorder, about: &mut Connection, event: observe::Event) {
    if let observe::Event::Login(login) = &event {
        about.user = login.user.clone();
        about.schema = login.schema.clone();
    }
    recorder.on_event(Seen {
        connection: about,
        event: &Event::Observed(event),
        at: SystemTime::UNIX_EPOCH,
        statement: None,
        is_of_gate: false,
    });
}

/// A greeting of a server that offers no compression.
fn without_compression(packet: &mut Packet) {
    let Ok((Handshake::V10(mut greeting), _)) =
        Handshake::from_payload_lenient(&packet.payload, ())
    else {
        return;
    };
    greeting
        .capabilities
        .remove(Capabilities::COMPRESS | Capabilities::ZSTD_COMPRESSION_ALGORITHM);
    let mut payload = BytesMut::new();
    if greeting.encode(&mut payload, ()).is_ok() {
        packet.payload = payload.freeze();
    }
}
