//! Calls into a script, in such a way that no exception leaves Boa uncaught and no call runs forever.

use std::cell::OnceCell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};

use boa_engine::property::Attribute;
use boa_engine::{Context, JsError, JsObject, JsResult, JsValue, Script, Source, js_string};

use super::clock::{Clock, SLICE};
use super::problem::Problem;

/// A script of two lines that calls a function and catches what that throws: what comes out
/// of Boa uncaught can leave values on its stack. That this is a script, and not a function
/// called from here, is what lets Boa hand back control every so often.
#[derive(Debug)]
pub(super) struct Bounce {
    trampoline: JsObject,
    script: Script,
    /// What takes values of an iterator, and what closes one; made when rows come from one.
    iteration: OnceCell<Iteration>,
}

#[derive(Debug)]
struct Iteration {
    pull: JsValue,
    give_up: JsValue,
}

/// What came of pulling at an iterator.
#[derive(Debug)]
pub(super) struct Pulled<E> {
    /// A list of its next values.
    pub(super) rows: JsValue,
    /// How it ended, if it did.
    pub(super) end: Option<Result<(), E>>,
    /// What it threw, if it did.
    pub(super) thrown: JsValue,
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
        Self::with(&trampoline, compiled(BOUNCE, context)?, context)
    }

    /// The same for a context that sessions share: no script can reach it.
    pub(super) fn hidden(context: &mut Context) -> JsResult<Self> {
        let declaration = format!("const {HIDDEN} = {TRAMPOLINE}; {HIDDEN}");
        let trampoline = context.eval(Source::from_bytes(&declaration))?;
        let bounce = format!("{HIDDEN}.r()");
        Self::with(&trampoline, compiled(&bounce, context)?, context)
    }

    fn with(trampoline: &JsValue, script: Script, context: &mut Context) -> JsResult<Self> {
        Ok(Self {
            trampoline: trampoline.to_object(context)?,
            script,
            iteration: OnceCell::new(),
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
        self.call_with(function, argument, None, clock, context)
    }

    /// The same with a second argument.
    pub(super) fn call_with(
        &self,
        function: &JsValue,
        argument: JsValue,
        second: Option<JsValue>,
        clock: &Clock,
        context: &mut Context,
    ) -> Option<JsResult<JsValue>> {
        let ready = self
            .set(js_string!("f"), function.clone(), context)
            .and_then(|()| self.set(js_string!("a"), argument, context))
            .and_then(|()| match second {
                Some(second) => self.set(js_string!("b"), second, context),
                None => Ok(()),
            });
        if let Err(error) = ready {
            return Some(Err(error));
        }
        let returned = run(&self.script, clock, context)?;
        Some(returned.and_then(|value| {
            // Only the trampoline's `catch` returns the trampoline, so any other value is the function's own.
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

    /// Takes the next values of the iterator in `state`, `most` of them at most.
    pub(super) fn pull(
        &self,
        state: &JsObject,
        most: u32,
        clock: &Clock,
        context: &mut Context,
    ) -> Option<JsResult<Pulled<JsError>>> {
        let (state_value, most) = (state.clone().into(), Some(most.into()));
        let pull = match self.iteration(context) {
            Ok(iteration) => &iteration.pull,
            Err(error) => return Some(Err(error)),
        };
        let rows = self.call_with(pull, state_value, most, clock, context)?;
        Some(rows.and_then(|rows| {
            // `x` is set if the iterator threw, `d` if it is done. With neither there may be more values.
            let thrown = state.get(js_string!("e"), context)?;
            let end = if state.get(js_string!("x"), context)?.to_boolean() {
                Some(Err(JsError::from_opaque(thrown.clone())))
            } else if state.get(js_string!("d"), context)?.to_boolean() {
                Some(Ok(()))
            } else {
                None
            };
            Ok(Pulled { rows, end, thrown })
        }))
    }

    /// What closes the iterator in the state that it is called with.
    pub(super) fn give_up(&self, context: &mut Context) -> JsResult<JsValue> {
        self.iteration(context)
            .map(|iteration| iteration.give_up.clone())
    }

    fn iteration(&self, context: &mut Context) -> JsResult<&Iteration> {
        if let Some(iteration) = self.iteration.get() {
            return Ok(iteration);
        }
        let both = context.eval(Source::from_bytes(ITERATION))?;
        let both = both.to_object(context)?;
        let iteration = Iteration {
            pull: both.get(js_string!("p"), context)?,
            give_up: both.get(js_string!("q"), context)?,
        };
        Ok(self.iteration.get_or_init(|| iteration))
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

/// Takes the next values of the iterator in `state`, `most` of them at most.
pub(super) fn pull(
    state: &JsObject,
    most: u32,
    context: &mut Context,
) -> Result<Pulled<Problem>, Problem> {
    let bounce = context.get_data::<Rc<Bounce>>().cloned();
    let clock = context.get_data::<Rc<Clock>>().cloned();
    let (Some(bounce), Some(clock)) = (bounce, clock) else {
        return Err(Problem::Ended("the script engine isn't ready".to_owned()));
    };
    clock.restart();
    match bounce.pull(state, most, &clock, context) {
        Some(Ok(Pulled { rows, end, thrown })) => Ok(Pulled {
            rows,
            end: end.map(|end| end.map_err(|error| Problem::from_js(&error, context))),
            thrown,
        }),
        Some(Err(error)) if error.as_engine().is_none() || !clock.is_over() => {
            Err(Problem::from_js(&error, context))
        }
        _ => Err(Problem::Ended(clock.reason())),
    }
}

/// Runs a script; `None` if its time is up. The context is of no use then.
pub(super) fn run(
    script: &Script,
    clock: &Clock,
    context: &mut Context,
) -> Option<JsResult<JsValue>> {
    let mut execution = pin!(script.evaluate_async_with_budget(context, SLICE));
    // Boa returns `Pending` after each SLICE of work, and is polled again at once: no waker is needed.
    // Between two slices the budget is checked.
    let mut waker = std::task::Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = execution.as_mut().poll(&mut waker) {
            return Some(result);
        }
        if clock.spend(SLICE.into()) {
            // The frames of the call stay on Boa's stack, which is why the context is of no use then.
            return None;
        }
    }
}

/// `r` calls `f` with `a`, and with `b` if that is set, and keeps neither. What that throws is put into `e`, and the
/// object itself returned.
const TRAMPOLINE: &str = "({f:0,a:0,b:void 0,e:void 0,\
    r(){var f=this.f,a=this.a,b=this.b;this.a=this.b=void 0;\
    try{return b===void 0?f(a):f(a,b)}catch(e){this.e=e;return this}}})";
/// `p` takes up to `n` values of the iterator `s.i`, and notes in `s` how it ended; `q` closes it.
const ITERATION: &str = "({p(s,n){var o=[],k=0,r;try{while(k<n){r=s.i.next();if(r.done){s.d=1;break}o[k++]=r.value}}\
    catch(e){s.x=1;s.e=e}return o},\
    q(s){var i=s.i;if(i.return)i.return()}})";
const BOUNCE: &str = "this['mynah:call'].r()";
/// A name that only a text could reach that isn't cleared, as it doesn't declare it.
const HIDDEN: &str = "$mynah";
