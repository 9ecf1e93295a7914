use std::time::Duration;

use mynah_relay::{Decision, GateCommand, Gates};
use mynah_session::Failure;

use crate::scene::Scene;

/// What the client gets for its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// The server's answer, and the next one.
    Answer,
    /// The server's answer, and then the end of the connection.
    AnswerAndEnd,
    End,
    Reset,
    /// Something that is no answer, or the end of the connection inside of one.
    Nonsense,
}

/// A fault, whether the server runs the statement, and what the client gets.
const FAULTS: &[(&str, bool, Gets)] = &[
    ("before_forward latency=1", true, Gets::Answer),
    ("before_forward timeout=1", false, Gets::End),
    ("before_forward slow_close=1", false, Gets::End),
    ("before_forward reset_peer", false, Gets::Reset),
    ("before_forward latency=1 reset_peer=1", false, Gets::Reset),
    ("after_execute latency=1", true, Gets::Answer),
    ("after_execute slicer=1", true, Gets::Answer),
    (
        "after_execute slicer=2 bandwidth=100000",
        true,
        Gets::Answer,
    ),
    ("after_execute bandwidth=100000", true, Gets::Answer),
    ("after_execute slow_close=1", true, Gets::AnswerAndEnd),
    ("after_execute timeout=1", true, Gets::End),
    ("after_execute reset_peer", true, Gets::Reset),
    ("after_execute limit_data=0", true, Gets::End),
    ("after_execute limit_data=5", true, Gets::End),
    ("after_execute limit_data=5 reset_peer", true, Gets::Reset),
    (
        r#"after_execute {"limit_data": {"rows": 1}, "reset_peer": true}"#,
        true,
        Gets::Reset,
    ),
    (
        r#"after_execute {"limit_data": {"packets": 1}}"#,
        true,
        Gets::End,
    ),
    (
        "after_execute malformed=wrong_sequence_id slow_close=1",
        true,
        Gets::Nonsense,
    ),
    (
        "after_execute malformed=wrong_length slow_close=1",
        true,
        Gets::Nonsense,
    ),
    (
        "after_execute malformed=junk slow_close=1",
        true,
        Gets::Nonsense,
    ),
];

/// A column of the X Protocol that is cut short may still be one, but not a row.
const CUT_SHORT: [&str; 2] = [
    "after_execute malformed=cut_short slow_close=1",
    r#"after_execute {"malformed": {"kind": "cut_short", "packet": 2}, "slow_close": 1}"#,
];

#[test]
fn each_fault_is_seen_by_clients_of_both_protocols_with_and_without_tls() {
    for is_x in [false, true] {
        let scene = Scene::new(is_x, "");
        let cut_short = (CUT_SHORT[usize::from(is_x)], true, Gets::Nonsense);
        for tls in [false, true] {
            for &(fault, runs, gets) in FAULTS.iter().chain([&cut_short]) {
                let what = format!("{fault}, X {is_x}, TLS {tls}");
                println!("{what}");
                let rule = format!("sql = rows: {fault}").parse().unwrap();
                scene.faults.clear();
                scene.faults.add([rule]).unwrap();
                check(&scene, &what, tls, runs, gets);
            }
        }
    }
}

fn check(scene: &Scene, what: &str, tls: bool, runs: bool, gets: Gets) {
    let mut client = scene.client(tls);
    let mut other = scene.client(tls);
    assert_eq!(client.sql("do 1"), Ok(0), "{what}");
    let got = client.sql("rows");
    match gets {
        Gets::Answer => {
            assert_eq!(got, Ok(3), "{what}");
            assert_eq!(client.sql("do 2"), Ok(0), "{what}");
        }
        Gets::AnswerAndEnd => {
            assert_eq!(got, Ok(3), "{what}");
            let error = client.sql("do 2").unwrap_err();
            assert!(is_end(&error) || is_reset(&error), "{what}: {error}");
        }
        Gets::End => assert!(is_end(&got.clone().unwrap_err()), "{what}: {got:?}"),
        Gets::Reset => assert!(is_reset(&got.clone().unwrap_err()), "{what}: {got:?}"),
        Gets::Nonsense => assert!(got != Ok(3), "{what}: {got:?}"),
    }
    // One connection's fault is no other's.
    assert_eq!(other.sql("do 3"), Ok(0), "{what}");
    let seen = scene.seen.take();
    let has_run = seen.iter().any(|text| text == "rows");
    assert_eq!(has_run, runs, "{what}: {seen:?}");
    assert_eq!(scene.counts(), (1, 1), "{what}");
}

fn is_end(error: &str) -> bool {
    error.contains("closed the connection")
}

fn is_reset(error: &str) -> bool {
    error.contains("reset") || error.contains("Broken pipe")
}

