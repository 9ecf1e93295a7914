//! The connection phase compared with `mysql_common`: both write the same bytes, and each reads
//! what the other wrote.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use std::collections::HashMap;

use bytes::Bytes;
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, ConnectAttributes, HandshakeResponse41, HandshakeV10,
    OldAuthSwitchRequest, SslRequest,
};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_wire::Message;
use mysql_common::constants::{self, CapabilityFlags, MariadbCapabilities};
use mysql_common::io::ParseBuf;
use mysql_common::packets;
use mysql_common::proto::MySerialize;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Checks that both write the same, that we read it as `ours`, and that they read it as a message
/// they write as the same bytes again.
macro_rules! agree {
    ($ours:expr, $theirs:expr, $Theirs:ty) => {
        let (ours, mut wire, mut again) = ($ours, Vec::new(), Vec::new());
        $theirs.serialize(&mut wire);
        let written = ours.to_payload(()).unwrap();
        prop_assert_eq!(&written, &wire);
        let read_back = Message::from_payload(&written, ());
        prop_assert_eq!(read_back.as_ref(), Ok(&ours));
        let mut buf = ParseBuf(&written);
        let read: $Theirs = buf.parse(()).unwrap();
        prop_assert!(buf.is_empty());
        read.serialize(&mut again);
        prop_assert_eq!(again, wire);
    };
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_]{1,20}"
}

fn standard() -> impl Strategy<Value = CapabilityFlags> {
    any::<u32>().prop_map(CapabilityFlags::from_bits_truncate)
}

fn mariadb() -> impl Strategy<Value = MariadbCapabilities> {
    any::<u32>().prop_map(MariadbCapabilities::from_bits_truncate)
}

fn both(standard: CapabilityFlags, mariadb: MariadbCapabilities) -> Capabilities {
    Capabilities::from_halves(standard.bits(), mariadb.bits())
}

proptest! {
    #[test]
    fn greetings(
        server_version in name(),
        thread_id: u32,
        nonce: [u8; 20],
        offered in standard(),
        extended in mariadb(),
        character_set in 1u8..,
        status: u16,
        auth_plugin_name in option::of(name()),
    ) {
        let mut offered = offered | CapabilityFlags::CLIENT_SECURE_CONNECTION;
        offered.set(CapabilityFlags::CLIENT_PLUGIN_AUTH, auth_plugin_name.is_some());
        let status_flags = constants::StatusFlags::from_bits_truncate(status);
        let (part_1, part_2) = nonce.split_at(8);
        let theirs = packets::HandshakePacket::new(
            10,
            server_version.as_bytes(),
            thread_id,
            part_1.try_into().unwrap(),
            Some([part_2, b"\0"].concat()),
            offered,
            character_set,
            status_flags,
            auth_plugin_name.as_deref().map(str::as_bytes),
        )
        .with_mariadb_ext_capabilities(extended);
        let ours = HandshakeV10 {
            server_version: server_version.clone().into(),
            thread_id,
            auth_plugin_data: Bytes::copy_from_slice(&nonce),
            capabilities: both(offered, extended),
            character_set,
            status_flags: StatusFlags::from_bits_retain(status_flags.bits()),
            auth_plugin_name: auth_plugin_name.clone().unwrap_or_default().into(),
        };
        agree!(ours, theirs, packets::HandshakePacket<'_>);
    }

    #[test]
    fn handshake_responses(
        capabilities in standard(),
        extended in mariadb(),
        max_packet_size: u32,
        username in name(),
        auth_response in vec(1u8.., 0..40),
        database in option::of(name()),
        client_plugin_name in option::of(name()),
        attribute in option::of((name(), name())),
    ) {
        // `mysql_common` writes no level for zstd.
        let capabilities = capabilities - CapabilityFlags::CLIENT_ZSTD_COMPRESSION_ALGORITHM;
        let theirs = packets::HandshakeResponse::new(
            Some(&auth_response[..]),
            (8, 0, 0),
            Some(username.as_bytes()),
            database.as_deref().map(str::as_bytes),
            client_plugin_name.as_deref().map(|name| packets::AuthPlugin::from_bytes(name.as_bytes())),
            capabilities,
            attribute.clone().map(|attribute| HashMap::from([attribute])),
            max_packet_size,
        )
        .with_mariadb_ext_capabilities(extended);
        let attributes = attribute.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        let ours = HandshakeResponse41 {
            capabilities: both(theirs.capabilities(), extended),
            max_packet_size,
            character_set: theirs.collation(),
            username: username.clone().into(),
            auth_response: auth_response.clone().into(),
            database: database.clone().unwrap_or_default().into(),
            client_plugin_name: client_plugin_name.clone().unwrap_or_default().into(),
            attributes: ConnectAttributes::new(attributes),
            zstd_compression_level: 0,
        };
        agree!(ours, theirs, packets::HandshakeResponse<'_>);
    }

    #[test]
    fn ssl_requests(
        capabilities in standard(),
        extended in mariadb(),
        max_packet_size: u32,
        character_set: u8,
    ) {
        let capabilities = capabilities | CapabilityFlags::CLIENT_PROTOCOL_41;
        let theirs = packets::SslRequest::new(capabilities, max_packet_size, character_set)
            .with_mariadb_capabilities(extended);
        let capabilities = both(capabilities, extended);
        let ours = SslRequest { capabilities, max_packet_size, character_set };
        agree!(ours, theirs, packets::SslRequest);
    }

    #[test]
    fn auth_switch_requests(plugin_name in name(), data in vec(any::<u8>(), 0..40)) {
        let theirs = packets::AuthSwitchRequest::new(plugin_name.as_bytes(), &data[..]);
        let ours = AuthSwitchRequest {
            plugin_name: plugin_name.clone().into(),
            plugin_provided_data: data.clone().into(),
        };
        agree!(ours, theirs, packets::AuthSwitchRequest<'_>);
        let theirs = packets::OldAuthSwitchRequest::new();
        agree!(OldAuthSwitchRequest, theirs, packets::OldAuthSwitchRequest);
    }

    #[test]
    fn auth_more_data(data in vec(any::<u8>(), 0..40)) {
        let theirs = packets::AuthMoreData::new(&data[..]);
        let ours = AuthMoreData { authentication_method_data: data.clone().into() };
        agree!(ours, theirs, packets::AuthMoreData<'_>);
    }
}
