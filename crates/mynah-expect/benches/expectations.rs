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

criterion_group!(benches, begin, explain);
criterion_main!(benches);
