//! The messages of the connection phase that no recorded server sends, byte by byte; how they are
//! distinguished; and that all of them are read as they were written.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::connection::{
    AuthNextFactor, AuthSwitchRequest, ConnectAttributes, Handshake, HandshakeResponse,
    HandshakeResponse41, HandshakeResponse320, HandshakeV9, HandshakeV10, OldAuthSwitchRequest,
    SslRequest,
};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_testkit::{Checked, check, check_json};
use mynah_wire::Message;
use proptest::collection::vec;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..60).prop_map(Bytes::from)
}

fn c_string() -> impl Strategy<Value = Bytes> {
    vec(1u8.., 0..30).prop_map(Bytes::from)
}

/// Capabilities of two bytes, without PROTOCOL_41.
fn old_capabilities() -> impl Strategy<Value = Capabilities> {
    any::<u16>()
        .prop_map(|bits| Capabilities::from_bits_retain(bits.into()) - Capabilities::PROTOCOL_41)
}

fn comes_back<M: Checked<Context = ()>>(message: &M) {
    let wire = message.to_payload(()).unwrap();
    check(&wire, (), message);
}

prop_compose! {
    fn response320()(
        capabilities in old_capabilities(),
        max_packet_size in 0u32..1 << 24,
        username in c_string(),
        auth_response in c_string(),
        database in c_string(),
    ) -> HandshakeResponse320 {
        let has_database = capabilities.contains(Capabilities::CONNECT_WITH_DB);
        HandshakeResponse320 {
            capabilities,
            max_packet_size,
            username,
            auth_response,
            database: if has_database { database } else { Bytes::new() },
        }
    }
}

proptest! {
    #[test]
    fn greetings_of_version_9_come_back(
        server_version in c_string(),
        thread_id: u32,
        scramble in c_string(),
    ) {
        let greeting = HandshakeV9 { server_version, thread_id, scramble };
        comes_back(&greeting);
        comes_back(&Handshake::V9(greeting));
    }

    #[test]
    fn short_greetings_come_back(capabilities in old_capabilities(), nonce: [u8; 8]) {
        let greeting = HandshakeV10 {
            capabilities: capabilities - Capabilities::SECURE_CONNECTION,
            auth_plugin_data: Bytes::copy_from_slice(&nonce),
            ..short_greeting()
        };
        prop_assert_eq!(greeting.to_payload(()).unwrap().len(), 23);
        comes_back(&greeting);
        comes_back(&Handshake::V10(greeting));
    }

    #[test]
    fn responses_of_old_clients_come_back(response in response320()) {
        comes_back(&response);
        let is_ssl_request = response.capabilities.contains(Capabilities::SSL)
            && response.to_payload(()).unwrap().len() == SslRequest::SHORT_LEN;
        prop_assert!(!is_ssl_request);
        comes_back(&HandshakeResponse::V320(response));
    }

    #[test]
    fn short_ssl_requests_come_back(
        capabilities in old_capabilities(),
        max_packet_size in 0u32..1 << 24,
    ) {
        let capabilities = capabilities | Capabilities::SSL;
        let request = SslRequest { capabilities, max_packet_size, character_set: 0 };
        prop_assert_eq!(request.to_payload(()).unwrap().len(), SslRequest::SHORT_LEN);
        comes_back(&request);
        comes_back(&HandshakeResponse::Ssl(request));
    }

    #[test]
    fn further_factors_come_back(plugin_name in c_string(), data in bytes()) {
        comes_back(&AuthNextFactor { plugin_name, plugin_provided_data: data });
    }

    #[test]
    fn any_bytes_are_read_or_refused(payload in bytes()) {
        fn read<M: Checked<Context = ()>>(payload: &Bytes) {
            if let Ok(message) = M::from_payload(payload, ()) {
                check_json(&message);
                let again = message.to_payload(()).unwrap();
                assert_eq!(M::from_payload(&again, ()), Ok(message));
            }
        }
        read::<Handshake>(&payload);
        read::<HandshakeResponse>(&payload);
        read::<HandshakeResponse320>(&payload);
        read::<SslRequest>(&payload);
        read::<AuthNextFactor>(&payload);
        read::<OldAuthSwitchRequest>(&payload);
    }
}

fn short_greeting() -> HandshakeV10 {
    HandshakeV10 {
        server_version: "3.21.0".into(),
        thread_id: 7,
        auth_plugin_data: "ABCDEFGH".into(),
        capabilities: Capabilities::LONG_FLAG | Capabilities::CONNECT_WITH_DB,
        character_set: 0,
        status_flags: StatusFlags::empty(),
        auth_plugin_name: Bytes::new(),
    }
}

fn response41() -> HandshakeResponse41 {
    HandshakeResponse41 {
        capabilities: Capabilities::PROTOCOL_41
            | Capabilities::SSL
            | Capabilities::CONNECT_ATTRS
            | Capabilities::PLUGIN_AUTH
            | Capabilities::ZSTD_COMPRESSION_ALGORITHM,
        max_packet_size: 1 << 24,
        character_set: 255,
        username: "ada".into(),
        auth_response: Bytes::new(),
        database: Bytes::new(),
        client_plugin_name: "p".into(),
        attributes: ConnectAttributes::new([(&b"a"[..], &b"b"[..])]),
        zstd_compression_level: 3,
    }
}

#[test]
fn a_greeting_of_version_9_is_read_and_written() {
    let greeting = HandshakeV9 {
        server_version: "3.20.1".into(),
        thread_id: 0x0102,
        scramble: "abcdefgh".into(),
    };
    let wire = b"\x093.20.1\0\x02\x01\0\0abcdefgh\0";
    check(wire, (), &greeting);
    check(wire, (), &Handshake::V9(greeting));
}

