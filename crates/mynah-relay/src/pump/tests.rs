//! The copy loop alone, over streams in memory.

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::Instant;

use super::*;
use crate::gate::{Decision, GateCommand, Gatekeeper, Standing};

/// The bytes that passed, and the standing that the gate is given.
struct Seen {
    passed: Vec<(Direction, Bytes)>,
    ended: Vec<Direction>,
    standing: Standing,
    /// How many logins the client is said to have asked for.
    change_users: u32,
    /// Whether there are rules for faults.
    has_faults: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self {
            passed: Vec::new(),
            ended: Vec::new(),
            standing: Standing::Opaque,
            change_users: 0,
            has_faults: false,
        }
    }
}

impl ByteObserver for Seen {
    fn passed(&mut self, from: Direction, bytes: &[u8]) {
        self.passed.push((from, Bytes::copy_from_slice(bytes)));
    }

    fn ended(&mut self, side: Direction, _lost: Option<&io::Error>) {
        self.ended.push(side);
    }
}

impl Follow for Seen {
    fn standing(&self) -> Standing {
        self.standing
    }

    fn awaits_answer(&self) -> bool {
        false
    }

    fn change_users(&self) -> u32 {
        self.change_users
    }

    fn has_faults(&self) -> bool {
        self.has_faults
    }

    fn wants_commands(&self) -> bool {
        self.has_faults
    }
}

/// Both ends of a connection through a pump.
struct Ends {
    client: DuplexStream,
    server: DuplexStream,
    of_client: Stream,
    of_server: Stream,
}

fn ends() -> Ends {
    let (of_client, client) = Stream::in_memory(ROOM, false);
    let (of_server, server) = Stream::in_memory(ROOM, false);
    Ends {
        client,
        server,
        of_client,
        of_server,
    }
}

/// Runs a pump until it ends, or these steps do.
async fn run<T>(
    pump: &mut Pump,
    streams: (&mut Stream, &mut Stream),
    seen: &mut Seen,
    idle: Option<Duration>,
    steps: impl Future<Output = T>,
) -> Result<T, Ending> {
    let scratch = Scratch::default();
    tokio::select! {
        biased;
        ending = pump.run(streams.0, streams.1, &scratch, seen, idle) => Err(ending),
        done = steps => Ok(done),
    }
}

fn pump() -> Pump {
    Pump::new(BytesMut::new(), BytesMut::new())
}

async fn read(stream: &mut DuplexStream, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    stream.read_exact(&mut bytes).await.unwrap();
    bytes
}

