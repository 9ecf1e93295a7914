//! Faults as JSON: what they mean, and the errors for mistakes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::num::NonZeroU64;
use std::time::Duration;

use mynah_fault::{Ending, Fault, Latency, Limit, Malformation, Malformed, Slicer};
use serde_json::{Value, json};

fn read(json: Value) -> Fault {
    serde_json::from_value(json).unwrap()
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn count(count: u64) -> NonZeroU64 {
    NonZeroU64::new(count).unwrap()
}

#[test]
fn a_short_form_means_what_the_long_one_says() {
    let cut_short = json!({"kind": "cut_short", "packet": 1});
    let slicer = json!({"average_size": 3, "size_variation": 0, "delay": 1});
    for (short, long) in [
        (
            json!({"latency": 100}),
            json!({"latency": {"latency": 100, "jitter": 0}}),
        ),
        (
            json!({"bandwidth": 500}),
            json!({"bandwidth": {"rate": 500}}),
        ),
        (json!({"slicer": 3}), json!({"slicer": slicer})),
        (
            json!({"limit_data": 9}),
            json!({"limit_data": {"bytes": 9}}),
        ),
        (
            json!({"slow_close": 5}),
            json!({"slow_close": {"delay": 5}}),
        ),
        (json!({"timeout": true}), json!({"timeout": {"timeout": 0}})),
        (json!({"timeout": 7}), json!({"timeout": {"timeout": 7}})),
        (
            json!({"reset_peer": true}),
            json!({"reset_peer": {"timeout": 0}}),
        ),
        (
            json!({"reset_peer": 7}),
            json!({"reset_peer": {"timeout": 7}}),
        ),
        (json!({"bandwidth": 5}), json!({"bandwidth": 5.0})),
        (
            json!({"malformed": "cut_short"}),
            json!({"malformed": cut_short}),
        ),
    ] {
        assert_eq!(read(short.clone()), read(long), "{short}");
    }
}

#[test]
fn every_key_is_read() {
    let fault = read(json!({
        "toxicity": 0.25,
        "latency": {"latency": 100, "jitter": 0.5},
        "limit_data": {"rows": 2},
        "malformed": {"kind": "junk", "packet": 4},
        "slicer": {"average_size": 10, "size_variation": 9, "delay": 0},
        "bandwidth": 1000,
        "stop_reading": true,
    }));
    let half = Duration::from_micros(500);
    let all = Fault {
        toxicity: 0.25,
        latency: Some(Latency::with_jitter(millis(100), half)),
        limit_data: Some(Limit::Rows(count(2))),
        malformed: Some(Malformed {
            kind: Malformation::Junk,
            packet: count(4),
        }),
        slicer: Some(Slicer {
            average_size: count(10),
            size_variation: 9,
            delay: Duration::ZERO,
        }),
        bandwidth: Some(count(1000)),
        ending: Some(Ending::StopReading),
    };
    assert_eq!(fault, all);
    assert_eq!(
        fault.to_string(),
        "latency, limit_data, junk, slicer, bandwidth, stop_reading"
    );
    let normal = read(json!({"latency": {"normal": {"mean": 5, "deviation": 1}}}));
    let (mean, deviation) = (millis(5), millis(1));
    assert_eq!(normal.latency, Some(Latency::Normal { mean, deviation }));
    let lognormal = read(json!({"latency": {"lognormal": {"median": 5, "sigma": 0.4}}}));
    let (median, sigma) = (millis(5), 0.4);
    assert_eq!(
        lognormal.latency,
        Some(Latency::LogNormal { median, sigma })
    );
}

#[test]
fn a_mistake_is_named_by_its_key_and_what_is_allowed() {
    for (wrong, said) in [
        (
            json!(7),
            "fault: needs an object, such as {\"latency\": 100}, but is 7",
        ),
        (
            json!({}),
            "fault: does nothing; name a fault, such as latency",
        ),
        (
            json!({"toxicity": 1}),
            "fault: does nothing; name a fault, such as latency",
        ),
        (
            json!({"latncy": 1}),
            "fault: unknown key \"latncy\"; did you mean \"latency\"?",
        ),
        (
            json!({"zzz": 1}),
            "fault: unknown key \"zzz\"; there are bandwidth, latency, limit_data, malformed, reset_peer, \
             slicer, slow_close, stop_reading, timeout, toxicity",
        ),
        (
            json!({"latency": -1}),
            "fault.latency: needs a number of milliseconds from 0 to 86400000, but is -1",
        ),
        (
            json!({"latency": {"latency": 1, "jiter": 1}}),
            "fault.latency: unknown key \"jiter\"; did you mean \"jitter\"?",
        ),
        (
            json!({"latency": {"jitter": 1}}),
            "fault.latency: needs one of latency, uniform, normal, lognormal, but is an object",
        ),
        (
            json!({"latency": {"uniform": {"lower": 3, "upper": 2}}}),
            "fault.latency.uniform: needs a lower that isn't above upper, but is an object",
        ),
        (
            json!({"latency": {"normal": {"mean": 3}}}),
            "fault.latency.normal.deviation: is missing",
        ),
        (
            json!({"bandwidth": 0}),
            "fault.bandwidth: needs a whole number from 1, but is 0",
        ),
        (
            json!({"slicer": {"delay": 1}}),
            "fault.slicer.average_size: is missing",
        ),
        (
            json!({"slicer": {"average_size": 4, "size_variation": 4}}),
            "fault.slicer.size_variation: needs a number below average_size, but is 4",
        ),
        (
            json!({"limit_data": {"bytes": 1, "rows": 1}}),
            "fault.limit_data: has both \"bytes\" and \"rows\"; leave one out",
        ),
        (
            json!({"limit_data": {"rows": 0}}),
            "fault.limit_data.rows: needs a whole number from 1, but is 0",
        ),
        (
            json!({"timeout": true, "reset_peer": true}),
            "fault: has both \"timeout\" and \"reset_peer\"; leave one out",
        ),
        (
            json!({"timeout": "x"}),
            "fault.timeout: needs true, or a number of milliseconds, but is \"x\"",
        ),
        (
            json!({"stop_reading": 1}),
            "fault.stop_reading: needs true, but is 1",
        ),
        (
            json!({"malformed": "cut_shrot"}),
            "fault.malformed: there is no \"cut_shrot\"; did you mean \"cut_short\"?",
        ),
        (
            json!({"latency": 1, "toxicity": 1.5}),
            "fault.toxicity: needs a probability from 0 to 1, but is 1.5",
        ),
    ] {
        let error = serde_json::from_value::<Fault>(wrong.clone()).unwrap_err();
        assert_eq!(error.to_string(), said, "{wrong}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let wrong = json!({"latency": -1, "bandwidth": "x", "toxicity": 2});
    assert_eq!(Fault::from_json(&wrong).unwrap_err().len(), 3);
}
