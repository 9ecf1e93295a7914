//! Section 6: `error`.

use crate::harness::{entry, err, fails, js, same_answers};

#[test]
fn an_error_has_each_of_its_keys() {
    let said =
        entry("{ error: { code: 1146, sql_state: '42S02', message: \"Table 'ä' is not there\" } }");
    assert_eq!(said, err(1146, "42S02", "Table 'ä' is not there").into());
}

#[test]
fn a_state_is_hy000_by_default() {
    let said = same_answers(&[
        "{ error: { code: 1, message: 'x' } }",
        "{ error: { code: 1, message: 'x', sql_state: undefined } }",
    ]);
    assert_eq!(
        said,
        [err(1, "HY000", "x").into(), err(1, "HY000", "x").into()]
    );
}

#[test]
fn a_code_goes_from_0_to_65535_and_a_message_may_be_empty() {
    let said = same_answers(&[
        "{ error: { code: 0, message: '' } }",
        "{ error: { code: 65535, message: '' } }",
        "{ error: { code: 1.9, message: '' } }",
    ]);
    let codes: Vec<u16> = said
        .into_iter()
        .map(|answer| answer.refusal().code)
        .collect();
    assert_eq!(codes, [0, 65535, 1]);
}

#[test]
fn code_and_message_are_required() {
    let missing = "Wrong statements document structure: missing field";
    fails(&[
        ("{ error: {} }", &format!("{missing} \"code\"")),
        (
            "{ error: { message: 'x' } }",
            &format!("{missing} \"code\""),
        ),
        ("{ error: { code: 1 } }", &format!("{missing} \"message\"")),
        (
            "{ error: { code: 1, message: undefined } }",
            &format!("{missing} \"message\""),
        ),
    ]);
}

#[test]
fn a_wrong_code_is_an_error() {
    let range = "value out-of-range for field \"code\"";
    let kind = "wrong type for field \"code\", expected unsigned number";
    fails(&[
        ("{ error: { code: -1, message: 'x' } }", range),
        ("{ error: { code: 65536, message: 'x' } }", range),
        ("{ error: { code: Infinity, message: 'x' } }", range),
        ("{ error: { code: '1064', message: 'x' } }", kind),
        ("{ error: { code: null, message: 'x' } }", kind),
    ]);
}

#[test]
fn a_state_that_is_not_five_characters_is_an_error() {
    let said = same_answers(&[
        "{ error: { code: 1, message: 'x', sql_state: '' } }",
        "{ error: { code: 1, message: 'x', sql_state: '4200' } }",
        "{ error: { code: 1, message: 'x', sql_state: '420000' } }",
        "{ error: { code: 1, message: 'x', sql_state: 5 } }",
        "{ error: { code: 1, message: 5 } }",
    ]);
    for (said, field) in said
        .into_iter()
        .zip(["state", "state", "state", "state", "message"])
    {
        let refusal = said.refusal();
        assert_eq!(
            (refusal.code, refusal.state.as_deref()),
            (1064, Some("HY000"))
        );
        assert!(refusal.message.contains(field), "{refusal:?}");
    }
}

#[test]
fn the_bytes_of_an_error() {
    let trace = js("({ stmts: [{ error: { code: 1064, sql_state: '42000', message: 'Why' } }] })");
    let packet = trace.play(|mock| {
        let mut client = mock.login();
        client.write(b"\x02\0\0\0\x03x");
        client.packet().unwrap()
    });
    assert_eq!(packet, (1, b"\xff\x28\x04#42000Why".to_vec()));
}
