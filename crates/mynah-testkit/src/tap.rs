//! Records the traffic between clients and a server.

use std::{
    io::{self, Read as _, Write as _},
    mem,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use bytes::{Buf as _, Bytes, BytesMut};
use mynah_wire::compress::FrameHeader;
use mynah_wire::{Header, PacketHeader};

use crate::fixture::{Direction, Line};

/// Listens on a loopback port, forwards each connection to one server and records both directions.
///
/// It changes no byte, and interprets only as much as cutting packets needs: headers, and at the
/// end of the login whether both sides agreed on compression. It can't look into TLS.
#[derive(Debug)]
pub struct Tap {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
    started: Arc<Mutex<Vec<Arc<Wire>>>>,
    /// The indices of connections of which a direction has ended.
    ended: Receiver<usize>,
}

/// The traffic of one connection that went through a [`Tap`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The packets, in the order in which they reached the tap.
    pub lines: Vec<Line>,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TapError {
    /// A connection was still open at the deadline.
    #[error("{open} of {of} connections still open after {after:?}")]
    StillOpen {
        /// How many connections were open at the deadline.
        open: usize,
        /// How many connections there were in all.
        of: usize,
        /// How long was waited for the connections to end.
        after: Duration,
    },
    /// The last bytes of a connection weren't a complete packet.
    #[error("connection {connection} ended inside a packet, {left} bytes into it")]
    Unfinished {
        /// The connection's index, from 0 in the order of connecting.
        connection: usize,
        /// How many bytes of the packet there were, including its header.
        left: usize,
    },
}

impl Tap {
    /// Starts listening on a free loopback port for clients of `server`.
    ///
    /// # Errors
    /// The error of binding the port.
    pub fn start(server: SocketAddr) -> io::Result<Self> {
        Self::start_with(server, Record::default)
    }

    /// As [`start`](Self::start), for clients that speak the X Protocol. A line is then a frame, and has the type
    /// of the message in place of a sequence id.
    ///
    /// # Errors
    /// The error of binding the port.
    pub fn start_x(server: SocketAddr) -> io::Result<Self> {
        Self::start_with(server, || Record {
            is_x: true,
            ..Record::default()
        })
    }

    fn start_with(server: SocketAddr, record: fn() -> Record) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let started = Arc::new(Mutex::new(Vec::new()));
        let (end, ended) = mpsc::channel();
        let accepting = Accepting {
            listener,
            server,
            record,
            stop: Arc::clone(&stop),
            started: Arc::clone(&started),
            end,
        };
        let accepting = Some(thread::spawn(move || accepting.run()));
        Ok(Self {
            address,
            stop,
            accepting,
            started,
            ended,
        })
    }

    /// The address that clients connect to.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting, waits up to `deadline` until all connections have ended, and returns their traffic.
    ///
    /// # Errors
    /// [`TapError`] when a connection doesn't end in that time, or ends inside a packet.
    pub fn finish(mut self, deadline: Duration) -> Result<Vec<Recording>, TapError> {
        self.stop_accepting();
        let wires = lock(&self.started).clone();
        let until = Instant::now() + deadline;
        // Each connection has two threads, one for each direction, and each reports its end.
        let mut open_directions = vec![2; wires.len()];
        while open_directions.iter().any(|&open| open > 0) {
            let left = until.saturating_duration_since(Instant::now());
            match self.ended.recv_timeout(left) {
                Ok(connection) => {
                    if let Some(open) = open_directions.get_mut(connection) {
                        *open -= 1;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(TapError::StillOpen {
                        open: open_directions.iter().filter(|&&open| open > 0).count(),
                        of: wires.len(),
                        after: deadline,
                    });
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let recording =
            |(connection, wire): (usize, Arc<Wire>)| lock(&wire.record).finish(connection);
        wires.into_iter().enumerate().map(recording).collect()
    }

    fn stop_accepting(&mut self) {
        let Some(accepting) = self.accepting.take() else {
            return;
        };
        self.stop.store(true, Ordering::SeqCst);
        // The listener blocks in `accept`; a connection wakes it up.
        if TcpStream::connect(self.address).is_ok() {
            let _ = accepting.join();
        }
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.stop_accepting();
        for wire in &*lock(&self.started) {
            wire.close();
        }
    }
}

/// The thread that accepts connections.
struct Accepting {
    listener: TcpListener,
    server: SocketAddr,
    record: fn() -> Record,
    stop: Arc<AtomicBool>,
    started: Arc<Mutex<Vec<Arc<Wire>>>>,
    end: Sender<usize>,
}

impl Accepting {
    fn run(self) {
        while let Ok((client, _)) = self.listener.accept() {
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            // If the server isn't there, the connection is closed at once, and the client reports
            // it.
            let Ok(server) = TcpStream::connect(self.server) else {
                continue;
            };
            let _ = client.set_nodelay(true);
            let _ = server.set_nodelay(true);
            let wire = Arc::new(Wire {
                client,
                server,
                record: Mutex::new((self.record)()),
            });
            let connection = {
                let mut started = lock(&self.started);
                started.push(Arc::clone(&wire));
                started.len() - 1
            };
            for direction in [Direction::Client, Direction::Server] {
                let (wire, end) = (Arc::clone(&wire), self.end.clone());
                thread::spawn(move || {
                    wire.forward(direction);
                    let _ = end.send(connection);
                });
            }
        }
    }
}

/// One connection: both sockets, and the recording.
#[derive(Debug)]
struct Wire {
    client: TcpStream,
    server: TcpStream,
    record: Mutex<Record>,
}

impl Wire {
    /// Forwards the bytes from `from` until it sends no more, or the other side can't take them.
    fn forward(&self, from: Direction) {
        let (mut source, mut sink) = match from {
            Direction::Client => (&self.client, &self.server),
            Direction::Server => (&self.server, &self.client),
        };
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(len @ 1..) = source.read(&mut buffer) {
            let piece = buffer.get(..len).unwrap_or_default();
            // Recorded first and sent second, so that an answer is never recorded before its
            // request.
            lock(&self.record).feed(from, piece);
            if sink.write_all(piece).is_err() {
                break;
            }
        }
        let _ = sink.shutdown(Shutdown::Write);
        // A server that closes has said all it will say. A client that closes may still wait for answers.
        if from == Direction::Server {
            let _ = source.shutdown(Shutdown::Both);
            let _ = sink.shutdown(Shutdown::Both);
        }
    }

    fn close(&self) {
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }
}

/// Cuts both streams of a connection into lines.
#[derive(Debug, Default)]
struct Record {
    /// Whether the connection uses the X Protocol.
    is_x: bool,
    lines: Vec<Line>,
    client: BytesMut,
    server: BytesMut,
    /// The server's capability flags, from the two parts of its greeting.
    offered: u32,
    /// The client's capability flags, from its first packet.
    asked: Option<u32>,
    /// Whether the login has ended with an OK.
    logged_in: bool,
}

impl Record {
    fn feed(&mut self, from: Direction, piece: &[u8]) {
        self.stream(from).extend_from_slice(piece);
        while let Some(line) = if self.is_x {
            self.cut_frame(from)
        } else {
            self.cut(from)
        } {
            if !self.is_x && !self.logged_in {
                self.watch_login(&line);
            }
            self.lines.push(line);
        }
    }

    const fn stream(&mut self, of: Direction) -> &mut BytesMut {
        match of {
            Direction::Client => &mut self.client,
            Direction::Server => &mut self.server,
        }
    }

    fn cut(&mut self, from: Direction) -> Option<Line> {
        // From the login on packets may be inside of frames; what both sides agreed on was seen before.
        let compressed =
            self.logged_in && self.offered & self.asked.unwrap_or(0) & COMPRESSION != 0;
        let stream = self.stream(from);
        let line = |sequence_id, uncompressed_len, payload| Line {
            direction: from,
            sequence_id,
            uncompressed_len,
            payload,
        };
        if compressed {
            let (header, payload) = FrameHeader::take(stream)?;
            return Some(line(
                header.sequence_id,
                Some(header.uncompressed_len),
                payload,
            ));
        }
        let (header, payload) = PacketHeader::take(stream)?;
        Some(line(header.sequence_id, None, payload))
    }

    /// Cuts a frame of the X Protocol: a length that counts the rest, a type, a payload.
    fn cut_frame(&mut self, from: Direction) -> Option<Line> {
        let stream = self.stream(from);
        let len = usize::try_from(stream.get(..4)?.get_u32_le()).ok()?;
        let mut frame = stream.get(4..4 + len)?;
        let message_type = frame.try_get_u8().ok()?;
        let payload = Bytes::copy_from_slice(frame);
        stream.advance(4 + len);
        Some(Line {
            direction: from,
            sequence_id: message_type,
            uncompressed_len: None,
            payload,
        })
    }

    fn watch_login(&mut self, line: &Line) {
        match line.direction {
            Direction::Server if self.lines.is_empty() => {
                self.offered = offered(&line.payload).unwrap_or(0);
            }
            Direction::Server => self.logged_in = line.payload.first() == Some(&0x00),
            Direction::Client if self.asked.is_none() => {
                self.asked = line
                    .payload
                    .first_chunk()
                    .map(|flags| u32::from_le_bytes(*flags));
            }
            Direction::Client => {}
        }
    }

    fn finish(&mut self, connection: usize) -> Result<Recording, TapError> {
        match self.client.len().max(self.server.len()) {
            0 => Ok(Recording {
                lines: mem::take(&mut self.lines),
            }),
            left => Err(TapError::Unfinished { connection, left }),
        }
    }
}

/// The capability flags of a greeting, which follow: protocol version, server version, NUL,
/// connection id (4), first part of the scramble (8), filler, low flags (2), collation, status (2),
/// high flags (2).
fn offered(greeting: &Bytes) -> Option<u32> {
    let nul = greeting.iter().position(|byte| *byte == 0)?;
    // Behind the version: thread id, first part of the nonce, filler; then flags, character set, status,
    // flags.
    let mut rest = greeting.get(nul + 1 + 4 + 8 + 1..)?;
    let low = rest.try_get_u16_le().ok()?;
    rest.try_get_u8().ok()?;
    rest.try_get_u16_le().ok()?;
    let high = rest.try_get_u16_le().ok()?;
    Some(u32::from(high) << 16 | u32::from(low))
}

/// A thread that panics with the lock held leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `CLIENT_COMPRESS` and `CLIENT_ZSTD_COMPRESSION_ALGORITHM`.
const COMPRESSION: u32 = 1 << 5 | 1 << 26;

#[cfg(test)]
mod tests;
