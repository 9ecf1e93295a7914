//! What a server sends that its client doesn't get.

use std::io::Write;
use std::sync::mpsc::channel;
use std::time::Duration;

use mynah_relay::{FaultRule, FaultRules};
use serde_json::Value;

use crate::support::frames::{OK, login, wire};
use crate::support::{backend, front, json_trace, read, read_to_end};

/// An answer in two pieces, of which the client gets part of the first one.
#[test]
fn the_trace_has_all_of_an_answer_behind_which_nothing_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let [greeting, response, ok] = login(false);
    let (greeting, response) = (wire(false, 0, &greeting), wire(false, 1, &response));
    let (ok, query) = (wire(false, 2, &ok), wire(false, 0, b"\x03do 1"));
    let answer = wire(false, 1, OK);
    let (hears, answered) = (
        [response.clone(), query.clone()].map(|wire| wire.len()),
        answer.clone(),
    );
    let (says, (reached, has_reached)) = ([greeting.clone(), ok.clone()], channel());
    let backend = backend(move |mut stream| {
        for (say, hear) in says.iter().zip(hears) {
            stream.write_all(say).unwrap();
            read(&mut stream, hear);
        }
        let (first, rest) = answered.split_at(6);
        stream.write_all(first).unwrap();
        has_reached.recv().unwrap();
        stream.write_all(rest).unwrap();
    });
    let faults = FaultRules::default();
    let rule = "sql = 'do 1': after_execute limit_data=5 stop_reading";
    faults.add(FaultRule::list(rule).unwrap()).unwrap();
    let front = front(backend.port, |options| {
        options.faults = faults;
        options.trace = Some(json_trace(&path, 1));
    });
    let mut client = front.client();
    for (hear, say) in [(&greeting, &response), (&ok, &query)] {
        assert_eq!(read(&mut client, hear.len()), hear);
        client.write_all(say).unwrap();
    }
    assert_eq!(read(&mut client, 5), answer.slice(..5));
    reached.send(()).unwrap();
    backend.join();
    assert_eq!(read_to_end(&mut client)[..], *b"");
    assert!(front.relay.shut_down(Duration::from_secs(10)));
    let trace = std::fs::read_to_string(&path).unwrap();
    let mut lines = trace
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let command = lines.find(|line| line["event"] == "command").unwrap();
    assert_eq!(command["sql"], "do 1", "{trace}");
    assert_eq!(command["outcome"], "ok", "{trace}");
    assert_eq!(command["received"], answer.len(), "{trace}");
}
