use super::answer::{Answer, Refusal, err};
use super::trace::{Script, js};

/// Entries of `stmts`, as JavaScript.
pub(crate) type Entries<'a> = &'a [&'a str];

/// The answers of a trace to statements on one connection.
pub(crate) fn answers(trace: &Script, statements: &[&str]) -> Vec<Answer> {
    trace.play(|mock| mock.answers(statements))
}

/// The answer of one entry.
pub(crate) fn entry(text: &str) -> Answer {
    same_answers(&[text]).remove(0)
}

/// The answers of entries, one after the other on one connection. They must be the same for an
/// array, a function and a coroutine.
pub(crate) fn same_answers(entries: Entries<'_>) -> Vec<Answer> {
    let numbers: Vec<String> = (0..entries.len())
        .map(|number| number.to_string())
        .collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let elements = entries.join(",\n");
    let in_array = answers(&js(&format!("({{ stmts: [\n{elements}\n] }})")), &numbers);
    let functions: Vec<String> = entries
        .iter()
        .map(|entry| format!("function() {{ return (\n{entry}\n); }}"))
        .collect();
    let functions = format!("var entries = [{}];", functions.join(", "));
    let function =
        format!("{functions} ({{ stmts: function(number) {{ return entries[number](); }} }})");
    let from_function = answers(&js(&function), &numbers);
    let coroutine = format!(
        "{functions} ({{ stmts: new Duktape.Thread(function(number) {{
             for (;;) number = Duktape.Thread.yield(entries[number]());
         }}) }})"
    );
    let from_coroutine = answers(&js(&coroutine), &numbers);
    for (number, answer) in in_array.iter().enumerate() {
        let entry = entries[number];
        assert_eq!(
            from_function[number], *answer,
            "function and array: {entry}"
        );
        assert_eq!(
            from_coroutine[number], *answer,
            "coroutine and array: {entry}"
        );
    }
    in_array
}

/// The error for a wrong entry.
pub(crate) fn failed(reason: &str) -> Refusal {
    err(
        1064,
        "HY000",
        &format!("executing statement failed: {reason}"),
    )
}

/// Asserts the error of each entry, and that the connection stays open after each.
pub(crate) fn fails(cases: &[(&str, &str)]) {
    let mut entries = Vec::new();
    for (entry, _) in cases {
        entries.extend([*entry, "{ ok: { message: 'on' } }"]);
    }
    let answers = same_answers(&entries);
    for (pair, (entry, reason)) in answers.chunks(2).zip(cases) {
        assert_eq!(pair[0], failed(reason).into(), "{entry}");
        assert_eq!(pair[1].clone().message(), "on", "after {entry}");
    }
}
