//! Statements in pieces: enough of SQL to know what clients ask by themselves.

use std::borrow::Cow;
use std::ops::Range;

/// The pieces of a statement, without its comments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tokens<'a> {
    /// The statement, in which comments are blanks; what only servers run isn't one.
    text: Cow<'a, str>,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    kind: TokenKind,
    place: Range<usize>,
}

/// What a comment that servers run begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// `/*M!`
    pub(super) is_for_mariadb: bool,
    /// The version from which on servers run it; 0 for all.
    pub(super) version: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a keyword, a variable, a number.
    Word,
    /// `'…'` or `"…"`.
    Text,
    /// `` `…` ``
    Name,
    /// The so-manieth `?`, from 0.
    Placeholder(usize),
    /// Any other character.
    Sign,
}

impl<'a> Tokens<'a> {
    /// Takes a statement apart; nothing if it is too long to be one of these, or not UTF-8. Comments
    /// that servers run are part of it, if `is_run` says so of the version they are for; MariaDB's have
    /// none, or one of its own.
    pub(super) fn of(statement: &'a [u8], is_run: &dyn Fn(Mark) -> bool) -> Option<Self> {
        if statement.len() > LONGEST {
            return None;
        }
        let text = without_comments(str::from_utf8(statement).ok()?, is_run);
        let mut tokens = Vec::new();
        let mut at = 0;
        let mut placeholders = 0;
        while let Some((mut kind, place)) = next_token(&text, at) {
            at = place.end;
            if kind == TokenKind::Sign && text.get(place.clone()) == Some("?") {
                kind = TokenKind::Placeholder(placeholders);
                placeholders += 1;
            }
            tokens.push(Token { kind, place });
        }
        while let Some(last) = tokens.last()
            && text.get(last.place.clone()) == Some(";")
        {
            tokens.pop();
        }
        Some(Self { text, tokens })
    }

    /// Whether nothing is said outside of comments.
    pub(super) fn are_comments(&self) -> bool {
        self.tokens.is_empty() && matches!(self.text, Cow::Owned(_))
    }

    /// All of them.
    pub(super) fn all(&self) -> Slice<'_> {
        Slice {
            text: &self.text,
            tokens: &self.tokens,
        }
    }
}

