use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Line, Report};

impl Report {
    /// The report as JUnit XML, which CI systems show: one test case for each expectation that isn't a stub, and
    /// one for each of the first unexpected statements.
    #[must_use]
    pub fn to_junit(&self) -> String {
        Self::all_to_junit(std::slice::from_ref(self))
    }

    /// The reports of several tests as one JUnit document, with a test suite for each.
    #[must_use]
    pub fn all_to_junit(reports: &[Self]) -> String {
        junit(&reports.iter().map(suite).collect::<Vec<_>>())
    }
}

/// A test suite of a JUnit document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitSuite {
    /// The name of the suite, such as the id of a test.
    pub name: String,
    /// The test cases of the suite.
    pub cases: Vec<JunitCase>,
}

/// A test case of a JUnit document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunitCase {
    /// The name of the test case.
    pub name: String,
    /// The kind of failure (such as `unmet`) and its text; `None` if the test case has passed.
    pub failure: Option<(&'static str, String)>,
}

/// The text of a JUnit XML document with these test suites.
#[must_use]
pub fn junit(suites: &[JunitSuite]) -> String {
    let mut bytes = Vec::new();
    let mut writer = Writer::new_with_indent(&mut bytes, b' ', 2);
    // Writing into memory doesn't fail.
    let _written = write(&mut writer, suites);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn suite(report: &Report) -> JunitSuite {
    let lines = report.met.iter().filter(|line| !line.is_stub);
    let lines = lines.chain(&report.unmet).map(|line| {
        let is_unmet = report.unmet.contains(line);
        JunitCase {
            name: case_name(line),
            failure: is_unmet.then(|| ("unmet", line.to_string())),
        }
    });
    let unexpected = report.unexpected.iter().map(|unexpected| JunitCase {
        name: format!("unexpected statement {}", unexpected.number),
        failure: Some(("unexpected", unexpected.explanation.to_string())),
    });
    JunitSuite {
        name: report.test.as_deref().unwrap_or("mynah").to_owned(),
        cases: lines.chain(unexpected).collect(),
    }
}

fn case_name(line: &Line) -> String {
    line.name
        .clone()
        .unwrap_or_else(|| format!("{}: {}", line.place, line.expected))
}

type Xml<'w> = Writer<&'w mut Vec<u8>>;

fn write(writer: &mut Xml<'_>, suites: &[JunitSuite]) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = writer
        .create_element("testsuites")
        .with_attribute(("name", "mynah"));
    all.write_inner_content(|writer| {
        suites
            .iter()
            .try_for_each(|suite| write_suite(writer, suite))
    })?;
    Ok(())
}

fn write_suite(writer: &mut Xml<'_>, suite: &JunitSuite) -> io::Result<()> {
    let failures = suite.cases.iter().filter(|case| case.failure.is_some());
    let (tests, failures) = (suite.cases.len().to_string(), failures.count().to_string());
    let name = printable(&suite.name);
    let element = writer.create_element("testsuite").with_attributes([
        ("name", name.as_str()),
        ("tests", tests.as_str()),
        ("failures", failures.as_str()),
        ("errors", "0"),
    ]);
    element.write_inner_content(|writer| {
        suite
            .cases
            .iter()
            .try_for_each(|case| write_case(writer, &name, case))
    })?;
    Ok(())
}

fn write_case(writer: &mut Xml<'_>, suite: &str, case: &JunitCase) -> io::Result<()> {
    let name = printable(&case.name);
    let element = writer
        .create_element("testcase")
        .with_attributes([("classname", suite), ("name", name.as_str())]);
    let Some((kind, message)) = &case.failure else {
        element.write_empty()?;
        return Ok(());
    };
    let message = printable(message);
    element.write_inner_content(|writer| {
        let failure = writer
            .create_element("failure")
            .with_attributes([("type", *kind), ("message", message.as_str())]);
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
