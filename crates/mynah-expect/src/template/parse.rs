use crate::model::did_you_mean;

/// A piece of a text with templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    Template(Name),
}

/// What a template stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Param(usize),
    Statement,
    Now,
    Uuid,
    Counter,
}

/// A mistake in a template of an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A template has a name that no template has.
    #[error("there is no template {{{{{name}}}}}; {}", suggestion(.similar.as_deref()))]
    Unknown {
        /// The unknown name.
        name: String,
        /// The name of a template that it may be a misspelling of; `None` if none is similar.
        similar: Option<String>,
    },
    /// A template has no end `}}`; this text follows its `{{`.
    #[error("the template {{{{{0} has no end; add }}}}")]
    Open(String),
    /// The statement has no parameter of this number.
    #[error("there is no parameter for {{{{params.{index}}}}}: the statement has {params}")]
    NoParam {
        /// The number of the parameter in the template, from 0.
        index: usize,
        /// How many parameters the statement has.
        params: usize,
    },
}

pub(super) fn parse(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((inner, after)) = behind.split_once("}}") else {
            return Err(TemplateError::Open(behind.to_owned()));
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Template(name(inner.trim())?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn name(name: &str) -> Result<Name, TemplateError> {
    let param = name
        .strip_prefix("params.")
        .and_then(|index| index.parse().ok());
    match (param, name) {
        (Some(index), _) => Ok(Name::Param(index)),
        (None, "statement") => Ok(Name::Statement),
        (None, "now") => Ok(Name::Now),
        (None, "uuid") => Ok(Name::Uuid),
        (None, "counter") => Ok(Name::Counter),
        (None, _) => Err(TemplateError::Unknown {
            name: name.to_owned(),
            similar: did_you_mean(name, NAMES.iter().copied()).map(str::to_owned),
        }),
    }
}

fn suggestion(similar: Option<&str>) -> String {
    match similar {
        Some(similar) => format!("did you mean {{{{{similar}}}}}?"),
        None => {
            let names: Vec<_> = NAMES.iter().map(|name| format!("{{{{{name}}}}}")).collect();
            format!("there are {}", names.join(", "))
        }
    }
}

const NAMES: &[&str] = &["params.0", "statement", "now", "uuid", "counter"];
