//! The messages of the connection phase: the greeting, the handshake response, and the
//! authentication exchange.

mod attributes;
mod auth_more_data;
mod auth_next_factor;
mod auth_switch_request;
mod auth_switch_response;
mod handshake;
mod handshake_response;
mod handshake_response320;
mod handshake_response41;
mod handshake_v10;
mod handshake_v9;
mod old_auth_switch_request;
mod ssl_request;

pub use attributes::ConnectAttributes;
pub use auth_more_data::AuthMoreData;
pub use auth_next_factor::AuthNextFactor;
pub use auth_switch_request::AuthSwitchRequest;
pub use auth_switch_response::AuthSwitchResponse;
pub use handshake::Handshake;
pub use handshake_response::HandshakeResponse;
pub use handshake_response41::HandshakeResponse41;
pub use handshake_response320::HandshakeResponse320;
pub use handshake_v9::HandshakeV9;
pub use handshake_v10::HandshakeV10;
pub use old_auth_switch_request::OldAuthSwitchRequest;
pub use ssl_request::SslRequest;
