//! Blocks of code.

use std::fs;

use mynah_testkit::{Block, Page, repository};

/// The languages of blocks that have to be run.
const RUN: &[&str] = &[
    "sh", "js", "json", "python", "node", "go", "java", "php", "rust",
];

/// Pages whose blocks of some languages a test runs, and that test.
const TESTED: &[(&str, &[&str], &str)] = &[
    (
        "docs/scripts.md",
        &["js", "json"],
        "crates/mynah-script/tests/guide.rs",
    ),
    (
        "docs/cookbook.md",
        &["js", "sh"],
        "bins/mynah-mock/tests/cookbook.rs",
    ),
    (
        "docs/faults.md",
        &["js", "json"],
        "bins/mynah-mock/tests/faults.rs",
    ),
    ("README.md", &["js"], "bins/mynah-mock/tests/cookbook.rs"),
];

#[test]
fn every_block_of_code_is_run_or_says_why_not() {
    let mut wrong = Vec::new();
    for page in Page::all() {
        for block in page.blocks() {
            let is_tested = |(name, languages, _): &(&str, &[&str], &str)| {
                *name == page.name && languages.contains(&block.language)
            };
            // Those of a crate's front page are doc-tests.
            let is_doc_test = block.language == "rust"
                && page.name.starts_with("crates/")
                && page.name.ends_with("/README.md");
            if !RUN.contains(&block.language) || is_doc_test || TESTED.iter().any(is_tested) {
                continue;
            }
            if let Err(why) = check(&block) {
                wrong.push(format!("{}:{}: {why}", page.name, block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether its comment says why it isn't run, or of which file it is the text, or some lines; else whether what it has is known.
fn check(block: &Block<'_>) -> Result<(), String> {
    if block.comment.starts_with("not run: ") {
        return Ok(());
    }
    if let Some(file) = block.comment.strip_prefix("file: ") {
        let text = read(file)?;
        let is_same = text.lines().eq(block.lines.iter().copied());
        return is_same
            .then_some(())
            .ok_or_else(|| format!("{file} has another text"));
    }
    if let Some(file) = block.comment.strip_prefix("excerpt: ") {
        let text = read(file)?;
        let lines: Vec<_> = text.lines().collect();
        let mut places = lines.windows(block.lines.len().max(1));
        return places
            .any(|place| place == block.lines)
            .then_some(())
            .ok_or_else(|| format!("{file} doesn't have these lines"));
    }
    match block.language {
        "sh" => block
            .commands()
            .iter()
            .try_for_each(|command| check_command(command)),
        // One value, or one in each line.
        "json" => parse(&block.lines.join("\n"))
            .or_else(|_| block.lines.iter().try_for_each(|line| parse(line))),
        _ => Err(
            "a comment has to say '<!-- not run: WHY -->', '<!-- file: PATH -->' or '<!-- excerpt: PATH -->'"
                .into(),
        ),
    }
}

fn read(file: &str) -> Result<String, String> {
    let text = fs::read_to_string(repository().join(file));
    text.map_err(|error| format!("{file}: {error}"))
}

fn parse(json: &str) -> Result<(), String> {
    let parsed = serde_json::from_str::<serde_json::Value>(json);
    parsed.map(drop).map_err(|error| error.to_string())
}

/// Whether a command names what there is. The tests of both programs try their options.
fn check_command(words: &[String]) -> Result<(), String> {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["mynah-mock" | "mynah-proxy", ..] => Ok(()),
        ["cd", folder] => is_there(folder),
        [script, ..] if script.starts_with("tests/") || script.starts_with("bins/") => {
            is_there(script)
        }
        ["just", recipe, ..] => {
            let recipes = fs::read_to_string(repository().join("justfile"));
            let recipes = recipes.map_err(|error| error.to_string())?;
            let begins = |line: &str| {
                let rest = line.strip_prefix(recipe);
                rest.is_some_and(|rest| rest.starts_with([' ', ':']))
            };
            let is_there = recipes.lines().any(begins);
            is_there
                .then_some(())
                .ok_or_else(|| format!("no recipe {recipe}"))
        }
        ["cargo", ..] => check_cargo(&words),
        [other, ..] => Err(format!(
            "'{other}': a comment has to say '<!-- not run: WHY -->'"
        )),
        [] => Ok(()),
    }
}

/// Whether the packages and tests that a command of Cargo names are there.
fn check_cargo(words: &[&str]) -> Result<(), String> {
    let words = words.split(|word| *word == "--").next().unwrap_or_default();
    let mut package = "";
    for pair in words.windows(2) {
        let [option, value] = pair else { continue };
        let folder = |inside: &str| format!("{}/{inside}", home(package));
        match *option {
            "-p" => {
                package = value;
                is_there(&home(value))?;
            }
            "--test" => is_there(&folder(&format!("tests/{value}.rs")))
                .or_else(|_| is_there(&folder(&format!("tests/{value}/main.rs"))))?,
            "--bench" => is_there(&folder(&format!("benches/{value}.rs")))
                .or_else(|_| is_there(&folder(&format!("benches/{value}/main.rs"))))?,
            "--bin" if package.is_empty() => is_there(&home(value))?,
            "--bin" => is_there(&folder(&format!("src/bin/{value}.rs")))?,
            _ => {}
        }
    }
    Ok(())
}

/// The folder of a package.
fn home(package: &str) -> String {
    match package {
        "mynah-mock" | "mynah-proxy" => format!("bins/{package}"),
        "mynah-real" => "tests/real".to_owned(),
        _ => format!("crates/{package}"),
    }
}

fn is_there(path: &str) -> Result<(), String> {
    let exists = repository().join(path).exists();
    exists
        .then_some(())
        .ok_or_else(|| format!("there is no {path}"))
}

#[test]
fn the_tests_of_blocks_read_their_page() {
    for (page, _, test) in TESTED {
        let text = fs::read_to_string(repository().join(test)).unwrap();
        let file = page.rsplit('/').next().unwrap();
        assert!(text.contains(file), "{test} doesn't read {page}");
    }
}
