use mynah::LostWorkers;

/// The error that ends the program after too many lost workers.
pub(crate) fn too_many(lost: &LostWorkers) -> String {
    let statements: Vec<_> = lost
        .last()
        .iter()
        .map(|lost| format!("{} ({})", lost.doing, lost.cause))
        .collect();
    format!(
        "scripts have cost {} workers, whose memory can't be given back (--lost-workers): {}",
        lost.count(),
        statements.join("; ")
    )
}
