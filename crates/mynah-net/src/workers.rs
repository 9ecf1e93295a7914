use std::future::Future;
use std::io;
use std::net::TcpStream;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use mynah_session::Connection;
use tokio::runtime;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::LocalSet;
use tokio_util::sync::CancellationToken;

use crate::drive;
use crate::patience::Ended;
use crate::{NetError, ServerOptions, Service, Worker};

/// The threads that serve clients. A client stays on the thread it was handed to.
#[derive(Debug)]
pub(crate) struct Workers(Vec<OneWorker>);

#[derive(Debug)]
struct OneWorker {
    clients: UnboundedSender<Client>,
    busy: Arc<AtomicUsize>,
    thread: Thread,
}

/// A client on its way to its worker.
#[derive(Debug)]
struct Client {
    stream: TcpStream,
    connection: Connection,
}

impl Workers {
    pub(crate) fn start<S: Service>(
        service: S,
        options: ServerOptions,
        stop: &CancellationToken,
    ) -> Result<Self, NetError> {
        let (service, options) = (Arc::new(service), Arc::new(options));
        let workers = (1..=options.workers.max(1)).map(|number| {
            let (clients, receiver) = mpsc::unbounded_channel();
            let busy = Arc::new(AtomicUsize::new(0));
            let (service, options, count) = (
                Arc::clone(&service),
                Arc::clone(&options),
                Arc::clone(&busy),
            );
            let thread = start_thread(
                &format!("mynah worker {number}"),
                Some(options.stack_size),
                stop.clone(),
                move || serve(service.worker(), receiver, options, count),
            )?;
            Ok(OneWorker {
                clients,
                busy,
                thread,
            })
        });
        workers.collect::<Result<_, _>>().map(Self)
    }

    /// Gives a client to the worker that has the fewest.
    pub(crate) fn hand_over(&self, stream: TcpStream, connection: Connection) {
        let least = |worker: &&OneWorker| worker.busy.load(Ordering::Relaxed);
        if let Some(worker) = self.0.iter().min_by_key(least) {
            worker.busy.fetch_add(1, Ordering::Relaxed);
            // A worker that is gone was told to stop, and the client with it.
            let _stopped = worker.clients.send(Client { stream, connection });
        }
    }

    /// Waits for all threads to end, and says whether they did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.0
            .iter()
            .all(|worker| worker.thread.wait_until(deadline))
    }
}

/// Serves the clients that are handed to one worker.
async fn serve<W: Worker>(
    worker: W,
    mut clients: UnboundedReceiver<Client>,
    options: Arc<ServerOptions>,
    busy: Arc<AtomicUsize>,
) {
    let worker = Rc::new(worker);
    while let Some(Client { stream, connection }) = clients.recv().await {
        let (worker, options, busy) = (
            Rc::clone(&worker),
            Arc::clone(&options),
            Busy(Arc::clone(&busy)),
        );
        tokio::task::spawn_local(async move {
            let served = match tokio::net::TcpStream::from_std(stream) {
                Ok(stream) => drive::serve(stream, &*worker, connection, &options).await,
                Err(error) => Err(error),
            };
            let id = connection.id;
            match served {
                Ok(()) => log::debug!("connection {id}: closed"),
                Err(error) => log::debug!("connection {id}: lost: {error}"),
            }
            drop(busy);
        });
    }
}

/// Counts a client until it is gone, however it goes.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A thread that runs one task, and what belongs to it, until that ends or is stopped.
#[derive(Debug)]
pub(crate) struct Thread {
    ended: Ended,
}

impl Thread {
    /// Waits for the thread to end, and says whether it did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.ended.wait_until(deadline)
    }
}

pub(crate) fn start_thread<F, T>(
    name: &str,
    stack_size: Option<usize>,
    stop: CancellationToken,
    task: F,
) -> Result<Thread, NetError>
where
    F: FnOnce() -> T + Send + 'static,
    T: Future<Output = ()>,
{
    let failed = |source: io::Error| NetError::Thread {
        name: name.to_owned(),
        source,
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let mut builder = thread::Builder::new().name(name.to_owned());
    if let Some(size) = stack_size {
        builder = builder.stack_size(size);
    }
    let (ending, ended) = Ended::new();
    builder
        .spawn(move || {
            let sessions = LocalSet::new();
            let stopped = stop.run_until_cancelled(async { task().await });
            sessions.block_on(&runtime, stopped);
            // With the sessions their sockets are closed.
            drop(sessions);
            drop(ending);
        })
        .map_err(failed)?;
    Ok(Thread { ended })
}
