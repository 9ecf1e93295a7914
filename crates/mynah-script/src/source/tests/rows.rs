//! What the journal has of rows that are made as they are sent.

use mynah_expect::Outcome as Ended;
use mynah_session::{Handler, Outcome, Statement};

use super::{has_failed, seen, text};

#[test]
fn rows_that_a_script_makes_one_by_one_are_counted_until_the_last() {
    let endless = r#"({stmts: function* () {}, x: 0, stmts: function () { return {result: {
        columns: [{name: "a", type: "LONG"}],
        rows: (function* () { for (var i = 0; i < 1000; i++) yield [i]; })(),
    }}; }})"#;
    let seen = seen("t.js", endless, |session| {
        let reply = session.statement(&Statement::query("rows"));
        session.on_answer(None);
        let Outcome::Rows(result) = reply.outcome else {
            panic!("{:?}", reply.outcome);
        };
        let mut source = result.rows.source();
        while let Some(from) = source {
            source = session.rows(from).unwrap().source();
        }
    });
    assert_eq!(seen[0].outcome, Some(Ended::Rows { rows: 1000 }));
}

#[test]
fn of_several_results_the_first_is_counted_and_the_last_ends_the_statement() {
    let results = r#"({stmts: function (stmt) {
        function made(count, problem) {
            return {columns: [{name: "a", type: "LONG"}], rows: (function* () {
                for (var i = 0; i < count; i++) yield [i];
                if (problem) throw new Error(problem);
            })()};
        }
        var listed = {columns: [{name: "a", type: "LONG"}], rows: [[1], [2]]};
        return {results: {
            "listed, made": [{result: listed}, {result: made(1000)}],
            "made, made": [{result: made(300)}, {result: made(1000)}],
            "made, fails": [{result: made(300)}, {result: made(100, "it broke")}],
        }[stmt]};
    }})"#;
    let texts = ["listed, made", "made, made", "made, fails"];
    let seen = seen("t.js", results, |session| {
        for text in texts {
            let reply = session.statement(&Statement::query(text));
            session.on_answer(None);
            for outcome in std::iter::once(reply.outcome).chain(reply.more) {
                let Outcome::Rows(result) = outcome else {
                    panic!("{outcome:?}");
                };
                let mut source = result.rows.source();
                while let Some(from) = source {
                    source = session.rows(from).ok().and_then(|rows| rows.source());
                }
            }
        }
    });
    for (entry, rows) in seen.iter().zip([Some(2), Some(300), None]) {
        let counted = match entry.outcome {
            Some(Ended::Rows { rows }) => Some(rows),
            _ => None,
        };
        assert_eq!(counted, rows, "{}", text(entry));
        assert_eq!(has_failed(entry), rows.is_none(), "{}", text(entry));
    }
    assert_eq!(seen.len(), texts.len());
}
