use std::collections::HashMap;
use std::sync::Arc;

use mynah_net::{Admitted, Connections, ListenAddress};
use serde_json::Value;

use crate::digests::{Digests, Sort};
use crate::login::{Keys, TlsUse};
use crate::observer::ConnectionObserver;
use crate::shared::{OpenRoute, OpenUpstream, Shared, Target};
use crate::statement::Wants;
use crate::trace::{Trace, TraceHealth};
use crate::{Address, FaultRules, RelayOptions, Route, TraceFormat, TraceOptions};

/// The form of a trace, as the first two bytes of an input say it.
pub(super) struct Form {
    format: TraceFormat,
    shared: Arc<Shared>,
    pub(super) tls_ends_here: bool,
    /// Besides what the bytes say: an upstream that was passed over, TLS, a fault, an error of the proxy, lost sides.
    pub(super) has_events: bool,
}

impl Form {
    /// And what is behind them.
    pub(super) fn cut(data: &[u8]) -> Option<(Self, &[u8])> {
        let ([form, bits], rest) = data.split_first_chunk()?;
        let format = match form % 3 {
            0 => TraceFormat::Text,
            1 => TraceFormat::Json,
            _ => TraceFormat::Hex,
        };
        let filter = "command = query and rows < 3 or not sql ~ select and error != 1064";
        let options = TraceOptions {
            format,
            level: form / 3 % 5,
            show_secrets: bits & 1 != 0,
            filter: filter.parse().ok().filter(|_| bits & 2 != 0),
            width: if bits & 4 == 0 { 500 } else { 3 },
            redact: "[a-c]+"
                .parse()
                .ok()
                .filter(|_| bits & 32 != 0)
                .into_iter()
                .collect(),
            colours: bits & 64 != 0,
            ..TraceOptions::default()
        };
        let shared = Shared {
            options: RelayOptions::default(),
            routes: HashMap::new(),
            tls: TlsUse::default(),
            own_tls: None,
            keys: Keys::default(),
            wants: Wants::ALL,
            redact: options.redact.clone().into(),
            counters: Some(Arc::default()),
            digests: Some(Arc::new(Digests::new(2))),
            trace: Some(Trace::in_memory(options)),
            mirror: None,
            recorder: None,
            watchers: None,
            upstreams: None,
        };
        let form = Self {
            format,
            shared: Arc::new(shared),
            tls_ends_here: bits & 8 != 0,
            has_events: bits & 16 != 0,
        };
        Some((form, rest))
    }

    pub(super) fn observer(&self) -> ConnectionObserver {
        let route = OpenRoute {
            mirror: None,
            listener: "".into(),
            server: "".into(),
            route: Route::to(Address::Unix("upstream".into())),
            target: Target::One(OpenUpstream {
                address: Address::Unix("upstream".into()),
                name: "".into(),
                tls: None,
            }),
        };
        ConnectionObserver::new(&self.shared, &route, &admitted())
    }

    /// The text of the trace; checks that each line has the form that its readers expect.
    pub(super) fn text(self) -> String {
        if let Some(counters) = &self.shared.counters {
            let _numbers = {
                let faults = FaultRules::default();
                counters.prometheus(0, TraceHealth::default(), &faults, None)
            };
        }
        if let Some(digests) = &self.shared.digests {
            let _page = serde_json::to_string(&digests.page(Sort::P95, 10));
        }
        let trace = self.shared.trace.as_ref();
        let lines = trace.map(|trace| trace.sink.take()).unwrap_or_default();
        let mut text = into_text(lines);
        if let Some(trace) = trace {
            text.push_str(&trace.lines_left_out());
        }
        assert!(text.is_empty() || text.ends_with('\n'), "a line has no end");
        for line in text.lines() {
            match self.format {
                TraceFormat::Text => assert!(is_plain(line), "{line:?}"),
                TraceFormat::Json => assert!(is_event(line), "{line:?}"),
                TraceFormat::Hex => assert!(is_packet(line), "{line:?}"),
            }
        }
        text
    }
}

/// A connection that no listener has accepted.
pub(super) fn admitted() -> Admitted {
    let listener = Arc::new(ListenAddress::Unix("listen".into()));
    Connections::default().admit(&listener, mynah_net::Protocol::Classic)
}

#[allow(clippy::expect_used, reason = "this is an assertion")]
fn into_text(lines: Vec<u8>) -> String {
    String::from_utf8(lines).expect("a trace is UTF-8")
}

/// Whether a line has no control characters, besides the escapes that begin and end a colour.
fn is_plain(line: &str) -> bool {
    let mut parts = line.split("\x1b[");
    let is_plain = |part: &str| !part.contains(char::is_control);
    let ends_colour = |part: &str| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        digits.starts_with('m')
    };
    parts.next().is_none_or(is_plain) && parts.all(|part| ends_colour(part) && is_plain(part))
}

fn is_event(line: &str) -> bool {
    let event = serde_json::from_str::<Value>(line);
    event.is_ok_and(|event| {
        let has = |key| event.get(key).is_some();
        has("time") && has("event") && has("connection")
    })
}

fn is_packet(line: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let packet = || {
        let rest = line.strip_prefix(['C', 'S'])?.strip_prefix(' ')?;
        let (id, payload) = rest.split_once(' ')?;
        Some(id.len() == 2 && hex(id) && (payload == "-" || hex(payload)))
    };
    line.starts_with("# ") || packet() == Some(true)
}
