use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use boa_engine::{Context, JsError, JsObject, JsResult, JsValue, js_string};
use mynah_session::{Connection, LocalFile, RowSource, Statement, Tls};

use super::absent::Absent;
use super::bounce::{self, Bounce, Pulled};
use super::bounds::forget_text;
use super::clock::Clock;
use super::context::{Hooks, STACK_SIZE_LIMIT, context};
use super::depth::is_recursion;
use super::host::Client;
use super::impure::Impure;
use super::problem::Problem;
use super::program::{Program, Sharing};
use super::row_source::{RowIterator, RowSources};
use super::source::{Ready, SyntaxError};
use super::thread::{self, OwnThreads};
use super::values::Values;
use super::{freeze, host};
use crate::{Globals, reason};

/// A context of Boa's that runs what it is given for so long and no longer.
pub(crate) struct Engine {
    /// The coroutines of a session that doesn't share the context. They hold values of the context, so this field
    /// is declared, and dropped, before it.
    _threads: OwnThreads,
    context: Context,
    clock: Rc<Clock>,
    bounce: Rc<Bounce>,
    /// How many frames calls that were ended have left on Boa's stack.
    left_frames: usize,
    /// How many calls went too deep, and were ended; each leaves something behind.
    recursions: usize,
    impure: Impure,
    /// What is known of objects, if sessions share the context.
    absent: Option<Absent>,
    row_sources: RowSources,
    is_compatible: bool,
}

impl Engine {
    /// A context with what scripts expect to find.
    pub(crate) fn new(program: &Program, connection: Connection) -> JsResult<Self> {
        let impure = Impure::default();
        let hooks = Hooks {
            shared: false,
            impure: impure.clone(),
        };
        let mut context = context(program, hooks)?;
        host::install(program, connection, &impure, &mut context)?;
        let bounce = Bounce::new(&mut context)?;
        Self::with(context, program, bounce, impure)
    }

    /// A context that sessions share, none of which can change it.
    pub(crate) fn shared(program: &Program, sharing: &Arc<Sharing>) -> JsResult<Self> {
        let hooks = Hooks {
            shared: true,
            impure: Impure::default(),
        };
        let mut context = context(program, hooks)?;
        host::install_shared(program, sharing, &mut context)?;
        // From here on no session can change what all share, so everything of the host's has to be there
        // before.
        freeze::freeze(&mut context)?;
        let bounce = Bounce::hidden(&mut context)?;
        host::guard_global_this(&mut context)?;
        let absent = Absent::new(&context);
        let engine = Self::with(context, program, bounce, Impure::default())?;
        Ok(Self {
            absent: Some(absent),
            ..engine
        })
    }

    fn with(
        mut context: Context,
        program: &Program,
        bounce: Bounce,
        impure: Impure,
    ) -> JsResult<Self> {
        let threads = OwnThreads::default();
        let clock = Clock::new(&program.options);
        let bounce = Rc::new(bounce);
        context.insert_data(threads.shared());
        context.insert_data(clock.clone());
        context.insert_data(bounce.clone());
        Ok(Self {
            _threads: threads,
            left_frames: 0,
            recursions: 0,
            impure,
            absent: None,
            row_sources: RowSources::default(),
            is_compatible: program.options.compatible,
            context,
            clock,
            bounce,
        })
    }

    /// Calls a program for a connection.
    pub(crate) fn start(
        &mut self,
        program: &JsObject,
        connection: Connection,
    ) -> Result<(JsValue, Option<JsObject>), Problem> {
        let surroundings = host::surroundings(connection, &mut self.context);
        let bound = surroundings.and_then(|surroundings| {
            program.call(&JsValue::undefined(), &surroundings, &mut self.context)
        });
        let function = bound.map_err(|error| self.problem(&error))?;
        let session = self.take_session();
        let value = self.call(&function, JsValue::undefined())?;
        Ok((value, session))
    }

    /// Begins something for a session, with its coroutines if it has any of its own, and what it shares.
    pub(crate) fn enter(&mut self, threads: Option<&OwnThreads>, globals: &Arc<Globals>) {
        // The limits of time and memory are those of one statement.
        self.clock.restart();
        if let Some(threads) = threads {
            self.context.insert_data(threads.shared());
        }
        host::set_globals(globals, &self.context);
    }

    /// Whether a session tried to change what it shares with others, since this was last asked.
    pub(crate) fn was_fouled(&mut self) -> bool {
        host::was_fouled(&self.context)
    }

