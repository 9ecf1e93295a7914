//! What the fuzz target does with bytes, so that an ordinary test can replay its corpus.
//!
//! These functions panic when what they say doesn't hold, as a test does.

use std::sync::Arc;

use crate::{
    Call, Expectation, Expectations, Order, Reading, Statement, Test, TestOptions, Times, Verdict,
    digest_text,
};

/// Fuzz target: panics unless leading white space makes no difference to a statement, the statement matches the
/// expectation that is made from it once, and the explanation for the second time isn't too long. The first byte
/// chooses the `sql_mode`.
pub fn statement(data: &[u8]) {
    let Some((&mode, text)) = data.split_first() else {
        return;
    };
    let reading = Reading {
        ansi_quotes: mode & 1 != 0,
        no_backslash_escapes: mode & 2 != 0,
        ..Reading::default()
    };
    let text = String::from_utf8_lossy(text);
    let (statement, _id) = Statement::with_test_id(&text, reading);
    let _digest = digest_text(statement.text(), reading);
    let spaced = format!(" \n{}", statement.text());
    assert_eq!(Statement::with_reading(&spaced, reading), statement);
    let call = Call {
        statement: Statement::new(&text),
        ..Call::query("")
    };
    let mut once: Expectation<()> = Expectation::once(&text);
    once.times = Times::exactly(1);
    let test = Test::new(None, TestOptions::default());
    let added = test.add(Expectations {
        order: Order::Any,
        list: vec![once],
    });
    assert!(added.is_ok());
    let call = Arc::new(call);
    let begun = test.begin(&call, jiff::Timestamp::UNIX_EPOCH);
    assert!(matches!(begun.verdict, Verdict::Answer { .. }), "{text:?}");
    let again = test.begin(&call, jiff::Timestamp::UNIX_EPOCH);
    let said = test.unexpected(again.number, &call).to_string();
    assert!(said.len() <= crate::Explanation::LONGEST, "{said:?}");
}
