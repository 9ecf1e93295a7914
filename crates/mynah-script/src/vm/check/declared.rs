//! Facts about a script that are needed before its syntax tree is walked.

use std::collections::HashSet;
use std::ops::ControlFlow;

use boa_engine::ast::expression::access::{PropertyAccessField, SimplePropertyAccess};
use boa_engine::ast::expression::{Expression, Identifier, New};
use boa_engine::ast::operations::bound_names;
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Script, Statement, StatementListItem};
use boa_engine::interner::Sym;

/// Whether a variable is given a value by its declaration, which doesn't look at the one that
/// something of that name may have had.
pub(super) fn is_made_first(name: Sym, script: &Script) -> bool {
    let mut variables = script.statements().statements().iter().flat_map(|item| {
        let variables = match item {
            StatementListItem::Statement(statement) => match &**statement {
                Statement::Var(declaration) => declaration.0.as_ref(),
                _ => &[],
            },
            StatementListItem::Declaration(_) => &[],
        };
        variables.iter()
    });
    let first = variables.find(|variable| bound_names(*variable).contains(&name));
    let init = first.and_then(|variable| variable.init());
    init.is_some_and(|init| init.visit_with(&mut Mention(name)).is_continue())
}

/// Finds a name.
struct Mention(Sym);

impl<'ast> Visitor<'ast> for Mention {
    type BreakTy = ();

    fn visit_identifier(&mut self, node: &'ast Identifier) -> ControlFlow<()> {
        match node.sym() == self.0 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

/// Finds the functions that are called with `new`, or whose `prototype` or `call` is used.
pub(super) struct Constructors(pub(super) HashSet<Sym>);

impl<'ast> Visitor<'ast> for Constructors {
    type BreakTy = ();

    fn visit_new(&mut self, node: &'ast New) -> ControlFlow<()> {
        if let Expression::Identifier(id) = node.constructor().flatten() {
            self.0.insert(id.sym());
        }
        node.visit_with(self)
    }

    fn visit_simple_property_access(
        &mut self,
        node: &'ast SimplePropertyAccess,
    ) -> ControlFlow<()> {
        if let (Expression::Identifier(id), PropertyAccessField::Const(field)) =
            (node.target().flatten(), node.field())
            && field.sym() == Sym::PROTOTYPE
        {
            self.0.insert(id.sym());
        }
        node.visit_with(self)
    }
}
