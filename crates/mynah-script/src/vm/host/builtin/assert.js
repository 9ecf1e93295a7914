// `assert`: throws an AssertionError unless its argument holds.
function AssertionError(message) {
  this.name = "AssertionError";
  this.message = message;
}
AssertionError.prototype = Object.create(Error.prototype);
AssertionError.prototype.constructor = AssertionError;

function check(so, message, fallback) {
  if (so) return;
  if (message instanceof Error) throw message;
  throw new AssertionError(message === undefined ? fallback : String(message));
}

function same(a, b) {
  if (a === b || (a !== a && b !== b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return a == b;
  var keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every(function (key) {
    return Object.prototype.hasOwnProperty.call(b, key) && same(a[key], b[key]);
  });
}

function throws(run) {
  try {
    run();
  } catch (e) {
    return true;
  }
  return false;
}

module.exports = exports = function assert(value, message) {
  check(value, message, "expected " + value + " to be true");
};
exports.AssertionError = AssertionError;
exports.ok = exports;
exports.fail = function (message) { check(false, message, "failed"); };
exports.equal = function (a, b, message) { check(a == b, message, a + " == " + b); };
exports.notEqual = function (a, b, message) { check(a != b, message, a + " != " + b); };
exports.strictEqual = function (a, b, message) { check(a === b, message, a + " === " + b); };
exports.notStrictEqual = function (a, b, message) { check(a !== b, message, a + " !== " + b); };
exports.deepEqual = function (a, b, message) { check(same(a, b), message, "not deeply equal"); };
exports.throws = function (run, message) { check(throws(run), message, "nothing was thrown"); };
