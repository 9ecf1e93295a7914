//! TLS between real sockets, with OpenSSL as the client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::io::{Read, Write};
use std::net::TcpStream;

use mynah_auth::Channel;
use mynah_net::{Listener, ServerOptions, TlsMode, TlsOptions, TlsServer, TlsVersion};
use mynah_session::Account;
use openssl::ssl::SslVersion;
use support::authority::Authority;
use support::client::{LogIn, Socket, refusal, tcp, tls, tls_with, unix};
use support::{Answers, tcp_address, tls_options};

fn log_in(tls: &openssl::ssl::SslContext) -> LogIn<'_> {
    LogIn {
        tls: Some(tls),
        ..LogIn::default()
    }
}

#[test]
fn tls_is_optional_where_it_is_preferred() {
    let authority = Authority::new("zoo");
    let answers = Answers::default();
    let server = answers.start_tls(&tls_options(&authority, TlsMode::Preferred));
    let address = tcp_address(&server);
    let mut plain = LogIn::default().over(tcp(address)).unwrap();
    let mut encrypted = log_in(&tls(None, None)).over(tcp(address)).unwrap();
    plain.query("select 1").unwrap();
    assert_eq!(encrypted.query("many rows").unwrap(), 100_000);
    let connections = server.connections().list();
    assert_eq!(connections[0].tls, None);
    let tls = connections[1].tls.unwrap();
    assert_eq!(tls.version, "TLSv1.3");
    assert_eq!(tls.cipher, "TLS_AES_256_GCM_SHA384");
    let login = answers.last_login().tls.unwrap();
    assert_eq!(
        (&login.version[..], &login.cipher[..]),
        (tls.version, tls.cipher)
    );
    assert_eq!((login.session_cache_hits, login.certificate), (0, None));
}

#[test]
fn where_tls_is_required_only_tcp_needs_it() {
    let authority = Authority::new("zoo");
    let path = authority.file("mynah.sock");
    let listeners = vec![
        Listener::bind("127.0.0.1", 0).unwrap(),
        Listener::bind_unix(&path).unwrap(),
    ];
    let tls_server = TlsServer::new(&tls_options(&authority, TlsMode::Required)).unwrap();
    let options = ServerOptions {
        tls: Some(tls_server),
        ..ServerOptions::default()
    };
    let server = Answers::default().start(listeners, options);
    let address = tcp_address(&server);
    let (code, message) = refusal(LogIn::default().over(tcp(address)));
    assert_eq!(code, 3159, "{message}");
    log_in(&tls(None, None)).over(tcp(address)).unwrap();
    let local = LogIn {
        channel: Channel::Local,
        ..LogIn::default()
    };
    local.over(unix(&path)).unwrap();
}

#[test]
fn a_version_that_is_pinned_is_the_only_one() {
    let authority = Authority::new("zoo");
    let versions = [
        (TlsVersion::V1_0, SslVersion::TLS1, "TLSv1"),
        (TlsVersion::V1_1, SslVersion::TLS1_1, "TLSv1.1"),
        (TlsVersion::V1_2, SslVersion::TLS1_2, "TLSv1.2"),
        (TlsVersion::V1_3, SslVersion::TLS1_3, "TLSv1.3"),
    ];
    for (pinned, _, name) in versions {
        let answers = Answers::default();
        let server = answers.start_tls(&TlsOptions {
            version: Some(pinned),
            ..tls_options(&authority, TlsMode::Preferred)
        });
        for (version, spoken, _) in versions {
            let tls = tls(Some(spoken), None);
            let connected = log_in(&tls).over(tcp(tcp_address(&server)));
            assert_eq!(connected.is_ok(), version == pinned, "{name}, {spoken:?}");
            if connected.is_ok() {
                assert_eq!(answers.last_login().tls.unwrap().version, name);
            }
        }
    }
}

#[test]
fn old_versions_are_not_spoken_unless_pinned() {
    let authority = Authority::new("zoo");
    let server = Answers::default().start_tls(&tls_options(&authority, TlsMode::Preferred));
    for version in [SslVersion::TLS1, SslVersion::TLS1_1] {
        let tls = tls(Some(version), None);
        assert!(log_in(&tls).over(tcp(tcp_address(&server))).is_err());
    }
}

