use std::path::Path;
use std::rc::Rc;

use boa_engine::context::HostHooks;
use boa_engine::module::IdleModuleLoader;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue};
use mynah_session::{Connection, Tls};

use super::bounce::{self, Bounce, Clock};
use super::problem::Problem;
use super::program::Program;
use super::thread::{self, OwnThreads};
use super::values::Values;
use super::{host, nesting, source};
use crate::reason;

/// A context of Boa's that runs what it is given for so long and no longer.
pub(crate) struct Engine {
    /// Before the context, whose values they hold.
    threads: OwnThreads,
    context: Context,
    clock: Rc<Clock>,
    bounce: Rc<Bounce>,
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
        let threads = OwnThreads::default();
        let clock = Clock::new(program.options.budget);
        let bounce = Rc::new(Bounce::new(&mut context)?);
        context.insert_data(threads.shared());
        context.insert_data(clock.clone());
        context.insert_data(bounce.clone());
        Ok(Self {
            threads,
            context,
            clock,
            bounce,
        })
    }

    /// Runs a script and gives its last value.
    pub(crate) fn evaluate(&mut self, path: &Path, text: &str) -> Result<JsValue, Problem> {
        let script = source::parse(path, text, &mut self.context).map_err(|error| {
            Problem::Thrown(reason::syntax_error(path, error.line, error.reason))
        })?;
        self.clock.restart();
        let result = bounce::run(&script, &self.clock, &mut self.context);
        self.finish(result)
    }

    /// Calls a function of a script.
    pub(crate) fn call(
        &mut self,
        function: &JsValue,
        argument: JsValue,
    ) -> Result<JsValue, Problem> {
        self.clock.restart();
        let Self {
            bounce,
            clock,
            context,
            ..
        } = self;
        let result = bounce.call(function, argument, clock, context);
        self.finish(result)
    }

    /// What answers statements as a function, if `stmts` is a coroutine; else `stmts`.
    pub(crate) fn as_function(&mut self, stmts: JsValue) -> Result<JsValue, Problem> {
        let function = thread::as_function(stmts, &mut self.context);
        function.map_err(|error| self.problem(&error))
    }

    /// The `mysqld.session` that was made last, once.
    pub(crate) fn take_session(&mut self) -> Option<JsObject> {
        host::take_session(&mut self.context)
    }

    /// Says in a `mysqld.session` how the connection is encrypted.
    pub(crate) fn set_tls(&mut self, session: &JsObject, tls: &Tls) -> Result<(), Problem> {
        let set = host::set_tls(session, tls, &mut self.context);
        set.map_err(|error| self.problem(&error))
    }

    /// Looks at what a script gave.
    pub(crate) fn values(&mut self) -> Values<'_> {
        Values::new(&mut self.context)
    }

    fn finish(&mut self, result: Option<JsResult<JsValue>>) -> Result<JsValue, Problem> {
        self.threads.shared().reap();
        match result {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) if error.as_engine().is_none() || !self.clock.is_over() => {
                Err(self.problem(&error))
            }
            _ => Err(Problem::Ended(format!(
                "the script ran for longer than {:?} and was ended",
                self.clock.budget()
            ))),
        }
    }

    fn problem(&mut self, error: &JsError) -> Problem {
        Problem::from_js(error, &mut self.context)
    }
}

/// Text that a script makes up and runs is held to what its file is held to.
#[derive(Debug)]
pub(super) struct Hooks;

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

/// How many rounds one loop may make for each millisecond of the budget. It ends loops where
/// Boa doesn't hand back control: in callbacks of built-in functions and in getters.
const ROUNDS_PER_MILLI: u128 = 10_000;
const RECURSION_LIMIT: usize = 2000;
const STACK_SIZE_LIMIT: usize = 100_000;
