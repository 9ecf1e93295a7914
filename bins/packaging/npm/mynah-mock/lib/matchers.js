"use strict";

/** Matches any value, also NULL. */
const any = Object.freeze({ any: true });

/** Matches a text or a number in which this regular expression is found. */
const matches = (pattern) => ({ matches: pattern instanceof RegExp ? pattern.source : pattern });

/** Matches a value from `low` to `high`, both included. */
const between = (low, high) => ({ between: [toJson(low), toJson(high)] });

/** Matches if one of these values or matchers does. */
const oneOf = (...values) => ({ one_of: values.map(toJson) });

/** Matches a value of a kind: "number", "integer", "string", "bytes" or "null". */
const typed = (kind) => ({ type: kind });

/** A value in the form that the mock reads. */
function toJson(value) {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return value.toISOString().replace("T", " ").replace("Z", "");
  if (ArrayBuffer.isView(value)) {
    return { hex: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex") };
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  return value;
}

module.exports = { any, between, matches, oneOf, toJson, typed };
