//! Goes through the tokens of a statement once.

mod bare;
mod texts;
mod words;

use std::ops::Range;

use mynah_sql::{Reading, Token, TokenKind, Tokens, literal};

use super::comparison::Comparisons;
use super::verb::Verb;
use super::{MOST_RANGES, Secrets};

/// What one reading of a statement comes to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) secrets: Secrets,
    /// Whether the statement has no end, or its passwords can't be found for sure.
    pub(super) is_torn: bool,
    /// Whether it ends where a password is to follow.
    pub(super) is_open: bool,
}

pub(super) struct Finder<'a> {
    sql: &'a [u8],
    reading: Reading,
    /// How many texts this text is in.
    nested: usize,
    tokens: Tokens<'a>,
    armed: Armed,
    /// How many brackets are open, and were where it was armed.
    depth: usize,
    armed_at: usize,
    verb: Verb,
    /// A value is due, so that a word that stands there may be a password without quotes.
    expects: bool,
    /// Every literal is a secret from here on.
    all: bool,
    /// Likewise until this many brackets are closed.
    all_in_call: Option<usize>,
    /// A column of the list that values follow is a password.
    lists_password: bool,
    /// The two tokens before.
    before: [Option<Token>; 2],
    /// The contents of its texts one after the other, and where they stand.
    joined: Vec<u8>,
    texts: Option<Range<usize>>,
    has_placeholder: bool,
    /// There are variables, which may hold statements.
    has_variables: bool,
    /// Whether it is a query, or has one in it.
    selects: bool,
    comparisons: Comparisons,
    found: Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Armed {
    No,
    /// After a word for a password: the next token decides whether a value follows.
    Maybe,
    /// After PASSWORD FOR: an account follows, and then the value.
    Account,
    Yes,
    /// After the comma that follows a value.
    Between,
}

impl<'a> Finder<'a> {
    pub(super) fn new(sql: &'a [u8], reading: Reading, nested: usize) -> Self {
        Self {
            sql,
            reading,
            nested,
            tokens: Tokens::new(sql, reading),
            armed: Armed::No,
            depth: 0,
            armed_at: 0,
            verb: Verb::None,
            expects: false,
            all: false,
            all_in_call: None,
            lists_password: false,
            before: [None, None],
            joined: Vec::new(),
            texts: None,
            has_placeholder: false,
            has_variables: sql.contains(&b'@'),
            selects: false,
            comparisons: Comparisons::default(),
            found: Found::default(),
        }
    }

    pub(super) fn find(mut self) -> Found {
        let mut count = 0;
        // Each round takes one token, and remembers the two before. `armed` is what the words so far say of
        // the next value; `take` ends the walk when a password's end can't be found.
        while let Some(token) = self.tokens.next() {
            count += 1;
            let goes_on = self.take(&token);
            for range in self.comparisons.take_hidden() {
                hide(&mut self.found, range);
            }
            let [_, last] = std::mem::take(&mut self.before);
            self.before = [last, Some(token)];
            if !goes_on {
                break;
            }
        }
        self.end_statement();
        self.found.secrets.parameters |= self.comparisons.hides_parameters;
        self.found.is_torn |= self.tokens.is_torn();
        // A single word isn't a statement that was cut off.
        self.found.is_open = count > 1 && matches!(self.armed, Armed::Yes | Armed::Account);
        self.found
    }

    /// Handles a token. Returns whether the rest of the statement has to be searched.
    fn take(&mut self, token: &Token) -> bool {
        let expects = std::mem::take(&mut self.expects);
        if self.is_bare_value(token, expects) {
            // Its end isn't known, so all that follows is hidden.
            self.hide(token.range.start..self.sql.len());
            return false;
        }
        match token.kind {
            TokenKind::Text => {
                self.comparisons.text(&token.range);
                self.text(token);
            }
            TokenKind::Number => {
                self.comparisons.number(&token.range);
                self.number(token);
            }
            TokenKind::Placeholder => {
                self.comparisons.placeholder();
                // A placeholder in the place of a password: the parameter has to be hidden.
                let is_value = matches!(self.armed, Armed::Yes | Armed::Maybe);
                self.found.secrets.parameters |= is_value || self.hides_all();
                self.has_placeholder = true;
                if self.armed == Armed::Maybe {
                    self.armed = Armed::Yes;
                }
            }
            TokenKind::Word | TokenKind::Name => self.word(token),
            TokenKind::Sign(sign) => {
                self.comparisons.sign(sign, self.is_behind_word());
                self.sign(sign);
                self.expects |= expects && sign == b'(' && self.verb == Verb::Other;
            }
        }
        true
    }

