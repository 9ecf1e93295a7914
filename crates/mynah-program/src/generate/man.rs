use clap::Command;
use clap_mangen::Man;
use roff::{Roff, roman};

/// The man page of a program, which refers to those of its commands.
pub(super) fn page(program: Command) -> String {
    let name = program.get_name().to_owned();
    render(program, &name)
}

/// The man page of one of a program's commands, if it has this command.
pub(super) fn page_of(program: &Command, command: &str) -> Option<String> {
    let found = program
        .get_subcommands()
        .find(|found| found.get_name() == command)?;
    let name = format!("{}-{command}", program.get_name());
    let spoken = format!("{} {command}", program.get_name());
    Some(render(found.clone().bin_name(spoken), &name))
}

fn render(command: Command, name: &str) -> String {
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    let first = about.lines().next().unwrap_or_default();
    let first = first.trim_end_matches('.').to_owned();
    let examples = command.get_after_help().map(ToString::to_string);
    let version = command.get_version().unwrap_or_default().to_owned();
    // The line of the page's name is short; the whole text is the description.
    let command = command
        .display_name(name)
        .about(first)
        .long_about(about)
        .after_help(None::<&str>)
        .subcommand_help_heading("COMMANDS");
    let man = Man::new(command)
        .title(name)
        .manual("Mynah")
        .source(format!("Mynah {version}"));
    let mut page = Vec::new();
    // Writing to memory doesn't fail.
    let _done = man.render(&mut page);
    if let Some(examples) = examples {
        let mut section = Roff::new();
        section.control("SH", ["EXAMPLES"]);
        section.control("nf", []);
        section.text([roman(examples)]);
        section.control("fi", []);
        let _done = section.to_writer(&mut page);
    }
    String::from_utf8_lossy(&page).trim_end().to_owned()
}
