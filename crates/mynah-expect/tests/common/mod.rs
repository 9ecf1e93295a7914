//! What the tests share.

use std::sync::Arc;

use jiff::Timestamp;
use mynah_expect::{Begun, Call, Expectations, Test, TestOptions, Value, Verdict};
use serde_json::{Value as Json, json};

/// A test with these expectations, as a file has them.
pub(crate) fn test_with(expectations: &Json) -> Test<Json> {
    let test = Test::new(None, TestOptions::default());
    test.add_from_file(read(expectations));
    test
}

pub(crate) fn read(expectations: &Json) -> Expectations<Json> {
    Expectations::from_json(expectations).expect("the expectations are right")
}

pub(crate) fn ask(test: &Test<Json>, call: &Call) -> Begun<Json> {
    test.begin(&Arc::new(call.clone()), Timestamp::UNIX_EPOCH)
}

/// The text of the answer, "open", or "forbidden".
pub(crate) fn answer(test: &Test<Json>, call: &Call) -> String {
    match ask(test, call).verdict {
        Verdict::Answer { answer, .. } => {
            let answer = answer.as_deref().cloned().unwrap_or(json!({"ok": "none"}));
            answer["ok"].as_str().unwrap_or("?").to_owned()
        }
        Verdict::Forbidden(_) => "forbidden".to_owned(),
        _ => "open".to_owned(),
    }
}

pub(crate) fn number(number: i64) -> Value {
    Value::from(number)
}