    /// What the script has depended on so far, or done, besides what the texts say.
    pub(crate) fn dependence(&self) -> Option<&'static str> {
        self.impure.get()
    }

    pub(crate) fn context(&mut self) -> &mut Context {
        &mut self.context
    }

    /// Raises the limits by what calls that were ended have left on the stack, so that other sessions have all of it.
    pub(crate) fn make_up_for_what_is_left(&mut self) {
        // Frames of calls that were broken off stay on Boa's stack, and its limits count them.
        let frames = self.context.stack_trace().count();
        let more = frames.saturating_sub(self.left_frames);
        self.left_frames = frames;
        let limits = self.context.runtime_limits_mut();
        limits.set_recursion_limit(limits.recursion_limit().saturating_add(more));
        // A call that was ended leaves at most as many values on the stack as one call may have.
        let stack = limits.stack_size_limit().saturating_add(STACK_SIZE_LIMIT);
        limits.set_stack_size_limit(stack);
    }

    /// Runs a program and gives its last value.
    pub(crate) fn run(&mut self, program: &Program) -> Result<JsValue, Problem> {
        let ready = program
            .ready()
            .map_err(|error| no_script(&program.path, error))?;
        self.evaluate(&program.path, ready)
    }

    /// Runs a script and gives its last value.
    pub(super) fn evaluate(&mut self, path: &Path, text: &Ready) -> Result<JsValue, Problem> {
        let script = text.parse(path, &mut self.context);
        let script = script.map_err(|error| no_script(path, error))?;
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
        self.call_with(function, argument, None)
    }

    /// Calls a function of a script with a second argument, if there is one.
    pub(crate) fn call_with(
        &mut self,
        function: &JsValue,
        argument: JsValue,
        second: Option<JsValue>,
    ) -> Result<JsValue, Problem> {
        self.clock.restart();
        let Self {
            bounce,
            clock,
            context,
            ..
        } = self;
        let result = bounce.call_with(function, argument, second, clock, context);
        self.finish(result)
    }

    /// Takes the next values of the iterator in `state`, `most` of them at most.
    pub(super) fn pull(&mut self, state: &JsObject, most: u32) -> Result<Pulled<Problem>, Problem> {
        self.clock.restart();
        let Self {
            bounce,
            clock,
            context,
            ..
        } = self;
        let pulled = match bounce.pull(state, most, clock, context) {
            Some(Ok(pulled)) => pulled,
            Some(Err(error)) => return Err(self.finish_with(Some(error))),
            None => return Err(self.finish_with(None)),
        };
        self.tidy();
        Ok(Pulled {
            rows: pulled.rows,
            end: pulled
                .end
                .map(|end| end.map_err(|error| self.problem(&error))),
            thrown: pulled.thrown,
        })
    }

    /// Closes the iterator in `state`.
    pub(super) fn give_up(&mut self, state: &JsObject) -> Result<(), Problem> {
        let give_up = self.bounce.give_up(&mut self.context);
        let give_up = give_up.map_err(|error| self.problem(&error))?;
        self.call(&give_up, state.clone().into()).map(drop)
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

    /// How many parameters a function names; 0 for what isn't one.
    pub(super) fn num_parameters(&mut self, function: &JsValue) -> Result<u64, Problem> {
        let Some(function) = function.as_callable() else {
            return Ok(0);
        };
        let length = function.get(js_string!("length"), &mut self.context);
        let length = length.and_then(|length| length.to_length(&mut self.context));
        length.map_err(|error| self.problem(&error))
    }

    /// The second argument of a function that answers statements: what a statement has besides its text.
    pub(super) fn statement_call(
        &mut self,
        statement: &Statement,
        client: &Rc<Client>,
    ) -> Result<JsObject, Problem> {
        let call = host::call(statement, client, &mut self.context);
        call.map_err(|error| self.problem(&error))
    }

    /// The second argument of `handshake`: what is known of a client that logs in.
    pub(super) fn client(&mut self, client: &Client) -> Result<JsObject, Problem> {
        let client = host::client(client, &mut self.context);
        client.map_err(|error| self.problem(&error))
    }

    /// Says it in a `mysqld.session`.
    pub(super) fn set_call(
        &mut self,
        session: &JsObject,
        statement: &Statement,
        client: &Rc<Client>,
    ) -> Result<(), Problem> {
        let call = self.statement_call(statement, client)?;
        let set = host::set_call(session, call, &mut self.context);
        set.map_err(|error| self.problem(&error))
    }

    /// A file that a client sent.
    pub(super) fn file(&mut self, file: &LocalFile) -> Result<JsObject, Problem> {
        let file = host::file(file, &mut self.context);
        file.map_err(|error| self.problem(&error))
    }

    /// What rows come from that were found since this was last asked.
    pub(super) fn take_row_sources(&mut self) -> Vec<(RowSource, RowIterator)> {
        self.row_sources.take()
    }

    /// Keeps rows that were begun, until those of the same values are asked for.
    pub(super) fn keep_rows(&mut self, rows: Vec<RowIterator>) {
        for rows in rows {
            self.row_sources.keep(rows);
        }
    }

    /// Looks at what a script gave.
    pub(crate) fn values(&mut self) -> Values<'_> {
        Values::new(
            &mut self.context,
            self.absent.as_mut(),
            &mut self.row_sources,
            self.is_compatible,
        )
    }

    fn finish(&mut self, result: Option<JsResult<JsValue>>) -> Result<JsValue, Problem> {
        match result {
            Some(Ok(value)) => {
                self.tidy();
                Ok(value)
            }
            Some(Err(error)) => Err(self.finish_with(Some(error))),
            None => Err(self.finish_with(None)),
        }
    }

    /// Why something came to no end; without an error, it had no more time.
    fn finish_with(&mut self, error: Option<JsError>) -> Problem {
        self.tidy();
        match error {
            // The script may catch this error. But the frames of the calls stay on Boa's stack, so after too
            // many of them the context is given up.
            Some(error) if is_recursion(&error) => {
                self.recursions += 1;
                self.make_up_for_what_is_left();
                match self.recursions > MOST_RECURSIONS {
                    true => Problem::Ended(error.to_string()),
                    false => self.problem(&error),
                }
            }
            // Errors of the engine itself count as the end of the budget only if the clock agrees.
            Some(error) if error.as_engine().is_none() || !self.clock.is_over() => {
                self.problem(&error)
            }
            _ => Problem::Ended(self.clock.reason()),
        }
    }

    /// Drops what the engine keeps of a statement that is over.
    fn tidy(&self) {
        thread::reap(&self.context);
        forget_text();
    }

    fn problem(&mut self, error: &JsError) -> Problem {
        Problem::from_js(error, &mut self.context)
    }
}

/// Why a text can't be run.
pub(super) fn no_script(path: &Path, error: SyntaxError) -> Problem {
    Problem::Thrown(reason::syntax_error(path, error.line, error.reason))
}

/// How many calls may go too deep before a context is of no more use.
const MOST_RECURSIONS: usize = 50;
