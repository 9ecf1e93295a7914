//! Goes through a statement once.

use std::ops::Range;

use super::verb::Verb;
use super::{MOST_RANGES, Secrets, content};
use crate::sql::{Reading, Token, TokenKind, Tokens, is_password_name, literal, names};

/// What one reading of a statement comes to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) secrets: Secrets,
    /// Whether the statement has no end, or can't be told for sure.
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
    found: Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Armed {
    No,
    /// A word that says password: what follows tells whether a value does.
    Maybe,
    /// PASSWORD FOR: an account, and then the value.
    Account,
    Yes,
    /// Behind the comma that follows a value.
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
            found: Found::default(),
        }
    }

    pub(super) fn find(mut self) -> Found {
        let mut count = 0;
        while let Some(token) = self.tokens.next() {
            count += 1;
            let goes_on = self.take(&token);
            let [_, last] = std::mem::take(&mut self.before);
            self.before = [last, Some(token)];
            if !goes_on {
                break;
            }
        }
        self.end_statement();
        self.found.is_torn |= self.tokens.is_torn();
        self.found.is_open = count > 1 && matches!(self.armed, Armed::Yes | Armed::Account);
        self.found
    }

    /// Says whether more of the statement is to be looked at.
    fn take(&mut self, token: &Token) -> bool {
        let expects = std::mem::take(&mut self.expects);
        match token.kind {
            TokenKind::Text => self.text(token),
            TokenKind::Number => self.number(token),
            TokenKind::Placeholder => {
                let is_value = matches!(self.armed, Armed::Yes | Armed::Maybe);
                self.found.secrets.parameters |= is_value || self.hides_all();
                if self.armed == Armed::Maybe {
                    self.armed = Armed::Yes;
                }
            }
            TokenKind::Word | TokenKind::Name => {
                if expects && !self.is_value(token) {
                    self.hide(token.range.start..self.sql.len());
                    return false;
                }
                self.word(token);
            }
            TokenKind::Sign(sign) => self.sign(sign),
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
        if let [b'0', b'x' | b'X', digits @ ..] = self.slice(&range)
            && let Some(content) = literal::hex(digits)
        {
            self.look_into(&content, range);
        }
    }

    /// A text that is no password itself, but may have one in it.
    fn look_into(&mut self, content: &[u8], range: Range<usize>) {
        if self.joined.len() < MOST_JOINED {
            self.joined.extend_from_slice(content);
        }
        let start = self.texts.take().map_or(range.start, |texts| texts.start);
        self.texts = Some(start..range.end);
        let digits = literal::hex(content).filter(|bytes| bytes.len() >= SHORTEST_HEX);
        let inner = digits.as_deref().unwrap_or(content);
        if content::has_password(inner, self.reading, self.nested)
            || (self.verb == Verb::Run && self.is_behind_base64())
        {
            self.hide(range);
            self.all = true;
        } else if content::is_name_of_password(content) {
            // Of a pair of arguments, or of a field of JSON.
            self.all |= content.starts_with(b"$");
            if self.depth > 0 && self.verb != Verb::Query {
                self.all_in_call = Some(self.all_in_call.unwrap_or(self.depth));
            }
            let mut rest = self.tokens.clone();
            match rest.next().map(|next| next.kind) {
                Some(TokenKind::Sign(b':' | b'=')) => self.arm(Armed::Maybe),
                Some(TokenKind::Sign(b',')) if self.depth > 0 && self.is_called() => {
                    self.all_in_call = Some(self.all_in_call.unwrap_or(self.depth));
                }
                _ => {}
            }
        }
    }

    fn is_behind_base64(&self) -> bool {
        self.before.iter().flatten().any(|token| {
            self.slice(&token.range)
                .eq_ignore_ascii_case(b"from_base64")
        })
    }

    /// Whether the bracket that was opened last is one of a function's arguments; only the first of
    /// them is told so.
    fn is_called(&self) -> bool {
        let [name, open] = &self.before;
        let is_open = matches!(
            open,
            Some(Token {
                kind: TokenKind::Sign(b'(' | b','),
                ..
            })
        );
        is_open && name.is_some()
    }

    fn word(&mut self, token: &Token) {
        let quoted = self.slice(&token.range);
        let name;
        let word = match token.kind {
            TokenKind::Name => {
                name = literal::content(quoted, self.reading);
                &name[..]
            }
            _ => quoted,
        };
        let is = |words: &[&[u8]]| words.iter().any(|other| word.eq_ignore_ascii_case(other));
        if self.verb == Verb::None {
            self.verb = Verb::of(word);
        }
        if self.armed == Armed::Between {
            self.armed = Armed::No;
        }
        if token.kind == TokenKind::Word && is(&[b"identified"]) {
            return self.arm(Armed::Yes);
        }
        let follows_by = self.is_before(&[b"by", b"to"]);
        if is(&[b"random"]) && follows_by && self.armed != Armed::No {
            self.found.secrets.answer = true;
        }
        if self.verb == Verb::Insert
            && self.lists_password
            && is(&[b"values", b"value", b"select", b"row"])
        {
            self.all = true;
        }
        if self.is_table_of_accounts(word) || self.is_call_of_server(word) {
            self.all = true;
        }
        // A password whose word was misspelt.
        if self.verb == Verb::Other && is(&[b"by", b"via", b"using"]) && self.armed == Armed::No {
            return self.arm(Armed::Maybe);
        }
        let is_password = is_password_name(word);
        if is_password
            && self.is_alias()
            && let Some(texts) = self.texts.clone()
        {
            self.hide(texts);
        }
        if is_password && self.armed != Armed::Yes {
            self.lists_password |= self.verb == Verb::Insert;
            return self.arm(Armed::Maybe);
        }
        if is_key_function(word) && self.armed != Armed::Yes {
            return self.arm(Armed::Maybe);
        }
        match self.armed {
            Armed::Maybe if is(&[b"for"]) => self.armed = Armed::Account,
            Armed::Maybe if is(OPERATORS) => self.armed = Armed::Yes,
            Armed::Maybe => self.armed = Armed::No,
            Armed::Yes if is(&[b"by", b"as", b"using"]) => {
                self.expects = !matches!(self.verb, Verb::Query | Verb::Insert);
            }
            _ => {}
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
                // What one statement has prepared another may run.
                (self.all_in_call, self.lists_password) = (None, false);
                return;
            }
            _ => {}
        }
        let takes_word = sign == b'=' && !matches!(self.verb, Verb::Query | Verb::Insert);
        self.armed = match (self.armed, sign) {
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

    /// Whether a word may stand where a value is due: a function, a keyword, a mark of a literal.
    fn is_value(&self, token: &Token) -> bool {
        let word = self.slice(&token.range);
        let next = self.tokens.clone().next();
        let marks_text = next.as_ref().is_some_and(|next| {
            next.kind == TokenKind::Text
                && (next.range.start == token.range.end || word.starts_with(b"_"))
        });
        let is_call = matches!(
            next,
            Some(Token {
                kind: TokenKind::Sign(b'('),
                ..
            })
        );
        let known = VALUES.iter().any(|other| word.eq_ignore_ascii_case(other));
        known || is_call || marks_text
    }

    /// Whether the token before is one of these words.
    fn is_before(&self, words: &[&[u8]]) -> bool {
        let [_, last] = &self.before;
        last.as_ref().is_some_and(|last| {
            let text = self.slice(&last.range);
            words.iter().any(|word| text.eq_ignore_ascii_case(word))
        })
    }

    /// Whether a name is that of an expression before it.
    fn is_alias(&self) -> bool {
        let [_, last] = &self.before;
        let is_behind_value = matches!(
            last,
            Some(Token {
                kind: TokenKind::Text | TokenKind::Number | TokenKind::Sign(b')'),
                ..
            })
        );
        self.verb == Verb::Query && (is_behind_value || self.is_before(&[b"as"]))
    }

    /// `mysql.user` and the like.
    fn is_table_of_accounts(&self, word: &[u8]) -> bool {
        let [schema, dot] = &self.before;
        let is_dot = matches!(
            dot,
            Some(Token {
                kind: TokenKind::Sign(b'.'),
                ..
            })
        );
        let of_mysql = schema.as_ref().is_some_and(|schema| {
            let text = self.slice(&schema.range);
            [&b"mysql"[..], b"`mysql`", b"\"mysql\""]
                .iter()
                .any(|name| text.eq_ignore_ascii_case(name))
        });
        is_dot && of_mysql && is_table_with_passwords(word)
    }

    /// Procedures that servers in a cloud have for replication: `mysql.rds_set_external_master`.
    fn is_call_of_server(&self, word: &[u8]) -> bool {
        if self.verb != Verb::Call {
            return false;
        }
        word.eq_ignore_ascii_case(b"mysql")
            || [&b"rds_"[..], b"az_"].iter().any(|start| {
                word.get(..start.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(start))
            })
    }

    /// A statement may be put together from several texts.
    fn end_statement(&mut self) {
        let joined = std::mem::take(&mut self.joined);
        let texts = self.texts.take();
        let runs = matches!(self.verb, Verb::Run | Verb::Set) || names::find(self.sql, &[b"@"]);
        if let Some(texts) = texts
            && runs
            && content::has_password(&joined, self.reading, self.nested)
        {
            self.hide(texts);
        }
    }

    fn hide(&mut self, range: Range<usize>) {
        self.found.secrets.ranges.push(range);
        if self.found.secrets.ranges.len() > 2 * MOST_RANGES {
            self.found.secrets.merge();
        }
    }

    fn slice(&self, range: &Range<usize>) -> &'a [u8] {
        self.sql.get(range.clone()).unwrap_or_default()
    }
}

