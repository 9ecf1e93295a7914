//! Requests that are answered only when something has happened.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::StatusCode;
use mynah_expect::Test;
use mynah_script::Answer;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::query::Query;
use crate::refusal::Refusal;
use crate::reply::{self, Reply};
use crate::statements::matching;

/// The parameters of [`wait`].
pub(crate) const WAIT: &[&str] = &["filter", "test", "count", "timeout"];

/// How many requests may wait at once.
#[derive(Debug)]
pub(crate) struct Waiters(Arc<Semaphore>);

impl Default for Waiters {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

/// A place among those that wait.
pub(crate) type Place = tokio::sync::OwnedSemaphorePermit;

impl Waiters {
    pub(crate) fn enter(&self) -> Result<Place, Refusal> {
        let place = Arc::clone(&self.0).try_acquire_owned();
        place.map_err(|_full| {
            Refusal::busy(format!(
                "{MOST} requests wait already; end some, or try again"
            ))
        })
    }
}

/// Answers when so many statements are in the journal that a filter holds for, or the time is over.
pub(crate) async fn wait(
    test: &Test<Answer>,
    query: &Query<'_>,
    waiters: &Waiters,
) -> Result<Reply, Refusal> {
    let filter = query.filter()?;
    let wanted: usize = query.number("count")?.unwrap_or(1);
    let limit = query.time("timeout", LONGEST)?.unwrap_or(TIMEOUT);
    let _place = waiters.enter()?;
    let count = || matching(test, filter.as_ref(), 0).len();
    let enough = async {
        loop {
            let (changed, look) = (test.changed(), Instant::now());
            let count = count();
            if count >= wanted {
                return count;
            }
            let took = look.elapsed();
            changed.await;
            // Many changes are looked at together, and a long journal is looked at less often.
            sleep(BETWEEN.max(took * 100)).await;
        }
    };
    match timeout(limit, enough).await {
        Ok(count) => reply::value(&json!({"count": count})),
        Err(_late) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format!(
                "after {limit:?} there are {} of {wanted} statements",
                count()
            ),
        )),
    }
}

/// How many requests may wait at once: fewer than may be open, so that others are answered.
const MOST: usize = 128;
/// How long is waited unless it is said.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long may be waited.
const LONGEST: Duration = Duration::from_secs(600);
/// The time between two looks at the journal.
const BETWEEN: Duration = Duration::from_millis(5);
