use std::sync::Arc;

use mynah_expect::{
    Call, Command, Connection, Expectation, Matcher, Origin, Place, Protocol, Reading, Statement,
    TextMatch, Value as Literal,
};
use mynah_recording::{HIDDEN, Param, Text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answering, answer};
use super::bulk::{Keyword, layout};
use super::keys::unknown_key;
use crate::expectations::{Answer, Missing};

/// A statement of a recording; its answers stay JSON, which the readers of scripts read.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) stmt: Text,
    params: Option<Vec<Param>>,
    #[serde(default)]
    param_types: Vec<String>,
    #[serde(default)]
    param_rows: Vec<Vec<Param>>,
    #[serde(default)]
    protocol: mynah_recording::Protocol,
    pub(super) command: Option<String>,
    prepared: Option<Value>,
    #[serde(default)]
    pub(super) answers: Vec<Value>,
    /// Where in its part it came, each time.
    #[serde(default)]
    pub(super) at: Vec<u64>,
}

/// An expectation, and where in its part it came, each time.
pub(super) type Placed = (Expectation<Answer>, Vec<u64>);

impl Entry {
    pub(super) fn read(json: Value) -> Result<Self, String> {
        let entry: Self = serde_json::from_value(json).map_err(|error| error.to_string())?;
        match unknown_key(&entry.answers) {
            Some(problem) => Err(problem),
            None => Ok(entry),
        }
    }

    /// The expectation that it is; `None` if it can't be played, or is a command of the session, which answers it itself.
    pub(super) fn expectation(
        self,
        place: &Place,
        answering: &Answering<'_>,
        reading: Reading,
    ) -> Option<Placed> {
        let command = match self.command.as_deref() {
            None => None,
            Some(name) => Some(Command::by_name(name)?),
        };
        let is_bulk = command == Some(Command::BulkExecute);
        let statement = Statement::with_reading(self.stmt.as_str(), reading);
        let answers = self.answers_of(command, answering);
        let origin = Origin {
            protocol: Some(match self.protocol {
                mynah_recording::Protocol::Classic => Protocol::Classic,
                mynah_recording::Protocol::X => Protocol::X,
            }),
            command,
            ..Origin::default()
        };
        let expectation = |params: Option<Vec<Matcher>>, answers| Expectation {
            place: place.clone(),
            // A command has no places for its arguments, which are compared as parameters beside its digest.
            text: Some(match command {
                Some(Command::Admin) => TextMatch::digest(statement.text()),
                _ => TextMatch::Statement(statement.clone()),
            }),
            params,
            origin: origin.clone(),
            answers,
            ..Expectation::any()
        };
        let params = match is_bulk {
            true => Some(self.of_all_rows()),
            false => {
                let params = self.params.as_ref();
                let params = params.filter(|_| command != Some(Command::Prepare));
                params.map(|params| self.values(params).map(Matcher::Is).collect())
            }
        };
        Some((expectation(params, answers), self.at))
    }

    /// The values of all rows of a bulk execution, as it is looked up.
    fn of_all_rows(&self) -> Vec<Matcher> {
        let keywords = self.param_rows.iter().flatten().map(|param| match param {
            Param::Keyword(name) => Keyword::by_name(name),
            _ => None,
        });
        let layout = layout(self.param_rows.len(), keywords.enumerate());
        let values = self.param_rows.iter().flat_map(|row| self.values(row));
        values.chain([layout]).map(Matcher::Is).collect()
    }

    /// The values that a client sends; a keyword in place of one has none.
    fn values(&self, params: &[Param]) -> impl Iterator<Item = Literal> {
        let mut types = self.param_types.iter().map(String::as_str);
        params.iter().map(move |param| match (param, types.next()) {
            (Param::Keyword(_), _) => Literal::Null,
            (param, type_name) => param.value_of_type(type_name),
        })
    }

    /// Whether values of the statement may be hidden.
    pub(super) fn may_have_hidden(&self) -> bool {
        let params = self.param_rows.iter().chain(&self.params).flatten();
        self.stmt.as_str().contains(HIDDEN) || params.into_iter().any(Param::may_have_hidden)
    }

    /// The statements that it is: one, or one for each row of a bulk execution.
    pub(super) fn calls(&self, reading: Reading) -> Vec<Call> {
        let statement = Statement::with_reading(self.stmt.as_str(), reading);
        let protocol = match self.protocol {
            mynah_recording::Protocol::Classic => Protocol::Classic,
            mynah_recording::Protocol::X => Protocol::X,
        };
        let command = self.command.as_deref().and_then(Command::by_name);
        let call = |params: &[Param]| Call {
            command: command.unwrap_or(Command::Execute),
            statement: statement.clone(),
            connection: Arc::new(Connection {
                protocol,
                ..Connection::default()
            }),
            ..Call::execute("", self.values(params).collect())
        };
        match self.param_rows.is_empty() {
            true => vec![call(self.params.as_deref().unwrap_or_default())],
            false => self.param_rows.iter().map(|row| call(row)).collect(),
        }
    }

    fn answers_of(&self, command: Option<Command>, answering: &Answering<'_>) -> Vec<Arc<Answer>> {
        let text = self.stmt.as_str();
        let answers = self
            .answers
            .iter()
            .map(|json| answer(json, text, answering));
        let answers: Vec<_> = match (command, &self.prepared) {
            (Some(Command::Prepare), Some(prepared)) => {
                vec![answer(&json!({"prepared": prepared}), text, answering)]
            }
            (Some(Command::Prepare), None) => {
                let each = self.answers.iter().zip(answers);
                each.map(|(json, answer)| match json.get("prepared") {
                    Some(_) => answer,
                    None => answer.of_preparation(),
                })
                .collect()
            }
            _ => answers.collect(),
        };
        match answers.is_empty() {
            // Without an answer, an expectation would agree.
            true => vec![Arc::new(Answer::missing(
                &Value::Null,
                Some(Missing::NeverRun),
            ))],
            false => answers.into_iter().map(Arc::new).collect(),
        }
    }
}
