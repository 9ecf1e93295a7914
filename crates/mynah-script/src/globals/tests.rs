use mynah_expect::Tests;
use serde_json::{Number, Value};

use super::*;

#[test]
fn an_update_reads_and_sets_without_others_in_between() {
    let globals = Globals::new();
    globals.set("n", "0").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let counted = globals.update(|values| {
                        let n: u32 = values.get("n").unwrap().parse().unwrap();
                        values.set("n", (n + 1).to_string())
                    });
                    counted.unwrap();
                }
            });
        }
    });
    assert_eq!(globals.get("n").as_deref(), Some("2000"));
}

#[test]
fn numbers_are_added_and_elements_appended_without_others_in_between() {
    let globals = Globals::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for i in 0..250 {
                    globals.increment("n", &Number::from(2)).unwrap();
                    globals.push("list", Value::from(i)).unwrap();
                }
            });
        }
    });
    assert_eq!(globals.get("n").as_deref(), Some("2000"));
    assert_eq!(globals.push("list", Value::Null), Ok(1001));
    let half = Number::from_f64(0.5).unwrap();
    assert_eq!(
        globals.increment("n", &half),
        Number::from_f64(2000.5).ok_or(ChangeError::TooLarge)
    );
    globals.set("n", u64::MAX.to_string()).unwrap();
    assert_eq!(
        globals.increment("n", &Number::from(-1)),
        Ok(Number::from(u64::MAX - 1))
    );
}

#[test]
fn what_is_of_another_type_is_neither_added_to_nor_appended_to() {
    let globals = Globals::with_limit(10);
    globals.set("a", "\"x\"").unwrap();
    let one = Number::from(1);
    assert_eq!(
        globals.increment("a", &one),
        Err(ChangeError::NoNumber("a".to_owned()))
    );
    assert_eq!(
        globals.push("a", Value::Null),
        Err(ChangeError::NoArray("a".to_owned()))
    );
    assert!(matches!(
        globals.push("list", Value::from("long text")),
        Err(ChangeError::Full(_))
    ));
    globals.set("a", "1e308").unwrap();
    let most = Number::from_f64(f64::MAX).unwrap();
    assert_eq!(globals.increment("a", &most), Err(ChangeError::TooLarge));
    assert_eq!(globals.get("a").as_deref(), Some("1e308"));
}

#[test]
fn a_value_is_exchanged_only_if_nothing_was_stored_meanwhile() {
    let globals = Globals::new();
    assert_eq!(globals.exchange("a", None, "1".into()), Ok(true));
    assert_eq!(globals.exchange("a", None, "2".into()), Ok(false));
    let old = globals.get("a");
    globals.set("a", "1").unwrap();
    assert_eq!(globals.exchange("a", old.as_ref(), "2".into()), Ok(false));
    let now = globals.get("a");
    assert_eq!(globals.exchange("a", now.as_ref(), "2".into()), Ok(true));
}

#[test]
fn keys_keep_the_order_they_were_first_stored_in() {
    let globals = Globals::new();
    for key in ["b", "a", "b", "c"] {
        globals.set(key, "1").unwrap();
    }
    assert!(globals.remove("a"));
    globals.set("a", "2").unwrap();
    assert_eq!(globals.keys(), ["b", "c", "a"]);
    let others = [("z".to_owned(), "1".into()), ("a".to_owned(), "1".into())];
    globals.replace(others).unwrap();
    assert_eq!(globals.keys(), ["z", "a"]);
}

#[test]
fn values_take_no_more_than_the_limit_however_they_are_stored() {
    let globals = Globals::with_limit(10);
    let full = Err(GlobalsFull {
        needed: 11,
        limit: 10,
    });
    globals.set("a", "12345").unwrap();
    globals.set("b", "123").unwrap();
    assert_eq!(globals.set("b", "1234"), full);
    assert_eq!(globals.update(|values| values.set("b", "1234")), full);
    assert_eq!(globals.set("a", "123456"), full);
    let too_many = [("a", "12345"), ("b", "1234")];
    let too_many = too_many.map(|(key, json)| (key.to_owned(), json.into()));
    assert_eq!(globals.replace(too_many), full);
    assert_eq!(globals.fork().set("b", "1234"), full);
    assert_eq!(globals.get("b").as_deref(), Some("123"));
    globals.set("a", "1").unwrap();
    globals.set("b", "1234567").unwrap();
    assert!(globals.remove("b"));
    globals.set("a", "123456789").unwrap();
}

