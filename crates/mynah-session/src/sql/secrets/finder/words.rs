//! Keywords and names that announce a password behind them.

use mynah_sql::{Token, TokenKind, literal};

use super::{Armed, Finder};
use crate::sql::is_password_name;
use crate::sql::secrets::verb::Verb;

impl Finder<'_> {
    pub(super) fn word(&mut self, token: &Token) {
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
        self.selects |= self.verb == Verb::Query || is(&[b"select"]);
        let is_password = is_password_name(word);
        self.comparisons.word(word, self.verb, is_password);
        if self.armed == Armed::Between {
            self.armed = Armed::No;
        }
        // IDENTIFIED BY needs no name of a password.
        if token.kind == TokenKind::Word && is(&[b"identified"]) {
            return self.arm(Armed::Yes);
        }
        let follows_by = self.is_before(&[b"by", b"to"]);
        // IDENTIFIED BY RANDOM PASSWORD: the server's answer has the password.
        if is(&[b"random"]) && follows_by && self.armed != Armed::No {
            self.found.secrets.answer = true;
        }
        // Which value belongs to which column isn't followed, so all of them are hidden.
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
        // In `SELECT 'x' AS password` the value comes first.
        if is_password && self.is_alias() {
            self.found.secrets.parameters |= self.has_placeholder;
            if let Some(texts) = self.texts.clone() {
                self.hide(texts);
            }
        }
        if is_password && self.armed != Armed::Yes {
            // Whatever a file brings is written to it.
            self.found.secrets.answer |= self.verb == Verb::Insert;
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

    /// Whether the token before is one of these words.
    pub(super) fn is_before(&self, words: &[&[u8]]) -> bool {
        let [_, last] = &self.before;
        last.as_ref().is_some_and(|last| {
            let text = self.slice(&last.range);
            words.iter().any(|word| text.eq_ignore_ascii_case(word))
        })
    }

    /// Whether a name is the alias of the expression before it.
    fn is_alias(&self) -> bool {
        let [_, last] = &self.before;
        let is_behind_value = matches!(
            last,
            Some(Token {
                kind: TokenKind::Text
                    | TokenKind::Number
                    | TokenKind::Placeholder
                    | TokenKind::Sign(b')'),
                ..
            })
        );
        self.selects && (is_behind_value || self.is_before(&[b"as"]))
    }

    /// Whether this is a table of accounts, such as `mysql.user`.
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

    /// Whether this is a procedure of a cloud provider's server that sets up replication, such as
    /// `mysql.rds_set_external_master`.
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
}

/// Whether this is a table of the schema `mysql` with passwords.
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
pub(super) const OPERATORS: &[&[u8]] = &[
    b"in", b"like", b"rlike", b"regexp", b"not", b"between", b"collate", b"binary", b"as", b"by",
    b"is",
];
