//! What the fuzz target does with bytes, so that an ordinary test can replay its corpus.

use crate::{
    Characters, Comments, Effect, Effects, Outline, Piece, Pieces, Reading, StatementKind,
    TokenKind, Tokens, Value, literal,
};

/// Fuzz target: cuts a statement, which is read in the way that the first byte says, into pieces. Panics unless
/// they are in order, apart and inside the statement, have only white space between them, and are the statement's
/// tokens and comments, and unless the statement's outline and its effects agree with them.
pub fn pieces(data: &[u8]) {
    let Some((&how, sql)) = data.split_first() else {
        return;
    };
    let bit = |place: u8| how >> place & 1 == 1;
    let comments = match (bit(0), bit(1)) {
        (true, true) => Comments::All,
        (true, false) => Comments::None,
        (false, is_mariadb) => Comments::OfServer {
            version: if is_mariadb { 110_809 } else { 90_704 },
            is_mariadb,
        },
    };
    let reading = Reading {
        ansi_quotes: bit(2),
        no_backslash_escapes: bit(3),
        comments,
        characters: *Characters::ALL
            .get(usize::from(how >> 5))
            .unwrap_or(&Characters::Ascii),
    };
    let mut tokens = Tokens::new(sql, reading);
    let mut end = 0;
    for piece in Pieces::new(sql, reading) {
        let range = match &piece {
            Piece::Token(token) => {
                assert_eq!(Some(token), tokens.next().as_ref());
                token.range.clone()
            }
            Piece::Comment(range) => range.clone(),
        };
        assert!(
            end <= range.start && range.start < range.end && range.end <= sql.len(),
            "{range:?} behind {end} of {}",
            sql.len()
        );
        let between = sql.get(end..range.start).unwrap_or_default();
        assert!(between.iter().all(|byte| b" \t\n\x0b\x0c\r".contains(byte)));
        if let Piece::Token(token) = &piece
            && matches!(token.kind, TokenKind::Text | TokenKind::Name)
        {
            let quoted = sql.get(range.clone()).unwrap_or_default();
            assert!(literal::content(quoted, reading).len() < quoted.len());
        }
        end = range.end;
    }
    assert_eq!(tokens.next(), None);
    outline(sql, reading, tokens.is_torn());
    effects(sql, reading, tokens.is_torn());
    let _versions = Comments::by_versions_in(sql);
}

/// Panics unless a statement's tables are different ones, with names from its text, and unless a statement that isn't
/// certain has no outline.
fn outline(sql: &[u8], reading: Reading, is_torn: bool) {
    let Outline {
        kind,
        tables,
        has_more_tables,
    } = Outline::of(sql, reading);
    assert!(!is_torn || (kind == StatementKind::Unknown && tables.is_empty()));
    assert!(!has_more_tables || tables.len() == 256);
    for (place, table) in tables.iter().enumerate() {
        assert!(!tables.get(..place).unwrap_or_default().contains(table));
        for name in table.schema.iter().chain([&table.name]) {
            assert!(name.len() <= sql.len());
        }
    }
}

/// Panics unless a statement that isn't certain has unknown effects, the effects are the same beside an outline, and
/// the text with another statement behind it has the effects of both.
fn effects(sql: &[u8], reading: Reading, is_torn: bool) {
    let (outline, effects) = Effects::with_outline(sql, reading);
    assert_eq!(outline, Outline::of(sql, reading));
    assert_eq!(effects, Effects::of(sql, reading));
    assert!(!is_torn || effects.has(Effect::Unknown));
    assert!(outline.kind != StatementKind::Empty || effects.is_empty());
    assert!(effects.assignments.len() <= 256);
    for assignment in &effects.assignments {
        if let Value::Literal(range) | Value::Expression(range) = &assignment.value {
            assert!(sql.get(range.clone()).is_some());
        }
    }
    if !is_torn {
        let more = [sql, b"\n;begin; use x"].concat();
        let joined = Effects::of(&more, reading);
        assert!(joined.covers(&effects));
        assert!(joined.has(Effect::Begin) && joined.schema.as_deref() == Some(b"x"));
    }
}
