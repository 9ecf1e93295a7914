// `util`: classes of old, and console.log's formats.
exports.format = native.format;
exports.inherits = function (child, parent) {
  child.super_ = parent;
  child.prototype = Object.create(parent.prototype, {
    constructor: { value: child, writable: true, configurable: true },
  });
};
