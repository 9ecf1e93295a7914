//! Waiting for a peer in the system call that reads, which is cheaper than waiting for the runtime to say that there is
//! something to read.

use std::io;
use std::mem;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use socket2::SockRef;
use tokio::io::ReadBuf;

/// How the operating system treats a socket that is otherwise the runtime's, which needs calls that don't wait.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    may_block: bool,
    /// Whether calls wait: the runtime can't use the socket now.
    is_blocking: bool,
    /// Where bytes are read to; absent before the first read that may wait.
    received: Option<Box<[u8; RECEIVED]>>,
}

impl Waiting {
    /// Sets whether the next [`read`](Self::read) may wait.
    pub(super) fn set_may_block(&mut self, may_block: bool) {
        self.may_block = may_block;
    }

    /// Reads the bytes that are there. If it may wait, it waits for them for a moment, once: a peer that sends a few bytes
    /// at a time can't hold up the thread for longer. `None` if the runtime is to read, which may then use the socket.
    pub(super) fn read(
        &mut self,
        socket: &impl AsFd,
        to: &mut ReadBuf<'_>,
    ) -> Option<io::Result<()>> {
        let waits = mem::take(&mut self.may_block) && self.begin_blocking(socket);
        if !self.is_blocking {
            return None;
        }
        let flags = match waits {
            true => RecvFlags::empty(),
            false => RecvFlags::DONTWAIT,
        };
        match self.receive(socket, to, flags) {
            Ok(()) => Some(Ok(())),
            Err(Errno::AGAIN | Errno::INTR) => self.end_blocking(socket).err().map(Err),
            Err(error) => Some(Err(error.into())),
        }
    }

    /// Writes as much as there is room for. `None` if the runtime is to write: it may use the socket already, or there is
    /// no room.
    pub(super) fn write(&mut self, socket: &impl AsFd, bytes: &[u8]) -> Option<io::Result<usize>> {
        if !self.is_blocking {
            return None;
        }
        // This call doesn't wait, whatever the socket's mode.
        match send(socket, bytes, SEND_FLAGS) {
            Err(Errno::AGAIN | Errno::INTR) => self.end_blocking(socket).err().map(Err),
            sent => Some(sent.map_err(Into::into)),
        }
    }

    fn receive(
        &mut self,
        socket: &impl AsFd,
        to: &mut ReadBuf<'_>,
        flags: RecvFlags,
    ) -> Result<(), Errno> {
        let received = self.received.get_or_insert_with(|| Box::new([0; RECEIVED]));
        let room = to.remaining().min(RECEIVED);
        let room = received.get_mut(..room).unwrap_or_default();
        let (len, _) = recv(socket, &mut *room, flags)?;
        to.put_slice(room.get(..len).unwrap_or_default());
        Ok(())
    }

    /// Has calls wait, for a moment at most; returns whether they do.
    fn begin_blocking(&mut self, socket: &impl AsFd) -> bool {
        if !self.is_blocking {
            // Without a limit of its time, a call could wait for ever.
            let is_limited = self.received.is_some()
                || SockRef::from(socket).set_read_timeout(Some(MOMENT)).is_ok();
            self.is_blocking = is_limited && ioctl_fionbio(socket, false).is_ok();
        }
        self.is_blocking
    }

    fn end_blocking(&mut self, socket: &impl AsFd) -> io::Result<()> {
        ioctl_fionbio(socket, true)?;
        self.is_blocking = false;
        Ok(())
    }
}

/// A peer that has closed its side is an error of the call, not a signal. Where there is no flag for that, the socket has
/// an option, which the standard library and tokio set.
#[cfg(not(target_vendor = "apple"))]
const SEND_FLAGS: SendFlags = SendFlags::DONTWAIT.union(SendFlags::NOSIGNAL);
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: SendFlags = SendFlags::DONTWAIT;

/// How long a read waits at most. What other threads want of the session waits so long, too.
const MOMENT: Duration = Duration::from_millis(10);
/// The most bytes that a read takes which may wait.
const RECEIVED: usize = 4 * 1024;

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn read(waiting: &mut Waiting, socket: &UnixStream) -> Option<u8> {
        let mut byte = [0; 1];
        let mut to = ReadBuf::new(&mut byte);
        let read = waiting.read(socket, &mut to);
        read.map(|read| {
            read.unwrap();
            to.filled()[0]
        })
    }

    fn is_of_the_runtime(socket: &UnixStream) -> bool {
        let flags = rustix::fs::fcntl_getfl(socket).unwrap();
        flags.contains(rustix::fs::OFlags::NONBLOCK)
    }

    fn connected() -> (UnixStream, UnixStream) {
        let (socket, peer) = UnixStream::pair().unwrap();
        socket.set_nonblocking(true).unwrap();
        (socket, peer)
    }

    #[test]
    fn a_socket_whose_reads_may_not_wait_stays_with_the_runtime() {
        let (socket, mut peer) = connected();
        peer.write_all(b"ab").unwrap();
        let mut waiting = Waiting::default();
        assert_eq!(read(&mut waiting, &socket), None);
        assert!(waiting.write(&socket, b"c").is_none());
        assert!(is_of_the_runtime(&socket));
    }

    #[test]
    fn one_permission_is_for_one_wait_and_the_runtime_gets_the_socket_back() {
        let (socket, mut peer) = connected();
        peer.write_all(b"ab").unwrap();
        let mut waiting = Waiting::default();
        waiting.set_may_block(true);
        assert_eq!(read(&mut waiting, &socket), Some(b'a'));
        assert!(!waiting.may_block);
        assert!(!is_of_the_runtime(&socket));
        assert_eq!(read(&mut waiting, &socket), Some(b'b'));
        assert_eq!(waiting.write(&socket, b"c").unwrap().unwrap(), 1);
        // Nothing is there, and it may not wait.
        assert_eq!(read(&mut waiting, &socket), None);
        assert!(is_of_the_runtime(&socket));
    }

    #[test]
    fn a_wait_in_vain_and_a_write_without_room_give_the_socket_back() {
        let (socket, mut peer) = connected();
        let mut waiting = Waiting::default();
        waiting.set_may_block(true);
        assert_eq!(read(&mut waiting, &socket), None);
        assert!(is_of_the_runtime(&socket));

        peer.write_all(b"a").unwrap();
        waiting.set_may_block(true);
        assert_eq!(read(&mut waiting, &socket), Some(b'a'));
        while waiting.write(&socket, &[0; 4096]).is_some() {}
        assert!(is_of_the_runtime(&socket));
    }
}
