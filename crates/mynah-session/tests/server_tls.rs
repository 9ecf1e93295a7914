//! The server's side of a classic connection under TLS, and the certificates it may need.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use bytes::Bytes;
use mynah_auth::Channel;
use mynah_classic::Capabilities;
use mynah_classic::connection::SslRequest;
use mynah_classic::response::OkPacket;
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{Account, Answer, Certificate, Greeting, Login, Question, SessionError, Tls};
use mynah_wire::Message;
use support::Step::{Fails, In, Out};
use support::{SHARED, error, greet, handshake_response, options, packet, play, response, sends};

const TLS: Capabilities = SHARED.union(Capabilities::SSL);

fn offering() -> Server {
    Server::new(Options {
        offer_tls: true,
        ..options()
    })
}

fn ssl_request(sequence_id: u8) -> Event {
    let request = SslRequest {
        capabilities: TLS,
        max_packet_size: 1 << 24,
        character_set: 45,
    };
    packet(sequence_id, request.to_payload(()).unwrap())
}

fn tls(certificate: Option<(&'static str, &'static str)>) -> Tls {
    Tls {
        version: "TLSv1.3".to_owned(),
        cipher: "TLS_AES_256_GCM_SHA384".to_owned(),
        session_cache_hits: 3,
        certificate: certificate.map(|(issuer, subject)| Certificate {
            issuer: Some(issuer.into()),
            subject: Some(subject.into()),
        }),
    }
}

fn login(tls: Option<Tls>) -> Login {
    let capabilities = if tls.is_some() { TLS } else { SHARED };
    Login {
        capabilities,
        username: "ada".into(),
        schema: Some("zoo".into()),
        collation: 45,
        tls,
        max_packet_size: 1 << 24,
        ..Login::default()
    }
}

fn response_under_tls() -> Event {
    let response = handshake_response(TLS, "caching_sha2_password", b"");
    packet(2, response.to_payload(()).unwrap())
}

#[test]
fn tls_is_offered_only_where_there_is_some() {
    let plain = greet(&mut Server::new(options()));
    assert_eq!(plain.capabilities.standard(), 0x1fe_a2df);
    let encrypted = greet(&mut offering());
    assert_eq!(encrypted.capabilities.standard(), 0x1fe_aadf);
}

#[test]
fn a_greeting_that_leaves_tls_out_does_not_offer_it() {
    let mut server = offering();
    let greeting = Greeting {
        capabilities: Some(SHARED),
        ..Greeting::default()
    };
    assert_eq!(server.poll_action(), Some(Action::Ask(Question::Greeting)));
    server
        .handle(Event::from(Answer::Greeting(Ok(Box::new(greeting)))))
        .unwrap();
    server.output().clear();
    let refused = server.handle(ssl_request(1));
    assert_eq!(refused, Err(SessionError::TlsNotOffered));
}

#[test]
fn a_client_continues_under_tls() {
    let mut server = offering();
    greet(&mut server);
    play(
        &mut server,
        [
            In(ssl_request(1)),
            Out(Action::StartTls),
            In(Event::TlsStarted(tls(None))),
            In(response_under_tls()),
            Out(Action::Ask(Question::Account(
                login(Some(tls(None))).into(),
            ))),
            In(Event::from(Answer::Account(Ok(Box::new(
                Account::default(),
            ))))),
            sends(3, &OkPacket::default(), TLS),
        ],
    );
    assert_eq!(server.login(), Some(&login(Some(tls(None)))));
}

#[test]
fn tls_cannot_be_started_twice_or_without_being_offered() {
    let message = "Bad handshake: the client asks for TLS, which was not offered";
    let mut server = Server::new(options());
    greet(&mut server);
    play(
        &mut server,
        [
            Fails(ssl_request(1), SessionError::TlsNotOffered),
            sends(2, &error(1043, b"08S01", message), SHARED),
            Out(Action::Close),
        ],
    );
    let mut server = offering();
    greet(&mut server);
    play(
        &mut server,
        [
            In(ssl_request(1)),
            Out(Action::StartTls),
            In(Event::TlsStarted(tls(None))),
            Fails(ssl_request(2), SessionError::TlsNotOffered),
            sends(3, &error(1043, b"08S01", message), SHARED),
            Out(Action::Close),
        ],
    );
}

#[test]
fn where_transport_has_to_be_secure_a_plain_login_is_refused() {
    let demanding = |channel| {
        Server::new(Options {
            offer_tls: true,
            require_secure_transport: true,
            channel,
            ..options()
        })
    };
    let refused = error(
        3159,
        b"HY000",
        "Connections using insecure transport are prohibited while \
         --require_secure_transport=ON.",
    );
    let mut server = demanding(Channel::Insecure);
    greet(&mut server);
    play(
        &mut server,
        [
            In(response(SHARED, "caching_sha2_password", b"")),
            sends(2, &refused, SHARED),
            Out(Action::Close),
        ],
    );
    let mut server = demanding(Channel::Local);
    greet(&mut server);
    play(
        &mut server,
        [
            In(response(SHARED, "caching_sha2_password", b"")),
            Out(Action::Ask(Question::Account(login(None).into()))),
            In(Event::from(Answer::Account(Ok(Box::new(
                Account::default(),
            ))))),
            sends(2, &OkPacket::default(), SHARED),
        ],
    );
    let mut server = demanding(Channel::Insecure);
    greet(&mut server);
    play(
        &mut server,
        [
            In(ssl_request(1)),
            Out(Action::StartTls),
            In(Event::TlsStarted(tls(None))),
            In(response_under_tls()),
            Out(Action::Ask(Question::Account(
                login(Some(tls(None))).into(),
            ))),
            In(Event::from(Answer::Account(Ok(Box::new(
                Account::default(),
            ))))),
            sends(3, &OkPacket::default(), TLS),
        ],
    );
}

#[test]
fn a_certificate_has_to_say_what_the_account_demands() {
    let ada = Some(("/CN=authority", "/C=GB/CN=ada"));
    let any = (None, None);
    let cases = [
        ("any will do", ada, any, true),
        ("none is there", None, any, false),
        ("issuer", ada, (Some("/CN=authority"), None), true),
        ("subject", ada, (None, Some("/C=GB/CN=ada")), true),
        ("another issuer", ada, (Some("/CN=other"), None), false),
        ("a part of the subject", ada, (None, Some("/CN=ada")), false),
        (
            "one of two",
            ada,
            (Some("/CN=authority"), Some("/CN=eve")),
            false,
        ),
    ];
    for (name, found, (issuer, subject), passes) in cases {
        let account = Account {
            certificate: Some(Certificate {
                issuer: issuer.map(Bytes::from),
                subject: subject.map(Bytes::from),
            }),
            ..Account::default()
        };
        let mut server = offering();
        greet(&mut server);
        play(
            &mut server,
            [
                In(ssl_request(1)),
                Out(Action::StartTls),
                In(Event::TlsStarted(tls(found))),
                In(response_under_tls()),
                Out(Action::Ask(Question::Account(
                    login(Some(tls(found))).into(),
                ))),
            ],
        );
        server
            .handle(Event::from(Answer::Account(Ok(Box::new(account)))))
            .unwrap();
        assert_eq!(server.login().is_some(), passes, "{name}");
        let refusal = server.refusal().map(|failure| failure.code);
        assert_eq!(refusal, (!passes).then_some(1045), "{name}");
    }
}
