//! Connects to one of several upstreams: the one that is chosen, and if it can't be used, another, until one greets.
//! Nothing that a server has sent is passed on before, so the client notices none of it.

use std::pin::pin;
use std::time::Duration;

use mynah_net::Admitted;
use tokio::time::timeout;

use super::reach::{Origin, Reached, reach};
use super::unreached::{Unreached, late};
use crate::observer::ConnectionObserver;
use crate::refusal::Refusal;
use crate::shared::OpenUpstream;
use crate::upstreams::{
    Answer, Lease, NoRoom, Problem, Upstreams, ask_for_capabilities, of_error_frame,
    of_error_packet, read_error,
};
use crate::{LoginFailure, Protocol};

/// The upstreams of a route.
#[derive(Clone, Copy, Debug)]
pub(super) struct Several<'a> {
    pub(super) upstreams: &'a Upstreams,
    /// The route's number.
    pub(super) route: usize,
    /// The upstreams with their numbers.
    pub(super) members: &'a [(usize, OpenUpstream)],
}

/// Why a try has failed: an upstream that can't be used, or something else, for which no other is tried.
enum Failure {
    OfUpstream(Problem),
    Other(LoginFailure),
}

/// The upstream that has greeted; nothing if the client leaves meanwhile.
pub(super) async fn search<'a>(
    several: Several<'a>,
    origin: &mut Origin<'_>,
    admitted: &Admitted,
    observer: &mut ConnectionObserver,
) -> Result<Option<(&'a OpenUpstream, Reached, Lease)>, LoginFailure> {
    let mut problems: Vec<(usize, &OpenUpstream, Problem)> = Vec::new();
    let found = loop {
        let tried: Vec<usize> = problems.iter().map(|(number, ..)| *number).collect();
        let lease = Lease::choose(several.upstreams, several.route, &tried, admitted.id());
        let Some(lease) = lease else { break None };
        let number = lease.upstream();
        let upstream = several.members.iter().find(|(other, _)| *other == number);
        let Some((_, upstream)) = upstream else {
            break None;
        };
        match noting_silence(&lease, try_one(upstream, origin)).await {
            Ok(Some((reached, is_x))) => {
                lease.note_reached(is_x);
                break Some((upstream, reached, lease));
            }
            Ok(None) => {
                // Sooner, it has not waited for the upstream: some programs only try whether a port is open.
                if lease.age() >= IMPATIENCE {
                    lease.note_silent();
                }
                return Ok(None);
            }
            Err(Failure::Other(failure)) => return Err(failure),
            Err(Failure::OfUpstream(problem)) => {
                let problem = match origin.shared.options.send_proxy_protocol {
                    Some(_) => problem.of_client_address(),
                    None => problem,
                };
                lease.note_failed(problem.is_down(), &problem.why);
                problems.push((number, upstream, problem));
                if has_left(origin) {
                    return Ok(None);
                }
            }
        }
    };
    let refusal = match &found {
        Some((upstream, ..)) => {
            observer.begin(&upstream.name);
            None
        }
        None => Some(refusal(several, &problems)),
    };
    for (_, upstream, problem) in problems {
        log::info!(listener:% = admitted.log_name();
            "connection {}: not to {}: {}", admitted.id(), upstream.name, problem.why);
        observer.publish_passed_over(&upstream.name, problem.why);
    }
    match refusal {
        Some(refusal) => Err(LoginFailure::WithError(refusal)),
        None => Ok(found),
    }
}

/// Has the upstream checked while it is tried, if that takes long: clients may leave before `--connect-timeout` is over.
async fn noting_silence<T>(lease: &Lease, tried: impl Future<Output = T>) -> T {
    let mut tried = pin!(tried);
    match timeout(SILENCE, &mut tried).await {
        Ok(done) => done,
        Err(_late) => {
            lease.note_silent();
            tried.await
        }
    }
}

