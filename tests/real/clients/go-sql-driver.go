package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
)

const prepared = "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, " +
	"cast(? as date) as day, cast(? as binary) as bytes"

type row struct {
	number int64
	text   string
	maybe  interface{}
	day    string
	bytes  []byte
}

func ok(step string) { fmt.Println("ok", step) }

func fail(step string, values ...interface{}) {
	text := step + ": " + fmt.Sprint(values...)
	fmt.Fprintln(os.Stderr, strings.Join(strings.Fields(text), " "))
	os.Exit(1)
}

func check(step string, err error) {
	if err != nil {
		fail(step, err)
	}
}

// browse looks at the table and the view that are there.
func browse(conn *sql.Conn) {
	tables, err := conn.QueryContext(context.Background(), "show tables")
	check("browse", err)
	var names []string
	for tables.Next() {
		var name string
		check("browse", tables.Scan(&name))
		names = append(names, name)
	}
	if strings.Join(names, " ") != "heavy people" {
		fail("browse", names)
	}
	columns, err := conn.QueryContext(context.Background(), "select * from people where id = ?", 2)
	check("browse", err)
	types, err := columns.ColumnTypes()
	check("browse", err)
	var described string
	for _, column := range types {
		described += column.Name() + " " + column.DatabaseTypeName() + " "
	}
	if described != "id BIGINT name VARCHAR weight DOUBLE photo BLOB " || !columns.Next() {
		fail("browse", described)
	}
	check("browse", columns.Close())
}

func main() {
	variable := func(name string) string { return os.Getenv("MYNAH_" + name) }
	config := mysql.NewConfig()
	config.Net, config.Addr = "tcp", variable("HOST")+":"+variable("PORT")
	config.User, config.Passwd, config.DBName = variable("USER"), variable("PASSWORD"), "test"
	if variable("TLS") == "1" {
		config.TLSConfig = "skip-verify"
	}
	db, err := sql.Open("mysql", config.FormatDSN())
	check("open", err)
	conn, err := db.Conn(context.Background())
	check("connect", err)
	ok("connect")
	var one int
	check("select", conn.QueryRowContext(context.Background(), "select 1").Scan(&one))
	if one != 1 {
		fail("select", one)
	}
	ok("select")

	_, err = conn.ExecContext(context.Background(), "select * from test.mynah_missing")
	var refused *mysql.MySQLError
	if !errors.As(err, &refused) || refused.Number != 1146 || !sqlState(refused) {
		fail("error", err)
	}
	ok("error")
	var large string
	check("large", conn.QueryRowContext(context.Background(), "select repeat('x', 1048576) as large").Scan(&large))
	if large != strings.Repeat("x", 1048576) {
		fail("large", len(large), " bytes")
	}
	ok("large")

	all := make([]byte, 256)
	for at := range all {
		all[at] = byte(at)
	}
	statement, err := conn.PrepareContext(context.Background(), prepared)
	check("prepare", err)
	for _, want := range []row{
		{42, "café ☃", nil, "2024-02-29", []byte("\x00\x01'\\\xfe\xff")},
		{-7, "it's \"quoted\" \\ done", "now", "1999-12-31", all},
	} {
		var found row
		var maybe sql.NullString
		query := statement.QueryRow(want.number, want.text, want.maybe, want.day, want.bytes)
		check("prepared", query.Scan(&found.number, &found.text, &maybe, &found.day, &found.bytes))
		if maybe.Valid {
			found.maybe = maybe.String
		}
		if found.number != want.number || found.text != want.text || found.maybe != want.maybe ||
			found.day != want.day || !bytes.Equal(found.bytes, want.bytes) {
			fail("prepared", found, " instead of ", want)
		}
	}
	check("prepared", statement.Close())
	plain, err := conn.PrepareContext(context.Background(), "select 1")
	check("prepare", err)
	for time := 0; time < 2; time++ {
		var one int64
		check("prepared", plain.QueryRow().Scan(&one))
		if one != 1 {
			fail("prepared", one, " instead of 1")
		}
	}
	check("prepared", plain.Close())
	ok("prepared")
	if variable("BROWSE") == "1" {
		browse(conn)
		ok("browse")
	}
	check("close", conn.Close())
	check("close", db.Close())
	ok("close")
}
