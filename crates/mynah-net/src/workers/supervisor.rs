//! Replaces workers that are lost.

use std::sync::Arc;
use std::thread;

use mynah_classic::error_code::ER_SERVER_SHUTDOWN;
use mynah_classic::response::SqlState;
use mynah_guard::{Cause, Losses};
use mynah_session::Failure;

use super::{Pool, Queue};
use crate::{Connections, LostWorker, NetError};

/// Waits for losses on a thread of its own, until it is told to [`STOP`].
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

/// Puts another worker in the place of a lost one, and ends its sessions.
fn lost(pool: &Pool, connections: &Connections, number: u32, cause: Cause) {
    // Clients wait for the one that takes its place. They don't in the same queue: the lost worker may be
    // registered there as the next to be woken.
    let queue = Arc::new(Queue::default());
    let Some(thread) = pool.set_queue(number, &queue) else {
        return;
    };
    let doing = (pool.lost)(thread);
    let (sessions, newcomers) = connections.end_lost(number, &told(cause));
    for client in newcomers {
        queue.push(client);
    }
    let started = pool.start_one(queue);
    let replaced = started.is_ok();
    if let Err(error) = &started {
        log::error!("a lost worker can't be replaced: {error}");
    }
    pool.replace(number, started.ok());
    log::error!("a worker is lost, and {sessions} sessions with it: {cause}: {doing}");
    connections
        .lost_workers()
        .add(LostWorker { cause, doing }, replaced);
}

/// What clients are told.
fn told(cause: Cause) -> Failure {
    Failure {
        code: ER_SERVER_SHUTDOWN,
        sql_state: SqlState(*b"08S01"),
        message: format!("the session ends: a script on its thread was stopped, as {cause}").into(),
    }
}

pub(super) const NAME: &str = "mynah supervisor";

/// No worker's number.
pub(super) const STOP: u32 = 0;
