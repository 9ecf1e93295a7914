// `tty`: there is no terminal.
exports.isatty = function () { return false; };
