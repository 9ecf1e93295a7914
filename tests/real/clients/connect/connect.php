<?php
$port = getenv("MYSQL_TCP_PORT") ?: 33306;
$connection = new PDO("mysql:host=127.0.0.1;port=$port", "app", "secret");
foreach ($connection->query("select name, age from people") as $row) {
    echo $row["name"], " ", $row["age"], "\n";
}
