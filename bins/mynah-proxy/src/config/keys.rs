//! The keys that a configuration file may have.

/// A key of a configuration file.
#[derive(Debug)]
pub(super) struct Key {
    /// The path from the top; `*` stands for a name that the file gives.
    pub(super) path: &'static str,
    /// The option of the command line with the same meaning.
    pub(super) option: &'static str,
    pub(super) kind: Kind,
    /// What it means, for the schema.
    pub(super) about: &'static str,
}

/// Which values a key may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text that other code checks.
    Text,
    /// Such texts.
    Texts,
    /// Such texts, which the option separates by commas.
    Joined,
    /// The names of servers, at least one, each once.
    Servers,
    /// An address, as `--listen` and `--upstream` have it. A path is relative to the folder of the file.
    Address,
    /// The path of a file to read, relative to the folder of the configuration file.
    Input,
    /// The path of a file or folder to write, relative to the folder of the configuration file.
    Output,
    /// A time with a unit.
    Time,
    /// A time with a unit, or `off`.
    TimeOrOff,
    /// A number of bytes, with or without a unit.
    Size,
    /// Octal permissions, as a text.
    Permissions,
    /// A whole number within these bounds.
    Number(u64, u64),
    /// One of these words. Those of digits are numbers in the file.
    Choice(&'static [&'static str]),
    /// Whether the option is given.
    Flag,
}

/// The names below a path, such as `checks` below `""`, in the order of the table.
pub(super) fn names_below(path: &str) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for key in KEYS {
        let rest = match path {
            "" => Some(key.path),
            _ => key
                .path
                .strip_prefix(path)
                .and_then(|rest| rest.strip_prefix('.')),
        };
        let name = rest.and_then(|rest| rest.split('.').next());
        if let Some(name) = name
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The key of a path, if the path is one of a value.
pub(super) fn key(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The keys that a table at this path must have.
pub(super) fn required(path: &str) -> &'static [&'static str] {
    match path {
        "" => &["listeners", "servers"],
        "listeners.*" => &["address", "servers"],
        "servers.*" => &["address"],
        _ => &[],
    }
}

/// What a table means, for the schema.
pub(super) fn about_table(path: &str) -> &'static str {
    let mut tables = TABLES.iter();
    let found = tables.find(|(table, _)| *table == path);
    found.map_or("", |(_, about)| about)
}

const fn entry(path: &'static str, option: &'static str, kind: Kind, about: &'static str) -> Key {
    Key {
        path,
        option,
        kind,
        about,
    }
}

const TLS_MODES: Kind = Kind::Choice(&["disabled", "preferred", "required"]);

