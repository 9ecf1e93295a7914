//! The JavaScript contexts that scripts run in: their limits, and everything a script could depend on besides
//! its texts.

use std::rc::Rc;

use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::context::time::{Clock as SystemClock, JsInstant, StdClock};
use boa_engine::context::{DefaultHooks, HostHooks};
use boa_engine::job::IdleJobExecutor;
use boa_engine::module::IdleModuleLoader;
use boa_engine::optimizer::OptimizerOptions;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString};

use super::impure::Impure;
use super::program::Program;
use super::{host, nesting};

/// A context with limits.
pub(super) fn context(program: &Program, hooks: Hooks) -> JsResult<Context> {
    let clock = Rc::new(NotingClock(hooks.impure.clone()));
    let hooks = Rc::new(hooks);
    let mut context = Context::builder()
        .host_hooks(hooks.clone())
        .clock(clock)
        .module_loader(Rc::new(IdleModuleLoader))
        .job_executor(Rc::new(IdleJobExecutor))
        .build()?;
    context.insert_data(hooks);
    // Numbers aren't computed before they are asked for: that may take for ever.
    context.set_optimizer_options(OptimizerOptions::empty());
    let limits = context.runtime_limits_mut();
    let rounds = program
        .options
        .budget
        .as_millis()
        .saturating_mul(ROUNDS_PER_MILLI);
    limits.set_loop_iteration_limit(rounds.try_into().unwrap_or(u64::MAX));
    limits.set_recursion_limit(RECURSION_LIMIT);
    limits.set_stack_size_limit(STACK_SIZE_LIMIT);
    Ok(context)
}

/// Text that a script makes up and runs is held to what its file is held to.
#[derive(Debug)]
pub(super) struct Hooks {
    /// Whether sessions share the context; then none may make up text.
    pub(super) shared: bool,
    pub(super) impure: Impure,
}

/// The system's clock, which notes that it was read.
struct NotingClock(Impure);

impl SystemClock for NotingClock {
    fn now(&self) -> JsInstant {
        self.0.set(Some("the time"));
        StdClock::new().now()
    }

    fn system_time_millis(&self) -> i64 {
        self.0.set(Some("the time"));
        StdClock::new().system_time_millis()
    }
}

impl HostHooks for Hooks {
    fn ensure_can_compile_strings(
        &self,
        _realm: Realm,
        parameters: &[JsString],
        body: &JsString,
        _direct: bool,
        context: &mut Context,
    ) -> JsResult<()> {
        if self.shared {
            return Err(host::foul("text that is made up and run", context));
        }
        let mut texts = parameters.iter().chain([body]);
        match texts.find_map(|text| nesting::too_deep(&text.to_std_string_lossy())) {
            Some(place) => Err(JsNativeError::syntax()
                .with_message(place.to_string())
                .into()),
            None => Ok(()),
        }
    }

    fn local_timezone_offset_seconds(&self, unix_time_seconds: i64) -> i32 {
        self.impure.set(Some("the time zone"));
        DefaultHooks.local_timezone_offset_seconds(unix_time_seconds)
    }

    fn max_buffer_size(&self, _context: &mut Context) -> u64 {
        LARGEST_BUFFER
    }

    /// What `this` is outside of methods: nothing to keep anything in, if sessions share it.
    fn create_global_this(&self, _intrinsics: &Intrinsics) -> Option<JsObject> {
        self.shared.then(JsObject::with_null_proto)
    }
}

/// How many rounds one loop may make for each millisecond of the budget. It ends loops where
/// Boa doesn't hand back control: in callbacks of built-in functions and in getters.
const ROUNDS_PER_MILLI: u128 = 10_000;
/// The largest `ArrayBuffer`, in bytes.
const LARGEST_BUFFER: u64 = 128 * 1024 * 1024;
const RECURSION_LIMIT: usize = 2000;
pub(super) const STACK_SIZE_LIMIT: usize = 100_000;