    fn hides_all(&self) -> bool {
        self.all || self.all_in_call.is_some()
    }

    fn text(&mut self, token: &Token) {
        let range = token.range.clone();
        let text = self.slice(&range);
        let is_value = matches!(self.armed, Armed::Yes | Armed::Maybe);
        if is_value {
            self.armed = Armed::Yes;
        } else if self.armed == Armed::Between {
            self.armed = Armed::No;
        }
        if is_value || self.hides_all() {
            return self.hide(range);
        }
        // Not a password itself, but it may be a statement, JSON or an address that has one.
        let content = literal::content(text, self.reading);
        self.look_into(&content, range);
    }

    fn number(&mut self, token: &Token) {
        let range = token.range.clone();
        match self.armed {
            Armed::Yes => return self.hide(range),
            Armed::Between => self.armed = Armed::No,
            _ => {}
        }
        if self.hides_all() {
            return self.hide(range);
        }
        // A text may be written in hexadecimal digits.
        if let [b'0', b'x' | b'X', digits @ ..] = self.slice(&range)
            && let Some(content) = literal::hex(digits)
        {
            self.look_into(&content, range);
        }
    }

    fn arm(&mut self, armed: Armed) {
        self.armed = armed;
        self.armed_at = self.depth;
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'(' => self.depth += 1,
            b')' => {
                self.depth = self.depth.saturating_sub(1);
                if self.all_in_call.is_some_and(|depth| self.depth < depth) {
                    self.all_in_call = None;
                }
            }
            b';' => {
                self.end_statement();
                (self.armed, self.depth, self.verb) = (Armed::No, 0, Verb::None);
                // `all` stays: a later statement may run what an earlier one has prepared.
                (self.all_in_call, self.lists_password, self.selects) = (None, false, false);
                return;
            }
            _ => {}
        }
        let takes_word = sign == b'=' && !matches!(self.verb, Verb::Query | Verb::Insert);
        self.armed = match (self.armed, sign) {
            // An operator turns the name of a password into one whose value is due. In a query the value may
            // be an expression, so only texts count there.
            (
                Armed::Maybe | Armed::Account,
                b'=' | b'(' | b':' | b'<' | b'>' | b'!' | b'|' | b'+',
            ) => {
                self.expects = takes_word;
                Armed::Yes
            }
            (Armed::Yes, b',') if self.depth <= self.armed_at => Armed::Between,
            (Armed::Yes, b')') if self.depth < self.armed_at => Armed::No,
            (Armed::Yes, b'=') => {
                self.expects = takes_word;
                Armed::Yes
            }
            // The account that follows FOR, and variables.
            (Armed::Account | Armed::Yes, _) => self.armed,
            (Armed::Between, b'@') => Armed::Between,
            (Armed::Maybe | Armed::Between | Armed::No, _) => Armed::No,
        };
    }

    fn hide(&mut self, range: Range<usize>) {
        hide(&mut self.found, range);
    }

    fn is_behind_word(&self) -> bool {
        let [_, last] = &self.before;
        let kind = last.as_ref().map(|last| last.kind);
        matches!(kind, Some(TokenKind::Word | TokenKind::Name))
    }

    fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.sql.get(range.clone()).unwrap_or_default()
    }
}

fn hide(found: &mut Found, range: Range<usize>) {
    let secrets = &mut found.secrets;
    secrets.ranges.push(range);
    // A list of very many values must not fill memory.
    if secrets.ranges.len() > 2 * MOST_RANGES {
        secrets.merge();
    }
}
