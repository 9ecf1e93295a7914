package main

import "github.com/go-sql-driver/mysql"

// Version 1.5 keeps no SQL state.
func sqlState(*mysql.MySQLError) bool { return true }
