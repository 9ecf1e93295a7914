use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::{Expectation, Times};
use crate::value::Matcher;

impl<A: Serialize> Expectation<A> {
    /// The expectation as a JSON object, which [`Expectations::from_json`](super::Expectations::from_json) reads in a
    /// list.
    ///
    /// # Errors
    /// When an answer can't be serialized as JSON.
    pub fn to_json(&self) -> Result<Json, serde_json::Error> {
        let mut object = Map::new();
        let mut put = |key: &str, json: Option<Json>| {
            if let Some(json) = json {
                object.insert(key.to_owned(), json);
            }
        };
        let text = |text: &str| Json::String(text.to_owned());
        put("name", self.name.as_deref().map(text));
        if let Some(found) = &self.text {
            put(found.key(), Some(text(found.text())));
        }
        let params = self.params.as_ref();
        put(
            "params",
            params.map(|params| params.iter().map(Matcher::to_json).collect()),
        );
        let origin = &self.origin;
        put("user", origin.user.as_ref().map(Matcher::to_json));
        put("schema", origin.schema.as_ref().map(Matcher::to_json));
        put(
            "connection_attributes",
            attributes(&origin.connection_attributes),
        );
        put("query_attributes", attributes(&origin.query_attributes));
        put(
            "protocol",
            origin.protocol.map(|protocol| text(protocol.name())),
        );
        put(
            "command",
            origin.command.map(|command| text(command.name())),
        );
        put(
            "times",
            (self.times != Times::ANY).then(|| self.times.to_json()),
        );
        let priority = Some(self.priority).filter(|&priority| priority != Self::DEFAULT_PRIORITY);
        put("priority", priority.map(Json::from));
        if let Some(scenario) = &self.scenario {
            put("scenario", Some(text(&scenario.name)));
            put("when", scenario.when.as_deref().map(text));
            put("then", scenario.then.as_deref().map(text));
        }
        if !self.answers.is_empty() {
            let answers = self.answers.iter().map(serde_json::to_value);
            put(
                "answers",
                Some(Json::Array(answers.collect::<Result<_, _>>()?)),
            );
        }
        Ok(Json::Object(object))
    }
}

fn attributes(attributes: &BTreeMap<String, Matcher>) -> Option<Json> {
    let each = attributes
        .iter()
        .map(|(name, matcher)| (name.clone(), matcher.to_json()));
    (!attributes.is_empty()).then(|| each.collect())
}
