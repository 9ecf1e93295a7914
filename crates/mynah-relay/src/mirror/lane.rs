//! The queue between a client's connection and the one to the second server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::job::Job;
use super::tally::Tally;

/// The client's end: puts jobs in, and never waits.
#[derive(Debug)]
pub(super) struct LaneSender {
    jobs: UnboundedSender<Job>,
    load: Arc<Load>,
}

/// The second server's end.
#[derive(Debug)]
pub(super) struct LaneReceiver {
    jobs: UnboundedReceiver<Job>,
    load: Arc<Load>,
    tally: Tally,
    /// How many answers of the first server the present job has.
    in_work: usize,
    /// The size of the present job; `None` if there is none.
    size: Option<usize>,
}

/// How much is in the queue, and why the second server's end is closed, if it is.
#[derive(Debug, Default)]
struct Load {
    jobs: AtomicUsize,
    bytes: AtomicUsize,
    ended: OnceLock<String>,
}

/// A new lane.
pub(super) fn lane(tally: Tally) -> (LaneSender, LaneReceiver) {
    let (sender, receiver) = unbounded_channel();
    let load = Arc::new(Load::default());
    let sender = LaneSender {
        jobs: sender,
        load: Arc::clone(&load),
    };
    let receiver = LaneReceiver {
        jobs: receiver,
        load,
        tally,
        in_work: 0,
        size: None,
    };
    (sender, receiver)
}

/// Why a job couldn't be put into a lane.
#[derive(Debug)]
pub(super) enum Refused {
    /// The queue is full.
    Full(Job),
    /// The second server's end is closed, for this reason.
    Closed(Job, String),
}

impl LaneSender {
    pub(super) fn put(&self, job: Job) -> Result<(), Refused> {
        let load = &self.load;
        let jobs = load.jobs.load(Ordering::Acquire);
        let bytes = load.bytes.load(Ordering::Acquire);
        // A job that is larger than the queue may wait alone.
        if jobs >= MOST_JOBS || jobs > 0 && bytes.saturating_add(job.size) > MOST_BYTES {
            return Err(Refused::Full(job));
        }
        load.jobs.fetch_add(1, Ordering::AcqRel);
        load.bytes.fetch_add(job.size, Ordering::AcqRel);
        self.jobs.send(job).map_err(|refused| {
            let reason = load.ended.get().cloned().unwrap_or_default();
            Refused::Closed(refused.0, reason)
        })
    }
}

impl LaneReceiver {
    /// The next job; `None` when the client has left. The one before is done.
    pub(super) async fn next(&mut self) -> Option<Job> {
        self.in_work = 0;
        if let Some(size) = self.size.take() {
            self.load.jobs.fetch_sub(1, Ordering::AcqRel);
            self.load.bytes.fetch_sub(size, Ordering::AcqRel);
        }
        let job = self.jobs.recv().await?;
        (self.in_work, self.size) = (job.entries.len(), Some(job.size));
        Some(job)
    }

    /// The answers of the present job were compared, or counted.
    pub(super) fn set_done(&mut self) {
        self.in_work = 0;
    }

    /// Ends the comparison of the connection: what is in the queue isn't compared.
    pub(super) fn end(mut self, reason: &str) {
        // The client's end finds the reason when it finds the queue closed.
        let _first = self.load.ended.set(reason.to_owned());
        self.jobs.close();
        let mut answers = self.in_work;
        while let Ok(job) = self.jobs.try_recv() {
            answers += job.entries.len();
        }
        self.tally.end_connection(reason, answers);
    }
}

/// How many commands may wait for the second server.
const MOST_JOBS: usize = 10_000;

/// How many bytes may.
const MOST_BYTES: usize = 32 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::super::job::Task;
    use super::*;

    fn job(size: usize) -> Job {
        Job {
            task: Task::Skip(""),
            entries: Vec::new(),
            size,
        }
    }

    #[tokio::test]
    async fn a_full_queue_refuses_jobs_until_one_is_done_and_a_large_job_waits_alone() {
        let (sender, mut receiver) = lane(Tally::default());
        sender.put(job(MOST_BYTES + 1)).unwrap();
        assert!(matches!(sender.put(job(1)), Err(Refused::Full(_))));
        receiver.next().await.unwrap();
        assert!(matches!(sender.put(job(1)), Err(Refused::Full(_))));
        tokio::select! {
            biased;
            _ = receiver.next() => unreachable!(),
            () = std::future::ready(()) => {}
        }
        for _ in 0..MOST_JOBS {
            sender.put(job(1)).unwrap();
        }
        assert!(matches!(sender.put(job(1)), Err(Refused::Full(_))));
    }

    #[tokio::test]
    async fn the_clients_end_finds_the_reason_for_which_the_other_is_closed() {
        let tally = Tally::default();
        let (sender, receiver) = lane(tally.clone());
        sender.put(job(1)).unwrap();
        receiver.end("it is gone");
        match sender.put(job(1)) {
            Err(Refused::Closed(_, reason)) => assert_eq!(reason, "it is gone"),
            other => unreachable!("{other:?}"),
        }
        assert_eq!(tally.counts()[0].connections, 1);
    }
}
