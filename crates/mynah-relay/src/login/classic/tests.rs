//! One playbook per edge of the state diagram.

use std::sync::LazyLock;

use bytes::Bytes;
use mynah_auth::rsa::{PrivateKey, PublicKey};
use mynah_classic::connection::{HandshakeResponse41, HandshakeV10, SslRequest};
use mynah_net::TlsMode::{self, Disabled, Preferred, Required};
use mynah_session::observe::Direction::{Client, Server};
use mynah_wire::compress::Deflator;
use mynah_wire::{Message, Splitter};

use super::*;
use crate::login::playbook::Playbook;

const LOCAL: Transport = Transport {
    is_secure: true,
    has_tls: false,
};
const TCP: Transport = Transport {
    is_secure: false,
    has_tls: false,
};

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().unwrap());

const OK: &[u8] = b"\0\0\0\x02\0\0\0";
const ERR: &[u8] = b"\xff\x15\x04#28000Access denied";
const FULL_AUTHENTICATION: &[u8] = b"\x01\x04";
const FAST_AUTHENTICATION: &[u8] = b"\x01\x03";
const SWITCH_TO_NATIVE: &[u8] = b"\xfemysql_native_password\0abcdefghijklmnopqrst\0";
const SWITCH_TO_SHA256: &[u8] = b"\xfesha256_password\0abcdefghijklmnopqrst\0";
const NONCE: &[u8] = b"01234567890123456789";
const OTHER_NONCE: &[u8] = b"abcdefghijklmnopqrst";

fn login(client: Option<TlsMode>, server: Option<TlsMode>) -> Playbook<Login> {
    at((TCP, TCP), client, server)
}

fn at(
    transports: (Transport, Transport),
    client: Option<TlsMode>,
    server: Option<TlsMode>,
) -> Playbook<Login> {
    let unsent = (BytesMut::new(), BytesMut::new());
    let tls = TlsUse { client, server };
    Playbook::new(Login::new(transports, unsent, tls))
}

fn again(client: Transport, server: Transport) -> Playbook<Login> {
    let unsent = (BytesMut::new(), BytesMut::new());
    Playbook::new(Login::again((client, server), unsent, None))
}

fn packet(sequence_id: u8, payload: impl AsRef<[u8]>) -> Bytes {
    let mut wire = BytesMut::new();
    Splitter::new(sequence_id).payload(&mut wire, payload.as_ref());
    wire.freeze()
}

fn greeting(offers_tls: bool) -> Bytes {
    let mut capabilities = BASE;
    capabilities.set(Capabilities::SSL, offers_tls);
    let greeting = HandshakeV10 {
        server_version: "9.7.0".into(),
        thread_id: 7,
        auth_plugin_data: Bytes::from_static(NONCE),
        capabilities,
        character_set: 255,
        status_flags: Default::default(),
        auth_plugin_name: "caching_sha2_password".into(),
    };
    packet(0, greeting.to_payload(()).unwrap())
}

fn ssl_request(sequence_id: u8) -> Bytes {
    let request = SslRequest {
        capabilities: BASE | Capabilities::SSL,
        max_packet_size: 1 << 24,
        character_set: 45,
    };
    packet(sequence_id, request.to_payload(()).unwrap())
}

fn response(sequence_id: u8, has_tls: bool) -> Bytes {
    response_by(sequence_id, has_tls, "caching_sha2_password", b"12345")
}

fn response_by(
    sequence_id: u8,
    has_tls: bool,
    plugin: &'static str,
    auth_response: &[u8],
) -> Bytes {
    let mut capabilities = BASE;
    capabilities.set(Capabilities::SSL, has_tls);
    let response = HandshakeResponse41 {
        capabilities,
        max_packet_size: 1 << 24,
        character_set: 45,
        username: "ada".into(),
        auth_response: Bytes::copy_from_slice(auth_response),
        database: Bytes::new(),
        client_plugin_name: plugin.into(),
        attributes: Default::default(),
        zstd_compression_level: 0,
    };
    packet(sequence_id, response.to_payload(()).unwrap())
}

