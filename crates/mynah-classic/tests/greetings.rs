//! Greetings and handshake responses of real servers and clients, byte by byte.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

use bytes::Bytes;
use mynah_classic::connection::{ConnectAttributes, HandshakeResponse41, HandshakeV10};
use mynah_classic::{Capabilities, StatusFlags};
use mynah_testkit::{check, hex};

fn greeting(
    server_version: &str,
    thread_id: u32,
    nonce: &[u8],
    capabilities: (u32, u32),
    character_set: u8,
    auth_plugin_name: &str,
) -> HandshakeV10 {
    HandshakeV10 {
        server_version: Bytes::copy_from_slice(server_version.as_bytes()),
        thread_id,
        auth_plugin_data: Bytes::copy_from_slice(nonce),
        capabilities: Capabilities::from_halves(capabilities.0, capabilities.1),
        character_set,
        status_flags: StatusFlags::AUTOCOMMIT,
        auth_plugin_name: Bytes::copy_from_slice(auth_plugin_name.as_bytes()),
    }
}

#[test]
fn the_greeting_of_mysql_9_7_is_read_and_written() {
    let wire = "0a392e372e342d32000d0000004b7438412f7c337a00ffffff0200ffdf150000000000000000\
                00000f384c2c486405396b732f360063616368696e675f736861325f70617373776f726400";
    let nonce = b"Kt8A/|3z\x0f8L,Hd\x059ks/6";
    let message = greeting(
        "9.7.4-2",
        13,
        nonce,
        (0xdfff_ffff, 0),
        255,
        "caching_sha2_password",
    );
    check(&hex::decode(wire).unwrap(), (), &message);
}

#[test]
fn the_greeting_of_mariadb_11_8_is_read_with_its_extended_capabilities() {
    let wire = "0a31312e382e392d4d6172696144422d342066726f6d2044656269616e2d6c6f670006000000\
                7366282f543a626000feff2d0200ff81150000000000003d0000003d5057463a2d737c363546\
                40006d7973716c5f6e61746976655f70617373776f726400";
    let message = greeting(
        "11.8.9-MariaDB-4 from Debian-log",
        6,
        b"sf(/T:b`=PWF:-s|65F@",
        (0x81ff_fffe, 0x3d),
        45,
        "mysql_native_password",
    );
    assert!(
        message
            .capabilities
            .contains(Capabilities::MARIADB_EXTENDED_METADATA)
    );
    check(&hex::decode(wire).unwrap(), (), &message);
}

#[test]
fn the_greeting_of_mysql_5_6_is_read_and_written() {
    let wire = "0a352e362e32342d6c6f6700030000006a3a25456e7a3c5a00fff70802007f80150000000000\
                0000000000332b7d587e327c3b4e564536006d7973716c5f6e61746976655f70617373776f72\
                6400";
    let message = greeting(
        "5.6.24-log",
        3,
        b"j:%Enz<Z3+}X~2|;NVE6",
        (0x807f_f7ff, 0),
        8,
        "mysql_native_password",
    );
    check(&hex::decode(wire).unwrap(), (), &message);
}

#[test]
fn the_response_of_libmariadb_is_read_with_its_attributes() {
    let wire = "8ca2be00000000402d000000000000000000000000000000000000001d0000006e6f626f6479\
                000074657374006d7973716c5f6e61746976655f70617373776f7264006c035f6f73054c696e\
                75780c5f636c69656e745f6e616d650a6c69626d617269616462045f7069640532383239340f\
                5f636c69656e745f76657273696f6e06332e332e3139095f706c6174666f726d067838365f36\
                340c5f7365727665725f686f7374093132372e302e302e31";
    let attributes: [(&[u8], &[u8]); 6] = [
        (b"_os", b"Linux"),
        (b"_client_name", b"libmariadb"),
        (b"_pid", b"28294"),
        (b"_client_version", b"3.3.19"),
        (b"_platform", b"x86_64"),
        (b"_server_host", b"127.0.0.1"),
    ];
    let message = HandshakeResponse41 {
        capabilities: Capabilities::from_halves(0x00be_a28c, 0x1d),
        max_packet_size: 0x4000_0000,
        character_set: 45,
        username: "nobody".into(),
        auth_response: Bytes::new(),
        database: "test".into(),
        client_plugin_name: "mysql_native_password".into(),
        attributes: ConnectAttributes::new(attributes),
        zstd_compression_level: 0,
    };
    let read: Result<Vec<_>, _> = message.attributes.iter().collect();
    assert_eq!(read.unwrap()[0], ("_os".into(), "Linux".into()));
    check(&hex::decode(wire).unwrap(), (), &message);
}
