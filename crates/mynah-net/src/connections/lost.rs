//! Ends the connections of a lost worker.

use std::io::Read;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use mynah_guard::Descriptor;
use mynah_session::{ClosingError, Failure};
use socket2::Socket;

use super::{Admitted, ClientConnection, Connections};
use crate::{Client, LostWorkers};

/// What another thread needs to end a connection whose worker is lost.
#[derive(Debug, Default)]
pub(super) struct LastResort {
    worker: AtomicU32,
    descriptor: OnceLock<Descriptor>,
    /// Whether the worker has begun to serve it.
    has_begun: AtomicBool,
    /// The form of an error message that the client can read now, encoded by [`code`]; 0 for none.
    closing_error: AtomicU32,
}

impl ClientConnection {
    /// Sets the worker that serves the connection.
    pub(crate) fn set_worker(&self, number: u32) {
        self.last_resort.worker.store(number, Ordering::Relaxed);
    }

    pub(crate) fn set_descriptor(&self, descriptor: Descriptor) {
        // A connection has one socket, so this is called once.
        let _first = self.last_resort.descriptor.set(descriptor);
    }

    /// Marks that the worker serves the connection now.
    pub(crate) fn begin(&self) {
        self.last_resort.has_begun.store(true, Ordering::Relaxed);
    }

    /// Sets the form in which an error can be sent to the client right now. `None` in the middle of
    /// a packet, and under TLS or compression, whose state only the worker has.
    pub(crate) fn set_closing_error(&self, closing_error: Option<ClosingError>) {
        let code = closing_error.map_or(0, code);
        self.last_resort
            .closing_error
            .store(code, Ordering::Relaxed);
    }

    /// Takes the socket, if the worker is lost.
    fn take_socket(&self) -> Option<Socket> {
        let descriptor = self.last_resort.descriptor.get()?;
        let socket = Socket::from(descriptor.take()?);
        // The lost worker may have left it in a mode in which calls wait.
        let is_set = socket.set_nonblocking(true);
        is_set.is_ok().then_some(socket)
    }

    /// Ends the connection of a lost worker from outside.
    fn end(&self, failure: &Failure) {
        let Some(mut socket) = self.take_socket() else {
            return;
        };
        if let Some(closing_error) =
            from_code(self.last_resort.closing_error.load(Ordering::Relaxed))
        {
            // If the client doesn't read, the error can't be sent.
            let _sent = socket.send(&closing_error.message(failure));
        }
        let _closed = socket.shutdown(Shutdown::Write);
        // Closing a socket with unread data would reset the connection and discard the error just
        // sent.
        let mut unread = [0; 4096];
        for _ in 0..MOST_READS {
            match socket.read(&mut unread) {
                Ok(1..) => {}
                _ => break,
            }
        }
        let _closed = socket.shutdown(Shutdown::Both);
    }
}

impl Connections {
    /// The worker threads of the server that were lost since its start.
    #[must_use]
    pub fn lost_workers(&self) -> &LostWorkers {
        &self.0.lost_workers
    }

    /// Ends the connections of a lost worker. Returns how many there were, and the clients that the
    /// worker hadn't begun to serve.
    pub(crate) fn end_lost(&self, worker: u32, failure: &Failure) -> (usize, Vec<Client>) {
        let lost = self.open().remove_all(|connection| {
            connection.last_resort.worker.load(Ordering::Relaxed) == worker
        });
        // A client that the worker never began to serve loses nothing: it moves to another worker.
        let (lost, untouched): (Vec<_>, Vec<_>) = lost
            // The others are in the middle of something that only the lost thread knows.
            .into_iter()
            .partition(|connection| connection.last_resort.has_begun.load(Ordering::Relaxed));
        for connection in &lost {
            connection.end(failure);
            log::info!(listener:% = connection.log_name();
                "connection {}: ended with its worker", connection.id());
        }
        let newcomers = untouched
            .iter()
            .filter_map(|connection| self.revive(connection));
        (lost.len(), newcomers.collect())
    }

    /// The client of a connection that wasn't served yet, as if it had just connected.
    fn revive(&self, connection: &ClientConnection) -> Option<Client> {
        let socket = connection.take_socket()?;
        let connection = Arc::new(connection.as_new());
        self.open().insert(Arc::clone(&connection));
        self.wake_if_ending(&connection);
        let peer = connection.peer;
        let connections = self.clone();
        Some(Client::new(
            socket,
            Admitted {
                connections,
                connection,
            },
            peer,
        ))
    }
}

/// A closing error as one number, so that storing it is cheap: it changes several times per statement.
fn code(closing_error: ClosingError) -> u32 {
    match closing_error {
        ClosingError::X => X,
        ClosingError::Classic {
            sequence_id,
            protocol_41,
        } => {
            let flags = if protocol_41 {
                CLASSIC | PROTOCOL_41
            } else {
                CLASSIC
            };
            flags | u32::from(sequence_id)
        }
    }
}

fn from_code(code: u32) -> Option<ClosingError> {
    let [sequence_id, ..] = code.to_le_bytes();
    match code & (X | CLASSIC) {
        X => Some(ClosingError::X),
        CLASSIC => Some(ClosingError::Classic {
            sequence_id,
            protocol_41: code & PROTOCOL_41 != 0,
        }),
        _ => None,
    }
}

const X: u32 = 0x100;
const CLASSIC: u32 = 0x200;
const PROTOCOL_41: u32 = 0x400;
/// At most so many reads of the client's data.
const MOST_READS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_error_is_encoded_and_decoded() {
        let classic = |sequence_id, protocol_41| ClosingError::Classic {
            sequence_id,
            protocol_41,
        };
        for closing_error in [
            ClosingError::X,
            classic(0, false),
            classic(1, true),
            classic(255, true),
        ] {
            assert_eq!(from_code(code(closing_error)), Some(closing_error));
        }
        assert_eq!(from_code(0), None);
    }
}