const BASE: Capabilities = Capabilities::PROTOCOL_41
    .union(Capabilities::SECURE_CONNECTION)
    .union(Capabilities::PLUGIN_AUTH);

fn public_key() -> Vec<u8> {
    [&b"\x01"[..], &KEY.public_key_pem().unwrap()].concat()
}

/// What a client without TLS makes of its password.
fn encrypted(nonce: &[u8]) -> Vec<u8> {
    let key = PublicKey::from_pem(&KEY.public_key_pem().unwrap()).unwrap();
    key.encrypt(b"secret", &Nonce::from_bytes(nonce)).unwrap()
}

/// Expects the server to get the encrypted password, in a packet of this sequence id.
fn expect_encrypted_password(sequence_id: u8, nonce: &'static [u8]) -> impl FnOnce(Bytes) {
    move |wire| {
        assert_eq!(wire[3], sequence_id);
        let password = KEY.decrypt(&wire[4..], &Nonce::from_bytes(nonce));
        assert_eq!(password.as_deref(), Some(&b"secret"[..]));
    }
}

/// Up to the response of a client under TLS whose server is not.
fn under_tls_alone() -> Playbook<Login> {
    login(Some(Preferred), Some(Disabled))
        .server(greeting(false))
        .sends_client(greeting(true))
        .observed(ssl_request(1))
        .accepts_tls("")
        .encrypted(Client)
        .observes_decrypted()
        .observed(response(2, true))
        .sends_server(response(1, false))
}

/// Up to the response of a client without TLS whose server is under it.
fn servers_tls_alone() -> Playbook<Login> {
    login(Some(Disabled), Some(Required))
        .server(greeting(true))
        .sends_client(greeting(false))
        .observed(response(1, false))
        .sends_server(ssl_request(1))
        .connects_tls()
        .encrypted(Server)
        .sends_server(response(2, true))
}

#[test]
fn expect_greeting_to_done_by_an_error_in_its_place() {
    login(None, None)
        .waits_without(Client)
        .server(packet(0, ERR))
        .sends_client(packet(0, ERR))
        .enters(false, (b"", b""));
}

#[test]
fn expect_response_to_passing_to_done_by_ok() {
    login(None, None)
        .server(greeting(true))
        .sends_client(greeting(true))
        .observed(response(1, false))
        .sends_server(response(1, false))
        .server(packet(2, OK))
        .sends_client(packet(2, OK))
        .enters(false, (b"", b""));
}

#[test]
fn passing_passes_what_both_say_as_it_comes() {
    let command = packet(0, b"\x0e");
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .observed(response(1, false))
        .sends_server(response(1, false))
        .server(packet(2, SWITCH_TO_NATIVE))
        .sends_client(packet(2, SWITCH_TO_NATIVE))
        .client("\x14\0\0")
        .sends_server("\x14\0\0")
        .observes("\x14\0\0")
        .client(&command)
        .sends_server(&command)
        .observes(&command)
        .server(
            [
                &packet(4, FAST_AUTHENTICATION)[..],
                &packet(5, OK),
                &packet(1, OK),
            ]
            .concat(),
        )
        .sends_client(packet(4, FAST_AUTHENTICATION))
        .sends_client(packet(5, OK))
        .enters(false, (b"", &packet(1, OK)));
}

#[test]
fn passing_to_done_by_an_error_or_a_client_that_has_closed() {
    let begun = || {
        login(None, None)
            .server(greeting(false))
            .sends_client(greeting(false))
            .observed(response(1, false))
            .sends_server(response(1, false))
    };
    begun()
        .server(packet(2, ERR))
        .sends_client(packet(2, ERR))
        .enters(false, (b"", b""));
    begun().closes(Client).enters(false, (b"", b""));
    begun()
        .closes(Server)
        .fails("the server was lost: unexpected end of file", 2);
}

