//! The client's side against the server's, packet by packet and without a socket.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod support;

use std::sync::LazyLock;

use bytes::BytesMut;
use mynah_auth::client::Credentials;
use mynah_auth::rsa::PrivateKey;
use mynah_auth::{Channel, LongNonce};
use mynah_classic::Capabilities;
use mynah_classic::command::{
    ComChangeUser, ComInitDb, ComPing, ComQuery, ComResetConnection, Command,
};
use mynah_session::classic::client::{self, Client, ClientError};
use mynah_session::classic::server::{self, Server};
use mynah_session::classic::{Part, client::Event};
use mynah_session::{
    Account, Answer, Completion, Greeting, Outcome, Question, Reply, ResultSet, Rows, Tls,
};
use mynah_wire::PacketCodec;
use proptest::prelude::*;
use tokio_util::codec::Decoder;

/// The account that may log in, and the greeting.
struct Accounts {
    greeted: &'static str,
    demanded: Option<&'static str>,
    password: Option<&'static str>,
    capabilities: Option<Capabilities>,
}

impl Accounts {
    fn answer(&self, action: server::Action) -> Option<server::Event> {
        Some(match action {
            server::Action::Ask(Question::Greeting) => {
                server::Event::from(Answer::Greeting(Ok(Box::new(Greeting {
                    auth_method: Some(self.greeted.into()),
                    capabilities: self.capabilities,
                    ..Greeting::default()
                }))))
            }
            server::Action::Ask(Question::Account(_)) => {
                server::Event::from(Answer::Account(Ok(Box::new(Account {
                    username: Some("ada".into()),
                    password: self.password.map(Into::into),
                    auth_method_name: self.demanded.map(Into::into),
                    ..Account::default()
                }))))
            }
            server::Action::Ask(Question::Statement(statement)) => {
                server::Event::from(Answer::Reply(Box::new(reply(&statement.text))))
            }
            server::Action::Ask(Question::Command(_)) => server::Event::from(Answer::Command(None)),
            server::Action::Ask(Question::Nonce) => {
                server::Event::from(Answer::Nonce(LongNonce::from_bytes(&[3; 32])))
            }
            server::Action::Ask(Question::RsaKey) => {
                server::Event::from(Answer::RsaKey(Some(rsa_key())))
            }
            server::Action::StartTls => server::Event::TlsStarted(Tls::default()),
            server::Action::Flush => server::Event::Flushed,
            server::Action::Reset | server::Action::Close => return None,
            other => panic!("{other:?} isn't asked for by these commands"),
        })
    }
}

/// As many rows as the statement says, or OK.
fn reply(text: &[u8]) -> Reply {
    let count = std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok());
    let Some(count) = count else {
        return Outcome::Ok(Completion::default()).into();
    };
    let rows: Rows = std::iter::repeat_n([Some(&b"cell"[..]), None], count).collect();
    Outcome::Rows(ResultSet {
        columns: [support::column("a"), support::column("b")].into(),
        rows,
        end: Completion::default(),
        is_out_parameters: false,
    })
    .into()
}

/// Made once: that takes its time.
fn rsa_key() -> PrivateKey {
    static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().unwrap());
    KEY.clone()
}

fn client(password: &str) -> Client {
    client_over(Channel::Tls, password)
}

fn client_over(channel: Channel, password: &str) -> Client {
    Client::new(client::Options::new("ada", passwords(channel, password)))
}

fn passwords(channel: Channel, password: &str) -> Credentials {
    let mut passwords = Credentials::new(password, channel, LongNonce::from_bytes(&[9; 32]));
    passwords.server_key = mynah_auth::client::ServerKey::Ask;
    passwords
}

fn server_over(channel: Channel) -> Server {
    Server::new(server::Options {
        channel,
        ..support::options()
    })
}

/// Carries bytes between the two, so many at a time, until nothing moves.
fn relay(
    server: &mut Server,
    client: &mut Client,
    accounts: &Accounts,
    step: usize,
) -> Result<Vec<client::Action>, ClientError> {
    let (mut to_server, mut to_client) = (BytesMut::new(), BytesMut::new());
    let mut seen = Vec::new();
    loop {
        while let Some(action) = server.poll_action() {
            if let Some(event) = accounts.answer(action) {
                let moved = server.output().split();
                feed_client(client, &moved, step, &mut to_client, &mut seen)?;
                server.handle(event).unwrap();
            }
        }
        let (up, down) = (client.output().split(), server.output().split());
        if up.is_empty() && down.is_empty() {
            return Ok(seen);
        }
        feed_client(client, &down, step, &mut to_client, &mut seen)?;
        for piece in up.chunks(step) {
            to_server.extend_from_slice(piece);
            while let Some(packet) = PacketCodec.decode(&mut to_server).unwrap() {
                server.handle(server::Event::Packet(packet)).unwrap();
            }
        }
    }
}

fn feed_client(
    client: &mut Client,
    bytes: &[u8],
    step: usize,
    input: &mut BytesMut,
    seen: &mut Vec<client::Action>,
) -> Result<(), ClientError> {
    for piece in bytes.chunks(step) {
        input.extend_from_slice(piece);
        while let Some(packet) = PacketCodec.decode(input).unwrap() {
            client.handle(Event::Packet(packet))?;
            seen.extend(std::iter::from_fn(|| client.poll_action()));
        }
    }
    Ok(())
}

const METHODS: &[&str] = &[
    "caching_sha2_password",
    "mysql_native_password",
    "sha256_password",
    "mysql_clear_password",
    "client_ed25519",
    "parsec",
];

