//! One check of an upstream, on its sockets.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use mynah_client::{Client, Error, Options};
use mynah_net::{Stream, TlsClient};
use mynah_session::classic::client::ClientError;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_util::io::read_buf;

use super::handle::{Known, Upstreams};
use super::problem::{Problem, of_error_packet, printable, read_error, serves_none};
use super::{Answer, CheckAccount, CheckSettings, ask_for_capabilities, of_error_frame};
use crate::failure::with_causes;
use crate::{Protocol, x};

/// Connects as a client does, and leaves as one does: servers count connections that end before a login against the
/// address that they come from, and refuse it after `max_connect_errors` of them (100, by default). They don't count
/// a login that they refuse, nor what ends before a login of the X Protocol.
///
/// A check that takes too long continues once it is connected, for the same reason: `on_late` is called each time that
/// the limit is over. A server that hangs therefore has no more than one connection of a check.
pub(super) async fn check(
    upstreams: &Upstreams,
    upstream: &Known,
    number: usize,
    settings: &CheckSettings,
    mut on_late: impl FnMut(String),
) -> Result<(), Problem> {
    let limit = settings.options.check_timeout;
    let tls = settings.tls.get(number).and_then(Option::as_ref);
    let server = match timeout(limit, upstream.address.connect()).await {
        Ok(server) => server.map_err(|error| Problem::connecting(&error))?,
        Err(_late) => return Err(Problem::new(late("accept the connection", limit))),
    };
    let mut done = pin!(run(server, upstreams, upstream, number, tls, settings));
    let client = loop {
        match timeout(limit, &mut done).await {
            // The server serves clients by their own addresses, which it gets, but not the proxy by its own.
            Ok(Err(problem))
                if problem.refuses_address && settings.send_proxy_protocol.is_some() =>
            {
                log::debug!("a check of {}: {}", upstream.name, problem.why);
                return Ok(());
            }
            Ok(done) => break done?,
            Err(_late) => on_late(late("answer", limit)),
        }
    };
    // The check is passed, however the connection ends.
    let _late = timeout(GOODBYE, client.leave()).await;
    Ok(())
}

fn late(what: &str, limit: Duration) -> String {
    format!("it did not {what} within {} s", limit.as_secs_f32())
}

/// The client of a check that was passed.
enum Passed {
    Classic(Box<Client>),
    X(Stream),
    /// It has left already.
    Gone,
}

impl Passed {
    async fn leave(self) {
        match self {
            Self::Classic(client) => {
                let _closed = client.close().await;
            }
            Self::X(mut server) => {
                // The answer is read so that the server has nothing left to send.
                if server.write_all(CLOSE).await.is_ok() {
                    let _answer = server.read_buf(&mut BytesMut::new()).await;
                }
            }
            Self::Gone => {}
        }
    }
}

async fn run(
    mut server: Stream,
    upstreams: &Upstreams,
    upstream: &Known,
    number: usize,
    tls: Option<&TlsClient>,
    settings: &CheckSettings,
) -> Result<Passed, Problem> {
    // A machine that is gone doesn't answer, and must not hold up checks for ever. A server that hangs does, by its
    // operating system, and is still waited for.
    if let Err(error) = server.keep_alive(KEEP_ALIVE) {
        log::debug!("a check has no keepalive: {error}");
    }
    if let Some(version) = settings.send_proxy_protocol {
        let header = version.header(None);
        server.write_all(&header).await.map_err(io_problem)?;
    }
    let mut first = BytesMut::new();
    let speaks_x = || upstreams.speaks_x(number) == Some(true);
    let look = settings.options.check_timeout / 2;
    let begun = begin(&mut server, &mut first, upstream.protocol, speaks_x, look).await;
    let is_x = begun.map_err(io_problem)?;
    let read = read_error(&mut server, &mut first, is_x).await;
    read.map_err(io_problem)?;
    if is_x {
        if let Some(problem) = of_error_frame(&first) {
            return Err(problem);
        }
        let (passed, is_x) = check_x(server, first, upstream.protocol).await?;
        upstreams.note_protocol(number, is_x);
        return Ok(passed);
    }
    if let Some(problem) = of_error_packet(&first) {
        return Err(problem);
    }
    upstreams.note_protocol(number, false);
    let refusal = match log_in(server, first, tls, settings).await? {
        LoggedIn::Done(client) => {
            note_refusal(settings.are_told.get(number), false);
            return Ok(Passed::Classic(client));
        }
        LoggedIn::Refused(why) => why,
    };
    if settings.options.check_account.is_none() {
        log::debug!("a check of {} without an account: {refusal}", upstream.name);
    } else if note_refusal(settings.are_told.get(number), true) {
        log::warn!(
            "checks can't log in to {} (--upstream-check-user): {refusal}",
            upstream.name
        );
    }
    Ok(Passed::Gone)
}

