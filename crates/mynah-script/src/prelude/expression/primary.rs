use super::super::shape::Shape;
use super::super::tokens::TokenKind;
use super::super::value::{Typed, Value};
use super::evaluate::is_aggregate;
use super::number::number;
use super::parse::Parser;
use super::{Cast, Expression, SystemVariable, VariableScope};

/// What operators stand between: literals, names, variables, calls.
impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Option<Expression> {
        let (kind, text) = self.slice.get(self.at)?;
        match kind {
            TokenKind::Text => {
                let mut value = String::new();
                while let Some(text) = self.text() {
                    value += &text;
                }
                let Typed { value, shape } = Typed::text(value);
                Some(Expression::Literal(value, shape))
            }
            TokenKind::Name => self.name(),
            TokenKind::Sign if self.eat("(") => {
                // `(SELECT x)` without a table is x.
                self.eat("select");
                let inner = self.expression()?;
                self.eat(")").then_some(inner)
            }
            TokenKind::Sign => None,
            TokenKind::Placeholder(index) => {
                self.at += 1;
                Some(Expression::Placeholder(index))
            }
            TokenKind::Word if text.starts_with("@@") => self.system_variable(),
            TokenKind::Word if text.starts_with('@') => self.user_variable(),
            TokenKind::Word if text.starts_with(|char: char| char.is_ascii_digit()) => {
                self.at += 1;
                number(text)
            }
            TokenKind::Word => self.word(text),
        }
    }

    fn word(&mut self, text: &str) -> Option<Expression> {
        let word = text.to_lowercase();
        if RESERVED.contains(&word.as_str()) {
            return None;
        }
        self.at += 1;
        match word.as_str() {
            "null" => Some(Expression::Literal(Value::Null, Shape::NULL)),
            "true" | "false" => {
                let Typed { value, shape } = Typed::flag(word == "true");
                Some(Expression::Literal(value, shape))
            }
            "case" => self.case(),
            "cast" | "convert" => self.cast(),
            // A character set before its text.
            _ if word.starts_with('_') && self.is_text() => self.primary(),
            _ if self.is("(") => self.call(word),
            _ if WITHOUT_PARENTHESES.contains(&word.as_str()) => {
                Some(Expression::Call(word, Vec::new()))
            }
            _ => {
                self.at -= 1;
                self.name()
            }
        }
    }

    /// Whether what was read says something of all rows together.
    pub(in super::super) fn has_aggregate(&self) -> bool {
        self.has_aggregate
    }

    fn call(&mut self, name: String) -> Option<Expression> {
        if !is_aggregate(&name) {
            return self.arguments(name);
        }
        if self.in_aggregate {
            return None; // Servers refuse one in another.
        }
        (self.in_aggregate, self.has_aggregate) = (true, true);
        let call = self.arguments(name);
        self.in_aggregate = false;
        call
    }

    fn arguments(&mut self, name: String) -> Option<Expression> {
        if name == "count" && self.eat_all(&["(", "*", ")"]) {
            return Some(Expression::Call(name, vec![Expression::All]));
        }
        if self.eat_all(&["(", ")"]) {
            return Some(Expression::Call(name, Vec::new()));
        }
        Some(Expression::Call(name, self.list()?))
    }

    /// `(a, b, …)`
    pub(super) fn list(&mut self) -> Option<Vec<Expression>> {
        let mut list = Vec::new();
        if !self.eat("(") {
            return None;
        }
        loop {
            list.push(self.expression()?);
            if self.eat(")") {
                return Some(list);
            }
            if !self.eat(",") {
                return None;
            }
        }
    }

    fn case(&mut self) -> Option<Expression> {
        let operand = match self.is("when") {
            true => None,
            false => Some(Box::new(self.expression()?)),
        };
        let mut branches = Vec::new();
        while self.eat("when") {
            let condition = self.expression()?;
            let result = self.eat("then").then(|| self.expression())??;
            branches.push((condition, result));
        }
        let otherwise = match self.eat("else") {
            true => Some(Box::new(self.expression()?)),
            false => None,
        };
        self.eat("end").then_some(Expression::Case {
            operand,
            branches,
            otherwise,
        })
    }

    /// `CAST(x AS type)`, `CONVERT(x, type)`, `CONVERT(x USING charset)`
    fn cast(&mut self) -> Option<Expression> {
        if !self.eat("(") {
            return None;
        }
        let operand = Box::new(self.expression()?);
        let cast = if self.eat("using") {
            self.at += 1;
            Cast::Recoded
        } else if self.eat("as") || self.eat(",") {
            self.cast_type()?
        } else {
            return None;
        };
        self.eat(")").then_some(Expression::Cast(operand, cast))
    }

    fn cast_type(&mut self) -> Option<Cast> {
        let (_, name) = self.slice.get(self.at)?;
        self.at += 1;
        let cast = match name.to_lowercase().as_str() {
            "char" | "nchar" | "varchar" => {
                let length = self.length()?;
                if self.eat_all(&["character", "set"]) || self.eat("charset") {
                    self.at += 1;
                }
                return Some(Cast::Text(length));
            }
            "binary" => Cast::Bytes(self.length()?),
            "signed" => Cast::Signed,
            "unsigned" => Cast::Unsigned,
            "double" | "float" | "real" => Cast::Double,
            "decimal" if !self.is("(") => Cast::Decimal,
            "datetime" => Cast::DateTime,
            "date" => Cast::Date,
            "time" => Cast::Time,
            _ => return None,
        };
        if matches!(cast, Cast::Signed | Cast::Unsigned) && !self.eat("integer") {
            self.eat("int");
        }
        Some(cast)
    }

    /// A length in parentheses, if there are any.
    fn length(&mut self) -> Option<Option<u32>> {
        if !self.eat("(") {
            return Some(None);
        }
        let (_, length) = self.slice.get(self.at)?;
        self.at += 1;
        self.eat(")").then_some(Some(length.parse().ok()?))
    }

    fn system_variable(&mut self) -> Option<Expression> {
        let name = self.quotable("@@")?;
        Some(Expression::SystemVariable(SystemVariable::read(&name)))
    }

    fn user_variable(&mut self) -> Option<Expression> {
        let name = self.quotable("@")?.to_lowercase();
        (!name.is_empty()).then_some(Expression::UserVariable(name))
    }

    /// A name behind a mark, possibly in quotes: `@@global.x`, `@'x'`.
    fn quotable(&mut self, mark: &str) -> Option<String> {
        let (_, word) = self.slice.get(self.at)?;
        self.at += 1;
        let mut name = word.strip_prefix(mark)?.to_owned();
        if name.is_empty() || name.ends_with('.') {
            let quoted = |kind| matches!(kind, TokenKind::Name | TokenKind::Text);
            let (kind, _) = self.slice.get(self.at)?;
            name += &quoted(kind).then(|| self.slice.plain(self.at))??;
            self.at += 1;
        }
        Some(name)
    }

    /// `a`, `a.b`, each part possibly in quotes.
    pub(in super::super) fn name(&mut self) -> Option<Expression> {
        let mut name = String::new();
        loop {
            let (kind, text) = self.slice.get(self.at)?;
            match kind {
                TokenKind::Name => name += &self.slice.plain(self.at)?,
                TokenKind::Word if !text.starts_with('@') => name += text,
                _ => return None,
            }
            self.at += 1;
            let goes_on = match self.slice.get(self.at) {
                Some((TokenKind::Name, _)) => name.ends_with('.'),
                Some((TokenKind::Word, next)) => next.starts_with('.'),
                _ => false,
            };
            if !goes_on {
                return Some(Expression::Name(name));
            }
        }
    }

    fn is_text(&self) -> bool {
        matches!(self.slice.get(self.at), Some((TokenKind::Text, _)))
    }

    /// A text, if one comes next.
    pub(super) fn text(&mut self) -> Option<String> {
        let text = self.is_text().then(|| self.slice.plain(self.at))??;
        self.at += 1;
        Some(text)
    }
}

impl SystemVariable {
    /// Of a name with its scope, if it has one, without the mark.
    pub(in super::super) fn read(name: &str) -> Self {
        let name = name.to_lowercase();
        let global = ["global.", "persist.", "persist_only."];
        let scopes = global
            .map(|prefix| (prefix, VariableScope::Global))
            .into_iter()
            .chain(["session.", "local."].map(|prefix| (prefix, VariableScope::Session)));
        for (prefix, scope) in scopes {
            if let Some(name) = name.strip_prefix(prefix) {
                return Self {
                    scope: Some(scope),
                    name: name.to_owned(),
                };
            }
        }
        Self { scope: None, name }
    }
}

/// Functions that need no parentheses.
const WITHOUT_PARENTHESES: [&str; 9] = [
    "current_user",
    "current_role",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "utc_timestamp",
    "utc_date",
];

/// Words that no expression starts with.
const RESERVED: [&str; 24] = [
    "select", "from", "where", "group", "order", "by", "having", "limit", "union", "as", "and",
    "or", "when", "then", "else", "end", "in", "like", "between", "is", "into", "for", "exists",
    "interval",
];
