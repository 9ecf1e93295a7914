<?php
require __DIR__ . "/common/steps.php";

run(function () {
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $mysqli = mysqli_init();
    $flags = variable("TLS") === "1" ? MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT : 0;
    $mysqli->real_connect(variable("HOST"), variable("USER"), variable("PASSWORD"), "test",
        (int)variable("PORT"), null, $flags);
    ok("connect");
    expect("select", $mysqli->query("select 1")->fetch_row(), ["1"]);
    ok("select");
    try {
        $mysqli->query(MISSING);
        expect("error", "none", "one");
    } catch (mysqli_sql_exception $error) {
        expect("error", [$error->getCode(), $error->getSqlState()], [1146, "42S02"]);
    }
    ok("error");
    expect("large", $mysqli->query(LARGE)->fetch_row()[0] === str_repeat("x", 1048576), true);
    ok("large");
    $statement = $mysqli->prepare(PREPARED);
    foreach (rows() as $row) {
        $statement->bind_param("issss", ...array_values($row));
        $statement->execute();
        expect("prepared", $statement->get_result()->fetch_all(MYSQLI_ASSOC), [$row]);
    }
    $statement->close();
    $statement = $mysqli->prepare("select 1");
    for ($time = 0; $time < 2; $time++) {
        $statement->execute();
        expect("prepared", (int)$statement->get_result()->fetch_row()[0], 1);
    }
    $statement->close();
    ok("prepared");
    $mysqli->close();
    ok("close");
});
