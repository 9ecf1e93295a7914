//! Freezes the objects that all sessions of a context share, so that none can change them.

use std::collections::HashSet;

use boa_engine::object::{FunctionObjectBuilder, IntegrityLevel};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{
    Context, JsArgs, JsObject, JsResult, JsString, JsValue, NativeFunction, Source, js_string,
};

use super::host;

/// Everything that a script can reach without making it.
#[derive(Debug)]
pub(super) struct Shared(Vec<JsObject>);

impl Shared {
    /// Walks from the global object, and from what only syntax leads to.
    pub(super) fn of(context: &mut Context) -> JsResult<Self> {
        let hidden = context.eval(Source::from_bytes(HIDDEN))?;
        let mut walk = Walk::default();
        // These are made anew for each session, so they are left out of what is frozen.
        for name in OF_A_SESSION.iter().chain(OF_MAIN) {
            let own = context
                .global_object()
                .get(JsString::from(*name), context)?;
            walk.seen.extend(own.as_object());
        }
        walk.add(&context.global_object().into());
        if let Some(hidden) = hidden.as_object() {
            let length = hidden
                .get(js_string!("length"), context)?
                .to_length(context)?;
            for index in 0..length {
                walk.add(&hidden.get(index, context)?);
            }
        }
        while let Some(object) = walk.open.pop() {
            if let Some(prototype) = object.prototype() {
                walk.add(&prototype.into());
            }
            for property in properties(&object, context)? {
                let property = property.1;
                for value in [property.value(), property.get(), property.set()] {
                    walk.add(value.unwrap_or(&JsValue::undefined()));
                }
            }
        }
        Ok(Self(walk.found))
    }

    /// What everything is now, to find out later whether that has changed.
    pub(super) fn snapshot(self, context: &mut Context) -> JsResult<Snapshot> {
        let objects = self.0.into_iter().map(|object| {
            let state = (object.prototype(), properties(&object, context)?);
            Ok((object, state))
        });
        objects.collect::<JsResult<_>>().map(Snapshot)
    }
}

#[derive(Default)]
struct Walk {
    seen: HashSet<JsObject>,
    found: Vec<JsObject>,
    open: Vec<JsObject>,
}

impl Walk {
    fn add(&mut self, value: &JsValue) {
        if let Some(object) = value.as_object()
            && self.seen.insert(object.clone())
        {
            self.found.push(object.clone());
            self.open.push(object.clone());
        }
    }
}

type Properties = Vec<(PropertyKey, PropertyDescriptor)>;

fn properties(object: &JsObject, context: &mut Context) -> JsResult<Properties> {
    let keys = object.own_property_keys(context)?;
    let properties = keys.into_iter().filter_map(|key| {
        let property = object.borrow().properties().get(&key)?;
        Some((key, property))
    });
    Ok(properties.collect())
}

/// What shared objects were at one time.
#[derive(Debug)]
pub(super) struct Snapshot(Vec<(JsObject, (Option<JsObject>, Properties))>);