/// Waits for the server to speak first, unless it is of the X Protocol. Returns whether it is.
///
/// A server of the X Protocol may be silent until it is asked, but a silent server may also be one of the classic protocol
/// that is slow or hangs, and would count the question as a connection without a login. So only a server that
/// `speaks_x` is asked; as long as it doesn't, it is looked again each time that `look` is over.
async fn begin(
    server: &mut Stream,
    first: &mut BytesMut,
    protocol: Protocol,
    speaks_x: impl Fn() -> bool,
    look: Duration,
) -> io::Result<bool> {
    match protocol {
        Protocol::X => return Ok(true),
        Protocol::Classic => return read_first(server, first).await.map(|()| false),
        Protocol::Auto => {}
    }
    loop {
        if first.is_empty() && speaks_x() {
            return Ok(true);
        }
        if let Ok(read) = timeout(look, read_first(server, first)).await {
            return read.map(|()| x::is_frame(first));
        }
    }
}

/// How the login of a check has ended, if the server serves clients.
enum LoggedIn {
    Done(Box<Client>),
    /// The server has refused it, or it couldn't go on, for a reason of the account; in words.
    Refused(String),
}

/// Notes whether the last login was refused. Returns whether that is to be said.
fn note_refusal(is_told: Option<&AtomicBool>, is_refused: bool) -> bool {
    let was_told = is_told.is_some_and(|told| told.swap(is_refused, Ordering::Relaxed));
    is_refused && !was_told
}

/// Reads enough to recognise the protocol.
async fn read_first(server: &mut Stream, first: &mut BytesMut) -> io::Result<()> {
    while first.len() < ENOUGH {
        if read_buf(server, first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// Asks for capabilities. Returns also whether the server is of the X Protocol after all.
async fn check_x(
    mut server: Stream,
    mut input: BytesMut,
    protocol: Protocol,
) -> Result<(Passed, bool), Problem> {
    match ask_for_capabilities(&mut server, &mut input).await {
        Ok(Answer::Capabilities) => Ok((Passed::X(server), true)),
        Ok(Answer::Error(problem)) => Err(problem),
        // At this address was a server of the X Protocol, and is one of the classic protocol now.
        Ok(Answer::NotX) if protocol != Protocol::X && of_error_packet(&input).is_none() => {
            Ok((Passed::Gone, false))
        }
        Ok(Answer::NotX) => Err(Problem::new("it does not speak the X Protocol")),
        Err(error) => Err(io_problem(error)),
    }
}

/// Logs in. A server that refuses the login for a reason of the account serves clients, and so does one whose request
/// can't be answered for this account.
async fn log_in(
    server: Stream,
    greeting: BytesMut,
    tls: Option<&TlsClient>,
    settings: &CheckSettings,
) -> Result<LoggedIn, Problem> {
    let account = settings.options.check_account.as_ref();
    let (user, password) = match account {
        Some(CheckAccount { user, password }) => (user.as_str(), password.as_str()),
        None => (NO_ACCOUNT, ""),
    };
    // The key of a server that isn't verified could be another's.
    let mut options = Options::new(user, password).without_server_key();
    if let Some(tls) = tls {
        options = match settings.requires_tls {
            true => options.tls(tls.clone()),
            false => options.tls_if_offered(tls.clone()),
        };
    }
    let refused = match Client::log_in_on(server, greeting, options).await {
        Ok(client) => return Ok(LoggedIn::Done(Box::new(client))),
        Err(refused) => refused,
    };
    match refused.code() {
        Some(code) if serves_none(code.into()) => {
            Err(Problem::error(code.into(), &with_causes(&refused)))
        }
        Some(_) => Ok(LoggedIn::Refused(printable(&with_causes(&refused)))),
        None => match refused {
            Error::Session(ClientError::Auth(_)) => {
                Ok(LoggedIn::Refused(printable(&with_causes(&refused))))
            }
            Error::Closed => Err(Problem::new("it closed the connection during the login")),
            other => Err(Problem::new(with_causes(&other))),
        },
    }
}

fn io_problem(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Problem::new("it closed the connection before its greeting")
        }
        _ => Problem::new(error.to_string()),
    }
}

/// The user of checks without an account.
const NO_ACCOUNT: &str = "mynah-proxy";

/// How long a check that was passed may take to leave.
const GOODBYE: Duration = Duration::from_secs(1);

/// The time after which a silent machine is asked whether it is there, and between two questions. A check ends after four
/// times this time without an answer.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// How many bytes are enough to recognise a protocol.
const ENOUGH: usize = 5;

/// Connection.Close of the X Protocol.
const CLOSE: &[u8] = b"\x01\0\0\0\x03";
