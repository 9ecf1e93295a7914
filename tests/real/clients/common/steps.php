<?php
// The steps of each PHP client, and their output; see steps.py for more.

const MISSING = "select * from test.mynah_missing";
const LARGE = "select repeat('x', 1048576) as large";
const PREPARED = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
    . "cast(? as date) as day, cast(? as binary) as bytes";

function variable(string $name): string {
    return getenv("MYNAH_$name");
}

function rows(): array {
    $row = fn (...$values) => array_combine(["number", "text", "maybe", "day", "bytes"], $values);
    return [
        $row(42, "caf\u{e9} \u{2603}", null, "2024-02-29", "\x00\x01'\\\xfe\xff"),
        $row(-7, "it's \"quoted\" \\ done", "now", "1999-12-31", implode("", array_map("chr", range(0, 255)))),
    ];
}

function ok(string $step): void {
    echo "ok $step\n";
}

function skip(string $step, string $why): void {
    echo "skip $step: $why\n";
}

function expect(string $step, mixed $found, mixed $wanted): void {
    if ($found !== $wanted) {
        throw new Exception("$step: " . serialize($found) . " instead of " . serialize($wanted));
    }
}

// Looks at the table and the view that are there; the functions return rows of values.
function browse(callable $query, callable $execute): void {
    if (variable("BROWSE") !== "1") return;
    $values = fn (string $statement) => array_column($query($statement), 0);
    expect("browse", $values("show tables"), ["heavy", "people"]);
    expect("browse", $values("describe people"), ["id", "name", "weight", "photo"]);
    expect("browse", $values("select table_name from information_schema.tables where table_schema = 'test' "
        . "order by table_name"), ["heavy", "people"]);
    expect("browse", $execute("select name, weight from people where id = ?", 2), [["bert", null]]);
    ok("browse");
}

function run(callable $client): void {
    try {
        $client();
    } catch (Throwable $error) {
        fwrite(STDERR, preg_replace('/\s+/', " ", get_class($error) . ": " . $error->getMessage()) . "\n");
        exit(1);
    }
}
