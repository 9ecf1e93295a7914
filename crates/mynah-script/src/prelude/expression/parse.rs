use super::super::decimal::Decimal;
use super::super::tokens::{Slice, TokenKind};
use super::super::value::{Shape, Typed, Value};
use super::evaluate::is_aggregate;
use super::{Cast, Expression, Operator, SystemVariable, VariableScope};

/// Reads expressions off the start of a statement's pieces. What it doesn't know is no expression.
#[derive(Clone, Debug)]
pub(in super::super) struct Parser<'a> {
    slice: Slice<'a>,
    at: usize,
    depth: usize,
    /// How many operators were read.
    operators: usize,
    /// Whether a function was read that says something of all rows together.
    has_aggregate: bool,
    /// Whether that is being read.
    in_aggregate: bool,
}

impl<'a> Parser<'a> {
    pub(in super::super) fn new(slice: Slice<'a>) -> Self {
        Self {
            slice,
            at: 0,
            depth: 0,
            operators: 0,
            has_aggregate: false,
            in_aggregate: false,
        }
    }

    /// The expression that is all of these pieces.
    pub(in super::super) fn whole(slice: Slice<'a>) -> Option<Expression> {
        let mut parser = Self::new(slice);
        let expression = parser.expression()?;
        parser.is_at_end().then_some(expression)
    }

    pub(in super::super) fn is_at_end(&self) -> bool {
        self.at >= self.slice.len()
    }

