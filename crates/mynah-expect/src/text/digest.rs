use super::element::takes_literal;
use super::piece::{Kind, Piece, keyword};
use super::pieces::pieces;
use super::reduce::{Reduced, Token};
use mynah_sql::Reading;

/// The version of the digests that [`digest_text`] makes: it changes when a statement's digest does.
pub const DIGEST_VERSION: u32 = 1;

/// The digest of a statement, as `STATEMENT_DIGEST_TEXT` of MySQL 9.7 returns it, but never cut: keywords in
/// capitals, names in back quotes, one blank between tokens, no comments but optimizer hints, `?` in place of
/// literals (numbers of columns behind GROUP BY and ORDER BY are kept) and `...` in place of lists of them. The
/// digest of a digest is the digest itself.
#[must_use]
pub fn digest_text(sql: &str, reading: Reading) -> String {
    let pieces = pieces(sql, reading);
    let pieces = without_end(&pieces);
    let mut reduced = Reduced::default();
    let mut list = ByList::default();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        let after = pieces.get(at + 1);
        list.on_piece(piece, before);
        match piece.kind {
            Kind::Comment if piece.text == LIST_MARK => reduced.push(Token::ListMark),
            Kind::Comment if is_hint(piece, before) => hint(piece, reading, &mut reduced),
            Kind::Comment => {}
            Kind::Number if list.keeps_number(piece, after) && reduced.begins_element() => {
                reduced.push_kept(piece.text);
            }
            Kind::Number => reduced.push(Token::Number),
            Kind::Text | Kind::Placeholder => reduced.push(Token::Value),
            Kind::Introducer => reduced.push(Token::Plain("(_charset)".to_owned())),
            Kind::Name => reduced.push(Token::Name(name(piece.text))),
            // NULL is a value, but also a part of clauses such as IS NULL, which digests keep.
            Kind::Word if piece.is_word_of(&["NULL"]) && takes_literal(before) => {
                reduced.push(Token::Value);
            }
            Kind::Word if piece.is_word_of(&["_CHARSET"]) => {
                reduced.push(Token::Name("_charset".to_owned()));
            }
            Kind::Word => reduced.push(match keyword(pieces, at) {
                Some(keyword) => Token::Keyword(keyword),
                None => Token::Name(quoted(piece.text)),
            }),
            Kind::Operator if piece.text == "@" => {
                at += user_variable(pieces.get(at + 1..).unwrap_or_default(), &mut reduced);
            }
            Kind::Operator => reduced.push(match piece.text {
                "..." => Token::List,
                "<>" => Token::Sign("!=".to_owned()),
                sign => Token::Sign(sign.to_owned()),
            }),
        }
        at += 1;
    }
    reduced.to_string()
}

/// What digests have behind a row for more rows that are like it.
pub(super) const LIST_MARK: &str = "/* , ... */";

/// Drops the `;` at the end and whatever follows it, as servers do.
fn without_end<'p, 'a>(pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    let is_end =
        |piece: &Piece<'_>| piece.is(";") || piece.kind == Kind::Comment && piece.text != LIST_MARK;
    let end = pieces.iter().rposition(|piece| !is_end(piece));
    pieces
        .get(..end.map_or(0, |end| end + 1))
        .unwrap_or_default()
}

/// Handles what stands behind `@`, which is printed without a blank. Returns its number of pieces.
fn user_variable(rest: &[Piece<'_>], reduced: &mut Reduced) -> usize {
    let adjacent = || rest.iter().take_while(|piece| piece.is_adjacent);
    // A quoted name of a variable is kept in digests, any other is a value.
    match adjacent().next() {
        Some(after) if after.kind == Kind::Name => {
            reduced.push(Token::Name(format!("@{}", name(after.text))));
            1
        }
        Some(after) if matches!(after.kind, Kind::Text | Kind::Placeholder) => {
            reduced.push(Token::Plain("@?".to_owned()));
            1
        }
        _ => {
            reduced.push(Token::Plain("@?".to_owned()));
            let is_part = |piece: &&Piece<'_>| {
                matches!(piece.kind, Kind::Word | Kind::Number) || piece.is(".")
            };
            adjacent().take_while(is_part).count()
        }
    }
}

