use clap::{Arg, Command};

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

/// Checks of a program and each of its commands that every long option is in the help, with its text in the man page,
/// in the completions of bash, zsh and fish, and in the first column of a table in the page, and that no line of the
/// help is longer than 80 characters. `generate` makes what the words behind `generate` ask for.
///
/// # Panics
/// If one of these doesn't hold.
#[allow(clippy::panic, reason = "it is a test's")]
pub fn check_program(program: &Command, page: &str, generate: impl Fn(&[&str]) -> String) {
    let completions = ["bash", "zsh", "fish"].map(|shell| (shell, generate(&[shell])));
    check_command(program, page, &generate(&["man"]), &completions);
    for command in program.get_subcommands() {
        let man = generate(&["man", command.get_name()]);
        check_command(command, page, &man, &completions);
    }
}

#[allow(clippy::panic, reason = "it is a test's")]
fn check_command(command: &Command, page: &str, man: &str, completions: &[(&str, String)]) {
    let options: Vec<_> = command.get_arguments().filter_map(Arg::get_long).collect();
    let names_of: Vec<_> = options.iter().map(|name| format!("--{name}")).collect();
    let help = command.clone().render_help().to_string();
    check_options(&names_of, &help, page);
    let man = man.replace("\\-", "-").replace("\\*(Aq", "'");
    for arg in command.get_arguments() {
        let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
        assert!(!text.is_empty(), "{} has no text", arg.get_id());
        assert!(
            man.contains(&text),
            "'{text}' is not in the man page:\n{man}"
        );
    }
    for name in &options {
        let (option, in_fish) = (format!("--{name}"), format!("-l {name}"));
        assert!(names(&man, &option), "{option} is not in the man page");
        for (shell, script) in completions {
            let is_there = names(script, &option) || names(script, &in_fish);
            assert!(is_there, "{option} is not in the completions of {shell}");
        }
    }
}

/// Checks that each of a program's options (`--name`) is in its help and in the first column of a
/// table in its documentation, and that no line of the help is longer than 80 characters.
#[allow(clippy::panic, reason = "it is a test's")]
fn check_options(options: &[String], help: &str, page: &str) {
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
