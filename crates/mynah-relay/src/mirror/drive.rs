use std::time::Duration;

use tokio::time::timeout;

use super::job::Task;
use super::lane::LaneReceiver;
use super::open_lane::{Common, OpenLane};
use super::second::{Ran, Second};

/// Does the jobs of a lane, until the client has left.
///
/// # Errors
/// Why the comparison of the connection ends before.
pub(super) async fn drive(
    open: &OpenLane,
    lane: &mut LaneReceiver,
    common: &Common,
) -> Result<(), String> {
    let mut second = Second::connect(open, common).await?;
    while let Some(job) = lane.next().await {
        let pairs = &common.pairs;
        match job.task {
            Task::Skip(reason) => pairs.tally.skip(reason, job.entries.len()),
            Task::LogIn(login) => second.log_in(&login, common).await?,
            Task::Run { answer, file } => match second.run(&answer, file, common).await? {
                Ran::Answered(entries) => pairs.record(job.entries, entries),
                Ran::Skipped(reason) => pairs.tally.skip(reason, job.entries.len()),
            },
        }
        lane.set_done();
    }
    // All is compared, however the connection ends.
    let _late = timeout(GOODBYE, second.close()).await;
    Ok(())
}

/// How long the second server may take to close a connection.
const GOODBYE: Duration = Duration::from_secs(1);