#[tokio::test(start_paused = true)]
async fn bytes_pass_both_ways_and_what_was_read_already_comes_first() {
    let mut ends = ends();
    let mut seen = Seen::default();
    let mut pump = Pump::new(BytesMut::from("a"), BytesMut::from("1"));
    let steps = async {
        ends.client.write_all(b"bc").await.unwrap();
        assert_eq!(read(&mut ends.server, 3).await, b"abc");
        ends.server.write_all(b"23").await.unwrap();
        assert_eq!(read(&mut ends.client, 3).await, b"123");
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    run(&mut pump, streams, &mut seen, None, steps)
        .await
        .unwrap();
    let of = |side| {
        let passed = seen.passed.iter().filter(|(from, _)| *from == side);
        passed
            .flat_map(|(_, bytes)| bytes.to_vec())
            .collect::<Vec<u8>>()
    };
    assert_eq!(of(Direction::Client), b"abc");
    assert_eq!(of(Direction::Server), b"123");
    assert!(pump.is_drained());
}

#[tokio::test(start_paused = true)]
async fn nothing_more_is_read_than_the_other_side_takes() {
    let mut ends = ends();
    let (mut seen, mut pump) = (Seen::default(), pump());
    let bytes = vec![7; 4 * ROOM];
    let steps = async {
        // Both rooms and what the pump keeps are full before this is written.
        let written = tokio::time::timeout(Duration::from_secs(1), ends.client.write_all(&bytes));
        assert!(written.await.is_err());
        read(&mut ends.server, 2 * ROOM).await
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let read = run(&mut pump, streams, &mut seen, None, steps).await;
    assert_eq!(read.unwrap().len(), 2 * ROOM);
    assert!(pump.up.unsent.len() <= SCRATCH);
}

#[tokio::test(start_paused = true)]
async fn open_to_ended_to_done_on_both_sides() {
    let mut ends = ends();
    let (mut seen, mut pump) = (Seen::default(), pump());
    let steps = async {
        ends.client.write_all(b"ask").await.unwrap();
        ends.client.shutdown().await.unwrap();
        let mut asked = Vec::new();
        ends.server.read_to_end(&mut asked).await.unwrap();
        // The other direction is still open.
        ends.server.write_all(b"answer").await.unwrap();
        ends.server.shutdown().await.unwrap();
        let mut answer = Vec::new();
        ends.client.read_to_end(&mut answer).await.unwrap();
        assert_eq!((&asked[..], &answer[..]), (&b"ask"[..], &b"answer"[..]));
        std::future::pending::<()>().await;
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let ending = run(&mut pump, streams, &mut seen, None, steps).await;
    assert!(matches!(ending, Err(Ending::Closed)), "{ending:?}");
    assert_eq!(seen.ended, [Direction::Client, Direction::Server]);
}

#[tokio::test(start_paused = true)]
async fn a_client_has_a_second_to_close_when_its_server_has() {
    let mut ends = ends();
    let (mut seen, mut pump) = (Seen::default(), pump());
    let steps = async {
        ends.server.shutdown().await.unwrap();
        std::future::pending::<()>().await;
    };
    let start = Instant::now();
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let ending = run(&mut pump, streams, &mut seen, None, steps).await;
    assert!(matches!(ending, Err(Ending::Closed)), "{ending:?}");
    assert_eq!(seen.ended, [Direction::Server]);
    assert!(start.elapsed() >= AFTER_THE_SERVER);
}

#[tokio::test(start_paused = true)]
async fn open_to_done_by_a_server_that_is_gone() {
    let mut ends = ends();
    let (mut seen, mut pump) = (Seen::default(), pump());
    let (client, server) = (&mut ends.client, &mut ends.server);
    let (_closed, gone) = tokio::io::duplex(1);
    let steps = async {
        server.write_all(b"words").await.unwrap();
        drop(std::mem::replace(server, gone));
        client.write_all(b"ask").await.unwrap();
        // What it said before still passes.
        assert_eq!(read(client, 5).await, b"words");
        std::future::pending::<()>().await;
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let ending = run(&mut pump, streams, &mut seen, None, steps).await;
    let is_end = matches!(ending, Err(Ending::ServerLost(_) | Ending::Closed));
    assert!(is_end, "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_idle_after_the_time_that_was_said() {
    let idle = Duration::from_secs(1);
    for silence in [Duration::ZERO, idle / 3, idle * 9 / 10] {
        let mut ends = ends();
        let (mut seen, mut pump) = (Seen::default(), pump());
        let steps = async {
            tokio::time::sleep(silence).await;
            ends.client.write_all(b"ping").await.unwrap();
            std::future::pending::<()>().await;
        };
        let start = Instant::now();
        let streams = (&mut ends.of_client, &mut ends.of_server);
        let ending = run(&mut pump, streams, &mut seen, Some(idle), steps).await;
        assert!(matches!(ending, Err(Ending::Idle)), "{ending:?}");
        let waited = start.elapsed().saturating_sub(silence);
        let expected = idle * 9 / 10..=idle * 11 / 10;
        assert!(expected.contains(&waited), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pump_that_stops_gives_back_what_has_not_passed() {
    let mut ends = ends();
    let mut seen = Seen::default();
    let mut pump = pump().stopped_by(LoginGate::new(true, 0));
    let steps = async {
        ends.client
            .write_all(&[CLOSE, b"rest"].concat())
            .await
            .unwrap();
        std::future::pending::<()>().await;
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let ending = run(&mut pump, streams, &mut seen, None, steps).await;
    assert!(matches!(ending, Err(Ending::Stopped)), "{ending:?}");
    assert_eq!(read(&mut ends.server, CLOSE.len()).await, CLOSE);
    assert_eq!(pump.take_rest().0, "rest");
}

#[tokio::test(start_paused = true)]
async fn a_pump_stops_once_the_observer_has_seen_another_login() {
    let mut ends = ends();
    let mut seen = Seen::default();
    let mut pump = pump().stopped_by(LoginGate::new(false, 0));
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let steps = async {
        ends.client.write_all(b"a").await.unwrap();
        assert_eq!(read(&mut ends.server, 1).await, b"a");
    };
    run(&mut pump, streams, &mut seen, None, steps)
        .await
        .unwrap();
    seen.change_users = 1;
    let streams = (&mut ends.of_client, &mut ends.of_server);
    let ending = run(
        &mut pump,
        streams,
        &mut seen,
        None,
        std::future::pending::<()>(),
    )
    .await;
    assert!(matches!(ending, Err(Ending::Stopped)), "{ending:?}");
}

/// `Session::Close`.
const CLOSE: &[u8] = b"\x01\0\0\0\x07";
const QUERY: &[u8] = b"\x02\0\0\0\x03a";
const OTHER: &[u8] = b"\x02\0\0\0\x03b";
const OK: &[u8] = b"\x07\0\0\x01\0\0\0\x02\0\0\0";

fn gated(gate: impl FnMut(&GateCommand<'_>) -> Decision + 'static) -> Pump {
    let gating = Gating::new(Gatekeeper::new(Box::new(gate), false));
    pump().gated(Some(Box::new(gating)))
}

fn ready() -> Seen {
    Seen {
        standing: Standing::Ready(mynah_classic::Capabilities::PROTOCOL_41),
        ..Seen::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_answers_in_place_of_the_server() {
    let mut ends = ends();
    let mut seen = ready();
    let mut pump = gated(|command| match command.statement() {
        Some(b"a") => Decision::answer(mynah_session::Outcome::Ok(Default::default())),
        _ => Decision::Pass,
    });
    let steps = async {
        ends.client
            .write_all(&[QUERY, OTHER].concat())
            .await
            .unwrap();
        assert_eq!(read(&mut ends.client, OK.len()).await, OK);
        assert_eq!(read(&mut ends.server, OTHER.len()).await, OTHER);
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    run(&mut pump, streams, &mut seen, None, steps)
        .await
        .unwrap();
    let expected = [
        (Direction::Client, QUERY),
        (Direction::Server, OK),
        (Direction::Client, OTHER),
    ];
    let passed = seen.passed.iter().map(|(from, bytes)| (*from, &bytes[..]));
    assert_eq!(passed.collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn commands_are_only_cut_while_there_are_rules_for_faults() {
    let mut ends = ends();
    let (mut seen, mut pump) = (ready(), pump());
    for has_faults in [false, true, false] {
        seen.has_faults = has_faults;
        let steps = async {
            // The first bytes may find the rules of before.
            for _ in 0..2 {
                ends.client.write_all(QUERY).await.unwrap();
                assert_eq!(read(&mut ends.server, QUERY.len()).await, QUERY);
            }
        };
        let streams = (&mut ends.of_client, &mut ends.of_server);
        run(&mut pump, streams, &mut seen, None, steps)
            .await
            .unwrap();
        assert_eq!(pump.gating.is_some(), has_faults);
        assert!(pump.up.ahead.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_gate_delays_while_the_server_still_speaks() {
    let mut ends = ends();
    let mut seen = ready();
    let time = Duration::from_secs(10);
    let mut pump = gated(move |_| Decision::Delay(time));
    let start = Instant::now();
    let steps = async {
        ends.client.write_all(QUERY).await.unwrap();
        ends.server.write_all(b"notice").await.unwrap();
        assert_eq!(read(&mut ends.client, 6).await, b"notice");
        assert!(start.elapsed() < time);
        assert_eq!(read(&mut ends.server, QUERY.len()).await, QUERY);
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    run(&mut pump, streams, &mut seen, None, steps)
        .await
        .unwrap();
    assert!(start.elapsed() >= time);
}

#[tokio::test(start_paused = true)]
async fn a_gate_lets_pass_what_never_becomes_a_command() {
    let mut ends = ends();
    let mut seen = ready();
    let mut pump = gated(|command| panic!("{command:?} isn't whole"));
    let steps = async {
        ends.client.write_all(&QUERY[..5]).await.unwrap();
        ends.client.shutdown().await.unwrap();
        let mut rest = Vec::new();
        ends.server.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, QUERY[..5]);
    };
    let streams = (&mut ends.of_client, &mut ends.of_server);
    run(&mut pump, streams, &mut seen, None, steps)
        .await
        .unwrap();
}

const ROOM: usize = 64 * 1024;
