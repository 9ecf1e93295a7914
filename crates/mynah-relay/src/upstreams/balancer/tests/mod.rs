mod properties;

use std::time::{Duration, Instant};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A balancer with one route to this many upstreams, which aren't checked while they are up.
fn balancer(
    policy: UpstreamPolicy,
    upstreams: usize,
    options: UpstreamOptions,
) -> (Balancer, Instant) {
    let now = Instant::now();
    let mut balancer = Balancer::new(options);
    let members = (0..upstreams).map(|_| balancer.add_upstream(false, now));
    let members = members.collect();
    assert_eq!(balancer.add_route(policy, members), 0);
    (balancer, now)
}

fn at_once() -> UpstreamOptions {
    UpstreamOptions {
        slow_start: Duration::ZERO,
        ..UpstreamOptions::default()
    }
}

/// Has a number of connections made, one after the other, and counts those of each upstream.
fn serve(balancer: &mut Balancer, connections: usize, now: Instant) -> Vec<usize> {
    let mut counts = vec![0; balancer.upstreams.len()];
    for _ in 0..connections {
        let number = balancer.choose(0, &[], now).unwrap();
        balancer.reached(number, now);
        balancer.release(number);
        counts[number] += 1;
    }
    counts
}

/// Has a check made that is due, with this result.
fn check(balancer: &mut Balancer, result: Result<(), &str>, now: Instant) -> Option<bool> {
    let begun = balancer.begin_checks(now);
    assert_eq!(begun.len(), 1, "{begun:?}");
    balancer.end_check(begun[0], Some(result.map_err(ToOwned::to_owned)), now)
}

#[test]
fn the_first_that_is_up_gets_all_connections() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 3, at_once());
    assert_eq!(serve(&mut balancer, 5, now), [5, 0, 0]);
    assert!(balancer.fail(0, true, "refused".to_owned(), now, now));
    assert_eq!(serve(&mut balancer, 5, now), [0, 5, 0]);
    balancer.drain(1, None, now);
    assert_eq!(serve(&mut balancer, 5, now), [0, 0, 5]);
}

#[test]
fn one_that_was_tried_is_not_chosen_again() {
    for policy in [UpstreamPolicy::FirstAvailable, UpstreamPolicy::RoundRobin] {
        let (mut balancer, now) = balancer(policy, 2, at_once());
        assert_eq!(balancer.choose(0, &[0], now), Some(1));
        assert_eq!(balancer.choose(0, &[1], now), Some(0));
        assert_eq!(balancer.choose(0, &[0, 1], now), None);
    }
}

#[test]
fn one_that_is_down_is_tried_if_no_other_is_left_but_never_one_that_is_drained() {
    let (mut balancer, now) = balancer(UpstreamPolicy::RoundRobin, 2, at_once());
    for number in [0, 1] {
        balancer.fail(number, true, "refused".to_owned(), now, now);
    }
    assert_eq!(balancer.choose(0, &[], now), Some(0));
    assert_eq!(balancer.choose(0, &[0], now), Some(1));
    balancer.drain(0, None, now);
    assert_eq!(balancer.choose(0, &[], now), Some(1));
    assert_eq!(balancer.choose(0, &[1], now), None);
    assert_eq!(balancer.no_room(0), Some(NoRoom::Drained));
    assert_eq!(balancer.no_room(1), None);
    // It was reached after all.
    assert!(balancer.reached(1, now));
    assert!(balancer.view(1, now).unwrap().is_up);
}

#[test]
fn one_with_too_many_connections_stays_up() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 2, at_once());
    assert!(!balancer.fail(0, false, "error 1040".to_owned(), now, now));
    assert_eq!(serve(&mut balancer, 1, now), [1, 0]);
    assert_eq!(balancer.view(0, now).unwrap().failures, 1);
}

#[test]
fn one_that_is_down_is_checked_until_it_is_up() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 2, at_once());
    assert_eq!(balancer.next_time(), None);
    balancer.fail(0, true, "refused".to_owned(), now, now);
    assert_eq!(balancer.next_time(), Some(now + 2 * SECOND));
    assert_eq!(balancer.begin_checks(now + SECOND), [0; 0]);
    let mut now = now + 2 * SECOND;
    assert_eq!(check(&mut balancer, Err("refused"), now), None);
    now += 2 * SECOND;
    assert_eq!(check(&mut balancer, Ok(()), now), None);
    now += 2 * SECOND;
    assert_eq!(check(&mut balancer, Ok(()), now), Some(true));
    assert_eq!(balancer.next_time(), None);
    let view = balancer.view(0, now).unwrap();
    assert_eq!((view.is_up, view.failed_checks, &*view.why), (true, 1, ""));
}

