//! Turns a program into a function that returns the program's last value.

use boa_engine::ast::expression::Expression;
use boa_engine::ast::expression::access::PropertyAccess;
use boa_engine::ast::scope::Scope;
use boa_engine::ast::{Declaration, Position, Script, Spanned, Statement, StatementListItem};
use boa_engine::interner::Interner;
use boa_engine::parser::{Parser, Source};

/// The text with a `return` before its last value; nothing if that is no expression.
pub(super) fn returning(text: &str, script: &Script) -> Option<String> {
    let StatementListItem::Statement(last) = last_item(script)? else {
        return None;
    };
    let Statement::Expression(expression) = &**last else {
        return None;
    };
    let start = start(expression);
    let line = usize::try_from(start.line_number()).ok()?.checked_sub(1)?;
    let column = usize::try_from(start.column_number())
        .ok()?
        .checked_sub(1)?;
    let at = offset(text, line, column)?;
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    Some(format!("{before}return {after}"))
}

/// Where an expression begins: where the one that it begins with does.
pub(in crate::vm) fn start(expression: &Expression) -> Position {
    let first = match expression {
        Expression::PropertyAccess(PropertyAccess::Simple(access)) => access.target(),
        Expression::Call(call) => call.function(),
        Expression::Optional(optional) => optional.target(),
        Expression::TaggedTemplate(template) => template.tag(),
        Expression::Binary(binary) => binary.lhs(),
        Expression::Conditional(conditional) => conditional.condition(),
        other => return other.span().start(),
    };
    start(first).min(expression.span().start())
}

/// Makes sure that the text with the `return` is the same program but for that.
pub(super) fn verify(body: &str, script: &Script, interner: &mut Interner) -> Option<()> {
    let function = format!("(function () {{{body}\n}})");
    let mut parser = Parser::new(Source::from_bytes(&function));
    let parsed = parser.parse_script(&Scope::new_global(), interner).ok()?;
    let [StatementListItem::Statement(only)] = parsed.statements().statements() else {
        return None;
    };
    let Statement::Expression(expression) = &**only else {
        return None;
    };
    let Expression::FunctionExpression(function) = expression.flatten() else {
        return None;
    };
    let (was, is) = (
        script.statements().statements(),
        function.body().statements(),
    );
    if was.len() != is.len() {
        return None;
    }
    let mut changed = was.iter().zip(is).filter(|(was, is)| !same_kind(was, is));
    let (StatementListItem::Statement(was), StatementListItem::Statement(is)) = changed.next()?
    else {
        return None;
    };
    let (Statement::Expression(value), Statement::Return(returned)) = (&**was, &**is) else {
        return None;
    };
    let same = std::mem::discriminant(value) == std::mem::discriminant(returned.target()?);
    (same && changed.next().is_none()).then_some(())
}

/// The last item that has a value or does something; functions behind it are there before it.
pub(in crate::vm) fn last_item(script: &Script) -> Option<&StatementListItem> {
    let mut items = script.statements().statements().iter().rev();
    items.find(|item| match item {
        StatementListItem::Statement(statement) => **statement != Statement::Empty,
        StatementListItem::Declaration(declaration) => !matches!(
            **declaration,
            Declaration::FunctionDeclaration(_)
                | Declaration::GeneratorDeclaration(_)
                | Declaration::AsyncFunctionDeclaration(_)
                | Declaration::AsyncGeneratorDeclaration(_)
        ),
    })
}

fn same_kind(a: &StatementListItem, b: &StatementListItem) -> bool {
    use std::mem::discriminant;
    match (a, b) {
        (StatementListItem::Statement(a), StatementListItem::Statement(b)) => {
            discriminant(&**a) == discriminant(&**b)
        }
        (StatementListItem::Declaration(a), StatementListItem::Declaration(b)) => {
            discriminant(&**a) == discriminant(&**b)
        }
        _ => false,
    }
}

/// The byte at a line and a column, which count from nought; a column is a character.
fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut rest = text;
    for _ in 0..line {
        let end = rest.find(['\n', '\r', '\u{2028}', '\u{2029}'])?;
        let after = rest.get(end..)?;
        let terminator = match after.starts_with("\r\n") {
            true => 2,
            false => after.chars().next()?.len_utf8(),
        };
        rest = after.get(terminator..)?;
    }
    let start = text.len() - rest.len();
    let before = rest.char_indices().nth(column)?;
    Some(start + before.0)
}
