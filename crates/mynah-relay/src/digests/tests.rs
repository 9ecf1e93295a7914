use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mynah_session::observe::{Answer, Outcome, ServerError, Timing};
use mynah_session::sql::Settings;

use super::shown::ShownCounts;
use super::*;
use crate::statement::{StatementFacts, Wants};
use crate::trace::Rules;

fn facts(sql: &str) -> StatementFacts {
    let sql = Bytes::copy_from_slice(sql.as_bytes());
    StatementFacts::of(&sql, &Settings::default(), Rules::hiding(&[]), Wants::ALL)
}

fn answer(micros: u64, rows: u64, error: Option<u32>) -> Answer {
    let latency = Duration::from_micros(micros);
    Answer {
        timing: Some(Timing {
            waited: Duration::ZERO,
            first_byte: latency,
            latency,
        }),
        rows,
        outcome: error.map_or(Outcome::Done, |code| {
            Outcome::Failed(ServerError {
                code,
                sql_state: None,
                message: Bytes::new(),
            })
        }),
        ..Answer::none()
    }
}

fn add(digests: &Digests, schema: &'static str, sql: &str, answer: &Answer) {
    digests.add(&Bytes::from_static(schema.as_bytes()), &facts(sql), answer);
}

#[test]
fn statements_are_counted_by_schema_and_digest() {
    let digests = Digests::new(10);
    for micros in 1..=100 {
        let sql = format!("select * from t where a = {micros}");
        add(&digests, "shop", &sql, &answer(micros * 1000, 2, None));
    }
    add(
        &digests,
        "shop",
        "SELECT * FROM t WHERE a = 7",
        &answer(10, 0, Some(1146)),
    );
    add(
        &digests,
        "other",
        "select * from t where a = 1",
        &answer(5, 1, None),
    );
    add(&digests, "", "commit", &answer(50, 0, None));
    let page = digests.page(Sort::Total, 10);
    let schemas: Vec<_> = page
        .digests
        .iter()
        .map(|row| row.schema.as_deref())
        .collect();
    assert_eq!(schemas, [Some("shop"), None, Some("other")]);
    let row = &page.digests[0];
    let counts = &row.counts;
    assert_eq!((counts.count, counts.errors, counts.rows), (101, 1, 200));
    assert_eq!((counts.total_us, counts.longest_us), (5_050_010, 100_000));
    for (found, exact) in [
        (counts.p50_us, 50_000),
        (counts.p95_us, 95_000),
        (counts.p99_us, 99_000),
    ] {
        assert!(
            (exact..=exact + exact / 16).contains(&found),
            "{found} for {exact}"
        );
    }
    assert_eq!(row.example, "select * from t where a = 100");
    assert_eq!(row.digest, page.digests[2].digest);
    assert!(page.other.is_none());
}

#[test]
fn a_row_has_no_more_names_of_tables_than_a_text_may_have_bytes() {
    let digests = Digests::new(10);
    let names: Vec<_> = (0..5).map(|n| format!("{n}{}", "x".repeat(599))).collect();
    let sql = format!("select 1 from {}", names.join(", "));
    add(&digests, "", &sql, &answer(1, 0, None));
    let page = digests.page(Sort::Total, 10);
    assert_eq!(page.digests[0].tables, names[..3]);
}

#[test]
fn rows_come_in_the_order_that_is_asked_for() {
    let digests = Digests::new(10);
    for _ in 0..3 {
        add(&digests, "", "select 1 from often", &answer(10, 0, None));
    }
    add(&digests, "", "select 1 from slow", &answer(1000, 0, None));
    add(&digests, "", "select 1 from wide", &answer(1, 50, None));
    add(&digests, "", "select 1 from bad", &answer(2, 0, Some(1064)));
    for (sort, first) in [
        (Sort::Total, "slow"),
        (Sort::Count, "often"),
        (Sort::Errors, "bad"),
        (Sort::Rows, "wide"),
        (Sort::P50, "slow"),
        (Sort::P95, "slow"),
        (Sort::P99, "slow"),
        (Sort::Longest, "slow"),
        (Sort::LastSeen, "bad"),
    ] {
        let page = digests.page(sort, 1);
        assert_eq!(page.digests.len(), 1);
        // Two statements may have come at the same time.
        if sort != Sort::LastSeen {
            let example = &page.digests[0].example;
            assert!(example.ends_with(first), "{sort:?}: {example}");
        }
    }
    assert_eq!("p95".parse(), Ok(Sort::P95));
    assert!("p96".parse::<Sort>().is_err());
}

