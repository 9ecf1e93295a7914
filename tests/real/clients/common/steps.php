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

function run(callable $client): void {
    try {
        $client();
    } catch (Throwable $error) {
        fwrite(STDERR, preg_replace('/\s+/', " ", get_class($error) . ": " . $error->getMessage()) . "\n");
        exit(1);
    }
}
