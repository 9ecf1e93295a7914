// `Duktape.Logger`: lines for the server's log.
function Logger(name) {
  if (!(this instanceof Logger)) throw new TypeError("Duktape.Logger is a constructor");
  if (arguments.length === 0) name = native.caller();
  if (typeof name === "string") this.n = name;
}

var levels = ["trace", "debug", "info", "warn", "error", "fatal"];
var tags = ["TRC", "DBG", "INF", "WRN", "ERR", "FTL"];

function log(logger, level, args) {
  if (level < logger.l) return;
  var text = Array.prototype.map.call(args, function (arg) {
    return arg !== null && typeof arg === "object" ? logger.fmt(arg) : String(arg);
  }).join(" ");
  if (logger.raw === raw) native.log(level, logger.n + ": " + text);
  else logger.raw([new Date().toISOString(), tags[level], logger.n + ":", text].join(" "));
}

// What is written to: takes a whole line. The server's log has its own time and level.
function raw(line) { native.log(2, String(line)); }

Logger.prototype.n = "anon";
Logger.prototype.l = 2;
Logger.prototype.raw = raw;
Logger.prototype.fmt = function (value) {
  return String(typeof value.toLogString === "function" ? value.toLogString() : value);
};
levels.forEach(function (name, level) {
  Logger.prototype[name] = function () { log(this, level, arguments); };
});
Logger.clog = new Logger("C");

exports.Logger = Logger;
