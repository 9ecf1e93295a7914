//! Writes expressions of the X Protocol as text: as SQL, or as clients write them.

use std::fmt::Write as _;

use mynah_x::datatypes::{Scalar, ScalarValue};
use mynah_x::expr::{
    Array, ColumnIdentifier, DocumentPathItem, DocumentPathItemType, Expr, ExprType, FunctionCall,
    Object, Operator,
};
use mynah_x::plugin_error;

use crate::Failure;
use crate::json_string::put_string;

/// What an expression is, if the field that its type names is there.
pub(super) enum Kind<'a> {
    Ident(&'a ColumnIdentifier),
    Literal(&'a Scalar),
    Variable(&'a str),
    FuncCall(&'a FunctionCall),
    Operator(&'a Operator),
    Placeholder(u32),
    Object(&'a Object),
    Array(&'a Array),
}

pub(super) fn kind(expr: &Expr) -> Option<Kind<'_>> {
    Some(match ExprType::try_from(expr.r#type).ok()? {
        ExprType::Ident => Kind::Ident(expr.identifier.as_ref()?),
        ExprType::Literal => Kind::Literal(expr.literal.as_ref()?),
        ExprType::Variable => Kind::Variable(expr.variable.as_ref()?),
        ExprType::FuncCall => Kind::FuncCall(expr.function_call.as_ref()?),
        ExprType::Operator => Kind::Operator(expr.operator.as_ref()?),
        ExprType::Placeholder => Kind::Placeholder(expr.position?),
        ExprType::Object => Kind::Object(expr.object.as_ref()?),
        ExprType::Array => Kind::Array(expr.array.as_ref()?),
        _ => return None,
    })
}

/// In whose words an expression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// SQL of MySQL, where a collection's documents are in a column `doc`.
    Sql,
    /// The form that clients accept as criteria: `age > 3 && name == 'ada'`.
    Client,
}

/// What the placeholders of an expression stand for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Args<'a> {
    /// The values aren't known before the execution: placeholders stay `?`.
    Later,
    /// These values are written in place of the placeholders.
    Now(&'a [Scalar]),
}

/// Writes expressions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expressions<'a> {
    pub(super) dialect: Dialect,
    pub(super) args: Args<'a>,
}

impl Expressions<'_> {
    pub(super) fn text(self, expr: &Expr) -> Result<String, Failure> {
        let mut w = String::new();
        self.put(&mut w, expr, false)?;
        Ok(w)
    }

    /// Writes an expression. `inside` says that it is an operand, which needs parentheses if it is an
    /// operation.
    fn put(self, w: &mut String, expr: &Expr, inside: bool) -> Result<(), Failure> {
        match kind(expr).ok_or_else(malformed)? {
            Kind::Ident(identifier) => {
                self.put_identifier(w, identifier);
                Ok(())
            }
            Kind::Literal(scalar) => self.put_scalar(w, scalar),
            Kind::Variable(name) => {
                put(w, format_args!("@{name}"));
                Ok(())
            }
            Kind::Placeholder(position) => self.put_placeholder(w, position),
            Kind::FuncCall(call) => {
                if let Some(schema) = &call.name.schema_name {
                    put(w, format_args!("{}.", quoted(schema)));
                }
                w.push_str(&call.name.name);
                self.put_list(w, "(", &call.param, ")")
            }
            Kind::Operator(operator) => self.put_operator(w, operator, inside),
            Kind::Array(array) => match self.dialect {
                Dialect::Sql => self.put_list(w, "JSON_ARRAY(", &array.value, ")"),
                Dialect::Client => self.put_list(w, "[", &array.value, "]"),
            },
            Kind::Object(object) => self.put_object(w, object),
        }
    }

    pub(super) fn put_identifier(self, w: &mut String, identifier: &ColumnIdentifier) {
        let path = path(&identifier.document_path);
        let column = match (&identifier.name, self.dialect) {
            (Some(name), Dialect::Sql) => quoted(name),
            (Some(name), Dialect::Client) => name.clone(),
            (None, Dialect::Sql) => "doc".to_owned(),
            (None, Dialect::Client) => {
                let short = path
                    .strip_prefix("$.")
                    .filter(|_| identifier.table_name.is_none());
                w.push_str(short.unwrap_or(&path));
                return;
            }
        };
        let owner = [&identifier.schema_name, &identifier.table_name];
        for name in owner.into_iter().flatten() {
            match self.dialect {
                Dialect::Sql => put(w, format_args!("{}.", quoted(name))),
                Dialect::Client => put(w, format_args!("{name}.")),
            }
        }
        w.push_str(&column);
        if !identifier.document_path.is_empty() {
            match self.dialect {
                Dialect::Sql => put(w, format_args!("->{}", string(path.as_bytes()))),
                Dialect::Client => put(w, format_args!("->{path}")),
            }
        }
    }

    pub(super) fn put_scalar(self, w: &mut String, scalar: &Scalar) -> Result<(), Failure> {
        match scalar.value().ok_or_else(malformed)? {
            ScalarValue::Null => w.push_str("NULL"),
            ScalarValue::Bool(true) => w.push_str("TRUE"),
            ScalarValue::Bool(false) => w.push_str("FALSE"),
            ScalarValue::Sint(number) => put(w, format_args!("{number}")),
            ScalarValue::Uint(number) => put(w, format_args!("{number}")),
            ScalarValue::Double(number) => put(w, format_args!("{number}")),
            ScalarValue::Float(number) => put(w, format_args!("{number}")),
            ScalarValue::String(text) => w.push_str(&string(&text.value)),
            ScalarValue::Octets(octets) => w.push_str(&string(&octets.value)),
        }
        Ok(())
    }

    fn put_placeholder(self, w: &mut String, position: u32) -> Result<(), Failure> {
        match self.args {
            Args::Later => w.push('?'),
            Args::Now(args) => {
                let scalar = usize::try_from(position).ok().and_then(|at| args.get(at));
                let scalar = scalar.ok_or_else(|| {
                    Failure::general(
                        plugin_error::ER_X_EXPR_BAD_VALUE,
                        "Invalid value of placeholder",
                    )
                })?;
                self.put_scalar(w, scalar)?;
            }
        }
        Ok(())
    }

    fn put_object(self, w: &mut String, object: &Object) -> Result<(), Failure> {
        let (open, between, close) = match self.dialect {
            Dialect::Sql => ("JSON_OBJECT(", ", ", ")"),
            Dialect::Client => ("{", ": ", "}"),
        };
        w.push_str(open);
        for (index, field) in object.fld.iter().enumerate() {
            if index > 0 {
                w.push_str(", ");
            }
            match self.dialect {
                Dialect::Sql => w.push_str(&string(field.key.as_bytes())),
                Dialect::Client => put_string(w, &field.key),
            }
            w.push_str(between);
            self.put(w, &field.value, false)?;
        }
        w.push_str(close);
        Ok(())
    }

    fn put_list(
        self,
        w: &mut String,
        open: &str,
        list: &[Expr],
        close: &str,
    ) -> Result<(), Failure> {
        w.push_str(open);
        for (index, each) in list.iter().enumerate() {
            if index > 0 {
                w.push_str(", ");
            }
            self.put(w, each, false)?;
        }
        w.push_str(close);
        Ok(())
    }

    fn put_operator(
        self,
        w: &mut String,
        operator: &Operator,
        inside: bool,
    ) -> Result<(), Failure> {
        let name = operator.name.as_str();
        let word = self.word(name);
        match (&operator.param[..], name) {
            ([], "*") => w.push('*'),
            ([], "default") => w.push_str("DEFAULT"),
            ([one], "!" | "not" | "sign_minus" | "sign_plus" | "~") => {
                w.push_str(&word);
                self.put(w, one, true)?;
            }
            ([left, list @ ..], "in" | "not_in") => {
                self.put(w, left, true)?;
                put(w, format_args!(" {word} "));
                self.put_list(w, "(", list, ")")?;
            }
            ([value, low, high], "between" | "not_between") => {
                self.put(w, value, true)?;
                put(w, format_args!(" {word} "));
                self.put(w, low, true)?;
                w.push_str(" AND ");
                self.put(w, high, true)?;
            }
            ([left, right], "cont_in" | "not_cont_in") if self.dialect == Dialect::Sql => {
                w.push_str(if name == "cont_in" { "" } else { "NOT " });
                w.push_str("JSON_CONTAINS(");
                self.put(w, right, false)?;
                w.push_str(", ");
                self.put(w, left, false)?;
                w.push(')');
            }
            (params @ [_, _], "overlaps" | "not_overlaps") if self.dialect == Dialect::Sql => {
                w.push_str(if name == "overlaps" { "" } else { "NOT " });
                self.put_list(w, "JSON_OVERLAPS(", params, ")")?;
            }
            ([left, right], _) if is_infix(name) => {
                w.push_str(if inside { "(" } else { "" });
                self.put(w, left, true)?;
                put(w, format_args!(" {word} "));
                self.put(w, right, true)?;
                w.push_str(if inside { ")" } else { "" });
            }
            (params, _) => {
                w.push_str(&word);
                self.put_list(w, "(", params, ")")?;
            }
        }
        Ok(())
    }

    fn word(self, name: &str) -> String {
        match (name, self.dialect) {
            ("==", Dialect::Sql) => "=".to_owned(),
            ("&&", Dialect::Sql) => "AND".to_owned(),
            ("||", Dialect::Sql) => "OR".to_owned(),
            ("!" | "not", _) => "NOT ".to_owned(),
            ("sign_minus", _) => "-".to_owned(),
            ("sign_plus", _) => "+".to_owned(),
            ("cont_in", _) => "IN".to_owned(),
            ("not_cont_in", _) => "NOT IN".to_owned(),
            _ if name.starts_with(|char: char| char.is_ascii_alphabetic()) => {
                name.to_ascii_uppercase().replace('_', " ")
            }
            _ => name.to_owned(),
        }
    }
}

/// The way to a place in a document: `$.name[0]`.
pub(super) fn path(items: &[DocumentPathItem]) -> String {
    let mut w = "$".to_owned();
    for item in items {
        let value = item.value.as_deref().unwrap_or_default();
        match DocumentPathItemType::try_from(item.r#type) {
            Ok(DocumentPathItemType::Member) if is_plain(value) => {
                put(&mut w, format_args!(".{value}"))
            }
            Ok(DocumentPathItemType::Member) => {
                w.push('.');
                put_string(&mut w, value);
            }
            Ok(DocumentPathItemType::MemberAsterisk) => w.push_str(".*"),
            Ok(DocumentPathItemType::ArrayIndex) => {
                put(&mut w, format_args!("[{}]", item.index.unwrap_or_default()));
            }
            Ok(DocumentPathItemType::ArrayIndexAsterisk) => w.push_str("[*]"),
            // Also types that are not known here.
            _ => w.push_str("**"),
        }
    }
    w
}

/// A name in back quotes.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A string literal; bytes that aren't UTF-8 as hex digits.
pub(super) fn string(bytes: &[u8]) -> String {
    let Ok(text) = str::from_utf8(bytes) else {
        let mut w = "X'".to_owned();
        for byte in bytes {
            put(&mut w, format_args!("{byte:02X}"));
        }
        w.push('\'');
        return w;
    };
    let mut w = String::with_capacity(text.len() + 2);
    w.push('\'');
    for char in text.chars() {
        match char {
            '\'' => w.push_str("''"),
            '\\' => w.push_str("\\\\"),
            char => w.push(char),
        }
    }
    w.push('\'');
    w
}

/// The error for an expression that lacks the field of its type.
pub(super) fn malformed() -> Failure {
    Failure::general(
        plugin_error::ER_X_EXPR_BAD_OPERATOR,
        "Invalid value for Mysqlx::Expr::Expr",
    )
}

fn is_infix(name: &str) -> bool {
    let is_symbol = !name.starts_with(|char: char| char.is_ascii_alphabetic());
    is_symbol || WORDS.contains(&name)
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// A string takes all that is written.
fn put(w: &mut String, text: std::fmt::Arguments<'_>) {
    let _written = w.write_fmt(text);
}

/// Operators that are words and stand between their operands.
const WORDS: [&str; 15] = [
    "is",
    "is_not",
    "like",
    "not_like",
    "regexp",
    "not_regexp",
    "div",
    "xor",
    "and",
    "or",
    "overlaps",
    "not_overlaps",
    "cont_in",
    "not_cont_in",
    "mod",
];
