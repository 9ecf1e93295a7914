//! Waiting for a peer in the system call that reads, which is cheaper than waiting for the runtime to say that there is
//! something to read.

use std::io;
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
    /// Sets whether [`read`](Self::read) may wait.
    pub(super) fn set_may_block(&mut self, may_block: bool) {
        self.may_block = may_block;
    }

    /// Waits for bytes for a moment, and reads them. `None` if the runtime is to read: as this may not wait, or nothing came
    /// in time; then it waits no more until it is allowed anew.
    pub(super) fn read(
        &mut self,
        socket: &impl AsFd,
        to: &mut ReadBuf<'_>,
    ) -> Option<io::Result<()>> {
        let read = match self.may_block {
            true => self.receive(socket, to),
            false => Ok(false),
        };
        match read {
            Ok(true) => Some(Ok(())),
            Ok(false) => {
                self.may_block = false;
                self.end_blocking(socket).err().map(Err)
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Writes as much as there is room for. `None` if the runtime is to write: it may use the socket already, or there is
    /// no room.
    pub(super) fn write(&mut self, socket: &impl AsFd, bytes: &[u8]) -> Option<io::Result<usize>> {
        if !self.is_blocking {
            return None;
        }
        // This call doesn't wait, whatever the socket's mode.
        match send(socket, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
            Err(Errno::AGAIN | Errno::INTR) => self.end_blocking(socket).err().map(Err),
            sent => Some(sent.map_err(Into::into)),
        }
    }

    /// Returns whether it has received something, or found the end.
    fn receive(&mut self, socket: &impl AsFd, to: &mut ReadBuf<'_>) -> io::Result<bool> {
        self.begin_blocking(socket)?;
        let received = self.received.get_or_insert_with(|| Box::new([0; RECEIVED]));
        let room = to.remaining().min(RECEIVED);
        let Some(room) = received.get_mut(..room) else {
            return Ok(false);
        };
        match recv(socket, &mut *room, RecvFlags::empty()) {
            Ok((len, _)) => {
                to.put_slice(room.get(..len).unwrap_or_default());
                Ok(true)
            }
            Err(Errno::AGAIN | Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn begin_blocking(&mut self, socket: &impl AsFd) -> io::Result<()> {
        if !self.is_blocking {
            if self.received.is_none() {
                SockRef::from(socket).set_read_timeout(Some(MOMENT))?;
            }
            ioctl_fionbio(socket, false)?;
            self.is_blocking = true;
        }
        Ok(())
    }

    fn end_blocking(&mut self, socket: &impl AsFd) -> io::Result<()> {
        if self.is_blocking {
            ioctl_fionbio(socket, true)?;
            self.is_blocking = false;
        }
        Ok(())
    }
}

/// How long a read waits. What other threads want of the session waits so long, too.
const MOMENT: Duration = Duration::from_millis(10);
/// The most bytes that a read takes which may wait.
const RECEIVED: usize = 4 * 1024;
