//! How deep a script's brackets, operators and statements go. The parser and what works on its
//! results need native stack for each, and would take the whole process with them if there isn't
//! enough.

mod arrow;
mod bare_object;
mod tokens;

use std::fmt;

use tokens::{Token, Tokens};

pub(super) use arrow::{ArrowBody, arrow_body};
pub(super) use bare_object::{InParentheses, in_parentheses};
pub(super) use tokens::Place;

/// Where a text goes too deep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooDeep {
    kind: Kind,
    pub(super) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Brackets,
    Operators,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Brackets => write!(f, "brackets nested deeper than {DEEPEST}")?,
            Kind::Operators => {
                f.write_str("an expression or a statement with too many operators")?
            }
        }
        let Place { line, column } = self.place;
        write!(f, " at line {line}, col {column}")
    }
}

/// The first token that is one too deep, outside of strings, comments and patterns.
pub(super) fn too_deep(text: &str) -> Option<TooDeep> {
    let mut walk = Walk::new(text);
    loop {
        walk.next()?;
        let kind = if walk.nesting.levels.len() > DEEPEST {
            Kind::Brackets
        } else if walk.nesting.weight > HEAVIEST {
            Kind::Operators
        } else {
            continue;
        };
        let place = walk.tokens.place();
        return Some(TooDeep { kind, place });
    }
}

/// Takes one token after the other and weighs it.
struct Walk<'a> {
    tokens: Tokens<'a>,
    nesting: Nesting,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            tokens: Tokens::new(text),
            nesting: Nesting::new(),
        }
    }

    /// A slash divides behind a value and begins a pattern elsewhere, so the tokenizer has to know what came before.
    fn next(&mut self) -> Option<Token<'a>> {
        let divides = matches!(self.nesting.before, Before::Value | Before::Dot);
        let token = match self.nesting.template_goes_on {
            true => self.tokens.template(),
            false => self.tokens.next(divides)?,
        };
        self.nesting.template_goes_on = false;
        self.nesting.take(token);
        Some(token)
    }
}

/// What is open at a place of the text.
struct Nesting {
    /// What is outside of all brackets.
    outside: Level,
    /// A level for each bracket that is open.
    levels: Vec<Level>,
    /// The weights of all levels.
    weight: usize,
    before: Before,
    /// Whether the next bracket is that of an `if` or a loop.
    header: bool,
    template_goes_on: bool,
}

/// What is between two brackets.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    /// Of the expression or statement that is read, without what is in brackets in it.
    weight: usize,
    kind: LevelKind,
    /// Whether commas separate what stands side by side: elements, arguments, declarations.
    is_list: bool,
    /// Whether it is the rest of a template that follows.
    in_template: bool,
    /// A semicolon was read; only an `else` continues the statement.
    ended: bool,
    /// `?` whose `:` is to come.
    questions: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LevelKind {
    /// Statements.
    #[default]
    Block,
    /// An expression, or a list of them.
    Expression,
    /// What an `if` or a loop has in its brackets.
    Header,
}

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Nothing that belongs to the same statement, or an `if`.
    Start,
    /// An operator, or a word like one.
    Operator,
    /// The end of a value.
    Value,
    /// The dot before a name.
    Dot,
}

impl Nesting {
    fn new() -> Self {
        Self {
            outside: Level::default(),
            levels: Vec::new(),
            weight: 0,
            before: Before::Start,
            header: false,
            template_goes_on: false,
        }
    }

    fn take(&mut self, token: Token<'_>) {
        if self.level().ended && token != Token::Word("else") {
            self.end_statement();
        }
        match token {
            Token::Word(word) if self.before != Before::Dot => self.word(word),
            Token::Word(_) => self.before = Before::Value,
            Token::Literal => self.value(),
            Token::Template | Token::TemplateOpens => {
                if self.before == Before::Value {
                    self.add(CHAIN);
                }
                self.before = Before::Value;
                if token == Token::TemplateOpens {
                    self.open(Level {
                        kind: LevelKind::Expression,
                        in_template: true,
                        ..Level::default()
                    });
                }
            }
            Token::Open(bracket) => self.bracket(bracket),
            Token::Close(_) => self.close(),
            Token::Semicolon => {
                // A semicolon ends a statement, but an `else` may continue it.
                self.level().ended = true;
                self.before = Before::Start;
            }
            Token::Comma => {
                // What stands side by side isn't nested, so elements of a list don't add up.
                match self.level().is_list {
                    true => self.lighten(),
                    false => self.add(CHAIN),
                }
                self.before = Before::Operator;
            }
            Token::Operator(operator) => self.operator(operator),
        }
    }

