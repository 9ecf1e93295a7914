//! Replaces lost workers.

use std::sync::Arc;
use std::thread;

use mynah_classic::error_code::ER_SERVER_SHUTDOWN;
use mynah_classic::response::SqlState;
use mynah_guard::{Cause, Losses};
use mynah_session::Failure;

use super::{Pool, Queue};
use crate::{Connections, LostWorker, NetError};

/// Waits for losses on its own thread, until [`STOP`] is reported.
pub(super) fn start(
    pool: Arc<Pool>,
    mut losses: Losses,
    connections: Connections,
) -> Result<(), NetError> {
    let supervise = move || {
        while let Ok(loss) = losses.wait() {
            match (loss.number, loss.cause) {
                (STOP, _) => return,
                (number, Some(cause)) => lost(&pool, &connections, number, cause),
                // A worker that isn't lost after all.
                (_, None) => {}
            }
        }
    };
    let started = thread::Builder::new()
        .name(NAME.to_owned())
        .spawn(supervise);
    started.map(drop).map_err(|source| NetError::Thread {
        name: NAME.to_owned(),
        source,
    })
}

/// Replaces a lost worker, and ends its sessions.
fn lost(pool: &Arc<Pool>, connections: &Connections, number: u32, cause: Cause) {
    // New clients wait for the replacement in a queue of its own: in the old one, the lost worker
    // may be registered as the next to be woken.
    let queue = Arc::new(Queue::default());
    let Some(thread) = pool.set_queue(number, &queue) else {
        return;
    };
    let doing = (pool.lost)(thread);
    let (sessions, newcomers) = connections.end_lost(number, &failure(cause));
    for client in newcomers {
        queue.push(client);
    }
    let started = pool.start_one(queue);
    let replaced = started.is_ok();
    if let Err(error) = &started {
        log::error!("a lost worker can't be replaced: {error}");
    }
    // Until here the lost worker's slot led new clients to the new queue.
    pool.replace(number, started.ok());
    log::error!("a worker is lost, and {sessions} sessions with it: {cause}: {doing}");
    connections
        .lost_workers()
        .add(LostWorker { cause, doing }, replaced);
}

/// The error that clients of a lost worker get.
fn failure(cause: Cause) -> Failure {
    Failure {
        code: ER_SERVER_SHUTDOWN,
        sql_state: SqlState(*b"08S01"),
        message: format!("the session ends: a script on its thread was stopped, as {cause}").into(),
    }
}

pub(super) const NAME: &str = "mynah supervisor";

/// The number in a report that stops the supervisor. Workers count from 1.
pub(super) const STOP: u32 = 0;
