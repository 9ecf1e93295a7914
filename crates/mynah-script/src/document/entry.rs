use std::time::Duration;

use mynah_session::{Outcome, Reply};

use super::completion::completion;
use super::failure::failure;
use super::resultset::resultset;
use super::{Document, Kind, Misfit, field, keys};

/// What an entry takes from its trace.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Defaults {
    /// How long an entry waits that doesn't say.
    pub(crate) exec_time: Duration,
}

impl Defaults {
    /// The `defaults` of a JSON trace of 2018.
    pub(crate) fn read<D: Document>(doc: &mut D, trace: &D::Value) -> Result<Self, D::Error> {
        let defaults = doc.get(trace, keys::DEFAULTS)?;
        if doc.kind(&defaults) == Kind::Undefined {
            return Ok(Self::default());
        }
        let exec_time = field::millis(doc, &defaults, keys::EXEC_TIME, Misfit::ExecTime)?;
        Ok(Self {
            exec_time: exec_time.unwrap_or_default(),
        })
    }
}

/// A statement's entry: an element of `stmts`, or what the function returned.
pub(crate) fn entry<D: Document>(
    doc: &mut D,
    entry: &D::Value,
    defaults: Defaults,
) -> Result<Reply, D::Error> {
    let kind = doc.kind(entry);
    if !kind.is_object() {
        return Err(Misfit::Entry(kind).into());
    }
    let exec_time = field::millis(doc, entry, keys::EXEC_TIME, Misfit::ExecTime)?;
    Ok(Reply {
        exec_time: exec_time.unwrap_or(defaults.exec_time),
        ..outcome(doc, entry)?.into()
    })
}

fn outcome<D: Document>(doc: &mut D, entry: &D::Value) -> Result<Outcome, D::Error> {
    let result = doc.get(entry, keys::RESULT)?;
    if doc.kind(&result) != Kind::Undefined {
        return resultset(doc, &result).map(Outcome::Rows);
    }
    let error = doc.get(entry, keys::ERROR)?;
    if doc.kind(&error) != Kind::Undefined {
        return failure(doc, &error).map(Outcome::Error);
    }
    let ok = doc.get(entry, keys::OK)?;
    match doc.kind(&ok) {
        Kind::Undefined => Err(Misfit::NoOutcome.into()),
        kind if kind.is_object() => completion(doc, &ok).map(Outcome::Ok),
        _ => Err(Misfit::ExpectObject.into()),
    }
}
