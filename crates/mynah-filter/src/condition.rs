use crate::needle::Needle;
use crate::{Record, Value};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition<F> {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Text(F, Match, Needle),
    Number(F, Order, u64),
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Is,
    IsNot,
    Contains,
    ContainsNot,
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

impl<F: Copy> Condition<F> {
    pub(crate) fn holds(&self, record: &impl Record<F>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|condition| condition.holds(record)),
            Self::Any(any) => any.iter().any(|condition| condition.holds(record)),
            Self::Not(condition) => !condition.holds(record),
            Self::Text(field, how, wanted) => match record.value(*field) {
                Value::Text(found) => how.holds(found, wanted),
                Value::Texts(found) => {
                    let mut found = found.iter().map(String::as_bytes);
                    match how.is_negated() {
                        true => found.all(|found| how.holds(found, wanted)),
                        false => found.any(|found| how.holds(found, wanted)),
                    }
                }
                Value::Number(_) | Value::Absent => false,
            },
            Self::Number(field, order, wanted) => match record.value(*field) {
                Value::Number(found) => order.holds(found, *wanted),
                Value::Text(_) | Value::Texts(_) | Value::Absent => false,
            },
        }
    }

    pub(crate) fn find_field(&self, wanted: &mut impl FnMut(F) -> bool) -> Option<F> {
        match self {
            Self::All(inner) | Self::Any(inner) => {
                inner.iter().find_map(|inner| inner.find_field(wanted))
            }
            Self::Not(inner) => inner.find_field(wanted),
            Self::Text(field, ..) | Self::Number(field, ..) => {
                Some(*field).filter(|field| wanted(*field))
            }
        }
    }
}

impl Match {
    /// Whether it is about the whole text.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Is | Self::IsNot)
    }

    fn is_negated(self) -> bool {
        matches!(self, Self::IsNot | Self::ContainsNot)
    }

    fn holds(self, found: &[u8], wanted: &Needle) -> bool {
        match self {
            Self::Is => wanted.is(found),
            Self::IsNot => !wanted.is(found),
            Self::Contains => wanted.is_in(found),
            Self::ContainsNot => !wanted.is_in(found),
        }
    }
}

impl Order {
    fn holds(self, found: u64, wanted: u64) -> bool {
        match self {
            Self::Equal => found == wanted,
            Self::NotEqual => found != wanted,
            Self::Less => found < wanted,
            Self::AtMost => found <= wanted,
            Self::More => found > wanted,
            Self::AtLeast => found >= wanted,
        }
    }
}
