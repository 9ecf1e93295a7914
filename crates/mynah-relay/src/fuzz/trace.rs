use mynah_session::fuzz::cut;

use super::form::Form;
use crate::pump::ByteObserver as _;

/// Fuzz target: changes recordings of the classic protocol, and panics unless a trace of them, of any form and
/// level, consists of lines that can be read and shows no password of a login.
///
/// The first two bytes choose the form; each piece that follows is a byte for the sender and the length, and the
/// bytes.
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
    for (direction, piece) in cut(rest) {
        observer.arrived();
        observer.passed(direction, &piece);
        if form.tls_ends_here {
            observer.begin_decrypted();
        }
    }
    observer.end(None);
    drop(observer);
    let _lines = form.text();
}
