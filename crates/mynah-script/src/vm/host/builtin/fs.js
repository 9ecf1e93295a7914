// `fs`: there is nothing to read.
exports.readSync = function () { return 0; };