/// Tables of the schema `mysql`.
fn is_table_with_passwords(word: &[u8]) -> bool {
    let word: Vec<u8> = word.iter().filter(|&&byte| byte != b'`').copied().collect();
    TABLES.iter().any(|table| word.eq_ignore_ascii_case(table))
}

fn is_key_function(word: &[u8]) -> bool {
    KEY_FUNCTIONS
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

const TABLES: &[&[u8]] = &[
    b"user",
    b"global_priv",
    b"servers",
    b"slave_master_info",
    b"password_history",
];

const KEY_FUNCTIONS: &[&[u8]] = &[
    b"aes_encrypt",
    b"aes_decrypt",
    b"des_encrypt",
    b"des_decrypt",
    b"encrypt",
];

/// What may stand between a name and its value.
const OPERATORS: &[&[u8]] = &[
    b"in", b"like", b"rlike", b"regexp", b"not", b"between", b"collate", b"binary", b"as", b"by",
    b"is",
];

/// What may stand where a value is due.
const VALUES: &[&[u8]] = &[
    b"password",
    b"old_password",
    b"random",
    b"default",
    b"null",
    b"on",
    b"off",
    b"true",
    b"false",
    b"by",
    b"cast",
    b"convert",
];

const MOST_JOINED: usize = 64 * 1024;

/// A number in hexadecimal digits that is shorter is no statement.
const SHORTEST_HEX: usize = 8;
