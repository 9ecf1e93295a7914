//! The second argument of a script's function: everything about a statement besides its text.

use std::rc::Rc;

use boa_engine::native_function::NativeFunctionPointer;
use boa_engine::object::builtins::JsArray;
use boa_engine::object::{FunctionObjectBuilder, IntegrityLevel};
use boa_engine::property::PropertyDescriptor;
use boa_engine::{
    Context, Finalize, JsData, JsNativeError, JsObject, JsResult, JsString, JsValue,
    NativeFunction, Trace, js_string,
};
use mynah_session::{Statement, StatementCommand};

use serde_json::Value;

use super::client::{self, Client, text};
use super::param;

/// What the object is made of. What a script looks at is made when it does so first, and is then a
/// property of the object itself.
#[derive(Trace, Finalize, JsData)]
struct Call {
    #[unsafe_ignore_trace]
    statement: Statement,
    #[unsafe_ignore_trace]
    client: Rc<Client>,
}

/// The prototype of all of them in a context.
#[derive(Clone)]
struct Prototype(JsObject);

/// The object for a statement.
pub(in crate::vm) fn object(
    statement: &Statement,
    client: &Rc<Client>,
    context: &mut Context,
) -> JsResult<JsObject> {
    let call = Call {
        statement: statement.clone(),
        client: client.clone(),
    };
    let prototype = match context.get_data::<Prototype>() {
        Some(prototype) => prototype.0.clone(),
        None => {
            let prototype = prototype(context)?;
            context.insert_data(Prototype(prototype.clone()));
            prototype
        }
    };
    Ok(JsObject::from_proto_and_data(prototype, call))
}

fn prototype(context: &mut Context) -> JsResult<JsObject> {
    let prototype = JsObject::with_object_proto(context.intrinsics());
    for name in PROPERTIES
        .iter()
        .map(|property| property.name)
        .chain(X_PROPERTIES)
    {
        let name = JsString::from(name);
        let get = NativeFunction::from_copy_closure_with_captures(get, name.clone());
        let get = FunctionObjectBuilder::new(context.realm(), get).build();
        let descriptor = PropertyDescriptor::builder()
            .get(get)
            .enumerable(true)
            .configurable(false);
        prototype.define_property_or_throw(name, descriptor, context)?;
    }
    let to_json: NativeFunctionPointer = to_json;
    let to_json = NativeFunction::from_fn_ptr(to_json);
    let to_json = FunctionObjectBuilder::new(context.realm(), to_json)
        .name(js_string!("toJSON"))
        .build();
    let descriptor = PropertyDescriptor::builder()
        .value(to_json)
        .enumerable(false)
        .writable(false);
    prototype.define_property_or_throw(js_string!("toJSON"), descriptor, context)?;
    prototype.set_integrity_level(IntegrityLevel::Frozen, context)?;
    Ok(prototype)
}

/// A property's value, which the object has from then on.
fn get(this: &JsValue, _: &[JsValue], name: &JsString, context: &mut Context) -> JsResult<JsValue> {
    let object = this.as_object();
    let call = object.as_ref().and_then(JsObject::downcast_ref::<Call>);
    let (Some(object), Some(call)) = (&object, call) else {
        return Err(JsNativeError::typ().with_message("not a call").into());
    };
    let property = PROPERTIES.iter().find(|property| *name == *property.name);
    let value = match property {
        Some(property) => (property.make)(&call, context)?,
        None => x_property(&call, &name.to_std_string_escaped(), context)?,
    };
    drop(call);
    object.create_data_property(name.clone(), value.clone(), context)?;
    Ok(value)
}

/// What a message of the X Protocol asks besides its text; undefined if it isn't one, or doesn't
/// ask it.
fn x_property(call: &Call, name: &str, context: &mut Context) -> JsResult<JsValue> {
    let Some(request) = &call.statement.x else {
        return Ok(JsValue::undefined());
    };
    // It is JSON already, whose numbers and texts are a script's as well.
    let request = request.to_json();
    let Ok(Value::Object(mut members)) = serde_json::from_str(&request) else {
        let message = "a document or an argument is no JSON";
        return Err(JsNativeError::syntax().with_message(message).into());
    };
    match members.remove(name) {
        Some(value) => JsValue::from_json(&value, context),
        None => Ok(JsValue::undefined()),
    }
}

