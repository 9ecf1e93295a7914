//! One playbook per edge of the state diagram.

use mynah_auth::Channel;
use mynah_auth::x::{AuthData, ClientExchange, Mechanism};
use mynah_net::TlsMode::{self, Disabled, Preferred, Required};
use mynah_session::observe::Direction::{Client, Server};
use mynah_x::connection::{Capabilities, CapabilitiesGet, CapabilitiesSet, Close};
use mynah_x::datatypes::{Any, Array, Scalar};
use mynah_x::session::{AuthenticateContinue, AuthenticateOk, AuthenticateStart};
use mynah_x::sql::StmtExecute;
use mynah_x::status::{Error, Ok as XOk, Severity};
use mynah_x::{ClientMessage, ServerMessage};

use super::side::{to_client, to_server};
use super::*;
use crate::login::playbook::Playbook;

const TCP: Transport = Transport {
    is_secure: false,
    has_tls: false,
};

const NOTICE: &[u8] = b"\x05\0\0\0\x0b\x08\x05\x1a\0";
const NONCE: &[u8] = b"01234567890123456789";

fn login(client: Option<TlsMode>, server: Option<TlsMode>) -> Playbook<Login> {
    let tls = TlsUse { client, server };
    Playbook::new(Login::new((TCP, TCP), Default::default(), tls))
}

fn again() -> Playbook<Login> {
    Playbook::new(Login::again((Transport::TLS, TCP), Default::default()))
}

fn of_client(message: impl Into<ClientMessage>) -> Bytes {
    wire(&to_server(message))
}

fn of_server(message: impl Into<ServerMessage>) -> Bytes {
    wire(&to_client(message))
}

fn get() -> Bytes {
    of_client(CapabilitiesGet {})
}