#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    entry("listeners.*.address", "--listen", Kind::Address, "The address on which clients connect: HOST:PORT, PORT, or the path of a Unix socket; port 0 for any free port."),
    entry("listeners.*.servers", "--upstream", Kind::Servers, "The names of the servers, of which each connection gets one."),
    entry("listeners.*.protocol", "--protocol", Kind::Choice(&["auto", "classic", "x"]), "The protocol of the servers; auto finds it out for each connection. The default is auto."),
    entry("listeners.*.policy", "--upstream-policy", Kind::Choice(&["first-available", "round-robin"]), "Which of several servers a connection gets. The default is first-available."),
    entry("servers.*.address", "--upstream", Kind::Address, "The address of the server: HOST:PORT, PORT, or the path of a Unix socket."),
    entry("listener_defaults.socket_mode", "--socket-mode", Kind::Permissions, "The permissions of Unix sockets, in octal as for chmod. The default is 0777."),
    entry("listener_defaults.accept_proxy_protocol", "--accept-proxy-protocol", Kind::Joined, "Addresses and networks whose connections begin with a header of the PROXY protocol; localhost for Unix sockets, * for all."),
    entry("listener_defaults.tls.handling", "--tls", Kind::Choice(&["terminate", "passthrough"]), "Whether TLS of clients ends at the proxy, or passes unread. The default is terminate."),
    entry("listener_defaults.tls.mode", "--client-tls", TLS_MODES, "Whether clients may or must use TLS. By default as the server offers it."),
    entry("listener_defaults.tls.cert", "--client-tls-cert", Kind::Input, "The file with the proxy's certificate for clients, in PEM."),
    entry("listener_defaults.tls.key", "--client-tls-key", Kind::Input, "The file with the key of the certificate, in PEM."),
    entry("listener_defaults.tls.self_signed", "--client-tls-self-signed", Kind::Output, "The folder in which a self-signed certificate is made once and kept."),
    entry("listener_defaults.tls.ca", "--client-tls-ca", Kind::Input, "The file with authorities for verifying client certificates, in PEM."),
    entry("server_defaults.max_connections", "--upstream-max-connections", Kind::Number(1, 1_000_000), "The most connections at a time to each server of a listener with several. By default there is no limit."),
    entry("server_defaults.slow_start", "--upstream-slow-start", Kind::TimeOrOff, "How long the share of connections grows for a server that comes back. The default is 30s."),
    entry("server_defaults.send_proxy_protocol", "--send-proxy-protocol", Kind::Choice(&["v1", "v2"]), "The version of the PROXY protocol whose header servers get. By default they get none."),
    entry("server_defaults.check.interval", "--upstream-check-interval", Kind::Time, "The time between two checks. The default is 2s."),
    entry("server_defaults.check.timeout", "--upstream-check-timeout", Kind::Time, "The time after which a check counts as failed. The default is 5s."),
    entry("server_defaults.check.rise", "--upstream-check-rise", Kind::Number(1, 1000), "How many checks in a row a server that is down must pass to be up. The default is 2."),
    entry("server_defaults.check.fall", "--upstream-check-fall", Kind::Number(1, 1000), "How many checks in a row a server that is up must fail to be down. The default is 3."),
    entry("server_defaults.check.user", "--upstream-check-user", Kind::Text, "The user by which checks log in over the classic protocol."),
    entry("server_defaults.check.password_file", "--upstream-check-password-file", Kind::Input, "The file with the password of the user."),
    entry("server_defaults.tls.mode", "--server-tls", TLS_MODES, "Whether the proxy uses TLS with servers. By default as the client does."),
    entry("server_defaults.tls.verify", "--server-tls-verify", Kind::Choice(&["nothing", "ca", "identity"]), "What is verified of a server's certificate. The default is nothing; with ca it is ca."),
    entry("server_defaults.tls.ca", "--server-tls-ca", Kind::Input, "The file with authorities for verifying server certificates, in PEM."),
    entry("server_defaults.tls.cert", "--server-tls-cert", Kind::Input, "The file with the proxy's certificate for servers that ask for one, in PEM."),
    entry("server_defaults.tls.key", "--server-tls-key", Kind::Input, "The file with the key of the certificate, in PEM."),
    entry("limits.max_connections", "--max-connections", Kind::Number(1, 1_000_000), "The most clients at a time. By default there is no limit."),
    entry("limits.workers", "--workers", Kind::Number(1, 1024), "The number of threads that serve clients. By default one per processor."),
    entry("timeouts.connect", "--connect-timeout", Kind::Time, "The longest time that a server may take to accept a connection and to send its greeting. The default is 10s."),
    entry("timeouts.login", "--login-timeout", Kind::Time, "The longest time that a login may take. The default is 60s."),
    entry("timeouts.idle", "--idle-timeout", Kind::Time, "The time without traffic after which a connection is closed. By default it isn't closed."),
    entry("timeouts.drain", "--drain", Kind::Time, "How long open connections may continue when the program ends. The default is 10s."),
    entry("http.address", "--http-port", Kind::Text, "The address of the HTTP listener: HOST:PORT or PORT."),
    entry("http.token_file", "--http-token-file", Kind::Input, "The file with a token that HTTP requests must have."),
    entry("http.digests", "--digests", Kind::Number(0, 100_000), "How many digests of statements are counted at most. The default is 1000."),
    entry("trace.level", "--trace", Kind::Choice(&["off", "0", "1", "2", "3", "4"]), "The level of detail. The default is 1."),
    entry("trace.format", "--format", Kind::Choice(&["text", "json", "hex"]), "The format of the trace. The default is text."),
    entry("trace.output", "--output", Kind::Output, "The file to append the trace to; for hex, a folder. By default it is written to standard output."),
    entry("trace.rotate", "--rotate", Kind::Size, "The size at which the trace's file is renamed and a new one begun."),
    entry("trace.keep", "--keep", Kind::Number(0, 1000), "How many renamed files are kept. The default is 5."),
    entry("trace.overflow", "--trace-overflow", Kind::Choice(&["block", "drop"]), "What happens if the trace is written too slowly. The default is block."),
    entry("trace.filter", "--filter", Kind::Text, "Which commands are traced."),
    entry("trace.only", "--only", Kind::Text, "Which connections are traced."),
    entry("trace.colour", "--colour", Kind::Choice(&["auto", "always", "never"]), "Whether text has colours. The default is auto."),
    entry("trace.slow", "--slow", Kind::Time, "The duration from which commands are highlighted. The default is 1s."),
    entry("trace.summary", "--summary", Kind::Flag, "Whether a summary is printed at the end."),
    entry("trace.width", "--width", Kind::Number(0, 4_294_967_295), "How many characters of a statement, value or field text shows, 0 for all. The default is 500."),
    entry("trace.show_secrets", "--show-secrets", Kind::Flag, "Whether passwords are shown."),
    entry("trace.redact", "--redact", Kind::Texts, "Regular expressions for text that is hidden, in addition to passwords."),
    entry("faults.rules", "--fault", Kind::Texts, "Rules for faults that are played on purpose."),
    entry("faults.file", "--faults", Kind::Input, "The file with such rules: one per line, or a JSON list."),
    entry("faults.seed", "--fault-seed", Kind::Number(0, 9_223_372_036_854_775_807), "The seed of random faults. The default is 0."),
    entry("log.verbose", "--verbose", Kind::Flag, "Whether connections are logged, too, not only warnings and errors."),
];

const TABLES: &[(&str, &str)] = &[
    (
        "listeners",
        "The addresses on which clients connect, each by a name.",
    ),
    (
        "servers",
        "The servers that listeners forward to, each by a name.",
    ),
    ("listener_defaults", "What holds for all listeners."),
    ("listener_defaults.tls", "TLS with clients."),
    ("server_defaults", "What holds for all servers."),
    (
        "server_defaults.check",
        "Checks of the servers of listeners with several.",
    ),
    ("server_defaults.tls", "TLS with servers."),
    ("limits", "Limits of the whole proxy."),
    ("timeouts", "Times after which something is given up."),
    ("http", "The HTTP listener."),
    ("trace", "The trace of the traffic."),
    ("faults", "Faults that are played on purpose."),
    ("log", "What is logged on standard error."),
];