    /// What hasn't been read.
    pub(in super::super) fn rest(&self) -> Slice<'a> {
        self.slice.from(self.at).unwrap_or_else(|| self.slice.to(0))
    }

    /// What has been read.
    pub(in super::super) fn read(&self) -> Slice<'a> {
        self.slice.to(self.at)
    }

    /// Passes over a word or sign, if it comes next.
    pub(in super::super) fn eat(&mut self, word: &str) -> bool {
        let is_next = self.is(word);
        self.at += usize::from(is_next);
        is_next
    }

    fn eat_all(&mut self, words: &[&str]) -> bool {
        let mut indexes = (self.at..).zip(words);
        let are_next = indexes.all(|(index, word)| self.slice.is(index, word));
        self.at += if are_next { words.len() } else { 0 };
        are_next
    }

    fn is(&self, word: &str) -> bool {
        self.slice.is(self.at, word)
    }

    /// The loosest operators first: each level asks for the next tighter one.
    pub(in super::super) fn expression(&mut self) -> Option<Expression> {
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let expression = self.level(0);
        self.depth -= 1;
        expression
    }

    fn level(&mut self, level: usize) -> Option<Expression> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        if level == NOT_LEVEL && self.eat("not") {
            self.depth += 1;
            let operand = (self.depth < DEEPEST).then(|| self.level(level));
            self.depth -= 1;
            return Some(Expression::Not(Box::new(operand??)));
        }
        let mut left = self.level(level + 1)?;
        loop {
            if level == COMPARISON_LEVEL && self.is_predicate() {
                self.count()?;
                left = self.predicate(Box::new(left))?;
                continue;
            }
            let mut spellings = operators.iter();
            let Some((_, operator)) = spellings.find(|(words, _)| self.eat_all(words)) else {
                return Some(left);
            };
            self.count()?;
            let right = self.level(level + 1)?;
            left = Expression::Binary(*operator, Box::new(left), Box::new(right));
        }
    }

    /// Counts an operator: a chain of them is as deep as it is long.
    fn count(&mut self) -> Option<()> {
        self.operators += 1;
        (self.operators <= MOST_OPERATORS).then_some(())
    }

    /// Whether `IS`, `LIKE`, `IN` or `BETWEEN` comes next.
    fn is_predicate(&self) -> bool {
        let at = self.at + usize::from(self.is("not"));
        let words = ["like", "in", "between"];
        self.is("is") || words.iter().any(|word| self.slice.is(at, word))
    }

    fn predicate(&mut self, left: Box<Expression>) -> Option<Expression> {
        if self.eat("is") {
            let is_not = self.eat("not");
            let test = if self.eat("null") || self.eat("unknown") {
                Expression::IsNull(left)
            } else if self.eat("true") {
                Expression::Is(left, true)
            } else if self.eat("false") {
                Expression::Is(left, false)
            } else {
                return None;
            };
            return Some(negated_if(is_not, test));
        }
        let is_not = self.eat("not");
        let test = if self.eat("like") {
            self.like(left)?
        } else if self.eat("in") {
            Expression::In(left, self.list()?)
        } else {
            self.eat("between").then(|| self.between(left))??
        };
        Some(negated_if(is_not, test))
    }

    fn like(&mut self, left: Box<Expression>) -> Option<Expression> {
        let pattern = Box::new(self.level(COMPARISON_LEVEL + 1)?);
        let escape = match self.eat("escape") {
            true => self.text()?.chars().next().unwrap_or('\\'),
            false => '\\',
        };
        Some(Expression::Like(left, pattern, escape))
    }

    fn between(&mut self, operand: Box<Expression>) -> Option<Expression> {
        let low = self.level(COMPARISON_LEVEL + 1)?;
        let high = self
            .eat("and")
            .then(|| self.level(COMPARISON_LEVEL + 1))??;
        Some(Expression::Between(operand, Box::new(low), Box::new(high)))
    }

    fn unary(&mut self) -> Option<Expression> {
        self.depth += 1;
        let operand = (self.depth < DEEPEST).then(|| self.signed());
        self.depth -= 1;
        operand?
    }

    fn signed(&mut self) -> Option<Expression> {
        if self.eat("-") {
            return Some(match self.unary()? {
                Expression::Literal(Value::Integer(number), shape) => {
                    Expression::Literal(Value::Integer(-number), shape)
                }
                other => Expression::Negated(Box::new(other)),
            });
        }
        if self.eat("+") || self.eat("binary") {
            return self.unary();
        }
        if self.eat("!") {
            return Some(Expression::Not(Box::new(self.unary()?)));
        }
        let operand = self.primary()?;
        if self.eat("collate") {
            self.at += 1; // Texts compare in one way only.
        }
        Some(operand)
    }

    fn primary(&mut self) -> Option<Expression> {
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
    fn list(&mut self) -> Option<Vec<Expression>> {
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
            Cast::Text(None)
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
            "binary" => Cast::Text(self.length()?),
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
    fn text(&mut self) -> Option<String> {
        let text = self.is_text().then(|| self.slice.unescaped(self.at))??;
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

fn negated_if(is_not: bool, test: Expression) -> Expression {
    match is_not {
        true => Expression::Not(Box::new(test)),
        false => test,
    }
}

fn number(text: &str) -> Option<Expression> {
    let digits = text.len().try_into().ok()?;
    let (value, shape) = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match text.parse::<u64>() {
            Ok(number) if i64::try_from(number).is_ok() => (
                Value::Integer(number.into()),
                Shape {
                    length: digits,
                    ..Shape::BIGINT
                },
            ),
            Ok(number) => (
                Value::Integer(number.into()),
                Shape {
                    length: digits,
                    ..Shape::UNSIGNED
                },
            ),
            Err(_) => (
                Value::Decimal(Decimal::read(text)?),
                Shape::decimal(digits, 0),
            ),
        }
    } else if let Some(decimal) = Decimal::read(text) {
        let length = digits.saturating_add(1);
        (
            Value::Decimal(decimal),
            Shape::decimal(length, decimal.scale()),
        )
    } else {
        let is_double = text.len() < LONGEST_NUMBER && text.contains(['e', 'E']);
        let number: f64 = is_double.then(|| text.parse().ok())??;
        (Value::Double(number), Shape::DOUBLE)
    };
    Some(Expression::Literal(value, shape.never_null()))
}

type Spelling = (&'static [&'static str], Operator);

/// Operators from the loosest to the tightest, longer spellings first.
const LEVELS: [&[Spelling]; 9] = [
    &[(&["or"], Operator::Or), (&["|", "|"], Operator::Or)],
    &[(&["xor"], Operator::Xor)],
    &[(&["and"], Operator::And), (&["&", "&"], Operator::And)],
    &[],
    &[
        (&["<", "=", ">"], Operator::NullSafeEqual),
        (&["<", ">"], Operator::NotEqual),
        (&["!", "="], Operator::NotEqual),
        (&["<", "="], Operator::LessOrEqual),
        (&[">", "="], Operator::GreaterOrEqual),
        (&["="], Operator::Equal),
        (&["<"], Operator::Less),
        (&[">"], Operator::Greater),
    ],
    &[(&["|"], Operator::BitOr)],
    &[(&["&"], Operator::BitAnd)],
    &[(&["+"], Operator::Plus), (&["-"], Operator::Minus)],
    &[
        (&["*"], Operator::Times),
        (&["/"], Operator::Divided),
        (&["div"], Operator::IntegerDivided),
        (&["%"], Operator::Modulo),
        (&["mod"], Operator::Modulo),
    ],
];
const NOT_LEVEL: usize = 3;
const COMPARISON_LEVEL: usize = 4;

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

/// How deep expressions may stand in each other.
const DEEPEST: usize = 64;
/// How many operators an expression may have.
const MOST_OPERATORS: usize = 256;
/// A longer number isn't one.
const LONGEST_NUMBER: usize = 40;
