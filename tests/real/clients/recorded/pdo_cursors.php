<?php
// Prepared statements of PDO: unbuffered results, several results of a procedure, transactions.
require __DIR__ . "/../common/steps.php";

run(function () {
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => false,
        PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL];
    if (variable("TLS") === "1") {
        $options[PDO::MYSQL_ATTR_SSL_CA] = variable("CA");
        $options[PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT] = false;
    }
    $name = "mysql:host=" . variable("HOST") . ";port=" . variable("PORT") . ";dbname=test;charset=utf8mb4";
    $pdo = new PDO($name, variable("USER"), variable("PASSWORD"), $options);
    $show = fn ($step, $value) => ok($step . " " . json_encode($value, JSON_UNESCAPED_UNICODE));
    $pdo->exec("drop table if exists recorded_pdo");
    $pdo->exec("create table recorded_pdo (id int primary key auto_increment, name varchar(40), price decimal(8,2)) character set utf8mb4");
    $insert = $pdo->prepare("insert into recorded_pdo (name, price) values (:name, :price)");
    for ($number = 0; $number < 20; $number++) {
        $insert->execute(["name" => "name ☃ $number", "price" => $number / 4]);
    }
    $show("last id", $pdo->lastInsertId());
    $pdo->setAttribute(PDO::MYSQL_ATTR_USE_BUFFERED_QUERY, false);
    $select = $pdo->prepare("select id, name, price from recorded_pdo where id > ? order by id", [PDO::ATTR_CURSOR => PDO::CURSOR_FWDONLY]);
    foreach ([0, 15, 15, 99] as $id) {
        $select->execute([$id]);
        $rows = [];
        while ($row = $select->fetch(PDO::FETCH_NUM)) {
            $rows[] = $row;
        }
        $select->closeCursor();
        $show("unbuffered", $rows);
    }
    $select->execute([3]);
    $show("cut short", $select->fetch(PDO::FETCH_ASSOC));
    $select->closeCursor();
    $pdo->setAttribute(PDO::MYSQL_ATTR_USE_BUFFERED_QUERY, true);
    $pdo->exec("drop procedure if exists recorded_both");
    $pdo->exec("create procedure recorded_both(in low int) begin select id from recorded_pdo where id < low; select name from recorded_pdo where id = low; end");
    $call = $pdo->prepare("call recorded_both(?)");
    foreach ([3, 2] as $low) {
        $call->execute([$low]);
        $results = [];
        do {
            if ($call->columnCount() > 0) {
                $results[] = $call->fetchAll(PDO::FETCH_NUM);
            }
        } while ($call->nextRowset());
        $call->closeCursor();
        $show("call", $results);
    }
    $pdo->beginTransaction();
    $show("deleted", $pdo->exec("delete from recorded_pdo where id > 10"));
    $pdo->rollBack();
    $show("count", $pdo->query("select count(*) from recorded_pdo")->fetchColumn());
    try {
        $pdo->prepare("insert into recorded_pdo (id) values (?)")->execute([1]);
    } catch (PDOException $error) {
        $show("error", $error->errorInfo);
    }
    $pdo->exec("drop procedure recorded_both");
    $pdo->exec("drop table recorded_pdo");
    $pdo = null;
    ok("close");
});
