use serde::ser::{Serialize, Serializer};
use serde_json::json;

use super::{Expectation, Problem};

/// A list of expectations, as in a file or an HTTP request. In JSON it is an array, or an object with the
/// keys `order` and `expectations`.
#[derive(Debug, PartialEq)]
pub struct Expectations<A> {
    /// The order in which the expectations must be matched.
    pub order: Order,
    /// The expectations, in the order in which they are tried if their priorities are equal.
    pub list: Vec<Expectation<A>>,
}

/// The order in which expectations must be matched. The order doesn't concern stubs (expectations without `times`)
/// and expectations that forbid a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Any order; `any` in JSON.
    #[default]
    Any,
    /// The order of the list, over all connections of a test; `sequence` in JSON.
    Sequence,
}

impl Order {
    /// The order's name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Sequence => "sequence",
        }
    }
}

/// All mistakes in a list of expectations. `Display` writes one per line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct WrongExpectations(pub Vec<Problem>);

impl<A> Clone for Expectations<A> {
    /// The same, with the same answers.
    fn clone(&self) -> Self {
        Self {
            order: self.order,
            list: self.list.clone(),
        }
    }
}

impl<A> Default for Expectations<A> {
    fn default() -> Self {
        Self {
            order: Order::Any,
            list: Vec::new(),
        }
    }
}

impl<A: Serialize> Serialize for Expectations<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = self.list.iter().map(Expectation::to_json);
        let list = list
            .collect::<Result<Vec<_>, _>>()
            .map_err(serde::ser::Error::custom)?;
        match self.order {
            Order::Any => list.serialize(serializer),
            order => json!({"order": order.name(), "expectations": list}).serialize(serializer),
        }
    }
}