#[test]
fn what_has_no_row_any_more_is_counted_with_the_others() {
    let digests = Digests::new(3);
    let table = |name: &str| format!("select 1 from {name}");
    for name in ["a", "b", "c", "a", "d", "e", "e"] {
        add(&digests, "", &table(name), &answer(100, 1, None));
    }
    let page = digests.page(Sort::Count, 10);
    let mut left: Vec<_> = page.digests.iter().map(|row| &*row.example).collect();
    left.sort_unstable();
    assert_eq!(
        left,
        ["select 1 from a", "select 1 from d", "select 1 from e"]
    );
    let other = page.other.unwrap();
    assert_eq!((other.count, other.rows, other.total_us), (2, 2, 200));
    assert_eq!((other.p50_us, other.longest_us), (100, 100));
    let table = digests.lock();
    assert_eq!((table.rows.len(), table.by_use.len()), (3, 3));
}

#[test]
fn statements_without_a_digest_are_counted_with_the_others() {
    let digests = Digests::new(3);
    let hidden = StatementFacts::default();
    digests.add(&Bytes::new(), &hidden, &answer(7, 1, Some(1064)));
    let other = digests.page(Sort::Total, 10).other.unwrap();
    assert_eq!((other.count, other.errors, other.longest_us), (1, 1, 7));
    digests.clear();
    let page = digests.page(Sort::Total, 10);
    assert!(page.other.is_none() && page.digests.is_empty());
}

#[test]
fn rows_that_are_fetched_later_are_rows_of_their_statement() {
    let digests = Digests::new(1);
    let schema = Bytes::from_static(b"shop");
    let (one, two) = ("select 1 from one", "select 1 from two");
    add(&digests, "shop", one, &answer(100, 1, None));
    digests.add_rows(&schema, &facts(one), 10);
    let page = digests.page(Sort::Total, 10);
    let counts = &page.digests[0].counts;
    assert_eq!((counts.count, counts.rows, counts.total_us), (1, 11, 100));
    // The row made room for another one.
    add(&digests, "shop", two, &answer(100, 1, None));
    digests.add_rows(&schema, &facts(one), 100);
    digests.add_rows(&schema, &StatementFacts::default(), 1000);
    let page = digests.page(Sort::Total, 10);
    assert_eq!(page.digests[0].counts.rows, 1);
    let other = page.other.unwrap();
    assert_eq!((other.count, other.rows), (1, 1111));
    digests.clear();
    digests.add_rows(&schema, &facts(one), 10);
    assert!(digests.page(Sort::Total, 10).other.is_none());
}

#[test]
fn long_texts_are_kept_in_part() {
    let digests = Digests::new(3);
    let sql = format!(
        "select '{}', {} from t",
        "é".repeat(5000),
        "a, ".repeat(5000)
    );
    add(&digests, "", &sql, &answer(1, 0, None));
    let table = digests.lock();
    let row = table.rows.values().next().unwrap();
    assert!(row.text.len() <= 2051 && row.text.ends_with('…'));
    assert!(row.example.len() <= 2051 && row.example.ends_with('…'));
}

/// No count is lost, whatever the order of statements and the number of rows.
#[test]
fn sums_are_those_of_all_statements() {
    let digests = Digests::new(7);
    let mut state = 1_u64;
    for _ in 0..2000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let sql = format!("select 1 from t{}", (state >> 33) % 20);
        add(&digests, "", &sql, &answer(3, 2, None));
    }
    let page = digests.page(Sort::Total, 100);
    let all = page
        .digests
        .iter()
        .map(|row| &row.counts)
        .chain(&page.other);
    let sum = |of: fn(&ShownCounts) -> u64| all.clone().map(of).sum::<u64>();
    assert_eq!(sum(|counts| counts.count), 2000);
    assert_eq!(sum(|counts| counts.rows), 4000);
    assert_eq!(sum(|counts| counts.total_us), 6000);
    assert!(digests.lock().since <= SystemTime::now());
}
