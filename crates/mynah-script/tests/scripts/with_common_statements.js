var common_stmts = require("common_statements");

if (mysqld.global.members === undefined) mysqld.global.members = [["uuid-1", "127.0.0.1", 3310]];

var options = { members: mysqld.global.members, exec_time: 2.5 };
var responses = common_stmts.prepare_statement_responses(["select_port", "members"], options);
var callables = common_stmts.prepare_callable_statement_responses(["count"], options);
var responses_regex = common_stmts.prepare_statement_responses_regex(["set_names", "drop_account"], options);

({
  handshake: { auth: { username: "router" } },
  stmts: function (stmt) {
    var response;
    if (responses.hasOwnProperty(stmt)) {
      return responses[stmt];
    } else if (callables.hasOwnProperty(stmt)) {
      return callables[stmt]();
    } else if ((response = common_stmts.handle_regex_stmt(stmt, responses_regex)) !== undefined) {
      return response;
    } else {
      return common_stmts.unknown_statement_response(stmt);
    }
  },
})