#[test]
fn ciphers_of_both_kinds_can_be_chosen() {
    let authority = Authority::new("zoo");
    let chosen = "TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256";
    let answers = Answers::default();
    let server = answers.start_tls(&TlsOptions {
        cipher: Some(chosen.to_owned()),
        ..tls_options(&authority, TlsMode::Preferred)
    });
    for (version, cipher) in [
        (SslVersion::TLS1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
        (SslVersion::TLS1_3, "TLS_CHACHA20_POLY1305_SHA256"),
    ] {
        let tls = tls(Some(version), None);
        log_in(&tls).over(tcp(tcp_address(&server))).unwrap();
        assert_eq!(answers.last_login().tls.unwrap().cipher, cipher);
    }
    let other = tls_with(Some(SslVersion::TLS1_2), None, |context| {
        context
            .set_cipher_list("ECDHE-ECDSA-AES256-GCM-SHA384")
            .unwrap();
    });
    assert!(log_in(&other).over(tcp(tcp_address(&server))).is_err());
}

#[test]
fn a_password_is_checked_in_full_under_tls() {
    let authority = Authority::new("zoo");
    let mut answers = Answers::default();
    for method in [
        "caching_sha2_password",
        "sha256_password",
        "mysql_clear_password",
    ] {
        answers.account = Account {
            password: Some("secret".into()),
            auth_method_name: Some(method.into()),
            ..Account::default()
        };
        let server = answers.start_tls(&tls_options(&authority, TlsMode::Preferred));
        let tls = tls(None, None);
        log_in(&tls).over(tcp(tcp_address(&server))).unwrap();
        let wrong = LogIn {
            password: "guess",
            ..log_in(&tls)
        };
        assert_eq!(refusal(wrong.over(tcp(tcp_address(&server)))).0, 1045);
    }
}

#[test]
fn a_password_is_encrypted_for_a_key_that_is_made_when_it_is_needed() {
    let answers = Answers {
        account: Account {
            password: Some("secret".into()),
            auth_method_name: Some("sha256_password".into()),
            ..Account::default()
        },
        ..Answers::default()
    };
    let server = answers.start_tcp(ServerOptions::default());
    LogIn::default().over(tcp(tcp_address(&server))).unwrap();
    let wrong = LogIn {
        password: "guess",
        ..LogIn::default()
    };
    assert_eq!(refusal(wrong.over(tcp(tcp_address(&server)))).0, 1045);
}

/// Holds back the first write until there is a second one, and sends both at once.
#[derive(Debug)]
struct Together {
    held: Option<Vec<u8>>,
    is_sent: bool,
    stream: TcpStream,
}

impl Read for Together {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.stream.read(buf)
    }
}

impl Write for Together {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        match self.held.take() {
            Some(held) => {
                self.is_sent = true;
                self.stream.write_all(&[&held[..], buf].concat())?;
                Ok(buf.len())
            }
            None if self.is_sent => self.stream.write(buf),
            None => {
                self.held = Some(buf.to_vec());
                Ok(buf.len())
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_client_hello_may_come_with_the_request_for_tls() {
    let authority = Authority::new("zoo");
    let server = Answers::default().start_tls(&tls_options(&authority, TlsMode::Required));
    for version in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
        let stream = TcpStream::connect(tcp_address(&server)).unwrap();
        let socket: Box<dyn Socket> = Box::new(Together {
            held: None,
            is_sent: false,
            stream,
        });
        let tls = tls(Some(version), None);
        let mut client = log_in(&tls).over(socket).unwrap();
        client.query("select 1").unwrap();
    }
}

#[test]
fn a_client_that_asks_for_tls_and_sends_none_does_not_disturb_others() {
    let authority = Authority::new("zoo");
    let server = Answers::default().start_tls(&tls_options(&authority, TlsMode::Preferred));
    let mut other = LogIn::default().over(tcp(tcp_address(&server))).unwrap();
    let mut request = b"\x20\0\0\x01\x00\xaa\x08\x00".to_vec();
    request.resize(36, 0);
    let garbage = [
        &b"GET / HTTP/1.0\r\n\r\n"[..],
        &[0xff; 100],
        b"\x16\x03\x01\xff\xff\x01",
    ];
    for garbage in garbage {
        let mut stream = TcpStream::connect(tcp_address(&server)).unwrap();
        stream.write_all(&request).unwrap();
        stream.write_all(garbage).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        // At most the greeting and an alert.
        let _reset = stream.read_to_end(&mut answer);
        assert!(answer.len() < 200, "{answer:?}");
        other.query("select 1").unwrap();
    }
}

#[test]
fn a_client_that_asks_for_tls_and_sends_nothing_is_disconnected() {
    let authority = Authority::new("zoo");
    let tls = TlsServer::new(&tls_options(&authority, TlsMode::Preferred)).unwrap();
    let server = Answers::default().start_tcp(ServerOptions {
        tls: Some(tls),
        connect_timeout: std::time::Duration::from_millis(50),
        ..ServerOptions::default()
    });
    let mut stream = TcpStream::connect(tcp_address(&server)).unwrap();
    let mut request = b"\x20\0\0\x01\x00\xaa\x08\x00".to_vec();
    request.resize(36, 0);
    stream.write_all(&request).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_server_without_tls_refuses_the_request_for_it() {
    let server = Answers::default().start_tcp(ServerOptions::default());
    let mut stream = TcpStream::connect(tcp_address(&server)).unwrap();
    let mut request = b"\x20\0\0\x01\x00\xaa\x08\x00".to_vec();
    request.resize(36, 0);
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer);
    assert!(text.contains("TLS, which was not offered"), "{text}");
}
