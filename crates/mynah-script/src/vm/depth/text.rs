//! Finds where functions begin in a text.

use std::borrow::Cow;
use std::ops::ControlFlow;

use boa_engine::ast::expression::Expression;
use boa_engine::ast::expression::literal::LiteralKind;
use boa_engine::ast::function::{ArrowFunction, AsyncArrowFunction, FunctionBody};
use boa_engine::ast::scope::Scope;
use boa_engine::ast::statement::{Statement, Try};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Position, Spanned, StatementListItem};
use boa_engine::interner::Interner;
use boa_engine::parser::{Parser, Source};

use super::super::nesting::{ArrowBody, arrow_body};
use super::{CONDITION, STATEMENT};

/// A text whose functions look how deep they are called, but for so many around it that aren't of the script. It
/// stays as it is if it is no script, or if nothing would see the difference: it has no `try`, and no modules.
pub(in super::super) fn with_looks(text: &str, outer: usize, modules: bool) -> Cow<'_, str> {
    let mut interner = Interner::default();
    let mut parser = Parser::new(Source::from_bytes(text));
    let Ok(script) = parser.parse_script(&Scope::new_global(), &mut interner) else {
        return text.into();
    };
    let mut functions = Functions::default();
    let _: ControlFlow<()> = script.visit_with(&mut functions);
    if !functions.catch && !modules {
        return text.into();
    }
    functions.bodies.sort_unstable();
    functions.bodies.drain(..outer.min(functions.bodies.len()));
    functions.written_into(text).into()
}

#[derive(Default)]
struct Functions {
    bodies: Vec<(Position, Kind)>,
    /// Whether there is a `try`.
    catch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The position is that of the bracket around statements, so many of which are directives.
    Body(usize),
    /// The position is that of an arrow function.
    Arrow(usize),
}

impl<'a> Visitor<'a> for Functions {
    type BreakTy = ();

    fn visit_function_body(&mut self, body: &'a FunctionBody) -> ControlFlow<()> {
        let start = body.span().start();
        self.bodies.push((start, Kind::Body(directives(body))));
        body.visit_with(self)
    }

    fn visit_try(&mut self, node: &'a Try) -> ControlFlow<()> {
        self.catch = true;
        node.visit_with(self)
    }

    fn visit_arrow_function(&mut self, arrow: &'a ArrowFunction) -> ControlFlow<()> {
        let start = arrow.span().start();
        self.bodies
            .push((start, Kind::Arrow(directives(arrow.body()))));
        self.visit_formal_parameter_list(arrow.parameters())?;
        arrow.body().visit_with(self)
    }

    fn visit_async_arrow_function(&mut self, arrow: &'a AsyncArrowFunction) -> ControlFlow<()> {
        let start = arrow.span().start();
        self.bodies
            .push((start, Kind::Arrow(directives(arrow.body()))));
        self.visit_formal_parameter_list(arrow.parameters())?;
        arrow.body().visit_with(self)
    }
}

/// How many directives a function begins with.
fn directives(body: &FunctionBody) -> usize {
    let is_directive = |item: &&StatementListItem| {
        let StatementListItem::Statement(statement) = item else {
            return false;
        };
        let Statement::Expression(Expression::Literal(literal)) = &**statement else {
            return false;
        };
        matches!(literal.kind(), LiteralKind::String(_))
    };
    body.statements().iter().take_while(is_directive).count()
}

impl Functions {
    /// What is to be written into a text, and where.
    fn looks(&self, text: &str) -> Vec<(usize, &'static str)> {
        let mut offsets = Offsets::new(text);
        let found = self.bodies.iter().filter_map(|(position, kind)| {
            let start = offsets.of(*position)?;
            let rest = text.get(start..)?;
            let (offset, directives) = match *kind {
                Kind::Body(directives) => (rest.starts_with('{').then_some(1)?, directives),
                Kind::Arrow(directives) => match arrow_body(rest)? {
                    ArrowBody::Statements(offset) => (offset, directives),
                    ArrowBody::Expression(offset) => return Some((start + offset, CONDITION)),
                },
            };
            let skipped = behind_directives(rest.get(offset..)?, directives)?;
            Some((start + offset + skipped, STATEMENT))
        });
        let mut looks: Vec<_> = found.collect();
        looks.sort_unstable();
        looks.dedup();
        looks
    }

    fn written_into(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len() + self.bodies.len() * CONDITION.len());
        let mut done = 0;
        for (at, look) in self.looks(text) {
            written.push_str(text.get(done..at).unwrap_or_default());
            written.push_str(look);
            done = at;
        }
        written.push_str(text.get(done..).unwrap_or_default());
        written
    }
}

