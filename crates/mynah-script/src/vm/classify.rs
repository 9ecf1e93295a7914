//! Decides how a program is run, by analysing its texts and by running it once.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{JsObject, JsValue};
use mynah_session::{Connection, Failure};
use serde_json::Value;

use super::check;
use super::engine::Engine;
use super::factory::Factory;
use super::freeze::Shared;
use super::host;
use super::node;
use super::outline::outline;
use super::problem::Problem;
use super::program::{Program, Sharing};
use super::session::ScriptSession;
use super::sources::wrapped;
use super::values::Values;
use super::worker::RunProgram;
use crate::check::Node;
use crate::contents::{Contents, Verdict};
use crate::document::{
    Defaults, Document, Handshake, Kind, Sections, handshake, notices, sections,
};
use crate::outline::ALL;
use crate::plan::{Plan, PlanEntry};
use crate::{Class, Isolation, reason};

/// Runs a program with its output dropped, and decides how its sessions are run.
pub(super) fn classify(program: &Arc<Program>) -> Verdict {
    let rehearsal = Arc::new(program.rehearsal());
    let found = catch_unwind(AssertUnwindSafe(|| rehearse(&rehearsal)));
    let found = found.unwrap_or_else(|_| Found {
        failure: Some(reason::load("the script engine panicked")),
        plan: None,
        always: false,
        unchanged: false,
        expectations: None,
        node: None,
        not_static: "the script engine panicked".to_owned(),
    });
    let (contents, class) = way(program, &found);
    Verdict {
        contents,
        class,
        failure: found.failure,
        expectations: found.expectations,
        outline: outline(&program.text, program.inserted, ALL),
        node: found.node,
        not_static: found.not_static,
        modules: program.sources.paths(),
    }
}

/// Of a program that could not be looked at.
pub(super) fn unknown(program: &Arc<Program>, reason: &str) -> Verdict {
    let (contents, class) = isolated(program, reason);
    Verdict {
        contents,
        class,
        failure: None,
        expectations: None,
        outline: None,
        node: None,
        not_static: String::new(),
        modules: program.sources.paths(),
    }
}

/// How a program's sessions are run.
fn way(program: &Arc<Program>, found: &Found) -> (Contents, Class) {
    if program.options.isolation == Isolation::Context {
        return isolated(program, "as asked for");
    }
    if let Some(plan) = &found.plan {
        return (Contents::Plan(plan.clone()), Class::Static);
    }
    let failure = found.failure.as_ref();
    if let Some(failure) = failure.filter(|_| found.always) {
        return (Contents::Failed(failure.clone()), Class::Static);
    }
    let sharing = sharing(program).and_then(|sharing| match found.unchanged {
        true => Ok(sharing),
        false => Err("it changes built-in objects when it is loaded".to_owned()),
    });
    match sharing.and_then(|sharing| try_out(program, sharing, failure)) {
        Ok(sharing) => {
            let code = RunProgram::shared(program, sharing);
            (Contents::Code(Arc::new(code)), Class::Factory)
        }
        Err(reason) => isolated(program, &reason),
    }
}

/// In a context per session, for this reason.
fn isolated(program: &Arc<Program>, reason: &str) -> (Contents, Class) {
    let code = RunProgram::isolated(program);
    let class = Class::Isolated(reason.into());
    (Contents::Code(Arc::new(code)), class)
}

/// What came of running a program.
struct Found {
    failure: Option<Failure>,
    plan: Option<Arc<Plan>>,
    /// Whether it fails so whenever it is run.
    always: bool,
    /// Whether built-in objects are as they were.
    unchanged: bool,
    /// What tests expect.
    expectations: Option<Value>,
    /// What it gave, as far as it is data.
    node: Option<Node>,
    /// Why it isn't data alone.
    not_static: String,
}