/// Some pieces of a statement that follow each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Slice<'a> {
    pub(super) fn len(self) -> usize {
        self.tokens.len()
    }

    pub(super) fn is_empty(self) -> bool {
        self.tokens.is_empty()
    }

    /// The piece at `index` as it stands there.
    pub(super) fn get(self, index: usize) -> Option<(TokenKind, &'a str)> {
        let token = self.tokens.get(index)?;
        Some((token.kind, self.text.get(token.place.clone())?))
    }

    /// Whether the piece at `index` is this keyword, variable or sign.
    pub(super) fn is(self, index: usize, word: &str) -> bool {
        self.get(index).is_some_and(|(kind, text)| {
            matches!(kind, TokenKind::Word | TokenKind::Sign) && text.eq_ignore_ascii_case(word)
        })
    }

    /// What is behind this word, if it stands first.
    pub(super) fn after(self, word: &str) -> Option<Self> {
        match self.is(0, word) {
            true => self.from(1),
            false => None,
        }
    }

    /// What is behind the first of these words, if one stands first; else everything.
    pub(super) fn after_any(self, words: &[&str]) -> Self {
        let found = words.iter().find_map(|word| self.after(word));
        found.unwrap_or(self)
    }

    /// From a piece on.
    pub(super) fn from(self, start: usize) -> Option<Self> {
        let tokens = self.tokens.get(start..)?;
        Some(Self { tokens, ..self })
    }

    /// Up to a piece.
    pub(super) fn to(self, end: usize) -> Self {
        let tokens = self.tokens.get(..end).unwrap_or(self.tokens);
        Self { tokens, ..self }
    }

    /// Where this word stands outside of parentheses.
    pub(super) fn position(self, word: &str) -> Option<usize> {
        let mut depth = 0_usize;
        (0..self.len()).find(|index| {
            match self.get(*index) {
                Some((TokenKind::Sign, "(")) => depth += 1,
                Some((TokenKind::Sign, ")")) => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.is(*index, word)
        })
    }

    /// What stands between the parentheses that this begins with, and what is behind them.
    pub(super) fn parenthesized(self) -> Option<(Self, Self)> {
        let inner = self.after("(")?;
        let end = inner.closing()?;
        Some((inner.to(end), inner.from(end + 1)?))
    }

    /// Where a parenthesis closes that isn't opened here.
    fn closing(self) -> Option<usize> {
        let mut depth = 0_usize;
        (0..self.len()).find(|index| match self.get(*index) {
            Some((TokenKind::Sign, "(")) => {
                depth += 1;
                false
            }
            Some((TokenKind::Sign, ")")) => match depth.checked_sub(1) {
                Some(outer) => {
                    depth = outer;
                    false
                }
                None => true,
            },
            _ => false,
        })
    }

    /// What stands between the commas that stand outside of parentheses.
    pub(super) fn items(self) -> Vec<Self> {
        let (mut items, mut rest) = (Vec::new(), self);
        while let Some(comma) = rest.position(",") {
            items.push(rest.to(comma));
            let Some(behind) = rest.from(comma + 1) else {
                break;
            };
            rest = behind;
        }
        items.push(rest);
        items
    }

    /// The text from the first piece to the last, as it stands there.
    pub(super) fn as_written(self) -> &'a str {
        let (Some(first), Some(last)) = (self.tokens.first(), self.tokens.last()) else {
            return "";
        };
        self.text
            .get(first.place.start..last.place.end)
            .unwrap_or("")
    }

    /// The same for whatever case and blanks it is written with.
    pub(super) fn canonical(self) -> String {
        let pieces = (0..self.len()).filter_map(|index| self.get(index));
        let pieces = pieces.map(|(kind, text)| match kind {
            TokenKind::Word | TokenKind::Sign | TokenKind::Placeholder(_) => text.to_lowercase(),
            TokenKind::Text => format!("'{}'", unquoted(text)),
            TokenKind::Name => unquoted(text),
        });
        pieces.collect::<Vec<_>>().join(" ")
    }

    /// The text at `index` as a server takes it.
    pub(super) fn unescaped(self, index: usize) -> Option<String> {
        let (kind, text) = self.get(index)?;
        (kind == TokenKind::Text).then(|| without_escapes(text))
    }

    /// The piece at `index` without quotes.
    pub(super) fn plain(self, index: usize) -> Option<String> {
        let (kind, text) = self.get(index)?;
        Some(match kind {
            TokenKind::Word | TokenKind::Sign | TokenKind::Placeholder(_) => text.to_owned(),
            TokenKind::Text | TokenKind::Name => unquoted(text),
        })
    }
}

/// What is between quotes as a server takes it. Backslashes before `%` and `_` stay, for patterns.
fn without_escapes(text: &str) -> String {
    let mut inner = text.chars();
    let quote = inner.next().unwrap_or('\'');
    inner.next_back();
    let (mut plain, mut inner) = (String::new(), inner.peekable());
    while let Some(char) = inner.next() {
        match char {
            '\\' => match inner.next() {
                Some('0') => plain.push('\0'),
                Some('b') => plain.push('\u{8}'),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some('t') => plain.push('\t'),
                Some('Z') => plain.push('\u{1a}'),
                Some(wild @ ('%' | '_')) => plain.extend(['\\', wild]),
                Some(other) => plain.push(other),
                None => {}
            },
            char if char == quote => {
                inner.next_if_eq(&quote);
                plain.push(char);
            }
            char => plain.push(char),
        }
    }
    plain
}

/// What is between quotes. Backslashes stay, as patterns need them, but for one before a quote.
fn unquoted(text: &str) -> String {
    let mut inner = text.chars();
    let quote = inner.next().unwrap_or('\'');
    inner.next_back();
    let mut plain = String::new();
    let mut inner = inner.peekable();
    while let Some(char) = inner.next() {
        match (char, inner.peek()) {
            ('\\', Some(next)) if *next == quote && quote != '`' => continue,
            (char, Some(next)) if char == quote && *next == quote => {
                inner.next();
            }
            _ => {}
        }
        plain.push(char);
    }
    plain
}

fn next_token(text: &str, at: usize) -> Option<(TokenKind, Range<usize>)> {
    let rest = text.get(at..)?;
    let start = at + (rest.len() - rest.trim_start().len());
    let rest = text.get(start..)?;
    let first = rest.chars().next()?;
    let (kind, len) = match first {
        '\'' | '"' => (TokenKind::Text, quoted_len(rest, first)),
        '`' => (TokenKind::Name, quoted_len(rest, first)),
        first if is_word(first) => {
            let end = rest.find(|char| !is_word(char)).unwrap_or(rest.len());
            (TokenKind::Word, end)
        }
        sign => (TokenKind::Sign, sign.len_utf8()),
    };
    Some((kind, start..start + len))
}

