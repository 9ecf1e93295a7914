//! TLS towards servers is that of their clients, in version and cipher, and handshakes that fail are explained
//! in words.

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
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use mynah_classic::Capabilities;
use mynah_classic::connection::HandshakeResponse41;
use mynah_net::TlsMode;
use mynah_wire::{Message, Splitter};
use openssl::ssl::{SslConnector, SslConnectorBuilder, SslMethod, SslVerifyMode, SslVersion};
use serde_json::Value;
use support::server::server;
use support::{Front, front, json_trace, read};

/// Asks for TLS, shakes hands as is said, logs in if that comes to something, and leaves.
fn come_and_go(front: &Front, shake: impl FnOnce(&mut SslConnectorBuilder)) {
    let mut stream = front.client();
    let head = read(&mut stream, 4);
    let len = usize::from(head[0]);
    read(&mut stream, len);
    let capabilities = Capabilities::PROTOCOL_41
        | Capabilities::SECURE_CONNECTION
        | Capabilities::PLUGIN_AUTH
        | Capabilities::SSL;
    let response = HandshakeResponse41 {
        capabilities,
        max_packet_size: 1 << 24,
        character_set: 45,
        username: "ada".into(),
        auth_response: Bytes::new(),
        database: Bytes::new(),
        client_plugin_name: "mysql_native_password".into(),
        attributes: Default::default(),
        zstd_compression_level: 0,
    };
    let response = response.to_payload(()).unwrap();
    let wire = |sequence_id, payload: &[u8]| {
        let mut wire = BytesMut::new();
        Splitter::new(sequence_id).payload(&mut wire, payload);
        wire.freeze()
    };
    stream.write_all(&wire(1, &response[..32])).unwrap();
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    connector.set_verify(SslVerifyMode::NONE);
    shake(&mut connector);
    let shaken = connector.build().connect("localhost", stream);
    let Ok(mut stream) = shaken else { return };
    stream.write_all(&wire(2, &response)).unwrap();
    // The server has been spoken to when it answers, whatever it says.
    let _answer = stream.read(&mut [0; 1]);
}

fn events(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_server_sees_the_version_and_the_cipher_of_its_client() {
    let server = server("mysql_native_password", TlsMode::Preferred);
    type Pin = fn(&mut SslConnectorBuilder);
    let pins: [(&str, &str, Pin); 3] = [
        ("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", |connector| {
            let version = Some(SslVersion::TLS1_2);
            connector.set_max_proto_version(version).unwrap();
            let cipher = "ECDHE-RSA-AES128-GCM-SHA256";
            connector.set_cipher_list(cipher).unwrap();
        }),
        ("TLSv1.2", "ECDHE-RSA-CHACHA20-POLY1305", |connector| {
            let version = Some(SslVersion::TLS1_2);
            connector.set_max_proto_version(version).unwrap();
            let cipher = "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384";
            connector.set_cipher_list(cipher).unwrap();
        }),
        ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256", |connector| {
            let cipher = "TLS_CHACHA20_POLY1305_SHA256";
            connector.set_ciphersuites(cipher).unwrap();
        }),
    ];
    for (version, cipher, pin) in pins {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let front = front(server.addresses()[0].port(), |options| {
            options.trace = Some(json_trace(&path, 0));
        });
        come_and_go(&front, pin);
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        for side in ["client", "server"] {
            let tls = events
                .iter()
                .find(|event| event["event"] == "tls" && event["side"] == side);
            let tls = tls.unwrap_or_else(|| panic!("{side}: {events:?}"));
            assert_eq!(
                (&tls["version"], &tls["cipher"]),
                (&version.into(), &cipher.into()),
                "{side}"
            );
        }
    }
}

#[test]
fn a_handshake_that_fails_is_explained_behind_the_request_for_it() {
    let server = server("mysql_native_password", TlsMode::Preferred);
    type Shake = fn(&Front);
    let shakes: [(&str, Shake); 3] = [
        (
            "does not trust the proxy's certificate (--client-tls-cert",
            |front| {
                come_and_go(front, |connector| connector.set_verify(SslVerifyMode::PEER));
            },
        ),
        (
            "there is no version of TLS that both sides speak",
            |front| {
                come_and_go(front, |connector| {
                    connector.set_security_level(0);
                    let version = Some(SslVersion::TLS1);
                    connector.set_min_proto_version(version).unwrap();
                    connector.set_max_proto_version(version).unwrap();
                });
            },
        ),
        ("is not TLS", |front| {
            let mut stream: TcpStream = front.client();
            let len = usize::from(read(&mut stream, 4)[0]);
            read(&mut stream, len);
            let mut request = [&b"\x20\0\0\x01\0\x8a\x08\0"[..], &[0; 28]].concat();
            request.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
            stream.write_all(&request).unwrap();
            let _alert = stream.read_to_end(&mut Vec::new());
        }),
    ];
    for (why, shake) in shakes {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace");
        let front = front(server.addresses()[0].port(), |options| {
            options.trace = Some(json_trace(&path, 0));
        });
        shake(&front);
        assert!(front.relay.shut_down(Duration::from_secs(10)));
        let events = events(&path);
        let place = |name: &str| events.iter().position(|event| event["event"] == name);
        assert!(place("tls_requested") < place("close"), "{events:?}");
        assert!(place("tls_requested").is_some(), "{events:?}");
        let why_closed = events[place("close").unwrap()]["why"].as_str().unwrap();
        assert!(why_closed.contains(why), "{why_closed}");
        assert!(
            !why_closed.contains(".c:") && why_closed.matches("TLS with the client").count() == 1,
            "{why_closed}"
        );
    }
}
