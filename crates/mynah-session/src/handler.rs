use crate::{Account, Failure, Greeting, Login, Reply, Statement};

/// Answers what one client's session asks, in order. The trace behind a mock is one.
pub trait Handler {
    /// The connection is there: what is the client greeted with?
    ///
    /// # Errors
    /// What the client gets in place of a greeting; the connection then ends.
    fn greeting(&mut self) -> Result<Greeting, Failure>;

    /// The client said who it is: who may log in?
    ///
    /// # Errors
    /// What the client gets in place of a login; the connection then ends.
    fn login(&mut self, login: &Login) -> Result<Account, Failure>;

    /// The client wants a statement answered.
    fn statement(&mut self, statement: &Statement) -> Reply;
}

/// What is known of a connection when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The connection's number, from 1.
    pub id: u32,
    /// The server's TCP port it came in at; 0 for a local socket.
    pub port: u16,
}
