// A module of the kind that traces of MySQL Router share: answers by name, made to order.

var column = function (name, type) { return { name: name, type: type || "STRING" }; };

// The answer of that name, with its statement.
exports.get = function get(name, options) {
  options = Object.assign({ version: "8.4.0-mock", members: [["uuid-1", "127.0.0.1", 3306]] }, options);
  switch (name) {
    case "select_port":
      return {
        stmt: "select @@port",
        result: { columns: [column("@@port", "LONG")], rows: [[mysqld.session.port]] },
      };
    case "members":
      return {
        stmt: "SELECT member_id, member_host, member_port FROM members",
        exec_time: options.exec_time,
        result: {
          columns: [column("member_id"), column("member_host"), column("member_port", "LONG")],
          rows: options.members.map(function (member) { return member.slice(); }),
        },
      };
    case "set_names":
      return { stmt: "SET NAMES", stmt_regex: "^SET NAMES (\\w+)$", ok: {} };
    case "drop_account":
      return {
        stmt_regex: "^DROP USER IF EXISTS '(.*)'@'%'$",
        error: { code: 1227, sql_state: "42000", message: "not allowed" },
      };
    case "count":
      return {
        stmt: "count",
        callable: function () {
          mysqld.global.count = (mysqld.global.count || 0) + 1;
          return { ok: { affected_rows: mysqld.global.count } };
        },
      };
    default:
      return exports.unknown_statement_response(name);
  }
};

exports.prepare_statement_responses = function (names, options) {
  return names.reduce(function (all, name) {
    var answer = exports.get(name, options);
    all[answer.stmt] = answer;
    return all;
  }, {});
};

exports.prepare_callable_statement_responses = function (names, options) {
  return names.reduce(function (all, name) {
    var answer = exports.get(name, options);
    all[answer.stmt] = answer.callable;
    return all;
  }, {});
};

exports.prepare_statement_responses_regex = function (names, options) {
  return names.map(function (name) { return exports.get(name, options); });
};

exports.handle_regex_stmt = function (stmt, answers) {
  for (var i = 0; i < answers.length; i++) {
    if (stmt.match(answers[i].stmt_regex)) return answers[i];
  }
  return undefined;
};

exports.unknown_statement_response = function (stmt) {
  return { error: { code: 1273, sql_state: "HY001", message: "Syntax Error at: " + stmt } };
};
