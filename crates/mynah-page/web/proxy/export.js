// What is shown, as a file.

import { h } from "../shared/dom.js";

/** How many lines are put together before they go into the file. */
const TOGETHER = 1000;

/**
 * Saves the statements that the filter lets through as JSON lines, in the form of the JSON trace.
 * @param {import("./statements_store.js").StatementStore} statements
 */
export function download(statements) {
  /** @type {string[]} */
  const parts = [];
  /** @type {string[]} */
  let lines = [];
  for (const line of statements.rows()) {
    lines.push(line);
    if (lines.length === TOGETHER) {
      parts.push(`${lines.join("\n")}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) parts.push(`${lines.join("\n")}\n`);
  const url = URL.createObjectURL(new Blob(parts, { type: "application/jsonl" }));
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  h("a", { href: url, download: `mynah-${stamp}.jsonl` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
