// The fields that a filter may ask of a command, as docs/tracing.md has them.

import { text } from "../shared/format.js";

/** @typedef {import("../shared/filter.js").Fields} Fields */

/** @param {any} event */
const tables = (event) => (event.tables ?? []).flatMap((/** @type {string} */ name) => [name, afterDot(name)]);

/** @param {string} name */
function afterDot(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * A list of a command that has a statement.
 * @param {(event: any) => string[] | undefined} list
 */
function ofStatement(list) {
  return (/** @type {any} */ event) => (event.kind === undefined ? undefined : (list(event) ?? []));
}

/** @type {Fields} */
export const FIELDS = {
  command: { kind: "text", of: (event) => event.command },
  sql: { kind: "text", of: (event) => text(event.sql) },
  kind: { kind: "text", of: (event) => event.kind },
  table: { kind: "texts", of: ofStatement(tables) },
  effect: { kind: "texts", of: ofStatement((event) => event.effects) },
  sets: { kind: "texts", of: ofStatement((event) => event.sets) },
  digest: {
    kind: "texts",
    of: (event) => (event.digest === undefined ? undefined : [event.digest, event.digest_text ?? ""]),
  },
  user: { kind: "text", of: (event) => text(event.user) },
  schema: { kind: "text", of: (event) => text(event.schema) },
  client: { kind: "text", of: (event) => event.client },
  state: { kind: "text", of: (event) => event.sql_state ?? "" },
  connection: { kind: "number", of: (event) => event.connection },
  error: { kind: "number", of: (event) => event.error ?? 0 },
  rows: { kind: "number", of: (event) => event.rows },
  affected: { kind: "number", of: (event) => event.affected_rows },
  warnings: { kind: "number", of: (event) => event.warnings },
  sent: { kind: "size", of: (event) => event.sent },
  received: { kind: "size", of: (event) => event.received },
  bytes: { kind: "size", of: (event) => event.sent + event.received },
  latency: { kind: "time", of: (event) => event.latency_us },
  waited: { kind: "time", of: (event) => event.waited_us },
  first_byte: { kind: "time", of: (event) => event.first_byte_us },
};
