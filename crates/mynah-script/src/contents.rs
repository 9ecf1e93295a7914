use std::path::PathBuf;
use std::sync::Arc;

use mynah_session::Failure;
use serde_json::Value;

use crate::Class;
use crate::check::Node;
use crate::code::Code;
use crate::outline::Outline;
use crate::plan::Plan;
use crate::recording::Recording;

/// What a script is made of.
#[derive(Clone, Debug)]
pub(crate) enum Contents {
    /// Data.
    Plan(Arc<Plan>),
    /// What a real server answered.
    Recording(Arc<Recording>),
    /// Code, which runs anew for each connection.
    Code(Arc<dyn Code>),
    /// Nothing that can be played: each client gets this error.
    Failed(Failure),
}

/// What was found when a script in JavaScript was run for the first time.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) contents: Contents,
    pub(crate) class: Class,
    /// Why a session can't be started now.
    pub(crate) failure: Option<Failure>,
    /// What tests expect.
    pub(crate) expectations: Option<Value>,
    /// Where its values are in the text.
    pub(crate) outline: Option<Outline>,
    /// What it gave, as far as it is data.
    pub(crate) node: Option<Node>,
    /// Why it isn't data alone.
    pub(crate) not_static: String,
    /// The files of the modules that it required.
    pub(crate) modules: Vec<PathBuf>,
}
