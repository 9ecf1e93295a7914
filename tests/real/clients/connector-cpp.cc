// Connector/C++ 1.1, Debian's on MariaDB's library.
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace {

struct Row {
  int64_t number;
  std::string text;
  const char *maybe;
  std::string day;
  std::string bytes;
};

std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

void ok(const char *step) { std::cout << "ok " << step << std::endl; }

void expect(const char *step, const std::string &found, const std::string &wanted) {
  if (found != wanted) throw std::runtime_error(std::string(step) + ": '" + found + "' instead of '" + wanted + "'");
}

std::string read(std::istream *stream) {
  std::stringstream bytes;
  bytes << stream->rdbuf();
  return bytes.str();
}

void execute(sql::PreparedStatement &statement, const Row &row) {
  std::istringstream bytes(row.bytes);
  statement.setInt64(1, row.number);
  statement.setString(2, row.text);
  if (row.maybe)
    statement.setString(3, row.maybe);
  else
    statement.setNull(3, 0);
  statement.setDateTime(4, row.day);
  statement.setBlob(5, &bytes);
  std::unique_ptr<sql::ResultSet> result(statement.executeQuery());
  if (!result->next()) throw std::runtime_error("prepared: no row");
  expect("prepared", std::to_string(result->getInt64(1)), std::to_string(row.number));
  expect("prepared", result->getString(2), row.text);
  if (result->isNull(3) != !row.maybe) throw std::runtime_error("prepared: NULL is wrong");
  if (row.maybe) expect("prepared", result->getString(3), row.maybe);
  expect("prepared", result->getString(4), row.day);
  std::unique_ptr<std::istream> found(result->getBlob(5));
  expect("prepared", read(found.get()), row.bytes);
  if (result->next()) throw std::runtime_error("prepared: more than one row");
}

void steps() {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString("tcp://" + variable("MYNAH_HOST") + ":" + variable("MYNAH_PORT"));
  options["userName"] = sql::SQLString(variable("MYNAH_USER"));
  options["password"] = sql::SQLString(variable("MYNAH_PASSWORD"));
  options["schema"] = sql::SQLString("test");
  options["charsetDictionary"] = sql::SQLString("utf8mb4");
  if (variable("MYNAH_TLS") == "1") {
    options["sslEnforce"] = true;
    options["sslCA"] = sql::SQLString(variable("MYNAH_CA"));
  }
  std::unique_ptr<sql::Connection> connection(get_driver_instance()->connect(options));
  ok("connect");
  std::unique_ptr<sql::Statement> statement(connection->createStatement());
  std::unique_ptr<sql::ResultSet> result(statement->executeQuery("select 1"));
  if (!result->next() || result->getInt(1) != 1) throw std::runtime_error("select: not 1");
  ok("select");
  try {
    statement->executeQuery("select * from test.mynah_missing");
    throw std::runtime_error("error: there was none");
  } catch (sql::SQLException &error) {
    expect("error", std::to_string(error.getErrorCode()) + " " + error.getSQLState(), "1146 42S02");
  }
  ok("error");
  result.reset(statement->executeQuery("select repeat('x', 1048576) as large"));
  result->next();
  if (result->getString(1) != std::string(1048576, 'x')) throw std::runtime_error("large: another value");
  ok("large");
  std::string all;
  for (int byte = 0; byte < 256; byte++) all.push_back(static_cast<char>(byte));
  std::unique_ptr<sql::PreparedStatement> prepared(connection->prepareStatement(
      "select cast(? as signed) as number, cast(? as char) as text, cast(? as char) as maybe, "
      "cast(? as date) as day, cast(? as binary) as bytes"));
  execute(*prepared, {42, "caf\xc3\xa9 \xe2\x98\x83", nullptr, "2024-02-29", std::string("\0\1'\\\xfe\xff", 6)});
  execute(*prepared, {-7, "it's \"quoted\" \\ done", "now", "1999-12-31", all});
  prepared.reset(connection->prepareStatement("select 1"));
  for (int time = 0; time < 2; time++) {
    result.reset(prepared->executeQuery());
    if (!result->next() || result->getInt(1) != 1) throw std::runtime_error("prepared: not 1");
  }
  result.reset();
  prepared.reset();
  ok("prepared");
  connection->close();
  ok("close");
}

}  // namespace

int main() {
  try {
    steps();
  } catch (std::exception &error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  return 0;
}
