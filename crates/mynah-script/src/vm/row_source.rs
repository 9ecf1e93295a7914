//! Rows that a script generates while they are sent.

use std::collections::VecDeque;
use std::sync::Arc;

use boa_engine::object::builtins::JsGenerator;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsSymbol, JsValue, js_string};
use mynah_session::RowSource;

use super::bounce::{Pulled, pull};
use super::problem::Problem;
use super::thread;
use crate::document::{RowColumn, RowReader};

/// Where the rows of a result come from: an iterator, whose values are rows.
#[derive(Debug)]
pub(super) struct RowIterator {
    /// The value that makes the rows.
    of: JsObject,
    /// The object that the trampoline works on: `i` is the iterator; see `bounce.rs`.
    pub(super) state: JsObject,
    pub(super) reader: RowReader,
    /// How many rows are made at once.
    pub(super) batch: u32,
    /// What is wrong with the row that is next.
    pub(super) problem: Option<Problem>,
    /// Whether it has no more values.
    pub(super) is_over: bool,
    /// Its first values, if they were taken before the columns were known.
    pub(super) first: Option<Pulled<Problem>>,
}

/// Iterators that were found in an answer, until its session takes them over.
#[derive(Debug, Default)]
pub(super) struct RowSources {
    found: Vec<(RowSource, RowIterator)>,
    /// Iterators whose first rows were taken and not sent.
    begun: VecDeque<RowIterator>,
    last: u64,
}

impl RowSources {
    /// Takes one more, and gives it its number.
    pub(super) fn add(&mut self, rows: RowIterator) -> RowSource {
        self.last += 1;
        self.found.push((RowSource(self.last), rows));
        RowSource(self.last)
    }

    /// Keeps one whose first rows were taken, until the rows of the same value are asked for.
    pub(super) fn keep(&mut self, rows: RowIterator) {
        if rows.first.is_none() {
            return;
        }
        if self.begun.len() >= MOST_BEGUN {
            self.begun.pop_front();
        }
        self.begun.push_back(rows);
    }

    /// The one that was kept for a value.
    pub(super) fn kept(&mut self, of: &JsValue) -> Option<RowIterator> {
        let of = of.as_object()?;
        let index = self.begun.iter().position(|rows| rows.of == of)?;
        self.begun.remove(index)
    }

    pub(super) fn take(&mut self) -> Vec<(RowSource, RowIterator)> {
        std::mem::take(&mut self.found)
    }
}

impl RowIterator {
    /// The rows that a value makes, if it makes any: an iterator, something that can be iterated
    /// over, or the function of a generator.
    pub(super) fn of(value: &JsValue, context: &mut Context) -> JsResult<Option<Self>> {
        let (Some(of), Some(iterator)) = (value.as_object(), iterator(value, context)?) else {
            return Ok(None);
        };
        let state = JsObject::with_null_proto();
        state.create_data_property(js_string!("i"), iterator, context)?;
        Ok(Some(Self {
            of,
            state,
            reader: RowReader::new([].into()),
            batch: FIRST_BATCH,
            problem: None,
            is_over: false,
            first: None,
        }))
    }

    /// Its first values, as long as none was sent, and whether there may be more.
    ///
    /// # Errors
    /// What the script threw in place of the first.
    pub(super) fn begin(&mut self, context: &mut Context) -> Result<(JsValue, bool), Problem> {
        let first = match self.first.take() {
            Some(first) => first,
            None => pull(&self.state, FIRST_BATCH, context)?,
        };
        let first = self.first.insert(first);
        self.is_over = first.end.is_some();
        Ok((first.rows.clone(), !self.is_over))
    }

    /// What it threw in place of a first value.
    pub(super) fn take_thrown(&mut self) -> Option<(Problem, JsValue)> {
        match self.first.take()? {
            Pulled {
                end: Some(Err(problem)),
                thrown,
                ..
            } => Some((problem, thrown)),
            _ => None,
        }
    }

    /// Says what columns its rows have.
    pub(super) fn with_columns(self, columns: &Arc<[RowColumn]>) -> Self {
        Self {
            reader: RowReader::new(columns.clone()),
            ..self
        }
    }
}

fn iterator(value: &JsValue, context: &mut Context) -> JsResult<Option<JsValue>> {
    let Some(object) = value.as_object() else {
        return Ok(None);
    };
    // In this order: the function of a generator, a generator, an iterable, an object with `next()`.
    if thread::is_generator_function(&object, context) {
        return object.call(&JsValue::undefined(), &[], context).map(Some);
    }
    if object.is_callable() {
        return Ok(None);
    }
    if JsGenerator::from_object(object.clone()).is_ok() {
        return Ok(Some(value.clone()));
    }
    let own: PropertyKey = JsSymbol::iterator().into();
    let iterate = object.get(own, context)?;
    if let Some(iterate) = iterate.as_callable() {
        return iterate.call(value, &[], context).map(Some);
    }
    let next = object.get(js_string!("next"), context)?;
    Ok(next.is_callable().then(|| value.clone()))
}

/// How many rows are made at once, to begin with.
const FIRST_BATCH: u32 = 16;
/// How many iterators are kept whose first rows were taken and not sent.
const MOST_BEGUN: usize = 16;
