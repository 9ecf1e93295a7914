//! The tokens of a script, as far as nesting depends on them.

use std::iter::Peekable;
use std::str::CharIndices;

/// What a script is made of, without white space and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    /// A number, a string or a pattern.
    Literal,
    /// A template without expressions, or its end.
    Template,
    /// A template up to an expression in it.
    TemplateOpens,
    Open(char),
    Close(char),
    Semicolon,
    Comma,
    Operator(&'a str),
}

/// A place in a text; both numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

pub(super) struct Tokens<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    /// Of the last character that was read.
    place: Place,
    /// Whether no token was read in this line.
    line_is_empty: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            chars: text.char_indices().peekable(),
            place: Place { line: 1, column: 0 },
            line_is_empty: true,
        }
    }

    /// Where the last character of the last token stands.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// The byte behind the last token.
    pub(super) fn offset(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    /// The next token. A slash begins a pattern if `value` is false, else it divides.
    pub(super) fn next(&mut self, value: bool) -> Option<Token<'a>> {
        loop {
            let (start, c) = self.read()?;
            if c.is_whitespace() || c == '\u{feff}' {
                continue;
            }
            if self.is_html_comment(start) {
                self.comment();
                continue;
            }
            let token = match c {
                '(' | '[' | '{' => Token::Open(c),
                ')' | ']' | '}' => Token::Close(c),
                ';' => Token::Semicolon,
                ',' => Token::Comma,
                '"' | '\'' => self.quoted(c),
                '`' => self.template(),
                '/' => match self.peek() {
                    Some('/') => {
                        self.comment();
                        continue;
                    }
                    Some('*') => {
                        self.long_comment();
                        continue;
                    }
                    _ if value => self.operator(start),
                    _ => self.pattern(),
                },
                '.' if self.peek().is_some_and(|c| c.is_ascii_digit()) => {
                    self.word(start);
                    Token::Literal
                }
                _ if is_of_a_word(c) || c == '\\' => self.word(start),
                _ => self.operator(start),
            };
            self.line_is_empty = false;
            return Some(token);
        }
    }

    /// The rest of a template, behind the `}` of an expression in it.
    pub(super) fn template(&mut self) -> Token<'a> {
        while let Some((_, c)) = self.read() {
            match c {
                '\\' => drop(self.read()),
                '`' => break,
                '$' if self.peek() == Some('{') => {
                    self.read();
                    return Token::TemplateOpens;
                }
                _ => {}
            }
        }
        Token::Template
    }

    fn read(&mut self) -> Option<(usize, char)> {
        let (at, c) = self.chars.next()?;
        if c == '\n' {
            self.place.line += 1;
            self.place.column = 0;
            self.line_is_empty = true;
        } else {
            self.place.column += 1;
        }
        Some((at, c))
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    fn since(&mut self, start: usize) -> &'a str {
        let end = self.offset();
        self.text.get(start..end).unwrap_or_default()
    }

    fn word(&mut self, start: usize) -> Token<'a> {
        let number = self
            .text
            .get(start..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'));
        while let Some(c) = self.peek()
            && (is_of_a_word(c) || c == '\\' || number && c == '.')
        {
            self.read();
        }
        match number {
            true => Token::Literal,
            false => Token::Word(self.since(start)),
        }
    }

    /// The longest operator that begins here.
    fn operator(&mut self, start: usize) -> Token<'a> {
        let rest = self.text.get(start..).unwrap_or_default();
        let long = LONG_OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator));
        for _ in 1..long.map_or(1, |operator| operator.len()) {
            self.read();
        }
        Token::Operator(self.since(start))
    }

    /// A string, whose first quote was read. One that isn't closed ends with its line.
    fn quoted(&mut self, quote: char) -> Token<'a> {
        while let Some((_, c)) = self.read() {
            match c {
                '\\' => drop(self.read()),
                '\n' | '\r' => break,
                c if c == quote => break,
                _ => {}
            }
        }
        Token::Literal
    }

    /// Whether `<!--`, or `-->` at the start of a line, begins at `start`.
    fn is_html_comment(&self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.starts_with("<!--") || self.line_is_empty && rest.starts_with("-->")
    }

    /// The rest of a line.
    fn comment(&mut self) {
        while self.read().is_some_and(|(_, c)| !ends_a_line(c)) {}
    }

    fn long_comment(&mut self) {
        self.read();
        let mut star = false;
        while let Some((_, c)) = self.read() {
            if star && c == '/' {
                return;
            }
            star = c == '*';
        }
    }

    /// A pattern, whose first slash was read.
    fn pattern(&mut self) -> Token<'a> {
        let mut in_class = false;
        while let Some((_, c)) = self.read() {
            match c {
                '\\' => drop(self.read()),
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => break,
                c if ends_a_line(c) => break,
                _ => {}
            }
        }
        Token::Literal
    }
}

fn ends_a_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#' | '@')
}

/// Operators of more than one character, longer ones before those that they begin with.
const LONG_OPERATORS: &[&str] = &[
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=",
    "<=", ">=", "&&", "||", "??", "?.", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "**", "<<", ">>",
];