#[test]
fn a_lost_connection_and_a_failed_check_are_enough_to_be_down() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 2, at_once());
    balancer.suspect(0, now);
    assert_eq!(check(&mut balancer, Err("refused"), now), Some(false));
    assert_eq!(serve(&mut balancer, 1, now), [0, 1]);
}

#[test]
fn lost_connections_have_a_check_once_in_an_interval() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 1, at_once());
    for _ in 0..100 {
        balancer.suspect(0, now);
    }
    assert_eq!(check(&mut balancer, Ok(()), now), None);
    assert_eq!(balancer.next_time(), None);
    balancer.suspect(0, now + SECOND);
    assert_eq!(balancer.next_time(), Some(now + 2 * SECOND));
    // While a check is running, another is planned, which counts as much.
    assert_eq!(balancer.begin_checks(now + 2 * SECOND), [0]);
    balancer.suspect(0, now + 2 * SECOND);
    assert_eq!(balancer.next_time(), None);
    assert_eq!(balancer.end_check(0, Some(Ok(())), now + 3 * SECOND), None);
    let now = now + 4 * SECOND;
    assert_eq!(check(&mut balancer, Err("refused"), now), Some(false));
}

#[test]
fn an_upstream_that_is_checked_always_is_down_after_some_failed_checks() {
    let mut now = Instant::now();
    let mut balancer = Balancer::new(at_once());
    balancer.add_upstream(true, now);
    for expected in [None, None, Some(false)] {
        assert_eq!(balancer.next_time(), Some(now));
        assert_eq!(check(&mut balancer, Err("late"), now), expected);
        now += 2 * SECOND;
    }
    for expected in [None, Some(true), None] {
        assert_eq!(check(&mut balancer, Ok(()), now), expected);
        now += 2 * SECOND;
    }
}

#[test]
fn a_check_that_takes_long_fails_again_and_again_but_there_is_only_one() {
    let now = Instant::now();
    let mut balancer = Balancer::new(at_once());
    balancer.add_upstream(true, now);
    let why = || "late".to_owned();
    assert_eq!(balancer.begin_checks(now), [0]);
    for (second, is_gone) in [(5, false), (10, false), (15, true), (20, false)] {
        let now = now + SECOND * second;
        assert_eq!(balancer.note_late_check(0, why(), now), is_gone, "{second}");
        assert_eq!(balancer.begin_checks(now), [0; 0]);
    }
    assert_eq!(balancer.next_time(), None);
    assert_eq!(balancer.view(0, now).unwrap().failed_checks, 4);
    // It is passed at last, but says nothing of the time since the upstream is down.
    let now = now + 25 * SECOND;
    assert_eq!(balancer.end_check(0, Some(Ok(())), now), None);
    let now = now + 2 * SECOND;
    assert_eq!(check(&mut balancer, Ok(()), now), None);
    assert_eq!(check(&mut balancer, Ok(()), now + 2 * SECOND), Some(true));
}

#[test]
fn a_regular_check_that_takes_long_is_enough_once_there_is_a_suspicion() {
    let now = Instant::now();
    let mut balancer = Balancer::new(at_once());
    balancer.add_upstream(true, now);
    let why = || "late".to_owned();
    assert_eq!(balancer.begin_checks(now), [0]);
    assert!(!balancer.note_late_check(0, why(), now + 5 * SECOND));
    balancer.suspect(0, now + 6 * SECOND);
    assert!(balancer.view(0, now).unwrap().is_up);
    assert!(balancer.note_late_check(0, why(), now + 10 * SECOND));
    // The suspicion leads to a check of its own when this one is done.
    let now = now + 11 * SECOND;
    assert_eq!(balancer.end_check(0, Some(Ok(())), now), None);
    assert_eq!(balancer.begin_checks(now), [0]);
}

#[test]
fn a_check_that_says_nothing_changes_nothing() {
    let mut now = Instant::now();
    let mut balancer = Balancer::new(at_once());
    balancer.add_upstream(true, now);
    for result in [
        Some(Err("late".to_owned())),
        None,
        Some(Err("late".to_owned())),
        None,
    ] {
        assert_eq!(balancer.begin_checks(now), [0]);
        assert_eq!(balancer.end_check(0, result, now), None);
        now += 2 * SECOND;
    }
    assert_eq!(check(&mut balancer, Err("late"), now), Some(false));
    assert_eq!(balancer.view(0, now).unwrap().failed_checks, 3);
}

