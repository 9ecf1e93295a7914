use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

use super::{Answer, Outcome, Timing};

/// The commands of a connection that wait for their answers, in the order in which they get them.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    queue: VecDeque<Pending<T>>,
    /// How many bytes they hold.
    held: usize,
    /// How many there were, with those that are answered.
    commands: u64,
    /// When what is looked at now has come.
    now: Instant,
    /// When the answer before ended.
    last_byte: Option<Instant>,
}

/// A command that waits for its answer, or for the rest of it.
#[derive(Debug)]
pub(super) struct Pending<T> {
    pub(super) answer: Box<Answer>,
    begun: Instant,
    first_byte: Option<Instant>,
    /// How its protocol follows the answer.
    pub(super) by: T,
}

impl<T> Waiting<T> {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            queue: VecDeque::new(),
            held: 0,
            commands: 0,
            now,
            last_byte: None,
        }
    }

    /// It is later.
    #[inline]
    pub(super) fn set_now(&mut self, now: Instant) {
        self.now = now;
    }

    /// Whether no more are held.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.queue.len() >= MOST
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// How many bytes they hold.
    #[cfg(feature = "fuzz")]
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// The number of a command that begins.
    #[inline]
    pub(super) fn next_number(&mut self) -> u64 {
        self.commands += 1;
        self.commands
    }

    /// The one whose answer is due.
    #[inline]
    pub(super) fn front(&self) -> Option<&Pending<T>> {
        self.queue.front()
    }

    #[inline]
    pub(super) fn front_mut(&mut self) -> Option<&mut Pending<T>> {
        self.queue.front_mut()
    }

    /// The number of the one whose answer is due.
    #[inline]
    pub(super) fn number(&self) -> Option<u64> {
        self.front().map(|front| front.answer.command.number)
    }

    /// A command that has all come. No more than `max_held` bytes of all are held.
    #[inline]
    pub(super) fn begin(&mut self, mut answer: Box<Answer>, max_held: usize, by: T) -> Pending<T> {
        let payload = &mut answer.command.payload;
        // A client can send many commands ahead. Beyond the limit, the command is still followed, but without its
        // text.
        if payload.len() > max_held.saturating_sub(self.held) {
            *payload = Bytes::new();
        }
        self.held += payload.len();
        Pending {
            answer,
            begun: self.now,
            first_byte: None,
            by,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, pending: Pending<T>) {
        self.queue.push_back(pending);
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<Pending<T>> {
        self.queue.pop_front()
    }

    /// What the server sends has been looked at. `is_inside` says whether it ends in the middle of a message.
    #[inline]
    pub(super) fn note_first_byte(&mut self, is_inside: bool) {
        let now = self.now;
        if let Some(front) = self.front_mut()
            && (front.answer.received > 0 || is_inside)
        {
            front.first_byte.get_or_insert(now);
        }
    }

    /// A command is done.
    #[inline]
    pub(super) fn finish(&mut self, pending: &mut Pending<T>, outcome: Outcome) {
        let answer = &mut pending.answer;
        self.held = self.held.saturating_sub(answer.command.payload.len());
        // A command without an answer, such as COM_STMT_CLOSE, must not move the point from which the next
        // command's wait is measured.
        if outcome != Outcome::NotAnswered {
            let first_byte = pending.first_byte.unwrap_or(self.now);
            let timing = Timing::of(pending.begun, self.last_byte, first_byte, self.now);
            answer.timing = Some(timing);
            self.last_byte = Some(self.now);
        }
        answer.outcome = outcome;
    }
}

/// How many commands may wait for their answers.
const MOST: usize = 65_536;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Command;
    use super::*;

    fn begin(waiting: &mut Waiting<()>) {
        let answer = Answer::to(Command::none(), 1, Default::default());
        let pending = waiting.begin(Box::new(answer), 100, ());
        waiting.push(pending);
    }

    fn end(waiting: &mut Waiting<()>, outcome: Outcome) -> Option<Timing> {
        let mut pending = waiting.pop().unwrap();
        waiting.finish(&mut pending, outcome);
        pending.answer.timing
    }

    #[test]
    fn commands_behind_others_are_not_charged_for_them() {
        let start = Instant::now();
        let mut waiting = Waiting::new(start);
        let ms = Duration::from_millis;
        let timing = |waited, first_byte, latency| {
            Some(Timing {
                waited: ms(waited),
                first_byte: ms(first_byte),
                latency: ms(latency),
            })
        };
        for at in 0..3 {
            waiting.set_now(start + ms(at));
            begin(&mut waiting);
        }
        for at in [10, 15] {
            waiting.set_now(start + ms(at));
            waiting.note_first_byte(true);
        }
        waiting.set_now(start + ms(20));
        assert_eq!(end(&mut waiting, Outcome::Done), timing(0, 10, 20));
        // It came in one piece, and no part of it before.
        waiting.set_now(start + ms(50));
        assert_eq!(end(&mut waiting, Outcome::Done), timing(19, 30, 30));
        assert_eq!(end(&mut waiting, Outcome::NotAnswered), None);
        waiting.set_now(start + ms(100));
        begin(&mut waiting);
        waiting.set_now(start + ms(101));
        waiting.note_first_byte(true);
        waiting.set_now(start + ms(103));
        assert_eq!(end(&mut waiting, Outcome::CutOff), timing(0, 1, 3));
    }
}
