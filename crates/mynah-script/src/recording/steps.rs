use std::collections::HashSet;
use std::sync::Arc;

use mynah_expect::{Command, Expectation, Order, Times};

use super::entry::Placed;
use crate::expectations::Answer;

/// The steps of a part, in the order in which they came: [`at`](super::entry::Entry::at) says it. What was only prepared has no order.
///
/// # Errors
/// When the recording doesn't say in which order its statements came.
pub(super) fn steps(list: Vec<Placed>) -> Result<(Order, Vec<Expectation<Answer>>), String> {
    let taken: HashSet<u64> = list.iter().flat_map(|(_, at)| at).copied().collect();
    let mut left = (1..).filter(|place| !taken.contains(place));
    let (mut steps, mut stubs) = (Vec::new(), Vec::new());
    for (expectation, mut at) in list {
        let is_run = expectation.origin.command != Some(Command::Prepare);
        if !is_run {
            stubs.push(expectation);
            continue;
        }
        if at.is_empty() {
            // What came several times says where.
            if expectation.answers.len() > 1 {
                return Err(NO_ORDER.to_owned());
            }
            at.extend(left.next());
        }
        for (calls, at) in (0..).zip(at) {
            let answer = expectation.answer(calls).map(Arc::clone);
            let step = Expectation {
                answers: answer.into_iter().collect(),
                times: Times::exactly(1),
                ..expectation.clone()
            };
            steps.push((at, step));
        }
    }
    steps.sort_by_key(|(at, _)| *at);
    let steps = steps.into_iter().map(|(_, step)| step);
    Ok((Order::Sequence, steps.chain(stubs).collect()))
}

const NO_ORDER: &str = "the recording doesn't say in which order its statements came, which --replay strict needs; \
                        record it again";
