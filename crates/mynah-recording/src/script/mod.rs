//! Recordings as scripts in the form of MySQL Router's mock.

mod answer;
mod java_script;
mod json;
mod merged;
mod sequence;

use serde_json::{Map, Value, json};

use crate::{Entry, PartName, Recording, Server};

/// A form of the script that a recording is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptForm {
    /// JavaScript, whose function `stmts` answers each statement by its text and parameters.
    JavaScript,
    /// JSON, whose entries are played in the order in which they were recorded.
    Json,
}

/// Why a recording can't be converted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The recording has no part of this name.
    #[error("the recording has no part '{name}', only {known}")]
    NoPart {
        /// The name that was asked for.
        name: String,
        /// The names of the recording's parts, for messages.
        known: String,
    },
    /// An entry can't be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Recording {
    /// Converts the recording to the text of a script: all parts, or only the part `part` with `setup`.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn to_script(&self, form: ScriptForm, part: Option<&str>) -> Result<String, ConvertError> {
        let part = part.map(|name| self.part(name)).transpose()?;
        match form {
            ScriptForm::JavaScript => java_script::text(self, part.as_ref()),
            ScriptForm::Json => json::text(self, part.as_ref()),
        }
    }

    /// Drops all parts but this one and `setup`.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn keep_part(&mut self, name: &str) -> Result<(), ConvertError> {
        let part = self.part(name)?;
        self.parts
            .retain(|name, _| name.is_setup() || *name == part);
        Ok(())
    }

    fn part(&self, name: &str) -> Result<PartName, ConvertError> {
        let part = PartName(name.to_owned());
        if self.parts.contains_key(&part) {
            return Ok(part);
        }
        let known: Vec<_> = self.parts.keys().map(ToString::to_string).collect();
        Err(ConvertError::NoPart {
            name: part.0,
            known: known.join(", "),
        })
    }

    /// Parts in the order in which they began, `setup` first.
    fn parts_in_order(&self, only: Option<&PartName>) -> Vec<&[Entry]> {
        let parts = self.parts.iter();
        let mut parts: Vec<_> = parts
            .filter(|(name, _)| name.is_setup() || only.is_none_or(|only| only == *name))
            .collect();
        parts.sort_by_key(|(name, part)| (!name.is_setup(), part.recorded_at));
        parts
            .into_iter()
            .map(|(_, part)| &*part.expectations)
            .collect()
    }
}

/// What servers of a script greet with.
fn handshake(server: Option<&Server>) -> Value {
    let mut greeting = Map::new();
    if let Some(server) = server {
        if let Some(version) = &server.version {
            greeting.insert("server_version".to_owned(), json!(version));
        }
        if let Some(collation) = server.collation {
            let [_, low] = collation.to_be_bytes();
            greeting.insert("character_set".to_owned(), json!(low));
        }
        if let Some(status) = server.status {
            greeting.insert("status_flags".to_owned(), json!(status));
        }
    }
    json!({"greeting": greeting})
}