#[test]
fn an_update_that_fails_changes_nothing() {
    let globals = Globals::with_limit(10);
    globals.set("a", "1").unwrap();
    let failed = globals.update(|values| {
        values.remove("a");
        values.set("b", "1234567890")
    });
    assert!(failed.is_err());
    assert_eq!(globals.keys(), ["a"]);
}

#[test]
fn only_a_change_is_later_than_the_one_before() {
    let globals = Globals::new();
    let mut before = globals.changed();
    assert_eq!(globals.keys(), [""; 0]);
    assert!(!globals.remove("a"));
    assert_eq!(globals.changed(), before);
    let changes: [&dyn Fn(); 4] = [
        &|| globals.set("a", "1").unwrap(),
        &|| {
            globals.remove("a");
        },
        &|| globals.replace([]).unwrap(),
        &|| globals.update(|values| values.set("b", "2")).unwrap(),
    ];
    for change in changes {
        change();
        assert!(globals.changed() > before);
        before = globals.changed();
    }
}

/// Globals that may take so many bytes, and the tests that have some of their own.
fn tests(limit: usize) -> (Arc<Globals>, Tests<Answer>) {
    let globals = Arc::new(Globals::with_limit(limit));
    (globals, Tests::new(mynah_expect::TestOptions::default()))
}

#[test]
fn each_test_has_its_own_values_and_begins_with_those_of_the_top_level() {
    let (globals, tests) = tests(1000);
    let top_level = globals.at_top_level();
    let before = tests.open("before").unwrap();
    let before = globals.of_test(&before);
    before.set("mine", "0").unwrap();
    top_level.set("initial", "1").unwrap();
    top_level.set("mine", "1").unwrap();
    top_level.increment("started", &Number::from(1)).unwrap();
    top_level.set("gone", "1").unwrap();
    assert!(top_level.remove("gone"));
    globals.set("later", "1").unwrap();
    globals.set("initial", "2").unwrap();
    let test = tests.open("after").unwrap();
    let after = globals.of_test(&test);
    assert_eq!(after.keys(), ["initial", "mine", "started"]);
    assert_eq!(after.get("initial").as_deref(), Some("1"));
    after.increment("started", &Number::from(7)).unwrap();
    after.push("list", Value::Null).unwrap();
    let removed = after.update(|values| Ok::<_, GlobalsFull>(values.remove("initial")));
    assert_eq!(removed, Ok(true));
    assert_eq!(after.keys(), ["mine", "started", "list"]);
    assert_eq!(globals.keys(), ["initial", "mine", "started", "later"]);
    assert_eq!(globals.get("started").as_deref(), Some("1"));
    assert_eq!(before.get("mine").as_deref(), Some("0"));
    assert!(Arc::ptr_eq(&after, &globals.of_test(&test)));
    assert!(Arc::ptr_eq(&globals, &globals.of_test(tests.shared())));

    after.reset();
    assert_eq!(after.keys(), ["initial", "mine", "started"]);
    assert_eq!(after.get("started").as_deref(), Some("1"));
    globals.reset();
    assert_eq!(globals.keys(), [""; 0]);
    let last = globals.of_test(&tests.open("last").unwrap());
    assert_eq!(last.keys(), [""; 0]);
}

#[test]
fn all_tests_together_take_no_more_than_the_limit_and_an_end_makes_room() {
    let (globals, tests) = tests(10);
    let one = globals.of_test(&tests.open("one").unwrap());
    globals.set("a", "123").unwrap();
    one.set("a", "1234").unwrap();
    let full = |needed| Err(GlobalsFull { needed, limit: 10 });
    assert_eq!(globals.set("a", "12345"), full(11));
    assert_eq!(one.update(|values| values.set("b", "1")), full(11));
    assert_eq!(one.replace([("b".to_owned(), "123456".into())]), full(11));
    // What doesn't fit, tests go without.
    globals.at_top_level().set("b", "").unwrap();
    assert_eq!((globals.keys().len(), one.keys().len()), (2, 1));
    drop(one);
    tests.end("one").unwrap();
    globals.set("a", "12345678").unwrap();
    assert_eq!(globals.set("a", "123456789"), full(11));
}
