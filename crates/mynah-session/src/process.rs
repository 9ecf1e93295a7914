/// The numbers that a server reports for COM_STATISTICS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// The seconds since the server was started.
    pub uptime: u64,
    /// How many connections to the server are open.
    pub threads: u64,
    /// How many statements clients have sent since the server was started.
    pub questions: u64,
    /// How many statements took long; 0 if the server doesn't count them.
    pub slow_queries: u64,
    /// How many tables the server has opened since it was started.
    pub opens: u64,
    /// How many tables are open.
    pub open_tables: u64,
}

/// An open connection, as COM_PROCESS_INFO and the X Protocol's `list_clients` report it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// The id of the connection.
    pub id: u32,
    /// The name of the logged-in user; `None` before the login.
    pub user: Option<String>,
    /// The client's address, as SHOW PROCESSLIST has it: `localhost` or `192.0.2.7:51234`.
    pub host: String,
    /// The schema in use; `None` if there is none.
    pub schema: Option<String>,
    /// The seconds since the connection was opened.
    pub time: u64,
}
