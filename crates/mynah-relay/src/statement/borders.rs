use std::ops::Range;

use mynah_session::sql::{Secrets, Settings};
use mynah_sql::{Token, TokenKind, Tokens};

/// Whether a statement that has one byte, a placeholder, in place of each of its secrets is read as the statement itself
/// is. It isn't if a secret has one quote of a literal: what was in a literal may then be read as a name.
pub(super) fn are_kept(
    sql: &[u8],
    secrets: &Secrets,
    replaced: &[u8],
    settings: &Settings,
) -> bool {
    let pieces = pieces(sql.len(), &secrets.ranges);
    settings.readings(sql).into_iter().all(|reading| {
        let tokens: Vec<Token> = Tokens::new(sql, reading).collect();
        Tokens::new(replaced, reading)
            // In a text, nothing is read as a name.
            .filter(|token| token.kind != TokenKind::Text)
            .all(|token| is_of_one(&token, &pieces, &tokens))
    })
}

/// A part of the statement without secrets.
struct Piece {
    /// Where it is in the statement with placeholders.
    range: Range<usize>,
    /// Where it begins in the statement itself.
    start: usize,
}

fn pieces(len: usize, secrets: &[Range<usize>]) -> Vec<Piece> {
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    for secret in secrets {
        let end = at + secret.start.saturating_sub(start);
        pieces.push(Piece {
            range: at..end,
            start,
        });
        (start, at) = (secret.end, end + PLACEHOLDER.len());
    }
    let end = at + len.saturating_sub(start);
    pieces.push(Piece {
        range: at..end,
        start,
    });
    pieces
}

/// Whether all of a token, but for placeholders in it, is of one token of the statement, and not of a text.
fn is_of_one(token: &Token, pieces: &[Piece], tokens: &[Token]) -> bool {
    let first = pieces.partition_point(|piece| piece.range.end <= token.range.start);
    let pieces = pieces.get(first..).unwrap_or_default();
    let mut parts = pieces
        .iter()
        .take_while(|piece| piece.range.start < token.range.end)
        .map(|piece| {
            let start = token.range.start.max(piece.range.start) - piece.range.start;
            let end = token.range.end.min(piece.range.end) - piece.range.start;
            piece.start + start..piece.start + end
        })
        .filter(|part| !part.is_empty());
    let Some(part) = parts.next() else {
        return true;
    };
    let index = tokens.partition_point(|own| own.range.end <= part.start);
    let Some(own) = tokens.get(index) else {
        return false;
    };
    let has = |part: Range<usize>| own.range.start <= part.start && part.end <= own.range.end;
    own.kind != TokenKind::Text && has(part) && parts.all(has)
}

/// What stands in place of a secret.
pub(super) const PLACEHOLDER: &str = "?";
