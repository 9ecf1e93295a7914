use mynah_testkit::servers::RealServer;

use super::Side;
use crate::{
    asked::{Asked, STRANGER, Which},
    client::{Client, LIBMARIADB, LIBMARIADB_118, LIBMYSQLCLIENT},
};

/// Logins that succeed, and logins that fail.
pub(crate) fn plan(side: Side) -> Vec<Asked> {
    let mut plan = common(side);
    plan.extend(match side.server {
        RealServer::MySql97 => mysql_97(side),
        RealServer::MySql56 => mysql_56(side),
        RealServer::MariaDb118 => [native(side), mariadb(side), mariadb_118(side)].concat(),
        _ => [native(side), mariadb(side), old_password(side)].concat(),
    });
    plan
}

fn login(side: Side, name: &str, what: &str) -> Asked {
    side.own("query.c", name, what)
}

fn common(side: Side) -> Vec<Asked> {
    let nothing = "nothing after the login";
    let mut plan = side
        .both("query.c", "login", nothing, |asked| asked)
        .to_vec();
    plan.extend([
        login(side, "login-without-schema", nothing).without_schema(),
        login(
            side,
            "login-attributes",
            "two connection attributes more than the library's own",
        )
        .options(&["attributes"]),
        login(
            side,
            "login-found-rows-interactive",
            "FOUND_ROWS and INTERACTIVE",
        )
        .options(&["found-rows", "interactive"]),
        login(side, "login-latin1", "another character set").options(&["charset=latin1"]),
        login(side, "login-no-such-user", "a user there isn't")
            .options(&["get-key"])
            .user(STRANGER)
            .fails(),
        login(side, "login-no-such-schema", "a schema there isn't")
            .schema("nowhere")
            .fails(),
        side.raw(
            "login-too-many-connections",
            "one connection too many: an ERR instead of a greeting",
        )
        .options(&["flood=12"])
        .before(["SET GLOBAL max_connections = 10"])
        .connection(Which::Last),
        side.raw("login-protocol-4-0", "a greeting answered with garbage")
            .options(&["flags=0"])
            .fails(),
        login(
            side,
            "login-as-before",
            "after there were too many connections, all is well again",
        )
        .before(["SET GLOBAL max_connections = 100"]),
    ]);
    plan
}

fn native(side: Side) -> Vec<Asked> {
    let mut plan = side
        .both(
            "query.c",
            "login-native",
            "mysql_native_password",
            |asked| asked.user("native"),
        )
        .to_vec();
    plan.extend([
        login(
            side,
            "login-native-wrong-password",
            "mysql_native_password, another password",
        )
        .user("native")
        .password("not this one")
        .fails(),
        login(
            side,
            "login-native-no-password",
            "mysql_native_password, no password",
        )
        .user("native")
        .password("")
        .fails(),
    ]);
    plan
}

fn mysql_97(side: Side) -> Vec<Asked> {
    let forget = ["FLUSH PRIVILEGES"];
    let sha2 = |name, what| login(side, name, what).user("sha2");
    let sha256 = |name, what| login(side, name, what).user("sha256");
    vec![
        sha2(
            "login-caching-sha2-full",
            "caching_sha2_password, full: the key asked for, RSA",
        )
        .options(&["get-key"])
        .before(forget),
        sha2(
            "login-caching-sha2-fast",
            "caching_sha2_password, fast: the password is in the cache",
        ),
        sha2(
            "login-caching-sha2-insecure",
            "caching_sha2_password, full, and the client won't send it",
        )
        .before(forget)
        .fails(),
        sha2(
            "login-caching-sha2-wrong-password",
            "caching_sha2_password, full, another password",
        )
        .options(&["get-key"])
        .password("not this one")
        .before(forget)
        .fails(),
        sha2(
            "login-caching-sha2-no-password",
            "caching_sha2_password, no password",
        )
        .password("")
        .fails(),
        Asked::new(
            "login-caching-sha2-full-libmariadb",
            "caching_sha2_password, full: the key asked for, RSA",
            Client::C(LIBMARIADB, "query.c"),
        )
        .user("sha2")
        .before(forget),
        sha256(
            "login-sha256",
            "sha256_password: first another method, the key asked for, RSA",
        )
        .options(&["get-key"]),
        sha256(
            "login-sha256-first",
            "sha256_password: the client's first choice, RSA",
        )
        .options(&["get-key", "auth=sha256_password"]),
        sha256(
            "login-sha256-wrong-password",
            "sha256_password, another password",
        )
        .options(&["get-key"])
        .password("not this one")
        .fails(),
        sha2(
            "login-switch-to-caching-sha2",
            "another method first: AuthSwitchRequest to caching_sha2_password",
        )
        .options(&["auth=sha256_password", "get-key"]),
        login(
            side,
            "login-switch-without-password",
            "another method first: AuthSwitchRequest, no password",
        )
        .options(&["auth=mysql_native_password"]),
        sha2(
            "login-expired",
            "an expired password, a client that can handle it: only SET PASSWORD is allowed",
        )
        .options(&["expired", "errors", "get-key"])
        .before(["DROP USER IF EXISTS expired", EXPIRED])
        .user("expired")
        .without_schema()
        .with(["SELECT 1"]),
        login(
            side,
            "login-expired-refused",
            "an expired password, a client that can't handle it",
        )
        .options(&["get-key"])
        .user("expired")
        .without_schema()
        .fails(),
        login(side, "login-locked", "a locked account")
            .options(&["get-key"])
            .before([
                "DROP USER IF EXISTS locked",
                "CREATE USER locked IDENTIFIED BY 'throw-away' ACCOUNT LOCK",
            ])
            .user("locked")
            .fails(),
    ]
}

