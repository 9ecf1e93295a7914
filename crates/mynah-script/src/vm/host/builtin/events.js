// `events`: an object that calls listeners by the name of an event.
function EventEmitter() {
  this._listeners = {};
}

function listeners(emitter, event) {
  var all = emitter._listeners || (emitter._listeners = {});
  return Object.prototype.hasOwnProperty.call(all, event) ? all[event] : (all[event] = []);
}

EventEmitter.prototype.on = function (event, listener) {
  listeners(this, event).push(listener);
  return this;
};

EventEmitter.prototype.once = function (event, listener) {
  function once() {
    this.removeListener(event, once);
    listener.apply(this, arguments);
  }
  once.listener = listener;
  return this.on(event, once);
};

EventEmitter.prototype.removeListener = function (event, listener) {
  var known = listeners(this, event);
  for (var i = known.length - 1; i >= 0; i--) {
    if (known[i] === listener || known[i].listener === listener) {
      known.splice(i, 1);
      break;
    }
  }
  return this;
};

EventEmitter.prototype.removeAllListeners = function (event) {
  if (event === undefined) this._listeners = {};
  else listeners(this, event).length = 0;
  return this;
};

EventEmitter.prototype.emit = function (event) {
  var known = listeners(this, event).slice();
  var rest = Array.prototype.slice.call(arguments, 1);
  for (var i = 0; i < known.length; i++) known[i].apply(this, rest);
  return known.length > 0;
};

EventEmitter.prototype.listeners = function (event) {
  return listeners(this, event).map(function (known) { return known.listener || known; });
};
EventEmitter.prototype.listenerCount = function (event) {
  return listeners(this, event).length;
};
EventEmitter.prototype.addListener = EventEmitter.prototype.on;
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

module.exports = EventEmitter;
EventEmitter.EventEmitter = EventEmitter;