#[test]
fn a_check_that_began_before_the_upstream_failed_says_nothing() {
    let options = UpstreamOptions {
        check_rise: 1,
        ..at_once()
    };
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 1, options);
    balancer.suspect(0, now);
    assert_eq!(balancer.begin_checks(now), [0]);
    balancer.fail(0, true, "refused".to_owned(), now + SECOND, now + SECOND);
    assert_eq!(balancer.end_check(0, Some(Ok(())), now + 2 * SECOND), None);
    assert!(!balancer.view(0, now).unwrap().is_up);
}

#[test]
fn an_attempt_that_began_before_a_newer_success_only_has_the_upstream_checked() {
    let (mut balancer, chosen) = balancer(UpstreamPolicy::FirstAvailable, 1, at_once());
    let (good, now) = (chosen + SECOND, chosen + 2 * SECOND);
    balancer.reached(0, good);
    assert!(!balancer.fail(0, true, "late".to_owned(), chosen, now));
    let view = balancer.view(0, now).unwrap();
    assert_eq!((view.is_up, view.failures), (true, 1));
    // The check decides, and so does an attempt that began later.
    assert_eq!(balancer.next_time(), Some(now));
    assert_eq!(check(&mut balancer, Ok(()), now), None);
    assert!(!balancer.fail(0, true, "late".to_owned(), good, now));
    assert!(balancer.fail(0, true, "late".to_owned(), now, now + SECOND));
}

#[test]
fn one_that_comes_back_is_loaded_slowly() {
    let period = UpstreamOptions::default().slow_start;
    for (policy, expected) in [
        (UpstreamPolicy::FirstAvailable, [0, 10, 25, 50, 90, 100]),
        // Of two equal ones, with a share s: s / (1 + s).
        (UpstreamPolicy::RoundRobin, [0, 9, 20, 33, 47, 50]),
    ] {
        let (mut balancer, start) = balancer(policy, 2, UpstreamOptions::default());
        balancer.fail(0, true, "refused".to_owned(), start, start);
        assert!(balancer.reached(0, start));
        for (percent, expected) in [0, 10, 25, 50, 90, 100].into_iter().zip(expected) {
            let now = start + period * percent / 100;
            let counts = serve(&mut balancer, 100, now);
            assert!(
                counts[0].abs_diff(expected) <= 1,
                "{policy:?} {percent} %: {counts:?}"
            );
            let share = balancer.view(0, now).unwrap().share;
            assert!((share * 100.0 - f64::from(percent)).abs() < 0.01);
        }
    }
}

#[test]
fn one_that_comes_back_alone_gets_all_connections() {
    for policy in [UpstreamPolicy::FirstAvailable, UpstreamPolicy::RoundRobin] {
        let (mut balancer, now) = balancer(policy, 2, UpstreamOptions::default());
        balancer.fail(1, true, "refused".to_owned(), now, now);
        balancer.drain(0, None, now);
        assert!(balancer.undrain(0, now));
        assert!(!balancer.undrain(0, now));
        assert_eq!(serve(&mut balancer, 10, now), [10, 0]);
    }
}

#[test]
fn connections_of_a_drained_upstream_are_closed_when_its_time_is_over() {
    let (mut balancer, now) = balancer(UpstreamPolicy::FirstAvailable, 2, at_once());
    balancer.drain(0, None, now);
    balancer.drain(1, Some(5 * SECOND), now);
    assert_eq!(balancer.next_time(), Some(now + 5 * SECOND));
    assert_eq!(balancer.take_closing(now + SECOND), [0; 0]);
    assert_eq!(balancer.take_closing(now + 5 * SECOND), [1]);
    assert_eq!(balancer.take_closing(now + 5 * SECOND), [0; 0]);
    assert!(balancer.undrain(1, now + 6 * SECOND));
}

#[test]
fn routes_share_the_state_of_an_upstream_but_not_the_turns() {
    let now = Instant::now();
    let mut balancer = Balancer::new(UpstreamOptions {
        max_connections: Some(3),
        ..at_once()
    });
    for _ in 0..2 {
        balancer.add_upstream(false, now);
    }
    let first = balancer.add_route(UpstreamPolicy::FirstAvailable, vec![0, 1]);
    let turns = balancer.add_route(UpstreamPolicy::RoundRobin, vec![1, 0]);
    assert_eq!(balancer.choose(turns, &[], now), Some(1));
    assert_eq!(balancer.choose(turns, &[], now), Some(0));
    let chosen: Vec<_> = (0..5).map(|_| balancer.choose(first, &[], now)).collect();
    assert_eq!(chosen, [Some(0), Some(0), Some(1), Some(1), None]);
    assert_eq!(balancer.choose(turns, &[], now), None);
    assert_eq!(balancer.no_room(0), Some(NoRoom::Full(3)));
    balancer.release(0);
    assert_eq!(balancer.choose(turns, &[], now), Some(0));
}