/// With both quotes; to the end of the text if there is only one.
fn quoted_len(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((index, char)) = chars.next() {
        if char == '\\' && quote != '`' {
            chars.next();
        } else if char == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => {
                    chars.next();
                }
                _ => return index + char.len_utf8(),
            }
        }
    }
    text.len()
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '$' | '@' | '.')
}

/// Comments as blanks; of those that servers run, only their marks.
fn without_comments<'a>(text: &'a str, is_run: &dyn Fn(Mark) -> bool) -> Cow<'a, str> {
    if !["/*", "--", "#"].iter().any(|mark| text.contains(mark)) {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut at, mut in_server_comment) = (String::new(), 0, false);
    while let Some(rest) = text.get(at..)
        && let Some(first) = rest.chars().next()
    {
        let len = match first {
            '\'' | '"' | '`' => {
                let len = quoted_len(rest, first);
                kept.push_str(rest.get(..len).unwrap_or(""));
                len
            }
            '/' if rest.starts_with("/*!") || rest.starts_with("/*M!") => {
                let (mark, len) = mark(rest);
                kept.push(' ');
                match is_run(mark) {
                    true => {
                        in_server_comment = true;
                        len
                    }
                    false => rest.find("*/").map_or(rest.len(), |end| end + 2),
                }
            }
            '*' if in_server_comment && rest.starts_with("*/") => {
                in_server_comment = false;
                kept.push(' ');
                2
            }
            '/' if rest.starts_with("/*") => {
                kept.push(' ');
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            '#' => line_len(rest, &mut kept),
            '-' if rest.starts_with("-- ") || rest.starts_with("--\n") || rest == "--" => {
                line_len(rest, &mut kept)
            }
            other => {
                kept.push(other);
                other.len_utf8()
            }
        };
        at += len;
    }
    Cow::Owned(kept)
}

/// The mark at the start of a comment that servers run, and its length.
fn mark(comment: &str) -> (Mark, usize) {
    let is_for_mariadb = comment.starts_with("/*M!");
    let start = if is_for_mariadb { 4 } else { 3 };
    let digits = comment.get(start..).unwrap_or("");
    let end = digits.find(|char: char| !char.is_ascii_digit());
    let digits = digits.get(..end.unwrap_or(digits.len())).unwrap_or("");
    let mark = Mark {
        is_for_mariadb,
        version: if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(u32::MAX)
        },
    };
    (mark, start + digits.len())
}

fn line_len(rest: &str, kept: &mut String) -> usize {
    kept.push(' ');
    rest.find('\n').map_or(rest.len(), |end| end + 1)
}

/// What clients ask by themselves is shorter.
const LONGEST: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(statement: &str) -> String {
        Tokens::of(statement.as_bytes(), &|_| true)
            .unwrap()
            .all()
            .canonical()
    }

    #[test]
    fn case_blanks_and_comments_do_not_matter() {
        for (statement, want) in [
            (
                "SELECT  @@Version_Comment\n LIMIT 1;",
                "select @@version_comment limit 1",
            ),
            ("/* by x */select 1 -- one\n+ 2 # two", "select 1 + 2"),
            ("SHOW /*!40103 GLOBAL*/ VARIABLES", "show global variables"),
            (
                "select '/* A */', \"it''s\", `B c`",
                "select '/* A */' , 'it''s' , B c",
            ),
            ("select 'it''s', 'it\\'s'", "select 'it's' , 'it's'"),
            ("select $$", "select $$"),
            ("select '", "select ''"),
            ("", ""),
        ] {
            assert_eq!(canonical(statement), want, "{statement}");
        }
    }

    #[test]
    fn items_stand_between_commas_outside_of_parentheses() {
        let tokens = Tokens::of(b"a(1, 2), b , (c, (d))", &|_| true).unwrap();
        let items: Vec<_> = tokens
            .all()
            .items()
            .iter()
            .map(|item| item.as_written())
            .collect();
        assert_eq!(items, ["a(1, 2)", "b", "(c, (d))"]);
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart(text in ".{0,80}") {
            if let Some(tokens) = Tokens::of(text.as_bytes(), &|_| true) {
                let all = tokens.all();
                let _items = all.items();
                prop_assert!(all.as_written().len() <= tokens.text.len());
                let _canonical = all.canonical();
            }
        }
    }
}
