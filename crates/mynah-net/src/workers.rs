use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::ThreadId;
use std::time::Instant;

use bytes::Bytes;
use socket2::Socket;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;

use crate::buffers::Buffers;
use crate::connections::Registered;
use crate::drive;
use crate::rsa_key::RsaKey;
use crate::stream::Stream;
use crate::thread::{Thread, start_thread};
use crate::{NetError, ServerOptions, Service, Worker};

/// The threads that serve clients. A client stays on the thread it was handed to.
pub(crate) struct Workers {
    workers: Vec<OneWorker>,
    is_stuck: Box<dyn Fn(ThreadId) -> bool + Send + Sync>,
}

#[derive(Debug)]
struct OneWorker {
    clients: UnboundedSender<Client>,
    busy: Arc<AtomicUsize>,
    thread: Thread,
}

/// A client on its way to its worker.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) socket: Socket,
    pub(crate) connection: Registered,
}

/// What the sessions of a thread have in common.
pub(crate) struct Common<W> {
    pub(crate) worker: W,
    pub(crate) options: Arc<ServerOptions>,
    pub(crate) server_version: Bytes,
    pub(crate) rsa_key: RsaKey,
    pub(crate) buffers: Buffers,
}

impl Workers {
    pub(crate) fn start<S: Service>(
        service: S,
        options: ServerOptions,
        stop: &CancellationToken,
    ) -> Result<Self, NetError> {
        let rsa_key = RsaKey::new(options.rsa_key.clone());
        let (service, options) = (Arc::new(service), Arc::new(options));
        let workers = (1..=options.workers.max(1)).map(|number| {
            let (clients, receiver) = mpsc::unbounded_channel();
            let busy = Arc::new(AtomicUsize::new(0));
            let (service, options, rsa_key, count) = (
                Arc::clone(&service),
                Arc::clone(&options),
                rsa_key.clone(),
                Arc::clone(&busy),
            );
            let thread = start_thread(
                &format!("mynah worker {number}"),
                Some(options.stack_size),
                stop.clone(),
                move || {
                    let common = Common {
                        worker: service.worker(),
                        server_version: options.server_version.clone().into(),
                        options,
                        rsa_key,
                        buffers: Buffers::default(),
                    };
                    serve(common, receiver, count)
                },
            )?;
            Ok(OneWorker {
                clients,
                busy,
                thread,
            })
        });
        Ok(Self {
            workers: workers.collect::<Result<_, _>>()?,
            is_stuck: Box::new(move |thread| service.is_stuck(thread)),
        })
    }

    /// Gives a client to the worker that has the fewest, if it can be to one that isn't stuck.
    pub(crate) fn hand_over(&self, client: Client) {
        let load = |worker: &&OneWorker| {
            let stuck = (self.is_stuck)(worker.thread.id());
            (stuck, worker.busy.load(Ordering::Relaxed))
        };
        if let Some(worker) = self.workers.iter().min_by_key(load) {
            worker.busy.fetch_add(1, Ordering::Relaxed);
            // A worker that is gone was told to stop, and the client with it.
            let _stopped = worker.clients.send(client);
        }
    }

    /// Waits for all threads to end, and says whether they did.
    pub(crate) fn wait_until(&self, deadline: Instant) -> bool {
        self.workers
            .iter()
            .all(|worker| worker.thread.wait_until(deadline))
    }
}

impl std::fmt::Debug for Workers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.workers.fmt(f)
    }
}

/// Serves the clients that are handed to one worker.
async fn serve<W: Worker>(
    common: Common<W>,
    mut clients: UnboundedReceiver<Client>,
    busy: Arc<AtomicUsize>,
) {
    let common = Rc::new(common);
    while let Some(Client { socket, connection }) = clients.recv().await {
        let busy = Busy(Arc::clone(&busy));
        let connection = Rc::new(connection);
        let session = session(socket, Rc::clone(&connection), Rc::clone(&common), busy);
        let task = tokio::task::spawn_local(session);
        connection.set_task(task.abort_handle());
    }
}

async fn session<W: Worker>(
    socket: Socket,
    connection: Rc<Registered>,
    common: Rc<Common<W>>,
    _busy: Busy,
) {
    let served = match Stream::new(socket, connection.peer) {
        Ok(stream) => drive::serve(stream, &connection, &common).await,
        Err(error) => Err(error),
    };
    log_end(&connection, &served);
}

fn log_end(connection: &Registered, served: &io::Result<()>) {
    let id = connection.id;
    match served {
        Ok(()) => log::info!(listener:% = connection.log_name(); "connection {id}: closed"),
        Err(error) => {
            log::info!(listener:% = connection.log_name(); "connection {id}: lost: {error}");
        }
    }
}

/// Counts a client until it is gone, however it goes.
struct Busy(Arc<AtomicUsize>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
