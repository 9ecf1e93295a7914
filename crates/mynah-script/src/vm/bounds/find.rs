//! Finds a text in another one, in time proportional to the sum of both lengths, not to their product.

use boa_engine::string::{JsStrVariant, JsString};

/// A text to look for, by the method of Knuth, Morris and Pratt.
#[derive(Debug)]
pub(in crate::vm) struct Pattern {
    units: Vec<u16>,
    /// For each unit, how long the longest beginning of the pattern is that ends there, too, without
    /// being all of it up to there.
    borders: Vec<usize>,
}

impl Pattern {
    pub(in crate::vm) fn new(pattern: &JsString) -> Self {
        Self::of(pattern.to_vec())
    }

    /// A pattern for texts that are read from their ends.
    pub(super) fn backwards(pattern: &JsString) -> Self {
        let mut units = pattern.to_vec();
        units.reverse();
        Self::of(units)
    }

    fn of(units: Vec<u16>) -> Self {
        let mut pattern = Self {
            borders: Vec::with_capacity(units.len()),
            units,
        };
        let mut matched = 0;
        for at in 0..pattern.units.len() {
            if at > 0 {
                matched = pattern.step(matched, unit(&pattern.units, at));
            }
            pattern.borders.push(matched);
        }
        pattern
    }

    pub(in crate::vm) fn len(&self) -> usize {
        self.units.len()
    }

    /// Where the first occurrence begins that begins at `from` or behind it.
    pub(in crate::vm) fn find(&self, text: &JsString, from: usize) -> Option<usize> {
        if self.units.is_empty() {
            return (from <= text.len()).then_some(from);
        }
        let found = match text.variant() {
            JsStrVariant::Latin1(text) => {
                let text = text.get(from..)?;
                self.search(text.iter().map(|c| u16::from(*c)))
            }
            JsStrVariant::Utf16(text) => self.search(text.get(from..)?.iter().copied()),
        };
        found.map(|found| from + found)
    }

    /// Where the last occurrence begins that ends at `end` or before it.
    pub(super) fn find_last(&self, text: &JsString, end: usize) -> Option<usize> {
        let found = match text.variant() {
            JsStrVariant::Latin1(text) => {
                self.search(text.get(..end)?.iter().rev().map(|c| u16::from(*c)))
            }
            JsStrVariant::Utf16(text) => self.search(text.get(..end)?.iter().rev().copied()),
        };
        found.map(|found| end - found - self.units.len())
    }

    fn search(&self, text: impl Iterator<Item = u16>) -> Option<usize> {
        let mut matched = 0;
        for (at, next) in text.enumerate() {
            matched = self.step(matched, next);
            if matched == self.units.len() {
                return Some(at + 1 - matched);
            }
        }
        None
    }

    /// How many units match, if so many did before the next.
    #[inline]
    fn step(&self, mut matched: usize, next: u16) -> usize {
        loop {
            #[cfg(test)]
            tests::STEPS.set(tests::STEPS.get() + 1);
            if self.units.get(matched) == Some(&next) {
                return matched + 1;
            }
            let Some(last) = matched.checked_sub(1) else {
                return 0;
            };
            matched = self.borders.get(last).copied().unwrap_or_default();
        }
    }
}

fn unit(units: &[u16], at: usize) -> u16 {
    units.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use boa_engine::js_string;
    use proptest::prelude::*;

    use super::*;

    thread_local! {
        pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_plain_search_finds(
            text in "[ab\u{100}]{0,40}",
            pattern in "[ab\u{100}]{1,5}",
            from in 0_usize..42,
        ) {
            let (text, pattern) = (JsString::from(text), JsString::from(pattern));
            let (units, wanted) = (text.to_vec(), pattern.to_vec());
            let places = units.windows(wanted.len()).enumerate();
            let places: Vec<_> = places.filter(|(_, w)| *w == wanted).map(|(at, _)| at).collect();
            let first = places.iter().copied().find(|at| *at >= from);
            prop_assert_eq!(Pattern::new(&pattern).find(&text, from), first);
            let end = from.min(units.len());
            let last = places.iter().copied().rfind(|at| at + wanted.len() <= end);
            prop_assert_eq!(Pattern::backwards(&pattern).find_last(&text, end), last);
        }
    }

    #[test]
    fn steps_grow_with_the_text_whatever_it_is_like() {
        let texts = ["a", "ab", "a\n", "aab", "\u{100}"];
        let patterns = ["\n", "aaaaaaaab", "abababac", "baaaaaaa", "\u{100}\u{100}b"];
        for text in texts {
            let text = JsString::from(text.repeat(20_000));
            for pattern in patterns {
                let pattern = Pattern::new(&JsString::from(pattern));
                STEPS.set(0);
                let mut from = 0;
                while let Some(at) = pattern.find(&text, from) {
                    from = at + pattern.len();
                }
                assert!(STEPS.get() <= 2 * text.len() + 20, "{}", STEPS.get());
            }
        }
    }

    #[test]
    fn nothing_is_found_everywhere() {
        let nothing = Pattern::new(&js_string!());
        assert_eq!(nothing.find(&js_string!("ab"), 2), Some(2));
        assert_eq!(nothing.find(&js_string!("ab"), 3), None);
    }
}
