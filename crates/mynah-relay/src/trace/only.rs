//! Whether a connection is told of at all.

use mynah_session::observe::Answer;

use super::connection::ConnectionTrace;
use super::record::{About, Record};

/// What is known by now.
#[derive(Debug)]
pub(super) enum Wanted {
    /// What was written waits until the user is known, up to a limit.
    NotDecided(String),
    Yes,
    No,
}

impl ConnectionTrace {
    /// The user is known, or won't be.
    pub(super) fn decide(&mut self, about: &About) {
        let Wanted::NotDecided(held) = &mut self.wanted else {
            return;
        };
        let only = self.trace.options.only.as_ref();
        let answer = Answer::of_nothing();
        let record = Record::of_nothing(about, &answer);
        if only.is_none_or(|only| only.holds(&record)) {
            self.out.insert_str(0, &std::mem::take(held));
            self.wanted = Wanted::Yes;
        } else {
            self.wanted = Wanted::No;
        }
    }

    /// Keeps back what may not be given away; says whether it was.
    pub(super) fn keep_back(&mut self) -> bool {
        match &mut self.wanted {
            Wanted::Yes => return false,
            Wanted::No => {}
            Wanted::NotDecided(held) => {
                if held.len() < MOST_HELD {
                    held.push_str(&self.out);
                }
            }
        }
        self.out.clear();
        true
    }
}

/// How much is held of a connection whose user isn't known.
const MOST_HELD: usize = 256 * 1024;
