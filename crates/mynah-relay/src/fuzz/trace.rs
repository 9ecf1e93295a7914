use std::io;

use mynah_net::ConnectionTls;
use mynah_session::fuzz::cut;
use mynah_session::observe::Direction;

use super::form::Form;
use crate::pump::ByteObserver as _;
use crate::refusal::Refusal;
use crate::{FaultPoint, PlayedFault};

/// Fuzz target: changes recordings of the classic protocol, and panics unless a trace of them, of any form and
/// level, consists of lines that can be read and shows no password of a login.
///
/// The first two bytes choose the form, and whether events besides those of the bytes are traced; each piece that
/// follows is a byte for the sender and the length, and the bytes.
pub fn trace(data: &[u8]) {
    follow(data, false);
}

/// Fuzz target: as [`trace`](fn@trace), for recordings of the X Protocol.
pub fn trace_x(data: &[u8]) {
    follow(data, true);
}

fn follow(data: &[u8], is_x: bool) {
    let Some((form, rest)) = Form::cut(data) else {
        return;
    };
    let mut observer = form.observer();
    if is_x {
        observer.switch_to_x(form.tls_ends_here);
    }
    if form.has_events {
        let why = String::from_utf8_lossy(rest).into_owned();
        observer.publish_passed_over(&"other".into(), why);
        observer.encrypted(Direction::Server, TLS);
    }
    for (direction, piece) in cut(rest) {
        observer.arrived();
        observer.passed(direction, &piece);
        if form.tls_ends_here {
            observer.begin_decrypted();
        }
    }
    if form.has_events {
        let lost = io::Error::other(String::from_utf8_lossy(rest));
        observer.publish_error(&Refusal::unreachable("server", &lost.to_string()));
        observer.publish_played(PlayedFault {
            rule: 1,
            at: FaultPoint::AfterExecute,
            fault: "latency".into(),
            command: 1,
        });
        observer.ended(Direction::Client, None);
        observer.ended(Direction::Server, Some(&lost));
    }
    observer.end(None);
    drop(observer);
    let _lines = form.text();
}

const TLS: ConnectionTls = ConnectionTls {
    version: "TLSv1.3",
    cipher: "TLS_AES_256_GCM_SHA384",
};
