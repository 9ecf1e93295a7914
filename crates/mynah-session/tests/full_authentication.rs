//! `caching_sha2_password` in full: when a client has to send its password, and what goes wrong.

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
use mynah_auth::client::{Credentials, ServerKey};
use mynah_auth::rsa::PrivateKey;
use mynah_auth::server::PasswordCache;
use mynah_auth::{Channel, LongNonce};
use mynah_classic::command::ComChangeUser;
use mynah_classic::response::SqlState;
use mynah_session::classic::client::{self, Client, ClientError};
use mynah_session::classic::server::{Action, Event, Options, Server};
use mynah_session::{Account, Answer, Failure, FullAuthentication, Greeting, PublicKey, Question};
use mynah_wire::PacketCodec;
use tokio_util::codec::Decoder;

/// A server's connections: what the account asks for, and what is remembered between them.
struct Host {
    account: Account,
    channel: Channel,
    passwords: PasswordCache,
}

/// What a client got at a login: data of the method, and the outcome.
type Received = (Vec<&'static str>, Result<(), u16>);

const FAST: &str = "fast";
const IN_FULL: &str = "in full";
const KEY: &str = "key";

/// In place of the server's number: the client itself can't go on.
const GIVES_UP: u16 = 0;

impl Host {
    fn new(full: FullAuthentication, channel: Channel) -> Self {
        Self {
            account: Account {
                username: Some("ada".into()),
                password: Some("secret".into()),
                full,
                ..Account::default()
            },
            channel,
            passwords: PasswordCache::default(),
        }
    }

    fn connect(&self) -> Server {
        Server::new(Options {
            channel: self.channel,
            passwords: self.passwords.clone(),
            ..support::options()
        })
    }

    fn log_in(&self, password: &str) -> Received {
        let mut client = Client::new(client::Options::new("ada", self.passwords(password)));
        self.relay(&mut self.connect(), &mut client)
    }

    fn passwords(&self, password: &str) -> Credentials {
        let mut passwords =
            Credentials::new(password, self.channel, LongNonce::from_bytes(&[9; 32]));
        passwords.server_key = ServerKey::Ask;
        passwords
    }

    /// Carries packets between the two until nothing moves.
    fn relay(&self, server: &mut Server, client: &mut Client) -> Received {
        let mut received = Vec::new();
        let (mut up, mut down) = (BytesMut::new(), BytesMut::new());
        loop {
            while let Some(action) = server.poll_action() {
                let answer = match action {
                    Action::Ask(Question::Greeting) => {
                        Event::from(Answer::Greeting(Ok(Box::new(Greeting::default()))))
                    }
                    Action::Ask(Question::Account(_)) => {
                        Event::from(Answer::Account(Ok(Box::new(self.account.clone()))))
                    }
                    Action::Ask(Question::Nonce) => {
                        Event::from(Answer::Nonce(LongNonce::from_bytes(&[3; 32])))
                    }
                    Action::Ask(Question::RsaKey) => Event::from(Answer::RsaKey(Some(rsa_key()))),
                    Action::Close => continue,
                    other => panic!("{other:?}"),
                };
                server.handle(answer).unwrap();
            }
            down.extend_from_slice(&server.output().split());
            while let Some(packet) = PacketCodec.decode(&mut down).unwrap() {
                match &packet.payload[..] {
                    [1, 3] => received.push(FAST),
                    [1, 4] => received.push(IN_FULL),
                    [1, ..] => received.push(KEY),
                    _ => {}
                }
                match client.handle(client::Event::Packet(packet)) {
                    Ok(()) => {}
                    Err(ClientError::Refused(error)) => return (received, Err(error.error_code)),
                    Err(ClientError::Auth(_)) => return (received, Err(GIVES_UP)),
                    Err(error) => panic!("{error}"),
                }
            }
            up.extend_from_slice(&client.output().split());
            if up.is_empty() {
                return (received, Ok(()));
            }
            while let Some(packet) = PacketCodec.decode(&mut up).unwrap() {
                server.handle(Event::Packet(packet)).unwrap();
            }
        }
    }
}

/// Made once: that takes its time.
fn rsa_key() -> PrivateKey {
    static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate().unwrap());
    KEY.clone()
}

const CHANNELS: [(Channel, &[&str]); 3] = [
    (Channel::Insecure, &[IN_FULL, KEY]),
    (Channel::Tls, &[IN_FULL]),
    (Channel::Local, &[IN_FULL]),
];

#[test]
fn the_first_login_is_in_full_and_those_that_follow_are_fast() {
    for (channel, in_full) in CHANNELS {
        let host = Host::new(FullAuthentication::First, channel);
        assert_eq!(host.log_in("secret"), (in_full.to_vec(), Ok(())));
        assert_eq!(host.log_in("secret"), (vec![FAST], Ok(())));
        assert_eq!(host.log_in("secret"), (vec![FAST], Ok(())));
        let wrong = (in_full.to_vec(), Err(1045));
        assert_eq!(host.log_in("guess"), wrong, "the password may be a new one");
        assert_eq!(host.log_in("secret"), (vec![FAST], Ok(())));
    }
}

