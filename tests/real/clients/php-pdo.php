<?php
require __DIR__ . "/common/steps.php";

run(function () {
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => false];
    if (variable("TLS") === "1") {
        $options[PDO::MYSQL_ATTR_SSL_CA] = variable("CA");
        $options[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = false;
    }
    $name = "mysql:host=" . variable("HOST") . ";port=" . variable("PORT") . ";dbname=test;charset=utf8mb4";
    $pdo = new PDO($name, variable("USER"), variable("PASSWORD"), $options);
    ok("connect");
    expect("select", $pdo->query("select 1")->fetchAll(PDO::FETCH_NUM), [[1]]);
    ok("select");
    try {
        $pdo->query(MISSING);
        expect("error", "none", "one");
    } catch (PDOException $error) {
        expect("error", array_slice($error->errorInfo, 0, 2), ["42S02", 1146]);
    }
    ok("error");
    expect("large", $pdo->query(LARGE)->fetchColumn() === str_repeat("x", 1048576), true);
    ok("large");
    $statement = $pdo->prepare(PREPARED);
    foreach (rows() as $row) {
        $statement->execute(array_values($row));
        expect("prepared", $statement->fetchAll(PDO::FETCH_ASSOC), [$row]);
    }
    $statement = $pdo->prepare("select 1");
    for ($time = 0; $time < 2; $time++) {
        $statement->execute();
        expect("prepared", (int)$statement->fetchColumn(), 1);
        $statement->closeCursor();
    }
    $statement = null;
    ok("prepared");
    browse(fn ($text) => $pdo->query($text)->fetchAll(PDO::FETCH_NUM), function ($text, $id) use ($pdo) {
        $statement = $pdo->prepare($text);
        $statement->execute([$id]);
        return $statement->fetchAll(PDO::FETCH_NUM);
    });
    $pdo = null;
    ok("close");
});
