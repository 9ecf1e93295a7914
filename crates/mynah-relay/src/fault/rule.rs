use std::fmt;
use std::sync::Arc;

use mynah_fault::{Ending, Fault};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::{FaultPoint, FaultRuleError};
use crate::Filter;
use crate::filter::Upcoming;
use crate::statement::Wants;

/// A rule: a fault, and a condition for the commands at which it is played.
///
/// ```
/// use mynah_relay::{FaultPoint, FaultRule};
///
/// let rule: FaultRule = "user = ada and sql ~ commit: after_execute reset_peer times=1".parse()?;
/// assert_eq!(rule.at(), FaultPoint::AfterExecute);
///
/// let json = r#"{"when": "user = ada and sql ~ commit", "at": "after_execute", "fault": {"reset_peer": true}, "times": 1}"#;
/// assert_eq!(FaultRule::list(json)?, [rule]);
/// # Ok::<(), mynah_relay::FaultRuleError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRule {
    when: Option<When>,
    at: FaultPoint,
    fault: Arc<Fault>,
    /// The fault, as it was written.
    json: Json,
    times: Option<u64>,
}

/// A condition, and its text.
#[derive(Clone, Debug, PartialEq)]
struct When {
    text: String,
    filter: Filter,
}

impl FaultRule {
    /// A rule for a fault in JSON. The fault is played at commands for which the condition `when` holds (with `None`,
    /// at every command) and no earlier rule's fault is played, and at most `times` times. A fault with which the
    /// command is forwarded isn't played at commands that log in anew, such as COM_CHANGE_USER.
    ///
    /// # Errors
    /// If the condition isn't valid or has a field that is known only with the answer, if the fault has
    /// mistakes, or if it can't be played at this point.
    pub fn new(
        when: Option<&str>,
        at: FaultPoint,
        fault: Json,
        times: Option<u64>,
    ) -> Result<Self, FaultRuleError> {
        let when = when.map(When::read).transpose()?;
        let read = Fault::from_json(&fault).map_err(|problems| {
            FaultRuleError::Fault(problems.iter().map(ToString::to_string).collect())
        })?;
        if at == FaultPoint::BeforeForward
            && let Some(name) = shaping(&read)
        {
            return Err(FaultRuleError::NoAnswer(name));
        }
        Ok(Self {
            when,
            at,
            fault: Arc::new(read),
            json: fault,
            times,
        })
    }

    /// The point at which the fault is played.
    #[must_use]
    pub fn at(&self) -> FaultPoint {
        self.at
    }

    /// How often the fault is played at most; `None` for no limit.
    #[must_use]
    pub fn times(&self) -> Option<u64> {
        self.times
    }

    /// The fault that the rule plays.
    #[must_use]
    pub fn fault(&self) -> &Arc<Fault> {
        &self.fault
    }

    /// Whether the server gets a command at which the fault is played.
    #[must_use]
    pub fn forwards(&self) -> bool {
        self.at == FaultPoint::AfterExecute || self.fault.ending.is_none()
    }

    /// Whether nothing of the server's answer reaches the client.
    pub(super) fn keeps_answer(&self) -> bool {
        let ending = self.fault.ending;
        matches!(ending, Some(Ending::Timeout(_) | Ending::ResetPeer(_)))
            && self.fault.limit_data.is_none()
    }

    pub(super) fn holds(&self, command: &Upcoming<'_>) -> bool {
        let when = self.when.as_ref();
        when.is_none_or(|when| when.filter.holds_before(command))
    }

    /// What its condition asks for of statements.
    pub(crate) fn wants(&self) -> Wants {
        let when = self.when.as_ref();
        when.map_or_else(Wants::default, |when| when.filter.wants())
    }
}

impl When {
    fn read(text: &str) -> Result<Self, FaultRuleError> {
        let filter: Filter = text.parse()?;
        match filter.field_of_answers() {
            Some(field) => Err(FaultRuleError::NotKnownBefore(field)),
            None => Ok(Self {
                text: text.to_owned(),
                filter,
            }),
        }
    }
}

/// The first part of a fault that needs an answer.
fn shaping(fault: &Fault) -> Option<&'static str> {
    [
        ("limit_data", fault.limit_data.is_some()),
        ("malformed", fault.malformed.is_some()),
        ("slicer", fault.slicer.is_some()),
        ("bandwidth", fault.bandwidth.is_some()),
    ]
    .into_iter()
    .find_map(|(name, is_there)| is_there.then_some(name))
}

impl fmt::Display for FaultRule {
    /// Where it is played, and what is done: `after_execute reset_peer`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.fault)
    }
}

impl FaultRule {
    /// The members of its JSON form.
    pub(super) fn put<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if let Some(when) = &self.when {
            map.serialize_entry("when", &when.text)?;
        }
        map.serialize_entry("at", self.at.name())?;
        map.serialize_entry("fault", &self.json)?;
        match self.times {
            Some(times) => map.serialize_entry("times", &times),
            None => Ok(()),
        }
    }
}

impl Serialize for FaultRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.put(&mut map)?;
        map.end()
    }
}