/// Whether the client has closed the connection before a greeting. It must not be sent on then: the next upstream would
/// count a connection without a login against the proxy's address. One that has sent something may still read.
fn has_left(origin: &Origin<'_>) -> bool {
    origin.introduced.ahead.is_empty() && origin.client.is_at_end()
}

/// Connects, and makes sure that the server serves clients. Returns also whether it is of the X Protocol.
async fn try_one(
    upstream: &OpenUpstream,
    origin: &mut Origin<'_>,
) -> Result<Option<(Reached, bool)>, Failure> {
    let reached = reach(upstream, origin).await;
    let reached = reached.map_err(|unreached| match unreached.problem() {
        Ok(problem) => Failure::OfUpstream(problem),
        Err(failure) => Failure::Other(failure),
    })?;
    let Some(mut reached) = reached else {
        return Ok(None);
    };
    let connect_timeout = origin.shared.options.connect_timeout;
    let Reached { server, greeting } = &mut reached;
    let mut is_x = greeting.is_x;
    let read = read_error(server, &mut greeting.of_server, is_x);
    let error = match timeout(connect_timeout, read).await {
        Ok(Ok(())) if is_x => of_error_frame(&greeting.of_server),
        Ok(Ok(())) => of_error_packet(&greeting.of_server),
        Ok(Err(error)) => Unreached::Server(error).problem().ok(),
        Err(_late) => Unreached::NotGreeted(connect_timeout).problem().ok(),
    };
    if let Some(problem) = error {
        origin.introduced.ahead = std::mem::take(&mut greeting.of_client);
        return Err(Failure::OfUpstream(problem));
    }
    // By the X Protocol a server may be silent until it is asked.
    if greeting.is_x && greeting.of_server.is_empty() {
        let asked = ask_for_capabilities(server, &mut greeting.of_server);
        let problem = match timeout(connect_timeout, asked).await {
            Ok(Ok(Answer::Capabilities)) => None,
            Ok(Ok(Answer::Error(problem))) => Some(problem),
            // A client of the X Protocol at a server of the classic one, which gets the server's greeting.
            Ok(Ok(Answer::NotX)) if origin.protocol == Protocol::Auto => {
                is_x = false;
                of_error_packet(&greeting.of_server)
            }
            Ok(Ok(Answer::NotX)) => Some(Problem::new("it does not speak the X Protocol")),
            Ok(Err(error)) => Unreached::Server(error).problem().ok(),
            Err(_late) => Some(Problem::new(late("it did not answer", connect_timeout))),
        };
        if let Some(problem) = problem {
            origin.introduced.ahead = std::mem::take(&mut greeting.of_client);
            return Err(Failure::OfUpstream(problem));
        }
    }
    Ok(Some((reached, is_x)))
}

/// The error that says of each upstream why it can't be used.
fn refusal(several: Several<'_>, problems: &[(usize, &OpenUpstream, Problem)]) -> Refusal {
    let mut are_full = false;
    let reasons = several.members.iter().map(|(number, upstream)| {
        let tried = problems.iter().find(|(tried, ..)| tried == number);
        let why = match (tried, several.upstreams.no_room(*number)) {
            (Some((_, _, problem)), _) => {
                are_full |= problem.is_full;
                problem.why.clone()
            }
            (None, Some(NoRoom::Full(most))) => {
                are_full = true;
                format!("it is full (--upstream-max-connections {most})")
            }
            (None, Some(NoRoom::Drained)) => "it is drained".to_owned(),
            // It had no room when it was asked, and has some now.
            (None, None) => "it had no room".to_owned(),
        };
        format!("{}: {why}", upstream.name)
    });
    let reasons: Vec<_> = reasons.collect();
    Refusal::no_upstream(&reasons.join("; "), are_full)
}

/// The time after which an upstream that is being tried is checked.
const SILENCE: Duration = Duration::from_millis(500);

/// The time after which a client that leaves has waited for the upstream.
const IMPATIENCE: Duration = Duration::from_millis(100);
