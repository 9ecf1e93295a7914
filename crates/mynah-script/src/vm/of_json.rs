//! JSON scripts read by the rules for JavaScript, to compare the two.

use std::path::Path;
use std::sync::Arc;

use boa_engine::JsValue;
use mynah_session::Connection;
use serde_json::Value;

use super::classify::plan;
use super::engine::Engine;
use super::problem::Problem;
use super::program::Program;
use crate::document::sections;
use crate::plan::Plan;
use crate::{Globals, ScriptOptions};

/// A context that makes script values of JSON.
pub(crate) struct OfJson(Engine);

impl OfJson {
    pub(crate) fn new() -> Option<Self> {
        let (options, globals) = (ScriptOptions::default(), Arc::new(Globals::default()));
        let program = Program::new(Path::new("t.js"), "", options, globals);
        let engine = Engine::new(&program, Connection { id: 1, port: 0 });
        engine.ok().map(Self)
    }

    /// What a value says that a script gives; nothing if it can't be known before it is asked.
    pub(crate) fn plan(&mut self, value: &Value) -> Option<Result<Plan, String>> {
        self.0.enter(None, &Arc::default());
        let value = JsValue::from_json(value, self.0.context()).ok()?;
        let values = &mut self.0.values();
        match sections(values, &value) {
            Ok(sections) => plan(&sections, false, values).map(Ok),
            Err(Problem::Misfit(misfit)) => Some(Err(misfit.to_string())),
            Err(_) => None,
        }
    }
}
