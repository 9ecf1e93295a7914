//! The observer between recorded clients and servers, however the bytes are cut.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Instant;

use bytes::Bytes;
use mynah_classic::Capabilities;
use mynah_classic::command::CommandCode;
use mynah_session::fuzz::shown;
use mynah_session::observe::{
    Answer, CommandKind, Direction, Event, MessageKind, Observer, Options, Outcome, What,
};
use mynah_testkit::{Fixture, fixtures};
use proptest::prelude::*;

type Pieces = Vec<(Direction, Bytes)>;

fn pieces(fixture: &Fixture) -> Pieces {
    let mut pieces: Pieces = Vec::new();
    for line in &fixture.lines {
        let direction = match line.direction {
            mynah_testkit::Direction::Client => Direction::Client,
            mynah_testkit::Direction::Server => Direction::Server,
        };
        match pieces.last_mut() {
            // Those of one side may come in one read.
            Some((last, bytes)) if *last == direction => {
                *bytes = [&bytes[..], &line.wire()[..]].concat().into();
            }
            _ => pieces.push((direction, line.wire())),
        }
    }
    pieces
}

static RECORDED: LazyLock<Vec<(String, Pieces)>> = LazyLock::new(|| {
    let all = fixtures("classic").unwrap();
    let all = all.iter().map(|(path, fixture)| {
        let name = path.display().to_string();
        let at = name.find("classic/").unwrap();
        (name[at..].to_owned(), pieces(fixture))
    });
    all.collect()
});

fn observe(pieces: &Pieces, options: Options, mut step: impl FnMut() -> usize) -> Vec<Event> {
    let now = Instant::now();
    let mut observer = Observer::classic(options, now);
    let mut events = Vec::new();
    for (direction, bytes) in pieces {
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(step().clamp(1, rest.len()));
            observer.observe(*direction, piece, now, &mut |event| events.push(event));
            rest = after;
        }
    }
    observer.end(now, &mut |event| events.push(event));
    events
}

fn recorded(name: &str) -> Vec<Event> {
    let (_, pieces) = RECORDED
        .iter()
        .find(|(path, _)| path.ends_with(name))
        .unwrap();
    observe(pieces, MESSAGES, || usize::MAX)
}

fn answers(events: &[Event]) -> Vec<&Answer> {
    let events = events.iter();
    let answers = events.filter_map(|event| match event {
        Event::Completed(answer) => Some(answer.as_ref()),
        _ => None,
    });
    answers.collect()
}

const MESSAGES: Options = Options {
    messages: true,
    max_held: 64 * 1024 * 1024,
};

#[test]
fn every_command_of_every_recording_has_its_answer() {
    let mut commands: BTreeMap<String, usize> = BTreeMap::new();
    // Logins of these forms are broken on purpose, and `behind.rs` has them.
    let recorded = RECORDED.iter();
    for (name, pieces) in recorded.filter(|(name, _)| !name.contains("/login-form-")) {
        for options in [MESSAGES, Options::default()] {
            let events = observe(pieces, options, || usize::MAX);
            let started = events
                .iter()
                .filter(|e| matches!(e, Event::Started(_)))
                .count();
            let answers = answers(&events);
            assert_eq!(started, answers.len(), "{name}");
            for answer in &answers {
                let code = answer.command.kind.code().unwrap();
                let cut_off = matches!(answer.outcome, Outcome::CutOff | Outcome::Undecodable(_));
                assert!(!cut_off, "{name}: {answer:?}");
                *commands.entry(format!("{code:?}")).or_default() += 1;
            }
            for event in &events {
                match event {
                    Event::Lost(loss) => panic!("{name}: {loss:?}"),
                    Event::Message(message) => {
                        let odd = matches!(
                            message.kind,
                            MessageKind::Classic {
                                what: What::Undecodable(_),
                                ..
                            }
                        );
                        assert!(!odd, "{name}: {message:?}");
                    }
                    _ => {}
                }
            }
            let entered = |event: &Event| matches!(event, Event::LoggedIn | Event::Refused(_));
            // Some clients leave when they don't know the method.
            let left = ["unknown", "insecure", "refused", "old-password"]
                .iter()
                .any(|word| name.contains(word));
            assert!(left || events.iter().any(entered), "{name}");
        }
    }
    println!("{commands:?}");
    for command in [
        "COM_QUIT",
        "COM_INIT_DB",
        "COM_QUERY",
        "COM_FIELD_LIST",
        "COM_STATISTICS",
        "COM_PING",
        "COM_CHANGE_USER",
        "COM_BINLOG_DUMP",
        "COM_BINLOG_DUMP_GTID",
        "COM_REGISTER_SLAVE",
        "COM_STMT_PREPARE",
        "COM_STMT_EXECUTE",
        "COM_STMT_SEND_LONG_DATA",
        "COM_STMT_CLOSE",
        "COM_STMT_RESET",
        "COM_SET_OPTION",
        "COM_STMT_FETCH",
        "COM_RESET_CONNECTION",
        "COM_STMT_BULK_EXECUTE",
        "COM_PROCESS_INFO",
        "COM_PROCESS_KILL",
        "COM_DEBUG",
        "COM_REFRESH",
        "COM_SHUTDOWN",
        "COM_CLONE",
    ] {
        assert!(commands.contains_key(command), "no {command}");
    }
}

