//! Random numbers that depend on seed, test, connection and statement only.

use std::sync::Arc;
use std::time::Duration;

use mynah_fault::{Draws, Fault, Latency};
use proptest::prelude::*;
use serde_json::json;

/// A new version that draws other numbers makes recorded seeds worthless.
#[test]
fn the_numbers_of_a_seed_stay_the_same_in_every_version() {
    let mut draws = Draws::new(42, Some("t7"), 1, 3);
    let numbers = [draws.number(), draws.number(), draws.number()];
    assert_eq!(numbers, NUMBERS);
}

#[test]
fn another_seed_test_connection_or_statement_draws_other_numbers() {
    let all = [
        Draws::new(42, Some("t7"), 1, 3),
        Draws::new(43, Some("t7"), 1, 3),
        Draws::new(42, Some("t8"), 1, 3),
        Draws::new(42, Some(""), 1, 3),
        Draws::new(42, None, 1, 3),
        Draws::new(42, Some("t7"), 2, 3),
        Draws::new(42, Some("t7"), 1, 4),
        Draws::new(42, Some("t7"), 3, 1),
    ];
    let mut numbers = all.map(|mut draws| draws.number());
    numbers.sort_unstable();
    assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn as_many_faults_are_played_as_the_toxicity_says() {
    let fault = json!({"reset_peer": true, "toxicity": 0.3});
    let fault: Arc<Fault> = Arc::new(serde_json::from_value(fault).unwrap());
    let played = |connection, statement| fault.draw(Draws::new(7, None, connection, statement));
    let each =
        (0..100).flat_map(|connection| (0..100).map(move |statement| (connection, statement)));
    let count = each
        .filter(|&(connection, statement)| played(connection, statement).is_some())
        .count();
    assert!((2800..3200).contains(&count), "{count} of 10000");
}

#[test]
fn distributions_have_their_middle_where_they_say() {
    let millis = Duration::from_millis;
    for latency in [
        Latency::with_jitter(millis(100), millis(50)),
        Latency::Normal {
            mean: millis(100),
            deviation: millis(20),
        },
        Latency::LogNormal {
            median: millis(100),
            sigma: 0.5,
        },
    ] {
        let mut draws = Draws::new(1, None, 1, 1);
        let mut times: Vec<_> = (0..1001).map(|_| latency.draw(&mut draws)).collect();
        times.sort_unstable();
        let median = times[500].as_millis();
        assert!((90..=110).contains(&median), "{latency:?}: {median} ms");
        assert!(times[0] < times[1000]);
    }
}

proptest! {
    #[test]
    fn a_latency_is_within_its_bounds(seed: u64, latency in 0..1000u64, jitter in 0..2000u64) {
        let (latency, jitter) = (Duration::from_millis(latency), Duration::from_millis(jitter));
        let drawn = Latency::with_jitter(latency, jitter).draw(&mut Draws::new(seed, None, 1, 1));
        prop_assert!(drawn >= latency.saturating_sub(jitter) && drawn <= latency + jitter);
    }

    #[test]
    fn fractions_are_from_zero_to_below_one(seed: u64) {
        let fraction = Draws::new(seed, None, 1, 1).fraction();
        prop_assert!((0.0..1.0).contains(&fraction));
    }
}

const NUMBERS: [u64; 3] = [
    0xec4a_94f5_b448_a375,
    0xfca4_4886_ef10_1aa3,
    0x439c_e1c0_f818_8552,
];
