// `path`: paths with slashes.
function normalize(path) {
  var parts = [];
  path.split("/").forEach(function (part) {
    var above = parts.length === 0 || parts[parts.length - 1] === "..";
    if (part === "" || part === ".") return;
    if (part !== "..") parts.push(part);
    else if (!above) parts.pop();
    else if (path[0] !== "/") parts.push(part);
  });
  var end = path[path.length - 1] === "/" && parts.length > 0 ? "/" : "";
  return (path[0] === "/" ? "/" : "") + parts.join("/") + end || ".";
}

exports.sep = "/";
exports.normalize = normalize;
exports.join = function () {
  var parts = Array.prototype.filter.call(arguments, function (part) { return part !== ""; });
  return parts.length === 0 ? "." : normalize(parts.join("/"));
};
exports.resolve = function () {
  var path = "";
  for (var i = arguments.length - 1; i >= 0 && path[0] !== "/"; i--) {
    if (arguments[i] !== "") path = arguments[i] + (path === "" ? "" : "/" + path);
  }
  if (path[0] !== "/") path = process.cwd() + "/" + path;
  return native.realpath(normalize(path).replace(/(.)\/$/, "$1"));
};
