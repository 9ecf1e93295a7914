//! A thousand expectations as an application has them, and statements that are nearly one of them.

use mynah_expect::{Call, Expectations, Test, TestOptions, Value};
use serde_json::{Value as Json, json};

/// The expectations, and each mutant with the index of the one it is made of.
pub(crate) fn test_and_mutants() -> (Test<Json>, Vec<(usize, Call)>) {
    let statements = statements();
    let entries: Vec<Json> = statements
        .iter()
        .map(|(text, params)| match params.is_empty() {
            true => json!({"stmt": text, "times": 1}),
            false => json!({"stmt": text, "params": params, "times": 1}),
        })
        .collect();
    let test = Test::new(None, TestOptions::default());
    test.add_from_file(Expectations::from_json(&json!(entries)).expect("they are right"));
    let mut random = Random(7);
    let mut mutants = Vec::new();
    while mutants.len() < 200 {
        let index = random.below(statements.len());
        let (text, params) = &statements[index];
        let (text, params) = match mutants.len() % 4 {
            0 => (typo(text, &mut random), params.clone()),
            1 => (without_word(text, &mut random), params.clone()),
            2 => (other_literal(text), params.clone()),
            _ => (text.clone(), other_param(params)),
        };
        let is_mutated = (&text, &params) != (&statements[index].0, &statements[index].1);
        let is_another = statements
            .iter()
            .any(|other| (&other.0, &other.1) == (&text, &params));
        if !is_mutated || is_another {
            continue;
        }
        let values: Vec<Value> = params.iter().filter_map(Value::from_json).collect();
        let call = match values.is_empty() {
            true => Call::query(&text),
            false => Call::execute(&text, values),
        };
        mutants.push((index, call));
    }
    (test, mutants)
}

/// Twenty tables, fifty statements on each: text and prepared ones.
fn statements() -> Vec<(String, Vec<Json>)> {
    const TABLES: [&str; 20] = [
        "person",
        "address",
        "orders",
        "order_item",
        "product",
        "category",
        "stock",
        "warehouse",
        "invoice",
        "payment",
        "shipment",
        "carrier",
        "review",
        "rating",
        "session",
        "token",
        "role",
        "permission",
        "audit",
        "job",
    ];
    const COLUMNS: [&str; 5] = ["name", "state", "created_at", "amount", "owner_id"];
    let mut statements = Vec::new();
    for table in TABLES {
        for (number, column) in COLUMNS.iter().enumerate() {
            let other = COLUMNS[(number + 1) % COLUMNS.len()];
            statements.extend([
                (format!("select id, {column} from {table} where id = ?"), vec![json!(number + 10)]),
                (format!("select id, {column} from {table} where {other} = 'open' limit 10"), vec![]),
                (format!("select count({column}) from {table} where {other} is not null and kind = 3"), vec![]),
                (format!("insert into {table} ({column}, {other}) values (?, ?)"), vec![json!("ada"), json!(number)]),
                (format!("insert into {table} (id, {column}) values (1, 'first'), (2, 'second')"), vec![]),
                (format!("update {table} set {column} = ? where id = ?"), vec![json!("new"), json!(100 + number)]),
                (format!("update {table} set {column} = {column} + 1 where {other} < 50"), vec![]),
                (format!("delete from {table} where {column} = 'old' and {other} = 'gone'"), vec![]),
                (format!("select a.{column} from {table} a join parent p on p.id = a.parent_id where p.{other} = ?"), vec![json!("x")]),
                (format!("select {column}, max({other}) from {table} where flag = 1 group by {column} order by {column}"), vec![]),
            ]);
        }
    }
    statements
}

fn typo(text: &str, random: &mut Random) -> String {
    let words: Vec<(usize, &str)> = text
        .split_inclusive(' ')
        .scan(0, |at, word| {
            let start = *at;
            *at += word.len();
            Some((start, word.trim_end()))
        })
        .filter(|(_, word)| {
            word.len() > 3
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        })
        .collect();
    let (start, word) = words[random.below(words.len())];
    let at = start + 1 + random.below(word.len() - 2);
    let mut bytes = text.as_bytes().to_vec();
    match random.below(3) {
        0 => bytes.swap(at, at + 1),
        1 => drop(bytes.remove(at)),
        _ => bytes[at] = b'x',
    }
    String::from_utf8(bytes).expect("it is ASCII")
}

fn without_word(text: &str, random: &mut Random) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    let at = 1 + random.below(words.len() - 1);
    if words[at] == "?" {
        return text.to_owned();
    }
    words.remove(at);
    words.join(" ")
}

fn other_literal(text: &str) -> String {
    for (literal, other) in [
        ("'open'", "'closed'"),
        ("kind = 3", "kind = 4"),
        ("'first'", "'last'"),
        ("< 50", "< 60"),
        ("'gone'", "'lost'"),
        ("flag = 1", "flag = 0"),
    ] {
        if text.contains(literal) {
            return text.replacen(literal, other, 1);
        }
    }
    text.to_owned()
}

fn other_param(params: &[Json]) -> Vec<Json> {
    let mut params = params.to_vec();
    if let Some(last) = params.last_mut() {
        *last = match last.as_i64() {
            Some(number) => json!(number + 1000),
            None => json!("another"),
        };
    }
    params
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}
