use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use mynah_client::Traffic;
use mynah_session::observe::{self, Direction, Observer, Options};

use crate::Recorder;
use crate::record::{ConnectionRecorder, HeldEntry};
use crate::subscribe::{Connection, Event, Seen, Subscriber as _};

/// Records what passes on a connection to the second server as what passes on a client's connection. Clones are of the
/// same connection.
#[derive(Clone)]
pub(super) struct TrafficObserver(Arc<Mutex<Observed>>);

struct Observed {
    observer: Observer,
    recorder: ConnectionRecorder,
}

impl TrafficObserver {
    /// Of a connection that begins.
    pub(super) fn new(is_x: bool, recorder: &Recorder) -> Self {
        let options = Options {
            messages: true,
            ..Options::default()
        };
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Observed {
            observer: match is_x {
                true => Observer::x(options, true, now),
                false => Observer::classic(options, now),
            },
            recorder: ConnectionRecorder::holding(recorder),
        })))
    }

    /// Bytes have passed.
    pub(super) fn pass(&self, traffic: Traffic<'_>) {
        let now = Instant::now();
        let mut observed = self.lock();
        let Observed { observer, recorder } = &mut *observed;
        let about = Connection::default();
        let mut see = |event: observe::Event| {
            recorder.on_event(Seen {
                connection: &about,
                event: &Event::Observed(event),
                at: SystemTime::UNIX_EPOCH,
                statement: None,
                is_of_gate: false,
            });
        };
        match traffic {
            Traffic::Sent(bytes) => observer.observe(Direction::Client, bytes, now, &mut see),
            Traffic::Received(bytes) => observer.observe(Direction::Server, bytes, now, &mut see),
            Traffic::TlsStarted => observer.begin_decrypted(),
            _ => {}
        }
    }

    /// Takes what was recorded.
    pub(super) fn take(&self) -> Vec<HeldEntry> {
        self.lock().recorder.take_held()
    }

    fn lock(&self) -> MutexGuard<'_, Observed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for TrafficObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrafficObserver").finish_non_exhaustive()
    }
}
