// Answers of one statement are given in their order, whichever connection asks; the last one stays.
function next(number) {
  var key = "answers of entry " + number;
  var given = process.get_shared(key) || 0;
  process.set_shared(key, given + 1);
  return given;
}

// A value as its bytes, each as one character.
function bytes(value) {
  var text = "";
  if (typeof value !== "object") {
    return encodeURIComponent(value).replace(/%(..)/g, function (found, hex) {
      return String.fromCharCode(parseInt(hex, 16));
    });
  }
  if (typeof value.hex === "string") {
    for (var at = 0; at < value.hex.length; at += 2) text += String.fromCharCode(parseInt(value.hex.substr(at, 2), 16));
    return text;
  }
  for (var i = 0; i < value.length; i++) text += String.fromCharCode(value[i]);
  return text;
}

function isSame(bound, recorded) {
  if (recorded !== null && recorded.keyword) return bound === undefined;
  if (bound === null || bound === undefined || recorded === null) return bound === recorded;
  return bytes(bound) === bytes(recorded);
}

// mysql_server_mock gives a function no second argument.
function find(stmt, call) {
  var own = call && commands.indexOf(call.command) >= 0 ? call.command : undefined;
  var bound = (call && call.params) || [];
  return (index["stmt " + stmt] || []).filter(function (number) {
    var params = entries[number].params || [];
    if (entries[number].command !== own) return false;
    if (own === "admin") return params.join() === JSON.stringify(call.arguments);
    if (own) return true;
    return params.length === bound.length && params.every(function (recorded, at) { return isSame(bound[at], recorded); });
  })[0];
}

// Commands whose entries name them; all others run statements.
var commands = ["prepare", "field_list", "admin", "init_db"];

var index = {};
entries.forEach(function (entry, number) {
  var key = "stmt " + [].concat(entry.stmt).join("\n");
  index[key] = (index[key] || []).concat(number);
});

({
  handshake: handshake,
  stmts: function (stmt, call) {
    var number = find(stmt, call);
    if (number === undefined) return undefined;
    var answers = entries[number].answers;
    if (answers.length === 1) return answers[0];
    return answers[Math.min(next(number), answers.length - 1)];
  },
})
