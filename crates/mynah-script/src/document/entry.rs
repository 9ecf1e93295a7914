use std::time::Duration;

use bytes::Bytes;
use mynah_session::{Completion, Outcome, Prepared, Reply, ResultSet};

use super::cell::cell;
use super::completion::completion;
use super::failure::failure;
use super::fault::fault;
use super::local_infile::local_infile;
use super::optional::Optional;
use super::packets::packets;
use super::prepared::prepared;
use super::resultset::resultset;
use super::{Document, Kind, Misfit, field, keys};

/// What an entry takes from its script.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Defaults {
    /// How long an entry waits that doesn't say.
    pub(crate) exec_time: Duration,
}

impl Defaults {
    /// The `defaults` of a JSON script of 2018.
    pub(crate) fn read<D: Document>(doc: &mut D, script: &D::Value) -> Result<Self, D::Error> {
        let defaults = doc.get(script, keys::DEFAULTS)?;
        if doc.kind(&defaults) == Kind::Undefined {
            return Ok(Self::default());
        }
        let exec_time = field::millis(doc, &defaults, keys::EXEC_TIME, Misfit::ExecTime)?;
        Ok(Self {
            exec_time: exec_time.unwrap_or_default(),
        })
    }
}

/// An element of `stmts`, or what the function returned.
#[derive(Debug)]
pub(crate) struct Entry<V> {
    pub(crate) reply: Reply,
    /// What answers the files that the reply asks for, in order; nothing is an OK.
    pub(crate) files: Vec<Option<V>>,
    /// The answer when the statement is prepared, if the entry has one.
    pub(crate) prepared: Option<Prepared>,
}

/// Reads an entry.
pub(crate) fn entry<D: Document>(
    doc: &mut D,
    entry: &D::Value,
    defaults: Defaults,
) -> Result<Entry<D::Value>, D::Error> {
    let kind = doc.kind(entry);
    if !kind.is_object() {
        return Err(Misfit::Entry(kind).into());
    }
    let mut optional = Optional::of(doc, entry);
    let exec_time = optional.read(keys::EXEC_TIME, |doc, entry| {
        field::millis(doc, entry, keys::EXEC_TIME, Misfit::ExecTime)
    })?;
    let fault = optional.read(keys::FAULT, fault)?;
    let prepared = optional.read(keys::PREPARED, prepared)?;
    let mut files = Vec::new();
    let outcomes = match outcomes(doc, entry, &mut files)? {
        Some(outcomes) => outcomes,
        // A fault may be all there is.
        None if fault.is_some() => vec![Outcome::Ok(Completion::default())],
        None => return Err(Misfit::NoOutcome.into()),
    };
    let mut outcomes = outcomes.into_iter();
    let first = outcomes.next().ok_or(Misfit::NoResults)?;
    Ok(Entry {
        reply: Reply {
            exec_time: exec_time.unwrap_or(defaults.exec_time),
            more: outcomes.collect(),
            fault,
            ..first.into()
        },
        files,
        prepared,
    })
}

/// What an entry says; nothing if it says nothing of an answer.
fn outcomes<D: Document>(
    doc: &mut D,
    entry: &D::Value,
    files: &mut Vec<Option<D::Value>>,
) -> Result<Option<Vec<Outcome>>, D::Error> {
    if let Some(outcome) = outcome(doc, entry, files)? {
        return Ok(Some(vec![outcome]));
    }
    let events = doc.get(entry, keys::BINLOG)?;
    if doc.kind(&events) != Kind::Undefined {
        return Ok(Some(vec![Outcome::Binlog(binlog(doc, &events)?)]));
    }
    let results = doc.get(entry, keys::RESULTS)?;
    match doc.kind(&results) {
        Kind::Undefined => return Ok(None),
        Kind::Array => {}
        kind => return Err(Misfit::Results(kind).into()),
    }
    let (mut outcomes, mut next) = (Vec::new(), 0);
    while let Some(element) = doc.next_element(&results, &mut next)? {
        let kind = doc.kind(&element);
        if !kind.is_object() {
            return Err(Misfit::Entry(kind).into());
        }
        let outcome = outcome(doc, &element, files)?;
        outcomes.push(outcome.ok_or(Misfit::NoOutcome)?);
    }
    Ok(Some(outcomes))
}

/// The outcome in an entry or in one of its `results`; `None` if it has none.
fn outcome<D: Document>(
    doc: &mut D,
    entry: &D::Value,
    files: &mut Vec<Option<D::Value>>,
) -> Result<Option<Outcome>, D::Error> {
    let result = doc.get(entry, keys::RESULT)?;
    if doc.kind(&result) != Kind::Undefined {
        return resultset(doc, &result).map(|result| Some(Outcome::Rows(result)));
    }
    let error = doc.get(entry, keys::ERROR)?;
    if doc.kind(&error) != Kind::Undefined {
        return failure(doc, &error).map(|failure| Some(Outcome::Error(failure)));
    }
    let ok = doc.get(entry, keys::OK)?;
    match doc.kind(&ok) {
        Kind::Undefined => {}
        kind if kind.is_object() => {
            return completion(doc, &ok).map(|completion| Some(Outcome::Ok(completion)));
        }
        _ => return Err(Misfit::ExpectObject.into()),
    }
    let row = doc.get(entry, keys::OUT_PARAMETERS)?;
    if doc.kind(&row) != Kind::Undefined {
        return out_parameters(doc, &row).map(|row| Some(Outcome::Rows(row)));
    }
    let file = doc.get(entry, keys::LOCAL_INFILE)?;
    if doc.kind(&file) != Kind::Undefined {
        let (file, answer) = local_infile(doc, &file)?;
        files.push(answer);
        return Ok(Some(Outcome::LocalInfile(file)));
    }
    let raw = doc.get(entry, keys::PACKETS)?;
    if doc.kind(&raw) != Kind::Undefined {
        return packets(doc, &raw).map(|packets| Some(Outcome::Packets(packets.into())));
    }
    Ok(None)
}

/// The row of a procedure's OUT parameters.
fn out_parameters<D: Document>(doc: &mut D, row: &D::Value) -> Result<ResultSet, D::Error> {
    let mut result = resultset(doc, row)?;
    if result.rows.source().is_some() || result.rows.len() != 1 {
        return Err(Misfit::OutParameters(result.rows.len()).into());
    }
    result.is_out_parameters = true;
    Ok(result)
}

/// The events of a binary log.
fn binlog<D: Document>(doc: &mut D, events: &D::Value) -> Result<Vec<Bytes>, D::Error> {
    match doc.kind(events) {
        Kind::Array => {}
        kind => return Err(Misfit::Binlog(kind).into()),
    }
    let (mut read, mut next) = (Vec::new(), 0);
    while let Some(event) = doc.next_element(events, &mut next)? {
        let number = next;
        let event = cell(doc, &event, |wrong| Misfit::Event(number, wrong))?;
        read.push(event.unwrap_or_default());
    }
    Ok(read)
}