const EXPIRED: &str = "CREATE USER expired IDENTIFIED BY 'throw-away' PASSWORD EXPIRE";

fn mysql_56(side: Side) -> Vec<Asked> {
    let mut plan = native(side);
    plan.extend(old_password(side));
    plan
}

/// mysql_old_password with a client that supports it, and with one that refuses it.
fn old_password(side: Side) -> Vec<Asked> {
    let old = |name: &str, what: &str| {
        Asked::new(name, what, Client::C(LIBMARIADB, "query.c")).user("old")
    };
    vec![
        old("login-old-password", "mysql_old_password").options(&["old-auth"]),
        Asked::new(
            "login-old-password-unknown",
            "mysql_old_password, which the client doesn't know",
            Client::C(LIBMYSQLCLIENT, "query.c"),
        )
        .user("old")
        .fails(),
        side.raw(
            "login-without-plugin-auth",
            "a client that knows no authentication plugins",
        )
        .options(&["flags=0000a20d"])
        .with(["0e"]),
        side.raw(
            "login-without-plugin-auth-old-password",
            "the same, for an account with mysql_old_password",
        )
        .options(&["flags=0000a20d"])
        .user("old")
        .fails(),
    ]
}

fn mariadb(side: Side) -> Vec<Asked> {
    let pam = if side.is(RealServer::MariaDb118) {
        (
            "login-cleartext",
            "mysql_clear_password (PAM), a password PAM doesn't know",
        )
    } else {
        ("login-dialog", "dialog (PAM), a password PAM doesn't know")
    };
    vec![
        login(
            side,
            "login-ed25519",
            "client_ed25519, by AuthSwitchRequest",
        )
        .user("ed25519"),
        login(
            side,
            "login-ed25519-first",
            "client_ed25519: the client's first choice",
        )
        .options(&["auth=client_ed25519"])
        .user("ed25519"),
        login(
            side,
            "login-ed25519-wrong-password",
            "client_ed25519, another password",
        )
        .user("ed25519")
        .password("not this one")
        .fails(),
        side.other(
            "query.c",
            "login-ed25519-unknown",
            "client_ed25519, which the client doesn't know",
        )
        .user("ed25519")
        .fails(),
        login(side, pam.0, pam.1)
            .before([
                "INSTALL SONAME 'auth_pam_v1'",
                "CREATE OR REPLACE USER pam IDENTIFIED VIA pam",
            ])
            .user("pam")
            .fails(),
        login(side, "login-locked", "a locked account")
            .before(["CREATE OR REPLACE USER locked IDENTIFIED BY 'throw-away' ACCOUNT LOCK"])
            .user("locked")
            .fails(),
        login(
            side,
            "login-expired",
            "an expired password, a client that can handle it: only SET PASSWORD is allowed",
        )
        .options(&["expired", "errors"])
        .before(["CREATE OR REPLACE USER expired IDENTIFIED BY 'throw-away' PASSWORD EXPIRE"])
        .user("expired")
        .without_schema()
        .with(["SELECT 1"]),
        login(
            side,
            "login-expired-refused",
            "an expired password, a client that can't handle it",
        )
        .before(["SET GLOBAL disconnect_on_expired_password = ON"])
        .user("expired")
        .without_schema()
        .fails(),
        login(
            side,
            "login-two-methods",
            "two methods: the first fails, AuthSwitchRequest, the second succeeds",
        )
        .before([
            "CREATE OR REPLACE USER either IDENTIFIED VIA ed25519 USING PASSWORD('not this one') \
                 OR mysql_native_password USING PASSWORD('throw-away')",
        ])
        .user("either")
        .without_schema(),
    ]
}

fn mariadb_118(side: Side) -> Vec<Asked> {
    let of_118 =
        |name: &str, what: &str| Asked::new(name, what, Client::C(LIBMARIADB_118, "query.c"));
    let forget = ["FLUSH PRIVILEGES"];
    vec![
        of_118("login-parsec", "parsec").user("parsec"),
        of_118("login-parsec-wrong-password", "parsec, another password")
            .user("parsec")
            .password("not this one")
            .fails(),
        of_118(
            "login-caching-sha2-full",
            "caching_sha2_password, full: the key asked for, RSA",
        )
        .user("sha2")
        .before(forget),
        of_118(
            "login-caching-sha2-fast",
            "caching_sha2_password, fast: the password is in the cache",
        )
        .user("sha2"),
        of_118(
            "login-caching-sha2-wrong-password",
            "caching_sha2_password, another password",
        )
        .user("sha2")
        .password("not this one")
        .fails(),
        side.other(
            "query.c",
            "login-caching-sha2-full",
            "caching_sha2_password, full: the key asked for, RSA",
        )
        .options(&["get-key"])
        .user("sha2")
        .before(forget),
    ]
}
