//! The names, calls and writes that a script with shared contexts must not have.

use std::collections::HashSet;
use std::ops::ControlFlow;

use boa_engine::ast::Spanned;
use boa_engine::ast::expression::access::{PropertyAccess, PropertyAccessField};
use boa_engine::ast::expression::literal::LiteralKind;
use boa_engine::ast::expression::{Expression, Identifier};
use boa_engine::ast::function::{
    ClassElement, FormalParameterList, FunctionBody, FunctionExpression,
};
use boa_engine::ast::operations::{
    annex_b_function_declarations_names, bound_names, lexically_declared_names, var_declared_names,
};
use boa_engine::ast::property::PropertyName;
use boa_engine::ast::visitor::Visitor;
use boa_engine::interner::Sym;

use super::names::{
    CONSTANTS, ERRORS, OF_A_MODULE, OF_THE_SESSION, PLAIN_FUNCTIONS, is_shared, is_taken,
};
use super::walk::{Check, Flow, ON, Unclean};

impl Check<'_> {
    pub(super) fn text(&self, name: Sym) -> String {
        let text = self.interner.resolve(name).map(|text| text.to_string());
        text.unwrap_or_default()
    }

    pub(super) fn unclean(&self, what: impl Into<String>) -> Flow {
        ControlFlow::Break(Unclean {
            what: what.into(),
            line: Some(self.line),
        })
    }

    /// The name of something that the script doesn't declare.
    pub(super) fn free(&self, expression: &Expression) -> Option<String> {
        match expression.flatten() {
            Expression::Identifier(id) => self.free_name(id),
            _ => None,
        }
    }

    pub(super) fn free_name(&self, id: &Identifier) -> Option<String> {
        (!self.scopes.declares(id.sym())).then(|| self.text(id.sym()))
    }

    /// The name of a property, where that stands in the text.
    pub(super) fn property(&self, field: &PropertyAccessField) -> Option<String> {
        match field {
            PropertyAccessField::Const(id) => Some(self.text(id.sym())),
            PropertyAccessField::Expr(expression) => match expression.flatten() {
                Expression::Literal(literal) => match literal.kind() {
                    LiteralKind::String(text) => Some(self.text(*text)),
                    LiteralKind::Num(_) | LiteralKind::Int(_) => Some(String::new()),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    /// Whether it is `X.prototype` of a shared X.
    pub(super) fn is_shared_prototype(&self, expression: &Expression) -> bool {
        let Expression::PropertyAccess(PropertyAccess::Simple(access)) = expression.flatten()
        else {
            return false;
        };
        self.free(access.target())
            .is_some_and(|name| is_shared(&name))
            && self
                .property(access.field())
                .is_some_and(|name| name == "prototype")
    }

    /// A name that isn't called, looked into or compared.
    pub(super) fn value(&mut self, id: &Identifier) -> Flow {
        self.line = id.span().start().line_number();
        let Some(name) = self.free_name(id) else {
            return ON;
        };
        let known = OF_THE_SESSION.contains(&name.as_str())
            || CONSTANTS.contains(&name.as_str())
            || self.is_module && OF_A_MODULE.contains(&name.as_str());
        if known {
            return ON;
        }
        if name == "arguments" && self.depth > usize::from(self.is_module) {
            return ON;
        }
        if is_shared(&name) || is_taken(&name) {
            return self.unclean(format!("'{name}'"));
        }
        self.unclean(format!("'{name}', which isn't declared,"))
    }

    /// Something that is called, or made one of, with arguments.
    pub(super) fn called(&mut self, function: &Expression, arguments: &[Expression]) -> Flow {
        self.line = function.span().start().line_number();
        if let Some(name) = self.free(function) {
            if name == "require" {
                return self.required(arguments);
            }
            if !is_shared(&name) {
                self.visit_expression(function)?;
            }
        } else {
            self.visit_expression(function)?;
        }
        for argument in arguments {
            let name = self.free(argument);
            let plain = name.is_some_and(|name| {
                PLAIN_FUNCTIONS.contains(&name.as_str()) || ERRORS.contains(&name.as_str())
            });
            let descends = self.is_shared_prototype(argument) && self.is_create(function);
            if !plain && !descends {
                self.visit_expression(argument)?;
            }
        }
        ON
    }

    pub(super) fn required(&mut self, arguments: &[Expression]) -> Flow {
        if let [only] = arguments
            && let Expression::Literal(literal) = only.flatten()
            && let LiteralKind::String(name) = literal.kind()
        {
            self.requires.push(self.text(*name));
            return ON;
        }
        self.unclean("'require' of a name that is computed")
    }

    /// Whether it is `Object.create`.
    pub(super) fn is_create(&self, function: &Expression) -> bool {
        let Expression::PropertyAccess(PropertyAccess::Simple(access)) = function.flatten() else {
            return false;
        };
        self.free(access.target())
            .is_some_and(|name| name == "Object")
            && self
                .property(access.field())
                .is_some_and(|name| name == "create")
    }

    /// Something that is written to, or deleted.
    pub(super) fn written(&mut self, access: &PropertyAccess) -> Flow {
        let PropertyAccess::Simple(access) = access else {
            return self.visit_property_access(access);
        };
        self.line = access.span().start().line_number();
        let mut root = access.target();
        loop {
            match root.flatten() {
                Expression::PropertyAccess(PropertyAccess::Simple(inner)) => root = inner.target(),
                Expression::Identifier(id) => {
                    let name = self.free_name(id);
                    if let Some(name) = name.filter(|name| is_shared(name)) {
                        return self.unclean(format!("a change of '{name}'"));
                    }
                    break;
                }
                _ => break,
            }
        }
        let property = self.property(access.field());
        if property.as_deref() == Some("constructor") {
            return self.visit_expression(access.target());
        }
        self.visit_simple_property_access(access)
    }

    pub(super) fn function(
        &mut self,
        name: Option<Identifier>,
        parameters: &FormalParameterList,
        body: &FunctionBody,
        kind: Kind,
    ) -> Flow {
        let wrapper = self.is_module && self.depth == 0;
        let mut names: HashSet<Sym> = name.iter().map(|name| name.sym()).collect();
        if !wrapper {
            names.extend(bound_names(parameters));
        }
        names.extend(body_names(body));
        let method = std::mem::take(&mut self.method_follows);
        let constructor = name.is_some_and(|name| self.constructors.contains(&name.sym()));
        let (strict, own_this) = (self.strict, self.own_this);
        self.strict |= body.strict();
        if kind != Kind::Arrow {
            self.own_this = wrapper || self.strict || method || constructor;
            self.depth += 1;
        }
        self.scopes.push(names);
        if !wrapper {
            self.visit_formal_parameter_list(parameters)?;
        }
        self.visit_function_body(body)?;
        self.scopes.pop();
        if kind != Kind::Arrow {
            self.depth -= 1;
        }
        (self.strict, self.own_this) = (strict, own_this);
        ON
    }

    pub(super) fn within(
        &mut self,
        names: impl IntoIterator<Item = Sym>,
        walk: impl FnOnce(&mut Self) -> Flow,
    ) -> Flow {
        self.scopes.push(names);
        walk(self)?;
        self.scopes.pop();
        ON
    }

    pub(super) fn class(
        &mut self,
        name: Option<Identifier>,
        super_ref: Option<&Expression>,
        constructor: Option<&FunctionExpression>,
        elements: &[ClassElement],
    ) -> Flow {
        if let Some(base) = super_ref {
            let shared = self.free(base).is_some_and(|name| is_shared(&name));
            if !shared {
                self.visit_expression(base)?;
            }
        }
        let (strict, own_this) = (self.strict, self.own_this);
        (self.strict, self.own_this) = (true, true);
        self.scopes.push(name.iter().map(|name| name.sym()));
        if let Some(constructor) = constructor {
            self.visit_function_expression(constructor)?;
        }
        for element in elements {
            self.visit_class_element(element)?;
        }
        self.scopes.pop();
        (self.strict, self.own_this) = (strict, own_this);
        ON
    }

    /// The value of a property, or what is assigned to one: if a function, a method.
    pub(super) fn method_or_value(
        &mut self,
        value: &Expression,
        called_by_the_server: bool,
    ) -> Flow {
        let function = matches!(
            value.flatten(),
            Expression::FunctionExpression(_) | Expression::GeneratorExpression(_)
        );
        self.method_follows = function && !called_by_the_server;
        self.visit_expression(value)?;
        self.method_follows = false;
        ON
    }

    /// Whether a property's value is called as a plain function.
    pub(super) fn called_by_the_server(&self, name: &PropertyName) -> bool {
        match name {
            PropertyName::Literal(id) => {
                matches!(self.text(id.sym()).as_str(), "stmts" | "handshake")
            }
            PropertyName::Computed(_) => true,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Arrow,
    Other,
}

pub(super) fn body_names(body: &FunctionBody) -> HashSet<Sym> {
    let mut names: HashSet<Sym> = var_declared_names(body).into_iter().collect();
    names.extend(lexically_declared_names(body));
    names.extend(annex_b_function_declarations_names(body));
    names
}
