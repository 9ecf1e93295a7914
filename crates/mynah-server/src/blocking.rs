use mynah_classic::error_code;
use mynah_session::Failure;

/// Runs work that blocks, such as a query of an embedded database, on a thread of its own, so that the connection's
/// thread serves other clients meanwhile. The threads are reused; there are at most 512 for each worker of the server.
/// The work goes on even if the client disconnects before it ends.
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
