/// The numbers of a server that COM_STATISTICS returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// For how many seconds it has been running.
    pub uptime: u64,
    /// How many connections are open.
    pub threads: u64,
    /// How many statements clients have sent.
    pub questions: u64,
}

/// A connection, as COM_PROCESS_INFO and the X Protocol's `list_clients` show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub id: u32,
    /// The user that is logged in; absent before that.
    pub user: Option<String>,
    /// Where it comes from.
    pub host: String,
    /// The schema in use, if there is one.
    pub schema: Option<String>,
    /// For how many seconds it has been there.
    pub time: u64,
}
