use std::time::Duration;

/// Bounds on the resources that the clients of a [`Server`](crate::Server) use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections may be open at once, of both protocols together; 4,096 by default. Further clients get
    /// error 1040. A connection that the server has refused or ended doesn't count while its client reads the last
    /// message.
    pub connections: usize,
    /// How long a client may read nothing while bytes wait for it, before it is disconnected; 60 seconds by default.
    pub write_timeout: Duration,
    /// How long a session waits for the next command of a logged-in client; 8 hours by default, as with MySQL's
    /// servers. A client that is idle for longer gets error 4031 and is disconnected.
    pub idle_timeout: Duration,
    /// How many bytes the messages of all clients may take together while they are read and
    /// answered; 1 GiB by default. Messages of up to 64 KiB aren't counted and don't wait. Of larger
    /// ones, a further message waits until others are answered, and one that exceeds this limit waits
    /// for all others.
    pub input: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            write_timeout: Duration::from_secs(60),
            idle_timeout: Duration::from_secs(8 * 60 * 60),
            input: 1 << 30,
        }
    }
}
