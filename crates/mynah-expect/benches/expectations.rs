//! What a statement costs with few and many expectations, and what it costs to explain one.
//!
//! `cargo bench -p mynah-expect --bench expectations`

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may panic"
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use mynah_expect::{Call, Expectations, Reading, Test, TestOptions, digest_text};
use serde_json::{Value as Json, json};

#[path = "../tests/mutants/mod.rs"]
mod mutants;

const STATEMENT: &str =
    "select id, name from person where id = 7 and state in ('open', 'done') order by id limit 10";

fn test_of(count: usize, key: &str) -> Test<Json> {
    let mut entries = vec![json!({key: STATEMENT})];
    entries.extend(
        (1..count).map(|n| json!({key: STATEMENT.replace("person", &format!("person{n}"))})),
    );
    let options = TestOptions {
        journal_limit: 1000,
        ..TestOptions::default()
    };
    let test = Test::new(None, options);
    test.add_from_file(Expectations::from_json(&json!(entries)).expect("they are right"));
    test
}

fn begin(c: &mut Criterion) {
    let mut group = c.benchmark_group("begin");
    for key in ["stmt", "digest", "stmt_prefix"] {
        for count in [1, 1000] {
            let test = test_of(count, key);
            group.bench_function(BenchmarkId::new(key, count), |b| {
                b.iter(|| {
                    let call = Arc::new(Call::query(black_box(STATEMENT)));
                    test.begin(&call, Timestamp::UNIX_EPOCH)
                });
            });
        }
    }
    group.finish();
    c.bench_function("digest", |b| {
        b.iter(|| digest_text(black_box(STATEMENT), Reading::default()))
    });
}

/// Statements of one skeleton, each with a value of its own.
fn one_skeleton(c: &mut Criterion) {
    let mut group = c.benchmark_group("begin, one skeleton");
    for count in [1, 10_000] {
        let text = |n| format!("select id, name from person where id = {n} limit 10");
        let entries: Vec<_> = (0..count).map(|n| json!({"stmt": text(n)})).collect();
        let test = Test::new(
            None,
            TestOptions {
                journal_limit: 1000,
                ..TestOptions::default()
            },
        );
        test.add_from_file(Expectations::from_json(&json!(entries)).expect("they are right"));
        let mut n = 0;
        group.bench_function(BenchmarkId::new("found", count), |b| {
            b.iter(|| {
                n = (n + 7919) % count;
                let call = Arc::new(Call::query(black_box(&text(n))));
                test.begin(&call, Timestamp::UNIX_EPOCH)
            });
        });
        group.sample_size(10);
        group.bench_function(BenchmarkId::new("explained", count), |b| {
            b.iter(|| test.explain(&Call::query(black_box(&text(count)))));
        });
    }
    group.finish();
}

fn explain(c: &mut Criterion) {
    let (test, mutants) = mutants::test_and_mutants();
    let mut at = 0;
    c.bench_function("explain one of 1000", |b| {
        b.iter(|| {
            at = (at + 1) % mutants.len();
            test.explain(&mutants[at].1)
        });
    });
}

criterion_group!(benches, begin, one_skeleton, explain);
criterion_main!(benches);