#[test]
fn a_client_that_waits_for_ever_leaves_when_it_likes() {
    for is_x in [false, true] {
        for fault in ["before_forward timeout", "after_execute timeout"] {
            let scene = Scene::new(is_x, &format!("sql = wait: {fault}"));
            let client = scene.client(false);
            let waits = std::thread::spawn(move || {
                let mut client = client;
                client.sql("wait").unwrap_err()
            });
            while scene.counts().1 == 0 {
                std::thread::yield_now();
            }
            // The end of the relay is one that it sees.
            let mut left = scene.client(false);
            left.send("wait");
            while scene.counts().1 == 1 {
                std::thread::yield_now();
            }
            drop(left);
            while scene.front.relay.connections().count() > 1 {
                std::thread::yield_now();
            }
            scene.front.relay.connections().close_all();
            let error = waits.join().unwrap();
            assert!(is_end(&error) || is_reset(&error), "{fault}: {error}");
            scene.wait_until_all_have_left();
        }
    }
}

#[test]
fn nothing_is_read_behind_the_answer_of_a_command_that_stops_reading() {
    for is_x in [false, true] {
        let scene = Scene::new(is_x, "sql = rows: after_execute stop_reading");
        let mut client = scene.client(false);
        assert_eq!(client.sql("rows"), Ok(3));
        client.send("do 1");
        let mut other = scene.client(false);
        assert_eq!(other.sql("do 2"), Ok(0));
        drop(client);
        drop(other);
        scene.wait_until_all_have_left();
        assert_eq!(scene.seen.take(), ["rows", "do 2"]);
    }
}

#[test]
fn prepared_statements_match_by_their_text() {
    let scene = Scene::new(
        false,
        "command = stmt_execute and sql = rows: after_execute reset_peer",
    );
    let mut client = scene.client(false);
    let crate::scene::Client::Classic(client) = &mut client else {
        panic!("it is classic");
    };
    assert!(client.execute("do 1", &[]).unwrap());
    let error = client.execute("rows", &[]).unwrap_err().to_string();
    assert!(is_reset(&error), "{error}");
    assert_eq!(scene.counts(), (1, 1));
}

#[test]
fn prepared_statements_of_the_x_protocol_match_by_their_text() {
    let rule = "command = prepare_execute and sql = rows: after_execute reset_peer";
    let scene = Scene::new(true, rule);
    let mut client = scene.client(false);
    let crate::scene::Client::X(client) = &mut client else {
        panic!("it is of the X Protocol");
    };
    client.prepare(1, "do 1");
    client.prepare(2, "rows");
    assert_eq!(client.try_execute(1).unwrap(), 0);
    let error = client.try_execute(2).unwrap_err().to_string();
    assert!(is_reset(&error), "{error}");
    assert_eq!(scene.counts(), (1, 1));
    assert_eq!(scene.seen.take(), ["do 1", "rows"]);
}

#[test]
fn a_client_that_waits_for_ever_is_idle_in_the_end() {
    for (is_x, fault) in [
        (false, "before_forward timeout"),
        (true, "after_execute timeout"),
    ] {
        let scene = Scene::with(is_x, &format!("sql = wait: {fault}"), |options| {
            options.idle_timeout = Some(Duration::from_secs(2));
        });
        let mut client = scene.client(false);
        let error = client.sql("wait").unwrap_err();
        assert!(is_end(&error), "{fault}: {error}");
        assert_eq!(scene.counts(), (1, 1), "{fault}");
    }
}

#[test]
fn a_rule_comes_before_a_gate() {
    let rule = "sql = commit: after_execute reset_peer";
    let scene = Scene::with(false, rule, |options| {
        options.gates = Some(Gates::new(|_connection| {
            Some(Box::new(|_: &GateCommand<'_>| {
                Decision::Refuse(Failure::general(1105, "not here"))
            }))
        }));
    });
    let mut client = scene.client(false);
    let crate::scene::Client::Classic(client) = &mut client else {
        panic!("it is classic");
    };
    // Refused by the gate.
    assert_eq!(client.query("do 1").unwrap(), None);
    let error = client.query("commit").unwrap_err().to_string();
    assert!(is_reset(&error), "{error}");
    assert_eq!(scene.seen.take(), ["commit"]);
}

#[test]
fn clients_that_log_in_anew_are_cut_off_or_go_on() {
    let rules = "command = change_user: after_execute timeout=1\n\
                 command = change_user: before_forward reset_peer times=1";
    let scene = Scene::new(false, rules);
    let mut client = scene.client(false);
    let crate::scene::Client::Classic(first) = &mut client else {
        panic!("it is classic");
    };
    let error = first.change_user("ada", crate::support::server::PASSWORD);
    assert!(is_reset(&error.unwrap_err().to_string()));
    let mut client = scene.client(false);
    let crate::scene::Client::Classic(second) = &mut client else {
        panic!("it is classic");
    };
    second
        .change_user("ada", crate::support::server::PASSWORD)
        .unwrap();
    assert_eq!(second.query("do 1").unwrap(), Some(0));
}