    fn word(&mut self, word: &str) {
        match word {
            "in" | "instanceof" if self.before == Before::Value => {
                self.add(CHAIN);
                self.before = Before::Operator;
                return;
            }
            "else" => {
                self.level().ended = false;
                self.before = Before::Start;
                return;
            }
            // Nothing is open where they stand.
            "case" | "default" => self.end_statement(),
            _ => {}
        }
        if self.before == Before::Value {
            self.end_statement();
        }
        self.before = match word {
            "if" | "for" | "while" | "with" => {
                self.add(STATEMENT);
                self.header = true;
                Before::Start
            }
            "do" | "try" | "finally" => {
                self.add(STATEMENT);
                Before::Start
            }
            "await" | "delete" | "new" | "typeof" | "void" | "yield" => {
                self.add(DEEP);
                Before::Operator
            }
            "var" | "let" | "const" => {
                self.level().is_list = true;
                Before::Operator
            }
            "async" | "case" | "extends" | "function" | "in" | "instanceof" | "of" | "return"
            | "throw" => Before::Operator,
            _ => Before::Value,
        };
    }

    fn value(&mut self) {
        if self.before == Before::Value {
            self.end_statement();
        }
        self.before = Before::Value;
    }

    fn operator(&mut self, operator: &str) {
        let is_infix = self.before == Before::Value;
        self.before = match operator {
            "." | "?." => Before::Dot,
            "=>" => Before::Start,
            "++" | "--" if is_infix => return,
            ":" => self.colon(),
            _ => Before::Operator,
        };
        let weight = match operator {
            ":" | "..." => 0,
            "?" => {
                self.level().questions += 1;
                DEEP
            }
            "=>" | "**" => DEEP,
            "==" | "===" | "!=" | "!==" | "<=" | ">=" => CHAIN,
            _ if !is_infix || operator.ends_with('=') => DEEP,
            _ => CHAIN,
        };
        self.add(weight);
    }

    fn colon(&mut self) -> Before {
        let level = self.level();
        match level.questions.checked_sub(1) {
            // The colon of `? :`, of a label or a `case`, or of a property.
            Some(left) => level.questions = left,
            None if level.kind == LevelKind::Block => {
                self.add(STATEMENT);
                return Before::Start;
            }
            None => {}
        }
        Before::Operator
    }

    fn bracket(&mut self, bracket: char) {
        let header = std::mem::take(&mut self.header);
        let is_infix = self.before == Before::Value;
        let mut level = Level::default();
        match bracket {
            '(' if header => level.kind = LevelKind::Header,
            '{' if self.before == Before::Operator => {
                level.kind = LevelKind::Expression;
                level.is_list = true;
            }
            '{' => {}
            _ => {
                level.kind = LevelKind::Expression;
                // Arguments, and elements of an array.
                level.is_list = is_infix == (bracket == '(');
                if is_infix {
                    self.add(CHAIN);
                }
            }
        }
        self.open(level);
    }

    fn open(&mut self, level: Level) {
        self.before = match level.kind {
            LevelKind::Block => Before::Start,
            _ => Before::Operator,
        };
        self.levels.push(level);
    }

    fn close(&mut self) {
        self.before = Before::Value;
        let Some(level) = self.levels.pop() else {
            return;
        };
        self.weight -= level.weight;
        self.template_goes_on = level.in_template;
        if level.kind == LevelKind::Header {
            self.before = Before::Start;
        } else if level.in_template {
            self.before = Before::Operator;
        }
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap_or(&mut self.outside)
    }

    fn add(&mut self, weight: usize) {
        self.level().weight += weight;
        self.weight += weight;
    }

    /// What was read stands beside what follows, not around it.
    fn lighten(&mut self) {
        self.weight -= std::mem::take(&mut self.level().weight);
    }

    fn end_statement(&mut self) {
        self.lighten();
        let level = self.level();
        level.ended = false;
        level.questions = 0;
        level.is_list &= level.kind == LevelKind::Expression;
    }
}

/// The deepest that brackets may go.
const DEEPEST: usize = 200;
/// What may be open at once, and what each part adds: a third of what a worker's native stack takes
/// in a build without optimisation.
const HEAVIEST: usize = 8000;
/// An operator between two values, of which the first may be as long as it likes.
const CHAIN: usize = 1;
/// One before a value, or one whose second value may be as long as it likes.
const DEEP: usize = 2;
/// A statement within a statement.
const STATEMENT: usize = 2;

#[cfg(test)]
mod tests;
