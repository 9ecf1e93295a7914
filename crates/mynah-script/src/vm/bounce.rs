//! Calls into a script, such that nothing comes out of Boa uncaught and nothing runs on for
//! ever.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use boa_engine::property::Attribute;
use boa_engine::{Context, JsError, JsObject, JsResult, JsValue, Script, Source, js_string};

/// A script of two lines that calls a function and catches what that throws: what comes out
/// of Boa uncaught can leave values on its stack. That this is a script, and not a function
/// called from here, is what lets Boa hand back control every so often.
#[derive(Debug)]
pub(super) struct Bounce {
    trampoline: JsObject,
    script: Script,
}

impl Bounce {
    /// Makes a context ready for calls; those of its coroutines use the same.
    pub(super) fn new(context: &mut Context) -> JsResult<Self> {
        let trampoline = context.eval(Source::from_bytes(TRAMPOLINE))?;
        context.register_global_property(
            js_string!("mynah:call"),
            trampoline.clone(),
            Attribute::empty(),
        )?;
        Ok(Self {
            trampoline: trampoline.to_object(context)?,
            script: compiled(BOUNCE, context)?,
        })
    }

    /// The same for a context that sessions share: no script can reach it.
    pub(super) fn hidden(context: &mut Context) -> JsResult<Self> {
        let declaration = format!("const {HIDDEN} = {TRAMPOLINE}; {HIDDEN}");
        let trampoline = context.eval(Source::from_bytes(&declaration))?;
        let bounce = format!("{HIDDEN}.r()");
        Ok(Self {
            trampoline: trampoline.to_object(context)?,
            script: compiled(&bounce, context)?,
        })
    }

    /// Calls a function; `None` if its time is up. The context is of no use then.
    pub(super) fn call(
        &self,
        function: &JsValue,
        argument: JsValue,
        clock: &Clock,
        context: &mut Context,
    ) -> Option<JsResult<JsValue>> {
        let ready = self
            .set(js_string!("f"), function.clone(), context)
            .and_then(|()| self.set(js_string!("a"), argument, context));
        if let Err(error) = ready {
            return Some(Err(error));
        }
        let returned = run(&self.script, clock, context)?;
        Some(returned.and_then(|value| {
            // Nothing else gives the trampoline itself.
            if value
                .as_object()
                .is_none_or(|object| object != self.trampoline)
            {
                return Ok(value);
            }
            let thrown = self.trampoline.get(js_string!("e"), context)?;
            self.set(js_string!("e"), JsValue::undefined(), context)?;
            Err(JsError::from_opaque(thrown))
        }))
    }

    fn set(
        &self,
        key: boa_engine::JsString,
        value: JsValue,
        context: &mut Context,
    ) -> JsResult<()> {
        self.trampoline.set(key, value, true, context).map(drop)
    }
}

/// A script that other contexts of the realm can run: they don't know the names in its text.
fn compiled(text: &str, context: &mut Context) -> JsResult<Script> {
    let script = Script::parse(Source::from_bytes(text), None, context)?;
    script.codeblock(context)?;
    Ok(script)
}

/// Runs a script; `None` if its time is up. The context is of no use then.
pub(super) fn run(
    script: &Script,
    clock: &Clock,
    context: &mut Context,
) -> Option<JsResult<JsValue>> {
    let mut execution = pin!(script.evaluate_async_with_budget(context, SLICE));
    let mut waker = std::task::Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = execution.as_mut().poll(&mut waker) {
            return Some(result);
        }
        if clock.is_over() {
            return None;
        }
    }
}

/// How long a script has been at a statement, all its coroutines together.
///
/// It isn't read before the first slice is over, which is never for most statements.
#[derive(Debug)]
pub(super) struct Clock {
    budget: Duration,
    started: Cell<Option<Instant>>,
}

impl Clock {
    pub(super) fn new(budget: Duration) -> Rc<Self> {
        Rc::new(Self {
            budget,
            started: Cell::new(None),
        })
    }

    /// A new statement.
    pub(super) fn restart(&self) {
        self.started.set(None);
    }

    /// Whether the budget is used up. The first question starts it.
    pub(super) fn is_over(&self) -> bool {
        let started = self.started.get().unwrap_or_else(|| {
            let now = Instant::now();
            self.started.set(Some(now));
            now
        });
        started.elapsed() >= self.budget
    }

    /// How long a statement may take.
    pub(super) fn budget(&self) -> Duration {
        self.budget
    }
}

/// Calls `f` with `a`. What that throws is put into `e`, and the object itself returned.
const TRAMPOLINE: &str =
    "({f:0,a:0,e:void 0,r(){var f=this.f;try{return f(this.a)}catch(e){this.e=e;return this}}})";
const BOUNCE: &str = "this['mynah:call'].r()";
/// A name that only a text could reach that isn't cleared, as it doesn't declare it.
const HIDDEN: &str = "$mynah";
/// What Boa runs, in its own unit, before the clock is looked at: about a millisecond.
const SLICE: u32 = 1_000_000;
