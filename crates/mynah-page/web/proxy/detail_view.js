// All about one statement.

import { h } from "../shared/dom.js";
import { bytes, clock, duration, grouped, text } from "../shared/format.js";
import { appendSql } from "../shared/sql.js";
import { packetElement } from "./packets.js";

/** How many characters of a statement are shown, and how many rows, parameters and packets. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_ROWS = 20;
const MOST_PARAMETERS = 50;
const MOST_PACKETS = 60;

/** The panel beside the table. */
export class DetailView {
  /** @param {import("./session.js").Session} session @param {() => void} onClose */
  constructor(session, onClose) {
    this.session = session;
    this.number = -1;
    /** What is shown of packets and rows, so that it is made anew only when there is more. */
    this.shown = "";
    this.heading = h("h2", { tabindex: "-1" });
    this.body = h("div", {
      class: "detail-body",
      tabindex: "0",
      role: "region",
      "aria-label": "Details of the statement",
    });
    this.captured = h("div");
    const closeButton = h("button", { type: "button", "aria-label": "Close the details", onclick: onClose }, "✕");
    this.element = h(
      "aside",
      { class: "detail", "aria-label": "Statement" },
      h("header", {}, this.heading, closeButton),
      this.body,
    );
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") onClose();
    });
  }

  /** @param {number} number */
  open(number) {
    const event = this.session.statements.get(number);
    if (!event) return;
    this.number = number;
    this.event = event;
    this.shown = "";
    this.element.hidden = false;
    this.heading.textContent = `${event.command} ${event.number} on connection ${event.connection}`;
    this.captured = h("div");
    this.body.replaceChildren(...about(event), this.links(event), this.captured);
    this.body.scrollTop = 0;
    this.update();
    this.heading.focus({ preventScroll: true });
  }

  close() {
    this.number = -1;
    this.element.hidden = true;
  }

  /** @param {any} event */
  links(event) {
    const same = event.digest
      ? h("a", { href: filterLink(`digest = ${event.digest}`) }, "Statements with this digest")
      : null;
    return h(
      "p",
      { class: "links" },
      h("a", { href: `#/connections/${event.connection}` }, "The connection as a diagram"),
      h("a", { href: filterLink(`connection = ${event.connection}`) }, "Statements of this connection"),
      same,
    );
  }

  /** Shows packets and rows, if there are others than before. */
  update() {
    if (this.number < 0 || !this.event) return;
    const { connection, number } = this.event;
    const capture = this.session.captures.get(connection, number);
    const isRecording = this.session.recordsPackets(connection);
    const state = capture
      ? `${capture.packets.length} ${capture.rows.length} ${capture.leftOut}`
      : `none ${isRecording}`;
    if (state === this.shown) return;
    this.shown = state;
    this.captured.replaceChildren(...(capture ? captured(capture, this.event) : [this.offer(isRecording)]));
  }

  /** @param {boolean} isRecording */
  offer(isRecording) {
    const id = this.event.connection;
    if (isRecording)
      return h(
        "p",
        { class: "note" },
        "Its packets passed before they were recorded. Those of the next statements of this connection are.",
      );
    return h(
      "p",
      { class: "note" },
      "Rows and packets weren't recorded. ",
      h(
        "button",
        { type: "button", onclick: () => this.session.follow(id) },
        `Record those of connection ${id} from here on`,
      ),
    );
  }
}

/** A link to the statements that a condition selects. @param {string} condition */
export function filterLink(condition) {
  return `#/statements/filter=${encodeURIComponent(condition)}`;
}

/** @param {any} event @returns {HTMLElement[]} */
function about(event) {
  const sql = h("pre", { class: "sql", tabindex: "0", "aria-label": "The statement" });
  appendSql(sql, text(event.sql), MOST_CHARACTERS);
  const parts = [sql];
  if (event.outcome === "error") {
    const state = event.sql_state ? ` (${event.sql_state})` : "";
    parts.unshift(
      h(
        "p",
        { class: "error-box", role: "note" },
        h("strong", {}, `Error ${event.error}${state}: `),
        text(event.message),
      ),
    );
  } else if (event.outcome !== "ok" && event.outcome !== "not answered") {
    parts.unshift(
      h("p", { class: "error-box", role: "note" }, h("strong", {}, event.outcome), " ", text(event.message)),
    );
  }
  const facts = h("dl", { class: "facts" });
  const fact = (/** @type {string} */ name, /** @type {string} */ value) => {
    if (value) facts.append(h("div", {}, h("dt", {}, name), h("dd", {}, value)));
  };
  fact("Latency", duration(event.latency_us));
  fact("First byte", duration(event.first_byte_us));
  fact("Waited", event.waited_us ? duration(event.waited_us) : "");
  fact("Rows", grouped(event.rows));
  fact("Affected", event.affected_rows ? grouped(event.affected_rows) : "");
  fact("Last insert id", event.last_insert_id ? String(event.last_insert_id) : "");
  fact("Warnings", event.warnings ? String(event.warnings) : "");
  fact("Sent, received", `${bytes(event.sent)}, ${bytes(event.received)}`);
  fact("Time", clock(event.time));
  fact("Client", event.client);
  fact("User", text(event.user));
  fact("Schema", text(event.schema));
  fact("Kind", event.kind ?? "");
  fact("Tables", (event.tables ?? []).join(", "));
  fact("Effects", (event.effects ?? []).join(", "));
  fact("Digest", event.digest ?? "");
  fact("In a transaction", event.in_transaction ? "yes" : "");
  fact("Index", event.no_index_used ? "the server used none" : "");
  parts.push(facts);
  if (event.parameters?.length) parts.push(heading("Parameters"), parameters(event.parameters));
  for (const { name, value } of event.attributes ?? []) fact(`Attribute ${text(name)}`, text(value));
  return parts;
}

/** @param {any[]} values */
function parameters(values) {
  const items = values.slice(0, MOST_PARAMETERS).map((value) => h("li", {}, text(value)));
  const list = h("ol", { class: "parameters" }, ...items);
  if (values.length > MOST_PARAMETERS) list.append(h("li", {}, `… and ${values.length - MOST_PARAMETERS} more`));
  return list;
}

/** @param {import("./captures.js").Capture} capture @param {any} event @returns {HTMLElement[]} */
function captured(capture, event) {
  const parts = [];
  if (capture.columns.length > 0) {
    const rows = capture.rows.slice(0, MOST_ROWS);
    parts.push(heading(`First ${rows.length} of ${grouped(event.rows)} rows`), rowTable(capture.columns, rows));
  }
  parts.push(heading(`${capture.packets.length + capture.leftOut} packets`));
  parts.push(...capture.packets.slice(0, MOST_PACKETS).map(packetElement));
  const more = capture.packets.length + capture.leftOut - MOST_PACKETS;
  if (more > 0) parts.push(h("p", { class: "note" }, `… and ${grouped(more)} more`));
  return parts;
}

/** @param {any[]} columns @param {any[]} rows */
function rowTable(columns, rows) {
  const heads = columns.map((column) => h("th", { scope: "col", title: column.type }, text(column.name)));
  const lines = rows.map((row) => {
    const cells = row.values.map((/** @type {unknown} */ value) =>
      h("td", { class: value === null ? "null" : "" }, text(value)),
    );
    return h("tr", {}, ...cells);
  });
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines));
  return h("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "Rows" }, table);
}

/** @param {string} words */
function heading(words) {
  return h("h3", {}, words);
}
