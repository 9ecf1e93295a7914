use super::*;

/// Whether brackets that stand behind `before` count as brackets.
fn counts(before: &str, after: &str) -> bool {
    too_deep(&format!("{before}{}{after}", "(".repeat(DEEPEST + 1))).is_some()
}

#[test]
fn brackets_count_where_they_are_brackets() {
    let cases = [
        ("at the start", "", "", true),
        ("in a string", "'", "'", false),
        ("in a string with an escaped quote", "'\\'", "'", false),
        ("in a string of the other kind", "\"'", "\"", false),
        ("behind a string", "'a'", "", true),
        ("behind a string that isn't closed", "'a\n", "", true),
        ("in a comment", "// ", "\n", false),
        ("behind a comment", "// '\n", "", true),
        ("in a long comment", "/* * / ", "*/", false),
        ("behind a long comment", "/* ' */", "", true),
        ("in a template", "`", "`", false),
        ("in a template's expression", "`${", "}`", true),
        ("behind a template's expression", "`${ {} }", "`", false),
        ("in a template in a template", "`${ `", "` }`", false),
        ("in a pattern", "x = /", "/", false),
        ("in a pattern that is an argument", "f(/", "/)", false),
        ("in a pattern behind a word", "return /", "/", false),
        ("in a pattern behind two words", "else return /", "/", false),
        ("in a class of a pattern", "x = /[/", "]/", false),
        ("behind a pattern with a quote", "x = /'/;", "", true),
        ("behind a division", "a / ", "", true),
        ("behind two divisions", "a / b / ", "", true),
        ("behind a division of brackets", "(a) / ", "", true),
        (
            "behind a comment that ends with a carriage return",
            "// `\r",
            "",
            true,
        ),
        ("behind a comment of HTML", "a <!-- `\n", "", true),
        (
            "behind the end of a comment of HTML",
            "a\n --> `\n",
            "",
            true,
        ),
        ("in a pattern behind a condition", "if (a) /", "/", false),
        ("behind a division of a call", "a[0] / 2 + '", "'", false),
    ];
    for (case, before, after, expected) in cases {
        assert_eq!(counts(before, after), expected, "{case}");
    }
}

#[test]
fn brackets_side_by_side_are_not_deep() {
    assert_eq!(too_deep(&"[{()}];".repeat(10_000)), None);
    assert_eq!(too_deep(&")".repeat(10_000)), None);
}

#[test]
fn the_place_is_that_of_the_bracket() {
    let text = format!("a\n b{}", "[".repeat(DEEPEST + 1));
    let place = Place {
        line: 2,
        column: 203,
    };
    assert_eq!(too_deep(&text).unwrap().place, place);
}

/// What stands between, over and over.
fn many(before: &str, over: &str, after: &str, times: usize) -> String {
    format!("{before}{}{after}", over.repeat(times))
}

#[test]
fn what_is_deep_without_brackets_is_too_deep() {
    let cases = [
        ("terms", "x = 1", " + 1", ""),
        ("alternatives", "x = a", " || a", ""),
        ("comparisons", "x = a", " === a", ""),
        ("members", "o", ".a", ""),
        ("members that may be absent", "o", "?.a", ""),
        ("members by index", "o", "[0]", ""),
        ("calls", "f", "()", ""),
        ("templates", "f", "``", ""),
        ("commas", "a", ", a", ""),
        ("commas in a block", "label: {", "a, ", "a}"),
        ("commas in an index", "a[", "0, ", "0]"),
        ("not", "x = ", "!", "a"),
        ("minus", "x = ", "- ", "a"),
        ("typeof", "x = ", "typeof ", "a"),
        ("new", "x = ", "new ", "a"),
        ("powers", "x = 1", " ** 1", ""),
        ("conditions", "x = ", "a ? b : ", "c"),
        ("conditions in conditions", "x = ", "a ? ", "b"),
        ("assignments", "", "a = ", "1"),
        ("sums that are assigned", "", "a += ", "1"),
        ("arrows", "x = ", "a => ", "a"),
        ("arrows of promises", "x = ", "async a => ", "a"),
        ("labels", "", "a: ", ";"),
        ("if", "", "if (a) ", "b"),
        ("else", "", "if (a) b; else ", "c"),
        ("else behind a block", "", "if (a) {} else ", "c"),
        ("for", "", "for (;;) ", "b"),
        ("while", "", "while (a) ", "b"),
        ("do", "", "do ", "a"),
        ("behind a comment", "x = ", "/* ' */ ! // ` \n", "a"),
        ("in a template", "x = `${", "!", "a}`"),
    ];
    for (case, before, over, after) in cases {
        let text = many(before, over, after, HEAVIEST + 1);
        let found = too_deep(&text).unwrap_or_else(|| panic!("{case}"));
        assert_eq!(found.kind, Kind::Operators, "{case}");
        assert_eq!(too_deep(&many(before, over, after, 300)), None, "{case}");
    }
}

#[test]
fn what_stands_side_by_side_is_not_deep() {
    let cases = [
        ("statements", "", "a = !b + 1;\n", ""),
        ("statements without semicolons", "", "a = !b + 1\n", ""),
        ("strings without semicolons", "", "'a' + 1\n", ""),
        ("if without else", "", "if (a) b; ", ""),
        ("if with blocks", "", "if (a) { b } ", ""),
        ("cases", "switch (a) {", "case 1: ", "}"),
        ("elements", "x = [", "-1 + 1, ", "]"),
        ("members of an object", "x = {", "a: !b + 1, ", "}"),
        ("members of an object in one", "x = {a: {", "a: !b, ", "}}"),
        ("arguments", "f(", "!a, ", "a)"),
        ("declarations", "var a = !b", ", a = !b", ""),
        ("functions", "", "function f(a) { return !a } ", ""),
        ("methods", "class A {", "f() { return !a } ", "}"),
        ("templates", "x = `", "${!a}", "`"),
        ("in a string", "x = '", "!", "'"),
        ("in a pattern", "x = /", "!", "/"),
        (
            "names that are words elsewhere",
            "",
            "a.new.typeof = a.else; ",
            "",
        ),
    ];
    for (case, before, over, after) in cases {
        let text = many(before, over, after, HEAVIEST + 1);
        assert_eq!(too_deep(&text), None, "{case}");
    }
}
