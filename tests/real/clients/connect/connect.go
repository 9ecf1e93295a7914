package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"

	_ "github.com/go-sql-driver/mysql"
)

func main() {
	port := os.Getenv("MYSQL_TCP_PORT")
	if port == "" {
		port = "33306"
	}
	db, err := sql.Open("mysql", "app:secret@tcp(127.0.0.1:"+port+")/")
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("select name, age from people")
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var age sql.NullInt64
		if err := rows.Scan(&name, &age); err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, age.Int64)
	}
}
