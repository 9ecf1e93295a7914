//! `mysqld`: the session's facts, and the values that all sessions share.

use std::rc::Rc;

use boa_engine::native_function::NativeFunctionPointer;
use boa_engine::object::builtins::JsArray;
use boa_engine::object::{FunctionObjectBuilder, ObjectInitializer};
use boa_engine::property::{Attribute, PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, NativeFunction, js_string};
use mynah_session::{Connection, Tls};

use super::{Host, host, shared};

/// `mysqld`.
pub(super) fn object(connection: Connection, context: &mut Context) -> JsResult<JsObject> {
    let session = session(connection, context);
    let global = global(context)?;
    let all = Attribute::all();
    let mysqld = ObjectInitializer::new(context)
        .property(js_string!("session"), session, all)
        .property(js_string!("global"), global, all)
        .build();
    if host(context)?.silent {
        note_session(&mysqld, context)?;
    }
    Ok(mysqld)
}

/// A `mysqld.session` that was made, until its session takes it over.
struct NewSession(JsObject);

/// The `mysqld.session` that was made last, once.
pub(in crate::vm) fn take_session(context: &mut Context) -> Option<JsObject> {
    let session = context.remove_data::<NewSession>();
    session.map(|session| session.0)
}

/// Says in `mysqld.session` how the connection is encrypted.
pub(in crate::vm) fn set_tls(session: &JsObject, tls: &Tls, context: &mut Context) -> JsResult<()> {
    let cipher = JsString::from(tls.cipher.as_str());
    for name in [js_string!("ssl_cipher"), js_string!("mysqlx_ssl_cipher")] {
        session.set(name, cipher.clone(), false, context)?;
    }
    let hits = js_string!("ssl_session_cache_hits");
    session
        .set(hits, tls.session_cache_hits, false, context)
        .map(drop)
}

/// Lets coroutines, which are given the text only, know more of the statement.
pub(in crate::vm) fn set_call(
    session: &JsObject,
    call: JsObject,
    context: &mut Context,
) -> JsResult<()> {
    session
        .set(js_string!("call"), call, false, context)
        .map(drop)
}

/// `mysqld.session`: the connection as it was when it began; the client isn't known yet.
fn session(connection: Connection, context: &mut Context) -> JsObject {
    let all = Attribute::all();
    let session = ObjectInitializer::new(context)
        .property(js_string!("port"), i32::from(connection.port), all)
        .property(js_string!("ssl_cipher"), js_string!(), all)
        .property(js_string!("mysqlx_ssl_cipher"), js_string!(), all)
        .property(js_string!("ssl_session_cache_hits"), 0, all)
        .build();
    context.insert_data(NewSession(session.clone()));
    session
}

/// Notes when the session is looked at.
fn note_session(mysqld: &JsObject, context: &mut Context) -> JsResult<()> {
    let session = mysqld.get(js_string!("session"), context)?;
    let get = NativeFunction::from_copy_closure_with_captures(
        |_, _, session: &JsValue, context| {
            host(context)?.depends("its session");
            Ok(session.clone())
        },
        session,
    );
    let set = NativeFunction::from_copy_closure_with_captures(
        |_, args, mysqld: &JsObject, context| {
            let value = args.first().cloned().unwrap_or_default();
            let property = PropertyDescriptor::builder()
                .value(value)
                .writable(true)
                .enumerable(true)
                .configurable(true);
            mysqld.define_property_or_throw(js_string!("session"), property, context)?;
            Ok(JsValue::undefined())
        },
        mysqld.clone(),
    );
    let realm = context.realm().clone();
    let property = PropertyDescriptor::builder()
        .get(FunctionObjectBuilder::new(&realm, get).build())
        .set(FunctionObjectBuilder::new(&realm, set).build())
        .enumerable(true)
        .configurable(true);
    mysqld.define_property_or_throw(js_string!("session"), property, context)?;
    Ok(())
}

/// `mysqld.global`: an object whose properties are the values that are shared.
fn global(context: &mut Context) -> JsResult<JsObject> {
    let host = host(context)?;
    let handler = host.global_handler.get_or_init(|| handler(context));
    let target = JsObject::with_object_proto(context.intrinsics());
    let proxy = context.intrinsics().constructors().proxy().constructor();
    proxy.construct(&[target.into(), handler.clone().into()], None, context)
}

