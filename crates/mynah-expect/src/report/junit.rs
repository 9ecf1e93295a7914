use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Line, Report};

impl Report {
    /// The report as JUnit XML, which CI systems show: one test case for each expectation that isn't a stub,
    /// and one for each unexpected statement.
    #[must_use]
    pub fn to_junit(&self) -> String {
        Self::all_to_junit(std::slice::from_ref(self))
    }

    /// The reports of several tests as one JUnit document, with a test suite for each.
    #[must_use]
    pub fn all_to_junit(reports: &[Self]) -> String {
        let mut bytes = Vec::new();
        let mut writer = Writer::new_with_indent(&mut bytes, b' ', 2);
        // Writing into memory doesn't fail.
        let _written = write(&mut writer, reports);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

type Xml<'w> = Writer<&'w mut Vec<u8>>;

fn write(writer: &mut Xml<'_>, reports: &[Report]) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let suites = writer
        .create_element("testsuites")
        .with_attribute(("name", "mynah"));
    suites.write_inner_content(|writer| {
        reports.iter().try_for_each(|report| suite(writer, report))
    })?;
    Ok(())
}

fn suite(writer: &mut Xml<'_>, report: &Report) -> io::Result<()> {
    let name = report.test.as_deref().unwrap_or("mynah");
    let lines = || {
        report
            .met
            .iter()
            .filter(|line| !line.is_stub)
            .chain(&report.unmet)
    };
    let failures = report.unmet.len() + report.unexpected.len();
    let tests = lines().count() + report.unexpected.len();
    let (tests, failures) = (tests.to_string(), failures.to_string());
    let suite = writer.create_element("testsuite").with_attributes([
        ("name", name),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
    ]);
    suite.write_inner_content(|writer| {
        for line in lines() {
            let is_unmet = report.unmet.contains(line);
            case(
                writer,
                name,
                &case_name(line),
                is_unmet.then(|| ("unmet", line.to_string())),
            )?;
        }
        for unexpected in &report.unexpected {
            let name_of_case = format!("unexpected statement {}", unexpected.number);
            let failure = ("unexpected", unexpected.explanation.to_string());
            case(writer, name, &name_of_case, Some(failure))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn case_name(line: &Line) -> String {
    line.name
        .clone()
        .unwrap_or_else(|| format!("{}: {}", line.place, line.expected))
}

fn case(
    writer: &mut Xml<'_>,
    suite: &str,
    name: &str,
    failure: Option<(&str, String)>,
) -> io::Result<()> {
    let (suite, name) = (printable(suite), printable(name));
    let element = writer
        .create_element("testcase")
        .with_attributes([("classname", suite.as_str()), ("name", name.as_str())]);
    let Some((kind, message)) = failure else {
        element.write_empty()?;
        return Ok(());
    };
    let message = printable(&message);
    element.write_inner_content(|writer| {
        let failure = writer
            .create_element("failure")
            .with_attributes([("type", kind), ("message", message.as_str())]);
        failure.write_text_content(BytesText::new(&message))?;
        Ok(())
    })?;
    Ok(())
}

/// XML has no place for most control characters.
fn printable(text: &str) -> String {
    let shown = |c: char| {
        if c.is_control() && !matches!(c, '\t' | '\n') {
            '\u{fffd}'
        } else {
            c
        }
    };
    let shown = text.chars().map(shown);
    shown
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect()
}
