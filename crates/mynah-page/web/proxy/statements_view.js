// All statements as a table.

import { h, oncePerFrame, setText } from "../shared/dom.js";
import { clock, duration, grouped, text } from "../shared/format.js";
import { appendSql } from "../shared/sql.js";
import { VirtualTable } from "../shared/table.js";
import { DetailView } from "./detail_view.js";
import { download } from "./export.js";
import { FilterBox } from "./filter_box.js";

/** How many characters of a statement a row shows. */
const ROW_CHARACTERS = 300;

/** @typedef {import("./session.js").Session} Session */

/** @type {import("../shared/table.js").Column[]} */
const COLUMNS = [
  { title: "Time", className: "c-time", show: (cell, event) => cell.append(clock(event.time)) },
  { title: "Conn.", className: "c-connection", show: (cell, event) => cell.append(String(event.connection)) },
  { title: "User", className: "c-user", show: (cell, event) => cell.append(text(event.user)) },
  { title: "Command", className: "c-command", show: (cell, event) => cell.append(event.command) },
  { title: "Statement", className: "c-sql", show: showStatement },
  { title: "Latency", className: "c-latency", show: showLatency },
  { title: "Rows", className: "c-rows", show: (cell, event) => cell.append(rows(event)) },
];

/** @param {HTMLElement} cell @param {any} event */
function showStatement(cell, event) {
  if (event.outcome === "error") {
    const message = `${event.error} ${text(event.message)}`;
    cell.append(h("strong", { class: "error", title: message }, `${message} `));
  } else if (event.outcome !== "ok" && event.outcome !== "not answered") {
    cell.append(h("strong", { class: "error" }, `${event.outcome} `));
  }
  appendSql(cell, text(event.sql), ROW_CHARACTERS);
}

/** A bar whose length grows with the logarithm, so that 1 ms and 1 s can both be seen. @param {HTMLElement} cell @param {any} event */
function showLatency(cell, event) {
  const micros = event.latency_us;
  const bar = h("span", { class: micros >= 1_000_000 ? "bar slow" : "bar", "aria-hidden": "true" });
  // From 100 µs to 10 s.
  const share = micros ? Math.min(1, Math.max(0.02, (Math.log10(micros) - 2) / 5)) : 0;
  bar.style.width = `${(share * 100).toFixed(1)}%`;
  cell.append(h("span", { class: "track" }, bar), h("span", { class: "number" }, duration(micros)));
}

/** @param {any} event */
function rows(event) {
  if (event.rows > 0) return grouped(event.rows);
  return event.affected_rows > 0 ? `${grouped(event.affected_rows)} ✎` : "";
}

/** The table, its filter, and the detail of the row that is open. */
export class StatementsView {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.title = "Statements";
    this.isPaused = false;
    /** How many rows are shown while the view is paused. */
    this.pausedCount = 0;
    const { statements } = session;
    this.table = new VirtualTable(
      "Statements",
      COLUMNS,
      (row) => statements.get(statements.numberAt(row)),
      (row) => this.open(row),
    );
    statements.onDrop = (dropped) => {
      this.pausedCount = Math.max(0, this.pausedCount - dropped);
      this.table.shift(dropped);
    };
    this.filter = new FilterBox((condition) => {
      statements.search(condition, () => {
        this.pausedCount = statements.count;
        this.table.forget();
        this.draw();
      });
    });
    this.detail = new DetailView(session, () => this.closeDetail());
    this.pauseButton = h(
      "button",
      { type: "button", "aria-pressed": "false", onclick: () => this.setPaused(!this.isPaused) },
      "Pause",
    );
    this.count = h("span", { class: "count", role: "status" });
    this.latest = h("button", { type: "button", class: "latest", onclick: () => this.toLatest() }, "Latest ↓");
    this.empty = h(
      "div",
      { class: "empty" },
      h("p", {}, "No statements yet."),
      h("p", {}, "Connect a client to the proxy: what it sends appears here."),
    );
    const toolbar = h(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Statements" },
      this.filter.element,
      this.pauseButton,
      h("button", { type: "button", onclick: () => this.clear() }, "Clear"),
      h("button", { type: "button", onclick: () => download(statements) }, "Export"),
      session.packetsSwitch,
      this.count,
    );
    const main = h("div", { class: "list" }, this.table.element, this.empty, this.latest);
    this.split = h("div", { class: "split" }, main, this.detail.element);
    this.element = h("section", { class: "view", "aria-label": "Statements" }, toolbar, this.split);
    this.draw = oncePerFrame(() => this.drawNow());
    this.table.element.addEventListener("scroll", () => this.draw());
  }

  /** @param {string} rest */
  show(rest) {
    if (rest.startsWith("filter=")) this.filter.set(decodeURIComponent(rest.slice("filter=".length)));
    this.draw();
  }

  drawNow() {
    const { statements } = this.session;
    const count = this.isPaused ? Math.min(this.pausedCount, statements.count) : statements.count;
    this.table.setCount(count);
    const all = statements.lines.length;
    const more = statements.count - count;
    const words = all === 1 ? "statement" : "statements";
    const shown = statements.matches ? `${grouped(count)} of ${grouped(all)} ${words}` : `${grouped(count)} ${words}`;
    setText(this.count, this.isPaused && more > 0 ? `${shown}, ${grouped(more)} more since the pause` : shown);
    this.empty.hidden = count > 0;
    const [first, second] = this.empty.children;
    setText(/** @type {HTMLElement} */ (first), all > 0 ? "No statement fulfils the filter." : "No statements yet.");
    /** @type {HTMLElement} */ (second).hidden = all > 0;
    this.latest.hidden = this.table.isFollowing || count === 0;
    this.detail.update();
  }

  /** @param {boolean} isPaused */
  setPaused(isPaused) {
    this.isPaused = isPaused;
    this.pausedCount = this.session.statements.count;
    this.pauseButton.setAttribute("aria-pressed", String(isPaused));
    setText(this.pauseButton, isPaused ? "Resume" : "Pause");
    this.draw();
  }

  clear() {
    this.session.clear();
    this.pausedCount = 0;
    this.table.active = -1;
    this.table.toEnd();
    this.table.forget();
    this.closeDetail();
    this.draw();
  }

  toLatest() {
    this.table.toEnd();
    this.draw();
  }

  /** @param {number} row */
  open(row) {
    this.split.classList.add("has-detail");
    this.detail.open(this.session.statements.numberAt(row));
  }

  closeDetail() {
    this.split.classList.remove("has-detail");
    this.detail.close();
    this.table.element.focus({ preventScroll: true });
  }
}
