//! Section 8: `session_trackers`.

use crate::harness::{Done, End, Login, answers, capability, entry, fails, js, ok, same_answers};

/// Status and trackers of an OK with these elements.
fn trackers(elements: &[&str]) -> Vec<(u16, Vec<u8>)> {
    let entries: Vec<String> = elements
        .iter()
        .map(|element| format!("{{ ok: {{ session_trackers: [{element}] }} }}"))
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let dones = same_answers(&entries)
        .into_iter()
        .map(|answer| answer.done());
    dones.map(|done| (done.status, done.trackers)).collect()
}

#[test]
fn the_bytes_of_each_type() {
    let cases: [(&str, &[u8]); 9] = [
        (
            "{ type: 'system_variable', name: 'autocommit', value: 'ON' }",
            b"\x00\x0e\x0aautocommit\x02ON",
        ),
        ("{ type: 'schema', schema: 'zoo' }", b"\x01\x04\x03zoo"),
        ("{ type: 'schema', schema: '' }", b"\x01\x01\x00"),
        ("{ type: 'state', state: '1' }", b"\x02\x01\x31"),
        (
            "{ type: 'gtid', gtid: 'uuid:1-2' }",
            b"\x03\x0a\x00\x08uuid:1-2",
        ),
        (
            "{ type: 'trx_characteristics', trx_stmt: 'START TRANSACTION;' }",
            b"\x04\x13\x12START TRANSACTION;",
        ),
        (
            "{ type: 'trx_characteristics', trx_stmt: '' }",
            b"\x04\x01\x00",
        ),
        (
            "{ type: 'trx_state', state: 'T_R_W_sS' }",
            b"\x05\x09\x08T_R_W_sS",
        ),
        (
            "{ type: 'trx_state', state: '________' }",
            b"\x05\x09\x08________",
        ),
    ];
    let elements: Vec<&str> = cases.iter().map(|(element, _)| *element).collect();
    // The first one switches autocommit on, so the session has that flag from then on.
    for (found, (element, bytes)) in trackers(&elements).into_iter().zip(cases) {
        assert_eq!(found, (0x4002, bytes.to_vec()), "{element}");
    }
}

#[test]
fn several_go_out_in_order() {
    let found = trackers(&[
        "{ type: 'schema', schema: 'a' }, { type: 'state', state: '1' },
        { type: 'system_variable', name: 'n', value: 'v' }",
    ]);
    assert_eq!(found[0].1, b"\x01\x02\x01a\x02\x01\x31\x00\x04\x01n\x01v");
}

#[test]
fn an_empty_array_is_as_if_it_were_absent() {
    assert_eq!(entry("{ ok: { session_trackers: [] } }"), ok().into());
    assert_eq!(
        entry("{ ok: { session_trackers: undefined } }"),
        ok().into()
    );
}

#[test]
fn session_trackers_is_an_array() {
    let reason = "expected .session_tracker to be an array";
    fails(&[
        ("{ ok: { session_trackers: 5 } }", reason),
        ("{ ok: { session_trackers: 'x' } }", reason),
        ("{ ok: { session_trackers: null } }", reason),
        ("{ ok: { session_trackers: {} } }", reason),
        (
            "{ result: { columns: [{ name: 'a', type: 'LONG' }], session_trackers: 5 } }",
            reason,
        ),
    ]);
}

#[test]
fn an_unknown_type_is_an_error() {
    fails(&[
        (
            "{ ok: { session_trackers: [{ type: 'X' }] } }",
            "unknown session_tracket.type = X",
        ),
        (
            "{ ok: { session_trackers: [{ type: 'schema', schema: 'a' }, { type: '' }] } }",
            "unknown session_tracket.type = ",
        ),
    ]);
}

#[test]
fn a_state_is_one_character() {
    fails(&[
        (
            "{ ok: { session_trackers: [{ type: 'state', state: '' }] } }",
            "session_tracket.state must be size==1, is 0",
        ),
        (
            "{ ok: { session_trackers: [{ type: 'state', state: '10' }] } }",
            "session_tracket.state must be size==1, is 2",
        ),
    ]);
}

#[test]
fn a_transaction_s_state_is_eight_characters() {
    let said = same_answers(&[
        "{ ok: { session_trackers: [{ type: 'trx_state', state: 'T______' }] } }",
        "{ ok: { session_trackers: [{ type: 'trx_state', state: 'T________' }] } }",
    ]);
    for (said, len) in said.into_iter().zip([7, 9]) {
        let message = said.refusal().message;
        let expected = format!("must be size==8, is {len}");
        assert!(message.ends_with(&expected), "{message}");
    }
}

#[test]
fn the_trackers_of_router_s_helper_modules_are_sent() {
    let found = trackers(&["{ type: 'trx_characteristics', value: '' }"]);
    assert_eq!(found, [(0x4000, b"\x04\x01\x00".to_vec())]);
}

#[test]
fn a_tracker_that_is_not_an_object_fails_its_statement_only() {
    for element in ["null", "5", "'x'"] {
        let said = same_answers(&[
            &format!("{{ ok: {{ session_trackers: [{element}] }} }}"),
            "{ ok: {} }",
        ]);
        let refusal = said[0].clone().refusal();
        assert_eq!(refusal.code, 1064, "{element}: {refusal:?}");
        said[1].clone().done();
    }
}

const TRACE: &str = "({ stmts: function(stmt) {
    var trackers = [{ type: 'schema', schema: 'zoo' }];
    return stmt === 'ok'
      ? { ok: { status: 2, session_trackers: trackers } }
      : { result: { columns: [{ name: 'a', type: 'LONG' }], rows: [[1]], status: 2,
                    session_trackers: trackers } };
} })";

#[test]
fn they_are_sent_after_rows_too_and_their_status_flag_is_set_automatically() {
    let said = answers(&js(TRACE), &["ok", "rows"]);
    let done = Done {
        status: 0x4002,
        trackers: b"\x01\x04\x03zoo".to_vec(),
        ..ok()
    };
    assert_eq!(said[0], done.clone().into());
    assert_eq!(said[1].clone().rows().end, End::Ok(done));
}

#[test]
fn they_are_not_sent_to_a_client_without_the_capability() {
    let login = Login::default().without(capability::SESSION_TRACK);
    let said = js(TRACE).play(|mock| {
        let mut client = mock.login_as(&login);
        (client.query("ok").done(), client.query("rows").rows().end)
    });
    let done = Done { status: 2, ..ok() };
    assert_eq!(said, (done.clone(), End::Ok(done)));
    let login = login.without(capability::DEPRECATE_EOF);
    let end = js(TRACE).play(|mock| mock.login_as(&login).query("rows").rows().end);
    assert_eq!(end, End::Eof(0, 2));
}

#[test]
fn holes_of_trackers_are_skipped() {
    let found = trackers(&[", { type: 'schema', schema: 'a' }, , { type: 'schema', schema: 'b' }"]);
    assert_eq!(found[0].1, b"\x01\x02\x01a\x01\x02\x01b");
}
