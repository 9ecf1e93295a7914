// A text that a regular expression matches.

"use strict";

function sample(regex) {
  const source = regex.source === undefined ? String(regex) : regex.source;
  const text = new Sampler(source).alternatives();
  return new RegExp(source, regex.flags).test(text) ? text : undefined;
}

class Sampler {
  constructor(source) {
    this.source = source;
    this.at = 0;
  }

  peek() {
    return this.source[this.at];
  }

  next() {
    return this.source[this.at++];
  }

  // The first of several that isn't empty.
  alternatives() {
    let text = this.sequence();
    while (this.peek() === "|") {
      this.next();
      text = text || this.sequence();
    }
    return text;
  }

  sequence() {
    let text = "";
    while (this.at < this.source.length && this.peek() !== "|" && this.peek() !== ")") {
      text += this.repeated(this.atom());
    }
    return text;
  }

  atom() {
    const char = this.next();
    switch (char) {
      case "^": case "$": return "";
      case ".": return "x";
      case "\\": return this.escape();
      case "[": return this.set();
      case "(": {
        if (this.peek() === "?") this.at += 2;
        const text = this.alternatives();
        this.next();
        return text;
      }
      default: return char;
    }
  }

  escape() {
    const char = this.next();
    const classes = { d: "1", w: "a", s: " ", S: "x", D: "x", W: " ", n: "\n", t: "\t", b: "" };
    return char in classes ? classes[char] : char;
  }

  set() {
    const start = this.at;
    if (this.peek() === "^") this.next();
    do {
      if (this.next() === "\\") this.next();
    } while (this.peek() !== "]");
    const one = new RegExp(`^[${this.source.slice(start, this.at)}]$`);
    this.next();
    return [..."a0 x_,;'%-"].find((char) => one.test(char)) || "";
  }

  repeated(text) {
    const [all, least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})?\??/.exec(this.source.slice(this.at));
    this.at += all.length;
    return text.repeat(least === undefined ? 1 : Number(least));
  }
}

module.exports = { sample };
