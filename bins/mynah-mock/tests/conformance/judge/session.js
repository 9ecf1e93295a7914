// One connection's run of a trace, with the objects that a trace can use.

"use strict";

const fs = require("fs");
const path = require("path");
const vm = require("vm");
const { Misfit, kind } = require("./rules");

// `mysqld.global`: kept as JSON text, so that each access returns a new value.
class Globals {
  constructor(values) {
    this.texts = new Map(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
  }

  proxy(parse) {
    const texts = this.texts;
    return new Proxy({}, {
      get: (_, key) => (texts.has(key) ? parse(texts.get(key)) : undefined),
      set: (_, key, value) => {
        const text = JSON.stringify(value);
        if (text === undefined) texts.delete(key);
        else texts.set(key, text);
        return true;
      },
      has: (_, key) => texts.has(key),
      deleteProperty: (_, key) => texts.delete(key) || true,
      ownKeys: () => [...texts.keys()],
      getOwnPropertyDescriptor: (_, key) =>
        texts.has(key)
          ? { value: parse(texts.get(key)), writable: true, enumerable: true, configurable: true }
          : undefined,
    });
  }

  all() {
    return Object.fromEntries([...this.texts].map(([key, text]) => [key, JSON.parse(text)]));
  }
}

class Session {
  constructor({ trace, prefix, port }, globals) {
    this.trace = trace;
    this.paths = [path.join(prefix, "local_modules"), path.join(prefix, "npm/node_modules")];
    this.modules = new Map();
    this.globals = globals;
    this.context = vm.createContext({ console: { log() {}, warn() {} } });
    const parse = vm.runInContext("JSON.parse", this.context);
    Object.assign(this.context, {
      Duktape: { Thread, Logger },
      mysqld: {
        session: { port, ssl_cipher: "", mysqlx_ssl_cipher: "", ssl_session_cache_hits: 0 },
        global: this.globals.proxy(parse),
      },
      module: { paths: this.paths, exports: {} },
      require: (id) => this.require(id, path.dirname(trace)),
    });
  }

  load() {
    this.value = vm.runInContext(source(this.trace), this.context, { filename: this.trace });
    if (Object(this.value) !== this.value) {
      throw new Misfit(
        `${this.trace}: expected statement handler to return an object, got ${kind(this.value)}`);
    }
  }

  // Takes the section `stmts`.
  stmts() {
    const stmts = this.value.stmts;
    if (!Array.isArray(stmts) && typeof stmts !== "function" && !(stmts instanceof Thread)) {
      throw new Misfit(
        `expected 'stmts' to be one of callable, thread or array, got ${kind(stmts)}`);
    }
    this.due = Array.isArray(stmts) ? stmts.filter(() => true) : stmts;
  }

  // The trace's answer to a statement.
  ask(statement) {
    if (typeof this.due === "function") return this.due.call(undefined, statement);
    if (this.due instanceof Thread) return Thread.resume(this.due, statement);
    if (this.due.length === 0) return { error: { code: 1064, message: "Unknown statement. (end of stmts)" } };
    return this.due.shift();
  }

  require(id, folder) {
    if (id === "path") return path;
    const folders = id.startsWith(".") ? [folder] : this.paths;
    const file = folders.flatMap((at) => candidates(path.join(at, id))).find(isFile);
    if (file === undefined) throw `Cannot find module: ${id}`;
    if (!this.modules.has(file)) {
      const module = { exports: {}, paths: this.paths };
      this.modules.set(file, module);
      const text = `(function (exports, require, module) {${source(file)}\n})`;
      const run = vm.runInContext(text, this.context, { filename: file });
      run(module.exports, (other) => this.require(other, path.dirname(file)), module);
      this.loaded(module.exports);
    }
    return this.modules.get(file).exports;
  }

  // A module was loaded.
  loaded(_exports) {}
}

function candidates(at) {
  const files = [at, `${at}.js`];
  const about = path.join(at, "package.json");
  if (isFile(about)) files.push(path.join(at, JSON.parse(fs.readFileSync(about, "utf8")).main || ""));
  return [...files, path.join(at, "index.js")];
}

function isFile(file) {
  return fs.existsSync(file) && fs.statSync(file).isFile();
}

// A file. Node.js has no threads that yield from anywhere, but in these traces each yields from its own
// function, so that it is as well a generator.
function source(file) {
  return fs.readFileSync(file, "utf8")
    .replace(/new Duktape\.Thread\(function\b/g, "new Duktape.Thread(function*")
    .replace(/var yield = Duktape\.Thread\.yield;/g, "");
}

class Thread {
  constructor(run) {
    this.run = run;
  }

  static resume(thread, value) {
    const started = thread.running !== undefined;
    thread.running ??= thread.run(value);
    const step = thread.running.next(started ? value : undefined);
    return step.value;
  }
}

class Logger {
  info() {}
}

module.exports = { Globals, Session };