/// What `mysqld.global` does: the same for all sessions of a context, none of which sees it.
fn handler(context: &mut Context) -> JsObject {
    let traps: [(JsString, NativeFunctionPointer); 7] = [
        (js_string!("get"), get),
        (js_string!("set"), set),
        (js_string!("has"), has),
        (js_string!("deleteProperty"), delete_property),
        (js_string!("ownKeys"), own_keys),
        (
            js_string!("getOwnPropertyDescriptor"),
            get_own_property_descriptor,
        ),
        (js_string!("defineProperty"), define_property),
    ];
    let mut handler = ObjectInitializer::new(context);
    for (name, trap) in traps {
        handler.function(NativeFunction::from_fn_ptr(trap), name, 0);
    }
    let handler = handler.build();
    // A script may change what it would find there.
    handler.set_prototype(None);
    handler
}

/// The arguments of a trap: the target, which is an empty object, and the key. Symbols are
/// left to the target: there is no JSON for them.
fn target_and_key(args: &[JsValue], context: &mut Context) -> JsResult<(JsObject, PropertyKey)> {
    let target = args
        .first()
        .cloned()
        .unwrap_or_default()
        .to_object(context)?;
    let key = args
        .get(1)
        .cloned()
        .unwrap_or_default()
        .to_property_key(context)?;
    Ok((target, key))
}

/// The name a key is stored under.
fn name(key: &PropertyKey) -> Option<String> {
    match key {
        PropertyKey::Symbol(_) => None,
        key => Some(key.to_string()),
    }
}

fn shared_with_others(context: &Context) -> JsResult<Rc<Host>> {
    let host = host(context)?;
    host.depends("what sessions share");
    Ok(host)
}

fn get(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    if let Some(name) = name(&key) {
        let value = shared::get(&name, context)?;
        if !value.is_undefined() {
            return Ok(value);
        }
    }
    target.get(key, context)
}

fn set(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    let value = args.get(2).cloned().unwrap_or_default();
    match name(&key) {
        Some(name) => shared::set(&name, &value, context)?,
        None => drop(target.set(key, value, true, context)?),
    }
    Ok(true.into())
}

fn has(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    if let Some(name) = name(&key)
        && shared_with_others(context)?.globals().contains(&name)
    {
        return Ok(true.into());
    }
    target.has_property(key, context).map(JsValue::from)
}

fn delete_property(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    match name(&key) {
        Some(name) => drop(shared_with_others(context)?.globals().remove(&name)),
        None => drop(target.delete_property_or_throw(key, context)?),
    }
    Ok(true.into())
}

fn own_keys(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let target = args
        .first()
        .cloned()
        .unwrap_or_default()
        .to_object(context)?;
    let keys = shared_with_others(context)?.globals().keys();
    let keys = keys.into_iter().map(|key| JsString::from(key).into());
    let symbols = target.own_property_keys(context)?;
    let keys: Vec<JsValue> = keys.chain(symbols.iter().map(JsValue::from)).collect();
    Ok(JsArray::from_iter(keys, context).into())
}

fn get_own_property_descriptor(
    _: &JsValue,
    args: &[JsValue],
    context: &mut Context,
) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    let value = match name(&key) {
        Some(name) => shared::get(&name, context)?,
        None => target.get(key, context)?,
    };
    if value.is_undefined() {
        return Ok(value);
    }
    let all = Attribute::all();
    Ok(ObjectInitializer::new(context)
        .property(js_string!("value"), value, all)
        .property(js_string!("writable"), true, all)
        .property(js_string!("enumerable"), true, all)
        .property(js_string!("configurable"), true, all)
        .build()
        .into())
}

fn define_property(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (target, key) = target_and_key(args, context)?;
    let descriptor = args.get(2).cloned().unwrap_or_default();
    let descriptor: PropertyDescriptor = descriptor.to_property_descriptor(context)?;
    let value = descriptor.value().cloned().unwrap_or_default();
    match name(&key) {
        Some(name) => shared::set(&name, &value, context)?,
        None => drop(target.define_property_or_throw(key, descriptor, context)?),
    }
    Ok(true.into())
}