#[test]
fn a_greeting_may_end_after_the_lower_capabilities() {
    let wire = b"\x0a3.21.0\0\x07\0\0\0ABCDEFGH\0\x0c\0";
    check(wire, (), &short_greeting());
    check(wire, (), &Handshake::V10(short_greeting()));
}

#[test]
fn a_greeting_that_promises_a_longer_nonce_may_not_end_early() {
    let wire = b"\x0a3.21.0\0\x07\0\0\0ABCDEFGH\0\x0c\x80";
    let error = HandshakeV10::from_payload(&Bytes::from_static(wire), ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "character_set at byte 23: needs 1 bytes, 0 left"
    );
}

#[test]
fn a_nonce_that_no_nul_closes_comes_back_without_plugin_auth_too() {
    let mut wire = b"\x0a5.1\0\x07\0\0\0ABCDEFGH\0\x0c\x80\x08\x02\0\0\0\0".to_vec();
    wire.extend(b"\0\0\0\0\0\0\0\0\0\0abcdefghijklm");
    let greeting = HandshakeV10::from_payload(&wire.into(), ()).unwrap();
    assert_eq!(greeting.auth_plugin_data, "ABCDEFGHabcdefghijklm");
    comes_back(&greeting);
}

#[test]
fn the_longest_nonce_has_no_closing_nul() {
    let mut wire = b"\x0a5.5\0\x07\0\0\0ABCDEFGH\0\0\x80\x08\x02\0\x08\0\xff".to_vec();
    wire.extend([0; 10]);
    wire.extend([b'n'; 247]);
    wire.extend(b"method\0");
    let wire = Bytes::from(wire);
    let greeting = HandshakeV10::from_payload(&wire, ()).unwrap();
    assert_eq!(greeting.auth_plugin_data.len(), 255);
    check(&wire, (), &greeting);
}

#[test]
fn a_response_of_an_old_client_is_read_and_written() {
    let response = HandshakeResponse320 {
        capabilities: Capabilities::LONG_FLAG | Capabilities::CONNECT_WITH_DB,
        max_packet_size: 0x01_0203,
        username: "ada".into(),
        auth_response: "12345678".into(),
        database: "zoo".into(),
    };
    let wire = b"\x0c\0\x03\x02\x01ada\x0012345678\0zoo\0";
    check(wire, (), &response);
    check(wire, (), &HandshakeResponse::V320(response.clone()));

    let unclosed = Bytes::from_static(wire).slice(..wire.len() - 1);
    assert_eq!(
        HandshakeResponse320::from_payload(&unclosed, ()),
        Ok(response)
    );
}

#[test]
fn an_authentication_response_without_schema_is_as_long_as_the_packet() {
    let response = HandshakeResponse320 {
        capabilities: Capabilities::LONG_FLAG,
        max_packet_size: 0,
        username: "ada".into(),
        auth_response: "12345678\0".into(),
        database: Bytes::new(),
    };
    check(b"\x04\0\0\0\0ada\x0012345678\0", (), &response);
}

#[test]
fn capabilities_and_length_determine_the_kind_of_a_clients_first_packet() {
    let response = HandshakeResponse::V41(response41());
    let wire = response.to_payload(()).unwrap();
    check(&wire, (), &response);

    let request = wire.slice(..SslRequest::LEN);
    let ssl = HandshakeResponse::from_payload(&request, ()).unwrap();
    assert!(matches!(ssl, HandshakeResponse::Ssl(_)), "{ssl:?}");
    assert_eq!(ssl.capabilities(), response.capabilities());

    let short = HandshakeResponse::from_payload(&Bytes::from_static(b"\0\x08\0\0\0"), ());
    assert!(matches!(short, Ok(HandshakeResponse::Ssl(_))), "{short:?}");
}

#[test]
fn the_old_auth_switch_request_is_one_byte() {
    check(b"\xfe", (), &OldAuthSwitchRequest);
    let lone = Bytes::from_static(b"\xfe");
    assert!(AuthSwitchRequest::from_payload(&lone, ()).is_err());
    let longer = Bytes::from_static(b"\xfea\0");
    assert!(OldAuthSwitchRequest::from_payload(&longer, ()).is_err());
}

#[test]
fn the_request_for_one_more_factor_is_read_and_written() {
    let factor = AuthNextFactor {
        plugin_name: "auth".into(),
        plugin_provided_data: "nonce\0".into(),
    };
    check(b"\x02auth\0nonce\0", (), &factor);
}

#[test]
fn fields_that_old_clients_lack_are_refused() {
    fn refusal<M: Message<Context = ()>>(message: &M) -> String {
        message.to_payload(()).unwrap_err().to_string()
    }
    let place = "has a value, and the capabilities shared leave no place for it";
    let old = HandshakeResponse320 {
        capabilities: Capabilities::empty(),
        max_packet_size: 0,
        username: Bytes::new(),
        auth_response: Bytes::new(),
        database: Bytes::new(),
    };
    let named = HandshakeResponse320 {
        database: "zoo".into(),
        ..old.clone()
    };
    assert_eq!(refusal(&named), format!("database: {place}"));
    let wide = HandshakeResponse320 {
        capabilities: Capabilities::PLUGIN_AUTH,
        ..old.clone()
    };
    assert_eq!(refusal(&wide), format!("client_flag: {place}"));
    let large = HandshakeResponse320 {
        max_packet_size: 1 << 24,
        ..old
    };
    assert_eq!(
        refusal(&large),
        "max_packet_size: is 16777216, and at most 16777215 fits"
    );
    let request = SslRequest {
        capabilities: Capabilities::SSL,
        max_packet_size: 0,
        character_set: 8,
    };
    assert_eq!(refusal(&request), format!("character_set: {place}"));
}
