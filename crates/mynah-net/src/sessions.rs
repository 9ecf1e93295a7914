use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::ThreadId;

use tokio::runtime::Handle;

use crate::buffers::Buffers;
use crate::drive::{self, Common, InputMemory, Passwords};
use crate::rsa_key::RsaKey;
use crate::workers::Threads;
use crate::{Admitted, Client, Containment, Protocol, ServerOptions, Service};

/// Serves clients by sessions whose questions a [`Service`] answers.
pub(crate) struct Sessions<S> {
    service: S,
    options: Arc<ServerOptions>,
    rsa_key: RsaKey,
    passwords: Passwords,
    input: InputMemory,
}

impl<S: Service> Sessions<S> {
    pub(crate) fn new(service: S, options: ServerOptions) -> Self {
        Self {
            service,
            rsa_key: RsaKey::new(options.rsa_key.clone()),
            input: InputMemory::new(options.limits.input),
            options: Arc::new(options),
            passwords: Passwords::default(),
        }
    }
}

impl<S: Service> Threads for Sessions<S> {
    type Local = Common<S::Worker>;

    fn local(&self) -> Self::Local {
        Common {
            worker: self.service.worker(),
            server_version: self.options.server_version.clone().into(),
            options: Arc::clone(&self.options),
            rsa_key: self.rsa_key.clone(),
            passwords: self.passwords.clone(),
            input: self.input.clone(),
            buffers: Buffers::default(),
            runtime: Handle::current().metrics(),
        }
    }

    async fn serve(common: Rc<Self::Local>, client: Client) {
        let (connection, stream) = client.into_stream();
        // Boxed, so that the future of both protocols' sessions is small where it is moved.
        let served = match stream {
            Ok(stream) => match connection.protocol() {
                Protocol::Classic => Box::pin(drive::serve(stream, &connection, &common)).await,
                Protocol::X => Box::pin(drive::serve_x(stream, &connection, &common)).await,
            },
            Err(error) => Err(error),
        };
        log_end(&connection, &served);
    }

    fn is_stuck(&self, thread: ThreadId) -> bool {
        self.service.is_stuck(thread)
    }

    fn containment(&self) -> Option<Containment> {
        self.options.containment
    }

    fn lost(&self, thread: ThreadId) -> String {
        self.service.lost(thread)
    }
}

fn log_end(connection: &Admitted, served: &io::Result<()>) {
    let id = connection.id();
    match served {
        Ok(()) => log::info!(listener:% = connection.log_name(); "connection {id}: closed"),
        Err(error) => {
            log::info!(listener:% = connection.log_name(); "connection {id}: lost: {error}");
        }
    }
}
