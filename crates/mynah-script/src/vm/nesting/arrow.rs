//! Where the body of an arrow function begins.

use super::tokens::{Token, Tokens};

/// The body of an arrow function, as an offset into the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::vm) enum ArrowBody {
    /// Behind the `{` of its statements.
    Statements(usize),
    /// Behind the `=>`.
    Expression(usize),
}

/// The body of the arrow function that a text begins with, if it does.
pub(in crate::vm) fn arrow_body(text: &str) -> Option<ArrowBody> {
    let mut tokens = Tokens::new(text);
    let (mut depth, mut is_value) = (0_usize, false);
    loop {
        let token = tokens.next(is_value)?;
        is_value = matches!(
            token,
            Token::Word(_) | Token::Literal | Token::Template | Token::Close(_)
        );
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth = depth.checked_sub(1)?,
            Token::Operator("=>") if depth == 0 => break,
            // What the parameters are by default may be anything; such templates aren't followed.
            Token::TemplateOpens => return None,
            _ => {}
        }
    }
    let behind = tokens.offset();
    Some(match tokens.next(false)? {
        Token::Open('{') => ArrowBody::Statements(tokens.offset()),
        _ => ArrowBody::Expression(behind),
    })
}