fn rehearse(program: &Program) -> Found {
    let failed = |problem| Found {
        always: false,
        failure: Some(super::session::failure(program, problem)),
        plan: None,
        unchanged: true,
        expectations: None,
        node: None,
        not_static: "it doesn't load".to_owned(),
    };
    let engine_failed = |error| failed(Problem::Ended(format!("the script engine: {error}")));
    let mut engine = match Engine::new(program, Connection { id: 0, port: 0 }) {
        Ok(engine) => engine,
        Err(error) => return engine_failed(error),
    };
    let context = engine.context();
    // The snapshot is of all that a script finds, before the script runs; a script that changes a built-in
    // object must have a context of its own.
    let before = match Shared::of(context).and_then(|shared| shared.snapshot(context)) {
        Ok(before) => before,
        Err(error) => return engine_failed(error),
    };
    let value = engine.run(program);
    let given = value.as_ref().ok();
    let given = given.map(|value| node::node(value, engine.context()));
    let value = value.and_then(|value| {
        let sections = sections(&mut engine.values(), &value)?;
        let expectations = expectations(&sections, &mut engine.values())?;
        Ok((value, sections, expectations))
    });
    let unchanged = before.holds(engine.context()).unwrap_or(false);
    let dependence = engine.dependence();
    let pure = dependence.is_none();
    // It is data only if each connection would see the same: the script neither depended on anything outside,
    // nor changed a built-in object, nor returned a function.
    match value {
        Ok((value, sections, expectations)) => {
            let fixed = pure && unchanged && is_data(&value, &mut engine);
            let not_static = match dependence {
                Some(what) => format!("it depends on {what}"),
                None if !unchanged => "it changes built-in objects".to_owned(),
                None => "its value contains functions".to_owned(),
            };
            Found {
                node: given,
                not_static,
                plan: if fixed {
                    plan(&sections, program.options.strict, &mut engine.values()).map(Arc::new)
                } else {
                    None
                },
                failure: None,
                always: false,
                unchanged,
                expectations,
            }
        }
        Err(problem) => {
            // What failed without any dependence fails each time in the same way. A script that was ended may
            // be faster next time.
            let always = pure && !matches!(problem, Problem::Ended(_));
            Found {
                always,
                unchanged,
                node: given,
                ..failed(problem)
            }
        }
    }
}

/// What tests expect, as JSON: functions aren't in it.
fn expectations(
    sections: &Sections<JsValue>,
    values: &mut Values<'_>,
) -> Result<Option<Value>, Problem> {
    if values.kind(&sections.expectations) == Kind::Undefined {
        return Ok(None);
    }
    let json = values.json(&sections.expectations)?;
    Ok(serde_json::from_str(&json).ok())
}

/// Whether a value consists of nothing but objects and lists without functions.
fn is_data(value: &JsValue, engine: &mut Engine) -> bool {
    let constructors = engine.context().intrinsics().constructors();
    let plain = [
        constructors.object().prototype(),
        constructors.array().prototype(),
    ];
    let (mut seen, mut open) = (HashSet::new(), vec![value.clone()]);
    while let Some(value) = open.pop() {
        // Symbols have no equivalent in data.
        if value.is_symbol() {
            return false;
        }
        let Some(object) = value.as_object() else {
            continue;
        };
        // A cycle, or an object that is used twice, is looked at once.
        if plain.contains(&object) || !seen.insert(object.clone()) {
            continue;
        }
        if seen.len() > MOST_OBJECTS || !(object.is_ordinary() || object.is_array()) {
            return false;
        }
        open.extend(object.prototype().map(JsValue::from));
        let Ok(keys) = object.own_property_keys(engine.context()) else {
            return false;
        };
        for key in keys {
            match object.borrow().properties().get(&key) {
                // An accessor could run code.
                Some(property) => match property.value() {
                    Some(value) => open.push(value.clone()),
                    None => return false,
                },
                None => return false,
            }
        }
    }
    true
}