/// The length of so many directives, if each is on its own with a semicolon.
fn behind_directives(body: &str, directives: usize) -> Option<usize> {
    let mut rest = body;
    for _ in 0..directives {
        let directive = rest.trim_start();
        let quote = directive.chars().next()?;
        let text = directive.get(1..)?;
        let end = text.find(quote).filter(|_| matches!(quote, '"' | '\''))?;
        rest = text.get(end + 1..)?.strip_prefix(';')?;
    }
    Some(body.len() - rest.len())
}

/// From lines and columns, as the parser counts them, to bytes.
struct Offsets<'a> {
    chars: std::iter::Peekable<std::str::CharIndices<'a>>,
    line: u32,
    column: u32,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            chars: text.char_indices().peekable(),
            line: 1,
            column: 1,
        }
    }

    /// The byte at a position that isn't before the last one.
    fn of(&mut self, position: Position) -> Option<usize> {
        let wanted = (position.line_number(), position.column_number());
        loop {
            let (at, c) = *self.chars.peek()?;
            match (self.line, self.column).cmp(&wanted) {
                std::cmp::Ordering::Equal => return Some(at),
                std::cmp::Ordering::Greater => return None,
                std::cmp::Ordering::Less => {}
            }
            self.chars.next();
            let ends_line = match c {
                '\r' => self.chars.peek().is_none_or(|(_, next)| *next != '\n'),
                c => matches!(c, '\n' | '\u{2028}' | '\u{2029}'),
            };
            if ends_line {
                self.line += 1;
                self.column = 1;
            } else if c != '\r' {
                self.column += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_look_before_they_do_anything_else() {
        let cases = [
            ("function f() { g() }", "function f() {$mynahCall(); g() }"),
            (
                "var f = x => x + 1, y",
                "var f = x =>$mynahCall()?0: x + 1, y",
            ),
            (
                "f = (x) => y => ({ a: 1 })",
                "f = (x) =>$mynahCall()?0: y =>$mynahCall()?0: ({ a: 1 })",
            ),
            (
                "f = x => { return 1 }",
                "f = x => {$mynahCall(); return 1 }",
            ),
            ("f = async x => x", "f = async x =>$mynahCall()?0: x"),
            (
                "o = { get a() { }, b() {}, *c() {}, async d() {} }",
                "o = { get a() {$mynahCall(); }, b() {$mynahCall();}, *c() {$mynahCall();}, async d() {$mynahCall();} }",
            ),
            (
                "class A extends b() { constructor() { super() } #c() {} static d() {} }",
                "class A extends b() { constructor() {$mynahCall(); super() } #c() {$mynahCall();} static d() {$mynahCall();} }",
            ),
            (
                "/*é\u{1f600}*/ var s = 'é\u{1f600}';\r\nvar f = function () { return /{=>/ };\rf = () => 1\u{2028}f = () => 2",
                "/*é\u{1f600}*/ var s = 'é\u{1f600}';\r\nvar f = function () {$mynahCall(); return /{=>/ };\rf = () =>$mynahCall()?0: 1\u{2028}f = () =>$mynahCall()?0: 2",
            ),
            (
                "function f() { 'use strict'; 'x'; g() }",
                "function f() { 'use strict'; 'x';$mynahCall(); g() }",
            ),
            (
                "function f() { 'use strict'\n g() }",
                "function f() { 'use strict'\n g() }",
            ),
            (
                "f = x => `${x}${(y => y)(x)}`",
                "f = x =>$mynahCall()?0: `${x}${(y =>$mynahCall()?0: y)(x)}`",
            ),
            (
                "f = x => f(x)(1).a + 1",
                "f = x =>$mynahCall()?0: f(x)(1).a + 1",
            ),
            (
                "f = async (x = ')=>', y = /=>/) => { }",
                "f = async (x = ')=>', y = /=>/) => {$mynahCall(); }",
            ),
            ("f()", "f()"),
        ];
        for (text, want) in cases {
            assert_eq!(with_looks(text, 0, false), text);
            let [text, want] = [text, want].map(|text| format!("{text}\ntry {{}} catch {{}}"));
            assert_eq!(with_looks(&text, 0, false), want);
        }
        assert_eq!(with_looks("try {} f(", 0, false), "try {} f(");
        let outer = "(function (require) { return () => { f() } })";
        let want = "(function (require) { return () => {$mynahCall(); f() } })";
        assert_eq!(with_looks(outer, 1, true), want);
    }
}
