//! The end of a connection: the last error for the client, if there is one, and how its socket is closed.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use mynah_net::{Admitted, Stream};
use mynah_session::observe::Direction;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_util::io::read_buf;

use super::last_error;
use crate::LoginFailure;
use crate::failure::with_causes;
use crate::login::Failed;
use crate::observer::ConnectionObserver;
use crate::pump::{ByteObserver as _, Ending};

/// Ends a login that failed: the client gets the error, or, without one, sees its connection close as the server's did.
pub(super) async fn refuse(
    client: &mut Stream,
    failed: &Failed,
    observer: &mut ConnectionObserver,
    admitted: &Admitted,
) {
    // Before the client sees the end, so that it can connect again at once.
    admitted.stop_counting();
    let failure = &failed.failure;
    let id = admitted.id();
    // A side has ended the connection itself: there is nothing to explain, and the client sees the same end
    // as without the proxy.
    if let Some((side, lost)) = failure.end() {
        observer.ended(side, lost);
        note(admitted, observer, failure);
        return match (side, lost) {
            (Direction::Client, _) => {}
            (Direction::Server, None) => close_after_reading(client).await,
            (Direction::Server, Some(_)) => reset(client),
        };
    }
    let why = with_causes(failure);
    let refusal = failure.refusal();
    match &refusal {
        Some(refusal) => log::warn!(listener:% = admitted.log_name();
            "connection {id}: {why} (ERROR {})", refusal.code),
        None => log::warn!(listener:% = admitted.log_name(); "connection {id}: {why}"),
    }
    let packet = refusal.map(|refusal| {
        observer.publish_error(&refusal);
        last_error::in_login(observer, &refusal, failed.sequence_id)
    });
    // The events come before the client sees its end: a program that watches both finds them in this order.
    observer.end(Some(&why));
    match packet {
        Some(packet) if client.write_all(&packet).await.is_err() => {}
        // Without an error for the client, its connection is dropped at once.
        None if !matches!(failure, LoginFailure::Refused) => {}
        _ => close_after_reading(client).await,
    }
}

/// Notes that a side ended the connection before the login was done.
fn note(admitted: &Admitted, observer: &mut ConnectionObserver, failure: &LoginFailure) {
    let id = admitted.id();
    let why = observer.why();
    match failure {
        LoginFailure::Server(_) => log::warn!(listener:% = admitted.log_name();
            "connection {id}: {why} before the login was done"),
        _ => log::info!(listener:% = admitted.log_name();
            "connection {id}: {why} before the login was done"),
    }
    observer.end(None);
}

/// Closes the connection such that the client gets what was sent last: a socket that is closed with
/// unread data sends a reset, which discards what the client hasn't read yet.
async fn close_after_reading(client: &mut Stream) {
    // First the end of the stream, then reading until the client closes or the time is up.
    let _closed = client.shutdown().await;
    let mut rest = BytesMut::new();
    let read_on = async {
        while read_buf(client, &mut rest).await.is_ok_and(|read| read > 0) {
            rest.clear();
        }
    };
    let _late = timeout(READ_TIME, read_on).await;
}

/// Closes the client's connection by a TCP reset, as the operating system does for a server that is killed.
fn reset(client: &Stream) {
    if let Err(error) = client.reset_when_dropped() {
        log::debug!("a client sees an end in place of a reset: {error}");
    }
}

pub(super) async fn finish(
    ending: Ending,
    is_drained: bool,
    admitted: &Admitted,
    client: &mut Stream,
    observer: &mut ConnectionObserver,
) {
    admitted.stop_counting();
    let id = admitted.id();
    let why = match &ending {
        Ending::Idle => Some("nothing was sent for --idle-timeout".to_owned()),
        Ending::LoginFailed(failure) => match failure.end() {
            Some((side, lost)) => {
                observer.ended(side, lost);
                None
            }
            None => Some(with_causes(failure)),
        },
        Ending::ShutDown => Some("the proxy ends".to_owned()),
        Ending::Drained => Some("the upstream is drained".to_owned()),
        Ending::Fault { why, .. } => Some(why.clone()),
        _ => None,
    };
    // A client in the middle of an answer would take an error for a part of it.
    let words = match &ending {
        Ending::Idle if is_drained => last_error::of_idle(observer.followed()),
        Ending::ShutDown | Ending::Drained if is_drained => {
            last_error::of_shutdown(observer.followed())
        }
        _ => None,
    };
    let words = words.map(|(refusal, words)| {
        observer.publish_error(&refusal);
        words
    });
    match (&ending, &why) {
        (Ending::LoginFailed(_), Some(why)) => {
            log::warn!(listener:% = admitted.log_name(); "connection {id}: {why}");
        }
        (_, Some(why)) => log::info!(listener:% = admitted.log_name(); "connection {id}: {why}"),
        (_, None) if observer.is_alarming() => {
            log::warn!(listener:% = admitted.log_name(); "connection {id}: {}", observer.why());
        }
        (_, None) => {
            let why = observer.why();
            log::info!(listener:% = admitted.log_name(); "connection {id}: closed: {why}");
        }
    }
    observer.end(why.as_deref());
    if let Some(words) = words
        && client.write_all(&words).await.is_err()
    {
        return;
    }
    // The client sees the end that its server has made: a reset, or the end of the stream.
    match &ending {
        Ending::ServerLost(_) | Ending::Fault { resets: true, .. } => reset(client),
        Ending::LoginFailed(LoginFailure::Server(error))
            if error.kind() != io::ErrorKind::UnexpectedEof =>
        {
            reset(client);
        }
        Ending::LoginFailed(_) | Ending::Idle | Ending::Fault { .. } => {
            close_after_reading(client).await
        }
        Ending::ShutDown | Ending::Drained => {
            let _closed = client.shutdown().await;
        }
        Ending::Closed | Ending::ClientLost(_) | Ending::Stopped => {}
    }
}

/// How long a client has to read the last error.
const READ_TIME: Duration = Duration::from_secs(1);