/// Everything that a script says, if that is known before it is asked.
pub(super) fn plan(
    sections: &Sections<JsValue>,
    strict: bool,
    values: &mut Values<'_>,
) -> Option<Plan> {
    let strict = strict || sections.strict;
    if !matches!(values.kind(&sections.stmts), Kind::Array | Kind::Undefined) {
        return None;
    }
    let handshake = match values.kind(&sections.handshake) {
        Kind::Undefined => Handshake::default(),
        _ => handshake(values, &sections.handshake).ok()?,
    };
    let (mut entries, mut next) = (Vec::<PlanEntry>::new(), 0);
    let mut known: Vec<(JsObject, usize)> = Vec::new();
    while let Some(element) = values.next_element(&sections.stmts, &mut next).ok()? {
        if entries.len() >= MOST_REPLIES {
            return None;
        }
        // The same object gives the same reply; lists are often filled with one.
        let object = element.as_object();
        if let Some((last, index)) = known.last()
            && object.as_ref().is_some_and(|object| object == last)
        {
            let entry = PlanEntry::clone(entries.get(*index)?);
            entries.push(entry.numbered(next));
            continue;
        }
        let defaults = Defaults::default();
        let entry = PlanEntry::read(
            values,
            &element,
            defaults,
            strict,
            |problem| match problem {
                Problem::Misfit(misfit) => Ok(reason::statement_failed(misfit)),
                problem => Err(problem),
            },
        );
        known.clear();
        known.extend(object.map(|object| (object, entries.len())));
        entries.push(entry.ok()?.numbered(next));
    }
    let notices = match notices(values, &sections.notices) {
        Ok(notices) => Ok(notices),
        Err(Problem::Misfit(misfit)) => Err(misfit),
        Err(_) => return None,
    };
    Some(Plan::new(handshake, notices, entries, sections, strict))
}

/// Clears a program and its modules.
fn sharing(program: &Program) -> Result<Sharing, String> {
    let cleared = check::program(&program.path, &program.text)?;
    let mut sharing = Sharing {
        body: cleared.body,
        ..Sharing::default()
    };
    let directory = program.path.parent().unwrap_or(&program.path).to_owned();
    sharing.names(&program.text);
    let mut open = vec![(directory, cleared.requires)];
    while let Some((directory, requires)) = open.pop() {
        for id in requires {
            if host::is_built_in(&id) {
                sharing.process = true;
                continue;
            }
            // One that isn't there can't be run.
            let Some(place) = program.sources.resolve(&id, &directory) else {
                continue;
            };
            if !sharing.modules.insert(place.key.clone()) {
                continue;
            }
            if place
                .path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                continue;
            }
            let Ok(text) = program.sources.text(&place.path) else {
                continue;
            };
            let requires = check::module(&place.path, &wrapped(&text))?;
            sharing.names(&text);
            let directory = place.path.parent().unwrap_or(&place.path).to_owned();
            open.push((directory, requires));
        }
    }
    Ok(sharing)
}

impl Sharing {
    /// Notes what a text may name.
    fn names(&mut self, text: &str) {
        let any = text.contains("\\u");
        self.process |= any || text.contains("process");
        self.mysqld |= any || text.contains("mysqld");
        self.console |= any || text.contains("console");
        self.duktape |= any || text.contains("Duktape");
        self.require |= any || text.contains("require");
    }
}

/// Runs a program that was cleared in a context that would be shared, and makes sure that the
/// same comes of it.
fn try_out(
    program: &Program,
    sharing: Sharing,
    failure: Option<&Failure>,
) -> Result<Arc<Sharing>, String> {
    let sharing = Arc::new(sharing);
    let rehearsal = Arc::new(program.rehearsal());
    let started = catch_unwind(AssertUnwindSafe(|| {
        let factory = Rc::new(
            Factory::new(&rehearsal, &sharing)
                .map_err(|problem| super::session::failure(&rehearsal, problem))?,
        );
        ScriptSession::start_in(&factory, &rehearsal, Connection { id: 0, port: 0 }).map(drop)
    }));
    if let Some(foul) = rehearsal.foul.get() {
        return Err(format!("{foul}, when it is loaded"));
    }
    let started = started.unwrap_or_else(|_| Err(reason::load("the script engine panicked")));
    match (started, failure) {
        (Ok(()), None) => Ok(sharing),
        (Err(now), Some(before)) if now == *before => Ok(sharing),
        _ => Err("it doesn't do the same in a shared context".to_owned()),
    }
}

/// The most objects that a script may consist of to be data.
const MOST_OBJECTS: usize = 1_000_000;
/// The most replies that are made before they are asked for.
const MOST_REPLIES: usize = 100_000;
