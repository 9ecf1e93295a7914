use super::trace::{Script, js};

/// The values of expressions as JSON (`undefined` if they have none), each on a new connection and
/// without globals.
pub(crate) fn values(expressions: &[&str]) -> Vec<String> {
    values_of(js, expressions)
}

/// As [`values`], for a trace that is made from its text.
pub(crate) fn values_of(trace: impl Fn(&str) -> Script, expressions: &[&str]) -> Vec<String> {
    let functions: Vec<String> = expressions
        .iter()
        .map(|expression| format!("function() {{ return (\n{expression}\n); }}"))
        .collect();
    let trace = trace(&format!(
        "var expressions = [{}];
         ({{ stmts: function(number) {{
              process.get_keys().forEach(function(key) {{ process.erase(key); }});
              return {{ ok: {{ message: String(JSON.stringify(expressions[number]())) }} }};
            }} }})",
        functions.join(", ")
    ));
    let values = trace.play(|mock| {
        let numbers = 0..expressions.len();
        numbers
            .map(|number| mock.answer(&number.to_string()).message())
            .collect::<Vec<_>>()
    });
    values.iter().map(|value| trace.shorten(value)).collect()
}

/// Asserts the values of expressions.
pub(crate) fn are_worth(cases: &[(&str, &str)]) {
    let expressions: Vec<&str> = cases.iter().map(|(expression, _)| *expression).collect();
    for (found, (expression, expected)) in values(&expressions).iter().zip(cases) {
        assert_eq!(found, expected, "{expression}");
    }
}
