//! Packets that no client sends on purpose, byte by byte.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use support::Mock;

const TRACE: &str = "({ handshake: { greeting: { auth_method: 'mysql_native_password' } },
                       stmts: function(stmt) { return { ok: { message: stmt } }; } })";

/// PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH and SESSION_TRACK.
const CAPABILITIES: [u8; 4] = [0x00, 0x82, 0x88, 0x00];

fn read_packet(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut header = [0; 4];
    stream.read_exact(&mut header).ok()?;
    let len = u32::from_le_bytes([header[0], header[1], header[2], 0]);
    let mut payload = vec![0; len as usize];
    stream.read_exact(&mut payload).ok()?;
    Some((header[3], payload))
}

fn packet(sequence_id: u8, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap().to_le_bytes();
    [&[len[0], len[1], len[2], sequence_id], payload].concat()
}

fn handshake_response() -> Vec<u8> {
    let mut payload = CAPABILITIES.to_vec();
    payload.extend([0, 0, 0, 1, 45]);
    payload.extend([0; 23]);
    payload.extend(b"ada\0\0mysql_native_password\0");
    payload
}

fn greeted(mock: &Mock) -> TcpStream {
    let mut stream = TcpStream::connect(mock.address).unwrap();
    let (sequence_id, greeting) = read_packet(&mut stream).unwrap();
    assert_eq!((sequence_id, greeting[0]), (0, 10));
    stream
}

fn logged_in(mock: &Mock) -> TcpStream {
    let mut stream = greeted(mock);
    stream.write_all(&packet(1, &handshake_response())).unwrap();
    let (sequence_id, ok) = read_packet(&mut stream).unwrap();
    assert_eq!((sequence_id, ok[0]), (2, 0), "{ok:?}");
    stream
}

/// Error number and text of an ERR packet, after which the connection must be closed.
fn final_error(stream: &mut TcpStream) -> (u16, String) {
    let (_, payload) = read_packet(stream).expect("an ERR packet");
    assert_eq!(payload[0], 0xff, "{payload:?}");
    assert_eq!(read_packet(stream), None);
    let text = String::from_utf8_lossy(&payload[3..]).into_owned();
    (u16::from_le_bytes([payload[1], payload[2]]), text)
}

#[test]
fn a_breach_of_the_protocol_gets_an_error_and_the_connection_is_closed() {
    let mock = Mock::script(TRACE);
    let ssl_request = [&[0x00, 0x8a, 0x08, 0x00], &[0; 28][..]].concat();
    let mut unterminated = handshake_response();
    unterminated.truncate(34);
    let cases: [(&str, Vec<u8>, u16, &str); 5] = [
        (
            "out of order",
            packet(7, &handshake_response()),
            1156,
            "Got packets out of order",
        ),
        (
            "too short",
            packet(1, &[0, 0x82]),
            1043,
            "Bad handshake: client_flag at byte 0",
        ),
        (
            "cut short",
            packet(1, &unterminated),
            1043,
            "Bad handshake: username at byte 32",
        ),
        (
            "TLS without an offer",
            packet(1, &ssl_request),
            1043,
            "asks for TLS",
        ),
        (
            "before 4.1",
            packet(1, &[5, 0, 0, 0, 0]),
            1043,
            "before MySQL 4.1",
        ),
    ];
    for (name, bytes, code, text) in cases {
        let mut stream = greeted(&mock);
        stream.write_all(&bytes).unwrap();
        let (found, message) = final_error(&mut stream);
        assert_eq!(found, code, "{name}: {message}");
        assert!(message.contains(text), "{name}: {message}");
    }
}

#[test]
fn garbage_is_refused_at_its_fourth_byte() {
    let mock = Mock::script(TRACE);
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n",
        b"\r\n\r\n\0\r\nQUIT\n",
        b"\x16\x03\x01\x02",
        b"\x16\x03\x01\x00",
    ] {
        let mut stream = greeted(&mock);
        stream.write_all(bytes).unwrap();
        let (code, message) = final_error(&mut stream);
        assert_eq!(code, 1156, "{bytes:?}: {message}");
    }
}

