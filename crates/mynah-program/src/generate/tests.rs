use super::*;

fn program() -> Command {
    let file = Arg::new("file")
        .long("file")
        .value_name("FILE")
        .help("the file - or .so");
    let quick = Arg::new("quick")
        .long("quick")
        .action(clap::ArgAction::SetTrue)
        .help("be quick");
    let check = Command::new("check")
        .version("1.0")
        .about("Looks for problems.\n\nMore of it.")
        .arg(quick);
    let command = Command::new("greet")
        .version("1.0")
        .about("Greets.\n\nIn several languages.")
        .after_help("Example:\n  greet --file x\n  .dot")
        .arg(file);
    with_common(command).subcommand(with_common(check))
}

fn made(words: &[&str]) -> Result<String, String> {
    let words = words.iter().map(OsString::from);
    generate(program(), words).map_err(|error| error.to_string())
}

#[test]
fn a_man_page_has_the_parts_of_the_help() {
    let page = made(&["man"]).unwrap();
    for part in [
        ".TH greet 1",
        "greet \\- Greets\n.SH",
        "In several languages.",
        "\\fB\\-\\-file\\fR",
        "the file \\- or .so",
        "greet\\-check(1)\nLooks for problems.",
        ".SH EXAMPLES\n.nf\nExample:\n  greet \\-\\-file x\n  .dot\n.fi",
        "v1.0",
    ] {
        assert!(page.contains(part), "{part} in:\n{page}");
    }
    assert!(!page.contains("greet\\-help"), "{page}");
}

#[test]
fn a_command_has_a_page_of_its_own() {
    let page = made(&["man", "check"]).unwrap();
    for part in [
        ".TH greet-check 1",
        "\\fBgreet check\\fR",
        "More of it.",
        "\\fB\\-\\-quick\\fR",
    ] {
        assert!(page.contains(part), "{part} in:\n{page}");
    }
    assert!(!page.contains("\\-\\-file"), "{page}");
}

#[test]
fn each_shell_has_completions_of_options_and_commands() {
    for (shell, option) in [
        ("bash", "--quick"),
        ("zsh", "--quick"),
        ("fish", "-l quick"),
    ] {
        let script = made(&[shell]).unwrap();
        for part in [option, "check", "greet"] {
            assert!(script.contains(part), "{shell}: {part} in:\n{script}");
        }
    }
}

#[test]
fn each_command_that_bash_notes_has_its_completions() {
    let hyphenated = program().name("greet-all");
    let script = generate(hyphenated, ["bash".into()]).unwrap();
    let noted = script.lines().filter_map(|line| {
        let label = line.trim().strip_prefix("cmd=\"")?;
        label.strip_suffix('"')
    });
    let noted: Vec<_> = noted.filter(|label| !label.is_empty()).collect();
    assert!(noted.contains(&"greet__all__subcmd__check"), "{noted:?}");
    for label in noted {
        let case = format!("\n        {label})\n");
        assert!(script.contains(&case), "{label} in:\n{script}");
    }
}

#[test]
fn what_cannot_be_made_is_an_error_that_says_what_can() {
    let kinds = "use man, bash, zsh or fish";
    for (words, expected) in [
        (
            &["info"][..],
            format!("bad value 'info' in generate; {kinds}"),
        ),
        (&[], format!("bad value '' in generate; {kinds}")),
        (
            &["man", "chek"],
            "unexpected argument 'chek'; --help lists the options".to_owned(),
        ),
        (
            &["zsh", "check"],
            "unexpected argument 'check'; --help lists the options".to_owned(),
        ),
    ] {
        assert_eq!(made(words), Err(expected), "{words:?}");
    }
    let help = made(&["--help"]).unwrap();
    assert!(help.contains("greet generate <KIND> [COMMAND]"), "{help}");
}
