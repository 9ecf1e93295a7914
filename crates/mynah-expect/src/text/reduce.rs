use std::fmt;

/// A token of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A number, which takes the signs in front of it in.
    Number,
    /// `?`.
    Value,
    /// `?, ...`
    List,
    /// `(?)`
    Row,
    /// `(?) /* , ... */`
    Rows,
    /// `(...)`
    RowOfList,
    /// `(...) /* , ... */`
    RowsOfLists,
    /// `IN (...)`
    In,
    /// What makes a row rows, in a digest that is read again.
    ListMark,
    Keyword(&'static str),
    Name(String),
    Sign(String),
    /// Printed as it is.
    Plain(String),
}

/// The tokens of a digest so far. Values next to each other are reduced to lists as MySQL's `sql_digest.cc`
/// describes it, by looking at the last two tokens.
#[derive(Debug, Default)]
pub(super) struct Reduced(Vec<Token>);

impl Reduced {
    pub(super) fn push(&mut self, token: Token) {
        match token {
            Token::Number => {
                self.take_signs();
                self.push_value(Token::Value);
            }
            Token::Value => self.push_value(Token::Value),
            Token::List => self.push_value(Token::List),
            Token::ListMark => match self.0.pop() {
                Some(Token::Row | Token::Rows) => self.0.push(Token::Rows),
                Some(Token::RowOfList | Token::RowsOfLists) => self.0.push(Token::RowsOfLists),
                other => self.0.extend(other),
            },
            Token::Sign(sign) if sign == ")" => self.close(sign),
            token => self.0.push(token),
        }
    }

    /// Whether a number that is pushed now is the first value of its element in a list.
    pub(super) fn begins_element(&self) -> bool {
        let rest = self
            .0
            // Plus signs in front of a number that is kept are dropped.
            .get(..self.0.len() - self.pluses())
            .unwrap_or_default();
        match rest {
            [.., Token::Value | Token::List, comma] if is(comma, ",") => false,
            [.., comma] if is(comma, ",") => true,
            [.., Token::Keyword("BY")] => self.pluses() == 0,
            _ => false,
        }
    }

    /// A number that is printed as it is.
    pub(super) fn push_kept(&mut self, number: &str) {
        self.0.truncate(self.0.len() - self.pluses());
        self.0.push(Token::Plain(number.to_owned()));
    }

    fn pluses(&self) -> usize {
        self.0
            .iter()
            .rev()
            .take_while(|token| is(token, "+"))
            .count()
    }

    fn last_two(&self) -> [Option<&Token>; 2] {
        let mut last = self.0.iter().rev();
        let [second, first] = [last.next(), last.next()];
        [first, second]
    }

    /// Signs in front of a number, where an expression begins.
    fn take_signs(&mut self) {
        while let [Some(before), Some(Token::Sign(sign))] = self.last_two()
            && matches!(sign.as_str(), "-" | "+")
            && begins_expression(before)
        {
            self.0.pop();
        }
    }

    fn push_value(&mut self, token: Token) {
        let joins = match self.last_two() {
            [Some(Token::Value | Token::List), Some(comma)] => is(comma, ","),
            _ => false,
        };
        // `?, ?` is `?, ...`, however many follow.
        if joins {
            self.0.truncate(self.0.len().saturating_sub(2));
            self.0.push(Token::List);
        } else {
            self.0.push(token);
        }
    }

    /// A parenthesis closes.
    fn close(&mut self, sign: String) {
        // A row of values, and behind IN no row but its own form.
        let (row, rows) = match self.last_two() {
            [Some(open), Some(Token::Value)] if is(open, "(") => (Token::Row, Token::Rows),
            [Some(open), Some(Token::List)] if is(open, "(") => {
                (Token::RowOfList, Token::RowsOfLists)
            }
            [Some(open), Some(Token::Name(name))] if is(open, "(") && name == "_charset" => {
                self.0.truncate(self.0.len().saturating_sub(2));
                self.0.push(Token::Plain("(_charset)".to_owned()));
                return;
            }
            _ => {
                self.0.push(Token::Sign(sign));
                return;
            }
        };
        self.0.truncate(self.0.len().saturating_sub(2));
        // Rows that follow each other become one, as in INSERT … VALUES.
        let joined = match self.last_two() {
            [_, Some(Token::Keyword("IN"))] => Some((1, Token::In)),
            [Some(before), Some(comma)]
                if is(comma, ",") && (*before == row || *before == rows) =>
            {
                Some((2, rows))
            }
            _ => None,
        };
        let (fewer, token) = joined.unwrap_or((0, row));
        self.0.truncate(self.0.len().saturating_sub(fewer));
        self.0.push(token);
    }
}

impl fmt::Display for Reduced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut is_glued = true;
        for token in &self.0 {
            if !is_glued {
                f.write_str(" ")?;
            }
            is_glued = matches!(token, Token::Sign(sign) if sign == "@@");
            f.write_str(match token {
                Token::Number | Token::Value => "?",
                Token::List => "?, ...",
                Token::Row => "(?)",
                Token::Rows => "(?) /* , ... */",
                Token::RowOfList => "(...)",
                Token::RowsOfLists => "(...) /* , ... */",
                Token::In => "IN (...)",
                Token::ListMark => "",
                Token::Keyword(word) => word,
                Token::Name(text) | Token::Sign(text) | Token::Plain(text) => text,
            })?;
        }
        Ok(())
    }
}

fn is(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Sign(sign) if sign == wanted)
}

/// Whether MySQL takes a sign behind this token for a part of a number.
fn begins_expression(token: &Token) -> bool {
    match token {
        Token::Sign(sign) => matches!(
            sign.as_str(),
            "(" | ","
                | "|"
                | "&"
                | "<<"
                | ">>"
                | "+"
                | "-"
                | "*"
                | "/"
                | "%"
                | "^"
                | "="
                | "<=>"
                | ">="
                | ">"
                | "<="
                | "<"
                | "!="
                | "||"
                | "&&"
        ),
        Token::Keyword(word) => BEFORE_EXPRESSIONS.contains(word),
        _ => false,
    }
}

const BEFORE_EXPRESSIONS: &[&str] = &[
    "AND", "AT", "BETWEEN", "CASE", "DEFAULT", "DIV", "ELSE", "ELSEIF", "ENDS", "EVERY", "IF",
    "INTERVAL", "LIKE", "MOD", "NOT", "OR", "RETURN", "RLIKE", "SELECT", "STARTS", "THEN", "UNTIL",
    "WHEN", "WHILE", "XOR",
];