#[test]
fn a_password_that_was_replaced_is_not_remembered() {
    for (channel, in_full) in CHANNELS {
        let mut host = Host::new(FullAuthentication::First, channel);
        assert_eq!(host.log_in("secret"), (in_full.to_vec(), Ok(())));
        host.account.password = Some("another".into());
        assert_eq!(host.log_in("secret"), (in_full.to_vec(), Err(1045)));
        assert_eq!(host.log_in("another"), (in_full.to_vec(), Ok(())));
        assert_eq!(host.log_in("another"), (vec![FAST], Ok(())));
    }
}

#[test]
fn a_login_that_fails_is_not_remembered() {
    for (channel, in_full) in CHANNELS {
        let host = Host::new(FullAuthentication::First, channel);
        assert_eq!(host.log_in("guess"), (in_full.to_vec(), Err(1045)));
        assert_eq!(host.log_in("secret"), (in_full.to_vec(), Ok(())));
    }
}

#[test]
fn each_login_is_in_full_if_the_account_says_so() {
    for (channel, in_full) in CHANNELS {
        let host = Host::new(FullAuthentication::Always, channel);
        for _ in 0..2 {
            assert_eq!(host.log_in("secret"), (in_full.to_vec(), Ok(())));
        }
        assert_eq!(host.log_in("guess"), (in_full.to_vec(), Err(1045)));
    }
}

#[test]
fn without_it_a_password_that_is_right_is_never_sent() {
    for (channel, _) in CHANNELS {
        let host = Host::new(FullAuthentication::Never, channel);
        assert_eq!(host.log_in("secret"), (vec![FAST], Ok(())));
    }
}

#[test]
fn an_empty_password_is_never_asked_for() {
    let mut host = Host::new(FullAuthentication::Always, Channel::Insecure);
    host.account.password = Some("".into());
    assert_eq!(host.log_in(""), (vec![], Ok(())));
}

#[test]
fn any_password_may_be_remembered_where_any_is_right() {
    let mut host = Host::new(FullAuthentication::First, Channel::Insecure);
    host.account.password = None;
    assert_eq!(host.log_in("one"), (vec![IN_FULL, KEY], Ok(())));
    assert_eq!(host.log_in("one"), (vec![FAST], Ok(())));
    assert_eq!(host.log_in("another"), (vec![IN_FULL, KEY], Ok(())));
}

#[test]
fn a_key_may_be_another_one_none_or_refused() {
    for password in [Some("secret".into()), None] {
        let mut host = Host::new(FullAuthentication::Always, Channel::Insecure);
        host.account.password = password;
        host.account.public_key = PublicKey::Wrong;
        assert_eq!(host.log_in("secret"), (vec![IN_FULL, KEY], Err(1045)));
        host.account.public_key = PublicKey::Refused;
        assert_eq!(host.log_in("secret"), (vec![IN_FULL], Err(1045)));
        host.account.public_key = PublicKey::Broken;
        assert_eq!(host.log_in("secret"), (vec![IN_FULL, KEY], Err(GIVES_UP)));
    }
}

#[test]
fn another_user_of_the_connection_is_asked_in_full_as_well() {
    let host = Host::new(FullAuthentication::First, Channel::Insecure);
    let always = Host::new(FullAuthentication::Always, Channel::Insecure);
    for (host, again) in [(&host, vec![FAST]), (&always, vec![IN_FULL, KEY])] {
        let (mut server, mut client) = (
            host.connect(),
            Client::new(client::Options::new("ada", host.passwords("secret"))),
        );
        let first = host.relay(&mut server, &mut client);
        assert_eq!(first, (vec![IN_FULL, KEY], Ok(())));
        for (password, received) in [
            ("secret", (again, Ok(()))),
            ("guess", (vec![IN_FULL, KEY], Err(1045))),
        ] {
            let change = ComChangeUser {
                user: "ada".into(),
                character_set: 45,
                ..ComChangeUser::default()
            };
            let change = client::Event::ChangeUser(change, host.passwords(password));
            client.handle(change).unwrap();
            assert_eq!(host.relay(&mut server, &mut client), received);
        }
    }
}

#[test]
fn an_error_follows_the_authentication_and_a_wrong_password_is_denied_as_ever() {
    for (full, received) in [
        (FullAuthentication::Never, vec![FAST]),
        (FullAuthentication::Always, vec![IN_FULL]),
    ] {
        let mut host = Host::new(full, Channel::Tls);
        host.account.error = Some(Failure {
            code: 1226,
            sql_state: SqlState(*b"42000"),
            message: "User 'ada' has exceeded the 'max_user_connections' resource".into(),
        });
        assert_eq!(host.log_in("secret"), (received, Err(1226)));
        assert_eq!(host.log_in("guess"), (vec![IN_FULL], Err(1045)));
    }
}
