//! Values that a query compares with a password. They may stand on either side, and either side may be an
//! expression: `'…' = password`, `lower(password) = '…'`, `('bob', '…') = (name, password)`.

use std::ops::Range;

use super::verb::Verb;

/// The parts of the expressions around a token of a statement.
#[derive(Debug, Default)]
pub(super) struct Comparisons {
    part: Part,
    /// The parts that are interrupted by brackets and CASE, the innermost last.
    outer: Vec<Part>,
    /// Literals that are secret, but for those that were taken.
    hidden: Vec<Range<usize>>,
    /// Whether a placeholder is compared with a password.
    pub(super) hides_parameters: bool,
}

/// A part of an expression, from one word such as WHERE, AND, or one comma of a list, to the next.
#[derive(Debug, Default)]
struct Part {
    kind: Kind,
    /// It is part of an expression, and not of a list of tables, values or options.
    is_active: bool,
    /// A comma ends it.
    is_in_list: bool,
    /// An AND that follows belongs to BETWEEN.
    is_between: bool,
    /// From its first text to its last, but for those that are hidden.
    texts: Option<Range<usize>>,
    /// Likewise of its numbers.
    numbers: Option<Range<usize>>,
    has_placeholder: bool,
    names_password: bool,
    /// The name isn't the argument of a function: `length(password) > 8` has no secret number.
    names_directly: bool,
    /// The parts before in the same brackets, as the list of a SELECT, name a password.
    is_named_before: bool,
    /// An operator or a function joins its literals with its names.
    is_joined: bool,
}

/// What has opened a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Statement,
    Bracket,
    /// The bracket behind a name: arguments of a function, or a list behind IN.
    Call,
    /// CASE, until its END.
    Case,
}

impl Comparisons {
    /// Handles a keyword or name. `is_password` is whether it names a password.
    pub(super) fn word(&mut self, word: &[u8], verb: Verb, is_password: bool) {
        let is = |words: &[&[u8]]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
        let sets_columns = is(&[b"set"]) && matches!(verb, Verb::Query | Verb::Insert);
        if is_password {
            self.part.names_password = true;
            self.part.names_directly = true;
        } else if is(&[b"case"]) {
            self.open(Kind::Case);
            self.part.is_joined = true;
        } else if is(&[b"end"]) {
            if self.part.kind == Kind::Case {
                self.close();
            }
        } else if is(&[b"and"]) && self.part.is_between {
            self.part.is_between = false;
        } else if is(&[b"when"]) && self.part.kind == Kind::Case {
            // What CASE compares is compared with what follows each WHEN.
        } else if is(BEGINS) || sets_columns {
            self.next(true);
            self.part.is_in_list |= is(&[b"select"]) || sets_columns;
        } else if is(ENDS) {
            self.next(false);
        } else if is(JOINS) {
            self.part.is_joined = true;
            self.part.is_between |= is(&[b"between"]);
        }
        self.decide();
    }

    /// Handles a sign. `is_behind_word` is whether a keyword or name is the token before.
    pub(super) fn sign(&mut self, sign: u8, is_behind_word: bool) {
        match sign {
            b'(' if is_behind_word => self.open(Kind::Call),
            b'(' => self.open(Kind::Bracket),
            b')' => {
                while self.part.kind == Kind::Case {
                    self.close();
                }
                self.close();
            }
            b',' if self.part.is_in_list => self.next(self.part.is_active),
            b';' => (self.part, self.outer) = Default::default(),
            b'=' | b'<' | b'>' | b'!' | b'|' => self.part.is_joined = true,
            _ => {}
        }
        self.decide();
    }

    pub(super) fn text(&mut self, range: &Range<usize>) {
        if self.part.is_active {
            extend(&mut self.part.texts, range);
            self.decide();
        }
    }

    pub(super) fn number(&mut self, range: &Range<usize>) {
        if self.part.is_active {
            extend(&mut self.part.numbers, range);
            self.decide();
        }
    }

    pub(super) fn placeholder(&mut self) {
        self.part.has_placeholder |= self.part.is_active;
        self.decide();
    }

    /// The literals that were found to be secret since the last call.
    pub(super) fn take_hidden(&mut self) -> std::vec::Drain<'_, Range<usize>> {
        self.hidden.drain(..)
    }

    /// Another part begins, in the same brackets.
    fn next(&mut self, is_active: bool) {
        self.part = Part {
            kind: self.part.kind,
            is_active,
            is_in_list: self.part.is_in_list,
            is_named_before: self.part.is_named_before || self.part.names_password,
            is_joined: self.part.kind == Kind::Case,
            ..Part::default()
        };
    }

    fn open(&mut self, kind: Kind) {
        // Deeper brackets count as part of the expression around them.
        if self.outer.len() < DEEPEST {
            let inner = Part {
                kind,
                is_active: self.part.is_active,
                is_joined: kind == Kind::Call,
                ..Part::default()
            };
            self.outer.push(std::mem::replace(&mut self.part, inner));
        }
    }

    /// What stands in brackets is part of the expression around them.
    fn close(&mut self) {
        let Some(outer) = self.outer.pop() else {
            return;
        };
        let inner = std::mem::replace(&mut self.part, outer);
        let part = &mut self.part;
        part.names_password |= inner.names_password || inner.is_named_before;
        if inner.kind != Kind::Call {
            part.names_directly |= inner.names_directly || inner.is_named_before;
        }
        if part.is_active {
            part.has_placeholder |= inner.has_placeholder;
            if let Some(texts) = &inner.texts {
                extend(&mut part.texts, texts);
            }
            if let Some(numbers) = inner.numbers.filter(|_| inner.kind != Kind::Call) {
                extend(&mut part.numbers, &numbers);
            }
        }
    }

    /// Hides what the part compares with a password.
    fn decide(&mut self) {
        let part = &mut self.part;
        if !(part.is_active && part.is_joined && part.names_password) {
            return;
        }
        self.hidden.extend(part.texts.take());
        if part.names_directly {
            self.hidden.extend(part.numbers.take());
        }
        self.hides_parameters |= part.has_placeholder;
    }
}

fn extend(range: &mut Option<Range<usize>>, by: &Range<usize>) {
    let start = range.as_ref().map_or(by.start, |range| range.start);
    *range = Some(start..by.end);
}

/// How many brackets in brackets are followed.
const DEEPEST: usize = 64;

/// What begins another part of an expression.
const BEGINS: &[&[u8]] = &[
    b"select", b"where", b"having", b"on", b"when", b"if", b"elseif", b"while", b"until", b"and",
    b"or", b"xor", b"not", b"do", b"call", b"return",
];

/// What ends an expression.
const ENDS: &[&[u8]] = &[
    b"from", b"group", b"order", b"limit", b"into", b"union", b"values", b"value", b"exists",
    b"join", b"window",
];

/// What joins the parts of an expression beside signs.
const JOINS: &[&[u8]] = &[
    b"in", b"like", b"rlike", b"regexp", b"between", b"against", b"escape", b"of", b"collate",
];
