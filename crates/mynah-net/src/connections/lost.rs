//! What becomes of the connections of a worker that was lost.

use std::io::Read;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use mynah_guard::Descriptor;
use mynah_session::{Failure, Farewell};
use socket2::Socket;

use super::{Admitted, ClientConnection, Connections};
use crate::{Client, LostWorkers};

/// What is needed to end a connection whose worker never comes back.
#[derive(Debug, Default)]
pub(super) struct LastResort {
    worker: AtomicU32,
    descriptor: OnceLock<Descriptor>,
    /// Whether its worker has come to it.
    has_begun: AtomicBool,
    /// How the client can be told why; see [`code`].
    farewell: AtomicU32,
}

impl ClientConnection {
    /// The connection is served by this worker from now on.
    pub(crate) fn set_worker(&self, number: u32) {
        self.last_resort.worker.store(number, Ordering::Relaxed);
    }

    pub(crate) fn set_descriptor(&self, descriptor: Descriptor) {
        // There is one socket to a connection.
        let _first = self.last_resort.descriptor.set(descriptor);
    }

    /// Its worker serves it now.
    pub(crate) fn begin(&self) {
        self.last_resort.has_begun.store(true, Ordering::Relaxed);
    }

    /// How the client can be told why its session ends, if it can from now on.
    pub(crate) fn set_farewell(&self, farewell: Option<Farewell>) {
        let code = farewell.map_or(0, code);
        self.last_resort.farewell.store(code, Ordering::Relaxed);
    }

    /// The socket, if the worker is lost.
    fn take_socket(&self) -> Option<Socket> {
        let descriptor = self.last_resort.descriptor.get()?;
        descriptor.take().map(Socket::from)
    }

    /// Ends the connection from outside of its worker, which is lost.
    fn end(&self, failure: &Failure) {
        let Some(mut socket) = self.take_socket() else {
            return;
        };
        if let Some(farewell) = from_code(self.last_resort.farewell.load(Ordering::Relaxed)) {
            // A client that reads nothing is told nothing.
            let _sent = socket.send(&farewell.message(failure));
        }
        let _closed = socket.shutdown(Shutdown::Write);
        // A socket that is closed with something unread takes back what was sent.
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
    /// The workers that were lost.
    #[must_use]
    pub fn lost_workers(&self) -> &LostWorkers {
        &self.0.lost_workers
    }

    /// Ends the connections of a worker that was lost, and says how many there were. Clients that it had
    /// not come to are given back.
    pub(crate) fn end_lost(&self, worker: u32, failure: &Failure) -> (usize, Vec<Client>) {
        let mut lost = Vec::new();
        self.open().retain(|_, connection| {
            let stays = connection.last_resort.worker.load(Ordering::Relaxed) != worker;
            if !stays {
                lost.push(connection.clone());
            }
            stays
        });
        let (lost, untouched): (Vec<_>, Vec<_>) = lost
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

    /// The client, as if it had just connected.
    fn revive(&self, connection: &ClientConnection) -> Option<Client> {
        let socket = connection.take_socket()?;
        let connection = Arc::new(connection.anew());
        self.open().insert(connection.id(), Arc::clone(&connection));
        self.summon_if_ending(&connection);
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

/// A farewell as one number, so that noting it costs next to nothing.
fn code(farewell: Farewell) -> u32 {
    match farewell {
        Farewell::X => X,
        Farewell::Classic {
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

fn from_code(code: u32) -> Option<Farewell> {
    let [sequence_id, ..] = code.to_le_bytes();
    match code & (X | CLASSIC) {
        X => Some(Farewell::X),
        CLASSIC => Some(Farewell::Classic {
            sequence_id,
            protocol_41: code & PROTOCOL_41 != 0,
        }),
        _ => None,
    }
}

const X: u32 = 0x100;
const CLASSIC: u32 = 0x200;
const PROTOCOL_41: u32 = 0x400;
/// How much of what a client has sent is read at most.
const MOST_READS: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_farewell_survives_being_noted() {
        let classic = |sequence_id, protocol_41| Farewell::Classic {
            sequence_id,
            protocol_41,
        };
        for farewell in [
            Farewell::X,
            classic(0, false),
            classic(1, true),
            classic(255, true),
        ] {
            assert_eq!(from_code(code(farewell)), Some(farewell));
        }
        assert_eq!(from_code(0), None);
    }
}
