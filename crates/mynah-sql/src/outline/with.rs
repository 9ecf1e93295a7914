//! The names that WITH clauses define, which are no tables.

use super::level::With;
use super::walk::Walk;
use crate::lexeme::Lexeme;

impl Walk<'_> {
    /// Reads the names that a WITH clause defines, up to the statement that uses them.
    pub(super) fn with_clause(&mut self) {
        self.begin_with();
        loop {
            let is_outside = self.outer.is_empty();
            let (after, none) = match &self.level.with {
                With::After { .. } => (true, false),
                With::None => (false, true),
                _ => (false, false),
            };
            let Some(next) = self.cursor.peek(0) else {
                return;
            };
            let continues = next.is_sign(b',') || next.is(b"CYCLE");
            if next.is_sign(b';') || (is_outside && (none || (after && !continues))) {
                self.level.with = With::None;
                return;
            }
            if let Some(next) = self.cursor.next() {
                self.step(&next);
            }
        }
    }

    pub(super) fn begin_with(&mut self) {
        let recursive = self.cursor.skip(b"RECURSIVE");
        let level = &mut self.level;
        level.end_tables();
        level.with = With::Name { recursive };
    }

    /// Follows a WITH clause. Returns whether the token belongs to it.
    pub(super) fn in_with(&mut self, next: &Lexeme) -> bool {
        let with = std::mem::take(&mut self.level.with);
        let (with, opens) = match with {
            With::None => return false,
            With::Name { recursive } if next.is_name() => {
                let name = self.cursor.content(next);
                if recursive {
                    // Its own query may use it.
                    self.level.ctes.push(name.clone());
                }
                let has_as = false;
                (
                    With::Named {
                        recursive,
                        name,
                        has_as,
                    },
                    false,
                )
            }
            With::Named {
                recursive, name, ..
            } if next.is(b"AS") => {
                let has_as = true;
                (
                    With::Named {
                        recursive,
                        name,
                        has_as,
                    },
                    false,
                )
            }
            With::Named {
                recursive,
                name,
                has_as: true,
            } if next.is_sign(b'(') => (With::Query { recursive, name }, true),
            named @ With::Named { .. } if next.is_sign(b'(') => (named, true),
            With::After { recursive } if next.is_sign(b',') => (With::Name { recursive }, false),
            With::After { recursive } if next.is(b"CYCLE") => (With::Cycle { recursive }, false),
            With::Cycle { recursive } if next.is(b"RESTRICT") => (With::After { recursive }, false),
            cycle @ With::Cycle { .. } => (cycle, false),
            _ => return false,
        };
        self.level.with = with;
        if opens {
            self.open();
        }
        true
    }

    /// Whether a WITH defines names for a query, and isn't that of WITH ROLLUP and the like.
    pub(super) fn comes_with(&mut self) -> bool {
        if self.cursor.comes(b"RECURSIVE") {
            return true;
        }
        let is_named = self.cursor.peek(0).is_some_and(Lexeme::is_name);
        let is_defined = |next: &Lexeme| next.is(b"AS") || next.is_sign(b'(');
        is_named && self.cursor.peek(1).is_some_and(is_defined)
    }

    /// Whether a WITH clause has defined a name here.
    pub(super) fn is_defined(&self, name: &[u8]) -> bool {
        let levels = self.outer.iter().chain([&self.level]);
        let mut ctes = levels.flat_map(|level| &level.ctes);
        ctes.any(|cte| cte.eq_ignore_ascii_case(name))
    }
}
