use std::fs::Permissions;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use socket2::{Domain, SockAddr, Socket, Type};

use super::BACKLOG;
use super::socket_file::{SocketFile, is_socket};
use crate::NetError;

pub(super) fn bind(path: &Path, mode: u32) -> Result<(Socket, SocketFile), NetError> {
    let len = path.as_os_str().as_bytes().len();
    if len == 0 || len > MAX_PATH_LEN {
        return Err(NetError::SocketPath {
            path: path.to_owned(),
            len,
            max: MAX_PATH_LEN,
        });
    }
    let failed = |source| NetError::BindUnix {
        path: path.to_owned(),
        source,
    };
    let address = SockAddr::unix(path).map_err(failed)?;
    match listen(path, &address, mode) {
        // A file is in the way: a socket that a crash left is replaced, everything else stays.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            make_room(path, &address)?;
            listen(path, &address, mode).map_err(failed)
        }
        listening => listening.map_err(failed),
    }
}

/// Removes the file of a socket that no server listens on.
fn make_room(path: &Path, address: &SockAddr) -> Result<(), NetError> {
    let failed = |source| NetError::BindUnix {
        path: path.to_owned(),
        source,
    };
    match is_socket(path) {
        Ok(true) => {}
        Ok(false) => {
            return Err(NetError::NotASocket {
                path: path.to_owned(),
            });
        }
        // It was removed in the meantime.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    }
    // Whether a server listens shows only in an attempt to connect.
    match connect(address) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            log::debug!(listener:% = path.display(); "replacing the socket that an earlier server left");
            std::fs::remove_file(path).map_err(failed)
        }
        // The backlog is full, so a server is there to empty it.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(in_use(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
        Ok(()) => Err(in_use(path)),
    }
}

fn in_use(path: &Path) -> NetError {
    NetError::SocketInUse {
        path: path.to_owned(),
    }
}

fn connect(address: &SockAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    socket.connect(address)
}

fn listen(path: &Path, address: &SockAddr, mode: u32) -> io::Result<(Socket, SocketFile)> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(address)?;
    let file = SocketFile::new(path)?;
    // No client can connect before `listen`, so the mode is in time.
    std::fs::set_permissions(path, Permissions::from_mode(mode))?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok((socket, file))
}

/// The longest path of a socket in bytes: the size of `sun_path` without the NUL.
const MAX_PATH_LEN: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::PathBuf;

    use crate::{Listener, NetError};

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mynah.sock");
        (folder, path)
    }

    #[test]
    fn the_file_is_there_as_long_as_the_listener() {
        let (_folder, path) = folder();
        let listener = Listener::bind_unix(&path).unwrap();
        assert_eq!(listener.address().to_string(), path.display().to_string());
        assert_eq!(listener.address().port(), 0);
        UnixStream::connect(&path).unwrap();
        drop(listener);
        assert!(!path.exists());
    }

    #[test]
    fn every_user_may_connect_unless_the_mode_says_otherwise() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = folder();
        let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
        let listener = Listener::bind_unix(&path).unwrap();
        assert_eq!(mode(), 0o777);
        drop(listener);
        let _listener = Listener::bind_unix_with(&path, 0o700).unwrap();
        assert_eq!(mode(), 0o700);
    }

    #[test]
    fn a_socket_that_is_listened_on_is_left_alone() {
        let (_folder, path) = folder();
        let first = Listener::bind_unix(&path).unwrap();
        let error = Listener::bind_unix(&path).unwrap_err();
        assert!(matches!(error, NetError::SocketInUse { .. }), "{error}");
        assert!(error.to_string().contains(path.to_str().unwrap()));
        UnixStream::connect(&path).unwrap();
        drop(first);
    }

    #[test]
    fn a_socket_that_a_crash_left_is_replaced() {
        let (_folder, path) = folder();
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        let _listener = Listener::bind_unix(&path).unwrap();
        UnixStream::connect(&path).unwrap();
    }

    #[test]
    fn a_file_that_is_not_a_socket_is_never_deleted() {
        let (_folder, path) = folder();
        std::fs::write(&path, "precious").unwrap();
        let error = Listener::bind_unix(&path).unwrap_err();
        assert!(matches!(error, NetError::NotASocket { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    }

    #[test]
    fn a_file_that_took_the_place_of_the_socket_stays() {
        let (_folder, path) = folder();
        let listener = Listener::bind_unix(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let other = UnixListener::bind(&path).unwrap();
        drop(listener);
        UnixStream::connect(&path).unwrap();
        drop(other);
    }

    #[test]
    fn a_path_too_long_for_a_socket_is_refused_with_its_length() {
        let path = PathBuf::from("/tmp").join("x".repeat(200));
        let error = Listener::bind_unix(path).unwrap_err().to_string();
        assert!(error.contains("205 bytes"), "{error}");
        assert!(Listener::bind_unix("").is_err());
    }

    #[test]
    fn a_folder_that_does_not_exist_is_named() {
        let (folder, _) = folder();
        let path = folder.path().join("no/such.sock");
        let error = Listener::bind_unix(&path).unwrap_err();
        assert!(error.to_string().contains("no/such.sock"), "{error}");
    }
}
