// The language of `--filter`, for what the page holds already. The proxy has the same grammar in the crate
// `mynah-filter`; tests/page compares both.
//
//   condition  = all *("or" all)
//   all        = one *("and" one)
//   one        = "not" one / "(" condition ")" / comparison
//   comparison = field operator value

/**
 * @typedef {"text" | "texts" | "number" | "size" | "time"} Kind
 * @typedef {Record<string, {kind: Kind, of: (event: any) => any}>} Fields what is asked for, by its name
 * @typedef {(event: any) => boolean} Condition
 */

/** A mistake in a condition. */
export class FilterError extends Error {
  /**
   * @param {number} at where it is, in characters from 0
   * @param {string} expected what is expected there
   * @param {string[]} options what could be written there
   */
  constructor(at, expected, options) {
    super(`column ${at + 1}: ${expected} is expected`);
    this.at = at;
    this.expected = expected;
    this.options = options;
  }
}

const TEXT_OPERATORS = ["!=", "!~", "=", "~"];
const NUMBER_OPERATORS = ["!=", "<=", ">=", "<", ">", "="];
const TIMES = /** @type {Record<string, number>} */ ({ us: 1, ms: 1000, s: 1_000_000 });
const SIZES = /** @type {Record<string, number>} */ ({ "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 });
const MAX_DEPTH = 64;

/**
 * Reads a condition.
 * @param {string} source
 * @param {Fields} fields
 * @returns {Condition}
 */
export function parseFilter(source, fields) {
  const parser = new Parser(source, fields);
  const condition = parser.any(0);
  parser.blanks();
  if (parser.at < parser.chars.length) parser.fail("and, or, or the end", ["and", "or"]);
  return condition;
}

class Parser {
  /** @param {string} source @param {Fields} fields */
  constructor(source, fields) {
    this.chars = Array.from(source);
    this.fields = fields;
    this.at = 0;
  }

  /** @param {string} expected @param {string[]} [options] @returns {never} */
  fail(expected, options = []) {
    throw new FilterError(this.at, expected, options);
  }

  blanks() {
    while (this.at < this.chars.length && /\s/.test(this.chars[this.at])) this.at += 1;
  }

  /** A word that is next, without taking it. */
  word() {
    let end = this.at;
    while (end < this.chars.length && /[A-Za-z_]/.test(this.chars[end])) end += 1;
    return this.chars.slice(this.at, end).join("");
  }

  /** Takes a keyword, if it is next. @param {string} wanted */
  keyword(wanted) {
    const before = this.at;
    this.blanks();
    const word = this.word();
    if (word.toLowerCase() === wanted) {
      this.at += word.length;
      return true;
    }
    this.at = before;
    return false;
  }

  /** @param {number} depth @returns {Condition} */
  any(depth) {
    const parts = [this.all(depth)];
    while (this.keyword("or")) parts.push(this.all(depth));
    return parts.length === 1 ? parts[0] : (event) => parts.some((part) => part(event));
  }

  /** @param {number} depth @returns {Condition} */
  all(depth) {
    const parts = [this.one(depth)];
    while (this.keyword("and")) parts.push(this.one(depth));
    return parts.length === 1 ? parts[0] : (event) => parts.every((part) => part(event));
  }

  /** @param {number} depth @returns {Condition} */
  one(depth) {
    this.blanks();
    if (depth > MAX_DEPTH) this.fail("less that is nested");
    if (this.keyword("not")) {
      const inner = this.one(depth + 1);
      return (event) => !inner(event);
    }
    if (this.chars[this.at] === "(") {
      this.at += 1;
      const inner = this.any(depth + 1);
      this.blanks();
      if (this.chars[this.at] !== ")") this.fail("and, or, or )", ["and", "or", ")"]);
      this.at += 1;
      return inner;
    }
    return this.comparison();
  }

  /** @returns {Condition} */
  comparison() {
    const word = this.word();
    const field = Object.hasOwn(this.fields, word.toLowerCase()) ? this.fields[word.toLowerCase()] : undefined;
    if (!field) {
      const names = Object.keys(this.fields);
      this.fail(`not, (, or one of ${names.join(", ")}`, [...names, "not", "("]);
    }
    this.at += word.length;
    const isText = field.kind === "text" || field.kind === "texts";
    const operator = this.operator(isText ? TEXT_OPERATORS : NUMBER_OPERATORS);
    if (isText) return textCondition(field, operator, this.text());
    return numberCondition(field, operator, this.number(field.kind));
  }

  /** @param {string[]} operators */
  operator(operators) {
    this.blanks();
    const found = operators.find((one) => this.chars.slice(this.at, this.at + one.length).join("") === one);
    const expected = operators === TEXT_OPERATORS ? "=, !=, ~ or !~" : "=, !=, <, <=, > or >=";
    if (!found) this.fail(expected, operators);
    this.at += found.length;
    return found;
  }

  /** A word, or a text in quotes, in which a quote is doubled. */
  text() {
    this.blanks();
    const quote = this.chars[this.at];
    if (quote !== '"' && quote !== "'") {
      const start = this.at;
      while (this.at < this.chars.length && !/[\s()"']/.test(this.chars[this.at])) this.at += 1;
      if (this.at === start) this.fail("a word or a text in quotes", ['""']);
      return this.chars.slice(start, this.at).join("");
    }
    this.at += 1;
    let value = "";
    for (;;) {
      while (this.at < this.chars.length && this.chars[this.at] !== quote) {
        value += this.chars[this.at];
        this.at += 1;
      }
      if (this.at >= this.chars.length) this.fail("a closing quote", [quote]);
      this.at += 1;
      if (this.chars[this.at] !== quote) return value;
      value += quote;
      this.at += 1;
    }
  }

  /** @param {Kind} kind */
  number(kind) {
    this.blanks();
    const expected =
      kind === "time"
        ? "a time like 500us, 10ms or 2s"
        : kind === "size"
          ? "a number, or one with k, m or g"
          : "a number";
    const rest = this.chars.slice(this.at, this.at + 40).join("");
    const found = /^([0-9]+)([A-Za-z]*)/.exec(rest);
    const units = kind === "time" ? TIMES : kind === "size" ? SIZES : { "": 1 };
    const unit = found ? found[2].toLowerCase() : "";
    if (!found || !Object.hasOwn(units, unit)) {
      this.fail(expected, kind === "time" ? ["10ms", "1s"] : ["0"]);
    }
    this.at += found[0].length;
    return Number(found[1]) * units[unit];
  }
}

/**
 * @param {Fields[string]} field
 * @param {string} operator
 * @param {string} wanted
 * @returns {Condition}
 */
function textCondition(field, operator, wanted) {
  const needle = lower(wanted);
  const holds = operator.endsWith("~")
    ? (/** @type {string} */ found) => lower(found).includes(needle)
    : (/** @type {string} */ found) => lower(found) === needle;
  const isNegated = operator.startsWith("!");
  return (event) => {
    const found = field.of(event);
    if (found === undefined) return false;
    if (Array.isArray(found)) return isNegated ? !found.some(holds) : found.some(holds);
    return holds(found) !== isNegated;
  };
}

/**
 * @param {Fields[string]} field
 * @param {string} operator
 * @param {number} wanted
 * @returns {Condition}
 */
function numberCondition(field, operator, wanted) {
  return (event) => {
    const found = field.of(event);
    if (found === undefined) return false;
    switch (operator) {
      case "=":
        return found === wanted;
      case "!=":
        return found !== wanted;
      case "<":
        return found < wanted;
      case "<=":
        return found <= wanted;
      case ">":
        return found > wanted;
      default:
        return found >= wanted;
    }
  };
}

/** Upper and lower case of ASCII letters are the same. @param {string} text */
function lower(text) {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