#[test]
fn every_method_logs_in_whatever_the_greeting_says() {
    for greeted in METHODS {
        for demanded in METHODS {
            for password in ["secret", ""] {
                let accounts = Accounts {
                    greeted,
                    demanded: Some(demanded),
                    password: Some(password),
                    capabilities: None,
                };
                let name = format!("{greeted} to {demanded} with '{password}'");
                for channel in [Channel::Tls, Channel::Local, Channel::Insecure] {
                    let in_clear = [*greeted, *demanded].contains(&"mysql_clear_password");
                    if channel == Channel::Insecure && in_clear {
                        continue;
                    }
                    let mut server = server_over(channel);
                    let mut client = client_over(channel, password);
                    let seen = relay(&mut server, &mut client, &accounts, 7);
                    let seen = seen.unwrap_or_else(|error| panic!("{name}, {channel:?}: {error}"));
                    assert!(
                        matches!(&seen[..], [client::Action::LoggedIn(_)]),
                        "{name}: {seen:?}"
                    );
                    assert!(client.shared().is_some(), "{name}");
                }
            }
        }
    }
}

#[test]
fn a_wrong_password_is_refused_by_every_method() {
    for demanded in METHODS {
        for (password, guess) in [("secret", "guess"), ("secret", ""), ("", "guess")] {
            let accounts = Accounts {
                greeted: "caching_sha2_password",
                demanded: Some(demanded),
                password: Some(password),
                capabilities: None,
            };
            let refused = relay(
                &mut server_over(Channel::Tls),
                &mut client(guess),
                &accounts,
                100,
            );
            match refused {
                Err(ClientError::Refused(error)) => assert_eq!(error.error_code, 1045),
                other => panic!("{demanded}, {guess} for {password}: {other:?}"),
            }
        }
    }
}

#[test]
fn without_an_account_any_password_gets_in() {
    for greeted in METHODS {
        let accounts = Accounts {
            greeted,
            demanded: None,
            password: None,
            capabilities: None,
        };
        let seen = relay(
            &mut server_over(Channel::Tls),
            &mut client("any"),
            &accounts,
            100,
        )
        .unwrap();
        assert!(
            matches!(&seen[..], [client::Action::LoggedIn(_)]),
            "{greeted}"
        );
    }
}

#[test]
fn another_user_logs_in_by_every_method() {
    for demanded in METHODS {
        let accounts = Accounts {
            greeted: "caching_sha2_password",
            demanded: Some(demanded),
            password: Some("secret"),
            capabilities: None,
        };
        let (mut server, mut client) = (server_over(Channel::Tls), client("secret"));
        relay(&mut server, &mut client, &accounts, 100).unwrap();
        let change = |user: &'static str| ComChangeUser {
            user: user.into(),
            schema_name: "ark".into(),
            character_set: 45,
            ..ComChangeUser::default()
        };
        let again = Event::ChangeUser(change("ada"), passwords(Channel::Tls, "secret"));
        client.handle(again).unwrap();
        let seen = relay(&mut server, &mut client, &accounts, 100).unwrap();
        assert!(
            matches!(&seen[..], [client::Action::LoggedIn(_)]),
            "{demanded}: {seen:?}"
        );
        let session = server.session().unwrap();
        assert_eq!(session.schema.as_deref(), Some(&b"ark"[..]), "{demanded}");
        for (user, password) in [("ada", "guess"), ("eve", "secret")] {
            let (mut server, mut client) = (
                server_over(Channel::Tls),
                client_over(Channel::Tls, "secret"),
            );
            relay(&mut server, &mut client, &accounts, 100).unwrap();
            let wrong = Event::ChangeUser(change(user), passwords(Channel::Tls, password));
            client.handle(wrong).unwrap();
            match relay(&mut server, &mut client, &accounts, 100) {
                Err(ClientError::Refused(error)) => assert_eq!(error.error_code, 1045),
                other => panic!("{demanded}, {user}: {other:?}"),
            }
            assert!(server.login().is_none(), "{demanded}, {user}");
        }
    }
}

proptest! {
    #[test]
    fn answers_come_whole_however_the_bytes_are_cut(
        rows in 0usize..300,
        step in 1usize..2000,
        deprecate_eof: bool,
    ) {
        let mut capabilities = Capabilities::from_halves(0x1fe_a2df, 0);
        capabilities.set(Capabilities::DEPRECATE_EOF, deprecate_eof);
        let accounts = Accounts {
            greeted: "caching_sha2_password",
            demanded: None,
            password: Some("secret"),
            capabilities: Some(capabilities),
        };
        let (mut server, mut client) = (server_over(Channel::Tls), client("secret"));
        relay(&mut server, &mut client, &accounts, step).unwrap();
        let mut run = |command: Command| {
            client.handle(Event::Command(command)).unwrap();
            let seen = relay(&mut server, &mut client, &accounts, step).unwrap();
            let (last, parts) = seen.split_last().unwrap();
            assert_eq!(last, &client::Action::Answered);
            parts.iter().map(|action| match action {
                client::Action::Received(part, _) => *part,
                other => panic!("{other:?}"),
            }).collect::<Vec<_>>()
        };
        let query = |text: String| Command::Query(ComQuery::new(text));
        let parts = run(query(rows.to_string()));
        let found = parts.iter().filter(|part| **part == Part::TextRow).count();
        prop_assert_eq!(found, rows);
        let schema = ComInitDb { schema_name: "zoo".into() };
        for command in [
            query("do".into()),
            Command::Ping(ComPing),
            Command::InitDb(schema),
            Command::ResetConnection(ComResetConnection),
        ] {
            prop_assert_eq!(run(command), [Part::Ok]);
        }
    }
}
