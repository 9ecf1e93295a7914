use bytes::Bytes;

use super::round_trip;
use crate::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, AuthSwitchResponse, Handshake,
    HandshakeResponse, HandshakeResponse41, HandshakeResponse320, OldAuthSwitchRequest, SslRequest,
};

/// Fuzz target: reads a greeting, and panics if it can't be written and read again.
pub fn handshake(data: &[u8]) {
    round_trip::<Handshake>(&Bytes::copy_from_slice(data), ());
}

/// Fuzz target: reads a client's first packet as each kind, and panics if it can't be written and read again.
pub fn handshake_response(data: &[u8]) {
    let payload = Bytes::copy_from_slice(data);
    round_trip::<HandshakeResponse>(&payload, ());
    round_trip::<HandshakeResponse320>(&payload, ());
    round_trip::<SslRequest>(&payload, ());
    if let Some(response) = round_trip::<HandshakeResponse41>(&payload, ()) {
        assert!(response.attributes.iter().count() <= data.len());
    }
}

/// Fuzz target: reads a message between the handshake response and the end of the login as each kind, and panics if
/// it can't be written and read again.
pub fn authentication(data: &[u8]) {
    let payload = Bytes::copy_from_slice(data);
    round_trip::<AuthSwitchRequest>(&payload, ());
    round_trip::<OldAuthSwitchRequest>(&payload, ());
    round_trip::<AuthSwitchResponse>(&payload, ());
    round_trip::<AuthMoreData>(&payload, ());
    round_trip::<AuthNextFactor>(&payload, ());
}