impl Snapshot {
    /// Whether they are so still. `except` are keys of the global object that don't count.
    pub(super) fn holds(&self, context: &mut Context) -> JsResult<bool> {
        let global = context.global_object();
        for (object, (prototype, was)) in &self.0 {
            let is = properties(object, context)?;
            // A program's own variables are put behind what the global object has.
            let grown = JsObject::equals(object, &global) && is.len() > was.len();
            let same = (grown || is.len() == was.len())
                && object.prototype() == *prototype
                && was.iter().zip(&is).all(|(was, is)| {
                    same(was, is) || JsObject::equals(object, &global) && is_of_main(&was.0)
                });
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_of_main(key: &PropertyKey) -> bool {
    OF_MAIN.contains(&key.to_string().as_str())
}

fn same(
    (key, was): &(PropertyKey, PropertyDescriptor),
    (other, is): &(PropertyKey, PropertyDescriptor),
) -> bool {
    let values = |one: Option<&JsValue>, other: Option<&JsValue>| match (one, other) {
        (Some(one), Some(other)) => JsValue::same_value(one, other),
        (one, other) => one.is_none() == other.is_none(),
    };
    key == other
        && values(was.value(), is.value())
        && values(was.get(), is.get())
        && values(was.set(), is.set())
}

/// Freezes all there is in a context.
///
/// What has a frozen prototype couldn't be given a property that the prototype has, too, as
/// `toString`. So the properties of prototypes become accessors, which define that property.
pub(super) fn freeze(context: &mut Context) -> JsResult<()> {
    // The accessors come first: a frozen property can't become one any more.
    let found = Shared::of(context)?;
    for prototype in prototypes(&found) {
        for (key, property) in properties(&prototype, context)? {
            let free = property.writable() == Some(true) && property.configurable() == Some(true);
            if let (PropertyKey::String(name), Some(value), true) = (&key, property.value(), free) {
                let property = overridable(&prototype, name, value.clone(), &property, context);
                prototype.define_property_or_throw(key, property, context)?;
            }
        }
    }
    // The first walk has the methods, which the accessors hide from the second one; that has the accessors.
    let accessors = Shared::of(context)?.0;
    for object in found.0.into_iter().chain(accessors) {
        object.set_integrity_level(IntegrityLevel::Frozen, context)?;
    }
    Ok(())
}

fn prototypes(shared: &Shared) -> Vec<JsObject> {
    let mut prototypes = Vec::new();
    for object in &shared.0 {
        let property = object
            .borrow()
            .properties()
            .get(&js_string!("prototype").into());
        let prototype = property.and_then(|property| property.value()?.as_object());
        prototypes.extend(prototype);
    }
    prototypes
}

fn overridable(
    home: &JsObject,
    key: &JsString,
    value: JsValue,
    property: &PropertyDescriptor,
    context: &mut Context,
) -> PropertyDescriptor {
    let realm = context.realm().clone();
    let get = NativeFunction::from_copy_closure_with_captures(
        |_, _, value: &JsValue, _| Ok(value.clone()),
        value,
    );
    let set = NativeFunction::from_copy_closure_with_captures(
        |this, args, (home, key): &(JsObject, JsString), context| {
            let Some(object) = this.as_object() else {
                return Ok(JsValue::undefined());
            };
            // Assigning to the prototype itself would change it for all sessions.
            if JsObject::equals(&object, home) {
                return Err(host::foul("a change of a built-in object", context));
            }
            // Assigning to an object that inherits from it defines the object's own property, as without the
            // freeze.
            object.create_data_property(key.clone(), args.get_or_undefined(0).clone(), context)?;
            Ok(JsValue::undefined())
        },
        (home.clone(), key.clone()),
    );
    PropertyDescriptor::builder()
        .get(FunctionObjectBuilder::new(&realm, get).build())
        .set(FunctionObjectBuilder::new(&realm, set).build())
        .enumerable(property.enumerable() == Some(true))
        .configurable(true)
        .build()
}

/// What a session that shares its context has of its own.
const OF_A_SESSION: &[&str] = &["mysqld", "process", "console", "Duktape", "require"];
/// What the program finds as a module, and often has variables of the same name as.
const OF_MAIN: &[&str] = &["module", "exports"];
/// Objects that no property leads to.
const HIDDEN: &str = "(function () {
    var of = Object.getPrototypeOf;
    var found = [
        of(function* () {}), of(async function () {}), of(async function* () {}),
        of([][Symbol.iterator]()), of(''[Symbol.iterator]()), of(new Map()[Symbol.iterator]()),
        of(new Set()[Symbol.iterator]()), of('a'.matchAll(/a/g)), of(Int8Array),
        of((function* () {})()), of((async function* () {})()),
        Object.getOwnPropertyDescriptor((function () { 'use strict'; return arguments; })(),
            'callee').get,
    ];
    if (typeof Iterator === 'function' && Iterator.prototype.map) {
        found.push(of([].values().map(function () {})));
        if (Iterator.from) found.push(of(Iterator.from({ next: function () {} })));
    }
    return found;
})()";
