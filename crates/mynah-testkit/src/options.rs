use crate::pages::shown_commands;

/// Checks that a program accepts the arguments of each of its commands that the documentation
/// shows: `parse` returns the error for invalid ones. `left_out` replaces `…` in a command.
///
/// # Panics
/// If a command isn't accepted, or none is shown.
#[allow(clippy::panic, reason = "it is a test's")]
pub fn check_commands(
    program: &str,
    left_out: &[&str],
    parse: impl Fn(&[String]) -> Result<(), String>,
) {
    let commands = shown_commands(program);
    assert!(!commands.is_empty(), "no page shows {program}");
    for (place, words) in commands {
        let words = words.into_iter().flat_map(|word| {
            if word == "…" {
                left_out.iter().map(ToString::to_string).collect()
            } else {
                vec![word]
            }
        });
        let words: Vec<_> = words.collect();
        if let Err(why) = parse(&words) {
            panic!("{place}: {program} {}: {why}", words.join(" "));
        }
    }
}

/// Checks that each of a program's options (`--name`) is in its help and in the first column of a
/// table in its documentation, and that no line of the help is longer than 80 characters.
///
/// # Panics
/// If one of these doesn't hold.
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

/// Whether a text contains an option, as a whole word.
fn names(text: &str, option: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|char: char| char.is_alphanumeric() || char == '-');
    let mut rests = text.split(option).skip(1);
    rests.any(is_end)
}
