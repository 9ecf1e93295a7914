//! A script that is nothing but an object, without the parentheses that make it one: by itself, it would be a block
//! of statements.

use super::tokens::{Place, Token};
use super::{Before, Walk};

/// A text whose object was put in parentheses, and where the opening one is.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::vm) struct InParentheses {
    pub(in crate::vm) text: String,
    pub(in crate::vm) place: Place,
}

/// Puts the object in parentheses, if the text is nothing else and begins as one: `{ key: …`, `{ method() {…`, `{ ...`.
pub(in crate::vm) fn in_parentheses(text: &str) -> Option<InParentheses> {
    let mut walk = Walk::new(text);
    walk.nesting.before = Before::Operator;
    if walk.next()? != Token::Open('{') {
        return None;
    }
    let (start, place) = (walk.tokens.offset() - 1, walk.tokens.place());
    if !begins_with_member(&mut walk)? {
        return None;
    }
    while !walk.nesting.levels.is_empty() {
        walk.next()?;
    }
    let end = walk.tokens.offset();
    while let Some(token) = walk.next() {
        if token != Token::Semicolon {
            return None;
        }
    }
    let (before, object, behind) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    Some(InParentheses {
        text: format!("{before}({object}){behind}"),
        place,
    })
}

fn begins_with_member(walk: &mut Walk<'_>) -> Option<bool> {
    let key = walk.next()?;
    if key == Token::Operator("...") {
        return Some(true);
    }
    if !matches!(key, Token::Word(_) | Token::Literal) {
        return Some(false);
    }
    match walk.next()? {
        Token::Operator(":") => Some(true),
        Token::Open('(') if !matches!(key, Token::Word(word) if STATEMENTS.contains(&word)) => {
            while walk.nesting.levels.len() > 1 {
                walk.next()?;
            }
            Some(walk.next()? == Token::Open('{'))
        }
        _ => Some(false),
    }
}

/// What has brackets, and then a block.
const STATEMENTS: [&str; 5] = ["if", "for", "while", "with", "switch"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_object_gets_parentheses() {
        for (text, expected, line, column) in [
            ("{stmts: []}", "({stmts: []})", 1, 1),
            (
                "// a\n/* b */ { \"stmts\" : [/[}]/] };\n// c",
                "// a\n/* b */ ({ \"stmts\" : [/[}]/] });\n// c",
                2,
                9,
            ),
            (
                "{ /* c */ 'stmts': `}${{a: '}'}}`\n}",
                "({ /* c */ 'stmts': `}${{a: '}'}}`\n})",
                1,
                1,
            ),
            (
                "{ stmts(stmt) { return {}; } }",
                "({ stmts(stmt) { return {}; } })",
                1,
                1,
            ),
            ("{...a}", "({...a})", 1, 1),
        ] {
            let found = in_parentheses(text).unwrap();
            assert_eq!(found.text, expected);
            assert_eq!(found.place, Place { line, column }, "{text}");
        }
    }

    #[test]
    fn what_is_no_bare_object_stays_as_it_is() {
        for text in [
            "",
            "{",
            "{}",
            "{a: [}",
            "({stmts: []})",
            "{ var a = 1; }",
            "{ main() }",
            "{ if (a) {} }",
            "{a: 1} ({stmts: []})",
            "var a = {b: 1}",
            "`${",
        ] {
            assert_eq!(in_parentheses(text), None, "{text}");
        }
    }
}