/// A quoted name, in back quotes.
fn name(text: &str) -> String {
    let inner = text.strip_prefix(['`', '"']).unwrap_or(text);
    let inner = inner.strip_suffix(['`', '"']).unwrap_or(inner);
    // In back quotes, a doubled quote stays doubled, as it was written.
    if text.starts_with('`') {
        return format!("`{inner}`");
    }
    quoted(&inner.replace("\"\"", "\""))
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn is_hint(piece: &Piece<'_>, before: Option<&Piece<'_>>) -> bool {
    let verb = before.is_some_and(|before| {
        before.is_word_of(&["SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE"])
    });
    verb && piece.text.starts_with("/*+")
}

/// Handles hints of the optimizer, whose names are in capitals.
fn hint(piece: &Piece<'_>, reading: Reading, reduced: &mut Reduced) {
    let inner = piece.text.strip_prefix("/*+").unwrap_or_default();
    let inner = pieces(inner.strip_suffix("*/").unwrap_or(inner), reading);
    if inner.is_empty() {
        return;
    }
    reduced.push(Token::Plain("/*+".to_owned()));
    for (at, piece) in inner.iter().enumerate() {
        let is_name = inner.get(at + 1).is_some_and(|next| next.is("("));
        reduced.push(match piece.kind {
            Kind::Word if is_name => Token::Plain(piece.text.to_ascii_uppercase()),
            // Sizes, such as 16M, are words of the tokenizer that begin with a digit.
            Kind::Word if piece.text.starts_with(|c: char| c.is_ascii_digit()) => Token::Number,
            Kind::Word => Token::Name(quoted(piece.text)),
            Kind::Name => Token::Name(name(piece.text)),
            Kind::Number => Token::Number,
            Kind::Text | Kind::Placeholder => Token::Value,
            _ => Token::Sign(piece.text.to_owned()),
        });
    }
    reduced.push(Token::Plain("*/".to_owned()));
}

/// Whether a piece stands in a list behind GROUP BY, ORDER BY or PARTITION BY, where numbers name columns and
/// are kept.
#[derive(Debug, Default)]
struct ByList {
    depth: u32,
    /// The depths at which such a list is open.
    open: Vec<u32>,
}

impl ByList {
    fn on_piece(&mut self, piece: &Piece<'_>, before: Option<&Piece<'_>>) {
        if piece.is("(") {
            self.depth += 1;
        } else if piece.is(")") {
            self.close();
            self.depth = self.depth.saturating_sub(1);
        } else if piece.is_word_of(&["BY"]) {
            let is_list =
                before.is_some_and(|before| before.is_word_of(&["GROUP", "ORDER", "PARTITION"]));
            // A new list, or a clause that ends one, closes the lists of this depth.
            self.close();
            if is_list {
                self.open.push(self.depth);
            }
        } else if piece.is_word_of(&["HAVING", "LIMIT", "UNION", "FOR", "WITH", "WINDOW", "ORDER"])
        {
            self.close();
        }
    }

    fn close(&mut self) {
        while self.open.last().is_some_and(|&depth| depth >= self.depth) {
            self.open.pop();
        }
    }

    /// Whether a number is a whole element of such a list, and not a part of an expression.
    fn keeps_number(&self, piece: &Piece<'_>, after: Option<&Piece<'_>>) -> bool {
        self.open.last() == Some(&self.depth)
            && piece.text.parse::<i64>().is_ok_and(|number| number > 0)
            && after.is_none_or(|after| match after.kind {
                Kind::Operator => matches!(after.text, "," | ")" | ";"),
                Kind::Word => !after.is_word_of(OPERATORS),
                _ => after.kind == Kind::Comment,
            })
    }
}

const OPERATORS: &[&str] = &[
    "AND", "BETWEEN", "COLLATE", "DIV", "IN", "IS", "LIKE", "MOD", "NOT", "OR", "REGEXP", "RLIKE",
    "SOUNDS", "XOR",
];
