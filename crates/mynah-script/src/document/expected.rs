//! The statement that an entry expects.

use bytes::Bytes;
use mynah_session::sql::{Secrets, Settings};
use mynah_session::{Param, Statement};
use regress::Regex;

use super::cell::cell;
use super::{Document, Kind, Misfit, field, keys};

/// What the entry of a strict script is compared with. What is absent, anything is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    text: Option<Text>,
    params: Option<Params>,
}

#[derive(Clone, Debug)]
enum Text {
    Same(Bytes),
    Matching(Box<(String, Regex)>),
}

#[derive(Clone, Debug)]
enum Params {
    Count(u16),
    Values(Vec<Option<Bytes>>),
}

/// What an entry expects. In a script that isn't strict nothing is wrong with its `stmt`, as
/// it is there for people.
pub(crate) fn expected<D: Document>(
    doc: &mut D,
    entry: &D::Value,
    strict: bool,
) -> Result<Expected, D::Error> {
    if !doc.kind(entry).is_object() {
        return Ok(Expected::default());
    }
    let text = match strict {
        true => text(doc, entry)?,
        false => {
            let text = doc.get(entry, keys::STMT)?;
            match doc.kind(&text) {
                Kind::String => Some(Text::Same(doc.text(&text, field::bytes)?)),
                _ => None,
            }
        }
    };
    let params = params(doc, entry)?;
    Ok(Expected { text, params })
}

fn text<D: Document>(doc: &mut D, entry: &D::Value) -> Result<Option<Text>, D::Error> {
    if let Some(text) = field::string(doc, entry, keys::STMT)? {
        return Ok(Some(Text::Same(text)));
    }
    for key in [keys::STMT_REGEX, keys::STMT_DOT_REGEX] {
        if let Some(pattern) = field::string(doc, entry, key)? {
            let pattern = String::from_utf8_lossy(&pattern).into_owned();
            let regex =
                Regex::new(&pattern).map_err(|error| Misfit::Regex(key.name, error.to_string()))?;
            return Ok(Some(Text::Matching(Box::new((pattern, regex)))));
        }
    }
    Ok(None)
}

fn params<D: Document>(doc: &mut D, entry: &D::Value) -> Result<Option<Params>, D::Error> {
    let params = doc.get(entry, keys::PARAMS)?;
    match doc.kind(&params) {
        Kind::Undefined => return Ok(None),
        Kind::Number => {
            let count = field::u16(doc, entry, keys::PARAMS)?;
            return Ok(count.map(Params::Count));
        }
        Kind::Array => {}
        kind => return Err(Misfit::Params(kind).into()),
    }
    if doc.len(&params)? > u64::from(u16::MAX) {
        return Err(Misfit::OutOfRange(keys::PARAMS.name).into());
    }
    let (mut values, mut number, mut next) = (Vec::new(), 0, 0);
    while let Some(value) = doc.next_element(&params, &mut next)? {
        number += 1;
        values.push(cell(doc, &value, |wrong| Misfit::Param(number, wrong))?);
    }
    Ok(Some(Params::Values(values)))
}

impl Expected {
    /// How many placeholders the statement has, if the entry says so.
    pub(crate) fn num_params(&self) -> Option<u16> {
        match self.params.as_ref()? {
            Params::Count(count) => Some(*count),
            Params::Values(values) => values.len().try_into().ok(),
        }
    }

    /// The text that the entry expects, for people, if it expects one: `stmt 'select 1'`.
    pub(crate) fn pattern(&self) -> Option<String> {
        Some(match self.text.as_ref()? {
            Text::Same(text) => format!("stmt {}", sql_shown(text)),
            Text::Matching(regex) => format!("stmt_regex '{}'", regex.0),
        })
    }

    /// Whether the entry says which statement it answers.
    pub(crate) fn has_text(&self) -> bool {
        self.text.is_some()
    }

    /// Whether the entry is for the statement that takes this schema into use.
    pub(crate) fn is_use(&self, schema: &[u8]) -> bool {
        let schema = String::from_utf8_lossy(schema);
        let forms = [format!("use {schema}"), format!("use `{schema}`")];
        let is_it = |form: &String| {
            let upper = form.replacen("use", "USE", 1);
            [form, &upper]
                .into_iter()
                .any(|form| self.compare_text(form.as_bytes()).is_ok())
        };
        self.has_text() && forms.iter().any(is_it)
    }

    /// Compares a statement that is run.
    ///
    /// # Errors
    /// How it differs.
    pub(crate) fn compare(&self, statement: &Statement) -> Result<(), String> {
        self.compare_text(&statement.text)?;
        let found = &statement.params;
        match &self.params {
            Some(Params::Count(count)) if usize::from(*count) != found.len() => {
                Err(format!("expected {count} parameters, got {}", found.len()))
            }
            Some(Params::Values(values)) if values.len() != found.len() => Err(format!(
                "expected {} parameters, got {}",
                values.len(),
                found.len()
            )),
            Some(Params::Values(values)) => {
                let mut both = (1..).zip(values.iter().zip(found));
                let different = both.find_map(|(number, (expected, found))| {
                    let found = param_text(found);
                    (*expected != found).then(|| {
                        let secrets = Secrets::of(&statement.text, &Settings::default());
                        let hides = |value: &[u8]| secrets.parameters || Secrets::are_in(value);
                        let shown = |value: &Option<Bytes>| match value {
                            Some(value) if hides(value) => "***".to_owned(),
                            value => shown(value.as_deref()),
                        };
                        let (expected, found) = (shown(expected), shown(&found));
                        format!("expected parameter {number} to be {expected}, got {found}")
                    })
                });
                different.map_or(Ok(()), Err)
            }
            _ => Ok(()),
        }
    }

    /// Compares the text of a statement.
    ///
    /// # Errors
    /// How it differs.
    pub(crate) fn compare_text(&self, found: &[u8]) -> Result<(), String> {
        match &self.text {
            Some(Text::Same(expected)) if expected != found => Err(format!(
                "expected {}, got {}",
                sql_shown(expected),
                sql_shown(found)
            )),
            Some(Text::Matching(regex))
                if regex.1.find(&String::from_utf8_lossy(found)).is_none() =>
            {
                Err(format!(
                    "expected what the regular expression matches, got {}",
                    sql_shown(found)
                ))
            }
            _ => Ok(()),
        }
    }
}

/// The text of a parameter, as in a cell.
fn param_text(param: &Param) -> Option<Bytes> {
    param.value().to_text(ANY_DECIMALS)
}

/// A statement without its passwords.
fn sql_shown(sql: &[u8]) -> String {
    let secrets = Secrets::of(sql, &Settings::default());
    shown(Some(&secrets.mask(sql)))
}

fn shown(text: Option<&[u8]>) -> String {
    match text {
        Some(text) => format!("\'{}\'", String::from_utf8_lossy(text)),
        None => "NULL".to_owned(),
    }
}

/// As many digits of a fraction as there are.
const ANY_DECIMALS: u8 = 31;
