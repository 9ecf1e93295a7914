use std::error::Error;
use std::process::ExitCode;

use mynah::{Options, check_script};
use mynah_program::{one_line, print};

/// Prints what is wrong with each script, and how it is run; 1 if anything is wrong.
pub(crate) fn check(scripts: Vec<Options>) -> Result<ExitCode, Box<dyn Error>> {
    let mut code = ExitCode::SUCCESS;
    for options in scripts {
        let file = options
            .filename
            .iter()
            .map(|file| file.display().to_string())
            .collect::<String>();
        let checked = match check_script(options) {
            Ok(checked) => checked,
            Err(error) => {
                print(&format!("{file}: {}", one_line(&error)));
                code = ExitCode::FAILURE;
                continue;
            }
        };
        for finding in &checked.findings {
            print(&match finding.position {
                Some(_) => format!("{file}:{finding}"),
                None => format!("{file}: {finding}"),
            });
            code = ExitCode::FAILURE;
        }
        print(&format!(
            "{file}: {}: {}",
            checked.class.name(),
            checked.reason
        ));
    }
    Ok(code)
}
