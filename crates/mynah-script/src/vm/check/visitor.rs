use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use boa_engine::ast::expression::access::{
    PropertyAccess, PropertyAccessField, SimplePropertyAccess,
};
use boa_engine::ast::expression::literal::{LiteralKind, PropertyDefinition};
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
    ClassElementName, ClassExpression, FormalParameterList, FunctionBody, FunctionDeclaration,
    FunctionExpression, GeneratorDeclaration, GeneratorExpression,
};
use boa_engine::ast::operations::{
    annex_b_function_declarations_names, bound_names, lexically_declared_names, var_declared_names,
};
use boa_engine::ast::pattern::ObjectPatternElement;
use boa_engine::ast::property::PropertyName;
use boa_engine::ast::statement::iteration::{ForLoopInitializer, IterableLoopInitializer};
use boa_engine::ast::statement::{Block, Catch, ForInLoop, ForLoop, ForOfLoop, Switch, With};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Script, Spanned, Statement, StatementListItem};
use boa_engine::interner::{Interner, Sym};

use super::names::{
    CONSTANTS, ERRORS, OF_A_MODULE, OF_THE_SESSION, PLAIN_FUNCTIONS, is_shared, is_taken,
    is_unclean_property, leads_out,
};
use super::scopes::Scopes;

/// Something that keeps a script from being cleared.
#[derive(Debug)]
pub(super) struct Unclean {
    what: String,
    line: Option<u32>,
}

impl Unclean {
    /// With the place.
    pub(super) fn located(self, path: &Path) -> String {
        match self.line {
            Some(line) => super::located(path, &self.what, line),
            None => format!("{}, in {}", self.what, super::name(path)),
        }
    }
}

type Flow = ControlFlow<Unclean>;
const ON: Flow = ControlFlow::Continue(());

/// A walk through a script.
pub(super) struct Check<'a> {
    interner: &'a Interner,
    is_module: bool,
    scopes: Scopes,
    /// Functions that are called with `new`, or have methods.
    constructors: HashSet<Sym>,
    requires: Vec<String>,
    strict: bool,
    /// Whether `this` can't be the global object.
    own_this: bool,
    /// Whether the next function is a method.
    method_follows: bool,
    /// How many functions are around this place.
    depth: usize,
    line: u32,
}

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

    fn text(&self, name: Sym) -> String {
        let text = self.interner.resolve(name).map(|text| text.to_string());
        text.unwrap_or_default()
    }

    fn unclean(&self, what: impl Into<String>) -> Flow {
        ControlFlow::Break(Unclean {
            what: what.into(),
            line: Some(self.line),
        })
    }

    /// The name of something that the script doesn't declare.
    fn free(&self, expression: &Expression) -> Option<String> {
        match expression.flatten() {
            Expression::Identifier(id) => self.free_name(id),
            _ => None,
        }
    }

    fn free_name(&self, id: &Identifier) -> Option<String> {
        (!self.scopes.declares(id.sym())).then(|| self.text(id.sym()))
    }

    /// The name of a property, where that stands in the text.
    fn property(&self, field: &PropertyAccessField) -> Option<String> {
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
    fn is_shared_prototype(&self, expression: &Expression) -> bool {
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
    fn value(&mut self, id: &Identifier) -> Flow {
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
    fn called(&mut self, function: &Expression, arguments: &[Expression]) -> Flow {
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

    fn required(&mut self, arguments: &[Expression]) -> Flow {
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
    fn is_create(&self, function: &Expression) -> bool {
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
    fn written(&mut self, access: &PropertyAccess) -> Flow {
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

    fn function(
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

    fn within(
        &mut self,
        names: impl IntoIterator<Item = Sym>,
        walk: impl FnOnce(&mut Self) -> Flow,
    ) -> Flow {
        self.scopes.push(names);
        walk(self)?;
        self.scopes.pop();
        ON
    }

    fn class(
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
    fn method_or_value(&mut self, value: &Expression, called_by_the_server: bool) -> Flow {
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
    fn called_by_the_server(&self, name: &PropertyName) -> bool {
        match name {
            PropertyName::Literal(id) => {
                matches!(self.text(id.sym()).as_str(), "stmts" | "handshake")
            }
            PropertyName::Computed(_) => true,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Arrow,
    Other,
}

fn body_names(body: &FunctionBody) -> HashSet<Sym> {
    let mut names: HashSet<Sym> = var_declared_names(body).into_iter().collect();
    names.extend(lexically_declared_names(body));
    names.extend(annex_b_function_declarations_names(body));
    names
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

/// Whether a variable is given a value by its declaration, which doesn't look at the one that
/// something of that name may have had.
fn is_made_first(name: Sym, script: &Script) -> bool {
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
struct Constructors(HashSet<Sym>);

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
