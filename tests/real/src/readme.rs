use std::{fs, io, path::Path};

use crate::{
    matrix::Matrix,
    run::Outcome,
    stage::Stage,
    table::{Reasons, closing, grid, suites},
};

/// Replaces the table between two marker lines of a Markdown file.
pub(crate) fn write(path: &Path, matrix: &Matrix<'_>, stage: &Stage) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let Some((before, after)) = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)))
    else {
        let message = format!("no lines '{BEGIN}' and '{END}' to put the table between");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    };
    let mut reasons = Reasons::default();
    for cell in matrix.rows.iter().flat_map(|row| &row.cells) {
        if let Outcome::Skip(why) = &cell.outcome {
            reasons.number(why);
        }
    }
    let mut table = format!("{}\n", grid(matrix));
    for (number, why) in reasons.0.iter().enumerate() {
        let number = number + 1;
        table += &format!("- reason {number} for skipped cells (`skip {number}`): {why}\n");
    }
    for line in suites(matrix).lines() {
        table += &format!("- {line}\n");
    }
    table += &format!("\n{}", closing(matrix));
    let versions = stage.versions();
    if !versions.is_empty() {
        table += &format!("\nVersions of the real servers: {}.\n", versions.join(", "));
    }
    fs::write(path, format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))
}

const BEGIN: &str = "<!-- made by `just real` -->";
const END: &str = "<!-- end of what is made by `just real` -->";
