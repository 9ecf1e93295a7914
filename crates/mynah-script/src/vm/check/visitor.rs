use std::collections::HashSet;
use std::ops::ControlFlow;

use boa_engine::ast::expression::access::{
    PropertyAccess, PropertyAccessField, SimplePropertyAccess,
};
use boa_engine::ast::expression::literal::PropertyDefinition;
use boa_engine::ast::expression::operator::assign::{Assign, AssignTarget};
use boa_engine::ast::expression::operator::binary::{BinaryOp, RelationalOp};
use boa_engine::ast::expression::operator::unary::UnaryOp;
use boa_engine::ast::expression::operator::update::{Update, UpdateTarget};
use boa_engine::ast::expression::operator::{Binary, Unary};
use boa_engine::ast::expression::{
    Call, Expression, Identifier, ImportCall, ImportMeta, New, Optional, OptionalOperationKind,
    This,
};
use boa_engine::ast::function::{
    ArrowFunction, AsyncArrowFunction, AsyncFunctionDeclaration, AsyncFunctionExpression,
    AsyncGeneratorDeclaration, AsyncGeneratorExpression, ClassDeclaration, ClassElement,
    ClassElementName, ClassExpression, FunctionDeclaration, FunctionExpression,
    GeneratorDeclaration, GeneratorExpression,
};
use boa_engine::ast::operations::{
    annex_b_function_declarations_names, bound_names, lexically_declared_names, var_declared_names,
};
use boa_engine::ast::pattern::ObjectPatternElement;
use boa_engine::ast::property::PropertyName;
use boa_engine::ast::statement::iteration::{ForLoopInitializer, IterableLoopInitializer};
use boa_engine::ast::statement::{Block, Catch, ForInLoop, ForLoop, ForOfLoop, Switch, With};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Script, Spanned};
use boa_engine::interner::{Interner, Sym};

use super::declared::{Constructors, is_made_first};
use super::names::{OF_A_MODULE, is_shared, is_taken, is_unclean_property, leads_out};
use super::rules::{Kind, body_names};
use super::scopes::Scopes;
use super::walk::{Check, Flow, ON, Unclean};

impl<'a> Check<'a> {
    pub(super) fn program(script: &Script, interner: &'a Interner) -> Self {
        Self::new(script, interner, false)
    }

    pub(super) fn module(script: &Script, interner: &'a Interner) -> Self {
        Self::new(script, interner, true)
    }

    fn new(script: &Script, interner: &'a Interner, is_module: bool) -> Self {
        let mut constructors = Constructors(HashSet::new());
        let _all = script.visit_with(&mut constructors);
        Self {
            interner,
            is_module,
            scopes: Scopes::default(),
            constructors: constructors.0,
            requires: Vec::new(),
            strict: script.strict(),
            own_this: false,
            method_follows: false,
            depth: 0,
            line: 1,
        }
    }

    /// Walks; gives the names that are required.
    pub(super) fn run(mut self, script: &Script) -> Result<Vec<String>, Unclean> {
        let mut names: HashSet<Sym> = var_declared_names(script).into_iter().collect();
        names.extend(lexically_declared_names(script));
        names.extend(annex_b_function_declarations_names(script));
        let taken = names
            .iter()
            .map(|name| (*name, self.text(*name)))
            .find(|(name, text)| {
                let own = OF_A_MODULE.contains(&text.as_str()) && is_made_first(*name, script);
                is_taken(text) && !own
            })
            .map(|(_, text)| text);
        if let Some(taken) = taken {
            let what = format!("'{taken}' is declared anew");
            return Err(Unclean { what, line: None });
        }
        self.scopes.push(names);
        match script.visit_with(&mut self) {
            ControlFlow::Break(unclean) => Err(unclean),
            ControlFlow::Continue(()) => Ok(self.requires),
        }
    }
}

macro_rules! functions {
    ($($visit:ident($node:ident): $kind:ident, $name:expr;)*) => {
        $(fn $visit(&mut self, node: &'ast $node) -> Flow {
            let name: fn(&$node) -> Option<Identifier> = $name;
            self.function(name(node), node.parameters(), node.body(), Kind::$kind)
        })*
    };
}

