//! Resources of the machine that a test uses, released when they are dropped.

use std::{
    env, fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio, id},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use super::unavailable::{Reason, io_at};

/// Addresses of the loopback interface with TCP ports that were free just now.
///
/// # Errors
/// The operating system's error.
pub fn free_addresses<const N: usize>() -> io::Result<[SocketAddr; N]> {
    // Kept open together, as the system could return the same port twice.
    let mut listeners = Vec::with_capacity(N);
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for address in &mut addresses {
        let listener = TcpListener::bind(*address)?;
        *address = listener.local_addr()?;
        listeners.push(listener);
    }
    Ok(addresses)
}

/// A child process that is killed when this is dropped.
#[derive(Debug)]
pub struct Process(Arc<Mutex<Child>>);

impl Process {
    /// Takes over a child process, which is killed at once if [`give_all_back`] was called before.
    #[must_use]
    pub fn new(child: Child) -> Self {
        let child = Arc::new(Mutex::new(child));
        match &mut *lock(&BORROWED) {
            Some(borrowed) => borrowed.children.push(Arc::clone(&child)),
            None => end(&child),
        }
        Self(child)
    }

    /// Starts a program without input and output.
    ///
    /// # Errors
    /// [`Reason::CannotRun`].
    pub fn start(command: &mut Command) -> Result<Self, Reason> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let child = command.spawn().map_err(|source| Reason::CannotRun {
            program: command.get_program().to_string_lossy().into_owned(),
            source,
        })?;
        Ok(Self::new(child))
    }

    /// Whether the process has ended.
    pub fn has_ended(&mut self) -> bool {
        lock(&self.0)
            .try_wait()
            .is_ok_and(|status| status.is_some())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(borrowed) = &mut *lock(&BORROWED) {
            borrowed
                .children
                .retain(|child| !Arc::ptr_eq(child, &self.0));
        }
        end(&self.0);
    }
}

/// A folder that is removed, with all that is in it, when this is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes a folder for temporary files, with this word in its name.
    ///
    /// # Errors
    /// [`Reason::Io`] if the folder can't be made.
    pub fn new(name: &str) -> Result<Self, Reason> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("mynah-{name}-{}-{count}", id()));
        fs::create_dir(&path).map_err(io_at(&path))?;
        if let Some(borrowed) = &mut *lock(&BORROWED) {
            borrowed.folders.push(path.clone());
        }
        Ok(Self(path))
    }

    /// The path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(borrowed) = &mut *lock(&BORROWED) {
            borrowed.folders.retain(|folder| *folder != self.0);
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Ends every [`Process`] and removes every [`Folder`] of this program. For a program that is about
/// to end without dropping them, as by a signal. A child process that starts later is ended at
/// once.
pub fn give_all_back() {
    let Some(borrowed) = lock(&BORROWED).take() else {
        return;
    };
    for child in &borrowed.children {
        end(child);
    }
    for folder in &borrowed.folders {
        let _ = fs::remove_dir_all(folder);
    }
}

/// The resources to release; `None` once that was done.
static BORROWED: Mutex<Option<Borrowed>> = Mutex::new(Some(Borrowed {
    children: Vec::new(),
    folders: Vec::new(),
}));

#[derive(Debug)]
struct Borrowed {
    children: Vec<Arc<Mutex<Child>>>,
    folders: Vec<PathBuf>,
}

fn end(child: &Mutex<Child>) {
    let mut child = lock(child);
    let _ = child.kill();
    let _ = child.wait();
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
