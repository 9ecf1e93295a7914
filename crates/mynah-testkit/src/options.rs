/// Checks that each of a program's options (`--name`) is in its help and in a table of its documentation, in
/// the first column, and that no line of the help is longer than 80 characters.
///
/// # Panics
/// If it isn't so.
#[allow(clippy::panic, reason = "it is a test's")]
pub fn check_options(options: &[String], help: &str, page: &str) {
    for line in help.lines() {
        assert!(line.chars().count() <= 80, "longer than 80: {line}");
    }
    let cells = page
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next());
    let cells = cells.collect::<Vec<_>>().join("\n");
    assert!(!options.is_empty(), "there are no options");
    for option in options {
        assert!(names(help, option), "{option} is not in the help:\n{help}");
        assert!(
            names(&cells, option),
            "{option} is not in the documentation"
        );
    }
}

/// Whether a text has an option, as a whole word.
fn names(text: &str, option: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|char: char| char.is_alphanumeric() || char == '-');
    let mut rests = text.split(option).skip(1);
    rests.any(is_end)
}
