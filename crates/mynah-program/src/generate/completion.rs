use clap::{Command, ValueHint};
use clap_complete::Shell;

/// The completions of a shell for a program and its commands.
pub(super) fn script(shell: Shell, program: Command) -> String {
    let name = program.get_name().to_owned();
    let mut program = with_hints(program);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, &name, &mut script);
    let script = String::from_utf8_lossy(&script).trim_end().to_owned();
    match shell {
        Shell::Bash => with_one_label(&script, &name),
        _ => script,
    }
}

/// clap_complete 4.6 writes a hyphen in the program's name in one way where it notes the command, and in another one
/// where it looks for the note; so no command of such a program would have completions in bash.
fn with_one_label(script: &str, name: &str) -> String {
    let label = |hyphen| format!("{}__subcmd__", name.replace('-', hyphen));
    script.replace(&label("__subcmd__"), &label("__"))
}

/// Says of each value by its placeholder what it names, as completions differ by that.
fn with_hints(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let placeholder = arg.get_value_names().and_then(<[_]>::first);
        match placeholder.map(|name| hint(name)) {
            Some(hint) if arg.get_action().takes_values() => arg.value_hint(hint),
            _ => arg,
        }
    });
    command.mut_subcommands(with_hints)
}

fn hint(placeholder: &str) -> ValueHint {
    match placeholder {
        "FILE" | "FROM" | "TO" => ValueHint::FilePath,
        "DIR" => ValueHint::DirPath,
        "PATH" => ValueHint::AnyPath,
        "ADDRESS" => ValueHint::Hostname,
        _ => ValueHint::Other,
    }
}