#[test]
fn executions_are_events_with_their_statements_and_values() {
    let mut parameters = 0;
    for (name, pieces) in RECORDED.iter() {
        let events = observe(pieces, Options::default(), || usize::MAX);
        for answer in answers(&events) {
            let command = &answer.command;
            let is = CommandKind::Classic(CommandCode::STMT_EXECUTE);
            if command.kind != is || answer.outcome != Outcome::Done {
                continue;
            }
            let executed = command.executed.as_ref();
            let executed = executed.unwrap_or_else(|| panic!("{name}: {answer:?}"));
            assert!(!executed.statement().text.is_empty(), "{name}");
            let values = executed.given(&command.payload, command.len, command.capabilities);
            let given = values.unwrap_or_else(|error| panic!("{name}: {error}"));
            parameters += given.parameters.len();
        }
    }
    assert!(parameters > 100, "{parameters}");
}

#[test]
fn rows_results_and_errors_are_counted() {
    let events = recorded("mysql-9.7/text-many-rows.hex");
    assert!(
        answers(&events).iter().any(|answer| answer.rows >= 300),
        "no rows"
    );
    let events = recorded("mysql-9.7/multi-results.hex");
    assert!(
        answers(&events).iter().any(|answer| answer.results > 1),
        "one result"
    );
    let events = recorded("mariadb-10.11/query-errors.hex");
    let failed = |answer: &&&Answer| matches!(answer.outcome, Outcome::Failed(_));
    assert!(answers(&events).iter().filter(failed).count() > 0);
}

#[test]
fn compressed_conversations_have_the_events_of_plain_ones() {
    for name in [
        "mysql-9.7/compressed-zlib.hex",
        "mysql-9.7/compressed-zstd.hex",
    ] {
        let events = recorded(name);
        assert!(
            events
                .iter()
                .any(|event| matches!(event, Event::Compressed(_))),
            "{name}"
        );
        assert!(
            answers(&events).iter().any(|answer| answer.rows > 0),
            "{name}"
        );
    }
}

#[test]
fn an_offer_to_compress_is_no_agreement() {
    let compressed_after = |name: &str, pieces: usize| {
        let recorded = RECORDED.iter().find(|(path, _)| path.ends_with(name));
        let now = Instant::now();
        let mut observer = Observer::classic(MESSAGES, now);
        for (direction, bytes) in recorded.unwrap().1.iter().take(pieces) {
            observer.observe(*direction, bytes, now, &mut |_| {});
        }
        if pieces == 1 {
            assert!(observer.shared().contains(Capabilities::COMPRESS));
        }
        observer.is_compressed()
    };
    for (name, agreed) in [
        ("mysql-9.7/ping.hex", false),
        ("mysql-9.7/compressed-zlib.hex", true),
        ("mysql-9.7/compressed-zstd.hex", true),
    ] {
        let found = [0, 1, 2, 100].map(|pieces| compressed_after(name, pieces));
        assert_eq!(found, [false, false, agreed, agreed], "{name}");
    }
}

#[test]
fn what_is_longer_than_is_held_is_counted_all_the_same() {
    let (_, pieces) = RECORDED
        .iter()
        .find(|(name, _)| name.ends_with("mysql-9.7/compressed-zlib-16m.hex"))
        .unwrap();
    let options = Options {
        max_held: 1000,
        messages: true,
    };
    let events = observe(pieces, options, || 50_000);
    assert!(
        answers(&events)
            .iter()
            .any(|answer| answer.sent > 1 << 24 || answer.received > 1 << 24)
    );
    for event in &events {
        if let Event::Message(message) = event {
            assert!(message.payload.len() <= 1000);
        }
    }
}

