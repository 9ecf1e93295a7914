/// Who may be listening between the client and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Nobody: TLS, a Unix socket or shared memory. A password may cross it in clear.
    Secure,
    /// Anybody: plain TCP.
    Insecure,
}