/// All of it as a plain object, for `JSON.stringify()`.
fn to_json(this: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let call = this.to_object(context)?;
    let plain = JsObject::with_object_proto(context.intrinsics());
    for property in PROPERTIES {
        let name = JsString::from(property.name);
        let value = call.get(name.clone(), context)?;
        plain.create_data_property(name, value, context)?;
    }
    for name in X_PROPERTIES {
        let value = call.get(JsString::from(name), context)?;
        if !value.is_undefined() {
            plain.create_data_property(JsString::from(name), value, context)?;
        }
    }
    Ok(plain.into())
}

struct Property {
    name: &'static str,
    make: fn(&Call, &mut Context) -> JsResult<JsValue>,
}

/// All properties of the object.
const PROPERTIES: &[Property] = &[
    Property {
        name: "command",
        make: |call, _| Ok(command(call.statement.command).into()),
    },
    Property {
        name: "statement",
        make: |call, _| Ok(text(&call.statement.text)),
    },
    Property {
        name: "params",
        make: |call, context| {
            let params = call.statement.params.iter();
            let params = params.map(|param| param::value(param, context));
            let params: Vec<_> = params.collect::<JsResult<_>>()?;
            Ok(JsArray::from_iter(params, context).into())
        },
    },
    Property {
        name: "param_types",
        make: |call, context| {
            let params = call.statement.params.iter();
            let types: Vec<JsValue> = params.map(param::type_name).collect();
            Ok(JsArray::from_iter(types, context).into())
        },
    },
    Property {
        name: "attributes",
        make: |call, context| {
            let attributes = JsObject::with_object_proto(context.intrinsics());
            for attribute in &call.statement.attributes {
                let name = String::from_utf8_lossy(&attribute.name);
                let value = param::value(attribute, context)?;
                attributes.create_data_property(JsString::from(&*name), value, context)?;
            }
            Ok(attributes.into())
        },
    },
    Property {
        name: "statement_id",
        make: |call, _| {
            Ok(call
                .statement
                .statement_id
                .map_or(JsValue::null(), JsValue::from))
        },
    },
    Property {
        name: "user",
        make: |call, _| Ok(text(&call.client.login.username)),
    },
    Property {
        name: "schema",
        make: |call, _| {
            let of_collection = call.statement.x.as_ref().and_then(|x| x.schema.as_deref());
            let schema = of_collection.map(str::as_bytes);
            let schema = schema.or(call.statement.state.schema.as_deref());
            Ok(schema.map_or(JsValue::null(), text))
        },
    },
    Property {
        name: "connection_attributes",
        make: |call, context| client::attributes(&call.client.login, context),
    },
    Property {
        name: "collation",
        make: |call, _| {
            Ok(client::collation(
                call.statement.state.character_sets.connection,
            ))
        },
    },
    Property {
        name: "peer_address",
        make: |call, _| Ok(client::peer_address(&call.client.login)),
    },
    Property {
        name: "capabilities",
        make: |call, context| Ok(client::capabilities(&call.client.login, context)),
    },
    Property {
        name: "connection_id",
        make: |call, _| Ok(call.client.connection_id.into()),
    },
];

/// Properties that only messages of the X Protocol have.
const X_PROPERTIES: [&str; 16] = [
    "collection",
    "is_table",
    "criteria",
    "projection",
    "documents",
    "columns",
    "rows",
    "upsert",
    "changes",
    "order",
    "grouping",
    "grouping_criteria",
    "limit",
    "offset",
    "locking",
    "arguments",
];

/// How a statement is asked for, in a script's words.
fn command(command: StatementCommand) -> JsString {
    match command {
        StatementCommand::Query => js_string!("query"),
        StatementCommand::Prepare => js_string!("prepare"),
        StatementCommand::Execute => js_string!("execute"),
        StatementCommand::FieldList => js_string!("field_list"),
        StatementCommand::RegisterReplica => js_string!("register_replica"),
        StatementCommand::BinlogDump => js_string!("binlog_dump"),
        StatementCommand::InitDb => js_string!("init_db"),
        StatementCommand::Admin => js_string!("admin"),
        StatementCommand::Find => js_string!("find"),
        StatementCommand::Insert => js_string!("insert"),
        StatementCommand::Update => js_string!("update"),
        StatementCommand::Delete => js_string!("delete"),
        StatementCommand::CreateView => js_string!("create_view"),
        StatementCommand::ModifyView => js_string!("modify_view"),
        StatementCommand::DropView => js_string!("drop_view"),
        _ => js_string!("unknown"),
    }
}
