// The connections as a table, and one of them as a diagram.

import { getJson } from "../shared/api.js";
import { h, oncePerFrame, setText } from "../shared/dom.js";
import { bytes, duration, grouped } from "../shared/format.js";
import { VirtualTable } from "../shared/table.js";
import { filterLink } from "./detail_view.js";
import { SequenceView } from "./sequence_view.js";

/** How often the list is asked for, in milliseconds. */
const REFRESH = 3000;

/** The list of connections. */
export class ConnectionsView {
  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.title = "Connections";
    /** @type {any[]} */
    this.list = [];
    this.diagram = new SequenceView(session);
    this.showClosed = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", onchange: () => this.draw() }));
    this.count = h("span", { class: "count", role: "status" });
    this.table = new VirtualTable(
      "Connections",
      this.columns(),
      (row) => this.list[row],
      (row) => {
        location.hash = `#/connections/${this.list[row].id}`;
      },
    );
    this.table.isFollowing = false;
    const toolbar = h(
      "div",
      { class: "toolbar", role: "group", "aria-label": "Connections" },
      h("label", { class: "switch" }, this.showClosed, "Closed ones, too"),
      this.count,
    );
    this.empty = h("div", { class: "empty" }, h("p", {}, "No connection is open."));
    this.overview = h(
      "div",
      { class: "overview" },
      toolbar,
      h("div", { class: "list" }, this.table.element, this.empty),
    );
    this.element = h(
      "section",
      { class: "view connections", "aria-label": "Connections" },
      this.overview,
      this.diagram.element,
    );
    this.draw = oncePerFrame(() => this.drawNow());
  }

  columns() {
    /** @type {(title: string, className: string, value: (connection: any) => string) => import("../shared/table.js").Column} */
    const plain = (title, className, value) => ({ title, className, show: (cell, one) => cell.append(value(one)) });
    return [
      plain("Id", "c-id", (one) => String(one.id)),
      plain("Client", "c-client", (one) => one.client),
      plain("User", "c-user", (one) => one.user),
      plain("Schema", "c-schema", (one) => one.schema),
      plain("TLS", "c-tls", (one) => one.tls || "none"),
      plain("Upstream", "c-server", (one) => one.server),
      plain("State", "c-state", (one) => one.state),
      plain("Commands", "c-commands", (one) => grouped(one.commands)),
      plain("Bytes seen", "c-bytes", (one) => bytes(one.sent + one.received)),
      plain("Age", "c-age", (one) => one.shownAge),
      {
        title: "",
        className: "c-actions",
        show: (/** @type {HTMLElement} */ cell, /** @type {any} */ one) => cell.append(...this.actions(one)),
      },
    ];
  }

  /** @param {any} one @returns {HTMLElement[]} */
  actions(one) {
    const statements = h("a", { href: filterLink(`connection = ${one.id}`) }, "Statements");
    return one.isOpen ? [statements, closeButton(this.session, one.id)] : [statements];
  }

  /** @param {string} rest */
  show(rest) {
    const id = /^[0-9]+$/.test(rest) ? Number(rest) : 0;
    this.overview.hidden = id !== 0;
    this.diagram.show(id);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.refresh(), REFRESH);
    this.refresh();
    this.draw();
  }

  hide() {
    clearInterval(this.timer);
    this.diagram.show(0);
  }

  async refresh() {
    try {
      this.session.connections.setOpen(await getJson("/connections/"));
      this.draw();
    } catch {
      // The state of the stream says that the proxy can't be reached.
    }
  }

  drawNow() {
    const all = [...this.session.connections.all.values()];
    const shown = all.filter((one) => one.isOpen || this.showClosed.checked);
    // An item that has changed is another object, so that its row is made anew.
    const before = new Map(this.list.map((one) => [one.id, one]));
    this.list = shown.map((one) => {
      const old = before.get(one.id);
      const copy = { ...one, error: one.state.startsWith("refused"), shownAge: age(one) };
      return old && same(old, copy) ? old : copy;
    });
    this.table.setCount(this.list.length);
    this.empty.hidden = this.list.length > 0;
    setText(this.count, `${grouped(all.filter((one) => one.isOpen).length)} open`);
    this.diagram.draw();
  }
}

/** Whether rows of both look the same. @param {any} one @param {any} other */
function same(one, other) {
  const keys = ["user", "schema", "tls", "server", "state", "commands", "sent", "received", "shownAge"];
  return keys.every((key) => one[key] === other[key]);
}

/** How old a connection is, in whole seconds. @param {any} one */
function age(one) {
  if (!one.isOpen && one.age) return duration(one.age);
  const seconds = one.since ? Math.floor((Date.now() - Date.parse(one.since)) / 1000) : -1;
  return seconds < 0 ? "–" : seconds < 60 ? `${seconds} s` : duration(seconds * 1_000_000);
}

/**
 * A button that closes a connection when it is pressed twice.
 * @param {import("./session.js").Session} session
 * @param {number} id
 */
export function closeButton(session, id) {
  const label = `Close connection ${id}`;
  const button = h("button", { type: "button", class: "danger", "aria-label": label }, "Close");
  button.addEventListener("click", async () => {
    if (button.textContent === "Close") {
      button.textContent = "Really close?";
      button.setAttribute("aria-label", `Really ${label.toLowerCase()}`);
      setTimeout(() => {
        button.textContent = "Close";
        button.setAttribute("aria-label", label);
      }, 4000);
      return;
    }
    try {
      await session.closeConnection(id);
      button.textContent = "Closing";
    } catch (error) {
      button.textContent = String(error);
    }
  });
  return button;
}