/// What a server without TLS can do, or one that has it.
fn capabilities(tls: Option<bool>, mechanisms: &[&'static str]) -> Bytes {
    let mechanisms = mechanisms
        .iter()
        .map(|name| Any::from(Scalar::string(*name)));
    let mut all: Vec<(&str, Any)> = Vec::new();
    all.extend(tls.map(|tls| ("tls", Scalar::bool(tls).into())));
    all.push((
        "authentication.mechanisms",
        mechanisms.collect::<Array>().into(),
    ));
    of_server(all.into_iter().collect::<Capabilities>())
}

fn set(all: &[&'static str]) -> Bytes {
    let all = all.iter().map(|name| (*name, Scalar::bool(true)));
    let capabilities = all.collect();
    of_client(CapabilitiesSet { capabilities })
}

fn ok() -> Bytes {
    of_server(XOk::default())
}

fn error(code: u32, msg: &str) -> Bytes {
    of_server(Error {
        code,
        msg: msg.to_owned(),
        sql_state: "HY000".to_owned(),
        ..Error::default()
    })
}

fn no_tls() -> Bytes {
    error(5001, "Capability prepare failed for 'tls'")
}

fn denied() -> Bytes {
    error(1045, "Access denied")
}

fn start(mechanism: &str, data: Option<Bytes>) -> Bytes {
    of_client(AuthenticateStart {
        mech_name: mechanism.to_owned(),
        auth_data: data,
        initial_response: None,
    })
}

fn plain() -> Bytes {
    let data = AuthData {
        schema: b"",
        user: b"ada",
        response: b"secret",
    };
    start("PLAIN", Some(data.to_bytes().into()))
}

fn challenge() -> Bytes {
    of_server(AuthenticateContinue {
        auth_data: Bytes::from_static(NONCE),
    })
}

/// What the proxy answers to it.
fn answer(mechanism: Mechanism) -> Bytes {
    let exchange = ClientExchange::new(mechanism, b"", b"ada", "secret", Channel::Insecure);
    let auth_data = exchange.unwrap().handle(NONCE).unwrap().into();
    of_client(AuthenticateContinue { auth_data })
}

fn authenticated() -> Bytes {
    of_server(AuthenticateOk { auth_data: None })
}

fn statement() -> Bytes {
    of_client(StmtExecute {
        stmt: "select 1".into(),
        ..StmtExecute::default()
    })
}

/// A client under TLS whose server is not.
fn under_tls_alone() -> Playbook<Login> {
    login(Some(Preferred), Some(Disabled))
        .observed(set(&["tls"]))
        .sends_client(ok())
        .accepts_tls("")
        .encrypted(Client)
}

#[test]
fn expect_message_to_done_by_the_first_message_of_a_login() {
    login(None, None)
        .server(NOTICE)
        .sends_client(NOTICE)
        .observed(start("MYSQL41", None))
        .sends_server(start("MYSQL41", None))
        .enters(false, (b"", b""));
}

#[test]
fn expect_message_to_done_by_close() {
    login(None, Some(Preferred))
        .observed(of_client(Close {}))
        .sends_server(of_client(Close {}))
        .enters(false, (b"", b""));
}

#[test]
fn expect_capabilities_to_expect_message_as_they_are_for_the_client() {
    login(None, None)
        .observed(get())
        .sends_server(get())
        .waits_without(Client)
        .server(NOTICE)
        .sends_client(NOTICE)
        .server(capabilities(Some(false), &["MYSQL41"]))
        .sends_client(capabilities(Some(false), &["MYSQL41"]))
        .observed(get())
        .sends_server(get())
        .server(error(1, "no"))
        .sends_client(error(1, "no"));
    login(Some(Disabled), None)
        .observed(get())
        .sends_server(get())
        .server(capabilities(Some(false), &["MYSQL41"]))
        .sends_client(capabilities(None, &["MYSQL41"]));
    under_tls_alone()
        .observed(get())
        .sends_server(get())
        .server(capabilities(None, &["MYSQL41"]))
        .sends_client(capabilities(Some(true), &["MYSQL41", "PLAIN"]));
}

#[test]
fn expect_answer_to_expect_message() {
    login(None, None)
        .observed(set(&["other"]))
        .sends_server(set(&["other"]))
        .server(ok())
        .sends_client(ok())
        .waits_for_both();
}

#[test]
fn expect_message_to_expect_message_where_tls_is_refused() {
    login(Some(Disabled), None)
        .observed(set(&["tls"]))
        .sends_client(no_tls())
        .observed(statement())
        .sends_server(statement())
        .enters(false, (b"", b""));
    under_tls_alone()
        .observed(set(&["tls"]))
        .sends_client(no_tls())
        .waits_for_both();
}

#[test]
fn expect_message_to_expect_message_where_compression_is_refused() {
    let login = Login::new((TCP, TCP), Default::default(), TlsUse::default()).compresses(false);
    let offers = |names: &[&'static str]| {
        let all = names.iter().map(|name| (*name, Scalar::bool(true)));
        of_server(all.collect::<Capabilities>())
    };
    Playbook::new(login)
        .observed(get())
        .sends_server(get())
        .server(offers(&["compression", "other"]))
        .sends_client(offers(&["other"]))
        .observed(set(&["compression"]))
        .sends_client(error(5001, "Capability prepare failed for 'compression'"))
        .waits_for_both();
}

#[test]
fn expect_offer_to_accepting_tls_or_expect_message() {
    let asked = || {
        login(None, Some(Disabled))
            .observed(set(&["tls"]))
            .sends_server(get())
    };
    asked()
        .server(capabilities(Some(false), &[]))
        .sends_client(ok())
        .accepts_tls("");
    asked()
        .server(capabilities(None, &[]))
        .sends_client(no_tls())
        .waits_for_both();
}

#[test]
fn expect_agreement_to_accepting_tls_to_connecting_tls_to_expect_message() {
    login(None, None)
        .client([&set(&["tls"])[..], b"\x16\x03\x01"].concat())
        .observes(set(&["tls"]))
        .sends_server(set(&["tls"]))
        .server(ok())
        .sends_client(ok())
        .accepts_tls("\x16\x03\x01")
        .waits_without(Client)
        .encrypted(Client)
        .connects_tls()
        .waits_without(Client)
        .encrypted(Server)
        .observed(plain())
        .sends_server(plain())
        .enters(false, (b"", b""));
}

#[test]
fn expect_agreement_to_expect_message_where_the_server_refuses() {
    for refused in [
        no_tls(),
        error(5001, "Capability prepare failed for 'other'"),
    ] {
        login(None, None)
            .observed(set(&["tls"]))
            .sends_server(set(&["tls"]))
            .server(&refused)
            .sends_client(&refused)
            .waits_for_both();
    }
}

#[test]
fn expect_agreement_to_ended_where_the_servers_tls_is_required() {
    login(Some(Preferred), Some(Required))
        .observed(set(&["tls"]))
        .sends_server(set(&["tls"]))
        .server(no_tls())
        .fails("TLS is required, and the server offers none", 0);
}

#[test]
fn expect_agreement_to_expect_others_set_to_accepting_tls_or_expect_message() {
    let asked = || {
        login(Some(Preferred), None)
            .observed(set(&["tls", "other"]))
            .sends_server(set(&["tls", "other"]))
            .server(no_tls())
            .sends_server(set(&["other"]))
    };
    asked()
        .server(ok())
        .sends_client(ok())
        .accepts_tls("")
        .encrypted(Client)
        .waits_for_both();
    asked()
        .server(error(5002, "no"))
        .sends_client(error(5002, "no"))
        .waits_for_both();
    login(Some(Preferred), None)
        .observed(set(&["tls"]))
        .sends_server(set(&["tls"]))
        .server(no_tls())
        .sends_client(ok())
        .accepts_tls("");
}

#[test]
fn accepting_tls_to_ended() {
    let accepting = || {
        login(Some(Preferred), Some(Disabled))
            .observed(set(&["tls"]))
            .sends_client(ok())
            .accepts_tls("")
    };
    accepting()
        .not_encrypted(Client)
        .fails("TLS with the client failed: no cipher", 0);
    accepting()
        .server(NOTICE)
        .closes(Server)
        .fails("the server was lost: unexpected end of file", 0);
}

#[test]
fn expect_message_to_ended_where_tls_is_required() {
    login(Some(Required), None).observed(plain()).fails(
        "Connections using insecure transport are prohibited: this proxy requires TLS.",
        0,
    );
}

#[test]
fn expect_servers_tls_to_connecting_tls_to_done() {
    login(None, Some(Preferred))
        .observed(statement())
        .sends_server(set(&["tls"]))
        .server(ok())
        .connects_tls()
        .encrypted(Server)
        .sends_server(statement())
        .enters(false, (b"", b""));
    login(None, Some(Required))
        .observed(statement())
        .sends_server(set(&["tls"]))
        .server(ok())
        .connects_tls()
        .not_encrypted(Server)
        .fails("TLS with the server failed: no cipher", 0);
}

#[test]
fn expect_servers_tls_to_done_or_ended_where_it_is_refused() {
    login(None, Some(Preferred))
        .observed(statement())
        .sends_server(set(&["tls"]))
        .server(no_tls())
        .sends_server(statement())
        .enters(false, (b"", b""));
    login(None, Some(Required))
        .observed(statement())
        .sends_server(set(&["tls"]))
        .server(no_tls())
        .fails("TLS is required, and the server offers none", 0);
}

#[test]
fn expect_message_to_done_or_ended_by_a_message_that_is_too_long() {
    let begins = b"\xff\xff\xff\x7f\x01";
    login(None, None)
        .client(begins)
        .enters(false, (begins, b""));
    under_tls_alone()
        .client(begins)
        .fails("the client was lost: invalid data", 0);
}

#[test]
fn authenticating_to_expect_challenge_to_expect_result_to_done() {
    under_tls_alone()
        .observed(plain())
        .sends_server(start("MYSQL41", None))
        .server(challenge())
        .sends_server(answer(Mechanism::Mysql41))
        .server(NOTICE)
        .sends_client(NOTICE)
        .server([&authenticated()[..], NOTICE].concat())
        .sends_client(authenticated())
        .enters(true, (b"", NOTICE));
}

#[test]
fn expect_result_to_expect_challenge_by_the_next_mechanism() {
    under_tls_alone()
        .observed(plain())
        .sends_server(start("MYSQL41", None))
        .server(challenge())
        .sends_server(answer(Mechanism::Mysql41))
        .server(denied())
        .sends_server(start("SHA256_MEMORY", None))
        .server(challenge())
        .sends_server(answer(Mechanism::Sha256Memory))
        .server(authenticated())
        .sends_client(authenticated())
        .enters(true, (b"", b""));
}

#[test]
fn expect_result_to_authenticating_by_an_error() {
    let message = format!("Access denied{}", authentication::ONLY_WITHOUT_TLS);
    under_tls_alone()
        .observed(plain())
        .sends_server(start("MYSQL41", None))
        .server(denied())
        .sends_server(start("SHA256_MEMORY", None))
        .server(denied())
        .sends_client(error(1045, &message))
        .observed(start("MYSQL41", None))
        .sends_server(start("MYSQL41", None))
        .server(challenge())
        .sends_client(challenge())
        .observed(answer(Mechanism::Mysql41))
        .sends_server(answer(Mechanism::Mysql41))
        .server(authenticated())
        .sends_client(authenticated())
        .enters(true, (b"", b""));
    under_tls_alone()
        .observed(plain())
        .sends_server(start("MYSQL41", None))
        .server(error(1040, "Too many connections"))
        .sends_client(error(1040, "Too many connections"))
        .waits_for_both();
    let fatal = |msg: &str| {
        of_server(Error {
            severity: Some(Severity::Fatal.into()),
            code: 1045,
            msg: msg.to_owned(),
            ..Error::default()
        })
    };
    under_tls_alone()
        .observed(plain())
        .sends_server(start("MYSQL41", None))
        .server(fatal("Access denied"))
        .sends_client(fatal(&message))
        .waits_for_both();
}

#[test]
fn authenticating_to_authenticating_by_data_that_is_none() {
    let start = start("PLAIN", Some(Bytes::from_static(b"ada")));
    under_tls_alone()
        .observed(&start)
        .sends_server(&start)
        .server(denied())
        .sends_client(denied())
        .closes(Client)
        .enters(true, (b"", b""));
}

#[test]
fn authenticating_to_done_by_what_is_no_part_of_a_login_or_by_an_end() {
    again()
        .observed(statement())
        .sends_server(statement())
        .enters(true, (b"", b""));
    again().closes(Client).enters(true, (b"", b""));
    again().closes(Server).enters(true, (b"", b""));
}

#[test]
fn authenticating_to_expect_answers_due_and_back() {
    again()
        .answer_is_due(true)
        .client(plain())
        .waits_without(Client)
        .server(ok())
        .sends_client(ok())
        .answer_is_due(false)
        .observes(plain())
        .sends_server(start("MYSQL41", None));
    again()
        .answer_is_due(true)
        .client(plain())
        .closes(Server)
        .observes(plain())
        .sends_server(start("MYSQL41", None))
        .loses(Server)
        .fails("the server was lost: connection reset", 0);
}

#[test]
fn authenticating_to_ended_by_a_message_that_is_too_long() {
    again()
        .client(b"\xff\xff\xff\x7f\x04")
        .fails("the client was lost: invalid data", 0);
}

#[test]
fn a_message_without_a_type_is_the_servers_to_refuse() {
    login(None, None)
        .observed([0; 4])
        .sends_server([0; 4])
        .server(error(1047, "no"))
        .sends_client(error(1047, "no"))
        .waits_for_both();
}

#[test]
fn a_classic_server_is_recognised_by_its_greeting() {
    login(None, None).server(b"\x05\0\0\0\x0a9.7\0").fails(
        "the client speaks the X Protocol, and the server the classic one",
        0,
    );
}

#[test]
fn a_side_that_is_lost_ends_a_login() {
    login(None, None)
        .closes(Client)
        .fails("the client was lost: unexpected end of file", 0);
    login(None, None)
        .closes(Server)
        .fails("the server was lost: unexpected end of file", 0);
    login(None, None)
        .observed(statement())
        .sends_server(statement())
        .loses(Server)
        .fails("the server was lost: connection reset", 0);
}

#[test]
fn a_login_that_takes_too_long_is_of_the_side_that_is_due() {
    login(None, None)
        .times_out()
        .fails("the client did not log in within 5 s", 0);
    login(None, None)
        .observed(get())
        .sends_server(get())
        .times_out()
        .fails("the server did not answer the login within 5 s", 0);
    // Both are under TLS, and the client says nothing.
    login(None, None)
        .observed(set(&["tls"]))
        .sends_server(set(&["tls"]))
        .server(ok())
        .sends_client(ok())
        .accepts_tls("")
        .encrypted(Client)
        .connects_tls()
        .encrypted(Server)
        .times_out()
        .fails("the client did not log in within 5 s", 0);
}
