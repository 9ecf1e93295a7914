//! A server's capabilities, in the form that the client gets them.

use mynah_auth::x::Mechanism;
use mynah_x::connection::{Capabilities, Capability};
use mynah_x::datatypes::{Any, AnyValue, Array, Scalar, ScalarValue};

/// How the client's side of a connection differs from the server's.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Whether clients are offered what the server offers to compress by.
    pub(super) offers_compression: bool,
    /// Whether clients are offered TLS; absent, they are if the server offers it.
    pub(super) offers_tls: Option<bool>,
    /// Whether the client is under TLS.
    pub(super) has_tls: bool,
    /// Whether passwords may be sent in clear, by the client and to the server.
    pub(super) secure: (bool, bool),
}

impl View {
    pub(super) fn apply(self, capabilities: &mut Capabilities) {
        let Self {
            offers_compression,
            offers_tls,
            has_tls,
            secure,
        } = self;
        let tls = Any::from(Scalar::bool(has_tls));
        let offered = capabilities.get(TLS).is_some();
        let all = &mut capabilities.capabilities;
        if !offers_compression {
            all.retain(|capability| !is(capability, COMPRESSION));
        }
        match offers_tls.unwrap_or(offered) || has_tls {
            false => all.retain(|capability| !is(capability, TLS)),
            true if offered => {
                let of_tls = all.iter_mut().filter(|capability| is(capability, TLS));
                of_tls.for_each(|capability| capability.value = tls.clone());
            }
            true => {
                let name = TLS.to_owned();
                all.insert(0, Capability { name, value: tls });
            }
        }
        if secure.0 == secure.1 {
            return;
        }
        for capability in all.iter_mut().filter(|one| is(one, MECHANISMS)) {
            let Some(AnyValue::Array(mechanisms)) = capability.value.value() else {
                continue;
            };
            let mut mechanisms = mechanisms.value.clone();
            mechanisms.retain(|mechanism| !is_plain(mechanism));
            if secure.0 {
                // Servers name it second.
                let place = mechanisms.len().min(1);
                mechanisms.insert(place, Scalar::string(Mechanism::Plain.name()).into());
            }
            capability.value = mechanisms.into_iter().collect::<Array>().into();
        }
    }
}

fn is(capability: &Capability, name: &str) -> bool {
    capability.name.eq_ignore_ascii_case(name)
}

fn is_plain(mechanism: &Any) -> bool {
    let Some(ScalarValue::String(name)) = mechanism.scalar_value() else {
        return false;
    };
    name.value[..] == *Mechanism::Plain.name().as_bytes()
}

/// Whether TLS can be switched to, and whether it is on.
pub(super) const TLS: &str = "tls";
pub(super) const COMPRESSION: &str = "compression";
const MECHANISMS: &str = "authentication.mechanisms";

#[cfg(test)]
mod tests {
    use super::*;

    fn server(tls: Option<bool>, mechanisms: &[&'static str]) -> Capabilities {
        let mechanisms = mechanisms
            .iter()
            .map(|name| Any::from(Scalar::string(*name)));
        let mut all: Vec<(&str, Any)> = Vec::new();
        all.extend(tls.map(|tls| (TLS, Scalar::bool(tls).into())));
        all.push((MECHANISMS, mechanisms.collect::<Array>().into()));
        all.push(("node_type", Scalar::string("mysql").into()));
        all.into_iter().collect()
    }

    #[test]
    fn clients_get_the_capabilities_of_their_side() {
        let plain: &[&str] = &["MYSQL41", "SHA256_MEMORY"];
        let secure: &[&str] = &["MYSQL41", "PLAIN", "SHA256_MEMORY"];
        for (of_server, offers_tls, has_tls, both, shown) in [
            // As it is on both sides.
            (
                (Some(false), plain),
                None,
                false,
                (false, false),
                (Some(false), plain),
            ),
            ((None, plain), None, false, (false, false), (None, plain)),
            (
                (Some(true), secure),
                None,
                true,
                (true, true),
                (Some(true), secure),
            ),
            // Offered by the proxy alone, or not by it.
            (
                (None, plain),
                Some(true),
                false,
                (false, false),
                (Some(false), plain),
            ),
            (
                (Some(false), plain),
                Some(false),
                false,
                (false, false),
                (None, plain),
            ),
            // On one side alone.
            (
                (Some(false), plain),
                Some(true),
                true,
                (true, false),
                (Some(true), secure),
            ),
            (
                (None, plain),
                Some(true),
                true,
                (true, false),
                (Some(true), secure),
            ),
            (
                (Some(true), secure),
                Some(true),
                false,
                (false, true),
                (Some(false), plain),
            ),
            (
                (Some(true), secure),
                Some(false),
                false,
                (false, true),
                (None, plain),
            ),
            // A socket on the client's side.
            (
                (Some(false), plain),
                None,
                false,
                (true, false),
                (Some(false), secure),
            ),
        ] {
            let mut capabilities = server(of_server.0, of_server.1);
            let view = View {
                offers_compression: true,
                offers_tls,
                has_tls,
                secure: both,
            };
            view.apply(&mut capabilities);
            assert_eq!(capabilities, server(shown.0, shown.1), "{view:?}");
        }
    }
}