#[test]
fn what_follows_a_request_for_tls_is_nobodys_business() {
    let (_, mut pieces) = RECORDED
        .iter()
        .find(|(n, _)| n.ends_with("mysql-9.7/ping.hex"))
        .unwrap()
        .clone();
    pieces.truncate(1);
    let mut request = vec![32, 0, 0, 1];
    request.extend((0x0008_aa05_u32 | 0x800).to_le_bytes());
    request.extend([0, 0, 0, 1, 45]);
    request.extend([0; 23]);
    pieces.push((Direction::Client, request.into()));
    pieces.push((Direction::Client, Bytes::from_static(b"\x16\x03\x01\x02")));
    let events = observe(&pieces, Options::default(), || usize::MAX);
    let shown: Vec<_> = events
        .iter()
        .skip(1)
        .map(|event| format!("{event:?}"))
        .collect();
    assert_eq!(shown, ["TlsRequested", "Lost(Encrypted)"]);
}

#[test]
fn a_packet_that_makes_no_sense_is_marked_and_the_next_command_is_followed_again() {
    let (_, mut pieces) = RECORDED
        .iter()
        .find(|(n, _)| n.ends_with("mariadb-10.11/ping.hex"))
        .unwrap()
        .clone();
    pieces.truncate(3);
    let ping = |sequence_id| Bytes::copy_from_slice(&[1, 0, 0, sequence_id, 0x0e]);
    pieces.push((Direction::Client, ping(0)));
    pieces.push((Direction::Server, Bytes::from_static(b"\x01\0\0\x01\x77")));
    pieces.push((Direction::Server, Bytes::from_static(b"\x01\0\0\x02\x77")));
    pieces.push((Direction::Client, ping(0)));
    pieces.push((
        Direction::Server,
        Bytes::from_static(b"\x07\0\0\x01\0\0\0\x02\0\0\0"),
    ));
    let events = observe(&pieces, MESSAGES, || usize::MAX);
    let outcomes: Vec<_> = answers(&events).iter().map(|a| a.outcome.clone()).collect();
    assert!(
        matches!(outcomes[..], [Outcome::Undecodable(_), Outcome::Done]),
        "{outcomes:?}"
    );
}

#[test]
fn an_answer_that_comes_before_the_whole_command_belongs_to_it() {
    let (_, mut pieces) = RECORDED
        .iter()
        .find(|(n, _)| n.ends_with("mariadb-10.11/ping.hex"))
        .unwrap()
        .clone();
    pieces.truncate(3);
    pieces.push((Direction::Client, Bytes::from_static(b"\x08\0\0\0\x03sel")));
    pieces.push((
        Direction::Server,
        Bytes::from_static(b"\x09\0\0\x01\xff\x81\x04#08S01"),
    ));
    pieces.push((Direction::Client, Bytes::from_static(b"ect \x01\0\0\0\x0e")));
    pieces.push((
        Direction::Server,
        Bytes::from_static(b"\x07\0\0\x01\0\0\0\x02\0\0\0"),
    ));
    let events = observe(&pieces, MESSAGES, || usize::MAX);
    let outcomes: Vec<_> = answers(&events)
        .iter()
        .map(|a| (a.command.kind, a.outcome.clone()))
        .collect();
    assert!(
        matches!(&outcomes[..], [(_, Outcome::Failed(_)), (_, Outcome::Done)]),
        "{outcomes:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_trace_does_not_depend_on_how_the_bytes_are_cut(
        which in any::<prop::sample::Index>(),
        steps in prop::collection::vec(1usize..4000, 1..40),
        small in any::<bool>(),
        messages in any::<bool>(),
    ) {
        let (name, pieces) = which.get(&RECORDED);
        let options = Options { messages, ..Options::default() };
        let whole: Vec<_> = observe(pieces, options, || usize::MAX).iter().map(shown).collect();
        let large = pieces.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 200_000;
        let mut steps = steps.iter().cycle();
        let step = || match steps.next() {
            Some(step) if small && !large => 1 + step % 9,
            Some(step) => *step,
            None => 1,
        };
        let cut: Vec<_> = observe(pieces, options, step).iter().map(shown).collect();
        prop_assert_eq!(whole, cut, "{}", name);
    }
}