#[test]
fn a_login_of_megabytes_is_refused_before_it_is_read() {
    let mock = Mock::script(TRACE);
    let mut stream = greeted(&mock);
    // The server closes the connection meanwhile, so writing may fail.
    let _cut = stream.write_all(&packet(1, &vec![0x41; 1 << 20]));
    let (code, message) = final_error(&mut stream);
    assert_eq!((code, &message[..6]), (1153, "#08S01"));
}

#[test]
fn an_invalid_command_is_refused_and_the_session_stays() {
    let mock = Mock::script(TRACE);
    let mut stream = logged_in(&mock);
    for (command, code) in [(&b""[..], 1047), (b"\x1c\x01", 1835), (b"\x63", 1064)] {
        stream.write_all(&packet(0, command)).unwrap();
        let (_, err) = read_packet(&mut stream).unwrap();
        let found = u16::from_le_bytes([err[1], err[2]]);
        assert_eq!((err[0], found), (0xff, code), "{command:?}");
    }
    stream.write_all(&packet(0, b"\x0e")).unwrap();
    assert_eq!(read_packet(&mut stream).unwrap().1[0], 0);
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let mock = Mock::script(TRACE);
    let mut stream = logged_in(&mock);
    let mut commands = Vec::new();
    for number in 0..1000 {
        commands.extend(packet(0, format!("\x03{number}").as_bytes()));
    }
    stream.write_all(&commands).unwrap();
    for number in 0..1000 {
        let (sequence_id, ok) = read_packet(&mut stream).unwrap();
        assert_eq!(sequence_id, 1);
        let text = number.to_string();
        assert_eq!(&ok[ok.len() - text.len()..], text.as_bytes());
    }
}

#[test]
fn a_command_in_single_bytes_is_one_command() {
    let mock = Mock::script(TRACE);
    let mut stream = logged_in(&mock);
    stream.set_nodelay(true).unwrap();
    for byte in packet(0, b"\x03hello") {
        stream.write_all(&[byte]).unwrap();
    }
    let (_, ok) = read_packet(&mut stream).unwrap();
    assert!(ok.ends_with(b"\x05hello"), "{ok:?}");
}

#[test]
fn changes_of_session_state_are_sent_to_a_client_with_the_capability() {
    let mock = Mock::script(
        "({ handshake: { greeting: { auth_method: 'mysql_native_password' } },
            stmts: [ { ok: { message: 'hi', session_trackers: [
             { type: 'system_variable', name: 'a', value: 'b' }, { type: 'schema', schema: 'zoo' },
             { type: 'state', state: '1' }, { type: 'gtid', gtid: 'x:1' },
             { type: 'trx_characteristics', trx_stmt: '' },
             { type: 'trx_state', state: 'T_______' } ] } } ] })",
    );
    let mut stream = logged_in(&mock);
    stream.write_all(&packet(0, b"\x03anything")).unwrap();
    let (_, ok) = read_packet(&mut stream).unwrap();
    let changes = b"\x00\x04\x01a\x01b\x01\x04\x03zoo\x02\x01\x31\x03\x05\x00\x03x:1\x04\x01\x00\x05\x09\x08T_______";
    let len = u8::try_from(changes.len()).unwrap();
    let head = [0, 0, 0, 0x00, 0x40, 0, 0, 2, b'h', b'i', len];
    assert_eq!(ok, [&head[..], changes].concat());
}

#[test]
fn init_db_and_reset_are_ok_and_an_unknown_command_is_an_error() {
    let mock = Mock::script(TRACE);
    let mut stream = logged_in(&mock);
    for (command, header) in [
        (&b"\x02zoo"[..], 0),
        (b"\x1f", 0),
        (b"\x7f", 0xff),
        (b"\x0e", 0),
    ] {
        stream.write_all(&packet(0, command)).unwrap();
        let (sequence_id, answer) = read_packet(&mut stream).unwrap();
        assert_eq!((sequence_id, answer[0]), (1, header), "{command:?}");
    }
    stream.write_all(&packet(0, b"\x01")).unwrap();
    assert_eq!(read_packet(&mut stream), None, "COM_QUIT is answered");
}
