//! Runs the same client against a real server and against the mock, and compares the recordings:
//! each command must get the same kinds of answers.

use std::{
    collections::VecDeque,
    fmt, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use mynah_classic::{
    Capabilities,
    command::{Command, CommandCode},
    connection::{HandshakeResponse41, HandshakeV10},
};
use mynah_session::classic::{Part, Response};
use mynah_testkit::{Direction, Fixture, Line, Tap, servers::RealServer};
use mynah_wire::Message as _;

use crate::{
    client::{Client, Protocol},
    column::Place,
    run::Ran,
    stage::{Stage, Target},
};

/// The result for one client.
#[derive(Debug)]
pub(crate) enum Compared {
    /// All answers were of the same kinds: the numbers of commands and connections.
    Same {
        commands: usize,
        connections: usize,
    },
    /// The first commands with different answers, and their number.
    Differs(Vec<String>),
    Skipped(String),
}

/// The commands of a connection, and their answers.
#[derive(Debug, Default)]
struct Conversation(Vec<Exchange>);

#[derive(Debug, PartialEq, Eq)]
struct Exchange {
    command: String,
    /// Repeated rows are left out: their number depends on the data.
    answer: Vec<Part>,
}

/// Why a recording can't be compared.
#[derive(Debug, thiserror::Error)]
enum CompareError {
    #[error("the client failed: {0}")]
    Failed(String),
    #[error("the tap: {0}")]
    Io(#[from] std::io::Error),
    #[error("the tap: {0}")]
    Tap(#[from] mynah_testkit::TapError),
    #[error("it doesn't inflate: {0}")]
    Compressed(#[from] mynah_wire::compress::CompressError),
    #[error("it can't be read: {0}")]
    Decode(#[from] mynah_wire::DecodeError),
}

/// A real server, and the mock that imitates it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) server: RealServer,
    mock: Place,
}

/// Each real server with its mock.
pub(crate) const PAIRS: [Pair; 2] = [
    Pair {
        server: RealServer::MySql97,
        mock: Place::Mock,
    },
    Pair {
        server: RealServer::MariaDb118,
        mock: Place::MockMariaDb,
    },
];

/// Runs a client at both places, and compares the recordings.
pub(crate) fn compare(client: &Client, stage: &Stage, pair: Pair, keep: Option<&Path>) -> Compared {
    if client.protocol == Protocol::X {
        return Compared::Skipped("it speaks the X Protocol".to_owned());
    }
    let real = Place::Direct(pair.server);
    for place in [real, pair.mock] {
        if let Some(why) = client.skipped(place) {
            return Compared::Skipped(why.to_owned());
        }
    }
    let (real, mock) = match (
        stage.target(real, client.protocol),
        stage.target(pair.mock, client.protocol),
    ) {
        (Ok(real), Ok(mock)) => (real, mock),
        (Err(why), _) | (_, Err(why)) => return Compared::Skipped(why),
    };
    let kept = |place: &str| keep.map(|folder| folder.join(format!("{}-{place}", client.name)));
    let recorded = match client.program.command() {
        Ok(command) => record(&command, real, kept(pair.server.name()).as_deref())
            .map_err(|error| format!("{}: {error}", pair.server))
            .and_then(|real| {
                let mock = record(
                    &command,
                    mock,
                    kept(&format!("mock-{}", pair.server)).as_deref(),
                )
                .map_err(|error| format!("mock: {error}"))?;
                Ok((real, mock))
            }),
        Err(why) => return Compared::Skipped(why.to_string()),
    };
    match recorded {
        Ok((real, mock)) => lay(pair.server, &real, &mock),
        Err(why) => Compared::Differs(vec![why]),
    }
}

/// Records a client's traffic with a server, by connection.
fn record(
    command: &std::process::Command,
    target: Target,
    keep: Option<&Path>,
) -> Result<Vec<Conversation>, CompareError> {
    let tap = Tap::start(target.address)?;
    let ran = Ran::of(
        command,
        Target {
            address: tap.address(),
            ..target
        },
    );
    let recordings = tap.finish(CLOSE_TIMEOUT)?;
    let fixtures = recordings.into_iter().map(|recording| Fixture {
        comments: Vec::new(),
        lines: recording.lines,
    });
    let fixtures: Vec<Fixture> = fixtures.collect();
    if let Some(path) = keep {
        for (number, fixture) in fixtures.iter().enumerate() {
            let path = PathBuf::from(format!("{}-{number}.hex", path.display()));
            fs::write(path, fixture.to_string())?;
        }
    }
    if let Some(why) = ran.failed() {
        return Err(CompareError::Failed(why));
    }
    fixtures
        .iter()
        .map(|fixture| Conversation::of(&fixture.messages()?))
        .collect()
}

impl Conversation {
    fn of(messages: &[Line]) -> Result<Self, CompareError> {
        let Some((shared, start)) = logged_in(messages) else {
            return Ok(Self::default());
        };
        let mut exchanges = Vec::new();
        // Commands may be pipelined; their answers come in order.
        let mut due: VecDeque<(Response, Exchange)> = VecDeque::new();
        for line in messages.iter().skip(start) {
            match line.direction {
                Direction::Client if line.sequence_id == 0 => {
                    let code = CommandCode(line.payload.first().copied().unwrap_or(0));
                    let exchange = Exchange {
                        command: described(line, shared),
                        answer: Vec::new(),
                    };
                    due.push_back((Response::new(code, shared), exchange));
                }
                // A piece of a file, or a step of an authentication exchange.
                Direction::Client => {}
                Direction::Server => {
                    while due
                        .front()
                        .is_some_and(|(response, _)| response.is_complete())
                    {
                        exchanges.extend(due.pop_front().map(|(_, exchange)| exchange));
                    }
                    let Some((response, exchange)) = due.front_mut() else {
                        // Servers may send an error before they close a connection.
                        continue;
                    };
                    let part = response.receive(&line.payload)?;
                    let repeated = matches!(part, Part::TextRow | Part::BinaryRow)
                        && exchange.answer.last() == Some(&part);
                    if !repeated {
                        exchange.answer.push(part);
                    }
                }
            }
        }
        exchanges.extend(due.into_iter().map(|(_, exchange)| exchange));
        Ok(Self(exchanges))
    }
}

fn lay(server: RealServer, real: &[Conversation], mock: &[Conversation]) -> Compared {
    let mut differences = Vec::new();
    if real.len() != mock.len() {
        differences.push(format!(
            "{} connections to {server}, {} to the mock",
            real.len(),
            mock.len()
        ));
    }
    for (connection, (real, mock)) in real.iter().zip(mock).enumerate() {
        let (mut theirs, mut ours) = (real.0.iter(), mock.0.iter());
        loop {
            let (left, right) = (theirs.next(), ours.next());
            if left.is_none() && right.is_none() {
                break;
            }
            if left != right {
                let shown = |exchange: Option<&Exchange>| {
                    exchange.map_or_else(|| "nothing".to_owned(), ToString::to_string)
                };
                differences.push(format!(
                    "connection {connection}: {server}: {}; the mock: {}",
                    shown(left),
                    shown(right)
                ));
            }
        }
    }
    if differences.is_empty() {
        Compared::Same {
            commands: mock.iter().map(|conversation| conversation.0.len()).sum(),
            connections: mock.len(),
        }
    } else {
        Compared::Differs(differences)
    }
}

/// A command with its text, without statement ids, which differ between servers.
fn described(line: &Line, shared: Capabilities) -> String {
    let text = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        text.chars().take(LONGEST).collect::<String>()
    };
    match Command::from_payload(&line.payload, shared) {
        Ok(Command::Query(query)) => format!("COM_QUERY {}", text(&query.query)),
        Ok(Command::StmtPrepare(prepare)) => format!("COM_STMT_PREPARE {}", text(&prepare.query)),
        Ok(Command::InitDb(schema)) => format!("COM_INIT_DB {}", text(&schema.schema_name)),
        Ok(command) => format!("{:?}", command.code()),
        Err(error) => format!("{error}"),
    }
}

/// The shared capabilities, and the index where the command phase starts.
fn logged_in(messages: &[Line]) -> Option<(Capabilities, usize)> {
    let offered = HandshakeV10::from_payload(&messages.first()?.payload, ()).ok()?;
    let response = HandshakeResponse41::from_payload(&messages.get(1)?.payload, ()).ok()?;
    let ok = |line: &Line| line.direction == Direction::Server && line.payload.first() == Some(&0);
    let end = messages.iter().skip(1).position(ok)? + 1;
    Some((offered.capabilities & response.capabilities, end + 1))
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer: Vec<String> = self.answer.iter().map(|part| format!("{part:?}")).collect();
        write!(f, "{} -> {}", self.command, answer.join(" "))
    }
}

/// How long a connection may stay open after its client has ended.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(10);
/// How many letters of a statement are compared and shown.
const LONGEST: usize = 200;
