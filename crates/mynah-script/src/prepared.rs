use mynah_session::{Outcome, Prepared, Reply};

/// What is known of a statement before it is run, by the reply that it will have.
pub(crate) fn ahead(reply: &Reply, params: Option<u16>) -> Prepared {
    let columns = match &reply.outcome {
        Outcome::Rows(result) => Some(result.columns.clone()),
        _ => None,
    };
    Prepared {
        columns,
        params,
        ..Prepared::default()
    }
}
