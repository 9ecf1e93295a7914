//! The client of a session, as a script sees it.

use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use mynah_classic::tables::{Collation, Product};
use mynah_session::Login;

/// The client that sent a statement.
#[derive(Debug, Default)]
pub(in crate::vm) struct Client {
    pub(in crate::vm) connection_id: u32,
    pub(in crate::vm) login: Login,
}

/// The second argument of `handshake`.
pub(in crate::vm) fn object(client: &Client, context: &mut Context) -> JsResult<JsObject> {
    let login = &client.login;
    let object = JsObject::with_object_proto(context.intrinsics());
    let schema = login.schema.as_deref().map_or(JsValue::null(), text);
    let properties = [
        (js_string!("user"), text(&login.username)),
        (js_string!("schema"), schema),
        (js_string!("collation"), collation(login.collation)),
        (js_string!("peer_address"), peer_address(login)),
        (js_string!("capabilities"), capabilities(login, context)),
        (
            js_string!("connection_attributes"),
            attributes(login, context)?,
        ),
        (js_string!("connection_id"), client.connection_id.into()),
    ];
    for (name, value) in properties {
        object.create_data_property(name, value, context)?;
    }
    Ok(object)
}

/// A collation's name; null for one that neither product has.
pub(super) fn collation(id: u16) -> JsValue {
    let of = |product| Collation::by_id(product, id);
    let found = of(Product::MySql).or_else(|| of(Product::MariaDb));
    found.map_or(JsValue::null(), |found| JsString::from(found.name).into())
}

pub(super) fn peer_address(login: &Login) -> JsValue {
    let peer = login.peer.map(|peer| peer.to_string());
    JsString::from(peer.as_deref().unwrap_or("localhost")).into()
}

/// Names, as `greeting.capabilities` has them.
pub(super) fn capabilities(login: &Login, context: &mut Context) -> JsValue {
    let names = login.capabilities.iter_names();
    let names = names.map(|(name, _)| JsString::from(name.to_lowercase()).into());
    JsArray::from_iter(names.collect::<Vec<JsValue>>(), context).into()
}

pub(super) fn attributes(login: &Login, context: &mut Context) -> JsResult<JsValue> {
    let attributes = JsObject::with_object_proto(context.intrinsics());
    for (name, value) in login.attributes.iter().flatten() {
        let name = JsString::from(&*String::from_utf8_lossy(&name));
        attributes.create_data_property(name, text(&value), context)?;
    }
    Ok(attributes.into())
}

pub(super) fn text(bytes: &[u8]) -> JsValue {
    JsString::from(&*String::from_utf8_lossy(bytes)).into()
}
