//! What a test borrows from the machine, and gives back when it's dropped.

use std::{
    env, fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, id},
    sync::atomic::{AtomicU32, Ordering},
};

use super::unavailable::{Reason, io_at};

/// Addresses of the loopback interface on which nobody listens at the moment.
///
/// # Errors
/// The one of asking the system for a port.
pub fn free_addresses<const N: usize>() -> io::Result<[SocketAddr; N]> {
    // Held together, else the system could name one twice.
    let mut listeners = Vec::with_capacity(N);
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for address in &mut addresses {
        let listener = TcpListener::bind(*address)?;
        *address = listener.local_addr()?;
        listeners.push(listener);
    }
    Ok(addresses)
}

/// A child that doesn't outlive this value.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Takes care of a child.
    #[must_use]
    pub const fn new(child: Child) -> Self {
        Self(child)
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder that doesn't outlive this value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one in the system's folder for temporary files, with this word in its name.
    ///
    /// # Errors
    /// [`Reason::Io`] if it can't be made.
    pub fn new(name: &str) -> Result<Self, Reason> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("mynah-{name}-{}-{count}", id()));
        fs::create_dir(&path).map_err(io_at(&path))?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
