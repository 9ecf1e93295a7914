//! Every message is read as it was written; fields that can't be written are refused.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::command::{
    ComInitDb, ComPing, ComQuery, ComQuit, ComResetConnection, Command, CommandCode,
};
use mynah_classic::connection::{
    AuthMoreData, AuthSwitchRequest, AuthSwitchResponse, ConnectAttributes, HandshakeResponse41,
    HandshakeV10, SslRequest,
};
use mynah_classic::response::{
    EofPacket, ErrPacket, OkHeader, OkPacket, SessionStateChange, SessionStateChanges, SqlState,
};
use mynah_classic::resultset::{
    ColumnCount, ColumnDefinition41, ColumnNames, ExtendedMetadata, NameParts, TextRow,
};
use mynah_classic::{Capabilities, ColumnFlags, ColumnType, StatusFlags};
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

fn capabilities() -> impl Strategy<Value = Capabilities> {
    any::<u64>().prop_map(Capabilities::from_bits_retain)
}

/// `value` if the message can carry it, or else the value that is read without.
fn under<T: Default>(has_place: bool, value: T) -> T {
    if has_place { value } else { T::default() }
}

fn comes_back<M: Checked>(message: &M, cx: M::Context) {
    let wire = message.to_payload(cx).unwrap();
    check(&wire, cx, message);
}

prop_compose! {
    fn greeting()(
        server_version in c_string(),
        thread_id: u32,
        nonce in vec(any::<u8>(), 20),
        capabilities in capabilities(),
        character_set: u8,
        status: u16,
        auth_plugin_name in c_string(),
    ) -> HandshakeV10 {
        let part_2 = capabilities
            .intersects(Capabilities::PLUGIN_AUTH | Capabilities::SECURE_CONNECTION);
        HandshakeV10 {
            server_version,
            thread_id,
            auth_plugin_data: Bytes::from(nonce).slice(..if part_2 { 20 } else { 8 }),
            capabilities,
            character_set,
            status_flags: StatusFlags::from_bits_retain(status),
            auth_plugin_name: under(
                capabilities.contains(Capabilities::PLUGIN_AUTH),
                auth_plugin_name,
            ),
        }
    }
}

prop_compose! {
    fn handshake_response()(
        capabilities in capabilities(),
        max_packet_size: u32,
        character_set: u8,
        username in c_string(),
        auth_response in c_string(),
        database in c_string(),
        client_plugin_name in c_string(),
        attributes in vec((bytes(), bytes()), 0..4),
        zstd_compression_level: u8,
    ) -> HandshakeResponse41 {
        let has = |capability| capabilities.contains(capability);
        let attributes = attributes.iter().map(|(name, value)| (&name[..], &value[..]));
        HandshakeResponse41 {
            capabilities,
            max_packet_size,
            character_set,
            username,
            auth_response,
            database: under(has(Capabilities::CONNECT_WITH_DB), database),
            client_plugin_name: under(has(Capabilities::PLUGIN_AUTH), client_plugin_name),
            attributes: under(
                has(Capabilities::CONNECT_ATTRS),
                ConnectAttributes::new(attributes),
            ),
            zstd_compression_level: under(
                has(Capabilities::ZSTD_COMPRESSION_ALGORITHM),
                zstd_compression_level,
            ),
        }
    }
}

fn session_state_change() -> impl Strategy<Value = SessionStateChange> {
    prop_oneof![
        (bytes(), bytes())
            .prop_map(|(name, value)| SessionStateChange::SystemVariable { name, value }),
        bytes().prop_map(SessionStateChange::Schema),
        bytes().prop_map(SessionStateChange::StateChange),
        (any::<u8>(), bytes())
            .prop_map(|(encoding, gtids)| SessionStateChange::Gtids { encoding, gtids }),
        bytes().prop_map(SessionStateChange::TransactionCharacteristics),
        bytes().prop_map(SessionStateChange::TransactionState),
        (6u8.., bytes()).prop_map(|(kind, data)| SessionStateChange::Unknown { kind, data }),
    ]
}

prop_compose! {
    fn ok_packet()(
        shared in capabilities(),
        header in prop_oneof![Just(OkHeader::Ok), Just(OkHeader::Eof)],
        affected_rows: u64,
        last_insert_id: u64,
        status: u16,
        warnings: u16,
        info in prop::option::of(bytes()),
        changes in vec(session_state_change(), 0..4),
    ) -> (OkPacket, Capabilities) {
        let has_41 = shared.contains(Capabilities::PROTOCOL_41);
        let has_status = has_41 || shared.contains(Capabilities::TRANSACTIONS);
        let status_flags = StatusFlags::from_bits_retain(under(has_status, status));
        let tracked = shared.contains(Capabilities::SESSION_TRACK)
            && status_flags.contains(StatusFlags::SESSION_STATE_CHANGED);
        let ok = OkPacket {
            header,
            affected_rows,
            last_insert_id,
            status_flags,
            warnings: under(has_41, warnings),
            session_state_changes: under(tracked && info.is_some(), SessionStateChanges::new(&changes)),
            info,
        };
        (ok, shared)
    }
}

