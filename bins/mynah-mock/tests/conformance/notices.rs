//! Section 9: the checks of `notices` when a trace is loaded. Sending them to clients of the X
//! Protocol is tested elsewhere.

use crate::harness::{answers, js};
use crate::life_cycle::refused;

#[test]
fn notices_may_be_an_array_a_function_or_a_thread_and_need_not_be_there() {
    for notices in [
        "undefined",
        "[]",
        "[{ type: 4, scope: 'GLOBAL', send_offset: 1, payload: { type: 2, 'view-id': 'v' } }]",
        "[{ type: 'wrong' }]",
        "function() {}",
        "new Duktape.Thread(function() {})",
    ] {
        let text = format!("({{ stmts: [{{ ok: {{}} }}], notices: {notices} }})");
        answers(&js(&text), &["x"])[0].clone().done();
    }
}

#[test]
fn notices_of_another_type_are_an_error_in_place_of_the_greeting() {
    for notices in ["5", "'x'", "null", "{}", "true"] {
        let refusal = refused(&js(&format!("({{ stmts: [], notices: {notices} }})")));
        assert_eq!(refusal.code, 1064, "{notices}: {refusal:?}");
        assert!(
            refusal.message.contains("'notices'"),
            "{notices}: {refusal:?}"
        );
    }
}
