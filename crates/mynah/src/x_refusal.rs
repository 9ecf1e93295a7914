use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

use mynah_net::{ListenAddress, Listener, NetError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

/// Tells each client of the X Protocol that nobody speaks it here, in its own words, until it is
/// dropped. Command lines that ask for an X port start, and who needs it learns what is missing.
#[derive(Debug)]
pub(crate) struct XRefusal {
    addresses: Vec<ListenAddress>,
    /// They keep the files of Unix sockets.
    _listeners: Vec<Listener>,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl XRefusal {
    pub(crate) fn start(listeners: Vec<Listener>) -> Result<Self, NetError> {
        let failed = |source| NetError::Thread {
            name: THREAD.to_owned(),
            source,
        };
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(failed)?;
        for listener in &listeners {
            accept(&runtime, listener).map_err(failed)?;
            log::warn!(listener:% = listener.address().log_name();
                "the X Protocol isn't served yet: clients of {} get an error", listener.address());
        }
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let thread = std::thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || runtime.block_on(stopped.cancelled()))
            .map_err(failed)?;
        let addresses = listeners.iter().map(|l| l.address().clone());
        Ok(Self {
            addresses: addresses.collect(),
            _listeners: listeners,
            stop,
            thread: Some(thread),
        })
    }

    pub(crate) fn addresses(&self) -> &[ListenAddress] {
        &self.addresses
    }
}

impl Drop for XRefusal {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // One that panicked has ended, too.
            let _ended = thread.join();
        }
    }
}

fn accept(runtime: &Runtime, listener: &Listener) -> io::Result<()> {
    let _entered = runtime.enter();
    let socket = listener.socket()?;
    match listener.address() {
        ListenAddress::Tcp(_) => {
            let listener = TcpListener::from_std(socket.into())?;
            runtime.spawn(async move {
                loop {
                    match listener.accept().await {
                        Ok((stream, _)) => drop(tokio::spawn(refuse(stream))),
                        Err(error) => after_a_failed_accept(error).await,
                    }
                }
            });
        }
        ListenAddress::Unix(_) => {
            let listener = UnixListener::from_std(socket.into())?;
            runtime.spawn(async move {
                loop {
                    match listener.accept().await {
                        Ok((stream, _)) => drop(tokio::spawn(refuse(stream))),
                        Err(error) => after_a_failed_accept(error).await,
                    }
                }
            });
        }
    }
    Ok(())
}

async fn after_a_failed_accept(error: io::Error) {
    log::error!("can't accept an X client: {error}");
    tokio::time::sleep(Duration::from_millis(20)).await;
}

async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    // A socket that is closed with something unread takes back what was sent.
    let refused = async {
        stream.write_all(&error_frame()).await?;
        stream.shutdown().await?;
        let mut unread = [0; 512];
        while stream.read(&mut unread).await? > 0 {}
        Ok::<_, io::Error>(())
    };
    let _gone = tokio::time::timeout(Duration::from_secs(1), refused).await;
}

/// `Mysqlx.Error` in its frame: fatal, ER_X_SERVICE_ERROR.
fn error_frame() -> Vec<u8> {
    const SEVERITY_FATAL: [u8; 2] = [0x08, 1];
    const CODE_5010: [u8; 3] = [0x10, 0x92, 0x27];
    let mut message = [&SEVERITY_FATAL[..], &CODE_5010].concat();
    for (field, text) in [(3, MESSAGE), (4, "HY000")] {
        message.push(field << 3 | 2);
        // Both are shorter than 128.
        message.push(u8::try_from(text.len()).unwrap_or_default());
        message.extend_from_slice(text.as_bytes());
    }
    let length = u32::try_from(message.len() + 1).unwrap_or_default();
    let mut frame = length.to_le_bytes().to_vec();
    frame.push(1); // ServerMessages.ERROR
    frame.extend(message);
    frame
}

const THREAD: &str = "mynah x";

const MESSAGE: &str = "the X Protocol isn't served yet; connect to a port of the classic protocol";

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Fields of a protobuf message: number and, as text, value.
    fn fields(mut message: &[u8]) -> Vec<(u8, String)> {
        let mut fields = Vec::new();
        while let [tag, rest @ ..] = message {
            let (mut value, mut len) = (0, 0);
            while {
                value |= u32::from(rest[len] & 0x7f) << (7 * len);
                len += 1;
                rest[len - 1] & 0x80 != 0
            } {}
            message = &rest[len..];
            let text = if tag & 7 == 2 {
                let (text, rest) = message.split_at(value as usize);
                message = rest;
                String::from_utf8(text.to_vec()).unwrap()
            } else {
                value.to_string()
            };
            fields.push((tag >> 3, text));
        }
        fields
    }

    #[test]
    fn clients_get_a_fatal_error_and_the_end() {
        let listener = Listener::bind("127.0.0.1", 0).unwrap();
        let x = XRefusal::start(vec![listener]).unwrap();
        let ListenAddress::Tcp(address) = x.addresses()[0] else {
            panic!("{:?}", x.addresses());
        };
        let mut client = std::net::TcpStream::connect(address).unwrap();
        let mut frame = Vec::new();
        client.read_to_end(&mut frame).unwrap();
        let (length, body) = frame.split_first_chunk().unwrap();
        assert_eq!(u32::from_le_bytes(*length) as usize, body.len());
        assert_eq!(body[0], 1);
        let expected = [(1, "1"), (2, "5010"), (3, MESSAGE), (4, "HY000")];
        let expected = expected.map(|(number, text)| (number, text.to_owned()));
        assert_eq!(fields(&body[1..]), expected);
        drop(x);
        assert!(std::net::TcpStream::connect(address).is_err());
    }
}
