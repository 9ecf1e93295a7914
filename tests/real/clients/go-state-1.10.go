package main

import "github.com/go-sql-driver/mysql"

func sqlState(err *mysql.MySQLError) bool { return string(err.SQLState[:]) == "42S02" }
