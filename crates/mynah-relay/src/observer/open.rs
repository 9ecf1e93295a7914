use std::sync::Arc;
use std::time::Instant;

use mynah_net::Admitted;
use mynah_session::observe::{Observer, Options};

use super::ConnectionObserver;
use super::facts::Facts;
use crate::Protocol;
use crate::digests::DigestCounter;
use crate::mirror::MirroredConnection;
use crate::record::ConnectionRecorder;
use crate::shared::{OpenRoute, Shared, Target};
use crate::statement::Statements;
use crate::subscribe::{Connection, Event, LiveView, Metrics, Publisher, Subscriber, Tally};
use crate::tls_reload::TlsReload;
use crate::trace::{ConnectionTrace, Trace};
use crate::watch::Watching;

impl ConnectionObserver {
    /// Of a connection that a client has just made.
    pub(crate) fn new(shared: &Shared, route: &OpenRoute, admitted: &Admitted) -> Self {
        let connection = Connection {
            id: admitted.id(),
            client: admitted.peer(),
            via: admitted.via(),
            listener: Arc::clone(&route.listener),
            server: Arc::clone(&route.server),
            ..Connection::default()
        };
        let own = &shared.options.subscriptions;
        let trace = shared.trace.as_ref();
        let recorder = shared.recorder.as_ref();
        let mirror = shared.mirror.as_ref();
        let is_timed = trace.is_some()
            || recorder.is_some()
            || mirror.is_some()
            || shared.counters.is_some()
            || !own.is_empty();
        let watching = shared.watchers.as_ref();
        let watching = watching.map(|watchers| Box::new(Watching::new(watchers, admitted.id())));
        let has_messages = trace.is_some_and(Trace::wants_messages)
            || recorder.is_some()
            || mirror.is_some()
            || own.iter().any(|subscription| subscription.messages);
        let are_watched = watching
            .as_ref()
            .is_some_and(|watching| watching.wants_messages());
        let options = match is_timed {
            true => Options {
                messages: has_messages || are_watched,
                ..Options::default()
            },
            false => JUST_WHERE_IT_STANDS,
        };
        let opened = Instant::now();
        let wants = shared.wants;
        let statements = wants.any().then(|| Statements::new(wants, &shared.redact));
        let mut publisher = Publisher::new(
            connection,
            subscribers(shared, route, admitted),
            trace.is_some(),
            statements,
            watching,
        );
        let is_begun = matches!(route.target, Target::One(_));
        if is_begun {
            publisher.publish(&Event::Connected);
        }
        Self {
            observer: Observer::classic(options, opened),
            options,
            has_messages,
            publisher,
            facts: Facts::default(),
            tally: Tally::default(),
            is_timed,
            arrived: None,
            opened,
            is_x: route.route.protocol == Protocol::X,
            end: None,
            is_reset: false,
            received_at_ask: 0,
            closed: false,
            is_begun,
            faults: shared.options.faults.clone(),
            redact: Arc::clone(&shared.redact),
            unseen_is_told: false,
        }
    }
}

/// All receivers of a connection's events.
fn subscribers(
    shared: &Shared,
    route: &OpenRoute,
    admitted: &Admitted,
) -> Vec<Box<dyn Subscriber>> {
    let mut all: Vec<Box<dyn Subscriber>> = vec![Box::new(LiveView::new(admitted.connection()))];
    if let Some(tls) = &shared.own_tls {
        all.push(Box::new(TlsReload(tls.clone())));
    }
    if let Some(counters) = &shared.counters {
        all.push(Box::new(Metrics::new(counters)));
    }
    if let Some(digests) = &shared.digests {
        all.push(Box::new(DigestCounter::new(digests)));
    }
    if let Some(trace) = &shared.trace {
        all.push(Box::new(ConnectionTrace::new(trace)));
    }
    if let Some(recorder) = &shared.recorder {
        all.push(Box::new(ConnectionRecorder::new(recorder)));
    }
    if let (Some(mirror), Some(target)) = (&shared.mirror, &route.mirror) {
        all.push(Box::new(MirroredConnection::new(mirror, target)));
    }
    let own = &shared.options.subscriptions;
    all.extend(own.iter().map(|subscription| subscription.subscriber()));
    all
}

/// Enough to know whether an answer is due, and what is in force.
const JUST_WHERE_IT_STANDS: Options = Options {
    messages: false,
    max_held: 16 * 1024,
};
