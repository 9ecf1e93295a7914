use super::super::tokens::Slice;
use super::super::value::Value;
use super::{Cast, Expression, Operator};

/// Reads expressions off the start of a statement's pieces. What it doesn't know is no expression.
#[derive(Clone, Debug)]
pub(in super::super) struct Parser<'a> {
    pub(super) slice: Slice<'a>,
    pub(super) at: usize,
    depth: usize,
    /// How many operators were read.
    operators: usize,
    /// Whether a function was read that says something of all rows together.
    pub(super) has_aggregate: bool,
    /// Whether that is being read.
    pub(super) in_aggregate: bool,
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

    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let mut indexes = (self.at..).zip(words);
        let are_next = indexes.all(|(index, word)| self.slice.is(index, word));
        self.at += if are_next { words.len() } else { 0 };
        are_next
    }

    pub(super) fn is(&self, word: &str) -> bool {
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
        if self.eat("+") {
            return self.unary();
        }
        if self.eat("binary") {
            let operand = Box::new(self.unary()?);
            return Some(Expression::Cast(operand, Cast::Bytes(None)));
        }
        if self.eat("!") {
            return Some(Expression::Not(Box::new(self.unary()?)));
        }
        let operand = self.primary()?;
        // Texts compare in one way only, so the collation's name doesn't matter here.
        if self.eat("collate") {
            let name = self.slice.plain(self.at)?;
            self.at += 1;
            let is_by_bytes = name.to_lowercase().ends_with("_bin");
            return Some(Expression::Collated(Box::new(operand), is_by_bytes));
        }
        Some(operand)
    }
}

fn negated_if(is_not: bool, test: Expression) -> Expression {
    match is_not {
        true => Expression::Not(Box::new(test)),
        false => test,
    }
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

/// How deep expressions may stand in each other.
const DEEPEST: usize = 64;
/// How many operators an expression may have.
const MOST_OPERATORS: usize = 256;
