use std::ops::Range;

use super::keywords::{FUNCTIONS, KEYWORDS, PRINTED_AS};

/// A piece of a statement: a token, or what of several tokens is one to a reader, such as `1.5e-3` or `<=>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// Whether nothing stands between it and the one before.
    pub(crate) is_adjacent: bool,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name.
    Word,
    /// A name in quotes.
    Name,
    /// A number: `1`, `.5`, `1.5e-3`, `0x1f`, `x'1f'`, `b'01'`.
    Number,
    /// A text in quotes, `N'…'` too.
    Text,
    /// `_utf8mb4` in front of a literal.
    Introducer,
    /// `?`.
    Placeholder,
    /// An operator.
    Operator,
    /// A comment that servers don't run.
    Comment,
}

impl Piece<'_> {
    /// Whether it is this operator.
    pub(crate) fn is(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }

    /// Whether it is one of these words, which are in capitals.
    pub(crate) fn is_word_of(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word
            && words
                .iter()
                .any(|word| word.eq_ignore_ascii_case(self.text))
    }
}

/// Whether a word is a keyword where it stands: not as a part of a name, behind or in front of a point.
pub(super) fn keyword(all: &[Piece<'_>], at: usize) -> Option<&'static str> {
    let piece = all.get(at).filter(|piece| piece.kind == Kind::Word)?;
    let before = at.checked_sub(1).and_then(|at| all.get(at));
    let after = all.get(at + 1).filter(|after| after.is_adjacent);
    let is_variable = before.is_some_and(|before| before.is("@@")) && piece.is_adjacent;
    let is_part = before.is_some_and(|before| before.is("."))
        || after.is_some_and(|after| after.is(".")) && !is_variable;
    if is_part {
        return None;
    }
    let upper = piece.text.to_ascii_uppercase();
    let find = |words: &[&'static str]| {
        let found = words.binary_search(&upper.as_str()).ok()?;
        words.get(found).copied()
    };
    // As with IGNORE_SPACE in `sql_mode`, and where digests have them, so that the digest of a digest is itself.
    let is_call = all.get(at + 1).is_some_and(|after| after.is("("));
    let is_digests = matches!(piece.text, "CURDATE" | "CURTIME" | "NOW" | "SYSTEM_USER");
    let word = find(KEYWORDS).or_else(|| find(FUNCTIONS).filter(|_| is_call || is_digests))?;
    let printed = PRINTED_AS
        .binary_search_by_key(&word, |&(word, _)| word)
        .ok();
    Some(
        printed
            .and_then(|at| PRINTED_AS.get(at))
            .map_or(word, |&(_, as_)| as_),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(KEYWORDS.is_sorted() && FUNCTIONS.is_sorted() && PRINTED_AS.is_sorted());
    }
}
