// `os`: where the server runs.
exports.EOL = "\n";
exports.platform = function () { return native.os; };
