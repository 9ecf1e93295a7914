use std::sync::Arc;

use mynah_expect::{
    Call, Command, Connection, Expectation, Matcher, Origin, Place, Protocol, Reading, Statement,
    TextMatch,
};
use mynah_recording::{Entry as Typed, Param, Text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answering, answer};
use super::keys::unknown_key;
use crate::expectations::{Answer, Missing};

/// A statement of a recording; its answers stay JSON, which the readers of scripts read.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub(super) stmt: Text,
    params: Option<Vec<Param>>,
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

    /// The expectations that it is: one, or one for each row of a bulk execution.
    pub(super) fn expectations(
        self,
        place: &Place,
        answering: &Answering<'_>,
        reading: Reading,
    ) -> Result<Vec<Placed>, String> {
        let command = match self.command.as_deref() {
            None | Some(Typed::BULK_EXECUTE) => None,
            Some(name) => match Command::by_name(name) {
                Some(command) => Some(command),
                // A command of the session, which answers it itself.
                None => return Ok(Vec::new()),
            },
        };
        let is_bulk = self.command.as_deref() == Some(Typed::BULK_EXECUTE);
        if is_bulk && self.param_rows.is_empty() {
            // Its rows could not be read, and it would match any parameters.
            return Ok(Vec::new());
        }
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
        let expectation = |params: Option<&Vec<Param>>, answers| Expectation {
            place: place.clone(),
            // A command has no places for its arguments, which are compared as parameters beside its digest.
            text: Some(match command {
                Some(Command::Admin) => TextMatch::digest(statement.text()),
                _ => TextMatch::Statement(statement.clone()),
            }),
            params: params.map(|params| params.iter().map(matcher).collect()),
            origin: origin.clone(),
            answers,
            ..Expectation::any()
        };
        if self.param_rows.is_empty() {
            let params = self
                .params
                .as_ref()
                .filter(|_| command != Some(Command::Prepare));
            return Ok(vec![(expectation(params, answers), self.at)]);
        }
        // A bulk execution asks for each of its rows, and adds up the answers: the first has the server's.
        let nothing = Arc::new(Answer::recorded(&json!({"ok": {}}))?);
        let rows = self.param_rows.iter().enumerate().map(|(index, row)| {
            let answers = match index {
                0 => answers.clone(),
                _ => vec![Arc::clone(&nothing)],
            };
            (expectation(Some(row), answers), self.at.clone())
        });
        Ok(rows.collect())
    }

    /// The statements that it is: one, or one for each row of a bulk execution.
    pub(super) fn calls(&self, reading: Reading) -> Vec<Call> {
        let statement = Statement::with_reading(self.stmt.as_str(), reading);
        let protocol = match self.protocol {
            mynah_recording::Protocol::Classic => Protocol::Classic,
            mynah_recording::Protocol::X => Protocol::X,
        };
        let call = |params: &[Param]| Call {
            statement: statement.clone(),
            connection: Arc::new(Connection {
                protocol,
                ..Connection::default()
            }),
            ..Call::execute("", params.iter().map(Param::value).collect())
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

fn matcher(param: &Param) -> Matcher {
    match param {
        Param::Keyword(_) => Matcher::Any,
        param => Matcher::Is(param.value()),
    }
}
