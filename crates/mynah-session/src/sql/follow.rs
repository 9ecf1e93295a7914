//! Follows the settings by which statements are parsed, as statements and the server's answers change them.

use mynah_classic::StatusFlags;
use mynah_classic::response::SessionStateChange;
use mynah_classic::tables::Collation;
use mynah_sql::{Characters, Reading, TokenKind, Tokens, literal};

use super::{Settings, names};
use crate::placeholders::Dialect;

impl Settings {
    /// The settings right after a login. `collation` is the id that the client named, which stands for its
    /// character set; if the server doesn't know it, the server's `default` holds.
    #[must_use]
    pub fn of_login(server: Dialect, collation: u16, default: u16) -> Self {
        let mut settings = Self {
            server,
            ..Self::default()
        };
        let named = server.collation(collation);
        settings.follow_collation(named.or_else(|| server.collation(default)));
        settings
    }

    /// Sets the client's character set to that of a collation, or to unknown.
    fn follow_collation(&mut self, collation: Option<&'static Collation>) {
        self.character_set = collation.map(|known| known.character_set);
        self.characters = self.character_set.map(Characters::of);
    }

    /// To be called when a statement is sent: the settings that it may change are unknown until it is answered. Returns
    /// whether there are any; then call [`settle`](Self::settle) after the statement has succeeded.
    pub fn unsettle(&mut self, sql: &[u8]) -> bool {
        if !names::SETTINGS.are_in(sql) {
            return false;
        }
        // A procedure may change anything.
        let runs_others = names::RUNS.are_in(sql);
        if runs_others || names::SQL_MODE.are_in(sql) {
            (self.ansi_quotes, self.no_backslash_escapes) = (None, None);
        }
        if runs_others || names::CHARACTER_SET.are_in(sql) {
            self.follow_collation(None);
        }
        true
    }

    /// To be called when a statement for which [`unsettle`](Self::unsettle) returned `true` has succeeded and
    /// no other has been sent since: applies what the statement changed, as far as its text shows that.
    pub fn settle(&mut self, sql: &[u8]) {
        if names::SQL_MODE.are_in(sql) || names::CHARACTER_SET.are_in(sql) {
            self.follow_set(sql);
        }
    }

    /// Applies the status flags at the end of an answer: one of them shows whether NO_BACKSLASH_ESCAPES is on.
    pub fn follow_status(&mut self, flags: StatusFlags) {
        // Of the modes that change how statements are read, status flags have only this one.
        self.no_backslash_escapes = Some(flags.contains(StatusFlags::NO_BACKSLASH_ESCAPES));
    }

    /// Applies a change of session state (SESSION_TRACK) from the server's answer.
    pub fn follow_change(&mut self, change: &SessionStateChange) {
        let SessionStateChange::SystemVariable { name, value } = change else {
            return;
        };
        let value = String::from_utf8_lossy(value);
        match &name[..] {
            b"character_set_client" => {
                let product = self.server.product();
                self.follow_collation(Collation::by_character_set(product, &value));
                self.characters = Some(Characters::of(&value));
            }
            b"sql_mode" => self.ansi_quotes = Some(has_ansi_quotes(&value)),
            _ => {}
        }
    }

    /// Applies a SET statement that stands alone in its text.
    fn follow_set(&mut self, sql: &[u8]) {
        let reading = Reading {
            characters: self.characters.unwrap_or_default(),
            ..self.server.into()
        };
        let mut words = Tokens::new(sql, reading).map(|token| {
            let text = sql.get(token.range).unwrap_or_default();
            match token.kind {
                TokenKind::Text | TokenKind::Name => literal::content(text, reading),
                _ => text.to_ascii_lowercase(),
            }
        });
        // Only a SET changes settings in a way that its text shows.
        if words.next().as_deref() != Some(b"set") {
            return;
        }
        let mut words: Vec<_> = words.take(MOST_WORDS).collect();
        while words.last().is_some_and(|last| last == b";") {
            words.pop();
        }
        // A SET of several statements, or a very long one, isn't followed; what it changes stays unknown.
        if words.len() == MOST_WORDS || words.iter().any(|word| word == b";") {
            return;
        }
        let value = |at: usize| {
            let rest = words.get(at..)?;
            let rest = rest
                .iter()
                .skip_while(|word| matches!(&word[..], b"=" | b":"));
            rest.map(|value| String::from_utf8_lossy(value).into_owned())
                .next()
        };
        // A scope without `@@` also holds for the variables behind it that have none.
        let mut is_global = false;
        for (at, word) in words.iter().enumerate() {
            match &word[..] {
                b"global" | b"persist" | b"persist_only" => is_global = true,
                b"session" | b"local" => is_global = false,
                _ => {}
            }
            // What later sessions begin with says nothing of this one. Its own value stays unknown.
            if is_global {
                continue;
            }
            let named = match &word[..] {
                b"names" | b"charset" | b"character_set_client" => value(at + 1),
                b"character" => value(at + 2),
                _ => None,
            };
            if let Some(name) = named {
                let product = self.server.product();
                self.follow_collation(Collation::by_character_set(product, &name));
            }
            if word == b"sql_mode" {
                // An expression may come to anything.
                let is_whole = words.get(at + 1..).is_some_and(|rest| {
                    rest.iter()
                        .filter(|word| !matches!(&word[..], b"=" | b":"))
                        .count()
                        == 1
                });
                let value =
                    value(at + 1).filter(|value| is_whole && !value.starts_with(['@', '(']));
                self.ansi_quotes = value.map(|value| has_ansi_quotes(&value));
            }
        }
    }
}

/// Whether a `sql_mode` includes ANSI_QUOTES, by itself or in a combined mode such as ANSI.
fn has_ansi_quotes(sql_mode: &str) -> bool {
    let modes = sql_mode.to_ascii_uppercase();
    modes.split(',').any(|mode| {
        let names = [
            "ANSI",
            "ANSI_QUOTES",
            "DB2",
            "MAXDB",
            "MSSQL",
            "ORACLE",
            "POSTGRESQL",
        ];
        names.contains(&mode.trim())
    })
}

/// How many words are looked at.
const MOST_WORDS: usize = 64;
