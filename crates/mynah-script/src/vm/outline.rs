//! Finds the positions of a script's values in its text, as far as literals and variables show them.

use std::collections::HashMap;

use boa_engine::ast::declaration::{Binding, Variable};
use boa_engine::ast::expression::Expression;
use boa_engine::ast::expression::literal::PropertyDefinition;
use boa_engine::ast::expression::operator::assign::AssignOp;
use boa_engine::ast::property::PropertyName;
use boa_engine::ast::scope::Scope;
use boa_engine::ast::{Declaration, Position, Script, Spanned, Statement, StatementListItem};
use boa_engine::interner::{Interner, Sym};
use boa_engine::parser::{Parser, Source};

use super::check::{last_item, start};
use super::nesting::{self, Place};
use crate::outline::{Content, Member, Outline, TextPosition};

/// The outline of a script's last value, so many levels deep; nothing if the text isn't JavaScript, or doesn't
/// end in an expression. A character that was inserted into the text isn't counted.
pub(crate) fn outline(text: &str, inserted: Option<Place>, levels: usize) -> Option<Outline> {
    if nesting::too_deep(text).is_some() {
        return None;
    }
    let mut interner = Interner::default();
    let script = Parser::new(Source::from_bytes(text))
        .parse_script(&Scope::new_global(), &mut interner)
        .ok()?;
    let StatementListItem::Statement(last) = last_item(&script)? else {
        return None;
    };
    let Statement::Expression(value) = &**last else {
        return None;
    };
    let reader = Reader {
        variables: variables(&script),
        interner: &interner,
        inserted,
    };
    Some(reader.outline(value, levels))
}

struct Reader<'a> {
    /// What variables outside of functions begin with.
    variables: HashMap<Sym, &'a Expression>,
    interner: &'a Interner,
    inserted: Option<Place>,
}

impl Reader<'_> {
    fn outline(&self, value: &Expression, levels: usize) -> Outline {
        let Some(inner) = levels.checked_sub(1) else {
            return Outline::other(self.position(start(value)));
        };
        let value = self.resolved(value, levels);
        let content = match value {
            Expression::ObjectLiteral(object) => {
                Content::Object(self.members(object.properties(), inner))
            }
            Expression::ArrayLiteral(array) => {
                let mut elements = Vec::new();
                self.elements(array.as_ref(), inner, &mut elements);
                Content::Array(elements)
            }
            _ => Content::Other,
        };
        Outline {
            position: self.position(start(value)),
            content,
        }
    }

    /// The value behind parentheses, variables and assignments, as far as it is known.
    fn resolved<'e>(&'e self, value: &'e Expression, steps: usize) -> &'e Expression {
        let Some(left) = steps.checked_sub(1) else {
            return value;
        };
        match value {
            Expression::Parenthesized(inner) => self.resolved(inner.expression(), left),
            Expression::Assign(assign) if assign.op() == AssignOp::Assign => {
                self.resolved(assign.rhs(), left)
            }
            Expression::Identifier(name) => match self.variables.get(&name.sym()) {
                Some(init) => self.resolved(init, left),
                None => value,
            },
            _ => value,
        }
    }

    fn members(&self, properties: &[PropertyDefinition], levels: usize) -> Vec<Member> {
        let mut members = Vec::new();
        for property in properties {
            match property {
                PropertyDefinition::Property(name, value) => {
                    members.extend(self.member(name, |_| self.outline(value, levels)));
                }
                PropertyDefinition::IdentifierReference(name) => {
                    let variable = Expression::Identifier(*name);
                    let name = PropertyName::Literal(*name);
                    members.extend(self.member(&name, |_| self.outline(&variable, levels)));
                }
                PropertyDefinition::MethodDefinition(method) => {
                    members.extend(self.member(method.name(), Outline::other));
                }
                PropertyDefinition::SpreadObject(object) => {
                    if let Content::Object(spread) = self.outline(object, levels + 1).content {
                        members.extend(spread);
                    }
                }
                PropertyDefinition::CoverInitializedName(..) => {}
            }
        }
        members
    }

    fn member(
        &self,
        name: &PropertyName,
        value: impl FnOnce(TextPosition) -> Outline,
    ) -> Option<Member> {
        let key = name.prop_name()?;
        let position = self.position(key.span().start());
        Some(Member {
            key: self.interner.resolve_expect(key.sym()).to_string(),
            position,
            value: value(position),
        })
    }

    /// A place in the file.
    fn position(&self, position: Position) -> TextPosition {
        let (line, column) = (position.line_number(), position.column_number());
        let is_behind = |place: Place| {
            usize::try_from(line) == Ok(place.line)
                && usize::try_from(column).is_ok_and(|column| column > place.column)
        };
        let inserted = self.inserted.is_some_and(is_behind);
        TextPosition {
            line,
            column: column - u32::from(inserted),
        }
    }

    /// Reads elements; says whether all were of a known number.
    fn elements(
        &self,
        array: &[Option<Expression>],
        levels: usize,
        elements: &mut Vec<Option<Outline>>,
    ) -> bool {
        for element in array {
            match element {
                Some(Expression::Spread(spread)) => {
                    let Expression::ArrayLiteral(spread) = self.resolved(spread.target(), levels)
                    else {
                        return false;
                    };
                    let Some(levels) = levels.checked_sub(1) else {
                        return false;
                    };
                    if !self.elements(spread.as_ref(), levels, elements) {
                        return false;
                    }
                }
                Some(value) => elements.push(Some(self.outline(value, levels))),
                None => elements.push(None),
            }
        }
        true
    }
}

fn variables(script: &Script) -> HashMap<Sym, &Expression> {
    let lists = script
        .statements()
        .statements()
        .iter()
        .filter_map(|item| match item {
            StatementListItem::Statement(statement) => match &**statement {
                Statement::Var(declaration) => Some(declaration.0.as_ref()),
                _ => None,
            },
            StatementListItem::Declaration(declaration) => match &**declaration {
                Declaration::Lexical(declaration) => Some(declaration.variable_list().as_ref()),
                _ => None,
            },
        });
    let named = lists.flatten().filter_map(|variable: &Variable| {
        let Binding::Identifier(name) = variable.binding() else {
            return None;
        };
        Some((name.sym(), variable.init()?))
    });
    named.collect()
}

#[cfg(test)]
mod tests;