prop_compose! {
    fn column()(
        names in vec(bytes(), 6),
        character_set: u16,
        column_length: u32,
        column_type: u8,
        flags: u16,
        decimals: u8,
    ) -> ColumnDefinition41 {
        ColumnDefinition41 {
            names: ColumnNames::new(&NameParts {
                catalog: &names[0],
                schema: &names[1],
                table: &names[2],
                org_table: &names[3],
                name: &names[4],
                org_name: &names[5],
            }),
            extended_metadata: ExtendedMetadata::default(),
            character_set,
            column_length,
            column_type: ColumnType(column_type),
            flags: ColumnFlags::from_bits_retain(flags),
            decimals,
        }
    }
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        Just(Command::Quit(ComQuit)),
        Just(Command::Ping(ComPing)),
        Just(Command::ResetConnection(ComResetConnection)),
        bytes().prop_map(|schema_name| Command::InitDb(ComInitDb { schema_name })),
        bytes().prop_map(|query| Command::Query(ComQuery::new(query))),
        (0x22u8..0xfa, bytes()).prop_map(|(code, payload)| Command::Other {
            code: CommandCode(code),
            payload,
        }),
    ]
}

proptest! {
    #[test]
    fn greetings_come_back(greeting in greeting()) {
        comes_back(&greeting, ());
    }

    #[test]
    fn handshake_responses_come_back(response in handshake_response()) {
        comes_back(&response, ());
    }

    #[test]
    fn ssl_requests_come_back(
        capabilities in capabilities(),
        max_packet_size: u32,
        character_set: u8,
    ) {
        let capabilities = capabilities | Capabilities::PROTOCOL_41;
        let request = SslRequest { capabilities, max_packet_size, character_set };
        prop_assert_eq!(request.to_payload(()).unwrap().len(), SslRequest::LEN);
        comes_back(&request, ());
    }

    #[test]
    fn authentication_messages_come_back(plugin_name in c_string(), data in bytes()) {
        comes_back(&AuthMoreData { authentication_method_data: data.clone() }, ());
        comes_back(&AuthSwitchResponse { data: data.clone() }, ());
        comes_back(&AuthSwitchRequest { plugin_name, plugin_provided_data: data }, ());
    }

    #[test]
    fn ok_packets_come_back((ok, shared) in ok_packet()) {
        comes_back(&ok, shared);
    }

    #[test]
    fn session_state_changes_come_back(changes in vec(session_state_change(), 0..5)) {
        let written = SessionStateChanges::new(&changes);
        let read: Result<Vec<_>, _> = written.iter().collect();
        prop_assert_eq!(read.unwrap(), changes);
    }

    #[test]
    fn eof_packets_come_back(shared in capabilities(), warnings: u16, status: u16) {
        let has_41 = shared.contains(Capabilities::PROTOCOL_41);
        let status_flags = StatusFlags::from_bits_retain(under(has_41, status));
        comes_back(&EofPacket { warnings: under(has_41, warnings), status_flags }, shared);
    }

    #[test]
    fn err_packets_come_back(
        shared in capabilities(),
        error_code: u16,
        state in prop::array::uniform5(any::<u8>()),
        error_message in "[^#]{0,40}",
    ) {
        let has_41 = shared.contains(Capabilities::PROTOCOL_41);
        let sql_state = has_41.then_some(SqlState(state));
        comes_back(&ErrPacket { error_code, sql_state, error_message: error_message.into() }, shared);
    }

    #[test]
    fn columns_come_back(column in column(), count: u32) {
        comes_back(&column, Capabilities::empty());
        comes_back(&ColumnCount::new(count.into()), Capabilities::empty());
    }

    #[test]
    fn rows_come_back(cells in vec(prop::option::of(bytes()), 0..8)) {
        let row = TextRow::new(cells.iter().map(Option::as_deref));
        comes_back(&row, ());
        let read: Result<Vec<_>, _> = row.cells().collect();
        prop_assert_eq!(read.unwrap(), cells.iter().map(Option::as_deref).collect::<Vec<_>>());
    }

    #[test]
    fn commands_come_back(command in command(), shared in capabilities()) {
        comes_back(&command, shared);
    }

    #[test]
    fn any_bytes_are_read_or_refused(payload in bytes(), shared in capabilities()) {
        fn read<M: Checked>(payload: &Bytes, cx: M::Context) {
            if let Ok(message) = M::from_payload(payload, cx) {
                check_json(&message);
                let again = message.to_payload(cx).unwrap();
                assert_eq!(M::from_payload(&again, cx), Ok(message));
            }
        }
        read::<HandshakeV10>(&payload, ());
        read::<HandshakeResponse41>(&payload, ());
        read::<AuthSwitchRequest>(&payload, ());
        read::<OkPacket>(&payload, shared);
        read::<ErrPacket>(&payload, shared);
        read::<EofPacket>(&payload, shared);
        read::<ColumnDefinition41>(&payload, shared);
        read::<Command>(&payload, shared);
        let row = TextRow::from_bytes(payload.clone());
        prop_assert!(row.cells().count() <= payload.len());
        check_json(&row);
        let changes = SessionStateChanges::from_bytes(payload.clone());
        prop_assert!(changes.iter().count() <= payload.len());
        check_json(&changes);
        let attributes = ConnectAttributes::from_bytes(payload.clone());
        prop_assert!(attributes.iter().count() <= payload.len());
        check_json(&attributes);
        check_json(&ExtendedMetadata::from_bytes(payload));
    }
}

#[test]
fn fields_that_cannot_be_written_are_refused() {
    let changes = SessionStateChanges::new(&[SessionStateChange::Schema("zoo".into())]);
    let ok = OkPacket {
        session_state_changes: changes,
        ..OkPacket::default()
    };
    let error = ok.to_payload(Capabilities::PROTOCOL_41).unwrap_err();
    assert_eq!(
        error.to_string(),
        "session_state_info: has a value, and the capabilities shared leave no place for it"
    );
    let request = AuthSwitchRequest {
        plugin_name: "a\0b".into(),
        plugin_provided_data: Bytes::new(),
    };
    let error = request.to_payload(()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "plugin_name: has a NUL at byte 1, and a NUL ends it on the wire"
    );
}
