//! The server's capabilities, and those that a client sets before it logs in.

use std::collections::BTreeSet;

use mynah_auth::x::Mechanism;
use mynah_classic::connection::ConnectAttributes;
use mynah_x::compress::Algorithm;
use mynah_x::connection::Capabilities;
use mynah_x::datatypes::{Any, AnyValue, Array, Object, Scalar, ScalarValue};
use mynah_x::plugin_error;

use super::compression::{self, Wanted};
use super::core::Core;
use super::entering::Entering;
use super::event::Action;
use super::failures::{read_only_capability, refused_capability, unknown_capability};
use crate::Failure;

/// Sends what the server can do.
pub(super) fn send(state: &Entering, core: &mut Core) {
    let text = |text: &'static str| Any::from(Scalar::string(text));
    let mechanisms = mechanisms(core).map(|mechanism| text(mechanism.name()));
    let algorithms = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| algorithm.is_built())
        .map(|algorithm| text(algorithm.name()));
    let compression: Object = [("algorithm", algorithms.collect::<Array>().into())]
        .into_iter()
        .collect();
    let mut all: Vec<(&str, Any)> = Vec::new();
    if core.options.offer_tls || state.tls.is_some() {
        all.push(("tls", Scalar::bool(state.tls.is_some()).into()));
    }
    all.extend([
        (
            "authentication.mechanisms",
            mechanisms.collect::<Array>().into(),
        ),
        ("doc.formats", text("text")),
        ("client.interactive", Scalar::bool(state.interactive).into()),
        (compression::NAME, compression.into()),
        ("node_type", text("mysql")),
        (
            "client.pwd_expire_ok",
            Scalar::bool(state.pwd_expire_ok).into(),
        ),
    ]);
    let all: Capabilities = all.into_iter().collect();
    core.outgoing.send(all);
}

/// The authentication mechanisms that the client may use.
fn mechanisms(core: &Core) -> impl Iterator<Item = Mechanism> + use<> {
    let is_secure = core.channel.is_secure();
    let all = [
        Mechanism::Mysql41,
        Mechanism::Plain,
        Mechanism::Sha256Memory,
    ];
    all.into_iter()
        .filter(move |mechanism| is_secure || *mechanism != Mechanism::Plain)
}

/// Sets what a client wants, all of it or nothing; says whether TLS is to be started.
pub(super) fn set(
    mut state: Box<Entering>,
    core: &mut Core,
    capabilities: &Capabilities,
) -> (Box<Entering>, bool) {
    // All of it is set, or nothing: errors leave the state as it was.
    let mut changed = (*state).clone();
    if let Err(failure) = set_all(&mut changed, core, capabilities) {
        core.fail(&failure);
        return (state, false);
    }
    let starts_tls = std::mem::take(&mut changed.starts_tls);
    *state = changed;
    // The OK is sent before TLS: the client begins its handshake when it has it.
    core.outgoing.ok(None);
    if starts_tls {
        core.actions.push_back(Action::StartTls);
    }
    (state, starts_tls)
}

/// Sets all of the client's capabilities, or none if one fails.
fn set_all(state: &mut Entering, core: &Core, capabilities: &Capabilities) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for capability in &capabilities.capabilities {
        let name = capability.name.to_ascii_lowercase();
        if !seen.insert(name.clone()) {
            let message = format!("Duplicated capability: '{name}'");
            return Err(Failure::general(
                plugin_error::ER_X_DUPLICATED_CAPABILITIES,
                message,
            ));
        }
    }
    // As in a server, an unknown name is the error, even if another capability has a wrong value.
    for capability in &capabilities.capabilities {
        if !KNOWN.contains(&capability.name.to_ascii_lowercase().as_str()) {
            return Err(unknown_capability(&capability.name));
        }
    }
    for capability in &capabilities.capabilities {
        let (name, value) = (capability.name.to_ascii_lowercase(), &capability.value);
        let refused = || refused_capability(&name);
        let scalar = || value.scalar_value();
        // Servers take a text for the first of them only.
        let number = || scalar().and_then(ScalarValue::integer);
        match name.as_str() {
            "tls" => {
                let may = core.options.offer_tls && state.tls.is_none();
                if !may || !scalar().and_then(ScalarValue::truth).ok_or_else(refused)? {
                    return Err(refused());
                }
                state.starts_tls = true;
            }
            "client.interactive" => {
                state.interactive = number().ok_or_else(refused)? != 0;
            }
            "client.pwd_expire_ok" => {
                state.pwd_expire_ok = number().ok_or_else(refused)? != 0;
            }
            "session_connect_attrs" => state.attributes = attributes(value)?,
            compression::NAME => state.compression = Some(Wanted::read(value)?),
            _ => return Err(read_only_capability(&capability.name)),
        }
    }
    Ok(())
}

fn attributes(value: &Any) -> Result<ConnectAttributes, Failure> {
    let Some(AnyValue::Object(object)) = value.value() else {
        return Err(refused_capability("session_connect_attrs"));
    };
    let mut attributes = Vec::new();
    for field in &object.fld {
        if field.key.is_empty() {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_CONNECTION_SESSION_ATTRIBUTE_EMPTY_KEY,
                "Empty key name given",
            ));
        }
        if field.key.len() > MAX_KEY {
            let start: String = field.key.chars().take(MAX_KEY).collect();
            let message = format!(
                "Key name beginning with '{start}'... is too long, currently limited to {MAX_KEY}"
            );
            return Err(Failure::general(
                plugin_error::ER_X_BAD_CONNECTION_SESSION_ATTRIBUTE_KEY_LENGTH,
                message,
            ));
        }
        let Some(ScalarValue::String(text)) = field.value.scalar_value() else {
            return Err(Failure::general(
                plugin_error::ER_X_BAD_CONNECTION_SESSION_ATTRIBUTE_TYPE,
                "Key and values support only string values",
            ));
        };
        if text.value.len() > MAX_VALUE {
            let message = format!(
                "Value is too long for '{}' key, currently limited to {MAX_VALUE}",
                field.key
            );
            return Err(Failure::general(
                plugin_error::ER_X_BAD_CONNECTION_SESSION_ATTRIBUTE_LENGTH,
                message,
            ));
        }
        attributes.push((field.key.as_bytes(), &text.value[..]));
    }
    Ok(ConnectAttributes::new(attributes))
}

const KNOWN: [&str; 8] = [
    "tls",
    "authentication.mechanisms",
    "doc.formats",
    "client.interactive",
    compression::NAME,
    "node_type",
    "client.pwd_expire_ok",
    "session_connect_attrs",
];
/// How long the name of an attribute may be, and its value.
const MAX_KEY: usize = 32;
const MAX_VALUE: usize = 1024;
