//! Section 5: `ok`.

use crate::harness::{Done, Login, answers, capability, entry, fails, js, json, ok, same_answers};

#[test]
fn an_empty_ok_is_all_zero() {
    assert_eq!(entry("{ ok: {} }"), ok().into());
    assert_eq!(entry("{ ok: [] }"), ok().into());
}

#[test]
fn an_ok_has_each_of_its_keys() {
    let said = entry(
        "{ ok: { affected_rows: 1, last_insert_id: 2, status: 3, warning_count: 4, message: 'm' } }",
    );
    let expected = Done {
        affected_rows: 1,
        last_insert_id: 2,
        status: 3,
        warnings: 4,
        message: "m".to_owned(),
        ..ok()
    };
    assert_eq!(said, expected.into());
}

#[test]
fn integers_of_an_ok_go_up_to_their_widths() {
    let said = same_answers(&[
        "{ ok: { affected_rows: 4294967296, last_insert_id: 9007199254740991 } }",
        "{ ok: { affected_rows: 18446744073709551615n, last_insert_id: 18446744073709551615n } }",
        "{ ok: { status: 0xbfff, warning_count: 65535 } }",
    ]);
    let dones: Vec<Done> = said.into_iter().map(|answer| answer.done()).collect();
    assert_eq!(dones[0].affected_rows, 1 << 32);
    assert_eq!(dones[0].last_insert_id, (1 << 53) - 1);
    assert_eq!(
        (dones[1].affected_rows, dones[1].last_insert_id),
        (u64::MAX, u64::MAX)
    );
    assert_eq!((dones[2].status, dones[2].warnings), (0xbfff, 65535));
}

#[test]
fn integers_are_whole_and_not_a_number_is_0() {
    let said = same_answers(&[
        "{ ok: { affected_rows: 1.9, warning_count: 2.5 } }",
        "{ ok: { affected_rows: NaN, last_insert_id: NaN, status: NaN, warning_count: NaN } }",
    ]);
    let expected = Done {
        affected_rows: 1,
        warnings: 2,
        ..ok()
    };
    assert_eq!(said, [expected.into(), ok().into()]);
}

#[test]
fn wrong_integers_of_an_ok_are_errors() {
    let mut cases = Vec::new();
    for (field, high) in [
        ("affected_rows", "18446744073709551616"),
        ("last_insert_id", "18446744073709551616n"),
        ("status", "65536"),
        ("warning_count", "65536"),
    ] {
        for value in ["-1", "Infinity", "-Infinity", high] {
            cases.push((
                format!("{{ ok: {{ {field}: {value} }} }}"),
                format!("value out-of-range for field \"{field}\""),
            ));
        }
        for value in ["'1'", "null", "true", "{}"] {
            cases.push((
                format!("{{ ok: {{ {field}: {value} }} }}"),
                format!("wrong type for field \"{field}\", expected unsigned number"),
            ));
        }
    }
    let cases: Vec<(&str, &str)> = cases
        .iter()
        .map(|(entry, reason)| (&entry[..], &reason[..]))
        .collect();
    fails(&cases);
}

#[test]
fn a_message_is_a_string() {
    let said = same_answers(&["{ ok: { message: 5 } }", "{ ok: { message: null } }"]);
    for said in said {
        let message = said.refusal().message;
        assert!(
            message.starts_with("executing statement failed: "),
            "{message}"
        );
        assert!(message.contains("message"), "{message}");
    }
}

#[test]
fn keys_that_are_undefined_are_not_there() {
    let said = entry(
        "{ ok: { affected_rows: undefined, status: undefined, message: undefined,
                 session_trackers: undefined } }",
    );
    assert_eq!(said, ok().into());
}

#[test]
fn a_message_has_its_length_in_front_with_or_without_session_tracking() {
    let trace = js("({ stmts: function() { return { ok: { message: 'hi' } }; } })");
    let payloads = trace.play(|mock| {
        [0, capability::SESSION_TRACK].map(|without| {
            let mut client = mock.login_as(&Login::default().without(without));
            client.write(b"\x02\0\0\0\x03x");
            client.packet().unwrap()
        })
    });
    for payload in payloads {
        assert_eq!(payload, (1, b"\0\0\0\0\0\0\0\x02hi".to_vec()));
    }
}

#[test]
fn json_of_2018_may_have_warnings() {
    let trace = json(r#"{ "stmts": [{ "ok": { "last_insert_id": 5, "warnings": 3 } }] }"#);
    let said = answers(&trace, &["x"]);
    assert_eq!(
        said,
        [Done {
            last_insert_id: 5,
            warnings: 3,
            ..ok()
        }
        .into()]
    );
}
