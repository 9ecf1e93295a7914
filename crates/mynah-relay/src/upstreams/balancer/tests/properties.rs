//! What holds whatever happens.

use std::time::Duration;

use proptest::prelude::*;

use super::{SECOND, at_once, balancer, serve};
use crate::{UpstreamOptions, UpstreamPolicy};

/// What can happen, to an upstream by its number.
#[derive(Clone, Debug)]
enum Step {
    /// A client comes, and these upstreams refuse it.
    Connect(Vec<bool>),
    /// A connection ends; its number is taken modulo how many there are.
    Close(usize),
    Lose(usize),
    Check(bool),
    Drain(usize, Option<u64>),
    Undrain(usize),
    /// Milliseconds pass.
    Wait(u64),
}

const UPSTREAMS: usize = 4;

fn step() -> impl Strategy<Value = Step> {
    let number = 0..UPSTREAMS;
    prop_oneof![
        8 => prop::collection::vec(prop::bool::weighted(0.2), UPSTREAMS).prop_map(Step::Connect),
        4 => any::<usize>().prop_map(Step::Close),
        1 => number.clone().prop_map(Step::Lose),
        2 => any::<bool>().prop_map(Step::Check),
        1 => (number.clone(), prop::option::of(0..5000u64)).prop_map(|(number, after)| Step::Drain(number, after)),
        2 => number.prop_map(Step::Undrain),
        2 => (0..5000u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_choice_is_right(
        policy in prop_oneof![Just(UpstreamPolicy::FirstAvailable), Just(UpstreamPolicy::RoundRobin)],
        most in prop::option::of(1..4usize),
        slow_start in prop_oneof![Just(0u64), Just(3000)],
        steps in prop::collection::vec(step(), 1..200),
    ) {
        let options = UpstreamOptions {
            max_connections: most,
            slow_start: Duration::from_millis(slow_start),
            ..UpstreamOptions::default()
        };
        let (mut balancer, mut now) = balancer(policy, UPSTREAMS, options);
        // The model: what each upstream has, as the caller knows it.
        let mut open: Vec<usize> = Vec::new();
        let count = |open: &[usize], number| open.iter().filter(|&&other| other == number).count();
        let mut drained = [false; UPSTREAMS];
        for step in steps {
            match step {
                Step::Connect(refuses) => {
                    let mut tried = Vec::new();
                    loop {
                        let can_be = |number: &usize| {
                            let has_room = most.is_none_or(|most| count(&open, *number) < most);
                            !tried.contains(number) && !drained[*number] && has_room
                        };
                        let candidates: Vec<_> = (0..UPSTREAMS).filter(can_be).collect();
                        let is_up = |number: usize| balancer.view(number, now).unwrap().is_up;
                        let some_up = candidates.iter().any(|&number| is_up(number));
                        let up: Vec<_> = (0..UPSTREAMS).map(is_up).collect();
                        let Some(number) = balancer.choose(0, &tried, now) else {
                            prop_assert!(candidates.is_empty(), "{candidates:?} are there");
                            break;
                        };
                        prop_assert!(candidates.contains(&number), "{number} of {candidates:?}");
                        prop_assert!(up[number] || !some_up, "{number} is down");
                        if refuses[number] {
                            balancer.fail(number, true, "refused".to_owned(), now, now);
                            balancer.release(number);
                            prop_assert!(!balancer.view(number, now).unwrap().is_up);
                            tried.push(number);
                        } else {
                            balancer.reached(number, now);
                            prop_assert!(balancer.view(number, now).unwrap().is_up);
                            open.push(number);
                            break;
                        }
                    }
                }
                Step::Close(_) if open.is_empty() => {}
                Step::Close(which) => balancer.release(open.swap_remove(which % open.len())),
                Step::Lose(number) => balancer.suspect(number, now),
                Step::Check(passes) => {
                    for number in balancer.begin_checks(now) {
                        let result = passes.then_some(()).ok_or_else(|| "late".to_owned());
                        balancer.end_check(number, Some(result), now);
                    }
                }
                Step::Drain(number, after) => {
                    balancer.drain(number, after.map(Duration::from_millis), now);
                    drained[number] = true;
                }
                Step::Undrain(number) => {
                    prop_assert_eq!(balancer.undrain(number, now), drained[number]);
                    drained[number] = false;
                }
                Step::Wait(millis) => {
                    now += Duration::from_millis(millis);
                    for number in balancer.take_closing(now) {
                        prop_assert!(drained[number]);
                    }
                }
            }
            for (number, is_drained) in drained.into_iter().enumerate() {
                let view = balancer.view(number, now).unwrap();
                prop_assert_eq!(view.connections, count(&open, number));
                prop_assert!(most.is_none_or(|most| view.connections <= most));
                prop_assert_eq!(view.is_drained, is_drained);
            }
            // One that is down is always to be checked.
            let some_down = (0..UPSTREAMS).any(|number| !balancer.view(number, now).unwrap().is_up);
            prop_assert!(!some_down || balancer.next_time().is_some());
        }
    }

    #[test]
    fn those_that_are_up_all_the_time_have_equally_many_connections(
        others in prop::collection::vec(prop::collection::vec(any::<bool>(), 2), 1..200),
    ) {
        // The upstreams 1 and 3 are up all the time, and 0 and 2 are drained now and then.
        let (mut balancer, now) = balancer(UpstreamPolicy::RoundRobin, 4, at_once());
        let mut counts = [0usize; 4];
        // The counts of each of the others, and of one that is up all the time, when it came back.
        let mut since = [(0usize, 0usize); 4];
        for drained in others {
            for (number, is_drained) in [0, 2].into_iter().zip(drained) {
                match is_drained {
                    true => balancer.drain(number, None, now),
                    false if balancer.undrain(number, now) => since[number] = (counts[number], counts[1]),
                    false => {}
                }
            }
            counts[balancer.choose(0, &[], now).unwrap()] += 1;
            prop_assert!(counts[1].abs_diff(counts[3]) <= 1, "{:?}", counts);
            // One that comes back doesn't catch up on what it has missed.
            for number in [0, 2] {
                let (own, other) = since[number];
                prop_assert!(counts[number] - own <= counts[1] - other + 2, "{number}: {counts:?} since {since:?}");
            }
        }
    }

    #[test]
    fn the_share_of_one_that_comes_back_never_shrinks(
        policy in prop_oneof![Just(UpstreamPolicy::FirstAvailable), Just(UpstreamPolicy::RoundRobin)],
        upstreams in 2..5usize,
    ) {
        let (mut balancer, start) = balancer(policy, upstreams, UpstreamOptions::default());
        balancer.fail(0, true, "refused".to_owned(), start, start);
        balancer.reached(0, start);
        let mut last = 0;
        for second in 0..35 {
            let counts = serve(&mut balancer, 200, start + SECOND * second);
            prop_assert!(counts[0] + 1 >= last, "{} after {}", counts[0], last);
            last = counts[0];
        }
        let all = match policy {
            UpstreamPolicy::FirstAvailable => 200,
            UpstreamPolicy::RoundRobin => 200 / upstreams,
        };
        prop_assert!(last.abs_diff(all) <= 1, "{last}");
    }
}