#[test]
fn accepting_tls_to_connecting_tls_to_passing() {
    let hello = b"\x16\x03\x01";
    login(None, None)
        .server(greeting(true))
        .sends_client(greeting(true))
        .client([&ssl_request(1)[..], hello].concat())
        .observes(ssl_request(1))
        .accepts_tls(hello)
        .encrypted(Client)
        .observes_decrypted()
        .observed(response(2, true))
        .sends_server(ssl_request(1))
        .connects_tls()
        .encrypted(Server)
        .sends_server(response(2, true))
        .server(packet(3, OK))
        .sends_client(packet(3, OK))
        .enters(false, (b"", b""));
}

#[test]
fn accepting_tls_to_ended_by_a_handshake_that_fails() {
    login(None, None)
        .server(greeting(true))
        .sends_client(greeting(true))
        .observed(ssl_request(1))
        .accepts_tls("")
        .not_encrypted(Client)
        .fails("TLS with the client failed: no cipher", 2);
}

#[test]
fn accepting_tls_to_ended_by_a_server_that_leaves() {
    login(None, None)
        .server(greeting(true))
        .sends_client(greeting(true))
        .observed(ssl_request(1))
        .accepts_tls("")
        .server(packet(1, ERR))
        .closes(Server)
        .sends_client(packet(2, ERR))
        .fails("the server was lost: unexpected end of file", 3);
}

#[test]
fn connecting_tls_to_ended_by_a_handshake_that_fails() {
    login(None, Some(Preferred))
        .server(greeting(true))
        .sends_client(greeting(true))
        .observed(response(1, false))
        .sends_server(ssl_request(1))
        .connects_tls()
        .waits_without(Client)
        .not_encrypted(Server)
        .fails("TLS with the server failed: no cipher", 2);
}

#[test]
fn expect_response_to_ended_where_tls_is_required() {
    login(Some(Required), None)
        .server(greeting(false))
        .sends_client(greeting(true))
        .observed(response(1, false))
        .fails(
            "Connections using insecure transport are prohibited: this proxy requires TLS.",
            2,
        );
    login(None, Some(Required))
        .server(greeting(false))
        .sends_client(greeting(false))
        .observed(response(1, false))
        .fails("TLS is required, and the server offers none", 2);
    login(None, Some(Required))
        .server(greeting(true))
        .sends_client(greeting(true))
        .observed(packet(1, b"\x05\xa6\0\0\x01ada\0"))
        .fails("the client is too old to be carried on under TLS", 2);
}

#[test]
fn expect_response_to_expect_verdict_by_a_local_socket_that_requires_tls() {
    at((LOCAL, TCP), Some(Required), None)
        .server(greeting(false))
        .sends_client(greeting(true))
        .observed(response(1, false))
        .sends_server(response(1, false))
        .server(packet(2, OK))
        .sends_client(packet(2, OK))
        .enters(true, (b"", b""));
}

#[test]
fn expect_verdict_passes_both_ways_under_the_sequence_ids_of_each_side() {
    let command = packet(0, b"\x0e");
    under_tls_alone()
        .server(packet(2, SWITCH_TO_NATIVE))
        .sends_client(packet(3, SWITCH_TO_NATIVE))
        .observed(packet(4, "12345678901234567890"))
        .sends_server(packet(3, "12345678901234567890"))
        // It waits until the login is decided.
        .client(&command)
        .waits_without(Client)
        .server(packet(4, OK))
        .sends_client(packet(5, OK))
        .enters(true, (&command, b""));
}

#[test]
fn expect_verdict_to_done_by_an_error() {
    under_tls_alone()
        .server(packet(2, ERR))
        .sends_client(packet(3, ERR))
        .closes_client()
        .enters(true, (b"", b""));
}

