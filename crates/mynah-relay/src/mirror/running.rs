use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mynah_net::NetError;
use mynah_recording::{Check, Recording, Rules, check_servers};
use tokio::runtime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, LocalSet};
use tokio_util::sync::CancellationToken;

use super::MirrorOptions;
use super::drive::drive;
use super::lane::{LaneReceiver, LaneSender, lane};
use super::open_lane::{Common, OpenLane};
use super::pairs::Pairs;
use super::tally::Tally;
use crate::record::ConnectionRecorder;
use crate::{OpenPart, RecordError, RecordOptions, Recorder, RelayError};

/// The comparison of two servers while clients use the first one. Clones are handles of the same comparison.
#[derive(Clone, Debug)]
pub struct Mirror(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pairs: Pairs,
    folder: PathBuf,
    /// Where new lanes go; `None` once no more are opened.
    lanes: Mutex<Option<UnboundedSender<(OpenLane, LaneReceiver)>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    stop: CancellationToken,
}

impl Mirror {
    /// Starts the thread on which the second servers are used. Statements without the id of a test belong to `open_part`.
    pub(crate) fn start(
        options: MirrorOptions,
        open_part: &OpenPart,
        connect_timeout: Duration,
        login_timeout: Duration,
    ) -> Result<Self, RelayError> {
        let recorder = |name: &str| {
            Recorder::start(RecordOptions {
                path: options.folder.join(name),
                redact: options.redact.clone(),
                open_part: open_part.clone(),
                ..RecordOptions::default()
            })
        };
        let pairs = Pairs {
            first: recorder(FIRST)?,
            second: recorder(SECOND)?,
            tally: Tally::default(),
        };
        let failed = |source| NetError::Thread {
            name: THREAD.to_owned(),
            source,
        };
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let stop = CancellationToken::new();
        let common = Arc::new(Common {
            pairs: pairs.clone(),
            accounts: options.accounts,
            connect_timeout,
            login_timeout,
            stop: stop.clone(),
        });
        let (sender, receiver) = unbounded_channel();
        let thread = thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || {
                let tasks = LocalSet::new();
                runtime.block_on(tasks.run_until(run(receiver, common)));
                drop(tasks);
                // A name that is being resolved must not hold the end up.
                runtime.shutdown_background();
            })
            .map_err(failed)?;
        Ok(Self(Arc::new(Inner {
            pairs,
            folder: options.folder,
            lanes: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
            stop,
        })))
    }

    /// Waits up to `timeout` for the second servers' answers to what clients have sent, and compares all answers. Call it
    /// after [`Relay::shut_down`](crate::Relay::shut_down). Answers that haven't come by then are counted as not compared.
    /// Values that `rules` name are volatile.
    ///
    /// # Errors
    /// If the recordings of the answers can't be written or read.
    pub fn finish(&self, timeout: Duration, rules: &Rules) -> Result<Check, RecordError> {
        drop(lock(&self.0.lanes).take());
        if let Some(thread) = lock(&self.0.thread).take() {
            let deadline = Instant::now() + timeout;
            // It happens once, at the end of a program, so a look now and then costs less than notifying.
            while !thread.is_finished() && Instant::now() < deadline {
                thread::sleep(LOOK);
            }
            self.0.stop.cancel();
            // A thread that panicked has ended, too.
            let _ended = thread.join();
        }
        let pairs = &self.0.pairs;
        pairs.first.finish()?;
        pairs.second.finish()?;
        let read = |name: &str| mynah_recording::read(&self.0.folder.join(name));
        let (first, second): (Recording, Recording) = (read(FIRST)?, read(SECOND)?);
        Ok(check_servers(&first, &second, rules, pairs.tally.counts()))
    }

    /// The recorder of what the first server answers.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.0.pairs.first
    }

    /// A recorder of what the first server answers on a connection.
    pub(super) fn first_recorder(&self) -> ConnectionRecorder {
        ConnectionRecorder::holding(&self.0.pairs.first)
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.0.pairs.tally
    }

    /// Opens a lane to a second server.
    pub(super) fn open(&self, open: OpenLane) -> LaneSender {
        let (sender, receiver) = lane(self.tally().clone());
        let lanes = lock(&self.0.lanes);
        let refused = match &*lanes {
            Some(lanes) => lanes.send((open, receiver)).err().map(|refused| refused.0),
            None => Some((open, receiver)),
        };
        if let Some((_, receiver)) = refused {
            receiver.end(ENDED);
        }
        sender
    }
}

async fn run(mut lanes: UnboundedReceiver<(OpenLane, LaneReceiver)>, common: Arc<Common>) {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            lane = lanes.recv() => match lane {
                Some((open, lane)) => {
                    tasks.spawn_local(serve(open, lane, Arc::clone(&common)));
                }
                None => break,
            },
            Some(_ended) = tasks.join_next() => {}
        }
    }
    while tasks.join_next().await.is_some() {}
}

async fn serve(open: OpenLane, mut lane: LaneReceiver, common: Arc<Common>) {
    let ended = tokio::select! {
        ended = drive(&open, &mut lane, &common) => ended,
        () = common.stop.cancelled() => Err(ENDED.to_owned()),
    };
    if let Err(reason) = ended {
        let id = open.connection;
        log::warn!("connection {id} isn't compared any more: {reason}");
        lane.end(&reason);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread's name.
const THREAD: &str = "mynah mirror";

const FIRST: &str = "first.json";
const SECOND: &str = "second.json";

const ENDED: &str = "the proxy has ended before the second server answered";

/// How often it is looked whether the thread has ended.
const LOOK: Duration = Duration::from_millis(10);
