use std::path::Path;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use boa_engine::context::HostHooks;
use boa_engine::module::IdleModuleLoader;
use boa_engine::property::Attribute;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, Script, Source,
    js_string,
};
use mynah_session::Connection;

use super::problem::Problem;
use super::program::Program;
use super::values::Values;
use super::{host, nesting, source};
use crate::reason;

/// A context of Boa's that runs what it is given for so long and no longer.
///
/// A call goes through a script of two lines that catches what is thrown: what comes out of
/// Boa uncaught can leave values on its stack. That this is a script, and not a function
/// called from here, is what lets Boa hand back control every so often.
pub(crate) struct Engine {
    context: Context,
    budget: Duration,
    trampoline: JsObject,
    bounce: Script,
}

impl Engine {
    /// A context with what scripts expect to find.
    pub(crate) fn new(program: &Program, connection: Connection) -> JsResult<Self> {
        let mut context = Context::builder()
            .host_hooks(Rc::new(Hooks))
            .module_loader(Rc::new(IdleModuleLoader))
            .build()?;
        let limits = context.runtime_limits_mut();
        let rounds = program
            .options
            .budget
            .as_millis()
            .saturating_mul(ROUNDS_PER_MILLI);
        limits.set_loop_iteration_limit(rounds.try_into().unwrap_or(u64::MAX));
        limits.set_recursion_limit(RECURSION_LIMIT);
        limits.set_stack_size_limit(STACK_SIZE_LIMIT);
        host::install(program, connection, &mut context)?;
        let trampoline = context.eval(Source::from_bytes(TRAMPOLINE))?;
        context.register_global_property(
            js_string!("mynah:call"),
            trampoline.clone(),
            Attribute::empty(),
        )?;
        let bounce = Script::parse(Source::from_bytes(BOUNCE), None, &mut context)?;
        Ok(Self {
            trampoline: trampoline.to_object(&mut context)?,
            bounce,
            budget: program.options.budget,
            context,
        })
    }

    /// Runs a script and gives its last value.
    pub(crate) fn evaluate(&mut self, path: &Path, text: &str) -> Result<JsValue, Problem> {
        let script = source::parse(path, text, &mut self.context).map_err(|error| {
            Problem::Thrown(reason::syntax_error(path, error.line, error.reason))
        })?;
        self.run(&script)
    }

    /// Calls a function of a script.
    pub(crate) fn call(
        &mut self,
        function: &JsValue,
        argument: JsValue,
    ) -> Result<JsValue, Problem> {
        self.set(js_string!("f"), function.clone())?;
        self.set(js_string!("a"), argument)?;
        let bounce = self.bounce.clone();
        let value = self.run(&bounce)?;
        let threw = self.trampoline.get(js_string!("e"), &mut self.context);
        match threw {
            Ok(threw) if !threw.to_boolean() => Ok(value),
            Ok(_) => Err(self.problem(&JsError::from_opaque(value))),
            Err(error) => Err(self.problem(&error)),
        }
    }

    /// Looks at what a script gave.
    pub(crate) fn values(&mut self) -> Values<'_> {
        Values::new(&mut self.context)
    }

    fn set(&mut self, key: JsString, value: JsValue) -> Result<(), Problem> {
        let set = self.trampoline.set(key, value, true, &mut self.context);
        set.map(drop).map_err(|error| self.problem(&error))
    }

    fn run(&mut self, script: &Script) -> Result<JsValue, Problem> {
        match run_within(script, &mut self.context, self.budget) {
            Some(result) => result.map_err(|error| self.problem(&error)),
            None => Err(Problem::Ended(format!(
                "the script ran for longer than {:?} and was ended",
                self.budget
            ))),
        }
    }

    fn problem(&mut self, error: &JsError) -> Problem {
        Problem::from_js(error, &mut self.context)
    }
}

/// Runs a script; `None` if it takes longer than `budget`. The context is of no use then.
///
/// The clock isn't read before the first slice is over, which is never for most calls.
fn run_within(
    script: &Script,
    context: &mut Context,
    budget: Duration,
) -> Option<JsResult<JsValue>> {
    let mut execution = pin!(script.evaluate_async_with_budget(context, SLICE));
    let mut waker = std::task::Context::from_waker(Waker::noop());
    let mut started = None;
    loop {
        if let Poll::Ready(result) = execution.as_mut().poll(&mut waker) {
            return Some(result);
        }
        if started.get_or_insert_with(Instant::now).elapsed() >= budget {
            return None;
        }
    }
}

/// Text that a script makes up and runs is held to what its file is held to.
#[derive(Debug)]
struct Hooks;

impl HostHooks for Hooks {
    fn ensure_can_compile_strings(
        &self,
        _realm: Realm,
        parameters: &[JsString],
        body: &JsString,
        _direct: bool,
        _context: &mut Context,
    ) -> JsResult<()> {
        let mut texts = parameters.iter().chain([body]);
        match texts.find_map(|text| nesting::too_deep(&text.to_std_string_lossy())) {
            Some(place) => Err(JsNativeError::syntax()
                .with_message(place.to_string())
                .into()),
            None => Ok(()),
        }
    }
}

/// Calls `f` with `a`; `e` then says whether what comes back was thrown.
const TRAMPOLINE: &str =
    "({r(){var f=this.f;this.e=false;try{return f(this.a)}catch(e){this.e=true;return e}}})";
const BOUNCE: &str = "this['mynah:call'].r()";
/// What Boa runs, in its own unit, before the clock is looked at: about a millisecond.
const SLICE: u32 = 1_000_000;
/// How many rounds one loop may make for each millisecond of the budget. It ends loops where
/// Boa doesn't hand back control: in callbacks of built-in functions and in getters.
const ROUNDS_PER_MILLI: u128 = 10_000;
const RECURSION_LIMIT: usize = 2000;
const STACK_SIZE_LIMIT: usize = 100_000;
