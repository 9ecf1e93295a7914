// The rules of the trace format: what an entry becomes on the wire.

"use strict";

class Misfit extends Error {}

const TYPES = {
  DECIMAL: 0, TINY: 1, SHORT: 2, LONG: 3, FLOAT: 4, DOUBLE: 5, NULL: 6, TIMESTAMP: 7, LONGLONG: 8, INT24: 9,
  DATE: 10, TIME: 11, DATETIME: 12, YEAR: 13, BIT: 16, NEWDECIMAL: 246, ENUM: 247, SET: 248, TINYBLOB: 249,
  MEDIUMBLOB: 250, LONGBLOB: 251, BLOB: 252, VAR_STRING: 253, STRING: 254, GEOMETRY: 255,
};

function kind(value) {
  if (value === undefined) return "primitive, undefined";
  if (value === null) return "null, primitive";
  if (Array.isArray(value)) return "array, object";
  switch (typeof value) {
    case "string": return "primitive, string";
    case "number": return "number, primitive";
    case "boolean": return "boolean, primitive";
    case "function": return "callable, function, object";
    default: return "object";
  }
}

function isObject(value) {
  return Object(value) === value;
}

function object(value) {
  if (!isObject(value)) throw new Misfit("expect an object");
  return value;
}

function missing(key) {
  return new Misfit(`Wrong statements document structure: missing field "${key}"`);
}

function unsigned(from, key, bits, absent) {
  const value = from[key];
  if (value === undefined && absent === undefined) throw missing(key);
  if (value === undefined) return absent;
  if (typeof value !== "number") throw new Misfit(`wrong type for field "${key}", expected unsigned number`);
  if (value < 0 || value >= 2 ** bits) throw new Misfit(`value out-of-range for field "${key}"`);
  return Math.trunc(value) || 0;
}

function string(from, key, absent) {
  const value = from[key];
  if (value === undefined && absent === undefined) throw missing(key);
  if (value === undefined) return absent;
  if (typeof value !== "string") throw new Misfit(`wrong type for field "${key}", expected string`);
  return value;
}

function millis(from, wrong) {
  const value = from.exec_time;
  if (value === undefined) return 0;
  if (typeof value !== "number") throw new Misfit(`exec_time must be a number, if set${wrong} ${kind(value)}`);
  if (value < 0) throw new Misfit("exec_time must be a non-negative number");
  return value;
}

function withLength(text) {
  const bytes = Buffer.from(text);
  if (bytes.length > 250) throw new Error("no trace has such a long tracker");
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function tracker(from) {
  const text = (key) => (object(from)[key] === undefined ? "" : String(from[key]));
  const sized = (size) => {
    const state = text("state");
    if (state.length === size) return state;
    throw new Misfit(`session_tracket.state must be size==${size}, is ${state.length}`);
  };
  const change = (code, bytes) => Buffer.concat([Buffer.from([code]), withLength(bytes)]);
  switch (text("type")) {
    case "system_variable":
      return change(0, Buffer.concat([withLength(text("name")), withLength(text("value"))]));
    case "schema": return change(1, withLength(text("schema")));
    case "state": return change(2, sized(1));
    case "gtid": return change(3, Buffer.concat([Buffer.from([0]), withLength(text("gtid"))]));
    case "trx_characteristics": return change(4, withLength(text("trx_stmt")));
    case "trx_state": return change(5, withLength(sized(8)));
    default: throw new Misfit(`unknown session_tracket.type = ${text("type")}`);
  }
}

function completion(from) {
  const list = from.session_trackers === undefined ? [] : from.session_trackers;
  if (!Array.isArray(list)) throw new Misfit("expected .session_tracker to be an array");
  const trackers = Buffer.concat(list.filter(() => true).map(tracker));
  return {
    affected_rows: unsigned(from, "affected_rows", 64, 0),
    last_insert_id: unsigned(from, "last_insert_id", 64, 0),
    status: unsigned(from, "status", 16, 0) | (trackers.length > 0 ? 0x4000 : 0),
    warnings: unsigned(from, "warning_count", 16, 0),
    message: "",
    trackers: trackers.toString("hex"),
  };
}

function failure(from) {
  object(from);
  return {
    code: unsigned(from, "code", 16),
    message: string(from, "message"),
    state: string(from, "sql_state", "HY000"),
  };
}

function column(from) {
  object(from);
  const type = from.type;
  if (type === undefined) throw missing("type");
  const code = type in TYPES ? TYPES[type] : Number(type);
  if (!Number.isInteger(code)) throw new Misfit(`Unknown type: "${type}"`);
  const name = string(from, "name");
  if ("repeat" in from) throw new Misfit("repeat is not supported");
  return {
    catalog: string(from, "catalog", "def"),
    schema: string(from, "schema", ""),
    table: string(from, "table", ""),
    orig_table: string(from, "orig_table", ""),
    name,
    orig_name: string(from, "orig_name", ""),
    character_set: unsigned(from, "character_set", 16, 255),
    length: unsigned(from, "length", 32, 0),
    kind: code,
    flags: unsigned(from, "flags", 16, 0),
    decimals: unsigned(from, "decimals", 8, 0),
  };
}

// Mynah deviates from the original in two points: undefined is NULL, and text is complete.
function cell(value) {
  return value === undefined || value === null ? null : String(value);
}

function result(from) {
  if (!Array.isArray(object(from).columns)) throw new Misfit("expect an object");
  const columns = from.columns.filter(() => true).map(column);
  const rows = from.rows === undefined ? [] : from.rows;
  if (!Array.isArray(rows)) throw new Misfit(`rows: expected array or undefined, get ${kind(rows)}`);
  // `map` and `filter` skip holes.
  return {
    columns,
    rows: rows.filter(() => true).map((row) => row.filter(() => true).map(cell)),
    end: completion(from),
  };
}

function answer(entry) {
  if (!isObject(entry)) throw new Misfit(`expected 'stmts' to return an 'object', got ${kind(entry)}`);
  const exec_time = millis(entry, ", got");
  if (entry.result !== undefined) return { exec_time, result: result(entry.result) };
  if (entry.error !== undefined) return { exec_time, error: failure(entry.error) };
  if (entry.ok === undefined) throw new Misfit("expected 'error', 'ok' or 'result'");
  const ok = completion(object(entry.ok));
  return { exec_time, ok: { ...ok, message: string(entry.ok, "message", "") } };
}

// The greeting and the login.
function handshake(session) {
  const section = session.value.handshake;
  if (section !== undefined && !isObject(section)) {
    throw new Misfit(`handshake must be an object, if set. Is ${kind(section)}`);
  }
  const ask = (is_greeting) => (typeof section === "function" ? section(is_greeting) : section || {});
  const first = ask(true);
  if (first.error !== undefined) return { refused: failure(first.error) };
  const second = ask(false);
  const greeting = first.greeting === undefined ? {} : first.greeting;
  const exec_time = millis(greeting, ". Is");
  const auth = second.auth || {};
  return {
    exec_time,
    server_version: greeting.server_version === undefined ? null : greeting.server_version,
    capabilities: greeting.capabilities === undefined ? null : greeting.capabilities,
    denied: second.error === undefined ? null : failure(second.error),
    username: auth.username === undefined ? null : auth.username,
    password: auth.password === undefined ? null : auth.password,
    certificate: auth.certificate !== undefined,
  };
}

module.exports = { Misfit, answer, handshake, kind };
