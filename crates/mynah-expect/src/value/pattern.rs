use std::fmt;

use regex::Regex;
use regex_automata::Input;
use regex_automata::hybrid::dfa::DFA;

/// A regular expression in the syntax of the crate `regex`. Matching takes time in proportion to the text's
/// length. The expression may match any part of a text; use `^` and `$` to bind it to the ends.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Parses a regular expression.
    ///
    /// # Errors
    /// When the syntax is wrong; the message says where.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        Regex::new(pattern).map(Self)
    }

    /// Whether the expression is found in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Whether the expression may be found in a text that begins like this, whatever comes behind. Where that can't be
    /// decided, it may.
    pub(crate) fn may_be_in_text_from(&self, beginning: &str) -> bool {
        let config = DFA::config().unicode_word_boundary(true);
        let Ok(automaton) = DFA::builder().configure(config).build(self.as_str()) else {
            return true;
        };
        let mut cache = automaton.create_cache();
        let Ok(start) = automaton.start_state_forward(&mut cache, &Input::new(beginning)) else {
            return true;
        };
        let mut state = start;
        for &byte in beginning.as_bytes() {
            match automaton.next_state(&mut cache, state, byte) {
                Ok(next) if next.is_dead() => return false,
                Ok(next) if !next.is_match() && !next.is_quit() => state = next,
                Ok(_) | Err(_) => return true,
            }
        }
        true
    }

    /// The text of the regular expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Pattern {}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.as_str())
    }
}
