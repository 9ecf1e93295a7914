use bytes::Bytes;

use super::round_trip;
use crate::connection::{
    AuthMoreData, AuthNextFactor, AuthSwitchRequest, AuthSwitchResponse, Handshake,
    HandshakeResponse, HandshakeResponse41, HandshakeResponse320, OldAuthSwitchRequest, SslRequest,
};

/// Input: a greeting.
pub fn handshake(data: &[u8]) {
    round_trip::<Handshake>(&Bytes::copy_from_slice(data), ());
}

/// Input: a client's first packet, of the kind that its capabilities determine.
pub fn handshake_response(data: &[u8]) {
    let payload = Bytes::copy_from_slice(data);
    round_trip::<HandshakeResponse>(&payload, ());
    round_trip::<HandshakeResponse320>(&payload, ());
    round_trip::<SslRequest>(&payload, ());
    if let Some(response) = round_trip::<HandshakeResponse41>(&payload, ()) {
        assert!(response.attributes.iter().count() <= data.len());
    }
}

/// Input: a message between the handshake response and the end of the login.
pub fn authentication(data: &[u8]) {
    let payload = Bytes::copy_from_slice(data);
    round_trip::<AuthSwitchRequest>(&payload, ());
    round_trip::<OldAuthSwitchRequest>(&payload, ());
    round_trip::<AuthSwitchResponse>(&payload, ());
    round_trip::<AuthMoreData>(&payload, ());
    round_trip::<AuthNextFactor>(&payload, ());
}