impl<'ast> Visitor<'ast> for Check<'_> {
    type BreakTy = Unclean;

    functions! {
        visit_function_expression(FunctionExpression): Other, |f| f.name();
        visit_generator_expression(GeneratorExpression): Other, |f| f.name();
        visit_async_function_expression(AsyncFunctionExpression): Other, |f| f.name();
        visit_async_generator_expression(AsyncGeneratorExpression): Other, |f| f.name();
        visit_function_declaration(FunctionDeclaration): Other, |f| Some(f.name());
        visit_generator_declaration(GeneratorDeclaration): Other, |f| Some(f.name());
        visit_async_function_declaration(AsyncFunctionDeclaration): Other, |f| Some(f.name());
        visit_async_generator_declaration(AsyncGeneratorDeclaration): Other, |f| Some(f.name());
        visit_arrow_function(ArrowFunction): Arrow, |_| None;
        visit_async_arrow_function(AsyncArrowFunction): Arrow, |_| None;
    }

    fn visit_identifier(&mut self, node: &'ast Identifier) -> Flow {
        self.value(node)
    }

    fn visit_this(&mut self, node: &'ast This) -> Flow {
        if self.own_this {
            return ON;
        }
        self.line = node.span().start().line_number();
        self.unclean("'this' outside of a method or constructor")
    }

    fn visit_with(&mut self, node: &'ast With) -> Flow {
        self.line = node.expression().span().start().line_number();
        self.unclean("'with'")
    }

    fn visit_import_call(&mut self, node: &'ast ImportCall) -> Flow {
        self.line = node.span().start().line_number();
        self.unclean("'import'")
    }

    fn visit_import_meta(&mut self, node: &'ast ImportMeta) -> Flow {
        self.line = node.span().start().line_number();
        self.unclean("'import'")
    }

    fn visit_call(&mut self, node: &'ast Call) -> Flow {
        self.called(node.function(), node.args())
    }

    fn visit_new(&mut self, node: &'ast New) -> Flow {
        self.called(node.constructor(), node.arguments())
    }

    fn visit_optional(&mut self, node: &'ast Optional) -> Flow {
        self.line = node.span().start().line_number();
        if self
            .free(node.target())
            .is_some_and(|name| is_taken(&name) && is_shared(&name))
        {
            return self.unclean("'?.' behind a built-in object");
        }
        node.visit_with(self)
    }

    fn visit_unary(&mut self, node: &'ast Unary) -> Flow {
        match (node.op(), node.target().flatten()) {
            (UnaryOp::TypeOf, Expression::Identifier(id)) => {
                let name = self.free_name(id);
                match name.as_deref() {
                    Some("eval" | "Function" | "globalThis" | "module" | "exports") => {
                        self.value(id)
                    }
                    _ => ON,
                }
            }
            (UnaryOp::Delete, Expression::PropertyAccess(access)) => self.written(access),
            _ => node.visit_with(self),
        }
    }

    fn visit_binary(&mut self, node: &'ast Binary) -> Flow {
        self.visit_expression(node.lhs())?;
        let instance_of = node.op() == BinaryOp::Relational(RelationalOp::InstanceOf);
        if instance_of && self.free(node.rhs()).is_some_and(|name| is_shared(&name)) {
            return ON;
        }
        self.visit_expression(node.rhs())
    }

    fn visit_assign(&mut self, node: &'ast Assign) -> Flow {
        match node.lhs() {
            AssignTarget::Access(access) => {
                self.written(access)?;
                self.method_or_value(node.rhs(), false)
            }
            target => {
                self.visit_assign_target(target)?;
                self.visit_expression(node.rhs())
            }
        }
    }

    fn visit_update(&mut self, node: &'ast Update) -> Flow {
        match node.target() {
            UpdateTarget::Identifier(id) => self.visit_identifier(id),
            UpdateTarget::PropertyAccess(access) => self.written(access),
        }
    }

    fn visit_simple_property_access(&mut self, node: &'ast SimplePropertyAccess) -> Flow {
        self.line = node.span().start().line_number();
        let property = self.property(node.field());
        if let Some(leads) = property.as_deref().filter(|name| leads_out(name)) {
            return self.unclean(format!("'{leads}'"));
        }
        let object = self.free(node.target());
        if let (Some(object), Some(property)) = (&object, &property)
            && is_unclean_property(object, property)
        {
            return self.unclean(format!("'{object}.{property}'"));
        }
        let Some(object) = object.filter(|name| is_shared(name)) else {
            self.visit_expression(node.target())?;
            return match (node.field(), &property) {
                (PropertyAccessField::Expr(field), None) => self.visit_expression(field),
                _ => ON,
            };
        };
        match property {
            None => self.unclean(format!("a computed property of '{object}'")),
            // That of one of its functions is another matter.
            Some(name) if name == "prototype" => self.unclean(format!("'{object}.prototype'")),
            Some(_) => ON,
        }
    }

    fn visit_property_access(&mut self, node: &'ast PropertyAccess) -> Flow {
        if let PropertyAccess::Simple(access) = node
            && self.is_shared_prototype(access.target())
            && self
                .property(access.field())
                .is_some_and(|name| !leads_out(&name))
        {
            return ON;
        }
        node.visit_with(self)
    }

    fn visit_property_definition(&mut self, node: &'ast PropertyDefinition) -> Flow {
        match node {
            PropertyDefinition::Property(name, value) => {
                self.visit_property_name(name)?;
                let plain = self.called_by_the_server(name);
                self.method_or_value(value, plain)
            }
            PropertyDefinition::MethodDefinition(method) => {
                self.visit_property_name(method.name())?;
                self.method_follows = !self.called_by_the_server(method.name());
                self.function(None, method.parameters(), method.body(), Kind::Other)
            }
            _ => node.visit_with(self),
        }
    }

    fn visit_object_pattern_element(&mut self, node: &'ast ObjectPatternElement) -> Flow {
        let (ObjectPatternElement::SingleName { name, .. }
        | ObjectPatternElement::Pattern { name, .. }
        | ObjectPatternElement::AssignmentPropertyAccess { name, .. }) = node
        else {
            return node.visit_with(self);
        };
        if let PropertyName::Literal(id) = name {
            self.line = id.span().start().line_number();
            let name = self.text(id.sym());
            if leads_out(&name) {
                return self.unclean(format!("'{name}'"));
            }
        }
        node.visit_with(self)
    }

    fn visit_optional_operation_kind(&mut self, node: &'ast OptionalOperationKind) -> Flow {
        if let OptionalOperationKind::SimplePropertyAccess { field } = node
            && let Some(name) = self.property(field).filter(|name| leads_out(name))
        {
            return self.unclean(format!("'{name}'"));
        }
        node.visit_with(self)
    }

    fn visit_class_expression(&mut self, node: &'ast ClassExpression) -> Flow {
        self.class(
            node.name(),
            node.super_ref(),
            node.constructor(),
            node.elements(),
        )
    }

    fn visit_class_declaration(&mut self, node: &'ast ClassDeclaration) -> Flow {
        self.class(
            Some(node.name()),
            node.super_ref(),
            node.constructor(),
            node.elements(),
        )
    }

    fn visit_class_element(&mut self, node: &'ast ClassElement) -> Flow {
        match node {
            ClassElement::MethodDefinition(method) => {
                if let ClassElementName::PropertyName(name) = method.name() {
                    self.visit_property_name(name)?;
                }
                self.function(None, method.parameters(), method.body(), Kind::Other)
            }
            ClassElement::StaticBlock(block) => {
                let body = block.statements();
                self.within(body_names(body), |check| check.visit_function_body(body))
            }
            _ => node.visit_with(self),
        }
    }

    fn visit_block(&mut self, node: &'ast Block) -> Flow {
        let names = lexically_declared_names(node);
        self.within(names, |check| node.visit_with(check))
    }

    fn visit_switch(&mut self, node: &'ast Switch) -> Flow {
        let names = lexically_declared_names(node);
        self.within(names, |check| node.visit_with(check))
    }

    fn visit_catch(&mut self, node: &'ast Catch) -> Flow {
        let names = node.parameter().map(bound_names);
        self.within(names.unwrap_or_default(), |check| node.visit_with(check))
    }

    fn visit_for_loop(&mut self, node: &'ast ForLoop) -> Flow {
        let names = match node.init() {
            Some(ForLoopInitializer::Lexical(lexical)) => bound_names(lexical.declaration()),
            _ => Vec::new(),
        };
        self.within(names, |check| node.visit_with(check))
    }

    fn visit_for_in_loop(&mut self, node: &'ast ForInLoop) -> Flow {
        let names = loop_names(node.initializer());
        self.within(names, |check| node.visit_with(check))
    }

    fn visit_for_of_loop(&mut self, node: &'ast ForOfLoop) -> Flow {
        let names = loop_names(node.initializer());
        self.within(names, |check| node.visit_with(check))
    }

    fn visit_iterable_loop_initializer(&mut self, node: &'ast IterableLoopInitializer) -> Flow {
        match node {
            IterableLoopInitializer::Access(access) => self.written(access),
            _ => node.visit_with(self),
        }
    }
}

fn loop_names(initializer: &IterableLoopInitializer) -> Vec<Sym> {
    match initializer {
        IterableLoopInitializer::Let(binding) | IterableLoopInitializer::Const(binding) => {
            bound_names(binding)
        }
        _ => Vec::new(),
    }
}
