use mynah_classic::error_code;
use mynah_session::Failure;

/// Runs work that blocks, such as a query of an embedded database, on a thread of its own, so that the connection's
/// thread serves other clients meanwhile. The threads are reused, and there are as many as the work of all connections
/// needs: at most one for each connection's statement, and one for each of its open cursors whose rows aren't all
/// written, which [`Builder::open_cursors`](crate::Builder::open_cursors) limits.
///
/// If the client disconnects, or another client ends the statement (KILL QUERY), the work can't be stopped from outside.
/// It then can't write rows any more. Work that takes long before it writes rows has to ask its
/// [`Results::cancellation`](crate::Results::cancellation) from time to time, and return.
/// [`Server::shut_down`](crate::Server::shut_down) waits for the work.
///
/// ```
/// use mynah_server::{Backend, Column, Failure, Finished, Results, Statement, blocking};
///
/// struct Slow;
///
/// impl Backend for Slow {
///     async fn query(&self, _: &Statement, results: Results) -> Result<Finished, Failure> {
///         blocking(move || {
///             let mut rows = results.columns([Column::text("name")]);
///             for name in ["ada", "bert"] {
///                 rows.row_blocking([name])?; // waits while the client doesn't read
///             }
///             Ok(rows.finish())
///         })
///         .await?
///     }
/// }
/// ```
///
/// # Errors
/// Error 1105 if the work panics.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_panicked| Failure::general(error_code::ER_UNKNOWN_ERROR, "Unknown error"))
}
