//! What a client is told at the end, if there is anything to be told.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_net::{Admitted, Stream};
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;
use tokio_util::io::read_buf;

use super::OpenRoute;
use crate::failure::with_causes;
use crate::pump::{Ending, Pump, Watch};
use crate::witness::Witness;
use crate::{Failure, x};

/// What the client is told when its server is gone.
pub(super) fn last_words(pump: &Pump, ending: &Ending, watch: &mut impl Watch) -> Option<Bytes> {
    let lost = matches!(ending, Ending::ServerLost(_)) && pump.is_drained();
    lost.then(|| watch.last_words()).flatten()
}

/// Tells the client why, if it can be told.
pub(super) async fn refuse(
    client: &mut Stream,
    failure: &Failure,
    witness: &Witness,
    route: &OpenRoute,
) {
    if matches!(failure, Failure::Refused) {
        return say_goodbye(client).await;
    }
    let Some(refusal) = failure.refusal(&route.route.upstream) else {
        return;
    };
    let packet = if witness.is_x() {
        x::error(refusal.code, &refusal.message)
    } else {
        let (sequence_id, shared) = witness.place_for_refusal();
        refusal.packet(sequence_id, shared)
    };
    if client.write_all(&packet).await.is_ok() {
        say_goodbye(client).await;
    }
}

/// Closes the connection so that the client gets what was sent last: a socket closed with
/// something unread takes that back.
async fn say_goodbye(client: &mut Stream) {
    let _closed = client.shutdown().await;
    let mut rest = BytesMut::new();
    let read_on = async {
        while read_buf(client, &mut rest).await.is_ok_and(|read| read > 0) {
            rest.clear();
        }
    };
    let _late = timeout(LAST_WORDS, read_on).await;
}

pub(super) async fn finish(
    ending: Ending,
    words: Option<Bytes>,
    admitted: &Admitted,
    client: &mut Stream,
    witness: &mut Witness,
) {
    let id = admitted.id();
    let why = match &ending {
        Ending::Closed | Ending::Stopped => String::new(),
        Ending::ClientLost(error) => format!("the client was lost: {error}"),
        Ending::ServerLost(error) => format!("the server was lost: {error}"),
        Ending::LoginFailed(failure) => with_causes(failure),
        Ending::Idle => "nobody said anything for too long".to_owned(),
    };
    match &ending {
        Ending::Closed | Ending::Stopped => {
            log::info!(listener:% = admitted.log_name(); "connection {id}: closed");
        }
        Ending::ServerLost(_) | Ending::LoginFailed(_) => {
            log::warn!(listener:% = admitted.log_name(); "connection {id}: {why}");
        }
        _ => log::info!(listener:% = admitted.log_name(); "connection {id}: {why}"),
    }
    witness.end(&why);
    if let Some(words) = words
        && client.write_all(&words).await.is_err()
    {
        return;
    }
    if matches!(
        ending,
        Ending::ServerLost(_) | Ending::LoginFailed(_) | Ending::Idle
    ) {
        say_goodbye(client).await;
    }
}

/// How long a client has to read what it was told last.
const LAST_WORDS: Duration = Duration::from_secs(1);
