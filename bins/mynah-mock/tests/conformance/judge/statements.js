// Finds the statements that a trace answers: the texts that it compares a statement with.

"use strict";

const fs = require("fs");
const vm = require("vm");
const { Globals, Session } = require("./session");
const { sample } = require("./sample");

// A session that records the texts that its trace compares statements with.
class Watched extends Session {
  constructor(question, found) {
    super(question, new Globals(question.globals));
    this.found = found;
    this.asked = undefined;
    const spy = vm.runInContext(`(function (note) {
      for (const name of ["match", "indexOf", "startsWith", "search", "includes"]) {
        const whole = String.prototype[name];
        String.prototype[name] = function (...args) {
          note(String(this), name, args[0]);
          return whole.apply(this, args);
        };
      }
      const has = Object.prototype.hasOwnProperty;
      Object.prototype.hasOwnProperty = function (key) {
        note(String(key), "keys", this);
        return has.call(this, key);
      };
    })`, this.context);
    spy((statement, name, other) => {
      if (statement === this.asked) this.note(name, other);
    });
  }

  note(name, other) {
    if (name === "keys") Object.keys(other).forEach((key) => this.found.add(key));
    else if (name === "match" || name === "search") this.found.matching(other);
    else this.found.add(String(other));
  }

  // Responses of a helper module contain their statements.
  loaded(exports) {
    for (const [name, whole] of Object.entries(exports)) {
      if (typeof whole !== "function") continue;
      exports[name] = (...args) => {
        const response = whole(...args);
        if (response && typeof response.stmt === "string") this.found.add(response.stmt);
        if (response && response.stmt_regex) this.found.matching(response.stmt_regex);
        return response;
      };
    }
  }

  ask(statement) {
    this.asked = statement;
    return super.ask(statement);
  }
}

class Found {
  constructor() {
    this.statements = new Set();
    this.unmatched = new Set();
  }

  add(text) {
    if (text.length > 0 && text.length < 100_000) this.statements.add(text);
  }

  matching(regex) {
    const text = sample(regex);
    if (text === undefined) this.unmatched.add(String(regex));
    else this.add(text);
  }
}

// The string literals of a trace; those joined by `+` are one.
function literals(text) {
  const string = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;
  const joined = new RegExp(`(?:${string})(?:\\s*\\+\\s*(?:${string}))*`, "g");
  return (text.match(joined) || []).map((source) => vm.runInNewContext(source));
}

function known(question) {
  const found = new Found();
  found.add("what no trace knows");
  literals(fs.readFileSync(question.trace, "utf8")).forEach((text) => found.add(text));
  const asked = new Set();
  // A statement may lead to others.
  for (let round = 0; round < 3 && asked.size < found.statements.size; round++) {
    try {
      const session = new Watched(question, found);
      session.load();
      session.stmts();
      for (const statement of [...found.statements]) {
        asked.add(statement);
        try {
          session.ask(statement);
        } catch {
          // The error is in the verdict.
        }
      }
    } catch {
      break;
    }
  }
  return { statements: [...found.statements], unmatched: [...found.unmatched] };
}

module.exports = { known };