#[test]
fn expect_verdict_to_expect_password_and_back() {
    for password in [&b"\0"[..], b""] {
        under_tls_alone()
            .server(packet(2, FULL_AUTHENTICATION))
            .sends_client(packet(3, FULL_AUTHENTICATION))
            .observed(packet(4, password))
            .sends_server(packet(3, password))
            .server(packet(4, OK))
            .sends_client(packet(5, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn expect_password_to_expect_server_key_to_expect_verdict() {
    let next_factor = [&b"\x02"[..], &SWITCH_TO_SHA256[1..]].concat();
    for (question, request, nonce) in [
        (FULL_AUTHENTICATION, 2, NONCE),
        (SWITCH_TO_SHA256, 1, OTHER_NONCE),
        (&next_factor, 1, OTHER_NONCE),
    ] {
        under_tls_alone()
            .server(packet(2, question))
            .sends_client(packet(3, question))
            .observed(packet(4, b"secret\0"))
            .sends_server(packet(3, [request]))
            .waits_without(Client)
            .server(packet(4, public_key()))
            .sends_server_by(expect_encrypted_password(5, nonce))
            .server(packet(6, OK))
            .sends_client(packet(5, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn expect_server_key_to_refused() {
    under_tls_alone()
        .server(packet(2, FULL_AUTHENTICATION))
        .sends_client(packet(3, FULL_AUTHENTICATION))
        .observed(packet(4, b"secret\0"))
        .sends_server(packet(3, b"\x02"))
        .server(packet(4, ERR))
        .sends_client(packet(5, ERR))
        .fails("the server refused the login", 6);
}

#[test]
fn expect_server_key_to_ended_by_what_is_no_key() {
    let login = under_tls_alone()
        .server(packet(2, FULL_AUTHENTICATION))
        .sends_client(packet(3, FULL_AUTHENTICATION))
        .observed(packet(4, b"secret\0"))
        .sends_server(packet(3, b"\x02"))
        .server(packet(4, b"\x01no key"));
    login.fails("not an RSA key in PEM", 5);
}

#[test]
fn expect_password_to_making_key_to_expect_encrypted_to_expect_verdict() {
    for (question, request, nonce) in [
        (FULL_AUTHENTICATION, b"\x02", NONCE),
        (SWITCH_TO_SHA256, b"\x01", OTHER_NONCE),
    ] {
        servers_tls_alone()
            .server(packet(3, question))
            .sends_client(packet(2, question))
            .observed(packet(3, request))
            .makes_key()
            .waits_without(Server)
            .key(&KEY)
            .sends_client(packet(4, public_key()))
            .observed(packet(5, encrypted(nonce)))
            .sends_server(packet(4, b"secret\0"))
            .server(packet(5, OK))
            .sends_client(packet(6, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn expect_encrypted_to_ended_by_what_is_not_encrypted_for_the_key() {
    servers_tls_alone()
        .server(packet(3, FULL_AUTHENTICATION))
        .sends_client(packet(2, FULL_AUTHENTICATION))
        .observed(packet(3, b"\x02"))
        .makes_key()
        .key(&KEY)
        .sends_client(packet(4, public_key()))
        .observed(packet(5, b"secret"))
        .fails("the password is not encrypted for the key that was sent", 6);
}

/// Up to the request for a key in the place of a response's password.
fn sha256_in_response(of_server: Transport) -> Playbook<Login> {
    at((TCP, of_server), Some(Preferred), Some(Disabled))
        .server(greeting(false))
        .sends_client(greeting(true))
        .observed(ssl_request(1))
        .accepts_tls("")
        .encrypted(Client)
        .observes_decrypted()
        .observed(response_by(2, true, "sha256_password", b"secret\0"))
        .sends_server(response_by(1, false, "sha256_password", b"\x01"))
}

#[test]
fn expect_response_to_expect_server_key_by_a_password_in_the_response() {
    // `sha256_password` encrypts passwords on local sockets, too.
    for of_server in [TCP, LOCAL] {
        sha256_in_response(of_server)
            .server(packet(2, public_key()))
            .sends_server_by(expect_encrypted_password(3, NONCE))
            .server(packet(4, OK))
            .sends_client(packet(3, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn expect_verdict_passes_the_key_of_sha256_on_to_and_from_a_local_socket() {
    for transports in [(TCP, LOCAL), (LOCAL, TCP)] {
        let request = response_by(1, false, "sha256_password", b"\x01");
        let password = encrypted(NONCE);
        at(transports, Some(Disabled), Some(Disabled))
            .server(greeting(false))
            .sends_client(greeting(false))
            .observed(request.clone())
            .sends_server(request)
            .server(packet(2, public_key()))
            .sends_client(packet(2, public_key()))
            .observed(packet(3, &password))
            .sends_server(packet(3, &password))
            .server(packet(4, OK))
            .sends_client(packet(4, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn expect_server_key_to_expect_verdict_or_expect_password_by_a_switch() {
    sha256_in_response(TCP)
        .server(packet(2, SWITCH_TO_NATIVE))
        .sends_client(packet(3, SWITCH_TO_NATIVE))
        .observed(packet(4, "12345678901234567890"))
        .sends_server(packet(3, "12345678901234567890"))
        .server(packet(4, ERR))
        .sends_client(packet(5, ERR))
        .closes_client()
        .enters(true, (b"", b""));
    sha256_in_response(TCP)
        .server(packet(2, SWITCH_TO_SHA256))
        .sends_client(packet(3, SWITCH_TO_SHA256))
        .observed(packet(4, b"secret\0"))
        .sends_server(packet(3, b"\x01"))
        .server(packet(4, public_key()))
        .sends_server_by(expect_encrypted_password(5, OTHER_NONCE))
        .server(packet(6, OK))
        .sends_client(packet(5, OK))
        .enters(true, (b"", b""));
}

#[test]
fn expect_server_key_to_refused_by_an_error_to_the_response() {
    sha256_in_response(TCP)
        .server(packet(2, ERR))
        .sends_client(packet(3, ERR))
        .fails("the server refused the login", 4);
}

#[test]
fn connecting_tls_to_making_key_by_a_request_in_the_response() {
    for of_client in [TCP, LOCAL] {
        at((of_client, TCP), Some(Disabled), Some(Required))
            .server(greeting(true))
            .sends_client(greeting(false))
            .observed(response_by(1, false, "sha256_password", b"\x01"))
            .sends_server(ssl_request(1))
            .connects_tls()
            .encrypted(Server)
            .makes_key()
            .key(&KEY)
            .sends_client(packet(2, public_key()))
            .observed(packet(3, encrypted(NONCE)))
            .sends_server(response_by(2, true, "sha256_password", b"secret\0"))
            .server(packet(3, OK))
            .sends_client(packet(4, OK))
            .enters(true, (b"", b""));
    }
}

#[test]
fn a_server_that_closes_while_the_client_is_due_is_quoted() {
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .server(packet(1, ERR))
        .closes(Server)
        .sends_client(packet(1, ERR))
        .fails("the server was lost: unexpected end of file", 2);
}

#[test]
fn a_side_that_is_lost_ends_a_login() {
    let begun = || {
        login(None, None)
            .server(greeting(false))
            .sends_client(greeting(false))
    };
    begun()
        .loses(Client)
        .fails("the client was lost: connection reset", 1);
    begun()
        .loses(Server)
        .fails("the server was lost: connection reset", 1);
    begun()
        .closes(Client)
        .fails("the client was lost: unexpected end of file", 1);
    login(None, None)
        .closes(Server)
        .fails("the server was lost: unexpected end of file", 0);
    // The end of a login has to reach the client.
    under_tls_alone()
        .server(packet(2, OK))
        .sends_client(packet(3, OK))
        .loses(Client)
        .fails("the client was lost: connection reset", 4);
}

#[test]
fn a_login_that_takes_too_long_is_of_the_side_that_is_due() {
    const CLIENT: &str = "the client did not log in within 5 s";
    const SERVER: &str = "the server did not answer the login within 5 s";
    login(None, None).times_out().fails(SERVER, 0);
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .times_out()
        .fails(CLIENT, 1);
    under_tls_alone().times_out().fails(SERVER, 3);
    under_tls_alone()
        .server(packet(2, SWITCH_TO_NATIVE))
        .sends_client(packet(3, SWITCH_TO_NATIVE))
        .times_out()
        .fails(CLIENT, 4);
    under_tls_alone()
        .server(packet(2, FAST_AUTHENTICATION))
        .sends_client(packet(3, FAST_AUTHENTICATION))
        .times_out()
        .fails(SERVER, 4);
}

#[test]
fn what_is_no_packet_of_a_login_ends_it() {
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .client("GET / HTTP/1.1")
        .fails(
            "the client sent 'GET ' where a packet's header has its place",
            1,
        );
    let endless = [&[0xff, 0xff, 0xff, 1][..], &vec![b'a'; 1 << 20]].concat();
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .client(endless)
        .fails("the client was lost: a packet of the login is too long", 1);
}

#[test]
fn no_more_is_read_of_a_server_that_says_too_much_while_the_client_is_due() {
    login(None, None)
        .server(greeting(false))
        .sends_client(greeting(false))
        .server(vec![b'a'; (1 << 20) + 1])
        .waits_without(Server)
        .observed(response(1, false))
        .sends_server(response(1, false));
}

#[test]
fn compression_is_not_agreed_on_where_it_must_not() {
    let compression = Capabilities::COMPRESS | Capabilities::ZSTD_COMPRESSION_ALGORITHM;
    let flags = |wire: &Bytes, at: usize| {
        let flags = wire[4 + at..][..4].try_into().unwrap();
        Capabilities::from_bits_retain(u32::from_le_bytes(flags).into())
    };
    let mut says_more = BytesMut::from(&response(1, false)[..]);
    let asked = (flags(&says_more.clone().freeze(), 0) | compression).bits();
    says_more[4..8].copy_from_slice(&u32::try_from(asked).unwrap().to_le_bytes());
    let unsent = (BytesMut::new(), BytesMut::new());
    let login = Login::new((TCP, TCP), unsent, TlsUse::default()).compresses(false);
    Playbook::new(login)
        .server(greeting(false))
        .sends_client(greeting(false))
        .observed(&says_more)
        .sends_server(response(1, false));
}

#[test]
fn a_user_may_be_changed() {
    again(Transport::TLS, TCP)
        .server(packet(1, SWITCH_TO_SHA256))
        .sends_client(packet(1, SWITCH_TO_SHA256))
        .observed(packet(2, b"secret\0"))
        .sends_server(packet(2, b"\x01"))
        .server(packet(3, public_key()))
        .sends_server_by(expect_encrypted_password(4, OTHER_NONCE))
        .server(packet(5, OK))
        .sends_client(packet(3, OK))
        .enters(true, (b"", b""));
    again(TCP, LOCAL)
        .server(packet(1, ERR))
        .sends_client(packet(1, ERR))
        .enters(true, (b"", b""));
}

#[test]
fn a_client_gets_the_reason_why_its_user_could_not_be_changed() {
    let late = "the server did not answer the login within 5 s";
    let error = crate::refusal::Refusal::late(late).payload(Capabilities::PROTOCOL_41);
    again(Transport::TLS, TCP)
        .times_out()
        .sends_client(packet(1, error))
        .fails(late, 2);
}

#[test]
fn packets_of_a_changed_user_travel_in_frames() {
    let algorithm = Algorithm::Zlib;
    let frame = |next, packet: &[u8]| {
        let mut wire = BytesMut::new();
        Deflator::new(algorithm, next)
            .write(packet, &mut wire)
            .unwrap();
        wire.freeze()
    };
    let unsent = (BytesMut::new(), BytesMut::new());
    let login = Login::again((Transport::TLS, TCP), unsent, Some(algorithm));
    let command = frame(0, &packet(0, b"\x0e"));
    Playbook::new(login)
        .server(frame(1, &packet(1, SWITCH_TO_NATIVE)))
        .sends_client(frame(1, &packet(1, SWITCH_TO_NATIVE)))
        .observed(frame(2, &packet(2, "12345678901234567890")))
        .sends_server(frame(2, &packet(2, "12345678901234567890")))
        .client(&command)
        .waits_without(Client)
        .server(frame(3, &packet(3, OK)))
        .sends_client(frame(3, &packet(3, OK)))
        .enters(true, (&command, b""));
}
