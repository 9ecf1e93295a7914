//! How deep a script's brackets go. The parser needs native stack for each, and would take
//! the whole process with it if there isn't enough.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

/// Where brackets go too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column } = self;
        write!(
            f,
            "brackets nested deeper than {DEEPEST} at line {line}, col {column}"
        )
    }
}

/// The first bracket that is one too deep, outside of strings, comments and patterns.
pub(super) fn too_deep(text: &str) -> Option<TooDeep> {
    let mut scan = Scan {
        chars: text.chars().peekable(),
        at: TooDeep { line: 1, column: 0 },
        before: Before::Operator,
    };
    let mut depth: usize = 0;
    // The depths at which a template goes on after a `}`.
    let mut templates = Vec::new();
    while let Some(c) = scan.next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            '}' if templates.last() == Some(&depth) => {
                templates.pop();
                depth = depth.saturating_sub(1);
                if scan.template() {
                    depth += 1;
                    templates.push(depth);
                }
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '"' | '\'' => scan.quoted(c),
            '`' if scan.template() => {
                depth += 1;
                templates.push(depth);
            }
            '/' => scan.slash(),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(scan.at);
        }
        scan.note(c);
    }
    None
}

/// The deepest that brackets may go.
const DEEPEST: usize = 200;

struct Scan<'a> {
    chars: Peekable<Chars<'a>>,
    at: TooDeep,
    before: Before,
}

/// What stands before a slash decides what that is.
enum Before {
    /// A pattern follows.
    Operator,
    /// A division follows.
    Value,
    /// A word, which may be either.
    Word { word: String, ended: bool },
}

impl Scan<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            self.at.line += 1;
            self.at.column = 0;
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    /// Remembers what was read, for the next slash.
    fn note(&mut self, c: char) {
        if c == '/' {
            return;
        }
        if c.is_whitespace() {
            if let Before::Word { ended, .. } = &mut self.before {
                *ended = true;
            }
        } else if c.is_alphanumeric() || matches!(c, '_' | '$') {
            match &mut self.before {
                Before::Word { word, ended: false } => word.push(c),
                _ => {
                    self.before = Before::Word {
                        word: c.into(),
                        ended: false,
                    };
                }
            }
        } else if matches!(c, ')' | ']' | '}' | '"' | '\'' | '`') {
            self.before = Before::Value;
        } else {
            self.before = Before::Operator;
        }
    }

    /// Skips a string, whose first quote was read. One that isn't closed ends with its line.
    fn quoted(&mut self, quote: char) {
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                '\n' => return,
                c if c == quote => return,
                _ => {}
            }
        }
    }

    /// Skips a template up to its end, or to an expression in it, which it says.
    fn template(&mut self) -> bool {
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                '`' => return false,
                '$' if self.chars.peek() == Some(&'{') => {
                    self.next();
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    /// Skips what a slash begins: a comment, a pattern, or nothing.
    fn slash(&mut self) {
        match self.chars.peek().copied() {
            Some('/') => while self.next().is_some_and(|c| c != '\n') {},
            Some('*') => {
                self.next();
                let mut star = false;
                while let Some(c) = self.next() {
                    if star && c == '/' {
                        return;
                    }
                    star = c == '*';
                }
            }
            _ if self.pattern_follows() => {
                self.pattern();
                self.before = Before::Value;
            }
            _ => self.before = Before::Operator,
        }
    }

    fn pattern_follows(&self) -> bool {
        match &self.before {
            Before::Operator => true,
            Before::Value => false,
            Before::Word { word, .. } => BEFORE_A_PATTERN.contains(&word.as_str()),
        }
    }

    /// Skips a pattern, whose first slash was read.
    fn pattern(&mut self) {
        let mut in_class = false;
        while let Some(c) = self.next() {
            match c {
                '\\' => drop(self.next()),
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => return,
                '\n' => return,
                _ => {}
            }
        }
    }
}

const BEFORE_A_PATTERN: &[&str] = &[
    "await",
    "case",
    "delete",
    "do",
    "else",
    "in",
    "instanceof",
    "new",
    "of",
    "return",
    "throw",
    "typeof",
    "void",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether brackets that stand behind `before` count as brackets.
    fn counts(before: &str, after: &str) -> bool {
        too_deep(&format!("{before}{}{after}", "(".repeat(DEEPEST + 1))).is_some()
    }

    #[test]
    fn brackets_count_where_they_are_brackets() {
        let cases = [
            ("at the start", "", "", true),
            ("in a string", "'", "'", false),
            ("in a string with an escaped quote", "'\\'", "'", false),
            ("in a string of the other kind", "\"'", "\"", false),
            ("behind a string", "'a'", "", true),
            ("behind a string that isn't closed", "'a\n", "", true),
            ("in a comment", "// ", "\n", false),
            ("behind a comment", "// '\n", "", true),
            ("in a long comment", "/* * / ", "*/", false),
            ("behind a long comment", "/* ' */", "", true),
            ("in a template", "`", "`", false),
            ("in a template's expression", "`${", "}`", true),
            ("behind a template's expression", "`${ {} }", "`", false),
            ("in a template in a template", "`${ `", "` }`", false),
            ("in a pattern", "x = /", "/", false),
            ("in a pattern that is an argument", "f(/", "/)", false),
            ("in a pattern behind a word", "return /", "/", false),
            ("in a pattern behind two words", "else return /", "/", false),
            ("in a class of a pattern", "x = /[/", "]/", false),
            ("behind a pattern with a quote", "x = /'/;", "", true),
            ("behind a division", "a / ", "", true),
            ("behind two divisions", "a / b / ", "", true),
            ("behind a division of brackets", "(a) / ", "", true),
            ("behind a division of a call", "a[0] / 2 + '", "'", false),
        ];
        for (case, before, after, expected) in cases {
            assert_eq!(counts(before, after), expected, "{case}");
        }
    }

    #[test]
    fn brackets_side_by_side_are_not_deep() {
        assert_eq!(too_deep(&"[{()}]".repeat(10_000)), None);
        assert_eq!(too_deep(&")".repeat(10_000)), None);
    }

    #[test]
    fn the_place_is_that_of_the_bracket() {
        let text = format!("a\n b{}", "[".repeat(DEEPEST + 1));
        assert_eq!(
            too_deep(&text),
            Some(TooDeep {
                line: 2,
                column: 203
            })
        );
    }
}
